package document

import (
	"fmt"
	"io"
	"strings"

	"gongdi/model/quantity"
)

// ProjectPaper is a project as its acceptance and handover are written of.
type ProjectPaper struct {
	Number, Name, Estate, Community, Address string
	Office, County                           string // the street's office, the county
	Buildings, Units, Households             int
	Area                                     quantity.Area
	Works                                    []ProjectWork
	Money                                    []ProjectMoney
	Total                                    quantity.Fen
	Party, Contractor, Supervisor, Designer  string
	Started, Finished, Accepted, HandedOver  quantity.Date
	Qualified                                bool
	Opinion, Receiver                        string
	Waterproofing, Equipment                 quantity.Date // last days of warranty
	OpenProblems                             int
	SharedWith                               []string // numbers of the estate's other projects, of which what was received is not told apart
	Papers                                   []string
	WrittenOn                                quantity.Date
	From                                     Provenance
}

// ProjectWork is a line of work.
type ProjectWork struct {
	Class, Item   string
	Planned, Done quantity.Amount // of one unit
}

// ProjectMoney is what a group of sources gives.
type ProjectMoney struct {
	Name              string
	Planned, Received quantity.Fen
}

// AcceptanceReport writes the report on an acceptance to 县政府办公室: A4.
//
// Law: 金府办〔2021〕140号 三(四): 「验收合格后，向县人民政府办公室上报验收情况」.
func AcceptanceReport(w io.Writer, p ProjectPaper) error {
	about, what := "关于"+p.Name, "验收情况的报告"
	s, err := newSheet(about + what)
	if err != nil {
		return fmt.Errorf("write an acceptance report: %w", err)
	}
	s.title(about, what)
	s.plain(p.County + "人民政府办公室：")
	s.paragraph("按照《金沙县2021-2022年度城镇老旧小区改造工作方案》（金府办〔2021〕140号）要求，" + p.Name + "已经完成建设并组织了工程验收，现将验收情况报告如下。")
	p.overview(s)
	s.heading("改造内容完成情况")
	p.done(s)
	s.heading("资金")
	p.money(s)
	s.heading("验收结论")
	s.verdict(map[bool]string{true: "验收合格", false: "未通过验收，整改后复验"}[p.Qualified])
	s.facts(breadth, fact{"验收日期", day(p.Accepted)}, fact{"验收意见", p.Opinion})
	if p.Qualified {
		p.warranty(s)
		s.paragraph("验收合格的小区交付" + p.Office + "接管，建立长效管理机制。")
	}
	s.endingSealed(p.From.words(), "（报告单位）", day(p.WrittenOn))
	return s.finish(w)
}

// HandoverRecord writes what the street takes over: A4, to be signed.
//
// Law: 金府办〔2021〕140号 三(四): 「验收完成的小区应及时交付鼓场街道办事处接管，以便建立长效管理机制」.
func HandoverRecord(w io.Writer, p ProjectPaper) error {
	s, err := newSheet(p.Name + "移交接管记录")
	if err != nil {
		return fmt.Errorf("write a handover record: %w", err)
	}
	s.title(p.Name, "移交接管记录")
	p.overview(s)
	s.heading("移交内容")
	p.done(s)
	s.heading("移交资料")
	if len(p.Papers) == 0 {
		s.plain("没有登记的资料。")
	}
	for i, title := range p.Papers {
		s.plain(fmt.Sprintf("%d. %s", i+1, title))
	}
	s.heading("验收和保修")
	s.facts(breadth, fact{"验收日期", day(p.Accepted)}, fact{"验收结论", map[bool]string{true: "合格", false: "整改后复验"}[p.Qualified]})
	p.warranty(s)
	s.paragraph("保修期内出现质量问题的，由施工单位负责维修，" + orElse(p.Party, "代建单位") + "负责督促。")
	s.need(14 * bodyLead)
	s.heading("移交")
	handed := "　　年　　月　　日"
	if p.HandedOver != "" {
		handed = day(p.HandedOver)
	}
	s.facts(breadth, fact{"移交日期", handed}, fact{"接管单位", p.Office}, fact{"接管人", p.Receiver}, fact{"遗留问题", fmt.Sprintf("%d 个", p.OpenProblems)})
	s.note(p.From.words())
	s.skip(bodyLead / 2)
	s.signatures(fact{"移交单位（建设、代建）", p.Party}, fact{"施工单位", p.Contractor}, fact{"接管单位", p.Office})
	return s.finish(w)
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func (p ProjectPaper) overview(s *sheet) {
	s.heading("项目概况")
	s.facts(breadth,
		fact{"项目编号", p.Number}, fact{"小区", p.Estate}, fact{"社区", p.Community}, fact{"地址", p.Address},
		fact{"规模", fmt.Sprintf("%d 栋、%d 个单元、%d 户，建筑面积 %s 平方米", p.Buildings, p.Units, p.Households, p.Area)},
		fact{"代建单位", p.Party}, fact{"施工单位", p.Contractor}, fact{"监理单位", p.Supervisor}, fact{"设计单位", p.Designer},
		fact{"工期", span(p.Started, p.Finished)})
}

func span(from, until quantity.Date) string {
	switch {
	case from == "" && until == "":
		return ""
	case until == "":
		return day(from) + "开工"
	case from == "":
		return day(until) + "完工"
	}
	return day(from) + "至" + day(until)
}

func (p ProjectPaper) done(s *sheet) {
	if len(p.Works) == 0 {
		s.plain("台账没有登记改造内容。")
		return
	}
	t := table{columns: []column{{"类别", 2, centred}, {"内容", 5, flushLeft}, {"单位", 1.6, centred}, {"计划", 2.4, centred}, {"完成", 2.4, centred}}}
	for _, work := range p.Works {
		t.rows = append(t.rows, []string{work.Class, work.Item, work.Planned.Unit, work.Planned.String(), work.Done.String()})
	}
	s.table(t)
}

func (p ProjectPaper) money(s *sheet) {
	t := table{columns: []column{{"来源", 3, flushLeft}, {"计划（元）", 4, centred}, {"到位（元）", 4, centred}}}
	planned, received := quantity.Fen(0), quantity.Fen(0)
	for _, m := range p.Money {
		t.rows = append(t.rows, []string{m.Name, m.Planned.String(), m.Received.String()})
		planned, received = planned+m.Planned, received+m.Received
	}
	s.plain("总投资 " + p.Total.String() + " 元。")
	if len(t.rows) > 0 {
		t.rows = append(t.rows, []string{"合计", planned.String(), received.String()})
		s.table(t)
		s.note("到位金额取自资金台账，截至" + day(p.WrittenOn) + "。")
		if len(p.SharedWith) > 0 {
			s.note("本小区还有项目 " + strings.Join(p.SharedWith, "、") + "，到位金额为全小区合计，没有按项目区分。")
		}
	}
}

func (p ProjectPaper) warranty(s *sheet) {
	s.facts(breadth, fact{"防水工程保修至", day(p.Waterproofing)}, fact{"设备、管线、装修保修至", day(p.Equipment)})
	s.note("依据《建设工程质量管理条例》第四十条：防水工程五年，电气管线、给排水管道、设备安装和装修工程两年，自竣工验收合格之日起计算。")
}
