package staff

import (
	"context"
	"io"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/document"
	"gongdi/service/surveys"
)

func (h *handlers) surveyOut(a *api.API) {
	h.spreadSurveys(a)
	api.Handle(a, get("/survey-templates", surveysTag, "questionnaires to begin from", model.ReadSurveys), h.surveyTemplates)
	h.questionnaires(a)
	api.Handle(a, h.onSurvey(get("/surveys/{id}/wishes", surveysTag, "wished contents, ranked, by estate, building or unit", model.ReadSurveyCounts)), h.surveyWishes)
	api.Handle(a, h.onSurvey(get("/surveys/{id}/report.pdf", surveysTag, "the figures with bars, to be printed", model.ReadSurveyCounts)), h.surveyPDF)
	api.Handle(a, h.onSurvey(get("/surveys/{id}/results.xlsx", surveysTag, "figures, coded answers and the code book; logged", model.ExportSurveys)), h.surveyBook)
	api.Handle(a, h.onSurvey(get("/surveys/{id}/answers.csv", surveysTag, "coded answers; logged", model.ExportSurveys)), h.surveyCSV)
	api.Handle(a, h.onSurvey(get("/surveys/{id}/texts", surveysTag, "answers in words that hold a text", model.ExportSurveys)), h.surveyTexts)
}

type templateBody struct {
	Code      string             `json:"code"`
	Title     string             `json:"title"`
	Intro     string             `json:"intro"`
	Unit      string             `json:"unit"`
	Questions []api.QuestionBody `json:"questions"`
}

func (h *handlers) surveyTemplates(context.Context, *struct{}) (*api.Body[api.List[templateBody]], error) {
	rows, err := surveys.Templates()
	if err != nil {
		return nil, err
	}
	return api.Answer(api.AllOf(rows, func(t surveys.Template) templateBody {
		return templateBody{t.Code, t.Title, t.Intro, string(t.Unit), api.QuestionsOf(t.Questions)}
	})), nil
}

func (h *handlers) surveyWishes(ctx context.Context, in *struct {
	SurveyPath
	By string `query:"by" maxLength:"16" doc:"estate, building or unit"`
}) (*api.Body[api.WishesBody], error) {
	by, err := surveys.ReadLevel(in.By)
	if err != nil {
		return nil, err
	}
	w, err := h.Surveys.Wishes(ctx, api.Found[*model.Survey](ctx), by)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.SurveyWishes(w, by)), nil
}

// ComparedPath names a survey and an earlier round of it.
type ComparedPath struct {
	SurveyPath
	Compare string `query:"compare" maxLength:"26" doc:"an earlier survey to be set beside; the round before, unless given"`
}

func (h *handlers) surveyPDF(ctx context.Context, in *ComparedPath) (*api.File, error) {
	return api.Save("application/pdf", "survey.pdf", func(w io.Writer) error {
		return h.Surveys.Report(ctx, api.Caller(ctx), api.Found[*model.Survey](ctx), in.Compare, w)
	})
}

func (h *handlers) surveyBook(ctx context.Context, in *ComparedPath) (*api.File, error) {
	r, coded, err := h.Surveys.Export(ctx, api.Caller(ctx), api.Found[*model.Survey](ctx), untold)
	if err != nil {
		return nil, err
	}
	earlier, err := h.Surveys.Compare(ctx, api.Caller(ctx), r, in.Compare)
	if err != nil {
		return nil, err
	}
	report, err := h.Surveys.Printed(ctx, api.Caller(ctx), r, earlier)
	if err != nil {
		return nil, err
	}
	return api.Save("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "survey.xlsx", func(w io.Writer) error {
		return document.SurveyBook(w, report, coded)
	})
}

func (h *handlers) surveyCSV(ctx context.Context, _ *SurveyPath) (*api.File, error) {
	_, coded, err := h.Surveys.Export(ctx, api.Caller(ctx), api.Found[*model.Survey](ctx), untold)
	if err != nil {
		return nil, err
	}
	return api.Save("text/csv; charset=utf-8", "answers.csv", func(w io.Writer) error { return document.CodedCSV(w, coded) })
}

type saidBody struct {
	Question string `json:"question"`
	Building string `json:"building,omitempty" doc:"not of an anonymous survey"`
	Text     string `json:"text"`
}

func (h *handlers) surveyTexts(ctx context.Context, in *struct {
	SurveyPath
	api.Page
	Question string `query:"question" maxLength:"32"`
	Holds    string `query:"q" maxLength:"100"`
}) (*api.Body[api.List[saidBody]], error) {
	said, err := h.Surveys.Texts(ctx, api.Found[*model.Survey](ctx), in.Question, in.Holds)
	if err != nil {
		return nil, err
	}
	page := said[min(in.Offset(), len(said)):min(in.Offset()+in.PageSize, len(said))]
	return api.Answer(api.ListOf(page, int64(len(said)), func(s surveys.Said) saidBody { return saidBody(s) })), nil
}
