package staff

import (
	"context"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/opinion"
	"gongdi/model/rule/project"
	"gongdi/service/fault"
	"gongdi/service/projects"
	"gongdi/service/surveys"
	"gongdi/service/voting"
)

func invalid(location, message string) error { return fault.Unknown(location, message) }

type stepBody struct {
	Step       string     `json:"step"`
	Name       string     `json:"name"`
	Status     string     `json:"status" enum:"done,open,waiting"`
	DoneAt     *time.Time `json:"done_at,omitempty"`
	DoneBy     string     `json:"done_by,omitempty"`
	PassReason string     `json:"pass_reason,omitempty" doc:"why the county let it pass"`
	Lacked     []gapBody  `json:"lacked,omitempty" doc:"what it lacked then"`
	Missing    []gapBody  `json:"missing" doc:"what it lacks now"`
}

func stepOf(stage projects.Stage, at string) stepBody {
	b := stepBody{Step: string(stage.Step), Name: project.StepNames[stage.Step], Status: "waiting", Missing: gaps(stage.Missing)}
	switch {
	case stage.Row != nil:
		b.Status, b.DoneAt, b.DoneBy, b.PassReason = "done", api.TimeOf(&stage.Row.DoneAt), stage.Row.StaffID, stage.Row.PassReason
		if b.PassReason != "" {
			b.Lacked = gaps(stage.Row.Lacked)
		}
	case string(stage.Step) == at:
		b.Status = "open"
	}
	return b
}

type consentsBody struct {
	Willing      *consentBody `json:"willingness,omitempty"`
	Scheme       *consentBody `json:"scheme,omitempty"`
	Survey       *askedBody   `json:"survey,omitempty" doc:"the latest other survey that is over"`
	Satisfaction *askedBody   `json:"satisfaction,omitempty" doc:"the latest survey that is over"`
}

type consentBody struct {
	MotionID      string `json:"motion_id"`
	Outcome       string `json:"outcome" enum:"pending,passed,not_passed,undetermined"`
	Heads         int64  `json:"heads,omitempty" doc:"on the roll; these are of a sealed vote"`
	Participating int64  `json:"participating_heads,omitempty"`
	Agree         int64  `json:"agree_heads,omitempty"`
}

type askedBody struct {
	SurveyID string          `json:"survey_id"`
	Title    string          `json:"title"`
	Base     int64           `json:"base" doc:"homes that were asked"`
	Answered int64           `json:"answered"`
	EndedAt  time.Time       `json:"ended_at"`
	Rate     *api.Hundredths `json:"satisfied_percent,omitempty" doc:"满意率; not there where too few answered"`
}

func consentOf(v voting.Stood) *consentBody {
	if v.MotionID == "" {
		return nil
	}
	b := &consentBody{MotionID: v.MotionID, Outcome: string(v.Outcome)}
	if v.Outcome == "" {
		b.Outcome = "pending"
		return b
	}
	b.Heads, b.Participating, b.Agree = v.Totals.Roll.Heads, v.Totals.Participating().Heads, v.Totals.Agree.Heads
	return b
}

func consentsOf(c projects.Consents) *consentsBody {
	return &consentsBody{Willing: consentOf(c.Willing), Scheme: consentOf(c.Scheme), Survey: askedOf(c.Survey, nil), Satisfaction: askedOf(c.Satisfaction, c.Rate)}
}

func askedOf(e *surveys.Ended, rate *opinion.Hundredths) *askedBody {
	if e == nil {
		return nil
	}
	return &askedBody{e.Survey.ID, e.Survey.Title, e.Survey.Base, e.Answered, api.Time(e.EndedAt), (*api.Hundredths)(rate)}
}

func (h *handlers) completeStep(ctx context.Context, in *struct {
	ProjectPath
	Step string `path:"step"`
	Body struct {
		PassReason string `json:"pass_reason,omitempty" maxLength:"500" doc:"by the county: why it lets pass what the gate lacks"`
	}
}) (*api.Body[projectBody], error) {
	v, err := h.Projects.Complete(ctx, api.Caller(ctx), api.Found[*model.Project](ctx), project.Step(in.Step), in.Body.PassReason)
	return h.whole(ctx, v, err)
}

func (h *handlers) acceptProject(ctx context.Context, in *struct {
	ProjectPath
	Body struct {
		On         string `json:"on" format:"date"`
		Result     string `json:"result" enum:"qualified,to_rectify"`
		Opinion    string `json:"opinion,omitempty" maxLength:"2000"`
		ReportedOn string `json:"reported_on,omitempty" format:"date" doc:"to 县政府办公室"`
		HandedOn   string `json:"handed_over_on,omitempty" format:"date" doc:"to the street"`
		Receiver   string `json:"receiver,omitempty" maxLength:"100" doc:"the office or section that took it over"`
	}
}) (*api.Body[projectBody], error) {
	b := in.Body
	v, err := h.Projects.Accept(ctx, api.Caller(ctx), api.Found[*model.Project](ctx), projects.Accepting{
		On: quantity.Date(b.On), Result: model.AcceptanceResult(b.Result), Opinion: b.Opinion, ReportedOn: quantity.Date(b.ReportedOn), HandedOn: quantity.Date(b.HandedOn), Receiver: b.Receiver,
	})
	return h.whole(ctx, v, err)
}
