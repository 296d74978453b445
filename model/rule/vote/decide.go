package vote

import (
	"math"
	"math/bits"

	"gongdi/model/quantity"
)

// Outcome is the verdict that people are shown.
type Outcome string

// The outcomes. Undetermined (待定) says that the verdict hangs on whether
// disputable papers take part, which is not the office's to settle.
const (
	Passed       Outcome = "passed"
	NotPassed    Outcome = "not_passed"
	Undetermined Outcome = "undetermined"
)

// A Shortfall is what is still missing, heads and area judged apart; a measure
// that is met misses 0. Areas are 0 under a rule that counts heads only.
type Shortfall struct {
	// What must still take part for the quorum.
	QuorumHeads int64
	QuorumArea  quantity.Area

	// What must still be added in agreement, by voters who have taken no part,
	// for the approval at the present count. An approval by all participants
	// cannot be mended so once someone dissents; then it is what dissents.
	ApprovalHeads int64
	ApprovalArea  quantity.Area

	// The larger need of the two stages, if all who come now agree.
	ToPassHeads int64
	ToPassArea  quantity.Area

	// Whether those who take no part, invalid ones included, are enough for
	// that: it would pass if all of them agreed.
	Reachable bool
}

// A Result is a vote judged by a rule. QuorumMet, Approved and Passed follow
// the literal reading, in which no invalid paper takes part.
type Result struct {
	QuorumMet, Approved, Passed bool
	Outcome                     Outcome
	Shortfall                   Shortfall
}

// Decide judges a count. When nobody takes part nothing is met. The Outcome is
// Undetermined where counting every disputable paper as taking part without
// agreeing would turn the verdict. A rule that is not Valid is met by nothing.
func (r Rule) Decide(t Totals) Result {
	if !r.Valid() {
		return Result{Outcome: NotPassed}
	}
	res := r.read(t)
	argued := t
	argued.Abstain = t.Abstain.Add(t.Disputable)
	switch {
	case r.read(argued).Passed != res.Passed:
		res.Outcome = Undetermined
	case res.Passed:
		res.Outcome = Passed
	default:
		res.Outcome = NotPassed
	}
	return res
}

// read judges one reading of the papers, without an outcome: the four
// comparisons of art. 278 para. 2, both measures at both stages.
func (r Rule) read(t Totals) Result {
	p := t.Participating()
	heads := r.judge(measure{roll: t.Roll.Heads, taking: p.Heads, agree: t.Agree.Heads})
	area := need{reachable: true}
	if !r.HeadsOnly {
		area = r.judge(measure{roll: int64(t.Roll.Area), taking: int64(p.Area), agree: int64(t.Agree.Area)})
	}
	res := Result{
		QuorumMet: heads.quorum == 0 && area.quorum == 0,
		Approved:  heads.approval == 0 && area.approval == 0,
		Shortfall: Shortfall{
			QuorumHeads:   heads.quorum,
			QuorumArea:    quantity.Area(area.quorum),
			ApprovalHeads: heads.approval,
			ApprovalArea:  quantity.Area(area.approval),
			ToPassHeads:   max(heads.quorum, heads.approval),
			ToPassArea:    quantity.Area(max(area.quorum, area.approval)),
			Reachable:     heads.reachable && area.reachable,
		},
	}
	res.Passed = res.QuorumMet && res.Approved
	return res
}

// A measure is one of the two ways of counting: heads, or area in 0.01 m².
type measure struct{ roll, taking, agree int64 }

// A need is what one measure still misses at each stage.
type need struct {
	quorum, approval int64
	reachable        bool
}

func (r Rule) judge(m measure) need {
	n := need{quorum: r.Quorum.missing(m.taking, m.roll)}
	mendable := true
	if r.Base == Roll {
		n.approval = r.Approval.missing(m.agree, m.roll)
	} else {
		n.approval, mendable = r.Approval.missingAgreement(m.agree, m.taking)
	}
	n.reachable = mendable && m.roll-m.taking >= max(n.quorum, n.approval)
	return n
}

// met says whether part reaches the fraction of whole: part × Den against
// Num × whole, nothing divided or rounded. No part meets nothing, be the whole
// empty too: where nobody takes part nothing is decided.
//
// A roll of 10⁶ homes of 10⁹ units times a denominator of 10⁴ is 10¹⁹, beyond
// an int64; the products are therefore kept in 128 bits and cannot overflow.
func (f Fraction) met(part, whole int64) bool {
	if part <= 0 {
		return false
	}
	partHi, partLo := bits.Mul64(uint64(part), uint64(f.Den))
	wholeHi, wholeLo := bits.Mul64(uint64(whole), uint64(f.Num))
	if partHi == wholeHi && partLo == wholeLo {
		return !f.Strict
	}
	return partHi > wholeHi || partHi == wholeHi && partLo > wholeLo
}

// missing is the least to be added to part so that it reaches the fraction of
// a whole that stays as it is.
func (f Fraction) missing(part, whole int64) int64 {
	if f.met(part, whole) {
		return 0
	}
	return max(1, least(whole, f.Num, f.Den, f.Strict)) - part
}

// missingAgreement is the least to be added to agree and to taking alike so
// that the one reaches the fraction of the other. Who dissents stays; agreement
// must come to Num for every Den−Num of them. It is false where all must agree
// and someone does not: no addition mends that, and the dissent itself is given.
func (f Fraction) missingAgreement(agree, taking int64) (int64, bool) {
	dissent := taking - agree
	switch {
	case f.met(agree, taking):
		return 0, true
	case dissent == 0:
		return 1, true // nobody has come yet; the first to agree is enough
	case f.Num == f.Den:
		return dissent, false
	}
	return least(dissent, f.Num, f.Den-f.Num, f.Strict) - agree, true
}

// least is the least whole number that is num/den of whole or more; when
// strict, more. Beyond what an int64 holds it is the largest int64: no roll has
// as much.
func least(whole, num, den int64, strict bool) int64 {
	hi, lo := bits.Mul64(uint64(whole), uint64(num))
	if hi >= uint64(den) {
		return math.MaxInt64
	}
	quotient, rest := bits.Div64(hi, lo, uint64(den))
	if quotient >= math.MaxInt64 {
		return math.MaxInt64
	}
	if strict || rest > 0 {
		quotient++
	}
	return int64(quotient)
}
