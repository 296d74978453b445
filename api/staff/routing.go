package staff

import (
	"context"
	"io"
	"net/http"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/complaints"
	"gongdi/service/fault"
)

func (h *handlers) routing(a *api.API) {
	const tag = "诉求"
	api.Handle(a, get("/departments", tag, "who handles cases, with each one's contact", model.ReadDepartments), h.listDepartments)
	api.Handle(a, done(route(http.MethodPut, "/departments/{code}", tag, "name a department anew from today on, or add one", model.SetRouting)), h.setDepartment)
	api.Handle(a, done(route(http.MethodPut, "/complaint-categories/{code}", tag, "who handles a category and its terms, from today on", model.SetRouting)), h.setCategory)
	api.Handle(a, done(route(http.MethodPut, "/emergency-numbers", tag, "whom to call in a danger, such as the gas company", model.SetRouting)), h.setNumber)
	api.Handle(a, get("/complaint-statistics", tag, "figures over the same selection as the lists", model.ReadCaseFigures), h.caseFigures)
	api.Handle(a, get("/complaint-statistics.xlsx", tag, "the same as a workbook", model.ReadCaseFigures), h.caseFiguresSheet)
	mediate := done(h.onComplaint(post("/complaints/{id}/mediations", tag, "note a mediation", model.MediateCases)))
	mediate.Status = http.StatusCreated
	api.Handle(a, mediate, h.mediate)
	api.Handle(a, h.onComplaint(get("/complaints/{id}/mediations", tag, "the mediations of a case", model.MediateCases)), h.listMediations)
	api.Handle(a, done(h.onMediation(post("/complaints/{id}/mediations/{mediation_id}/follow-up", tag, "whether the agreement is kept", model.MediateCases))), h.followUp)
	api.Handle(a, h.onMediation(get("/complaints/{id}/mediations/{mediation_id}/agreement.pdf", tag, "the agreement, to be signed", model.MediateCases)), h.printAgreement)
}

func done(r api.Route) api.Route {
	r.Status = http.StatusNoContent
	return r
}

// mediated is a mediation with its case.
type mediated struct {
	c *model.Complaint
	m complaints.Session
}

// onMediation puts a route under a mediation of a case that the caller may see.
func (h *handlers) onMediation(r api.Route) api.Route {
	r.Thing = func(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
		c, err := h.Complaints.Of(ctx, caller, param("id"))
		if err != nil {
			return nil, err
		}
		m, err := h.Complaints.SessionOf(ctx, c.ID, param("mediation_id"))
		return mediated{c, m}, err
	}
	return r
}

type departmentBody struct {
	Code    string `json:"code"`
	Name    string `json:"name"`
	Clause  string `json:"clause"`
	Row     int    `json:"duty_row" doc:"of the policy's 17; 0 for one that the street added"`
	From    string `json:"valid_from" format:"date"`
	Contact string `json:"contact_name,omitempty"`
	Phone   string `json:"contact_phone,omitempty"`
}

func (h *handlers) listDepartments(ctx context.Context, _ *struct{}) (*api.Body[api.List[departmentBody]], error) {
	rows, err := h.Complaints.Contacts(ctx)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.AllOf(rows, func(d complaints.KnownDepartment) departmentBody {
		return departmentBody{Code: d.Code, Name: d.Name, Clause: d.Clause, Row: d.DutyRow, From: string(d.ValidFrom), Contact: d.Contact, Phone: d.Phone}
	})), nil
}

func (h *handlers) setDepartment(ctx context.Context, in *struct {
	Code string `path:"code" pattern:"^[a-z][a-z0-9_]{1,31}$"`
	Body struct {
		Name    string `json:"name" minLength:"1" maxLength:"100"`
		Clause  string `json:"clause,omitempty" maxLength:"2000"`
		Contact string `json:"contact_name,omitempty" maxLength:"50"`
		Phone   string `json:"contact_phone,omitempty" maxLength:"40"`
	}
}) (*api.Nothing, error) {
	b := in.Body
	return nil, h.Complaints.SetDepartment(ctx, api.Caller(ctx), complaints.DepartmentChange{Code: in.Code, Name: b.Name, Clause: b.Clause, Contact: b.Contact, Phone: b.Phone})
}

