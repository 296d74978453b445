package vote

import (
	"math"
	"math/big"
	"testing"

	"gongdi/model/quantity"

	"pgregory.net/rapid"
)

// anyFraction draws ratios of the law as often as others.
func anyFraction(t *rapid.T, label string) Fraction {
	f := rapid.SampledFrom([]Fraction{{2, 3, false}, {3, 4, false}, {1, 2, true}, {1, 1, false}, {}}).Draw(t, label)
	if f != (Fraction{}) {
		return f
	}
	f.Den = rapid.OneOf(rapid.Int64Range(1, 12), rapid.Int64Range(1, maxDen)).Draw(t, label+" den")
	f.Num = rapid.Int64Range(1, f.Den).Draw(t, label+" num")
	f.Strict = f.Num < f.Den && rapid.Bool().Draw(t, label+" strict")
	return f
}

func anyRule(t *rapid.T) Rule {
	return Rule{
		Quorum:    anyFraction(t, "quorum"),
		Approval:  anyFraction(t, "approval"),
		HeadsOnly: rapid.Bool().Draw(t, "heads only"),
		Base:      rapid.SampledFrom([]Base{Participants, Roll}).Draw(t, "base"),
	}
}

// anyTotals keeps counts small, where edges are dense, or large as a city's.
func anyTotals(t *rapid.T) Totals {
	areas := rapid.SampledFrom([]int64{4, 1000, 2e14}).Draw(t, "scale")
	count := func(label string) Count {
		return Count{
			Heads: rapid.Int64Range(0, 6).Draw(t, label),
			Area:  quantity.Area(rapid.Int64Range(0, areas).Draw(t, label+" area")),
		}
	}
	v := Totals{Agree: count("agree"), Oppose: count("oppose"), Abstain: count("abstain"), Disputable: count("disputable")}
	v.Invalid = v.Disputable.Add(count("void"))
	v.Roll = v.Participating().Add(v.Invalid).Add(count("silent"))
	return v
}

// reaches is the second implementation of a comparison, in ratios.
func (f Fraction) reaches(part, whole int64) bool {
	if whole == 0 || part == 0 {
		return false
	}
	order := big.NewRat(part, whole).Cmp(big.NewRat(f.Num, f.Den))
	return order > 0 || order == 0 && !f.Strict
}

// verdict is the second implementation of the law, with so many more heads and
// so much more area taking part, in agreement or not.
func (r Rule) verdict(v Totals, more, agreeing Count) (quorumHeads, quorumArea, approvalHeads, approvalArea bool) {
	p, a := v.Participating().Add(more), v.Agree.Add(agreeing)
	base := p
	if r.Base == Roll {
		base = v.Roll
	}
	quorumHeads, approvalHeads = r.Quorum.reaches(p.Heads, v.Roll.Heads), r.Approval.reaches(a.Heads, base.Heads)
	if r.HeadsOnly {
		return quorumHeads, true, approvalHeads, true
	}
	quorumArea = r.Quorum.reaches(int64(p.Area), int64(v.Roll.Area))
	approvalArea = r.Approval.reaches(int64(a.Area), int64(base.Area))
	return quorumHeads, quorumArea, approvalHeads, approvalArea
}

func TestAnyCountIsJudgedAsBySecondImplementation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, v := anyRule(t), anyTotals(t)
		got := r.Decide(v)
		qh, qa, ah, aa := r.verdict(v, Count{}, Count{})
		if got.QuorumMet != (qh && qa) || got.Approved != (ah && aa) || got.Passed != (qh && qa && ah && aa) {
			t.Fatalf("got %+v, want %v %v %v %v", got, qh, qa, ah, aa)
		}
		dh, da, eh, ea := r.verdict(v, v.Disputable, Count{})
		want := NotPassed
		switch argued := dh && da && eh && ea; {
		case argued != got.Passed:
			want = Undetermined
		case argued:
			want = Passed
		}
		if got.Outcome != want {
			t.Fatalf("outcome %s, want %s", got.Outcome, want)
		}
		silent := v.Roll.Sub(v.Participating())
		sh, sa, th, ta := r.verdict(v, silent, silent)
		if all := sh && sa && th && ta; got.Shortfall.Reachable != all {
			t.Fatalf("reachable is %v, but with everyone's agreement passed is %v", got.Shortfall.Reachable, all)
		}
	})
}

