package staff

import (
	"context"
	"net/http"

	"gongdi/api"
	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/complaint"
	"gongdi/service/complaints"
	"gongdi/service/fault"
)

func (h *handlers) complaints(a *api.API) {
	const tag = "诉求"
	file := post("/complaints", tag, "report for somebody who calls or walks in", model.FileComplaints)
	file.Status = http.StatusCreated
	api.Handle(a, file, h.fileComplaint)
	api.Handle(a, get("/complaints", tag, "work lists and search", model.ReadComplaints), h.listComplaints)
	api.Handle(a, get("/complaint-alerts", tag, "what is due, overdue, gone up to the street and the joint meeting", model.ReadComplaints), h.listAlerts)
	api.Handle(a, h.onComplaint(get("/complaints/{id}", tag, "a case with its steps", model.ReadComplaints)), h.showComplaint)
	api.Handle(a, h.onComplaint(get("/complaints/{id}/files/{file_id}", tag, "a picture, or the voice note", model.ReadComplaints)), h.complaintFile)
	api.Handle(a, h.onComplaint(post("/complaints/{id}/reveal", tag, "the words and the contact in full, for a purpose that is logged", model.RevealCase)), h.revealCase)
}

// onComplaint puts a route under a case that the caller may see.
func (h *handlers) onComplaint(r api.Route) api.Route {
	r.Thing = api.Named(h.Complaints.Of)
	return r
}

// CasePath names a case.
type CasePath struct {
	ID string `path:"id"`
}

type openedCase struct {
	api.OpenedCase
	Channel    string   `json:"channel" enum:"mini_program,call,walk_in,hotline_12345"`
	Anonymous  bool     `json:"anonymous"`
	Contact    string   `json:"contact_masked,omitempty"`
	Phone      string   `json:"phone_masked,omitempty"`
	CallBack   string   `json:"call_back,omitempty"`
	Returns    int      `json:"returns"`
	Final      bool     `json:"final" doc:"designated by the street for good"`
	Ticket     string   `json:"ticket_12345,omitempty"`
	Allowed    []string `json:"allowed" doc:"the steps that the state allows"`
	AcceptDue  string   `json:"accept_due_at"`
	FirstDue   string   `json:"first_due_at" doc:"as first reckoned"`
	ContactDue string   `json:"contact_due_at,omitempty"`
	ReturnDue  string   `json:"return_due_at,omitempty"`
}

func (h *handlers) openedCase(ctx context.Context, c *model.Complaint) (*api.Body[openedCase], error) {
	o, err := h.Complaints.Open(ctx, api.Caller(ctx), c)
	if err != nil {
		return nil, err
	}
	const form = "2006-01-02T15:04:05Z07:00"
	body := openedCase{
		OpenedCase: api.Opened(o, h.Complaints.Now()), Channel: string(c.Channel), Anonymous: c.Anonymous, Contact: o.Contact, Phone: o.Phone, CallBack: string(c.CallBack),
		Returns: c.Returns, Final: c.Final, Ticket: c.Ticket, Allowed: api.StepNames(o.Allowed),
		AcceptDue: api.Time(c.AcceptDueAt).Format(form), FirstDue: api.Time(c.FirstDueAt).Format(form),
	}
	if c.ContactDueAt != nil {
		body.ContactDue = api.Time(*c.ContactDueAt).Format(form)
	}
	if c.ReturnDueAt != nil {
		body.ReturnDue = api.Time(*c.ReturnDueAt).Format(form)
	}
	return api.Answer(body), nil
}

func (h *handlers) showComplaint(ctx context.Context, _ *CasePath) (*api.Body[openedCase], error) {
	return h.openedCase(ctx, api.Found[*model.Complaint](ctx))
}

func (h *handlers) fileComplaint(ctx context.Context, in *struct {
	Body struct {
		Text      string   `json:"text" minLength:"1" maxLength:"2000"`
		Kind      string   `json:"kind,omitempty" enum:"complaint,help,consultation,suggestion" default:"complaint"`
		Channel   string   `json:"channel,omitempty" enum:"call,walk_in" default:"call"`
		Category  string   `json:"category,omitempty" maxLength:"40"`
		EstateID  string   `json:"estate_id,omitempty" maxLength:"64"`
		Place     string   `json:"place,omitempty" maxLength:"200"`
		Name      string   `json:"name,omitempty" maxLength:"50"`
		Phone     string   `json:"phone,omitempty" maxLength:"40"`
		Anonymous bool     `json:"anonymous,omitempty" doc:"to departments"`
		Files     []string `json:"file_ids,omitempty" maxItems:"9"`
		Voice     string   `json:"voice_id,omitempty" maxLength:"64"`
		Danger    string   `json:"danger,omitempty" enum:"gas,electric,falling,lift,fire"`
	}
}) (*api.Body[api.FiledBody], error) {
	b := in.Body
	filed, err := h.Complaints.File(ctx, api.Caller(ctx), complaints.Filing{
		Kind: model.CaseKind(b.Kind), Channel: model.CaseChannel(b.Channel), Words: b.Text, Category: b.Category, EstateID: b.EstateID, Place: b.Place,
		Files: b.Files, Voice: b.Voice, Danger: model.Danger(b.Danger), Name: b.Name, Phone: b.Phone, Anonymous: b.Anonymous,
	})
	if err != nil {
		return nil, err
	}
	return api.Answer(api.FiledCase(filed, h.Complaints.Now())), nil
}

