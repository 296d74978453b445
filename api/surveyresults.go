package api

import (
	"gongdi/model/rule/opinion"
	"gongdi/service/surveys"
)

// PlaceBody is how an option stands in a ranking.
type PlaceBody struct {
	Code   string  `json:"code"`
	Label  string  `json:"label"`
	Named  int64   `json:"named"`
	First  int64   `json:"first"`
	Points int64   `json:"points" doc:"of n options the first named gets n, the next n-1"`
	Mean   float64 `json:"mean_place"`
}

// FigureBody is what is reckoned of one question.
type FigureBody struct {
	Code     string             `json:"code"`
	Type     string             `json:"type"`
	Label    string             `json:"label"`
	Section  string             `json:"section,omitempty"`
	Valid    int64              `json:"valid" doc:"the base of all that follows"`
	Unknown  int64              `json:"unknown"`
	Missing  int64              `json:"missing" doc:"was shown and left empty"`
	NotShown int64              `json:"not_shown"`
	Counts   map[string]int64   `json:"counts"`
	Shares   map[string]float64 `json:"shares" doc:"in per cent of the valid"`
	Labels   map[string]string  `json:"labels"`
	Rate     *float64           `json:"satisfaction_rate,omitempty" doc:"满意率, in per cent"`
	Score    *float64           `json:"satisfaction_score,omitempty" doc:"满意度得分"`
	Mean     *float64           `json:"mean,omitempty"`
	Median   *float64           `json:"median,omitempty"`
	Ranking  []PlaceBody        `json:"ranking,omitempty"`
}

func figure(h opinion.Hundredths) float64 { return float64(h) / 100 }

func figureOf(h *opinion.Hundredths) *float64 {
	if h == nil {
		return nil
	}
	f := figure(*h)
	return &f
}

// Figures shows what was reckoned.
func Figures(figures []opinion.Figure) []FigureBody {
	out := make([]FigureBody, 0, len(figures))
	for _, f := range figures {
		b := FigureBody{
			Code: f.Question.Code, Type: string(f.Question.Type), Label: f.Question.Label, Section: f.Question.Section,
			Valid: f.Valid, Unknown: f.Unknown, Missing: f.Missing, NotShown: f.NotShown,
			Counts: map[string]int64{}, Shares: map[string]float64{}, Labels: map[string]string{},
			Rate: figureOf(f.Rate), Score: figureOf(f.Score), Mean: figureOf(f.Mean), Median: figureOf(f.Median),
		}
		for _, c := range f.Counts {
			b.Counts[c.Code], b.Shares[c.Code], b.Labels[c.Code] = c.N, figure(c.Share), c.Label
		}
		for _, p := range f.Places {
			b.Ranking = append(b.Ranking, PlaceBody{p.Code, p.Label, p.Named, p.First, p.Points, figure(p.Mean)})
		}
		out = append(out, b)
	}
	return out
}

// SliceBody are the figures of a part of the audience.
type SliceBody struct {
	Key        string       `json:"key"`
	Label      string       `json:"label"`
	Base       *int64       `json:"base,omitempty"`
	Responses  *int64       `json:"responses,omitempty"`
	Rate       *float64     `json:"response_rate,omitempty"`
	Suppressed bool         `json:"suppressed" doc:"fewer than five answered, or that could be had by subtraction"`
	Questions  []FigureBody `json:"questions"`
}

// ResultsBody are the figures of a survey.
type ResultsBody struct {
	Base         int64            `json:"base" doc:"homes of the audience"`
	Responses    int64            `json:"responses"`
	Rate         float64          `json:"response_rate" doc:"in per cent of the base"`
	Counted      int64            `json:"counted" doc:"responses that the figures are of: all, but while an anonymous survey is open new ones come by five"`
	Suppressed   bool             `json:"suppressed" doc:"fewer than five took part in an anonymous survey"`
	FairlyCounts bool             `json:"fairly_counts" doc:"whether 基本满意 counts as satisfied"`
	Weights      map[string]int64 `json:"weights" doc:"of the satisfaction score"`
	Channels     map[string]int64 `json:"channels,omitempty"`
	Visits       map[string]int64 `json:"visits,omitempty" doc:"homes by the latest visit"`
	Questions    []FigureBody     `json:"questions"`
	By           string           `json:"by,omitempty"`
	SlicesKept   bool             `json:"slices_kept" doc:"an anonymous survey keeps estates and buildings only"`
	Slices       []SliceBody      `json:"slices,omitempty"`
	Compared     *ComparedBody    `json:"compared,omitempty" doc:"the round before; for the office"`
}

// SurveyResults shows the figures of a survey.
func SurveyResults(r *surveys.Results, by surveys.Slicing) ResultsBody {
	body := ResultsBody{
		Base: r.Base, Responses: r.Responses, Rate: figure(r.Rate), Counted: r.Counted, Suppressed: r.Hidden, FairlyCounts: r.Survey.FairlyCounts,
		Weights: map[string]int64{}, Channels: r.Channels, Visits: r.Visits, Questions: Figures(r.Questions), By: string(by), SlicesKept: r.Kept,
	}
	for i, g := range opinion.Grades {
		body.Weights[g.Code] = opinion.Weights[i]
	}
	for _, s := range r.Slices {
		b := SliceBody{Key: s.Key, Label: s.Label, Suppressed: s.Hidden, Questions: Figures(s.Questions)}
		if s.Base > 0 {
			base := s.Base
			b.Base = &base
		}
		if !s.Hidden {
			n := s.Responses
			b.Responses = &n
			if s.Base > 0 {
				b.Rate = figureOf(&s.Rate)
			}
		}
		body.Slices = append(body.Slices, b)
	}
	return body
}
