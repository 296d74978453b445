package api

import (
	"gongdi/service/surveys"
)

// WishBody is how much a content of a renovation is wanted.
type WishBody struct {
	Rank     int     `json:"rank" doc:"equal wishes share one"`
	Code     string  `json:"code" doc:"of the content"`
	Label    string  `json:"label"`
	Question string  `json:"question"`
	Valid    int64   `json:"valid" doc:"the base: who answered the question"`
	Named    int64   `json:"named"`
	Share    float64 `json:"share" doc:"in per cent of the valid"`
	First    int64   `json:"first" doc:"who named it first"`
	Points   int64   `json:"points" doc:"as in a ranking; of several choices one each"`
}

// WishPartBody are the wishes of a part of the audience.
type WishPartBody struct {
	Key        string     `json:"key,omitempty"`
	Label      string     `json:"label"`
	Base       int64      `json:"base" doc:"homes"`
	Responses  *int64     `json:"responses,omitempty"`
	Rate       *float64   `json:"response_rate,omitempty" doc:"in per cent of the base"`
	Suppressed bool       `json:"suppressed"`
	Wishes     []WishBody `json:"wishes" doc:"the most wanted first; what nobody named is left out"`
}

// WishesBody are the wishes of a survey.
type WishesBody struct {
	Whole     WishPartBody   `json:"whole"`
	By        string         `json:"by,omitempty"`
	PartsKept bool           `json:"parts_kept" doc:"an anonymous survey keeps estates and buildings only"`
	Parts     []WishPartBody `json:"parts,omitempty"`
}

// SurveyWishes shows the wishes of a survey.
func SurveyWishes(w *surveys.Wishes, by surveys.Slicing) WishesBody {
	body := WishesBody{Whole: wishPart(w.Whole), By: string(by), PartsKept: w.Kept}
	for _, part := range w.Parts {
		body.Parts = append(body.Parts, wishPart(part))
	}
	return body
}

func wishPart(p surveys.WishPart) WishPartBody {
	b := WishPartBody{Key: p.Key, Label: p.Label, Base: p.Base, Suppressed: p.Hidden, Wishes: make([]WishBody, 0, len(p.Wishes))}
	if !p.Hidden {
		b.Responses, b.Rate = &p.Responses, figureOf(&p.Rate)
	}
	for _, w := range p.Wishes {
		b.Wishes = append(b.Wishes, WishBody{w.Rank, w.Code, w.Label, w.Question, w.Valid, w.Named, figure(w.Share), w.First, w.Points})
	}
	return b
}