// CaseFilter is how lists and statistics are narrowed.
type CaseFilter struct {
	Status     string `query:"status" enum:"submitted,accepted,refused,assigned,returned,taken,in_progress,extension_asked,answered,not_rated,rated,called_back,archived,reopened,merged"`
	Department string `query:"department" maxLength:"32"`
	Category   string `query:"category" maxLength:"40"`
	EstateID   string `query:"estate_id" maxLength:"64"`
	Kind       string `query:"kind" enum:"complaint,help,consultation,suggestion"`
	Overdue    string `query:"overdue" enum:"true,false"`
	Work       string `query:"list" enum:"mine,due_today,overdue,returned,reopened,joint_meeting"`
	Query      string `query:"q" maxLength:"64" doc:"a number, a ticket of the 12345 centre, a block, or a part of an estate's or department's name"`
	From       string `query:"from" maxLength:"10" doc:"filed from this day on"`
	Until      string `query:"until" maxLength:"10" doc:"filed until this day"`
}

func (f CaseFilter) filter() (complaints.Filter, error) {
	out := complaints.Filter{
		Status: complaint.State(f.Status), Department: f.Department, Category: f.Category, EstateID: f.EstateID, Kind: model.CaseKind(f.Kind),
		Work: complaints.Work(f.Work), Query: f.Query,
	}
	if f.Overdue != "" {
		overdue := f.Overdue == "true"
		out.Overdue = &overdue
	}
	for _, d := range []struct {
		name, text string
		into       *quantity.Date
	}{{"from", f.From, &out.From}, {"until", f.Until, &out.Until}} {
		if d.text == "" {
			continue
		}
		parsed, err := quantity.ParseDate(d.text)
		if err != nil || parsed < "1970-01-01" || parsed > "9998-12-31" {
			return out, fault.ErrInvalid.At("query."+d.name, "应为日期，如 2026-09-18")
		}
		*d.into = parsed
	}
	return out, nil
}

func (h *handlers) listComplaints(ctx context.Context, in *struct {
	api.Page
	CaseFilter
}) (*api.Body[api.List[api.CaseBody]], error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	f.Offset, f.Limit = in.Offset(), in.PageSize
	rows, total, err := h.Complaints.List(ctx, api.Caller(ctx), f)
	if err != nil {
		return nil, err
	}
	now := h.Complaints.Now()
	return api.Answer(api.ListOf(rows, total, func(l complaints.Listed) api.CaseBody { return api.Case(&l.Complaint, l.Estate, now) })), nil
}

type alertBody struct {
	ComplaintID string `json:"complaint_id"`
	Number      string `json:"number"`
	Kind        string `json:"kind" enum:"due_soon,overdue,street,joint_meeting"`
	Department  string `json:"department"`
	Status      string `json:"status"`
	DueAt       string `json:"due_at"`
	At          string `json:"at"`
}

func (h *handlers) listAlerts(ctx context.Context, in *struct {
	api.Page
	Kind string `query:"kind" enum:"due_soon,overdue,street,joint_meeting"`
}) (*api.Body[api.List[alertBody]], error) {
	rows, total, err := h.Complaints.Alerts(ctx, api.Caller(ctx), model.AlertKind(in.Kind), in.Offset(), in.PageSize)
	if err != nil {
		return nil, err
	}
	const form = "2006-01-02T15:04:05Z07:00"
	return api.Answer(api.ListOf(rows, total, func(r complaints.Alerted) alertBody {
		return alertBody{
			ComplaintID: r.ComplaintID, Number: r.Number, Kind: string(r.Kind), Department: r.DepartmentName, Status: string(r.Status),
			DueAt: api.Time(r.DueAt).Format(form), At: api.Time(r.At).Format(form),
		}
	})), nil
}

func (h *handlers) complaintFile(ctx context.Context, in *api.CasePaper) (*api.File, error) {
	return in.Show(ctx, h.Complaints, h.Files)
}

type revealedCase struct {
	Text  string `json:"text"`
	Place string `json:"place"`
	Name  string `json:"name"`
	Phone string `json:"phone"`
}

func (h *handlers) revealCase(ctx context.Context, in *reasonBody) (*api.Body[revealedCase], error) {
	r, err := h.Complaints.Reveal(ctx, api.Caller(ctx), api.Found[*model.Complaint](ctx), in.Body.Reason)
	return api.Answer(revealedCase{r.Said, r.Where, r.Contact, r.Phone}), err
}
