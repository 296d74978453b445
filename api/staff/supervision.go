package staff

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/assessment"
	"gongdi/service/fault"
)

func (h *handlers) supervision(a *api.API) {
	const tag = "督查和联席会议"
	visit := post("/supervision-visits", tag, "what was found on the spot, and by when it is to be mended", model.ConductAssessments)
	visit.Status = http.StatusCreated
	api.Handle(a, visit, h.noteVisit)
	api.Handle(a, get("/supervision-visits", tag, "visits, the latest first; a unit reads its own", model.ReadAssessments), h.listVisits)
	onVisit := func(r api.Route) api.Route {
		r.Thing = api.Named(h.Assessment.VisitOf)
		return r
	}
	api.Handle(a, onVisit(get("/supervision-visits/{id}/files/{file_id}", tag, "a picture of a visit", model.ReadAssessments)), h.visitPicture)
	mend := onVisit(post("/supervision-visits/{id}/done", tag, "what was found is mended", model.FollowDecisions))
	mend.Status = http.StatusNoContent
	api.Handle(a, mend, h.mendFault)

	meet := post("/joint-meetings", tag, "a joint meeting, with what it decided", model.ConductAssessments)
	meet.Status = http.StatusCreated
	api.Handle(a, meet, h.noteJointMeeting)
	api.Handle(a, get("/joint-meetings", tag, "joint meetings, the latest first", model.ConductAssessments), h.listJointMeetings)
	onMeeting := func(r api.Route) api.Route {
		r.Thing = api.Named(h.Assessment.MeetingOf)
		return r
	}
	api.Handle(a, onMeeting(get("/joint-meetings/{id}", tag, "a joint meeting with its decisions", model.ConductAssessments)), h.showJointMeeting)
	decide := onMeeting(post("/joint-meetings/{id}/decisions", tag, "one decision more", model.ConductAssessments))
	decide.Status = http.StatusNoContent
	api.Handle(a, decide, h.addDecision)
	api.Handle(a, get("/joint-decisions", tag, "what was decided, by its day; a unit reads its own", model.ReadAssessments), h.listDecisions)
	fulfil := post("/joint-decisions/{id}/done", tag, "it is done", model.FollowDecisions)
	fulfil.Status = http.StatusNoContent
	fulfil.Thing = api.Named(h.Assessment.DecisionOf)
	api.Handle(a, fulfil, h.fulfilDecision)
}

// dayIn reads a day of a body or query.
func dayIn(at, text string) (quantity.Date, error) {
	day, err := quantity.ParseDate(text)
	if err != nil || day < "1970-01-01" || day > "9998-12-31" {
		return "", fault.ErrInvalid.At(at, "应为日期，如 2026-09-18")
	}
	return day, nil
}

func maybeDay(at, text string) (quantity.Date, error) {
	if text == "" {
		return "", nil
	}
	return dayIn(at, text)
}

type supervisedBody struct {
	ID       string       `json:"id"`
	Unit     assessedUnit `json:"unit"`
	HeldOn   string       `json:"held_on" format:"date"`
	Place    string       `json:"place"`
	Findings string       `json:"findings"`
	Files    []string     `json:"file_ids,omitempty" doc:"pictures"`
	DueOn    string       `json:"due_on,omitempty" doc:"none: nothing to mend"`
	DoneOn   string       `json:"done_on,omitempty"`
	Done     string       `json:"done_text,omitempty"`
}

func supervised(v assessment.Visit) supervisedBody {
	return supervisedBody{
		ID: v.ID, Unit: unitOf(v.Assessed, v.UnitName), HeldOn: string(v.HeldOn), Place: v.Place, Findings: v.Found, Files: v.Files,
		DueOn: string(v.DueOn), DoneOn: string(v.DoneOn), Done: v.Said,
	}
}

