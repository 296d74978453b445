package staff

import (
	"context"

	"gongdi/api"
	"gongdi/model"
)

func (h *handlers) suggestions(a *api.API) {
	api.Handle(a, h.onNotice(get("/notices/{id}/suggestions", noticesTag, "suggestions", model.WriteNotices)), h.listSuggestions)
	answer := h.onNotice(post("/notices/{id}/suggestions/{suggestion_id}/answer", noticesTag, "adopted, or not, because", model.WriteNotices))
	answer.Thing = h.under(answer.Thing, func(ctx context.Context, n *model.Notice, param func(string) string) error {
		return h.Notices.HasSuggestion(ctx, n.ID, param("suggestion_id"))
	})
	api.Handle(a, answer, h.answerSuggestion)
}

func (h *handlers) listSuggestions(ctx context.Context, in *NoticePath) (*api.Body[api.List[api.SuggestionBody]], error) {
	rows, err := h.Notices.SuggestionsOn(ctx, in.ID, "")
	if err != nil {
		return nil, err
	}
	return api.Answer(api.AllOf(rows, api.Suggestion(api.Caller(ctx)))), nil
}

func (h *handlers) answerSuggestion(ctx context.Context, in *struct {
	NoticePath
	SuggestionID string `path:"suggestion_id"`
	Body         struct {
		Status string `json:"status" enum:"adopted,not_adopted"`
		Answer string `json:"answer" minLength:"1" maxLength:"500"`
	}
}) (*api.Body[api.List[api.SuggestionBody]], error) {
	err := h.Notices.AnswerSuggestion(ctx, api.Caller(ctx), api.Found[*model.Notice](ctx), in.SuggestionID, model.SuggestionStatus(in.Body.Status), in.Body.Answer)
	if err != nil {
		return nil, err
	}
	return h.listSuggestions(ctx, &in.NoticePath)
}
