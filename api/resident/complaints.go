package resident

import (
	"context"
	"net/http"

	"gongdi/api"
	"gongdi/model"
	"gongdi/model/rule/complaint"
	"gongdi/service/complaints"
)

func (h *handlers) complaints(a *api.API) {
	const tag = "诉求"
	mine := func(r api.Route) api.Route {
		r.Thing = api.Named(h.Complaints.Mine)
		return r
	}
	api.Handle(a, get("/complaint-categories", tag, "what can be reported, who handles it and why"), h.listCategories)
	api.Handle(a, route(http.MethodPost, "/complaint-suggestions", tag, "the category that words speak for, and whom to call at once"), h.suggestCategory)
	file := route(http.MethodPost, "/complaints", tag, "report something")
	file.Status = http.StatusCreated
	api.Handle(a, file, h.fileComplaint)
	api.Handle(a, get("/complaints", tag, "one's own cases"), h.listComplaints)
	api.Handle(a, get("/estates/{id}/like-complaints", tag, "like cases nearby, without a word that anybody wrote"), h.likeComplaints)
	api.Handle(a, mine(get("/complaints/{id}", tag, "one's own case with its public steps")), h.showComplaint)
	api.Handle(a, mine(get("/complaints/{id}/files/{file_id}", tag, "a picture, or the voice note")), h.complaintFile)
	ready := func(r api.Route, step complaint.Step) api.Route {
		r.Thing = func(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
			return h.Complaints.Ready(ctx, caller, param("id"), step)
		}
		return r
	}
	api.Handle(a, ready(route(http.MethodPost, "/complaints/{id}/rating", tag, "stars, whether it is resolved, and a word"), complaint.Rate), h.rateComplaint)
	api.Handle(a, ready(route(http.MethodPost, "/complaints/{id}/reopen", tag, "have it taken up again, within 15 days, at most twice"), complaint.Reopen), h.reopenComplaint)
	join := route(http.MethodPost, "/complaints/{id}/me-too", tag, "one has met the same, and is told of the answer")
	join.Thing = func(ctx context.Context, _ model.Caller, param func(string) string) (any, error) {
		return nil, h.Complaints.HasNear(ctx, param("id"))
	}
	api.Handle(a, join, h.meToo)
}

func (h *handlers) listCategories(ctx context.Context, _ *struct{}) (*api.Body[api.List[api.CategoryBody]], error) {
	rows, err := h.Complaints.Categories(ctx)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.AllOf(rows, api.Category)), nil
}

type suggestedCategory struct {
	Category   string             `json:"category"`
	Label      string             `json:"label"`
	Department api.DepartmentBody `json:"department"`
	Clause     string             `json:"clause"`
	Reason     string             `json:"reason" doc:"the word that speaks for it"`
}

type suggestedBody struct {
	Items   []suggestedCategory `json:"items"`
	Total   int                 `json:"total"`
	Danger  string              `json:"danger,omitempty"`
	Numbers []api.NumberBody    `json:"emergency_numbers"`
}

