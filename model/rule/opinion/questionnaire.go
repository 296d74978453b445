// Package opinion holds the rules of surveys (意愿调查、满意度调查): what a sound
// questionnaire is, what a sound answer to it, and what is reckoned from
// answers. It is pure and reads no clock.
package opinion

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Type is what sort of question it is.
type Type string

// The types.
const (
	Single       Type = "single"       // 单选
	Multiple     Type = "multiple"     // 多选, with the least and the most
	Satisfaction Type = "satisfaction" // five steps
	Scale        Type = "scale"        // 0 to 10
	Ranking      Type = "ranking"      // the first named comes first; not all need be named
	Number       Type = "number"
	Text         Type = "text"
	YesNo        Type = "yesno"
)

// Unknown is the answer 「不清楚」: one of its own, and no option.
const Unknown = "unknown"

// Option is what can be chosen.
type Option struct {
	Code  string `json:"code"`
	Label string `json:"label"`
}

// Grades are the five steps of satisfaction, the best first, as the office
// words them.
var Grades = []Option{
	{"very_satisfied", "非常满意"}, {"satisfied", "满意"}, {"fairly", "基本满意"}, {"dissatisfied", "不满意"}, {"very_dissatisfied", "非常不满意"},
}

// Weights are what a grade scores (满意度得分), in the order of Grades.
var Weights = []int64{100, 80, 60, 40, 20}

// Condition shows a question only to those who answered an earlier one so; of
// several choices one of them is enough.
type Condition struct {
	Question string `json:"question"`
	Equals   Value  `json:"equals"`
}

// Question is one question.
type Question struct {
	Code      string     `json:"code"`
	Type      Type       `json:"type"`
	Label     string     `json:"label"`
	Section   string     `json:"section,omitempty"`
	Required  bool       `json:"required,omitempty"`
	Options   []Option   `json:"options,omitempty"`
	ShowIf    *Condition `json:"show_if,omitempty"`
	Least     int        `json:"least,omitempty"` // of several choices; 0 for none
	Most      int        `json:"most,omitempty"`  // 0 for all
	Min       *Decimal   `json:"min,omitempty"`   // of a number
	Max       *Decimal   `json:"max,omitempty"`
	Unit      string     `json:"unit,omitempty"`
	Sensitive bool       `json:"sensitive,omitempty"` // age, disability, 低保: optional, with a tick of its own (PIPL arts 28, 29)
	Wish      bool       `json:"wish,omitempty"`      // its options are contents of a renovation, which schemes are made from
}

// Finding is something wrong, and where.
type Finding struct{ Location, Message string }

// Limits of a questionnaire.
const (
	MostQuestions = 100
	MostOptions   = 60
	longestCode   = 32
	longestLabel  = 200
)

// Check finds what is wrong with a questionnaire; locations are under prefix,
// such as "body.questions". A question may depend on an earlier one only, and
// on an answer that it can have: so nothing goes in a circle and nothing is
// out of reach.
func Check(questions []Question, prefix string) []Finding {
	c := checker{prefix: prefix, at: map[string]int{}}
	switch {
	case len(questions) == 0:
		c.add("", "请至少设置一道题")
	case len(questions) > MostQuestions:
		c.add("", fmt.Sprintf("最多 %d 道题", MostQuestions))
	}
	for i, q := range questions {
		if _, again := c.at[q.Code]; !again {
			c.at[q.Code] = i
		}
	}
	for i := range questions {
		c.question(questions, i)
	}
	return c.findings
}

type checker struct {
	prefix   string
	at       map[string]int // the first question of a code
	findings []Finding
}

func (c *checker) add(place, message string) {
	c.findings = append(c.findings, Finding{c.prefix + place, message})
}

func (c *checker) question(all []Question, i int) {
	q, place := &all[i], fmt.Sprintf("[%d]", i)
	c.code(place+".code", q.Code)
	if first := c.at[q.Code]; first != i {
		c.add(place+".code", fmt.Sprintf("与第 %d 题的编码重复", first+1))
	}
	c.label(place+".label", q.Label)
	if utf8.RuneCountInString(q.Section) > longestLabel || utf8.RuneCountInString(q.Unit) > longestCode {
		c.add(place+".section", "分组或单位的名称过长")
	}
	if strings.ContainsFunc(q.Section+q.Unit, unprintable) {
		c.add(place+".section", "不能含有不可见字符")
	}
	switch q.Type {
	case Single, Multiple, Ranking:
		c.options(place, q)
	case Satisfaction:
		c.grades(place, q)
	case Scale, Number, Text, YesNo:
		if len(q.Options) > 0 {
			c.add(place+".options", "这种题型没有选项")
		}
	default:
		c.add(place+".type", "没有这种题型")
	}
	c.limits(place, q)
	if q.Sensitive && q.Required {
		c.add(place+".required", "涉及敏感个人信息的题不能设为必答")
	}
	if q.Wish && q.Type != Multiple && q.Type != Ranking {
		c.add(place+".wish", "改造内容应为多选题或排序题")
	}
	if q.ShowIf != nil {
		c.condition(all, i)
	}
}

func (c *checker) code(place, code string) {
	switch {
	case code == "":
		c.add(place, "请填写编码")
	case utf8.RuneCountInString(code) > longestCode:
		c.add(place, fmt.Sprintf("编码最长 %d 个字符", longestCode))
	case strings.ContainsFunc(code, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) || r == utf8.RuneError }):
		c.add(place, "编码不能含有空格或不可见字符")
	}
}

