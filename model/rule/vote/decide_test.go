package vote

import (
	"math"
	"testing"

	"gongdi/model/quantity"
)

// flats are so many heads with 80.00 m² each.
func flats(n int64) Count { return Count{Heads: n, Area: quantity.Area(n) * 8000} }

// off moves the area of a count by hundredths of a square metre.
func off(c Count, by quantity.Area) Count { return c.Add(Count{Area: by}) }

// TestBothSidesOfEveryEdge has a roll of 12 heads and 960.00 m² throughout.
func TestBothSidesOfEveryEdge(t *testing.T) {
	all := Willingness(Fraction{Num: 1, Den: 1}, Fraction{Num: 1, Den: 1}, Participants)
	ofRoll := Willingness(Fraction{Num: 2, Den: 3}, Fraction{Num: 1, Den: 2}, Roll)
	overHalfOfRoll := Willingness(Fraction{Num: 2, Den: 3}, Fraction{Num: 1, Den: 2, Strict: true}, Roll)
	for _, c := range []struct {
		name          string
		rule          Rule
		agree, oppose Count
		quorum, pass  bool
		want          Shortfall
	}{
		{"two thirds are two thirds or more", Special, flats(8), flats(0), true, true, Shortfall{Reachable: true}},
		{"one head short of two thirds", Special, Count{7, 64000}, flats(0), false, false,
			Shortfall{QuorumHeads: 1, ToPassHeads: 1, Reachable: true}},
		{"0.01 m² short of two thirds", Special, off(flats(8), -1), flats(0), false, false,
			Shortfall{QuorumArea: 1, ToPassArea: 1, Reachable: true}},
		{"0.01 m² above two thirds", Special, off(flats(8), 1), flats(0), true, true, Shortfall{Reachable: true}},

		{"three quarters are three quarters or more", Special, flats(9), flats(3), true, true, Shortfall{Reachable: true}},
		{"one head short of three quarters", Special, Count{8, 72000}, Count{4, 24000}, true, false,
			Shortfall{ApprovalHeads: 4, ToPassHeads: 4}},
		{"0.01 m² short of three quarters", Special, off(flats(6), -1), off(flats(2), 1), true, false,
			Shortfall{ApprovalArea: 4, ToPassArea: 4, Reachable: true}},
		{"0.01 m² above three quarters", Special, off(flats(6), 1), off(flats(2), -1), true, true, Shortfall{Reachable: true}},

		{"half is not more than half", Ordinary, flats(4), flats(4), true, false,
			Shortfall{ApprovalHeads: 1, ApprovalArea: 1, ToPassHeads: 1, ToPassArea: 1, Reachable: true}},
		{"0.01 m² above half", Ordinary, off(flats(5), -7999), flats(4), true, true, Shortfall{Reachable: true}},
		{"0.01 m² below half", Ordinary, off(Count{5, 32000}, -1), off(Count{4, 32000}, 1), true, false,
			Shortfall{ApprovalArea: 3, ToPassArea: 3, Reachable: true}},
		{"half of everyone is not more than half", Ordinary, flats(6), flats(6), true, false,
			Shortfall{ApprovalHeads: 1, ApprovalArea: 1, ToPassHeads: 1, ToPassArea: 1}},
		{"one head above half, all area against but that", Ordinary, Count{5, 48001}, Count{4, 47999}, true, true,
			Shortfall{Reachable: true}},

		{"an approval by all participants cannot be mended", all, flats(10), flats(2), true, false,
			Shortfall{ApprovalHeads: 2, ToPassHeads: 2}},
		{"all of all", all, flats(12), flats(0), true, true, Shortfall{Reachable: true}},
		{"all so far", all, flats(11), flats(0), false, false, Shortfall{QuorumHeads: 1, ToPassHeads: 1, Reachable: true}},

		{"half of the roll", ofRoll, flats(6), flats(2), true, true, Shortfall{Reachable: true}},
		{"one short of half of the roll", ofRoll, flats(5), flats(6), true, false,
			Shortfall{ApprovalHeads: 1, ToPassHeads: 1, Reachable: true}},
		{"one short with nobody left", ofRoll, flats(5), flats(7), true, false,
			Shortfall{ApprovalHeads: 1, ToPassHeads: 1}},
		{"half of the roll is not more than half", overHalfOfRoll, flats(6), flats(2), true, false,
			Shortfall{ApprovalHeads: 1, ToPassHeads: 1, Reachable: true}},

		{"nobody, special", Special, flats(0), flats(0), false, false,
			Shortfall{QuorumHeads: 8, QuorumArea: 64000, ApprovalHeads: 1, ApprovalArea: 1,
				ToPassHeads: 8, ToPassArea: 64000, Reachable: true}},
		{"nobody, ordinary", Ordinary, flats(0), flats(0), false, false,
			Shortfall{QuorumHeads: 8, QuorumArea: 64000, ApprovalHeads: 1, ApprovalArea: 1,
				ToPassHeads: 8, ToPassArea: 64000, Reachable: true}},
		{"nobody, all asked", all, flats(0), flats(0), false, false,
			Shortfall{QuorumHeads: 12, ApprovalHeads: 1, ToPassHeads: 12, Reachable: true}},
		{"nobody, share of the roll", ofRoll, flats(0), flats(0), false, false,
			Shortfall{QuorumHeads: 8, ApprovalHeads: 6, ToPassHeads: 8, Reachable: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := c.rule.Decide(Totals{Roll: flats(12), Agree: c.agree, Oppose: c.oppose})
			if got.QuorumMet != c.quorum || got.Passed != c.pass || got.Shortfall != c.want {
				t.Errorf("got %+v, want quorum %v, passed %v, %+v", got, c.quorum, c.pass, c.want)
			}
			approved := c.want.ApprovalHeads == 0 && c.want.ApprovalArea == 0
			if got.Approved != approved {
				t.Errorf("approved is %v", got.Approved)
			}
		})
	}
}