func (h *handlers) noteVisit(ctx context.Context, in *struct {
	Body struct {
		Unit     assessedUnit `json:"unit"`
		HeldOn   string       `json:"held_on" format:"date"`
		Place    string       `json:"place" minLength:"1" maxLength:"200"`
		Findings string       `json:"findings" minLength:"1" maxLength:"2000"`
		DueOn    string       `json:"due_on,omitempty" maxLength:"10" doc:"by when it is to be mended; none: nothing to mend"`
		Files    []string     `json:"file_ids,omitempty" maxItems:"20" doc:"pictures"`
	}
}) (*api.Body[supervisedBody], error) {
	held, err := dayIn("body.held_on", in.Body.HeldOn)
	if err != nil {
		return nil, err
	}
	due, err := maybeDay("body.due_on", in.Body.DueOn)
	if err != nil {
		return nil, err
	}
	v, err := h.Assessment.NoteVisit(ctx, api.Caller(ctx), model.SupervisionVisit{Assessed: in.Body.Unit.unit(), HeldOn: held, Place: in.Body.Place, DueOn: due}, in.Body.Findings, in.Body.Files)
	if err != nil {
		return nil, err
	}
	return api.Answer(supervised(*v)), nil
}

func (h *handlers) visitPicture(ctx context.Context, in *struct {
	ID     string `path:"id"`
	FileID string `path:"file_id"`
	api.Sized
}) (*api.File, error) {
	f, content, err := in.Show(ctx, h.Files, assessment.VisitPictures(in.ID), in.FileID)
	if err != nil {
		return nil, err
	}
	return api.Shown(f, content), nil
}

// PromiseFilter narrows visits and decisions.
type PromiseFilter struct {
	Unit    string `query:"unit" maxLength:"32" doc:"a community's or department's code"`
	From    string `query:"from" maxLength:"10" doc:"to be done from this day on"`
	Until   string `query:"until" maxLength:"10" doc:"to be done until this day"`
	Open    bool   `query:"open" doc:"not done"`
	Overdue bool   `query:"overdue" doc:"not done, and the day is past"`
}

func (f PromiseFilter) narrowed(page api.Page) (assessment.Narrowed, error) {
	n := assessment.Narrowed{Unit: f.Unit, Open: f.Open, Overdue: f.Overdue, Offset: page.Offset(), Limit: page.PageSize}
	var err error
	if n.From, err = maybeDay("query.from", f.From); err != nil {
		return n, err
	}
	n.Until, err = maybeDay("query.until", f.Until)
	return n, err
}

func (h *handlers) listVisits(ctx context.Context, in *struct {
	api.Page
	PromiseFilter
}) (*api.Body[api.List[supervisedBody]], error) {
	n, err := in.narrowed(in.Page)
	if err != nil {
		return nil, err
	}
	rows, total, err := h.Assessment.Visits(ctx, api.Caller(ctx), n)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(rows, total, supervised)), nil
}

