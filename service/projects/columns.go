package projects

import (
	"slices"
	"strings"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/project"
	"gongdi/model/rule/vote"
	"gongdi/service/surveys"
	"gongdi/service/voting"
)

// column is one of the ledger's in Excel: how it is called, what it shows, and
// how a cell of it is read. One that is reckoned is not read.
type column struct {
	head  string
	also  []string
	width float64
	show  func(v *View) any
	read  func(r *reading, text string) string // what is wrong, for the person
}

// reading is a row under way: the entry that it changes and what the register
// and the ledger had.
type reading struct {
	entry    *Entry
	register Register
	stands   Register
	units    // of the column
	parties  map[string]string
}

const (
	numberHead = "项目编号"
	estateHead = "小区"
)

// section is a group of columns under one name.
type section struct {
	name    string
	columns []column
}

// sections are the ledger's columns in their order.
//
// Choice: names that other offices use; the county has published no form.
var sections = slices.Concat([]section{{"基本情况", []column{
	{numberHead, []string{"编号", "项目编码", "项目代码"}, 14, func(v *View) any { return v.Number }, func(*reading, string) string { return "" }},
	{"批次年份", []string{"批次", "年度", "年度批次", "改造年度", "年份"}, 10, func(v *View) any { return int64(v.BatchYear) }, func(r *reading, text string) string {
		return whole(text, "年份", func(n int) { r.entry.BatchYear = n })
	}},
	{estateHead, []string{"小区名称", "老旧小区名称"}, 18, func(v *View) any { return v.Estate }, func(*reading, string) string { return "" }},
	{"社区", []string{"所属社区", "社区名称"}, 14, func(v *View) any { return v.Community }, func(*reading, string) string { return "" }},
	text("项目名称", 30, 100, func(e *Entry) *string { return &e.Name }),
	text("地址", 24, 200, func(e *Entry) *string { return &e.Address }, "小区地址", "坐落"),
	{"建成年份", []string{"建成年代", "建造年份", "建成时间"}, 10, func(v *View) any { return maybe(v.Stands().BuiltYear) }, readBuilt},
	counted("楼栋数", func(g *Register) *int { return &g.Buildings }, func(e *Entry) **int { return &e.Buildings }, "栋数", "楼栋"),
	counted("单元数", func(g *Register) *int { return &g.Units }, func(e *Entry) **int { return &e.Units }, "单元"),
	counted("户数", func(g *Register) *int { return &g.Households }, func(e *Entry) **int { return &e.Households }, "涉及户数", "总户数"),
	{"建筑面积(m²)", []string{"建筑面积", "总建筑面积"}, 14, func(v *View) any { return v.Stands().Area }, readArea},
	text("数据更正理由", 20, 500, func(e *Entry) *string { return &e.OverrideReason }),
	{"产权性质", nil, 10, func(v *View) any { return model.Natures[v.Nature] }, func(r *reading, text string) string {
		return worded(text, model.Natures, func(n model.Nature) { r.entry.Nature = n })
	}},
	text("原产权单位", 20, 100, func(e *Entry) *string { return &e.OriginalUnit }, "产权单位"),
	{"有无维修资金", []string{"维修资金"}, 10, func(v *View) any { return fundWords[v.Fund] }, func(r *reading, text string) string {
		return worded(text, fundWords, func(f model.FundState) { r.entry.Fund = f })
	}},
	degree("经度", func(e *Entry) **quantity.Degree { return &e.Longitude }),
	degree("纬度", func(e *Entry) **quantity.Degree { return &e.Latitude }),
	text("改造前管理方式", 16, 100, func(e *Entry) *string { return &e.ManagedBefore }),
	text("改造后管理方式", 16, 100, func(e *Entry) *string { return &e.ManagedAfter }),
}}, {"资金来源", append([]column{{"总投资(元)", []string{"总投资", "项目总投资", "投资额"}, 16, func(v *View) any { return v.Total }, func(r *reading, text string) string {
	return money(r, text, func(f quantity.Fen) { r.entry.Total = f })
}}}, plannedColumns()...)}, {"到位资金", receivedColumns()}, {"责任分工", []column{
	text("责任单位", 18, 100, func(e *Entry) *string { return &e.ResponsibleUnit }),
	text("责任人", 10, 50, func(e *Entry) *string { return &e.ResponsiblePerson }),
}}}, dateSections(), []section{{"进度", []column{
	{"形象进度(%)", []string{"形象进度", "工程进度"}, 10, func(v *View) any { return quantity.Fen(v.WorksDone) }, func(r *reading, text string) string {
		return progress(r, text, &r.entry.WorksDone)
	}},
	{"支付进度(%)", []string{"支付进度", "资金支付进度"}, 10, func(v *View) any { return quantity.Fen(v.Paid) }, func(r *reading, text string) string {
		return progress(r, text, &r.entry.Paid)
	}},
}}, {"参建单位", []column{
	{"代建单位", []string{"实施单位"}, 18, func(v *View) any { return v.PartyName }, readParty},
	text("施工单位", 20, 100, func(e *Entry) *string { return &e.Contractor }),
	text("监理单位", 20, 100, func(e *Entry) *string { return &e.Supervisor }),
	text("设计单位", 20, 100, func(e *Entry) *string { return &e.Designer }),
}}, {"居民意见", consentColumns}, {"验收和问题", []column{
	{"验收结论", nil, 10, func(v *View) any { return resultWords[v.Result] }, nil},
	{"未销号问题", nil, 10, func(v *View) any { return int64(v.OpenProblems) }, nil},
	{"当前步骤", nil, 14, func(v *View) any { return project.StepNames[v.At()] }, nil},
	{"县级放行", nil, 30, func(v *View) any { return passes(v) }, nil},
}}})