func (h *handlers) suggestCategory(ctx context.Context, in *struct {
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"2000"`
	}
}) (*api.Body[suggestedBody], error) {
	found, numbers, err := h.Complaints.Suggest(ctx, in.Body.Text)
	if err != nil {
		return nil, err
	}
	body := suggestedBody{Items: []suggestedCategory{}, Total: len(found), Numbers: api.Numbers(numbers)}
	for i, s := range found {
		if i == 0 {
			body.Danger = string(s.Danger)
		}
		body.Items = append(body.Items, suggestedCategory{
			Category: s.Category.Code, Label: s.Category.Label, Department: api.DepartmentBody{Code: s.Department.Code, Name: s.Department.Name},
			Clause: s.Clause, Reason: "您的描述中提到“" + s.Word + "”",
		})
	}
	return api.Answer(body), nil
}

func (h *handlers) fileComplaint(ctx context.Context, in *struct {
	Body struct {
		Text     string   `json:"text" minLength:"1" maxLength:"2000"`
		Kind     string   `json:"kind,omitempty" enum:"complaint,help,consultation,suggestion" default:"complaint"`
		Category string   `json:"category,omitempty" maxLength:"40" doc:"found from the words when left out"`
		EstateID string   `json:"estate_id,omitempty" maxLength:"64"`
		Place    string   `json:"place,omitempty" maxLength:"200"`
		Files    []string `json:"file_ids,omitempty" maxItems:"9" doc:"pictures"`
		Voice    string   `json:"voice_id,omitempty" maxLength:"64" doc:"a voice note, kept beside the words"`
		Contact  string   `json:"contact,omitempty" enum:"phone,none" default:"none" doc:"none: departments do not learn who reported it"`
		Danger   string   `json:"danger,omitempty" enum:"gas,electric,falling,lift,fire"`
	}
}) (*api.Body[api.FiledBody], error) {
	b := in.Body
	filed, err := h.Complaints.File(ctx, api.Caller(ctx), complaints.Filing{
		Kind: model.CaseKind(b.Kind), Channel: model.ByMiniProgram, Words: b.Text, Category: b.Category, EstateID: b.EstateID, Place: b.Place,
		Files: b.Files, Voice: b.Voice, Danger: model.Danger(b.Danger), SharePhone: b.Contact == "phone",
	})
	if err != nil {
		return nil, err
	}
	return api.Answer(api.FiledCase(filed, h.Complaints.Now())), nil
}

func (h *handlers) listComplaints(ctx context.Context, in *struct{ api.Page }) (*api.Body[api.List[api.CaseBody]], error) {
	rows, total, err := h.Complaints.ListMine(ctx, api.Caller(ctx), in.Offset(), in.PageSize)
	if err != nil {
		return nil, err
	}
	now := h.Complaints.Now()
	return api.Answer(api.ListOf(rows, total, func(l complaints.Listed) api.CaseBody { return api.Case(&l.Complaint, l.Estate, now) })), nil
}

type likeBody struct {
	ID       string `json:"id"`
	Number   string `json:"number"`
	Category string `json:"category"`
	Building string `json:"building,omitempty"`
	Status   string `json:"status"`
	Joined   int64  `json:"me_too"`
}

func (h *handlers) likeComplaints(ctx context.Context, in *struct {
	ID       string `path:"id"`
	Category string `query:"category" maxLength:"40"`
	Building string `query:"building" maxLength:"64"`
}) (*api.Body[api.List[likeBody]], error) {
	rows, err := h.Complaints.Nearby(ctx, in.ID, in.Category, in.Building)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.AllOf(rows, func(n complaints.Near) likeBody {
		return likeBody{ID: n.ID, Number: n.Number, Category: n.CategoryCode, Building: n.Building, Status: string(n.Status), Joined: n.Joined}
	})), nil
}

// ComplaintPath names a case.
type ComplaintPath struct {
	ID string `path:"id"`
}

func (h *handlers) showComplaint(ctx context.Context, _ *ComplaintPath) (*api.Body[api.OpenedCase], error) {
	return h.opened(ctx, api.Found[*model.Complaint](ctx))
}

func (h *handlers) opened(ctx context.Context, c *model.Complaint) (*api.Body[api.OpenedCase], error) {
	o, err := h.Complaints.Open(ctx, api.Caller(ctx), c)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.Opened(o, h.Complaints.Now())), nil
}

func (h *handlers) complaintFile(ctx context.Context, in *api.CasePaper) (*api.File, error) {
	return in.Show(ctx, h.Complaints, h.Files)
}

func (h *handlers) rateComplaint(ctx context.Context, in *struct {
	ComplaintPath
	Body struct {
		Stars    int    `json:"stars" minimum:"1" maximum:"5"`
		Resolved bool   `json:"resolved"`
		Words    string `json:"words,omitempty" maxLength:"500"`
	}
}) (*api.Body[api.OpenedCase], error) {
	b := in.Body
	c, err := h.Complaints.Do(ctx, api.Caller(ctx), in.ID, complaints.Act{Step: complaint.Rate, Stars: b.Stars, Resolved: b.Resolved, Words: b.Words})
	if err != nil {
		return nil, err
	}
	return h.opened(ctx, c)
}

func (h *handlers) reopenComplaint(ctx context.Context, in *struct {
	ComplaintPath
	Body struct {
		Reason string   `json:"reason" minLength:"1" maxLength:"2000"`
		Files  []string `json:"file_ids,omitempty" maxItems:"9"`
	}
}) (*api.Body[api.OpenedCase], error) {
	c, err := h.Complaints.Do(ctx, api.Caller(ctx), in.ID, complaints.Act{Step: complaint.Reopen, Words: in.Body.Reason, Files: in.Body.Files})
	if err != nil {
		return nil, err
	}
	return h.opened(ctx, c)
}

type joinedBody struct {
	Joined int64 `json:"me_too"`
}

func (h *handlers) meToo(ctx context.Context, in *ComplaintPath) (*api.Body[joinedBody], error) {
	n, err := h.Complaints.MeToo(ctx, api.Caller(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return api.Answer(joinedBody{n}), nil
}
