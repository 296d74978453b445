package staff

import (
	"context"
	"net/http"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/surveys"
)

const surveysTag = "问卷"

func (h *handlers) surveys(a *api.API) {
	write := post("/surveys", surveysTag, "write a survey", model.WriteSurveys)
	write.Status = http.StatusCreated
	api.Handle(a, write, h.writeSurvey)
	api.Handle(a, get("/surveys", surveysTag, "the surveys of one's area, and of the street", model.ReadSurveys), h.listSurveys)
	api.Handle(a, h.onSurvey(get("/surveys/{id}", surveysTag, "a survey with its questions", model.ReadSurveys)), h.showSurvey)
	api.Handle(a, h.onSurvey(route(http.MethodPut, "/surveys/{id}", surveysTag, "rewrite a draft", model.WriteSurveys)), h.rewriteSurvey)
	discard := h.onSurvey(gone("/surveys/{id}", surveysTag, "delete a draft", model.WriteSurveys))
	api.Handle(a, discard, h.discardSurvey)
	again := h.onSurvey(post("/surveys/{id}/copy", surveysTag, "a draft of the same questions: a new version, or the next round", model.WriteSurveys))
	again.Status = http.StatusCreated
	api.Handle(a, again, h.copySurvey)
	api.Handle(a, h.onSurvey(post("/surveys/{id}/publish", surveysTag, "freeze a survey and have its audience told", model.WriteSurveys)), h.publishSurvey)
	api.Handle(a, h.onSurvey(post("/surveys/{id}/close", surveysTag, "end a survey before its time", model.WriteSurveys)), h.closeSurvey)
	api.Handle(a, h.onSurvey(post("/surveys/{id}/results-page", surveysTag, "let everybody read the figures, or no longer", model.WriteSurveys)), h.openResults)
	api.Handle(a, h.onSurvey(get("/surveys/{id}/doors", surveysTag, "the homes in walking order, and what came of visits", model.EnterSurveys)), h.surveyDoors)
	api.Handle(a, h.onSurveyDoor(route(http.MethodPut, "/surveys/{id}/responses/{property_id}", surveysTag, "enter a visit, and what was answered at the door", model.EnterSurveys)), h.enterResponse)
	api.Handle(a, h.onSurvey(get("/surveys/{id}/results", surveysTag, "the figures as they are now", model.ReadSurveyCounts)), h.surveyResults)
	api.Handle(a, h.onSurveyDoor(get("/surveys/{id}/responses/{property_id}", surveysTag, "what a home answered, with its scans; logged", model.ExportSurveys)), h.showResponse)
	api.Handle(a, h.onSurveyDoor(get("/surveys/{id}/responses/{property_id}/scans/{file_id}", surveysTag, "a scan of the paper that an answer was entered from", model.ExportSurveys)), h.responseScan)
	h.surveyOut(a)
}

// onSurvey puts a route under a survey of the caller's area; to read it and to
// take it to the doors, also under one that reaches their area.
func (h *handlers) onSurvey(r api.Route) api.Route {
	r.Thing = func(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
		if r.Right == model.ReadSurveys || r.Right == model.EnterSurveys {
			return h.Surveys.Shown(ctx, caller, param("id"))
		}
		return h.Surveys.Of(ctx, caller, param("id"))
	}
	return r
}

type surveyDoor struct {
	survey *model.Survey
	home   *model.SurveyHome
}

func (h *handlers) onSurveyDoor(r api.Route) api.Route {
	r.Thing = func(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
		v, err := h.Surveys.Shown(ctx, caller, param("id"))
		if r.Right == model.ExportSurveys {
			v, err = h.Surveys.Of(ctx, caller, param("id"))
		}
		if err != nil {
			return nil, err
		}
		home, err := h.Surveys.HasDoor(ctx, caller, v, param("property_id"))
		return surveyDoor{v, home}, err
	}
	return r
}

type surveyDraft struct {
	Title        string             `json:"title" minLength:"1" maxLength:"100"`
	Intro        string             `json:"intro,omitempty" maxLength:"2000"`
	Audience     api.AudienceBody   `json:"audience"`
	Unit         string             `json:"unit" enum:"household,person"`
	Anonymous    bool               `json:"anonymous,omitempty"`
	FairlyCounts bool               `json:"fairly_counts,omitempty" doc:"基本满意 counts as satisfied"`
	OpensAt      time.Time          `json:"opens_at"`
	ClosesAt     time.Time          `json:"closes_at"`
	Questions    []api.QuestionBody `json:"questions"`
	MotionID     string             `json:"motion_id,omitempty" maxLength:"64" doc:"a draft motion of kind willingness that it is to stand on one form with; the period is the motion's"`
}