var columns = func() (all []column) {
	for _, part := range sections {
		all = append(all, part.columns...)
	}
	return all
}()

// money reports whether a column holds amounts.
func (c column) money() bool { return strings.HasSuffix(c.head, "(元)") }

// falls reports whether an empty cell below others of a merged range says what
// they say.
func (c column) falls() bool {
	return slices.Contains([]string{"批次年份", estateHead, "社区"}, c.head)
}

var (
	fundWords   = map[model.FundState]string{model.HasFund: "有", model.HasNoFund: "无"}
	resultWords = map[model.AcceptanceResult]string{model.Qualified: "合格", model.ToRectify: "整改后复验"}
)

// consentColumns are what residents said, of sealed votes and surveys that are
// over: while a vote runs there is only that it does.
var consentColumns = slices.Concat(
	[]column{
		{"入户调查户数", nil, 10, func(v *View) any { return v.heard(func(c *Consents) any { return asked(c.Survey) }) }, nil},
		{"入户调查答复", nil, 10, func(v *View) any { return v.heard(func(c *Consents) any { return answered(c.Survey) }) }, nil},
	},
	voteColumns("意愿调查", "户数", func(c *Consents) voting.Stood { return c.Willing }),
	voteColumns("方案表决", "人数", func(c *Consents) voting.Stood { return c.Scheme }),
	[]column{
		{"满意度调查户数", nil, 10, func(v *View) any { return v.heard(func(c *Consents) any { return asked(c.Satisfaction) }) }, nil},
		{"满意度调查答复", nil, 10, func(v *View) any { return v.heard(func(c *Consents) any { return answered(c.Satisfaction) }) }, nil},
		{"满意率(%)", nil, 10, func(v *View) any {
			return v.heard(func(c *Consents) any {
				if c.Rate == nil {
					return ""
				}
				return quantity.Fen(*c.Rate)
			})
		}, nil},
	},
)

