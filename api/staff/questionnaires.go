package staff

import (
	"context"
	"io"

	"gongdi/api"
	"gongdi/model"
	"gongdi/model/rule/opinion"
	"gongdi/service/surveys"
)

// largestQuestionnaire bounds the workbook of a questionnaire.
const largestQuestionnaire = 2 << 20

func (h *handlers) questionnaires(a *api.API) {
	large := func(r api.Route) api.Route {
		r.MaxBody = largestQuestionnaire
		return r
	}
	api.Handle(a, get("/survey-templates/questionnaire.xlsx", surveysTag, "a questionnaire to begin from, as a workbook to edit", model.ReadSurveys), h.templateBook)
	api.Handle(a, h.onSurvey(get("/surveys/{id}/questionnaire.xlsx", surveysTag, "a survey's questions, as a workbook to edit", model.ReadSurveys)), h.questionnaireBook)
	api.Handle(a, h.onSurvey(large(post("/surveys/{id}/questionnaire", surveysTag, "put the questions of a workbook in the place of a draft's; a wrong cell stores nothing", model.WriteSurveys))), h.importQuestionnaire)
	api.Handle(a, large(post("/questionnaires", surveysTag, "read the questions of a workbook, and store nothing", model.WriteSurveys)), h.readQuestionnaire)
}

func (h *handlers) workbookOf(ctx context.Context, questions []opinion.Question) (*api.File, error) {
	from, err := h.Identity.Maker(ctx, api.Caller(ctx))
	if err != nil {
		return nil, err
	}
	return api.Save(sheetType, "questionnaire.xlsx", func(w io.Writer) error { return surveys.WriteQuestionnaire(w, questions, from) })
}

func (h *handlers) templateBook(ctx context.Context, in *struct {
	Code string `query:"code" required:"true" maxLength:"32" doc:"of the template"`
}) (*api.File, error) {
	t, err := surveys.TemplateOf(in.Code)
	if err != nil {
		return nil, err
	}
	return h.workbookOf(ctx, t.Questions)
}

func (h *handlers) questionnaireBook(ctx context.Context, _ *SurveyPath) (*api.File, error) {
	questions, err := surveys.Questions(api.Found[*model.Survey](ctx))
	if err != nil {
		return nil, err
	}
	return h.workbookOf(ctx, questions)
}

func (h *handlers) importQuestionnaire(ctx context.Context, in *struct {
	SurveyPath
	api.Upload
}) (*api.Body[api.OpenedSurvey], error) {
	content, size, _, err := in.Content()
	if err != nil {
		return nil, err
	}
	return h.surveyed(h.Surveys.Import(ctx, api.Caller(ctx), in.ID, content, size))
}

type questionsBody struct {
	Questions []api.QuestionBody `json:"questions"`
}

func (h *handlers) readQuestionnaire(ctx context.Context, in *struct{ api.Upload }) (*api.Body[questionsBody], error) {
	content, size, _, err := in.Content()
	if err != nil {
		return nil, err
	}
	questions, err := surveys.ReadQuestionnaire(ctx, content, size)
	if err != nil {
		return nil, err
	}
	return api.Answer(questionsBody{api.QuestionsOf(questions)}), nil
}
