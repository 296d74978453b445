package assess

// Kind is what a unit is.
type Kind string

// The kinds of units.
const (
	Community  Kind = "community"  // 社区
	Department Kind = "department" // 部门、单位
)

// Kinds lists them.
var Kinds = []Kind{Community, Department}

// An Indicator is one thing that a kind of unit is measured by: Num of Den, in
// the office's words.
type Indicator struct {
	Code     string
	Label    string
	Num, Den string
}

// The codes of the indicators.
const (
	CasesInTime    = "cases_in_time"
	CasesFirstTime = "cases_first_time"
	CasesSatisfied = "cases_satisfied"
	CasesKept      = "cases_kept"
	CasesCalled    = "cases_called_back"
	Participation  = "motion_participation"
	DoorsReached   = "doors_reached"
	SurveyContent  = "survey_satisfaction"
	Progress       = "project_progress"
	DecisionsDone  = "decisions_done"
	FaultsMended   = "faults_mended"
)

var all = map[string]Indicator{
	CasesInTime:    {CasesInTime, "诉求按期办结率", "按期答复", "按期答复与逾期之和"},
	CasesFirstTime: {CasesFirstTime, "一次办结率", "答复后没有要求重办", "已答复"},
	CasesSatisfied: {CasesSatisfied, "诉求满意率", "四星以上", "已评价（沉默不计）"},
	CasesKept:      {CasesKept, "派单不退率", "派单后没有退回", "期内派单"},
	CasesCalled:    {CasesCalled, "回访率", "已回访", "已答复且不在重办中"},
	Participation:  {Participation, "表决参与率", "参与表决的户（人）数", "期内截止的表决的名册户（人）数"},
	DoorsReached:   {DoorsReached, "入户送达率", "已参与、已送达或已走访", "期内截止的表决的名册户（人）数"},
	SurveyContent:  {SurveyContent, "群众满意率", "满意答复", "期内截止的满意度问题的有效答复（“不了解”除外）"},
	Progress:       {Progress, "项目进度按计划完成率", "不晚于计划日期完成的节点", "期内计划完成、已经到期或已经完成的项目节点（立项至移交）"},
	DecisionsDone:  {DecisionsDone, "联席会议议定事项按期完成率", "按期完成", "期内到期"},
	FaultsMended:   {FaultsMended, "督查问题按期整改率", "按期整改", "期内到期"},
}

// kinds are what each kind is measured by, in the order in which it is shown.
var kinds = map[Kind][]string{
	Community:  {CasesInTime, CasesSatisfied, CasesCalled, Participation, SurveyContent, DoorsReached, Progress, DecisionsDone, FaultsMended},
	Department: {CasesInTime, CasesFirstTime, CasesSatisfied, CasesKept, Progress, DecisionsDone, FaultsMended},
}

// Of lists the indicators of a kind.
func Of(kind Kind) []Indicator {
	out := make([]Indicator, 0, len(kinds[kind]))
	for _, code := range kinds[kind] {
		out = append(out, all[code])
	}
	return out
}
