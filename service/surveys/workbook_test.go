package surveys

import (
	"bytes"
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gongdi/model/rule/opinion"
	"gongdi/service/document"
	"gongdi/service/fault"
	"gongdi/service/roster"
)

func read(t interface{ Context() context.Context }, file []byte) ([]opinion.Question, error) {
	return ReadQuestionnaire(t.Context(), bytes.NewReader(file), int64(len(file)))
}

func TestAQuestionnaireComesBackFromItsWorkbook(t *testing.T) {
	all, err := Templates()
	if err != nil {
		t.Fatal(err)
	}
	for _, template := range all {
		var file bytes.Buffer
		if err := WriteQuestionnaire(&file, template.Questions, document.Provenance{}); err != nil {
			t.Fatal(err)
		}
		if got, err := read(t, file.Bytes()); err != nil || !reflect.DeepEqual(got, template.Questions) {
			t.Errorf("%s: %v\n%+v\n%+v", template.Code, err, got, template.Questions)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		questions := someQuestions(t)
		if findings := opinion.Check(questions, ""); len(findings) > 0 {
			t.Fatalf("%+v: %v", questions, findings)
		}
		var file bytes.Buffer
		if err := WriteQuestionnaire(&file, questions, document.Provenance{}); err != nil {
			t.Fatal(err)
		}
		if got, err := read(t, file.Bytes()); err != nil || !reflect.DeepEqual(got, questions) {
			t.Errorf("%v\n%+v\n%+v", err, got, questions)
		}
	})
}

// someQuestions draws a sound questionnaire, with words that a sheet could
// take for something else.
func someQuestions(t *rapid.T) (questions []opinion.Question) {
	words := rapid.SampledFrom([]string{"=1+1", "-5", "007", "1.50", "是", "TRUE", "一、二", "两\n行", "'", "@甲", "多选"})
	for i := range rapid.IntRange(1, 8).Draw(t, "questions") {
		q := opinion.Question{
			Code: words.Filter(func(w string) bool { return !strings.Contains(w, "\n") }).Draw(t, "code") + string(rune('a'+i)), Label: words.Draw(t, "label"),
			Section: rapid.SampledFrom([]string{"", "=甲"}).Draw(t, "section"), Type: typeWords[rapid.IntRange(0, 7).Draw(t, "type")].of,
		}
		switch q.Type {
		case opinion.Single, opinion.Multiple, opinion.Ranking:
			for j := range rapid.IntRange(2, 4).Draw(t, "options") {
				q.Options = append(q.Options, opinion.Option{Code: []string{"=1", "-1", "o3", "01"}[j], Label: words.Draw(t, "option")})
			}
			if q.Type != opinion.Single {
				q.Most = rapid.IntRange(0, 2).Draw(t, "most")
				q.Least = rapid.IntRange(0, max(q.Most, 1)).Draw(t, "least")
				q.Most = max(q.Most, q.Least)
				q.Wish = rapid.Bool().Draw(t, "wish")
			}
		case opinion.Satisfaction:
			if rapid.Bool().Draw(t, "worded") {
				q.Options = []opinion.Option{{Code: "fairly", Label: "一般"}, {Code: opinion.Unknown, Label: "不了解"}}
			}
		case opinion.Number:
			least, most := opinion.Decimal(rapid.IntRange(-50_000, 0).Draw(t, "min")), opinion.Decimal(rapid.IntRange(1, 50_000).Draw(t, "max"))
			q.Min, q.Max, q.Unit = &least, &most, "元"
		case opinion.Text, opinion.YesNo, opinion.Scale:
		}
		q.Sensitive = rapid.Bool().Draw(t, "sensitive")
		q.Required = !q.Sensitive && rapid.Bool().Draw(t, "required")
		if i > 0 && rapid.Bool().Draw(t, "conditional") {
			if p := &questions[rapid.IntRange(0, i-1).Draw(t, "parent")]; p.Type != opinion.Text {
				q.ShowIf = &opinion.Condition{Question: p.Code, Equals: someAnswer(t, p)}
			}
		}
		questions = append(questions, q)
	}
	return questions
}

func someAnswer(t *rapid.T, q *opinion.Question) opinion.Value {
	if rapid.Bool().Draw(t, "unknown") {
		return opinion.Value{Kind: opinion.Word, Text: opinion.Unknown}
	}
	switch q.Type {
	case opinion.YesNo:
		return opinion.Value{Kind: opinion.Flag, Yes: rapid.Bool().Draw(t, "yes")}
	case opinion.Scale:
		return opinion.Value{Kind: opinion.Numeral, Number: opinion.Decimal(rapid.IntRange(0, 10).Draw(t, "n")) * opinion.DecimalUnit}
	case opinion.Number:
		return opinion.Value{Kind: opinion.Numeral, Number: *q.Min}
	case opinion.Single, opinion.Multiple, opinion.Ranking, opinion.Satisfaction, opinion.Text:
	}
	return opinion.Value{Kind: opinion.Word, Text: rapid.SampledFrom(q.Choices()).Draw(t, "option").Code}
}

