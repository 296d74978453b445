// Package vote is the law of deciding together: who is one voter, which ballot
// counts, and whether enough came and enough agreed. It is pure: whole numbers
// in, a verdict out, so that the office's tally and whoever checks a sealed
// result compute the same.
package vote

// A Fraction is Num/Den. Strict means "more than" (过半数); otherwise the
// number itself is enough (以上, Civil Code art. 1259).
type Fraction struct {
	Num, Den int64
	Strict   bool
}

// maxDen keeps ratios to what an office writes: hundredths of a percent.
const maxDen = 10_000

// Valid says whether f is a share that voters can reach: above nothing, at most
// the whole, with a denominator of at most 10,000. "More than the whole" is not.
func (f Fraction) Valid() bool {
	return 0 < f.Num && f.Num <= f.Den && f.Den <= maxDen && (f.Num < f.Den || !f.Strict)
}

// Base is what the approval is a share of.
type Base string

// The bases. An owners' vote always takes the participants (参与表决); a survey
// of willingness may ask for a share of all households on the roll.
const (
	Participants Base = "participants"
	Roll         Base = "roll"
)

// A Rule is what must be reached for a motion to pass: Quorum of the roll must
// take part and Approval of Base must agree, each by heads and by area.
// HeadsOnly leaves the areas out. Citation names its source, article by
// article, in the words that are printed. The zero Rule is met by nothing.
type Rule struct {
	Code             string
	Quorum, Approval Fraction
	HeadsOnly        bool
	Base             Base
	Citation         string
}

// Valid says whether motions can be decided by r: both fractions sound, the
// base known.
func (r Rule) Valid() bool {
	return r.Quorum.Valid() && r.Approval.Valid() && (r.Base == Participants || r.Base == Roll)
}

// What every owners' vote rests on beside its own sentence of art. 278.
const (
	citeQuorum = "《中华人民共和国民法典》第二百七十八条第二款：" +
		"「应当由专有部分面积占比三分之二以上的业主且人数占比三分之二以上的业主参与表决」；"
	citeInclusive = "第一千二百五十九条：「以上」包括本数；"
	citeMeasure   = "《最高人民法院关于审理建筑物区分所有权纠纷案件适用法律若干问题的解释》" +
		"（法释〔2009〕7号，法释〔2020〕17号修正）第八条（面积）、第九条（人数）。"
)

// Special decides items (6) to (8): raising maintenance funds, altering or
// rebuilding (lifts among it), other use of common parts.
//
// Law: Civil Code art. 278 para. 2, 「参与表决专有部分面积四分之三以上的业主且参与
// 表决人数四分之三以上的业主同意」.
var Special = Rule{
	Code:     "special",
	Quorum:   Fraction{Num: 2, Den: 3},
	Approval: Fraction{Num: 3, Den: 4},
	Base:     Participants,
	Citation: citeQuorum +
		"第一款第六项至第八项、第二款：「应当经参与表决专有部分面积四分之三以上的业主且参与表决人数四分之三以上的业主同意」；" +
		citeInclusive + citeMeasure,
}

// Ordinary decides the other items of art. 278, (1) to (5) and (9).
//
// Law: Civil Code art. 278 para. 2, 「参与表决专有部分面积过半数的业主且参与表决人数
// 过半数的业主同意」.
var Ordinary = Rule{
	Code:     "ordinary",
	Quorum:   Fraction{Num: 2, Den: 3},
	Approval: Fraction{Num: 1, Den: 2, Strict: true},
	Base:     Participants,
	Citation: citeQuorum +
		"第一款第一项至第五项、第九项、第二款：「应当经参与表决专有部分面积过半数的业主且参与表决人数过半数的业主同意」；" +
		citeInclusive + "「过半数」不包括本数；" + citeMeasure,
}

// DefaultWillingness is the survey of willingness (意愿调查) as it stands when
// the motion sets nothing: two thirds of the households answer, two thirds of
// those agree.
var DefaultWillingness = Willingness(Fraction{Num: 2, Den: 3}, Fraction{Num: 2, Den: 3}, Participants)

// Willingness is the policy's survey with the office's own ratios. It counts
// households, no areas, and decides nothing under art. 278.
func Willingness(quorum, approval Fraction, base Base) Rule {
	return Rule{
		Code:      "willingness",
		Quorum:    quorum,
		Approval:  approval,
		HeadsOnly: true,
		Base:      base,
		Citation: "《金沙县2021-2022年度城镇老旧小区改造工作方案》（金府办〔2021〕140号）第三部分第（一）项：" +
			"「组织开展居民改造意愿调查工作」；按户计算，一户一票，比例由本次征询公布；" +
			"不属于《中华人民共和国民法典》第二百七十八条规定的业主共同决定。",
	}
}