// heard shows something of what residents said, where that was asked for.
func (v *View) heard(show func(*Consents) any) any {
	if v.Consents == nil {
		return ""
	}
	return show(v.Consents)
}

func asked(e *surveys.Ended) any {
	if e == nil {
		return ""
	}
	return e.Survey.Base
}

func answered(e *surveys.Ended) any {
	if e == nil {
		return ""
	}
	return e.Answered
}

var outcomeWords = map[project.Outcome]string{project.Pending: "进行中", project.Passed: "通过", project.NotPassed: "未通过"}

func voteColumns(name, unit string, of func(*Consents) voting.Stood) []column {
	one := func(head string, show func(voting.Stood) any) column {
		return column{head, nil, 10, func(v *View) any { return v.heard(func(c *Consents) any { return show(of(c)) }) }, nil}
	}
	sealed := func(heads func(voting.Stood) int64) func(voting.Stood) any {
		return func(at voting.Stood) any {
			if at.Outcome == "" {
				return ""
			}
			return heads(at)
		}
	}
	return []column{
		one(name+"结果", func(at voting.Stood) any {
			if at.Outcome == vote.Undetermined {
				return "待定"
			}
			return outcomeWords[outcome(at)]
		}),
		one(name+"参与"+unit, sealed(func(at voting.Stood) int64 { return at.Totals.Participating().Heads })),
		one(name+"同意"+unit, sealed(func(at voting.Stood) int64 { return at.Totals.Agree.Heads })),
	}
}

// passes are the gates that the county let pass, with why.
func passes(v *View) string {
	var out []string
	for _, d := range v.Steps {
		if d.PassReason != "" {
			out = append(out, project.StepNames[d.Step]+"："+d.PassReason)
		}
	}
	return strings.Join(out, "；")
}

func maybe(n *int) any {
	if n == nil {
		return ""
	}
	return int64(*n)
}

func text(head string, width float64, most int, of func(*Entry) *string, also ...string) column {
	return column{head, also, width, func(v *View) any { return *of(&v.Entry) }, func(r *reading, text string) string {
		if len([]rune(text)) > most {
			return "太长"
		}
		*of(r.entry) = text
		return ""
	}}
}

func whole(text, what string, set func(int)) string {
	n, err := project.Whole(text)
	if err != nil {
		return what + "应为整数"
	}
	set(n)
	return ""
}

// counted is a number that the register has, too: what agrees with it, or with
// what stands, stays.
func counted(head string, of func(*Register) *int, override func(*Entry) **int, also ...string) column {
	return column{head, also, 8, func(v *View) any { r := v.Stands(); return int64(*of(&r)) }, func(r *reading, text string) string {
		if text == "" {
			return ""
		}
		return whole(text, head, func(n int) { follow(n, *of(&r.register), *of(&r.stands), override(r.entry)) })
	}}
}

// follow sets an override to what a cell says.
func follow[T comparable](said, register, stands T, override **T) {
	switch said {
	case stands:
	case register:
		*override = nil
	default:
		*override = &said
	}
}

func readBuilt(r *reading, text string) string {
	if text == "" {
		return ""
	}
	return whole(text, "建成年份", func(n int) {
		known := func(year *int) int {
			if year == nil {
				return 0
			}
			return *year
		}
		follow(n, known(r.register.BuiltYear), known(r.stands.BuiltYear), &r.entry.BuiltYear)
	})
}

func readArea(r *reading, text string) string {
	if text == "" {
		return ""
	}
	n, err := project.Hundredths(text, r.scale())
	if err != nil {
		return "面积应为最多两位小数的数字"
	}
	follow(quantity.Area(n), r.register.Area, r.stands.Area, &r.entry.Area)
	return ""
}