func (h *handlers) setCategory(ctx context.Context, in *struct {
	Code string `path:"code" maxLength:"40"`
	Body struct {
		Label         string   `json:"label,omitempty" maxLength:"100"`
		Department    string   `json:"department,omitempty" maxLength:"32"`
		Co            []string `json:"co,omitempty" maxItems:"5"`
		ResolveDays   *int     `json:"resolve_working_days,omitempty" minimum:"1" maximum:"90"`
		ComplexDays   *int     `json:"complex_working_days,omitempty" minimum:"1" maximum:"90"`
		ExtensionDays *int     `json:"extension_working_days,omitempty" minimum:"1" maximum:"30"`
		Closes        *int     `json:"closes_minutes,omitempty" minimum:"0" maximum:"1439" doc:"after midnight; what comes later counts from the next working day; 0 for never"`
	}
}) (*api.Nothing, error) {
	b := in.Body
	return nil, h.Complaints.SetCategory(ctx, api.Caller(ctx), complaints.CategoryChange{
		Code: in.Code, Label: b.Label, Department: b.Department, Co: b.Co, ResolveDays: b.ResolveDays, ComplexDays: b.ComplexDays, ExtensionDays: b.ExtensionDays, Closes: b.Closes,
	})
}

func (h *handlers) setNumber(ctx context.Context, in *struct {
	Body struct {
		Danger string `json:"danger" enum:"gas,electric,falling,lift,fire"`
		Label  string `json:"label" minLength:"1" maxLength:"100" doc:"燃气抢修, say"`
		Number string `json:"number" pattern:"^[0-9-]{3,20}$"`
	}
}) (*api.Nothing, error) {
	return nil, h.Complaints.SetNumber(ctx, api.Caller(ctx), model.EmergencyNumber{Danger: model.Danger(in.Body.Danger), Label: in.Body.Label, Number: in.Body.Number})
}

type caseFiguresBody struct {
	Code      string `json:"code"`
	Label     string `json:"label"`
	Received  int64  `json:"received"`
	InTime    int64  `json:"in_time"`
	Late      int64  `json:"late"`
	Open      int64  `json:"open"`
	Returned  int64  `json:"returned"`
	Reopened  int64  `json:"reopened"`
	Satisfied int64  `json:"satisfied" doc:"four stars or more"`
	Rated     int64  `json:"satisfaction_base" doc:"silence is in neither"`
	Answered  int64  `json:"answered"`
	Called    int64  `json:"called_back"`
	Settled   int64  `json:"to_call_back" doc:"answered, and not taken up again: called back or to be"`
	Median    int64  `json:"median_days"`
	Ninetieth int64  `json:"p90_days"`
}

type caseFiguresList struct {
	Items []caseFiguresBody `json:"items"`
	Total int               `json:"total"`
	Whole caseFiguresBody   `json:"whole"`
}

func caseFiguresOf(f complaints.Figures) caseFiguresBody {
	return caseFiguresBody{
		Code: f.Part, Label: f.Label, Received: f.Received, InTime: f.InTime, Late: f.Late, Open: f.Open, Returned: f.Returned, Reopened: f.Reopened,
		Satisfied: f.Satisfied, Rated: f.Rated, Answered: f.Answered, Called: f.CalledBack, Settled: f.Settled, Median: f.MedianDays, Ninetieth: f.NinetiethDays,
	}
}

// FiguresQuery is which figures are asked for.
type FiguresQuery struct {
	CaseFilter
	By string `query:"by" enum:"category,department,estate,month,community" default:"category"`
}

func (h *handlers) caseFigures(ctx context.Context, in *FiguresQuery) (*api.Body[caseFiguresList], error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	rows, err := h.Complaints.Figures(ctx, api.Caller(ctx), f, complaints.By(in.By))
	if err != nil {
		return nil, err
	}
	last := len(rows) - 1
	body := caseFiguresList{Items: make([]caseFiguresBody, 0, last), Total: last, Whole: caseFiguresOf(rows[last])}
	for _, r := range rows[:last] {
		body.Items = append(body.Items, caseFiguresOf(r))
	}
	return api.Answer(body), nil
}

