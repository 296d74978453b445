package opinion_test

import (
	"fmt"
	"testing"

	"gongdi/model/rule/opinion"
)

func TestTwoRoundsAreComparedByCodeAndType(t *testing.T) {
	word := func(code string) opinion.Value { return opinion.Value{Kind: opinion.Word, Text: code} }
	figures := func(grades []string, last opinion.Type) []opinion.Figure {
		questions := []opinion.Question{{Code: "s", Type: opinion.Satisfaction, Label: "满意"}, {Code: "n", Type: opinion.Scale, Label: "推荐"}, {Code: "x", Type: last, Label: "其他"}}
		tally := opinion.NewTally(questions, false)
		for i, g := range grades {
			tally.Add(opinion.Answers{"s": word(g), "n": opinion.Value{Kind: opinion.Numeral, Number: opinion.Decimal(i) * opinion.DecimalUnit}})
		}
		return tally.Figures()
	}
	now, before := figures([]string{"very_satisfied", "satisfied", "fairly"}, opinion.YesNo), figures([]string{"satisfied", "dissatisfied", "unknown", "fairly"}, opinion.Text)
	got := opinion.Compare(now, before, true)
	if len(got) != 2 { // x is another question now
		t.Fatalf("%+v", got)
	}
	s, n := got[0], got[1]
	// 66.67 after 33.33; 80.00 after 60.00; each of three; 1.00 after 1.50 of three and four.
	if *s.Rate != (opinion.Pair{Now: 6667, Before: 3333, Change: 3334}) || *s.Score != (opinion.Pair{Now: 8000, Before: 6000, Change: 2000}) || s.Valid != 3 || s.ValidBefore != 3 {
		t.Errorf("%+v %+v %+v", s, *s.Rate, *s.Score)
	}
	if *n.Mean != (opinion.Pair{Now: 100, Before: 150, Change: -50}) || n.Valid != 3 || n.ValidBefore != 4 || fmt.Sprint(s.Shares[3].Pair) != "{0 3333 -3333}" {
		t.Errorf("%+v %+v", n, s.Shares)
	}
	if got := opinion.Compare(now, before, false); got[0].Rate != nil || got[0].Score == nil {
		t.Errorf("rates that are counted differently are compared: %+v", got[0])
	}
	if got := opinion.Compare(now, figures(nil, opinion.YesNo), true); got[0].Rate != nil || len(got[0].Shares) != 0 || len(got) != 3 {
		t.Errorf("%+v", got)
	}
}