func TestAnEmptyRollDecidesNothing(t *testing.T) {
	for _, r := range []Rule{Special, Ordinary, DefaultWillingness} {
		got := r.Decide(Totals{})
		if got.QuorumMet || got.Approved || got.Passed || got.Outcome != NotPassed || got.Shortfall.Reachable {
			t.Errorf("%s: %+v", r.Code, got)
		}
	}
}

func TestDisputablePapersMayTurnTheVerdict(t *testing.T) {
	for _, c := range []struct {
		name                        string
		rule                        Rule
		agree, oppose, invalid, dis int64
		want                        Outcome
	}{
		{"one spoiled paper takes the three quarters away", Special, 6, 2, 1, 1, Undetermined},
		{"a forged one takes part in no reading", Special, 6, 2, 1, 0, Passed},
		{"one spoiled paper makes the quorum", Special, 7, 0, 1, 1, Undetermined},
		{"one spoiled paper changes nothing", Special, 8, 0, 1, 1, Passed},
		{"it fails in both readings", Special, 4, 4, 4, 4, NotPassed},
		{"it makes the quorum but takes the half away", Ordinary, 4, 3, 1, 1, NotPassed},
		{"exactly half of those who could be argued to take part", Ordinary, 5, 3, 2, 2, Undetermined},
		{"only spoiled papers", Ordinary, 0, 0, 12, 12, NotPassed},
	} {
		got := c.rule.Decide(Totals{
			Roll: flats(12), Agree: flats(c.agree), Oppose: flats(c.oppose),
			Invalid: flats(c.invalid), Disputable: flats(c.dis),
		})
		if got.Outcome != c.want {
			t.Errorf("%s: %s", c.name, got.Outcome)
		}
	}
}

func TestTheLargestRollDoesNotOverflow(t *testing.T) {
	const homes, each = 1_000_000, 1_000_000_000
	whole := func(n int64) Count { return Count{Heads: n, Area: quantity.Area(n) * each} }
	finest := Rule{
		Code: "special", Base: Participants,
		Quorum: Fraction{Num: 9_999, Den: 10_000}, Approval: Fraction{Num: 9_999, Den: 10_000},
	}
	exact := Totals{Roll: whole(homes), Agree: whole(homes - 100), Oppose: whole(100)}
	if !finest.Decide(exact).Passed {
		t.Error("exactly 9,999 of 10,000 agree")
	}
	exact.Agree, exact.Oppose = off(exact.Agree, -1), off(exact.Oppose, 1)
	if got := finest.Decide(exact); got.Passed || got.Shortfall.ApprovalArea != 10_000 {
		t.Errorf("0.01 m² less: %+v", got.Shortfall)
	}
	against := finest.Decide(Totals{Roll: whole(homes), Oppose: whole(homes)})
	if against.Shortfall.ApprovalArea != math.MaxInt64 || against.Shortfall.Reachable {
		t.Errorf("a need beyond any roll is the largest number: %+v", against.Shortfall)
	}
	absurd := Count{Heads: math.MaxInt64, Area: math.MaxInt64}
	if got := finest.Decide(Totals{Roll: absurd, Oppose: absurd}); got.Passed || got.Shortfall.ApprovalHeads != math.MaxInt64 {
		t.Errorf("the largest number of all: %+v", got.Shortfall)
	}
}