// edited is a workbook as a clerk leaves it: rows of section, code, type, label,
// required, option code, option, least, most, condition, its answer.
func edited(t *testing.T, rows ...[]string) []byte {
	t.Helper()
	var file bytes.Buffer
	used := []column{sectionColumn, codeColumn, typeColumn, labelColumn, requiredColumn, optionCodeColumn, optionColumn, leastColumn, minColumn, ifColumn, equalsColumn}
	some := make([]document.QuestionnaireColumn, 0, len(used))
	for _, c := range used {
		some = append(some, heads[c])
	}
	if err := document.Questionnaire(&file, some, rows, notes, document.Provenance{}); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func TestAClerkWritesAQuestionnaireInASheet(t *testing.T) {
	got, err := read(t, edited(t,
		[]string{"一", "", "单选题", "是否愿意装电梯", "是", "", "愿意"},
		[]string{"", "", "", "", "", "", "不愿意"},
		[]string{"", "why", "文字", "为什么", "", "", "", "", "", "是否愿意装电梯", "不愿意"},
		[]string{"", "", "是否", "家中有老人吗", "", "", "", "", "", "q1", "不清楚"},
	))
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 3 || got[0].Code != "q1" || got[0].Type != opinion.Single || !got[0].Required || got[0].Options[1] != (opinion.Option{Code: "o2", Label: "不愿意"}) ||
		got[1].ShowIf.Question != "q1" || got[1].ShowIf.Equals.Text != "o2" || got[2].Code != "q3" || got[2].ShowIf.Equals.Text != opinion.Unknown {
		t.Errorf("%+v", got)
	}
}

func TestWrongCellsAreNamed(t *testing.T) {
	for name, c := range map[string]struct {
		rows [][]string
		at   string
	}{
		"no question at all":        {nil, "body.file"},
		"no such type":              {[][]string{{"", "a", "作文", "题"}}, "问卷!C2"},
		"no label":                  {[][]string{{"", "a", "是否", ""}}, "问卷!D2"},
		"a code twice":              {[][]string{{"", "a", "是否", "题"}, {"", "a", "是否", "题"}}, "问卷!B3"},
		"one option":                {[][]string{{"", "a", "单选", "题", "", "x", "甲"}}, "问卷!G2"},
		"an option's code twice":    {[][]string{{"", "a", "单选", "题", "", "x", "甲"}, {"", "", "", "", "", "x", "乙"}}, "问卷!F3"},
		"an option without a word":  {[][]string{{"", "a", "单选", "题", "", "x", "甲"}, {"", "", "", "", "", "y", ""}}, "问卷!G3"},
		"an option of nothing":      {[][]string{{"", "", "", "", "", "x", "甲"}}, "问卷!G2"},
		"half an option":            {[][]string{{"", "a", "多选", "题", "", "x", "甲", "1.5"}}, "问卷!H2"},
		"a limit in words":          {[][]string{{"", "a", "数字", "题", "", "", "", "", "十"}}, "问卷!I2"},
		"depends on a later one":    {[][]string{{"", "a", "是否", "题", "", "", "", "", "", "b", "是"}, {"", "b", "是否", "题"}}, "问卷!J2"},
		"depends on nothing":        {[][]string{{"", "a", "是否", "题", "", "", "", "", "", "", "是"}}, "问卷!J2"},
		"depends on what is not":    {[][]string{{"", "a", "是否", "题", "", "", "", "", "", "z", "是"}}, "问卷!J2"},
		"depends on no such answer": {[][]string{{"", "a", "是否", "题"}, {"", "b", "是否", "题", "", "", "", "", "", "a", "也许"}}, "问卷!K3"},
	} {
		_, err := read(t, edited(t, c.rows...))
		var refusal *fault.Error
		if !errors.As(err, &refusal) || !errors.Is(err, ErrBadSheet) || refusal.Fields[0].Location != c.at {
			t.Errorf("%s: %v %+v, want %s", name, err, refusal, c.at)
		}
	}
	many := make([][]string, 0, 3000)
	for range 3000 {
		many = append(many, []string{"", "", "是否", "题"})
	}
	if _, err := read(t, edited(t, many...)); !errors.Is(err, ErrBadSheet) {
		t.Errorf("three thousand questions: %v", err)
	}
	if _, err := read(t, []byte("PK")); !errors.Is(err, roster.ErrUnreadable) {
		t.Errorf("no workbook: %v", err)
	}
	var list bytes.Buffer
	if err := roster.Template(&list); err != nil {
		t.Fatal(err)
	}
	if _, err := read(t, list.Bytes()); !errors.Is(err, ErrNoHeader) {
		t.Errorf("a list of owners: %v", err)
	}
}