type doneRequest struct {
	ID   string `path:"id"`
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"2000" doc:"what was done"`
	}
}

func (h *handlers) mendFault(ctx context.Context, in *doneRequest) (*api.Nothing, error) {
	return nil, h.Assessment.Mend(ctx, api.Caller(ctx), api.Found[*assessment.Visit](ctx), in.Body.Text)
}

type decisionEntry struct {
	Unit      assessedUnit `json:"unit" doc:"whose it is"`
	Text      string       `json:"text" minLength:"1" maxLength:"2000"`
	DueOn     string       `json:"due_on" format:"date"`
	Complaint string       `json:"complaint,omitempty" maxLength:"64" doc:"the id or number of the case that it is about"`
}

func (b decisionEntry) decision(at string) (assessment.Decision, error) {
	due, err := dayIn(at+".due_on", b.DueOn)
	return assessment.Decision{JointDecision: model.JointDecision{Assessed: b.Unit.unit(), ComplaintID: b.Complaint, DueOn: due}, What: b.Text}, err
}

type startedMeeting struct {
	ID string `json:"id"`
}

func (h *handlers) noteJointMeeting(ctx context.Context, in *struct {
	Body struct {
		HeldOn    string          `json:"held_on" format:"date"`
		Title     string          `json:"title" minLength:"1" maxLength:"100"`
		Place     string          `json:"place" minLength:"1" maxLength:"200"`
		Present   []string        `json:"present" maxItems:"100" doc:"units and names"`
		Minutes   string          `json:"minutes,omitempty" maxLength:"5000"`
		Decisions []decisionEntry `json:"decisions,omitempty" maxItems:"50"`
	}
}) (*api.Body[startedMeeting], error) {
	b := in.Body
	held, err := dayIn("body.held_on", b.HeldOn)
	if err != nil {
		return nil, err
	}
	m := assessment.Meeting{JointMeeting: model.JointMeeting{HeldOn: held, Title: b.Title, Place: b.Place}, Came: b.Present, Said: b.Minutes}
	for i, name := range b.Present {
		if len([]rune(name)) > 60 {
			return nil, fault.ErrInvalid.At(fmt.Sprintf("body.present[%d]", i), "最多 60 个字")
		}
	}
	for i, entry := range b.Decisions {
		d, err := entry.decision(fmt.Sprintf("body.decisions[%d]", i))
		if err != nil {
			return nil, err
		}
		m.Decisions = append(m.Decisions, d)
	}
	id, err := h.Assessment.Meet(ctx, api.Caller(ctx), m)
	if err != nil {
		return nil, err
	}
	return api.Answer(startedMeeting{id}), nil
}

type jointMeetingBody struct {
	ID        string         `json:"id"`
	HeldOn    string         `json:"held_on" format:"date"`
	Title     string         `json:"title"`
	Place     string         `json:"place"`
	Present   []string       `json:"present"`
	Minutes   string         `json:"minutes"`
	Decisions []decisionBody `json:"decisions,omitempty"`
	At        time.Time      `json:"at"`
}

type decisionBody struct {
	ID        string       `json:"id"`
	MeetingID string       `json:"meeting_id"`
	Meeting   string       `json:"meeting"`
	HeldOn    string       `json:"held_on" format:"date"`
	Number    int          `json:"number"`
	Unit      assessedUnit `json:"unit"`
	Text      string       `json:"text"`
	Complaint string       `json:"complaint_number,omitempty"`
	DueOn     string       `json:"due_on" format:"date"`
	DoneOn    string       `json:"done_on,omitempty"`
	Done      string       `json:"done_text,omitempty"`
}

func decisionOf(d assessment.Decision) decisionBody {
	return decisionBody{
		ID: d.ID, MeetingID: d.MeetingID, Meeting: d.MeetingTitle, HeldOn: string(d.HeldOn), Number: d.Number, Unit: unitOf(d.Assessed, d.UnitName),
		Text: d.What, Complaint: d.CaseNumber, DueOn: string(d.DueOn), DoneOn: string(d.DoneOn), Done: d.Outcome,
	}
}

func jointMeetingOf(m assessment.Meeting) jointMeetingBody {
	b := jointMeetingBody{ID: m.ID, HeldOn: string(m.HeldOn), Title: m.Title, Place: m.Place, Present: m.Came, Minutes: m.Said, At: api.Time(m.At)}
	for _, d := range m.Decisions {
		b.Decisions = append(b.Decisions, decisionOf(d))
	}
	return b
}

func (h *handlers) listJointMeetings(ctx context.Context, in *struct{ api.Page }) (*api.Body[api.List[jointMeetingBody]], error) {
	rows, total, err := h.Assessment.Meetings(ctx, api.Caller(ctx), in.Offset(), in.PageSize)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(rows, total, jointMeetingOf)), nil
}

// JointPath names a joint meeting.
type JointPath struct {
	ID string `path:"id"`
}

func (h *handlers) showJointMeeting(ctx context.Context, _ *JointPath) (*api.Body[jointMeetingBody], error) {
	return api.Answer(jointMeetingOf(*api.Found[*assessment.Meeting](ctx))), nil
}

func (h *handlers) addDecision(ctx context.Context, in *struct {
	JointPath
	Body decisionEntry
}) (*api.Nothing, error) {
	d, err := in.Body.decision("body")
	if err != nil {
		return nil, err
	}
	return nil, h.Assessment.Decide(ctx, api.Caller(ctx), api.Found[*assessment.Meeting](ctx), d)
}

func (h *handlers) listDecisions(ctx context.Context, in *struct {
	api.Page
	PromiseFilter
}) (*api.Body[api.List[decisionBody]], error) {
	n, err := in.narrowed(in.Page)
	if err != nil {
		return nil, err
	}
	rows, total, err := h.Assessment.Decisions(ctx, api.Caller(ctx), n)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(rows, total, decisionOf)), nil
}

func (h *handlers) fulfilDecision(ctx context.Context, in *doneRequest) (*api.Nothing, error) {
	return nil, h.Assessment.Fulfil(ctx, api.Caller(ctx), api.Found[*assessment.Decision](ctx), in.Body.Text)
}