func (h *handlers) caseFiguresSheet(ctx context.Context, in *FiguresQuery) (*api.File, error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	const workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	return api.Save(workbook, "complaints-by-"+in.By+".xlsx", func(w io.Writer) error {
		return h.Complaints.FiguresSheet(ctx, api.Caller(ctx), f, complaints.By(in.By), w)
	})
}

func (h *handlers) mediate(ctx context.Context, in *struct {
	CasePath
	Body struct {
		HeldOn    string   `json:"held_on" format:"date"`
		Place     string   `json:"place" minLength:"1" maxLength:"100"`
		Present   []string `json:"present" minItems:"1" maxItems:"20" doc:"who came, and as what"`
		Outcome   string   `json:"outcome" enum:"agreed,adjourned,failed"`
		Facts     string   `json:"facts" minLength:"1" maxLength:"2000"`
		Agreement string   `json:"agreement,omitempty" maxLength:"2000"`
		DueOn     string   `json:"due_on,omitempty" maxLength:"10"`
	}
}) (*api.Nothing, error) {
	b := in.Body
	held, err := quantity.ParseDate(b.HeldOn)
	if err != nil {
		return nil, fault.ErrInvalid.At("body.held_on", "应为日期，如 2026-09-18")
	}
	var due quantity.Date
	if b.DueOn != "" {
		if due, err = quantity.ParseDate(b.DueOn); err != nil {
			return nil, fault.ErrInvalid.At("body.due_on", "应为日期，如 2026-09-18")
		}
	}
	for _, name := range b.Present {
		if len([]rune(name)) > 50 {
			return nil, fault.ErrInvalid.At("body.present", "每人最多 50 个字")
		}
	}
	return nil, h.Complaints.Mediate(ctx, api.Caller(ctx), in.ID, complaints.Session{
		Mediation: model.Mediation{HeldOn: held, Place: b.Place, Outcome: model.MediationOutcome(b.Outcome), DueOn: due}, Came: b.Present, Said: b.Facts, Agreed: b.Agreement,
	})
}

type mediationBody struct {
	ID         string     `json:"id"`
	Number     int        `json:"number"`
	HeldOn     string     `json:"held_on" format:"date"`
	Place      string     `json:"place"`
	Present    []string   `json:"present"`
	Outcome    string     `json:"outcome" enum:"agreed,adjourned,failed"`
	Facts      string     `json:"facts"`
	Agreement  string     `json:"agreement,omitempty"`
	DueOn      string     `json:"due_on,omitempty"`
	Kept       *bool      `json:"kept,omitempty"`
	FollowUp   string     `json:"follow_up,omitempty"`
	FollowedAt *time.Time `json:"followed_at,omitempty"`
}

func (h *handlers) listMediations(ctx context.Context, in *CasePath) (*api.Body[api.List[mediationBody]], error) {
	rows, err := h.Complaints.Sessions(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.AllOf(rows, func(m complaints.Session) mediationBody {
		body := mediationBody{
			ID: m.ID, Number: m.Number, HeldOn: string(m.HeldOn), Place: m.Place, Present: m.Came, Outcome: string(m.Outcome), Facts: m.Said, Agreement: m.Agreed,
			DueOn: string(m.DueOn), FollowUp: m.Followed, FollowedAt: api.TimeOf(m.FollowedAt),
		}
		if m.FollowedAt != nil {
			body.Kept = &m.Kept
		}
		return body
	})), nil
}

func (h *handlers) followUp(ctx context.Context, in *struct {
	CasePath
	MediationID string `path:"mediation_id"`
	Body        struct {
		Kept bool   `json:"kept"`
		Text string `json:"text" minLength:"1" maxLength:"2000"`
	}
}) (*api.Nothing, error) {
	found := api.Found[mediated](ctx)
	return nil, h.Complaints.FollowUp(ctx, api.Caller(ctx), found.c, found.m, in.Body.Kept, in.Body.Text)
}

func (h *handlers) printAgreement(ctx context.Context, in *struct {
	CasePath
	MediationID string `path:"mediation_id"`
}) (*api.File, error) {
	found := api.Found[mediated](ctx)
	return api.Save("application/pdf", "mediation-"+in.MediationID+".pdf", func(w io.Writer) error {
		return h.Complaints.Agreement(ctx, api.Caller(ctx), found.c, found.m, w)
	})
}
