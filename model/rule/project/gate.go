package project

import (
	"fmt"

	"gongdi/model/quantity"
)

// Step is one of the five steps of the policy (实施步骤).
//
// Law: 金府办〔2021〕140号 三.
type Step string

// The steps.
const (
	Survey       Step = "survey"       // 摸底调查
	Design       Step = "design"       // 设计
	Construction Step = "construction" // 项目建设
	Acceptance   Step = "acceptance"   // 工程验收、移交街道
	Evaluation   Step = "evaluation"   // 评估完善
)

// Steps are the five in their order.
var Steps = []Step{Survey, Design, Construction, Acceptance, Evaluation}

// StepNames are the office's words.
var StepNames = map[Step]string{Survey: "摸底调查", Design: "设计", Construction: "项目建设", Acceptance: "工程验收和移交", Evaluation: "评估完善"}

// Before is the step before, and whether there is one.
func (s Step) Before() (Step, bool) {
	for i, one := range Steps {
		if one == s && i > 0 {
			return Steps[i-1], true
		}
	}
	return "", false
}

// Outcome is where a vote stands, as a gate sees it.
type Outcome string

// The outcomes; the zero value is that there was none.
const (
	NoVote    Outcome = ""
	Pending   Outcome = "pending"
	Passed    Outcome = "passed"
	NotPassed Outcome = "not_passed"
)

// Facts are what the gates of one project are judged by.
type Facts struct {
	Today quantity.Date
	Done  map[Step]bool

	Verdict Verdict
	Willing Outcome // of the willingness survey as a motion
	// Answered of Asked homes came to the best attended closed survey of the estate.
	Answered, Asked int64

	Scheme     Outcome       // the owners' vote on the scheme
	ShownUntil quantity.Date // the last day of the scheme's publicity period
	Objections int           // written ones that stand
	Works      int           // lines of work
	Total      quantity.Fen  // the budget
	BySource   quantity.Fen  // what the sources come to
	Named      bool          // who is responsible: unit and person

	Reviewed, Tendered, AcceptanceReport, HandoverRecord bool // papers that are there

	Contractor                           string
	TenderOn, StartOn, DoneOn            quantity.Date // as it was
	OpenProblems                         int
	WorksDone                            int // hundredths of a percent
	Qualified                            bool
	AcceptedOn, ReportedOn, HandedOverOn quantity.Date

	Satisfaction bool   // a survey of satisfaction ended after acceptance
	Unmanaged    string // why long-term management is not settled; empty when it is
}

// AllDone is all of the works, in hundredths of a percent.
const AllDone = 10_000

// Gap is what a gate still needs.
type Gap struct{ Code, Message string }

// GapEligibility is the code of the gap that an estate was not found eligible.
const GapEligibility = "eligibility"

// Missing says precisely what a step still needs; nothing when it may be
// completed.
func (f Facts) Missing(step Step) []Gap {
	var g gaps
	if before, has := step.Before(); has {
		g.unless(f.Done[before], "step_before", "上一步“"+StepNames[before]+"”还没有完成")
	}
	switch step {
	case Survey:
		f.survey(&g)
	case Design:
		f.design(&g)
	case Construction:
		f.construction(&g)
	case Acceptance:
		f.acceptance(&g)
	case Evaluation:
		f.evaluation(&g)
	}
	return g
}

type gaps []Gap

func (g *gaps) unless(met bool, code, message string) {
	if !met {
		*g = append(*g, Gap{code, message})
	}
}

var verdictWords = map[Verdict]string{
	Incomplete: "改造对象资格还有情况没有排查", NotEligible: "小区不符合改造对象的条件", Excluded: "小区属于政策排除的范围", "": "改造对象资格还没有认定",
}

// survey: 「组织开展居民改造意愿调查工作，在群众改造意愿的基础上…提出改造建议」.
//
// Choice: a survey that is no motion reaches its base with two thirds of the
// homes, as a willingness motion does by default.
func (f Facts) survey(g *gaps) {
	g.unless(f.Verdict == Eligible, GapEligibility, verdictWords[f.Verdict])
	reached := f.Asked > 0 && f.Answered*3 >= f.Asked*2
	switch {
	case f.Willing == Passed || f.Willing == NoVote && reached:
	case f.Willing == NotPassed:
		g.unless(false, "willingness", "改造意愿调查没有通过")
	case f.Willing == Pending:
		g.unless(false, "willingness", "改造意愿调查还没有结果")
	case f.Asked > 0:
		g.unless(false, "willingness", fmt.Sprintf("意愿调查只有 %d 户作答，应达到 %d 户的三分之二", f.Answered, f.Asked))
	default:
		g.unless(false, "willingness", "还没有开展改造意愿调查")
	}
}

