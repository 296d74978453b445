package opinion_test

import (
	"fmt"
	"testing"

	"gongdi/model/rule/opinion"
)

func TestWishesAreRankedWithTheirBases(t *testing.T) {
	options := []opinion.Option{{Code: "lift", Label: "电梯"}, {Code: "roof", Label: "屋面"}, {Code: "gas", Label: "燃气"}}
	questions := []opinion.Question{
		{Code: "w", Type: opinion.Ranking, Label: "改造内容", Options: options, Wish: true},
		{Code: "s", Type: opinion.Multiple, Label: "服务", Options: []opinion.Option{{Code: "catering", Label: "助餐"}, {Code: "childcare", Label: "托幼"}}, Wish: true},
		{Code: "x", Type: opinion.Multiple, Label: "其他", Options: options},
	}
	list := func(codes ...string) opinion.Value { return opinion.Value{Kind: opinion.List, Codes: codes} }
	tally := opinion.NewTally(questions, false)
	tally.Add(opinion.Answers{"w": list("roof", "lift"), "s": list("catering"), "x": list("gas")})
	tally.Add(opinion.Answers{"w": list("roof")})
	tally.Add(opinion.Answers{"w": list("lift"), "s": list("catering", "childcare")})
	tally.Add(opinion.Answers{"w": opinion.Value{Kind: opinion.Word, Text: opinion.Unknown}})
	var got []string
	for _, w := range opinion.Wishes(tally.Figures()) {
		got = append(got, fmt.Sprint(w.Rank, w.Question, w.Code, w.Named, w.Valid, w.First, w.Points, int64(w.Share)))
	}
	// catering 2 of 2; roof 3+3 of 9; lift 2+3 of 9; childcare 1 of 2.
	want := fmt.Sprint([]string{
		fmt.Sprint(1, "s", "catering", 2, 2, 0, 2, 10_000), fmt.Sprint(2, "w", "roof", 2, 3, 2, 6, 6_667),
		fmt.Sprint(3, "w", "lift", 2, 3, 1, 5, 6_667), fmt.Sprint(4, "s", "childcare", 1, 2, 0, 1, 5_000),
	})
	if fmt.Sprint(got) != want {
		t.Errorf("%v\nwant %s", got, want)
	}
}
