package surveys

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/opinion"
	"gongdi/service/document"
	"gongdi/service/fault"
)

// What is refused of a questionnaire in a workbook.
var (
	ErrNoHeader  = fault.New(fault.Invalid, "questionnaire_no_header", "没有找到表头：请保留一行列名，至少有“题型”和“题目”")
	ErrBadSheet  = fault.New(fault.Invalid, "questionnaire_has_errors", "问卷表格有误，没有导入；请按列出的位置修改")
	errReadBreak = errors.New("more questions than a questionnaire holds")
)

// column is what a column of the workbook holds.
type column int

const (
	sectionColumn column = iota
	codeColumn
	typeColumn
	labelColumn
	requiredColumn
	optionCodeColumn
	optionColumn
	leastColumn
	mostColumn
	minColumn
	maxColumn
	unitColumn
	ifColumn
	equalsColumn
	sensitiveColumn
	wishColumn
	columns
)

var heads = [columns]document.QuestionnaireColumn{
	sectionColumn: {Head: "分组", Width: 14}, codeColumn: {Head: "题号", Width: 14}, typeColumn: {Head: "题型", Width: 10}, labelColumn: {Head: "题目", Width: 46},
	requiredColumn: {Head: "必答", Width: 7}, optionCodeColumn: {Head: "选项编码", Width: 16}, optionColumn: {Head: "选项", Width: 30},
	leastColumn: {Head: "最少选几项", Width: 11}, mostColumn: {Head: "最多选几项", Width: 11}, minColumn: {Head: "最小值", Width: 9}, maxColumn: {Head: "最大值", Width: 9},
	unitColumn: {Head: "单位", Width: 8}, ifColumn: {Head: "显示条件：题号", Width: 15}, equalsColumn: {Head: "显示条件：答案", Width: 15},
	sensitiveColumn: {Head: "敏感信息", Width: 9}, wishColumn: {Head: "改造内容", Width: 9},
}

var typeWords = []struct {
	of   opinion.Type
	word string
}{
	{opinion.Single, "单选"}, {opinion.Multiple, "多选"}, {opinion.Satisfaction, "满意度"}, {opinion.Scale, "打分"}, {opinion.Ranking, "排序"},
	{opinion.Number, "数字"}, {opinion.Text, "文字"}, {opinion.YesNo, "是否"},
}

var notes = []string{
	"一、一道题占一行；有选项的，第一个选项写在同一行，其余选项写在下面各行，每行一个，题号、题型和题目不再填写。",
	"二、题型为：单选、多选、满意度（五级，选项不必填写）、打分（0—10）、排序、数字、文字、是否。“不清楚”是每道题都有的回答，不必列为选项。",
	"三、题号和选项编码用于统计，可以不填，系统自动编为 q1、q2……和 o1、o2……；同一问卷内题号不能重复，同一题内选项编码不能重复。",
	"四、必答、敏感信息、改造内容三列填“是”或留空。年龄、残疾、低保等填敏感信息，不能设为必答，填写时须单独勾选同意。",
	"五、最少、最多选几项用于多选题和排序题；最小值、最大值、单位用于数字题。",
	"六、只对前面某题答了某个答案的人显示的题，填写显示条件：题号是前面那道题的题号，答案是它的选项或选项编码、是或否、数字，或 unknown（不清楚）。",
	"七、请不要改动列名；列的先后可以调整。导入只替换草稿的题目，有一处错误就不导入。",
}

// WriteQuestionnaire writes questions as a workbook that ReadQuestionnaire
// takes back as they are.
func WriteQuestionnaire(w io.Writer, questions []opinion.Question, from document.Provenance) error {
	var rows [][]string
	for i := range questions {
		first := len(rows)
		rows = append(rows, questionRow(&questions[i]))
		for j, o := range questions[i].Options {
			if j > 0 {
				rows = append(rows, make([]string, columns))
			}
			rows[first+j][optionCodeColumn], rows[first+j][optionColumn] = o.Code, o.Label
		}
	}
	return document.Questionnaire(w, heads[:], rows, notes, from)
}

func questionRow(q *opinion.Question) []string {
	row := make([]string, columns)
	row[sectionColumn], row[codeColumn], row[typeColumn], row[labelColumn], row[unitColumn] = q.Section, q.Code, string(q.Type), q.Label, q.Unit
	for _, t := range typeWords {
		if t.of == q.Type {
			row[typeColumn] = t.word
		}
	}
	for at, yes := range map[column]bool{requiredColumn: q.Required, sensitiveColumn: q.Sensitive, wishColumn: q.Wish} {
		if yes {
			row[at] = "是"
		}
	}
	for at, n := range map[column]int{leastColumn: q.Least, mostColumn: q.Most} {
		if n != 0 {
			row[at] = strconv.Itoa(n)
		}
	}
	for at, limit := range map[column]*opinion.Decimal{minColumn: q.Min, maxColumn: q.Max} {
		if limit != nil {
			row[at] = limit.String()
		}
	}
	if q.ShowIf != nil {
		row[ifColumn], row[equalsColumn] = q.ShowIf.Question, said(q.ShowIf.Equals)
	}
	return row
}

func said(v opinion.Value) string {
	switch v.Kind {
	case opinion.Flag:
		return map[bool]string{true: "是", false: "否"}[v.Yes]
	case opinion.Numeral:
		return v.Number.String()
	case opinion.Word, opinion.List, opinion.Other:
	}
	return v.Text
}

// Import puts the questions of a workbook in the place of a draft's.
func (s *Service) Import(ctx context.Context, caller model.Caller, id string, src io.ReaderAt, size int64) (*model.Survey, error) {
	questions, err := ReadQuestionnaire(ctx, src, size)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(questions)
	if err != nil {
		return nil, fmt.Errorf("write down questions: %w", err)
	}
	return s.change(ctx, caller, id, "import", func(_ *gorm.DB, v *model.Survey) error {
		if v.Stage != model.SurveyDraft {
			return ErrNotDraft
		}
		v.Questions = string(text)
		return nil
	})
}

// TemplateOf is a questionnaire that comes with the program.
func TemplateOf(code string) (Template, error) {
	all, err := Templates()
	if err != nil {
		return Template{}, err
	}
	i := slices.IndexFunc(all, func(t Template) bool { return t.Code == code })
	if i < 0 {
		return Template{}, fault.Unknown("query.code", "没有这份模板")
	}
	return all[i], nil
}

var yesWords = []string{"是", "√", "✓", "1", "true", "yes", "y", "必答", "必填"}

func isYes(cell string) bool { return slices.Contains(yesWords, strings.ToLower(cell)) }