var schemeWords = map[Outcome]string{NoVote: "改造方案还没有交业主表决", Pending: "改造方案的表决还没有结果", NotPassed: "改造方案的表决没有通过"} //nolint:gosec // words of a finding

// design: 「先设计、拉清单、做预算、分责任、抓实施」.
func (f Facts) design(g *gaps) {
	g.unless(f.Scheme == Passed, "scheme", schemeWords[f.Scheme])
	switch {
	case f.ShownUntil == "":
		g.unless(false, "publicity", "改造方案还没有公示")
	case f.ShownUntil >= f.Today:
		g.unless(false, "publicity", "公示期到 "+string(f.ShownUntil)+" 为止，还没有结束")
	}
	g.unless(f.Objections == 0, "objections", fmt.Sprintf("还有 %d 件书面异议没有处理完", f.Objections))
	g.unless(f.Works > 0, "works", "台账没有改造内容清单")
	switch {
	case f.Total == 0:
		g.unless(false, "budget", "台账没有总投资")
	case f.BySource != f.Total:
		g.unless(false, "budget", fmt.Sprintf("各资金来源合计 %s 元，与总投资 %s 元不一致", f.BySource, f.Total))
	}
	g.unless(f.Named, "responsible", "台账没有责任单位和责任人")
}

// construction: 「建立项目台账，完成设计施工图预算评审，组织工程招标，确定施工单位」.
func (f Facts) construction(g *gaps) {
	g.unless(f.Reviewed, "budget_review", "还没有施工图预算评审的材料")
	g.unless(f.TenderOn != "" && f.Tendered, "tender", "还没有招标日期和中标（比选）材料")
	g.unless(f.Contractor != "", "contractor", "还没有确定施工单位")
	g.unless(f.StartOn != "", "started", "还没有开工日期")
	g.unless(f.DoneOn != "", "finished", "还没有完工日期")
	g.unless(f.WorksDone == AllDone, "works_done", fmt.Sprintf("形象进度 %d.%02d%%，还没有完成", f.WorksDone/100, f.WorksDone%100))
	g.unless(f.OpenProblems == 0, "problems", fmt.Sprintf("还有 %d 个问题没有销号", f.OpenProblems))
}

// acceptance: 「验收合格后，向县人民政府办公室上报验收情况；验收完成的小区应及时交付鼓场街道办事处接管」.
func (f Facts) acceptance(g *gaps) {
	g.unless(f.AcceptedOn != "", "accepted", "还没有验收日期")
	g.unless(f.Qualified, "qualified", "验收结论不是合格")
	g.unless(f.AcceptanceReport, "acceptance_report", "还没有上传验收报告")
	g.unless(f.ReportedOn != "", "reported", "还没有向县政府办公室上报")
	g.unless(f.HandedOverOn != "" && f.HandoverRecord, "handover", "还没有移交街道的日期和移交记录")
}

// evaluation: 「评估完善」, and the long-term management of 二(五).
func (f Facts) evaluation(g *gaps) {
	g.unless(f.Satisfaction, "satisfaction", "验收以后还没有完成满意度调查")
	g.unless(f.Unmanaged == "", "management", f.Unmanaged)
	g.unless(f.AcceptedOn != "", "warranty", "没有验收日期，保修期无法起算")
}

// Warranty is how long what was renewed is under warranty: the last days.
type Warranty struct {
	Waterproofing, Equipment quantity.Date
}

// WarrantyFrom reckons from the day of acceptance, the anniversary included;
// nothing runs from no day.
//
// Law: 建设工程质量管理条例 art. 40: 防水 five years; 电气管线、给排水管道、设备安装和
// 装修 two years; 「自竣工验收合格之日起计算」.
func WarrantyFrom(accepted quantity.Date) Warranty {
	if accepted == "" {
		return Warranty{}
	}
	last := func(years int) quantity.Date { return quantity.DateOf(accepted.Start().AddDate(years, 0, 0)) }
	return Warranty{Waterproofing: last(5), Equipment: last(2)}
}