func TestAShortfallIsTheLeastThatMends(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, v := anyRule(t), anyTotals(t)
		s := r.Decide(v).Shortfall
		if s.ToPassHeads != max(s.QuorumHeads, s.ApprovalHeads) || s.ToPassArea != max(s.QuorumArea, s.ApprovalArea) {
			t.Fatalf("to pass is the larger need: %+v", s)
		}
		if r.HeadsOnly && (s.QuorumArea != 0 || s.ApprovalArea != 0) {
			t.Fatalf("no area is missing where heads are counted: %+v", s)
		}
		p := v.Participating()
		heads := measure{v.Roll.Heads, p.Heads, v.Agree.Heads}
		least := r.leastByTrial(heads)
		if least != [2]int64{s.QuorumHeads, s.ApprovalHeads} {
			t.Fatalf("heads: trial finds %v, got %+v", least, s)
		}
		if !r.HeadsOnly {
			r.mends(t, measure{int64(v.Roll.Area), int64(p.Area), int64(v.Agree.Area)}, [2]int64{int64(s.QuorumArea), int64(s.ApprovalArea)})
		}
	})
}

// approvalWith says whether the approval holds with x more in agreement.
func (r Rule) approvalWith(m measure, x int64) bool {
	if r.Base == Roll {
		return r.Approval.reaches(m.agree+x, m.roll)
	}
	return r.Approval.reaches(m.agree+x, m.taking+x)
}

// leastByTrial adds one by one.
func (r Rule) leastByTrial(m measure) [2]int64 {
	var found [2]int64
	for !r.Quorum.reaches(m.taking+found[0], max(1, m.roll)) {
		found[0]++
	}
	if r.beyondMending(m) {
		found[1] = m.taking - m.agree
		return found
	}
	m.roll = max(1, m.roll)
	for !r.approvalWith(m, found[1]) {
		found[1]++
	}
	return found
}

// beyondMending is an approval by all participants of whom some dissent.
func (r Rule) beyondMending(m measure) bool {
	return r.Base == Participants && r.Approval.Num == r.Approval.Den && m.taking > m.agree
}

// mends tries the need itself and one less, where trying all would take long.
func (r Rule) mends(t *rapid.T, m measure, need [2]int64) {
	if m.roll == 0 {
		m.roll = 1 // an empty roll misses its first
	}
	if !r.Quorum.reaches(m.taking+need[0], m.roll) || need[0] > 0 && r.Quorum.reaches(m.taking+need[0]-1, m.roll) {
		t.Fatalf("quorum: %d is not the least for %+v", need[0], m)
	}
	if r.beyondMending(m) {
		if need[1] != m.taking-m.agree {
			t.Fatalf("approval: %d is not the dissent of %+v", need[1], m)
		}
		return
	}
	if need[1] == math.MaxInt64 {
		return // TestTheLargestRollDoesNotOverflow
	}
	if !r.approvalWith(m, need[1]) || need[1] > 0 && r.approvalWith(m, need[1]-1) {
		t.Fatalf("approval: %d is not the least for %+v", need[1], m)
	}
}

func TestOneMoreAgreeingVoterNeverUnpasses(t *testing.T) {
	rank := map[Outcome]int{NotPassed: 0, Undetermined: 1, Passed: 2}
	rapid.Check(t, func(t *rapid.T) {
		r, v := anyRule(t), anyTotals(t)
		one := Count{Heads: 1, Area: quantity.Area(rapid.Int64Range(0, 1000).Draw(t, "area"))}
		v.Roll = v.Roll.Add(one)
		silent, opposed, agreed := v, v, v
		opposed.Oppose = v.Oppose.Add(one)
		agreed.Agree = v.Agree.Add(one)
		now := r.Decide(agreed)
		for before, was := range map[string]Result{"silent": r.Decide(silent), "opposed": r.Decide(opposed)} {
			if was.Passed && !now.Passed || rank[now.Outcome] < rank[was.Outcome] {
				t.Fatalf("%s before: %+v became %+v", before, was, now)
			}
		}
	})
}
