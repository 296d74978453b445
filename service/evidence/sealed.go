package evidence

import "gongdi/model/rule/vote"

// Sealed is a result as the office signs it (封存结果): what was asked and when,
// by which rule, of which roll, on which ballots, and what came of it.
type Sealed struct {
	Format  string  `json:"format"`
	Motion  Motion  `json:"motion"`
	Rule    Rule    `json:"rule"`
	Roll    Roll    `json:"roll"`
	Ballots Ballots `json:"ballots"`
	Tally   Tally   `json:"tally"`
	Result  Result  `json:"result"`
	Key     KeyName `json:"key"`
	// Corrected is there only when the roll was corrected after publishing.
	Corrected *Corrected `json:"corrected,omitempty"`
}

// Rule is the arithmetic that decided, with its source.
type Rule struct {
	Code      string   `json:"code"`
	Quorum    Fraction `json:"quorum"`
	Approval  Fraction `json:"approval"`
	Base      string   `json:"agree_base"`
	HeadsOnly bool     `json:"heads_only"`
	Citation  string   `json:"citation"`
}

// Fraction is Num/Den; Strict means more than that (过半数).
type Fraction struct {
	Num    int64 `json:"num"`
	Den    int64 `json:"den"`
	Strict bool  `json:"strict"`
}

func ruleOf(r vote.Rule) Rule {
	return Rule{
		Code: r.Code, Quorum: Fraction(r.Quorum), Approval: Fraction(r.Approval),
		Base: string(r.Base), HeadsOnly: r.HeadsOnly, Citation: r.Citation,
	}
}

func (r Rule) vote() vote.Rule {
	return vote.Rule{
		Code: r.Code, Quorum: vote.Fraction(r.Quorum), Approval: vote.Fraction(r.Approval),
		Base: vote.Base(r.Base), HeadsOnly: r.HeadsOnly, Citation: r.Citation,
	}
}

// Roll is the frozen roll in figures. Incomplete is how many of its voters have
// an owner or an area that is not known.
type Roll struct {
	Digest     string `json:"sm3"`
	Heads      int64  `json:"heads"`
	Area       Area   `json:"area_m2"`
	Incomplete int64  `json:"incomplete"`
}

// Ballots is how many versions were recorded, and where their chain ends.
type Ballots struct {
	Count     int64  `json:"versions"`
	ChainHead string `json:"chain_head"`
}

// KeyName says which key signed.
type KeyName struct {
	Name        string `json:"name"`
	Fingerprint string `json:"fingerprint"`
}

// Compose counts a motion from its final roll and its ballot versions alone,
// and says what the roll as published would have come to. The
// office's own tally must come to the same.
func Compose(m Motion, rule vote.Rule, roll []RollLine, corrections []Correction, lines []BallotLine) Sealed {
	s := Sealed{Format: resultFormat, Motion: m.normal(), Rule: ruleOf(rule), Roll: rollOf(m.ID, roll)}
	s.Ballots.ChainHead, s.Ballots.Count = Chain(m.ID, s.Roll.Digest, lines)
	s.Tally = Recount(m.Items, roll, lines)
	s.Result = resultOf(rule.Decide(s.Tally.Totals()))
	s.Corrected = correctedOf(m, rule, roll, corrections, lines)
	return s
}

func rollOf(motionID string, lines []RollLine) Roll {
	r := Roll{Digest: RollDigest(motionID, lines)}
	for _, l := range lines {
		r.Heads += l.Heads
		r.Area += l.Area
		if l.Incomplete {
			r.Incomplete++
		}
	}
	return r
}
