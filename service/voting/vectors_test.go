package voting_test

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/vote"
	"gongdi/service/voting"
)

// vector is one of the cases that a jurist can read; here they are voted.
type vector struct {
	Case  string
	Homes []struct {
		Each      int
		Area      quantity.Area `json:"area_m2"`
		Ballot    string
		Owner     string
		Developer bool
	}
	Households                     bool
	Roll, Participating, Agree     pair
	Special, Ordinary, Willingness *verdict
}

type verdict struct {
	QuorumMet bool `json:"quorum_met"`
	Approved  bool
	Outcome   vote.Outcome
	Missing   pair
	Reachable bool
}

// A pair is [heads, square metres].
type pair vote.Count

func (p *pair) UnmarshalJSON(b []byte) error {
	return json.Unmarshal(b, &[]any{&p.Heads, &p.Area})
}

func TestEveryVectorComesOutOfRealBallots(t *testing.T) {
	text, err := os.ReadFile("../../model/rule/vote/testdata/vectors.json")
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
	each(t, func(t *testing.T, o *office) {
		for _, v := range file.Vectors {
			t.Run(v.Case, func(t *testing.T) { v.vote(o.during(t)) })
		}
	})
}

func (v vector) vote(o *office) {
	e := o.build(v.homes()...)
	for kind, want := range map[model.MotionKind]*verdict{model.Special: v.Special, model.Ordinary: v.Ordinary, model.Willingness: v.Willingness} {
		if want == nil {
			continue
		}
		b := o.open(e, func(d *voting.Draft) { d.Kind = kind })
		v.collect(b)
		got := b.finish()
		for _, c := range [][2]vote.Count{
			{got.Totals.Roll, vote.Count(v.Roll)}, {got.Totals.Participating(), vote.Count(v.Participating)}, {got.Totals.Agree, vote.Count(v.Agree)},
		} {
			if c[0] != c[1] {
				o.t.Errorf("%s: counted %v, want %v", kind, c[0], c[1])
			}
		}
		r := got.Result
		judged := verdict{r.QuorumMet, r.Approved, r.Outcome, pair{r.Shortfall.ToPassHeads, r.Shortfall.ToPassArea}, r.Shortfall.Reachable}
		if judged != *want {
			o.t.Errorf("%s: %+v, want %+v", kind, judged, *want)
		}
		if sealed := b.sealedResult(); sealed.Result.Outcome != want.Outcome || sealed.Tally.Totals() != got.Totals {
			o.t.Errorf("%s: sealed as %+v", kind, sealed.Tally)
		}
	}
}

func (v vector) homes() []home {
	var homes []home
	for g, group := range v.Homes {
		for i := range group.Each {
			h := home{at: fmt.Sprintf("1-%d-%d", g+1, i+1), area: group.Area}
			if group.Owner != "" {
				h.owners = []string{group.Owner}
			}
			if group.Developer {
				h.tenure = model.TenureDeveloperUnsold
			}
			homes = append(homes, h)
		}
	}
	return homes
}

// collect lets each voter vote once: choices on the phone, invalid ones on paper.
func (v vector) collect(b *meeting) {
	voted := map[string]bool{}
	for g, group := range v.Homes {
		for i := range group.Each {
			at := fmt.Sprintf("1-%d-%d", g+1, i+1)
			if voted[b.voters[at]] {
				continue
			}
			voted[b.voters[at]] = true
			switch group.Ballot {
			case "none":
			case "spoiled":
				b.enter(at, vote.Invalid)
			case "void":
				b.enter(at, vote.Invalid, invalid(model.InvalidNotOwner))
			default:
				b.cast(at, vote.Choice(group.Ballot))
			}
		}
	}
}