func degree(head string, of func(*Entry) **quantity.Degree) column {
	return column{head, nil, 12, func(v *View) any {
		if at := *of(&v.Entry); at != nil {
			return at.String()
		}
		return ""
	}, func(r *reading, text string) string {
		if text == "" {
			*of(r.entry) = nil
			return ""
		}
		d, err := quantity.ParseDegree(text)
		if err != nil {
			return "经纬度应为 106.223456 这样的度数"
		}
		*of(r.entry) = &d
		return ""
	}}
}

func worded[K comparable](text string, words map[K]string, set func(K)) string {
	var none K
	if text == "" {
		set(none)
		return ""
	}
	for k, w := range words {
		if w == text {
			set(k)
			return ""
		}
	}
	return "没有这一项"
}

func money(r *reading, text string, set func(quantity.Fen)) string {
	if text == "" {
		set(0)
		return ""
	}
	n, err := project.Hundredths(text, r.scale())
	if err != nil || quantity.Fen(n) > quantity.MaxFen {
		return "金额应为最多两位小数的数字"
	}
	set(quantity.Fen(n))
	return ""
}

// progress reads a percentage. A sheet keeps 85% as 0.85; where neither the
// cell nor its head says per cent, what is at most 1 is such a part.
func progress(r *reading, text string, into *int) string {
	number, signed := strings.CutSuffix(strings.ReplaceAll(text, "％", "%"), "%")
	scale := int64(1)
	if !signed && !r.percent && (strings.HasPrefix(number, "0.") || number == "1" || number == "1.0") {
		scale = 100
	}
	n, err := project.Hundredths(number, scale)
	if text == "" {
		n, err = 0, nil
	}
	if err != nil || n > project.AllDone {
		return "进度应为 0 至 100"
	}
	*into = int(n)
	return ""
}

func readParty(r *reading, text string) string {
	code, known := r.parties[text]
	if !known && text != "" {
		return "没有这个部门，代建单位应为责任部门的名称或者代码"
	}
	r.entry.Party = code
	return ""
}

func plannedColumns() (out []column) {
	for _, s := range model.InvestedSources {
		out = append(out, column{s.Name + "资金(元)", []string{s.Name + "资金", s.Name, s.Name + "出资", s.Name + "补助"}, 14, func(v *View) any { return v.Money[s.Source] }, func(r *reading, text string) string {
			return money(r, text, func(f quantity.Fen) { r.entry.Money[s.Source] = f })
		}})
	}
	return out
}

// receivedColumns are the ledger of money's own, and with whom they are shared.
func receivedColumns() (out []column) {
	for _, g := range model.MoneyGroups {
		out = append(out, column{g.Name + "到位(元)", nil, 14, func(v *View) any { return v.Received[g.Group] }, nil})
	}
	return append(out, column{"到位资金共用项目", nil, 16, func(v *View) any { return strings.Join(v.SharedWith, "、") }, nil})
}

func dateSections() (out []section) {
	for _, m := range model.Milestones {
		one := func(head string, also []string, of func(*model.ProjectDate) *quantity.Date) column {
			return column{head, also, 12, func(v *View) any { d := v.Dates[m.Milestone]; return string(*of(&d)) }, func(r *reading, text string) string {
				d, day := r.entry.Dates[m.Milestone], quantity.Date("")
				if text != "" {
					read, err := project.Day(text)
					if err != nil {
						return "日期应为 2021-03-05 这样的日子"
					}
					day = read
				}
				*of(&d) = day
				r.entry.Dates[m.Milestone] = d
				return ""
			}}
		}
		n := m.Name
		out = append(out, section{n, []column{
			one(n+"计划", []string{"计划" + n, "计划" + n + "时间", "计划" + n + "日期", n + "计划时间", n + "计划日期"}, func(d *model.ProjectDate) *quantity.Date { return &d.Planned }),
			one(n+"实际", []string{"实际" + n, "实际" + n + "时间", "实际" + n + "日期", n + "实际时间", n + "实际日期", n + "时间", n + "日期"}, func(d *model.ProjectDate) *quantity.Date { return &d.Actual }),
		}})
	}
	return out
}
