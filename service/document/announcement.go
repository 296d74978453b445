package document

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// ResultPDF writes the announcement of a sealed result (表决结果公告,
// 意愿调查结果公告): A4, to be posted, with a place for the seal. The same
// result always gives the same bytes.
func ResultPDF(w io.Writer, r Result) error {
	a, err := newSheetOf(&r, "表决结果公告", "意愿调查结果公告")
	if err != nil {
		return fmt.Errorf("announce result: %w", err)
	}
	a.opening()
	a.motion()
	a.period()
	a.outcome()
	a.items()
	a.parts()
	a.corrections()
	a.intake()
	a.remarks()
	a.checking()
	a.rights()
	a.close()
	return a.finish(w)
}

// An announcement is the sheet of one result.
type announcement struct {
	*sheet
	r *Result
}

// newSheetOf begins a sheet about a motion, under the name that it has in an
// owners' vote or in a survey.
func newSheetOf(r *Result, vote, survey string) (*announcement, error) {
	subject, what := strings.TrimPrefix(r.Title, "关于"), vote
	if r.survey() {
		subject, what = strings.TrimSuffix(strings.TrimSuffix(subject, "意愿调查"), "的"), survey
	}
	about := "关于" + subject + "的"
	s, err := newSheet(about + what)
	if err != nil {
		return nil, err
	}
	s.title(about, what)
	return &announcement{s, r}, nil
}

func (a *announcement) opening() {
	r := a.r
	if r.survey() {
		a.plain(r.Scope + "全体居民：")
		a.paragraph(fmt.Sprintf("%s在%s范围内，就本公告所列事项按户开展了居民改造意愿调查。调查现已结束，结果已经封存，现予公告。", r.Convener, r.Scope))
		return
	}
	a.plain(r.Scope + "全体业主：")
	a.paragraph(fmt.Sprintf("%s作为召集人，在%s范围内，就本公告所列事项组织业主进行了表决。表决现已结束，结果已经封存，现予公告。", r.Convener, r.Scope))
}

func (a *announcement) motion() {
	r := a.r
	scope, question := "表决范围", "表决事项全文"
	if r.survey() {
		scope, question = "调查范围", "调查事项全文"
	}
	a.heading("事项")
	a.facts(breadth,
		fact{"事项名称", r.Title},
		fact{"所在小区", r.Estate},
		fact{scope, r.Scope},
		fact{"召集人", r.Convener},
		fact{"事项类别", r.procedure()},
		fact{"法定事项", r.Subject},
		fact{"计票规则", r.rule()},
		fact{"规则依据", r.Citation})
	if r.Text != "" {
		a.plain(question + "：")
		a.paragraph(r.Text)
	}
}

func (a *announcement) period() {
	p := a.r.Period
	a.heading("时间")
	facts := []fact{
		{"公告发布", instant(p.Published)},
		{"开始时间", instant(p.Opens)},
		{"截止时间", instant(p.Closes)},
		{"计票截止", instant(p.CountUntil)},
		{"结果封存", instant(p.Sealed)},
	}
	if p.EarlyReason != "" {
		facts = append(facts, fact{"提前截止", "是。理由：" + p.EarlyReason})
	}
	for _, e := range p.Extensions {
		facts = append(facts, fact{"截止延期", fmt.Sprintf("由%s延至%s。理由：%s", instant(e.From), instant(e.To), e.Reason)})
	}
	a.facts(breadth, facts...)
}

func (a *announcement) outcome() {
	r := a.r
	a.need(bodyLead * 11)
	a.heading("结果")
	a.verdict(r.verdict())
	if r.Outcome == Undetermined && r.UndeterminedReason != "" {
		a.paragraph("结果待定的原因：" + r.UndeterminedReason)
	}
	if r.survey() {
		a.facts(breadth,
			fact{"参与率", fmt.Sprintf("%s（参与%d户，共%d户）", percent(r.Participating.Heads, r.Roll.Heads), r.Participating.Heads, r.Roll.Heads)},
			fact{"参与户中同意的比例", fmt.Sprintf("%s（同意%d户，参与%d户）", percent(r.Agree.Heads, r.Participating.Heads), r.Agree.Heads, r.Participating.Heads)},
			fact{"全体户中同意的比例", fmt.Sprintf("%s（同意%d户，共%d户）", percent(r.Agree.Heads, r.Roll.Heads), r.Agree.Heads, r.Roll.Heads)})
	}
	a.skip(6)
	a.table(r.figures())
	a.table(r.requirements())
	a.note("百分比舍去两位小数以后的部分，不进位，仅供阅读；是否达到要求以整数直接比较，不以百分比比较。弃权计入参与、不计入同意；无效的不计入参与。")
}

func (a *announcement) items() {
	if len(a.r.Items) == 0 {
		return
	}
	a.heading("希望改造的内容")
	t := table{columns: []column{{"序号", 1, centred}, {"改造内容", 6, flushLeft}, {"选择户数", 2, centred}, {"占参与户数", 2, centred}}}
	if !a.r.survey() {
		t.columns[2].head, t.columns[3].head = "选择人数", "占参与人数"
	}
	for i, item := range a.r.Items {
		t.rows = append(t.rows, []string{fmt.Sprint(i + 1), item.Label, fmt.Sprint(item.Heads), percent(item.Heads, a.r.Participating.Heads)})
	}
	a.table(t)
	a.note("可以选择多项，各项之和不等于参与总数。")
}

func (a *announcement) parts() {
	r := a.r
	if len(r.Buildings)+len(r.Units)+len(r.Channels) == 0 {
		return
	}
	a.heading("分项统计")
	if !r.survey() {
		a.note("各格上行为人数，下行为专有部分面积（㎡）。同一业主有几处房屋的，计在其第一处房屋所在的楼栋和单元。")
	}
	for _, p := range []struct {
		name, head string
		parts      []Part
	}{{"分楼栋", "楼栋", r.Buildings}, {"分单元", "单元", r.Units}, {"分渠道", "渠道", r.Channels}} {
		if len(p.parts) > 0 {
			a.subheading(p.name)
			a.table(r.breakdown(p.head, p.parts))
		}
	}
	if slices.ContainsFunc(slices.Concat(r.Buildings, r.Units, r.Channels), func(p Part) bool { return p.Withheld }) {
		a.note("参与不足5人的楼栋、单元、渠道，以及会使其数字可以推算出来的，不分项公布，计入总数。")
	}
}
