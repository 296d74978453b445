package resident

import (
	"context"
	"net/http"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/surveys"
)

func (h *handlers) surveys(a *api.API) {
	const tag = "问卷"
	mine := func(r api.Route) api.Route {
		r.Thing = api.Named(h.Surveys.Mine)
		return r
	}
	api.Handle(a, get("/surveys", tag, "the surveys that one is or was asked"), h.listSurveys)
	api.Handle(a, mine(get("/surveys/{id}", tag, "a survey with its questions, and what was answered for one's homes")), h.showSurvey)
	api.Handle(a, mine(route(http.MethodPut, "/surveys/{id}/response", tag, "answer for one's home, or for oneself")), h.respond)
	api.Handle(a, mine(get("/surveys/{id}/draft", tag, "what one has filled in so far")), h.resumeSurvey)
	api.Handle(a, mine(route(http.MethodPut, "/surveys/{id}/draft", tag, "keep what one has filled in so far; with nothing in it, no longer")), h.beginSurvey)
}

func (h *handlers) listSurveys(ctx context.Context, in *struct {
	api.Page
	Status string `query:"status" enum:"open,scheduled,closed"`
}) (*api.Body[api.List[api.SurveyBody]], error) {
	rows, total, err := h.Surveys.ListMine(ctx, api.Caller(ctx), model.SurveyStatus(in.Status), in.Offset(), in.PageSize)
	if err != nil {
		return nil, err
	}
	now := h.Surveys.Now()
	return api.Answer(api.ListOf(rows, total, func(v model.Survey) api.SurveyBody { return api.Survey(&v, now) })), nil
}

type givenBody struct {
	PropertyID string          `json:"property_id"`
	Label      string          `json:"label"`
	Answered   bool            `json:"answered"`
	Answers    api.AnswersBody `json:"answers,omitempty" doc:"one's own; never of an anonymous survey"`
	AnsweredAt *time.Time      `json:"answered_at,omitempty"`
}

type surveyForResident struct {
	api.OpenedSurvey
	Responses []givenBody `json:"my_responses"`
}

// SurveyPath names a survey.
type SurveyPath struct {
	ID string `path:"id"`
}

func (h *handlers) showSurvey(ctx context.Context, _ *SurveyPath) (*api.Body[surveyForResident], error) {
	v := api.Found[*model.Survey](ctx)
	whole, err := api.WholeSurvey(v, h.Surveys.Now())
	if err != nil {
		return nil, err
	}
	given, err := h.Surveys.GivenBy(ctx, api.Caller(ctx), v)
	if err != nil {
		return nil, err
	}
	body := surveyForResident{OpenedSurvey: whole, Responses: []givenBody{}}
	for _, g := range given {
		body.Responses = append(body.Responses, givenBody{g.PropertyID, g.Label, g.Answered, api.AnswersOf(g.Answers), api.TimeOf(g.At)})
	}
	return api.Answer(body), nil
}

func (h *handlers) respond(ctx context.Context, in *struct {
	SurveyPath
	Body struct {
		Answers    api.AnswersBody `json:"answers"`
		PropertyID string          `json:"property_id,omitempty" maxLength:"64" doc:"may be left out by who has one home in the survey"`
		Ticked     []string        `json:"sensitive_consents,omitempty" maxItems:"100" doc:"codes of sensitive questions whose answering was agreed to, each by a tick of its own"`
	}
}) (*api.Body[api.ResponseReceipt], error) {
	v := api.Found[*model.Survey](ctx)
	receipt, err := h.Surveys.Respond(ctx, api.Caller(ctx), v, surveys.Reply{PropertyID: in.Body.PropertyID, Answers: in.Body.Answers.Answers(), Ticked: in.Body.Ticked})
	if err != nil {
		return nil, err
	}
	return api.Answer(api.Receipt(v, receipt, in.Body.Answers)), nil
}

type draftBody struct {
	SurveyID   string          `json:"survey_id"`
	PropertyID string          `json:"property_id,omitempty"`
	Answers    api.AnswersBody `json:"answers"`
	SavedAt    time.Time       `json:"saved_at"`
}

func draftOf(v *model.Survey, b *surveys.Begun) draftBody {
	return draftBody{SurveyID: v.ID, PropertyID: b.PropertyID, Answers: api.AnswersOf(b.Answers), SavedAt: api.Time(b.At)}
}

func (h *handlers) resumeSurvey(ctx context.Context, _ *SurveyPath) (*api.Body[draftBody], error) {
	v := api.Found[*model.Survey](ctx)
	b, err := h.Surveys.Resume(ctx, api.Caller(ctx), v)
	if err != nil {
		return nil, err
	}
	return api.Answer(draftOf(v, b)), nil
}

func (h *handlers) beginSurvey(ctx context.Context, in *struct {
	SurveyPath
	Body struct {
		Answers    api.AnswersBody `json:"answers" doc:"what is filled in must be right, not whole"`
		PropertyID string          `json:"property_id,omitempty" maxLength:"64"`
		Ticked     []string        `json:"sensitive_consents,omitempty" maxItems:"100"`
	}
}) (*api.Body[draftBody], error) {
	v := api.Found[*model.Survey](ctx)
	b, err := h.Surveys.Begin(ctx, api.Caller(ctx), v, surveys.Reply{PropertyID: in.Body.PropertyID, Answers: in.Body.Answers.Answers(), Ticked: in.Body.Ticked})
	if err != nil {
		return nil, err
	}
	return api.Answer(draftOf(v, b)), nil
}
