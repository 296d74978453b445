package project

import "gongdi/model/quantity"

// Renewal is what an estate and its projects have come to, as
// 应改造户数累计完成率 asks.
type Renewal struct {
	Verdict Verdict // of today
	// Entered says that a project's survey step was completed with the estate
	// found eligible.
	Entered bool
	// Accepted is the day of the first acceptance whose step, acceptance and
	// handover, was completed; empty for none.
	Accepted quantity.Date
}

// Counts says whether the homes of an estate are among those that should be
// renewed (应改造户数), and if so since which day among those that were (完成户数).
//
// Law: 金府办〔2021〕140号 一(三), 「全力提高城镇老旧小区应改造户数累计完成率」; who
// should is 二(一), what is done is 三(四), 「验收合格后…验收完成的小区应及时交付鼓场街道办事处接管」.
//
// Choice: the policy defines neither number. Found ineligible or excluded is
// out. What is not known yet takes no estate out, so that an unfinished survey
// never makes the rate look better; of an estate that nobody has looked at the
// year of completion alone can speak against it. The rate is cumulative (累计):
// an estate found eligible when its project began stays in, when the cases
// that spoke for it grow old, and stays done, whatever is found afterwards;
// only what is excluded before it was renewed leaves. A gate that the county
// let pass in spite of a verdict makes no estate eligible.
func (r Renewal) Counts() (due bool, done quantity.Date) {
	switch {
	case r.Entered && r.Accepted != "":
	case r.Verdict == Excluded:
		return false, ""
	case r.Entered:
	case r.Verdict != Eligible && r.Verdict != Incomplete:
		return false, ""
	}
	return true, r.Accepted
}
