package opinion

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"
)

// Answers are what one household or person answered, by the questions' codes.
type Answers map[string]Value

// LongestText is the longest answer in words, in characters.
const LongestText = 500

// CheckAnswers finds what is wrong with answers: an unknown question, one that
// was not shown, a value that the question does not take, a required one that
// is left empty, a sensitive one without its tick. Locations are under
// "body.answers". What was left empty is dropped.
func CheckAnswers(questions []Question, answers Answers, ticked []string) (Answers, []Finding) {
	var findings []Finding
	add := func(code, message string) {
		findings = append(findings, Finding{"body.answers." + code, message})
	}
	for _, code := range unasked(questions, answers) {
		add(clip(code), "没有这道题")
	}
	for i, code := range ticked {
		if j := slices.IndexFunc(questions, func(q Question) bool { return q.Code == code }); j < 0 || !questions[j].Sensitive {
			findings = append(findings, Finding{fmt.Sprintf("body.sensitive_consents[%d]", i), "这道题不需要单独同意"})
		}
	}
	kept, shown := Answers{}, Shown(questions, answers)
	for i := range questions {
		q := &questions[i]
		v, given := answers[q.Code]
		given = given && !v.Empty()
		switch {
		case !shown[i] && given:
			add(q.Code, "根据前面的回答，这道题不应作答")
		case shown[i] && !given && q.Required:
			add(q.Code, "这道题必须回答")
		case !given:
		case wrong(q, v) != "":
			add(q.Code, wrong(q, v))
		case q.Sensitive && !slices.Contains(ticked, q.Code):
			add(q.Code, "这道题涉及敏感个人信息，需要单独勾选同意")
		default:
			kept[q.Code] = v
		}
	}
	return kept, findings
}

// CheckBegun finds what is wrong with answers that are not yet whole: an
// unknown question, a value that the question does not take, a sensitive one
// without its tick. What is missing or not shown is no fault yet.
func CheckBegun(questions []Question, answers Answers, ticked []string) (Answers, []Finding) {
	var findings []Finding
	for _, code := range unasked(questions, answers) {
		findings = append(findings, Finding{"body.answers." + clip(code), "没有这道题"})
	}
	kept := Answers{}
	for _, q := range questions {
		v, given := answers[q.Code]
		q.Least = 0
		switch {
		case !given || v.Empty():
		case wrong(&q, v) != "":
			findings = append(findings, Finding{"body.answers." + q.Code, wrong(&q, v)})
		case q.Sensitive && !slices.Contains(ticked, q.Code):
			findings = append(findings, Finding{"body.answers." + q.Code, "这道题涉及敏感个人信息，需要单独勾选同意"})
		default:
			kept[q.Code] = v
		}
	}
	return kept, findings
}

func clip(code string) string {
	if r := []rune(code); len(r) > longestCode {
		return string(r[:longestCode]) + "…"
	}
	return code
}

func unasked(questions []Question, answers Answers) (codes []string) {
	for code := range answers {
		if !slices.ContainsFunc(questions, func(q Question) bool { return q.Code == code }) {
			codes = append(codes, code)
		}
	}
	sort.Strings(codes)
	return codes
}

// Shown says which questions answers lead to.
func Shown(questions []Question, answers Answers) []bool {
	return show(make([]bool, len(questions)), questions, parentsOf(questions), answers)
}

func show(shown []bool, questions []Question, parents []int, answers Answers) []bool {
	for i := range questions {
		q := &questions[i]
		if q.ShowIf == nil {
			shown[i] = true
			continue
		}
		v, given := answers[q.ShowIf.Question]
		shown[i] = parents[i] != i && shown[parents[i]] && given && meets(v, q.ShowIf.Equals)
	}
	return shown
}

// parentsOf says on which earlier question each depends; on none, itself.
func parentsOf(questions []Question) []int {
	parents, at := make([]int, len(questions)), make(map[string]int, len(questions))
	for i := range questions {
		parents[i] = i
		if q := &questions[i]; q.ShowIf != nil {
			if j, earlier := at[q.ShowIf.Question]; earlier {
				parents[i] = j
			}
		}
		at[questions[i].Code] = i
	}
	return parents
}

func meets(v, wanted Value) bool {
	if v.Kind == List {
		return wanted.Kind == Word && slices.Contains(v.Codes, wanted.Text)
	}
	return v.Kind == wanted.Kind && v.Text == wanted.Text && v.Number == wanted.Number && v.Yes == wanted.Yes && v.Kind != Other
}

// wrong says why a question does not take a value, and nothing if it does.
func wrong(q *Question, v Value) string {
	if v.unknown() && q.Type != Text {
		return ""
	}
	switch q.Type {
	case Single, Satisfaction:
		if v.Kind != Word || !has(q.Choices(), v.Text) {
			return "请选择列出的一项"
		}
	case Multiple, Ranking:
		return wrongList(q, v)
	case Scale:
		if v.Kind != Numeral || v.Number < 0 || v.Number > 10*DecimalUnit || v.Number%DecimalUnit != 0 {
			return "请填写 0 到 10 的整数"
		}
	case Number:
		return wrongNumber(q, v)
	case YesNo:
		if v.Kind != Flag {
			return "请回答是或否"
		}
	case Text:
		if v.Kind != Word || utf8.RuneCountInString(v.Text) > LongestText {
			return fmt.Sprintf("请填写文字，最长 %d 字", LongestText)
		}
		if strings.ContainsFunc(v.Text, unprintable) {
			return "不能含有不可见字符"
		}
	}
	return ""
}

func wrongList(q *Question, v Value) string {
	if v.Kind != List {
		return "请选择列出的选项"
	}
	seen := map[string]bool{}
	for _, code := range v.Codes {
		if !has(q.Options, code) {
			return "请选择列出的选项"
		}
		if seen[code] {
			return "同一选项不能重复"
		}
		seen[code] = true
	}
	switch {
	case len(v.Codes) < q.Least:
		return fmt.Sprintf("至少选择 %d 项", q.Least)
	case q.Most > 0 && len(v.Codes) > q.Most:
		return fmt.Sprintf("最多选择 %d 项", q.Most)
	}
	return ""
}

func wrongNumber(q *Question, v Value) string {
	switch {
	case v.Kind != Numeral:
		return "请填写数字，最多四位小数"
	case q.Min != nil && v.Number < *q.Min:
		return "不能小于 " + q.Min.String()
	case q.Max != nil && v.Number > *q.Max:
		return "不能大于 " + q.Max.String()
	}
	return ""
}
