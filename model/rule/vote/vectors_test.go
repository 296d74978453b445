package vote

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"gongdi/model/quantity"
)

type vector struct {
	Case       string
	Homes      []homes
	Households bool

	Roll, Participating, Agree     pair
	Special, Ordinary, Willingness *verdict
}

type homes struct {
	Each      int
	Area      quantity.Area `json:"area_m2"`
	Ballot    string
	Owner     string
	Developer bool
}

type verdict struct {
	QuorumMet bool `json:"quorum_met"`
	Approved  bool
	Outcome   Outcome
	Missing   pair
	Reachable bool
}

// A pair is [heads, square metres].
type pair Count

func (p *pair) UnmarshalJSON(b []byte) error {
	return json.Unmarshal(b, &[]any{&p.Heads, &p.Area})
}

func TestEveryVectorHolds(t *testing.T) {
	text, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Vectors []vector }
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Vectors) < 13 {
		t.Fatalf("only %d vectors", len(file.Vectors))
	}
	for _, v := range file.Vectors {
		t.Run(v.Case, v.check)
	}
}

func (v vector) check(t *testing.T) {
	totals := v.totals(t)
	for name, got := range map[string][2]Count{
		"roll":          {totals.Roll, Count(v.Roll)},
		"participating": {totals.Participating(), Count(v.Participating)},
		"agree":         {totals.Agree, Count(v.Agree)},
	} {
		if got[0] != got[1] {
			t.Errorf("%s is %v, want %v", name, got[0], got[1])
		}
	}
	for _, judged := range []struct {
		rule Rule
		want *verdict
	}{{Special, v.Special}, {Ordinary, v.Ordinary}, {DefaultWillingness, v.Willingness}} {
		if judged.want == nil {
			continue
		}
		r := judged.rule.Decide(totals)
		got := verdict{
			QuorumMet: r.QuorumMet, Approved: r.Approved, Outcome: r.Outcome,
			Missing:   pair{r.Shortfall.ToPassHeads, r.Shortfall.ToPassArea},
			Reachable: r.Shortfall.Reachable,
		}
		if got != *judged.want {
			t.Errorf("%s: got %+v, want %+v", judged.rule.Code, got, *judged.want)
		}
	}
}

// totals counts a vector by the road that a motion takes: parts, heads, ballots.
func (v vector) totals(t *testing.T) Totals {
	var parts []Part
	ballots := map[string]string{}
	for g, group := range v.Homes {
		for i := range group.Each {
			p := Part{ID: fmt.Sprintf("%d-%d", g, i), Area: group.Area, Developer: group.Developer}
			if group.Owner != "" {
				p.Owners, p.Known = []string{group.Owner}, true
			}
			ballots[p.ID] = group.Ballot
			parts = append(parts, p)
		}
	}
	voters := Heads(parts)
	if v.Households {
		voters = Households(parts)
	}
	var sum Totals
	for _, voter := range voters {
		if !sum.add(ballots[voter.Parts[0].ID], voter.Count()) {
			t.Fatalf("unknown ballot of %s", voter.Parts[0].ID)
		}
	}
	return sum
}

func (t *Totals) add(ballot string, c Count) bool {
	t.Roll = t.Roll.Add(c)
	switch ballot {
	case "agree":
		t.Agree = t.Agree.Add(c)
	case "oppose":
		t.Oppose = t.Oppose.Add(c)
	case "abstain":
		t.Abstain = t.Abstain.Add(c)
	case "spoiled":
		t.Invalid, t.Disputable = t.Invalid.Add(c), t.Disputable.Add(c)
	case "void":
		t.Invalid = t.Invalid.Add(c)
	case "none":
	default:
		return false
	}
	return true
}
