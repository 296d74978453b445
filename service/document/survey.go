package document

import (
	"encoding/csv"
	"fmt"
	"io"
)

// SurveyReport are the figures of a survey as they are printed.
type SurveyReport struct {
	Title, Audience, Period, Unit, Rule string // Rule says how 满意率 and 满意度得分 were reckoned
	Base, Responses                     int64
	Rate                                string
	Few                                 bool // fewer than five took part in an anonymous survey
	Questions                           []SurveyQuestion
	Earlier                             *SurveyRound // nil for none
	From                                Provenance
}

// SurveyRound is an earlier round of a survey, and what changed since.
type SurveyRound struct {
	Title, Period, Rate, Rule string // Rule says what is not compared and why
	Base, Responses           int64
	Few                       bool // too few in one of the two
	Changes                   []SurveyChange
}

// SurveyChange is a figure of two rounds; of rates and shares the change is in
// percentage points.
type SurveyChange struct {
	Code, Label, Name  string
	Valid, ValidBefore int64
	Now, Before        string
	Change             int64 // in hundredths
}

// SurveyQuestion are the figures of one question.
type SurveyQuestion struct {
	Code, Type, Label       string
	Valid, Unknown, Missing int64
	Options                 []SurveyOption
	Marks                   []SurveyMark // 满意率, mean and the like
	Condition               string       // when it was shown; empty for always
}

// SurveyOption is how often an option was chosen; Share is in 0.01 per cent.
type SurveyOption struct {
	Code, Label string
	N, Share    int64
}

// SurveyMark is a figure of a question as a whole.
type SurveyMark struct{ Name, Value string }

// Coded are answers in codes, a response to a row.
type Coded struct {
	Head []string
	Rows [][]string
}

func share(hundredths int64) string { return fmt.Sprintf("%d.%02d%%", hundredths/100, hundredths%100) }

// SurveyBook writes figures, coded answers and the code book as .xlsx.
func SurveyBook(w io.Writer, r SurveyReport, c Coded) error {
	b := newBook(r.From)
	t := b.tab("统计结果", field{"题号", 12}, field{"题目", 40}, field{"选项或指标", 30}, field{"数量", 10}, field{"占有效回答", 14}, field{"有效", 10}, field{"不清楚", 10}, field{"未作答", 10})
	t.add("", r.Title+"（"+r.Audience+"）", "应答户数", r.Base, "", "", "", "")
	t.add("", r.Rule, "收回", r.Responses, r.Rate, "", "", "")
	for _, q := range r.Questions {
		for _, o := range q.Options {
			t.add(q.Code, q.Label, o.Label, o.N, share(o.Share), q.Valid, q.Unknown, q.Missing)
		}
		for _, m := range q.Marks {
			t.add(q.Code, q.Label, m.Name, "", m.Value, q.Valid, q.Unknown, q.Missing)
		}
		if len(q.Options)+len(q.Marks) == 0 {
			t.add(q.Code, q.Label, "", "", "", q.Valid, q.Unknown, q.Missing)
		}
	}
	t.end()
	if r.Earlier != nil {
		r.Earlier.tab(b, r)
	}
	fields := make([]field, 0, len(c.Head))
	for _, head := range c.Head {
		fields = append(fields, field{SafeText(head), 14})
	}
	t = b.tab("编码数据", fields...)
	for _, row := range c.Rows {
		cells := make([]any, 0, len(row))
		for _, cell := range row {
			cells = append(cells, cell)
		}
		t.add(cells...)
	}
	t.end()
	t = b.tab("编码本", field{"题号", 12}, field{"题型", 14}, field{"题目", 40}, field{"编码", 20}, field{"含义", 40}, field{"显示条件", 30})
	for _, q := range r.Questions {
		t.add(q.Code, q.Type, q.Label, "", "", q.Condition)
		for _, o := range q.Options {
			t.add(q.Code, q.Type, q.Label, o.Code, o.Label, "")
		}
	}
	t.add("", "", "", "unknown", "不清楚，不计入有效回答", "")
	t.add("", "", "", "（空）", "应答而未作答", "")
	t.add("", "", "", "NA", "按前面的回答未显示", "")
	t.end()
	about(b, r.Title, r.From, r.Rule)
	return b.finish(w)
}

// CodedCSV writes coded answers as a CSV that Excel opens rightly: with a byte
// order mark, and nothing that it takes for a formula.
func CodedCSV(w io.Writer, c Coded) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("write a CSV: %w", err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	for _, row := range append([][]string{c.Head}, c.Rows...) {
		safe := make([]string, 0, len(row))
		for _, cell := range row {
			safe = append(safe, guarded(cell))
		}
		if err := out.Write(safe); err != nil {
			return fmt.Errorf("write a CSV: %w", err)
		}
	}
	out.Flush()
	return out.Error()
}

// guarded leaves negative numbers what they are.
func guarded(cell string) string {
	if len(cell) > 1 && cell[0] == '-' && digitsOnly(cell[1:]) {
		return cell
	}
	return SafeText(cell)
}

func digitsOnly(text string) bool {
	for _, r := range text {
		if (r < '0' || r > '9') && r != '.' {
			return false
		}
	}
	return true
}