func (d surveyDraft) draft() surveys.Draft {
	return surveys.Draft{
		Title: d.Title, Intro: d.Intro, AudienceType: model.AudienceType(d.Audience.Type), AudienceID: d.Audience.ID, Unit: model.SurveyUnit(d.Unit),
		Anonymous: d.Anonymous, FairlyCounts: d.FairlyCounts, OpensAt: d.OpensAt, ClosesAt: d.ClosesAt, Questions: api.Questions(d.Questions), MotionID: d.MotionID,
	}
}

func (h *handlers) surveyed(v *model.Survey, err error) (*api.Body[api.OpenedSurvey], error) {
	if err != nil {
		return nil, err
	}
	whole, err := api.WholeSurvey(v, h.Surveys.Now())
	return api.Answer(whole), err
}

func (h *handlers) writeSurvey(ctx context.Context, in *struct{ Body surveyDraft }) (*api.Body[api.OpenedSurvey], error) {
	return h.surveyed(h.Forms.Write(ctx, api.Caller(ctx), in.Body.draft()))
}

func (h *handlers) listSurveys(ctx context.Context, in *struct{ api.Page }) (*api.Body[api.List[api.SurveyBody]], error) {
	rows, total, err := h.Surveys.List(ctx, api.Caller(ctx), in.Offset(), in.PageSize)
	if err != nil {
		return nil, err
	}
	now := h.Surveys.Now()
	return api.Answer(api.ListOf(rows, total, func(v model.Survey) api.SurveyBody { return api.Survey(&v, now) })), nil
}

// SurveyPath names a survey.
type SurveyPath struct {
	ID string `path:"id"`
}

func (h *handlers) showSurvey(ctx context.Context, _ *SurveyPath) (*api.Body[api.OpenedSurvey], error) {
	return h.surveyed(api.Found[*model.Survey](ctx), nil)
}

func (h *handlers) rewriteSurvey(ctx context.Context, in *struct {
	SurveyPath
	Body surveyDraft
}) (*api.Body[api.OpenedSurvey], error) {
	return h.surveyed(h.Forms.Rewrite(ctx, api.Caller(ctx), in.ID, in.Body.draft()))
}

func (h *handlers) discardSurvey(ctx context.Context, in *SurveyPath) (*api.Nothing, error) {
	return nil, h.Surveys.Discard(ctx, api.Caller(ctx), in.ID)
}

func (h *handlers) copySurvey(ctx context.Context, _ *SurveyPath) (*api.Body[api.OpenedSurvey], error) {
	return h.surveyed(h.Surveys.Copy(ctx, api.Caller(ctx), api.Found[*model.Survey](ctx)))
}

func (h *handlers) publishSurvey(ctx context.Context, in *SurveyPath) (*api.Body[api.OpenedSurvey], error) {
	return h.surveyed(h.Surveys.Publish(ctx, api.Caller(ctx), in.ID))
}

func (h *handlers) closeSurvey(ctx context.Context, in *SurveyPath) (*api.Body[api.OpenedSurvey], error) {
	return h.surveyed(h.Surveys.Close(ctx, api.Caller(ctx), in.ID))
}

func (h *handlers) openResults(ctx context.Context, in *struct {
	SurveyPath
	Body struct {
		Open bool `json:"open"`
	}
}) (*api.Body[api.OpenedSurvey], error) {
	return h.surveyed(h.Surveys.OpenResults(ctx, api.Caller(ctx), in.ID, in.Body.Open))
}

type surveyDoorBody struct {
	PropertyID string `json:"property_id"`
	Label      string `json:"label"`
	Building   string `json:"building"`
	Unit       string `json:"unit"`
	Visit      string `json:"visit,omitempty" enum:"answered,nobody_home,refused"`
	Answered   bool   `json:"answered"`
}

