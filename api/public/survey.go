package public

import (
	"context"

	"gongdi/api"
	"gongdi/service/surveys"
)

type surveyPage struct {
	Title    string          `json:"title"`
	Audience string          `json:"audience"`
	Results  api.ResultsBody `json:"results"`
}

// survey shows the figures that the office has opened: never a word that
// somebody wrote.
func (h *handlers) survey(ctx context.Context, in *struct {
	ID string `path:"id"`
}) (*api.Body[surveyPage], error) {
	r, err := h.Surveys.PublicResults(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return api.Answer(surveyPage{r.Survey.Title, r.Survey.AudienceLabel, api.SurveyResults(r, surveys.Unsliced)}), nil
}