// unprintable is what no font draws and no workbook can hold, line breaks apart.
func unprintable(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }

func (c *checker) label(place, label string) {
	switch {
	case strings.TrimSpace(label) == "":
		c.add(place, "请填写文字")
	case utf8.RuneCountInString(label) > longestLabel:
		c.add(place, fmt.Sprintf("最长 %d 个字", longestLabel))
	case strings.ContainsFunc(label, unprintable):
		c.add(place, "不能含有不可见字符")
	}
}

func (c *checker) options(place string, q *Question) {
	least := 2
	if q.Type == Multiple {
		least = 1
	}
	switch {
	case len(q.Options) < least:
		c.add(place+".options", fmt.Sprintf("至少 %d 个选项", least))
	case len(q.Options) > MostOptions:
		c.add(place+".options", fmt.Sprintf("最多 %d 个选项", MostOptions))
	}
	seen := map[string]bool{}
	for j, o := range q.Options {
		at := fmt.Sprintf("%s.options[%d]", place, j)
		c.code(at+".code", o.Code)
		c.label(at+".label", o.Label)
		switch {
		case o.Code == Unknown:
			c.add(at+".code", "“不清楚”是每道题都有的回答，不必列为选项")
		case seen[o.Code]:
			c.add(at+".code", "选项编码重复")
		}
		seen[o.Code] = true
	}
}

// grades allows the steps to be written out, in whole or in part, with words
// of their own.
func (c *checker) grades(place string, q *Question) {
	seen := map[string]bool{}
	for j, o := range q.Options {
		at := fmt.Sprintf("%s.options[%d]", place, j)
		c.label(at+".label", o.Label)
		switch {
		case o.Code != Unknown && !has(Grades, o.Code):
			c.add(at+".code", "满意度题的选项是固定的五级")
		case seen[o.Code]:
			c.add(at+".code", "选项编码重复")
		}
		seen[o.Code] = true
	}
}

func (c *checker) limits(place string, q *Question) {
	several := q.Type == Multiple || q.Type == Ranking
	switch {
	case !several && (q.Least != 0 || q.Most != 0):
		c.add(place+".most", "只有多选题和排序题有最少、最多项数")
	case q.Least < 0 || q.Least > len(q.Options):
		c.add(place+".least", "最少项数应在选项数之内")
	case q.Most < 0 || q.Most > len(q.Options) || q.Most > 0 && q.Most < q.Least:
		c.add(place+".most", "最多项数应在最少项数与选项数之间")
	}
	switch {
	case q.Type != Number && (q.Min != nil || q.Max != nil || q.Unit != ""):
		c.add(place+".min", "只有数字题有单位和范围")
	case q.Min != nil && *q.Min == NoDecimal:
		c.add(place+".min", "请填写数字，最多四位小数")
	case q.Max != nil && *q.Max == NoDecimal:
		c.add(place+".max", "请填写数字，最多四位小数")
	case q.Min != nil && q.Max != nil && *q.Min > *q.Max:
		c.add(place+".max", "最大值不能小于最小值")
	}
}

func (c *checker) condition(all []Question, i int) {
	q, place := &all[i], fmt.Sprintf("[%d].show_if", i)
	j, known := c.at[q.ShowIf.Question]
	switch {
	case !known:
		c.add(place+".question", "没有这道题")
	case j == i:
		c.add(place+".question", "显示条件不能是本题自己")
	case j > i:
		c.add(place+".question", "显示条件只能是前面的题，不能循环")
	case all[j].Type == Text:
		c.add(place+".question", "文字题不能作为显示条件")
	case !possible(&all[j], q.ShowIf.Equals):
		c.add(place+".equals", "前面的题没有这个答案，本题永远不会显示")
	}
}

// possible reports whether some answer to q meets a condition.
func possible(q *Question, v Value) bool {
	if q.Type == Multiple || q.Type == Ranking {
		return v.Kind == Word && (v.Text == Unknown || has(q.Options, v.Text))
	}
	return wrong(q, v) == ""
}

func has(options []Option, code string) bool {
	for _, o := range options {
		if o.Code == code {
			return true
		}
	}
	return false
}

// Choices are the options of a question as they are counted.
func (q *Question) Choices() []Option {
	switch q.Type {
	case Satisfaction:
		return q.grades()
	case YesNo:
		return []Option{{"true", "是"}, {"false", "否"}}
	case Scale:
		out := make([]Option, 0, 11)
		for i := range 11 {
			out = append(out, Option{fmt.Sprint(i), fmt.Sprint(i)})
		}
		return out
	default:
		return q.Options
	}
}

// Say words an answer to a question, as somebody would read it out.
func Say(q *Question, v Value) string {
	codes := v.Codes
	switch v.Kind {
	case List:
	case Flag:
		codes = []string{strconv.FormatBool(v.Yes)}
	case Numeral:
		return v.Number.String() + q.Unit
	case Word, Other:
		codes = []string{v.Text}
	}
	said := make([]string, 0, len(codes))
	for _, code := range codes {
		label := code
		for _, o := range append(q.Choices(), Option{Unknown, "不清楚"}) {
			if o.Code == code {
				label = o.Label
			}
		}
		said = append(said, label)
	}
	return strings.Join(said, "、")
}

// grades are the five steps in the questionnaire's own words.
func (q *Question) grades() []Option {
	out := make([]Option, len(Grades))
	copy(out, Grades)
	for i := range out {
		for _, o := range q.Options {
			if o.Code == out[i].Code {
				out[i].Label = o.Label
			}
		}
	}
	return out
}
