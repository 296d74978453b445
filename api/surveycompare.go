package api

import (
	"time"

	"gongdi/model/rule/opinion"
	"gongdi/service/surveys"
)

// PairBody is a figure of two rounds.
type PairBody struct {
	Now    float64 `json:"now"`
	Before float64 `json:"before"`
	Change float64 `json:"change" doc:"of a rate or a share, in percentage points"`
}

// ChangeBody is what became of a question between two rounds.
type ChangeBody struct {
	Code        string              `json:"code"`
	Type        string              `json:"type"`
	Label       string              `json:"label"`
	Valid       int64               `json:"valid"`
	ValidBefore int64               `json:"valid_before"`
	Rate        *PairBody           `json:"satisfaction_rate,omitempty" doc:"left out where 基本满意 counts in one round only"`
	Score       *PairBody           `json:"satisfaction_score,omitempty"`
	Mean        *PairBody           `json:"mean,omitempty"`
	Shares      map[string]PairBody `json:"shares,omitempty"`
}

// ComparedBody sets a survey beside an earlier round of it.
type ComparedBody struct {
	SurveyID     string       `json:"survey_id"`
	Title        string       `json:"title"`
	OpensAt      time.Time    `json:"opens_at"`
	ClosesAt     time.Time    `json:"closes_at"`
	Base         int64        `json:"base" doc:"homes of the earlier round's audience"`
	Responses    int64        `json:"responses"`
	Rate         float64      `json:"response_rate"`
	FairlyCounts bool         `json:"fairly_counts"`
	Suppressed   bool         `json:"suppressed" doc:"fewer than five took part in one of them, anonymously"`
	Questions    []ChangeBody `json:"questions" doc:"those that both rounds have, by code and type"`
}

// Compared shows two rounds side by side; nothing where there is one.
func Compared(c *surveys.Comparison) *ComparedBody {
	if c == nil {
		return nil
	}
	v := c.Earlier.Survey
	body := &ComparedBody{
		SurveyID: v.ID, Title: v.Title, OpensAt: Time(v.OpensAt), ClosesAt: Time(v.ClosesAt), Base: c.Earlier.Base, Responses: c.Earlier.Responses,
		Rate: figure(c.Earlier.Rate), FairlyCounts: v.FairlyCounts, Suppressed: c.Hidden, Questions: make([]ChangeBody, 0, len(c.Changes)),
	}
	for _, change := range c.Changes {
		b := ChangeBody{
			Code: change.Question.Code, Type: string(change.Question.Type), Label: change.Question.Label, Valid: change.Valid, ValidBefore: change.ValidBefore,
			Rate: pairOf(change.Rate), Score: pairOf(change.Score), Mean: pairOf(change.Mean), Shares: map[string]PairBody{},
		}
		for _, s := range change.Shares {
			b.Shares[s.Code] = *pairOf(&s.Pair)
		}
		body.Questions = append(body.Questions, b)
	}
	return body
}

func pairOf(p *opinion.Pair) *PairBody {
	if p == nil {
		return nil
	}
	return &PairBody{figure(p.Now), figure(p.Before), figure(p.Change)}
}
