package scheme

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gongdi/model/quantity"
)

var catalogue = []Content{{"water", true, false}, {"roof", true, false}, {"parking", false, false}, {"catering", false, true}}

func planned(code string, fen quantity.Fen) Line {
	return Line{Code: code, State: Planned, Estimate: fen}
}

func TestWhatComesLastIsNotPaidBeforeWhatComesFirst(t *testing.T) {
	sound := func(code string) Line { return Line{Code: code, State: Sound} }
	for _, c := range []struct {
		name   string
		own    Budget
		beside []Budget
		want   []Open
	}{
		{"nothing that comes last", Budget{Lines: []Line{planned("parking", 5)}}, nil, nil},
		{"what comes last is not paid", Budget{Lines: []Line{planned("catering", 0)}}, nil, nil},
		{"what comes last waits", Budget{Lines: []Line{{Code: "catering", State: Deferred, Estimate: 5}}}, nil, nil},
		{"nobody looked at pipes and roof", Budget{Lines: []Line{planned("catering", 5)}, Funds: 5}, nil, []Open{{"water", Unsaid}, {"roof", Unsaid}}},
		{"earmarked money counts as paid", Budget{Lines: []Line{planned("catering", 0)}, Earmarked: map[string]quantity.Fen{"catering": 1}}, nil, []Open{{"water", Unsaid}, {"roof", Unsaid}}},
		{"the roof waits", Budget{Lines: []Line{sound("water"), {Code: "roof", State: Deferred}, planned("catering", 5)}, Funds: 5}, nil, []Open{{"roof", IsDeferred}}},
		{"all is settled", Budget{Lines: []Line{sound("water"), planned("roof", 7), planned("catering", 5)}, Funds: 12}, nil, nil},
		{"a fen is missing", Budget{Lines: []Line{sound("water"), planned("roof", 7), planned("catering", 5)}, Funds: 11}, nil, []Open{{"roof", WithoutMoney}}},
		{"a fen is missing, but not of the roof", Budget{Lines: []Line{sound("water"), planned("roof", 7), planned("catering", 5)}, Funds: 4, Earmarked: map[string]quantity.Fen{"roof": 7}}, nil, nil},
		{"a roof without a price", Budget{Lines: []Line{sound("water"), planned("roof", 0), planned("catering", 5)}, Funds: 5}, nil, []Open{{"roof", WithoutMoney}}},
		{"the estate's scheme settles the pipes", Budget{Lines: []Line{sound("roof"), planned("catering", 5)}, Funds: 5}, []Budget{{Lines: []Line{planned("water", 3)}, Funds: 3}}, nil},
		{"the estate's scheme leaves them", Budget{Lines: []Line{sound("roof"), planned("catering", 5)}, Funds: 5}, []Budget{{Lines: []Line{planned("water", 3)}}}, []Open{{"water", WithoutMoney}}},
	} {
		var got []Open
		if w := Order(catalogue, c.own, c.beside...); w != nil {
			got = w.Open
			if !slices.Equal(w.Early, []string{"catering"}) {
				t.Errorf("%s: early %v", c.name, w.Early)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestTheDifferenceLeadsFromOneVersionToTheOther(t *testing.T) {
	codes := []string{"a", "b", "c", "d", "e"}
	version := rapid.Custom(func(t *rapid.T) []Line {
		var out []Line
		for _, code := range rapid.Permutation(codes).Draw(t, "order")[:rapid.IntRange(0, len(codes)).Draw(t, "n")] {
			out = append(out, Line{
				Code: code, State: rapid.SampledFrom([]State{Planned, Deferred, Sound}).Draw(t, "state"),
				Quantity: rapid.Int64Range(0, 2).Draw(t, "quantity"), Estimate: quantity.Fen(rapid.Int64Range(0, 2).Draw(t, "estimate")),
			})
		}
		return out
	})
	rapid.Check(t, func(t *rapid.T) {
		before, after := version.Draw(t, "before"), version.Draw(t, "after")
		if len(Diff(before, before)) != 0 {
			t.Fatal("a version differs from itself")
		}
		held := map[string]Line{}
		for _, l := range before {
			held[l.Code] = l
		}
		for _, c := range Diff(before, after) {
			was, there := held[c.Code]
			if there != (c.Before != nil) || there && was != *c.Before || c.Before == nil && c.After == nil {
				t.Fatalf("%s was %v, said to be %v", c.Code, was, c.Before)
			}
			if delete(held, c.Code); c.After != nil {
				held[c.Code] = *c.After
			}
		}
		if len(held) != len(after) {
			t.Fatalf("%v, want %v", held, after)
		}
		for _, l := range after {
			if held[l.Code] != l {
				t.Fatalf("%v, want %v", held, after)
			}
		}
	})
}
