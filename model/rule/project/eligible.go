// Package project holds the rules of renewal projects (改造项目): which estates
// the policy is for, what each of its five steps needs, and how long warranty
// runs. It is pure and reads no clock.
package project

import "fmt"

// Aspect is one thing that the policy asks of an estate.
type Aspect string

// The aspects: what makes an estate one of the policy's, and what takes it out.
const (
	BuiltBefore       Aspect = "built_before"       // 2000年以前建成
	PoorConditions    Aspect = "poor_conditions"    // 居住环境条件差
	FacilitiesMissing Aspect = "facilities_missing" // 基础配套设施缺失
	Worn              Aspect = "worn"               // 住宅老旧或破损严重
	ManagementMissing Aspect = "management_missing" // 管理服务机制不健全
	StrongComplaints  Aspect = "strong_complaints"  // 群众反映强烈
	ShantyTown        Aspect = "shanty_town"        // 已纳入棚户区改造计划
	Rebuilding        Aspect = "rebuilding"         // 拟拆除新建
	SelfBuilt         Aspect = "self_built"         // 以居民自建住房为主
	UrbanVillage      Aspect = "urban_village"      // 城中村
)

// Rule is an aspect with its name and the words of the policy.
type Rule struct {
	Aspect   Aspect
	Name     string
	Clause   string
	Excludes bool // an estate of which it is true is none of the policy's
	Counted  bool // known without anybody's finding: the year, the cases
}

const (
	objects   = "金府办〔2021〕140号 二(一)：「县城（鼓场街道办事处）范围内2000年以前建成的居住环境条件差、基础配套设施缺失、住宅老旧或破损严重、管理服务机制不建全、群众反映强烈，且不宜整体拆除重建的住宅小区」"
	exclusion = "金府办〔2021〕140号 二(一)：「已纳入城镇棚户区改造计划、拟通过拆除新建（改建、扩建、翻建）实施改造的棚户区（居民住房），以及以居民自建住房为主的区域和城中村等，不属于城镇老旧小区范畴」"
)

// Rules are the policy's, in its order.
//
// Law: 金府办〔2021〕140号 二(一).
var Rules = []Rule{
	{BuiltBefore, "2000年以前建成", objects, false, true},
	{PoorConditions, "居住环境条件差", objects, false, false},
	{FacilitiesMissing, "基础配套设施缺失", objects, false, false},
	{Worn, "住宅老旧或破损严重", objects, false, false},
	{ManagementMissing, "管理服务机制不健全", objects, false, false},
	{StrongComplaints, "群众反映强烈", objects, false, true},
	{ShantyTown, "已纳入棚户区改造计划", exclusion, true, false},
	{Rebuilding, "拟整体拆除重建", exclusion, true, false},
	{SelfBuilt, "以居民自建住房为主", exclusion, true, false},
	{UrbanVillage, "城中村", exclusion, true, false},
}

// Answer is what is known of an aspect.
type Answer string

// The answers; the zero value is that nobody has looked.
const (
	Unknown Answer = ""
	Yes     Answer = "yes"
	No      Answer = "no"
)

// Estate is what an estate is judged by.
type Estate struct {
	BuiltYear *int
	// BuiltUntil is the last year that the street takes for 「2000年以前」.
	BuiltUntil int
	// Cases are those of a year, Strong how many are 群众反映强烈.
	Cases, Strong int64
	Found         map[Aspect]Answer
}

// Verdict is what a judgement comes to.
type Verdict string

// The verdicts.
const (
	Eligible    Verdict = "eligible"
	Incomplete  Verdict = "incomplete" // something is not known yet
	NotEligible Verdict = "not_eligible"
	Excluded    Verdict = "excluded" // of another programme, or no estate of the policy
)

// Point is the judgement of one aspect.
type Point struct {
	Rule
	Answer Answer
	Why    string
}

// Met reports whether the point speaks for the estate.
func (p Point) Met() bool { return p.Answer == Yes && !p.Excludes || p.Answer == No && p.Excludes }

// Judge says whether an estate is one of the policy's, point by point.
//
// Choice: the policy names its conditions one after the other, so all of them
// are asked; what nobody has looked at makes a judgement incomplete, not
// negative. Few cases say nothing: residents may have spoken elsewhere, and
// then a finding says where.
func Judge(e Estate) (Verdict, []Point) {
	points := make([]Point, 0, len(Rules))
	verdict := Eligible
	for _, r := range Rules {
		p := e.point(r)
		points = append(points, p)
		switch {
		case r.Excludes && p.Answer == Yes:
			verdict = Excluded
		case !r.Excludes && p.Answer == No && verdict != Excluded:
			verdict = NotEligible
		case p.Answer == Unknown && verdict == Eligible:
			verdict = Incomplete
		}
	}
	return verdict, points
}

func (e Estate) point(r Rule) Point {
	p := Point{Rule: r, Answer: e.Found[r.Aspect]}
	switch r.Aspect {
	case BuiltBefore:
		p.Answer, p.Why = e.built()
	case StrongComplaints:
		p.Why = fmt.Sprintf("近一年有效诉求 %d 件，%d 件以上为反映强烈", e.Cases, e.Strong)
		if e.Cases >= e.Strong {
			p.Answer = Yes
		}
	case PoorConditions, FacilitiesMissing, Worn, ManagementMissing, ShantyTown, Rebuilding, SelfBuilt, UrbanVillage:
		p.Why = map[Answer]string{Unknown: "尚未排查", Yes: "排查属实", No: "排查不属实"}[p.Answer]
	}
	return p
}

// built compares years. Whether the year 2000 itself is 「2000年以前」 is the
// street's to say: BuiltUntil 1999 takes it out, 2000 in.
func (e Estate) built() (Answer, string) {
	switch {
	case e.BuiltYear == nil:
		return Unknown, "名册没有建成年份"
	case *e.BuiltYear <= e.BuiltUntil:
		return Yes, fmt.Sprintf("%d 年建成，本街道计至 %d 年", *e.BuiltYear, e.BuiltUntil)
	default:
		return No, fmt.Sprintf("%d 年建成，晚于本街道计至的 %d 年", *e.BuiltYear, e.BuiltUntil)
	}
}