func (h *handlers) surveyDoors(ctx context.Context, in *struct {
	SurveyPath
	api.Page
	SpreadDoors
	Open bool `query:"open" doc:"only those that are still to be asked"`
}) (*api.Body[api.List[surveyDoorBody]], error) {
	rows, total, err := h.Surveys.Doors(ctx, api.Caller(ctx), api.Found[*model.Survey](ctx), surveys.DoorsAsked{Open: in.Open, Building: in.Building, Unit: in.Unit, Offset: in.Offset(), Limit: in.PageSize})
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(rows, total, func(d surveys.Door) surveyDoorBody {
		return surveyDoorBody{d.PropertyID, d.Label, d.Building, d.Unit, string(d.Visit), d.Answered}
	})), nil
}

func (h *handlers) enterResponse(ctx context.Context, in *struct {
	SurveyPath
	PropertyID string `path:"property_id"`
	Body       struct {
		Answers  api.AnswersBody `json:"answers,omitempty" doc:"when the visit was answered"`
		Visit    string          `json:"visit" enum:"answered,nobody_home,refused"`
		Relation string          `json:"relation,omitempty" enum:"owner,tenant,family" doc:"who answered"`
		Ticked   []string        `json:"sensitive_consents,omitempty" maxItems:"100"`
		Scans    []string        `json:"scan_file_ids,omitempty" maxItems:"20" doc:"of the paper; not in an anonymous survey"`
	}
}) (*api.Body[api.ResponseReceipt], error) {
	door := api.Found[surveyDoor](ctx)
	receipt, err := h.Surveys.Enter(ctx, api.Caller(ctx), door.survey, door.home, surveys.Reply{
		Answers: in.Body.Answers.Answers(), Ticked: in.Body.Ticked, Relation: model.Relation(in.Body.Relation), Visit: model.SurveyVisit(in.Body.Visit), Scans: in.Body.Scans,
	})
	if err != nil {
		return nil, err
	}
	return api.Answer(api.Receipt(door.survey, receipt, in.Body.Answers)), nil
}

type responseBody struct {
	api.ResponseReceipt
	Scans []string `json:"scan_file_ids"`
}

// ResponsePath names what a home answered.
type ResponsePath struct {
	SurveyPath
	PropertyID string `path:"property_id"`
}

func (h *handlers) showResponse(ctx context.Context, in *ResponsePath) (*api.Body[responseBody], error) {
	door := api.Found[surveyDoor](ctx)
	a, err := h.Surveys.Response(ctx, api.Caller(ctx), door.survey, in.PropertyID)
	if err != nil {
		return nil, err
	}
	receipt := &surveys.Receipt{PropertyID: in.PropertyID, Visit: door.home.Visit, Relation: a.Relation, Channel: a.Channel, Version: a.Version, At: &a.AnsweredAt}
	return api.Answer(responseBody{api.Receipt(door.survey, receipt, api.AnswersOf(a.Whole)), a.ScanIDs}), nil
}

func (h *handlers) responseScan(ctx context.Context, in *struct {
	ResponsePath
	FileID string `path:"file_id"`
	api.Sized
}) (*api.File, error) {
	a, err := h.Surveys.Response(ctx, api.Caller(ctx), api.Found[surveyDoor](ctx).survey, in.PropertyID)
	if err != nil {
		return nil, err
	}
	f, content, err := in.Show(ctx, h.Files, surveys.Scans(a.ID), in.FileID)
	if err != nil {
		return nil, err
	}
	return api.Shown(f, content), nil
}

func (h *handlers) surveyResults(ctx context.Context, in *struct {
	SurveyPath
	By      string `query:"by" maxLength:"16" doc:"estate, building, unit, floor_group, relation, channel"`
	Compare string `query:"compare" maxLength:"26" doc:"an earlier survey to be set beside; the round before, unless given"`
}) (*api.Body[api.ResultsBody], error) {
	by, err := surveys.ReadSlicing(in.By)
	if err != nil {
		return nil, err
	}
	r, err := h.Surveys.Results(ctx, api.Found[*model.Survey](ctx), by)
	if err != nil {
		return nil, err
	}
	earlier, err := h.Surveys.Compare(ctx, api.Caller(ctx), r, in.Compare)
	if err != nil {
		return nil, err
	}
	body := api.SurveyResults(r, by)
	body.Compared = api.Compared(earlier)
	return api.Answer(body), nil
}