// SurveyPDF writes the figures as a report with bars: A4.
func SurveyPDF(w io.Writer, r SurveyReport) error {
	s, err := newSheet(r.Title + "结果报告")
	if err != nil {
		return fmt.Errorf("write a survey's report: %w", err)
	}
	s.title(r.Title, "结果报告")
	s.facts(breadth, fact{"调查范围", r.Audience}, fact{"调查时间", r.Period}, fact{"作答单位", r.Unit},
		fact{"应答与收回", fmt.Sprintf("应答 %d 户，收回 %d 份，应答率 %s", r.Base, r.Responses, r.Rate)}, fact{"计算口径", r.Rule})
	s.note(r.From.words())
	if r.Few {
		s.plain("匿名问卷收回不足五份，不公布结果。")
	}
	for _, q := range r.Questions {
		s.answersTo(q)
	}
	if r.Earlier != nil {
		s.round(r, r.Earlier)
	}
	s.skip(smallLead / 2)
	s.note("各项占比以有效回答为基数，四舍五入保留两位小数；多选题和排序题各项占比之和可以超过 100%。")
	return s.finish(w)
}

// answersTo sets the figures of a question. One that fits on a page stands on
// one; of a longer one the last bar stands with the figures of the whole.
func (s *sheet) answersTo(q SurveyQuestion) {
	said := fmt.Sprintf("有效 %d 份；不清楚 %d 份、未作答 %d 份，均不计入基数。", q.Valid, q.Unknown, q.Missing)
	marks := make([]string, 0, len(q.Marks))
	whole, end := s.headingHeight(q.Label)+s.noteHeight(said), 0.0
	for _, m := range q.Marks {
		marks = append(marks, m.Name+"："+m.Value)
		end += bodyLead * float64(len(s.measure(bodySize, breadth, 0).wrap(s.legible(m.Name+"："+m.Value))))
	}
	for _, o := range q.Options {
		whole += s.barHeight(o)
	}
	s.together(whole + end)
	s.heading(q.Label)
	s.note(said)
	for i, o := range q.Options {
		if i == len(q.Options)-1 {
			s.together(s.barHeight(o) + end)
		}
		s.bar(o)
	}
	for _, m := range marks {
		s.plain(m)
	}
}

// round sets figures beside those of the round before.
func (s *sheet) round(now SurveyReport, e *SurveyRound) {
	s.need(8 * bodyLead)
	s.heading("与上一轮比较")
	s.note("本轮" + now.Period + "，应答 " + of(now.Base, now.Responses, now.Rate) + "；上一轮《" + e.Title + "》" + e.Period + "，应答 " + of(e.Base, e.Responses, e.Rate) + "。" + e.Rule)
	if e.Few {
		s.plain("匿名问卷其中一轮收回不足五份，不作比较。")
		return
	}
	t := table{columns: []column{{"题目", 34, flushLeft}, {"指标或选项", 22, flushLeft}, {"上一轮", 13, centred}, {"本轮", 13, centred}, {"变化", 11, centred}, {"有效（上一轮／本轮）", 17, centred}}}
	for _, c := range e.Changes {
		t.rows = append(t.rows, []string{c.Label, c.Name, c.Before, c.Now, signed(c.Change), fmt.Sprintf("%d／%d", c.ValidBefore, c.Valid)})
	}
	s.table(t)
	s.note("按题号和题型都相同的题比较；变化为本轮减上一轮，比率和占比的变化为百分点。")
}

func signed(h int64) string {
	sign := "+"
	switch {
	case h == 0:
		sign = ""
	case h < 0:
		sign, h = "-", -h
	}
	return fmt.Sprintf("%s%d.%02d", sign, h/100, h%100)
}

func of(base, responses int64, rate string) string {
	return fmt.Sprintf("%d 户，收回 %d 份，应答率 %s", base, responses, rate)
}

func (e *SurveyRound) tab(b *book, now SurveyReport) {
	t := b.tab("两轮比较", field{"题号", 12}, field{"题目", 40}, field{"指标或选项", 30}, field{"上一轮", 12}, field{"本轮", 12}, field{"变化（百分点或分）", 18}, field{"上一轮有效", 12}, field{"本轮有效", 12})
	t.add("", e.Title+"（"+e.Period+"）", "上一轮应答", of(e.Base, e.Responses, e.Rate), "", "", "", "")
	t.add("", now.Title+"（"+now.Period+"）", "本轮应答", "", of(now.Base, now.Responses, now.Rate), "", "", "")
	if e.Rule != "" || e.Few {
		t.add("", e.Rule, map[bool]string{true: "其中一轮不足五份，不作比较", false: ""}[e.Few], "", "", "", "", "")
	}
	for _, c := range e.Changes {
		t.add(c.Code, c.Label, c.Name, c.Before, c.Now, hundredths(c.Change), c.ValidBefore, c.Valid)
	}
	t.end()
}

const barName, barFigures = 150.0, 92.0

// barLines is the label of a bar as it stands beside it.
func (s *sheet) barLines(o SurveyOption) []line {
	return s.measure(smallSize, barName-6, 0).wrap(s.legible(o.Label))
}

func (s *sheet) barHeight(o SurveyOption) float64 {
	return float64(max(len(s.barLines(o)), 1))*smallLead + 4
}

// bars draw a chart, on one page if it fits on one.
func (s *sheet) bars(options []SurveyOption) {
	whole := 0.0
	for _, o := range options {
		whole += s.barHeight(o)
	}
	s.together(whole)
	for _, o := range options {
		s.bar(o)
	}
}

// bar draws how often an option was chosen.
func (s *sheet) bar(o SurveyOption) {
	height := s.barHeight(o)
	s.need(height)
	for i, l := range s.barLines(o) {
		s.write(left, s.y+float64(i)*smallLead, smallLead, l.text, stroke{size: smallSize})
	}
	room := breadth - barName - barFigures
	s.shade(left+barName, s.y+2, room, smallLead-4, 240)
	if o.Share > 0 {
		s.shade(left+barName, s.y+2, room*min(float64(o.Share)/10_000, 1), smallLead-4, 120)
	}
	s.write(left+barName+room+6, s.y, smallLead, fmt.Sprintf("%d（%s）", o.N, share(o.Share)), stroke{size: smallSize})
	s.y += height
}
