package surveys

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gongdi/model/rule/opinion"
	"gongdi/service/document"
	"gongdi/service/fault"
	"gongdi/service/roster"
)

// ReadQuestionnaire reads the questions of a workbook. It refuses with
// ErrNoHeader, with ErrBadSheet that names each wrong cell, and with what the
// reader of lists refuses.
func ReadQuestionnaire(ctx context.Context, src io.ReaderAt, size int64) ([]opinion.Question, error) {
	r := sheetReader{refusal: ErrBadSheet}
	if err := roster.Lines(ctx, src, size, r.line); err != nil && !errors.Is(err, errReadBreak) {
		return nil, err
	}
	if !r.headed {
		return nil, ErrNoHeader
	}
	r.nameAll()
	for i := range r.questions {
		r.condition(i)
	}
	for _, f := range opinion.Check(r.questions, "") {
		r.place(f)
	}
	if len(r.refusal.Fields) > 0 {
		return nil, r.refusal
	}
	return r.questions, nil
}

// asked is where a question stands in the workbook.
type asked struct {
	sheet       string
	row         int
	at          map[column]int
	options     []int // the rows of its options
	ifWhat, how string
}

type sheetReader struct {
	headed    bool
	sheet     string
	at        map[column]int // the columns of the sheet that is being read; nil before its head
	questions []opinion.Question
	places    []asked
	refusal   *fault.Error
}

func (r *sheetReader) line(sheet string, row int, cells []string) error {
	if sheet != r.sheet {
		r.sheet, r.at = sheet, nil
	}
	for i, cell := range cells {
		cells[i] = document.PlainText(strings.TrimSpace(cell))
	}
	if r.at == nil {
		r.at = headOf(cells)
		r.headed = r.headed || r.at != nil
		return nil
	}
	text := func(c column) string {
		if i, there := r.at[c]; there && i < len(cells) {
			return cells[i]
		}
		return ""
	}
	last := len(r.questions) - 1
	again := last >= 0 && text(labelColumn) == "" && text(typeColumn) == "" && (text(codeColumn) == "" || text(codeColumn) == r.questions[last].Code)
	if !again && text(codeColumn)+text(typeColumn)+text(labelColumn) != "" {
		if len(r.questions) > opinion.MostQuestions {
			return errReadBreak
		}
		r.question(row, text)
		last++
	}
	if text(optionCodeColumn)+text(optionColumn) == "" {
		return nil
	}
	if last < 0 {
		r.wrong(asked{sheet: sheet, at: r.at}, row, optionColumn, "这个选项上面没有题目")
		return nil
	}
	if q := &r.questions[last]; len(q.Options) <= opinion.MostOptions {
		q.Options = append(q.Options, opinion.Option{Code: text(optionCodeColumn), Label: text(optionColumn)})
		r.places[last].options = append(r.places[last].options, row)
	}
	return nil
}

// headOf finds the columns of a row of names; without the types and the
// questions it is none.
func headOf(cells []string) map[column]int {
	at := map[column]int{}
	for c := range columns {
		if i := slices.IndexFunc(cells, func(cell string) bool { return strings.Join(strings.Fields(cell), "") == heads[c].Head }); i >= 0 {
			at[c] = i
		}
	}
	_, types := at[typeColumn]
	_, labels := at[labelColumn]
	if !types || !labels {
		return nil
	}
	return at
}

func (r *sheetReader) question(row int, text func(column) string) {
	p := asked{sheet: r.sheet, row: row, at: r.at, ifWhat: text(ifColumn), how: text(equalsColumn)}
	q := opinion.Question{
		Code: text(codeColumn), Type: opinion.Type(text(typeColumn)), Label: text(labelColumn), Section: text(sectionColumn), Unit: text(unitColumn),
		Required: isYes(text(requiredColumn)), Sensitive: isYes(text(sensitiveColumn)), Wish: isYes(text(wishColumn)),
	}
	for _, t := range typeWords {
		if t.word == strings.TrimSuffix(text(typeColumn), "题") {
			q.Type = t.of
		}
	}
	for c, to := range map[column]*int{leastColumn: &q.Least, mostColumn: &q.Most} {
		if n, err := strconv.Atoi(cmp.Or(text(c), "0")); err == nil {
			*to = n
		} else {
			r.wrong(p, row, c, "应为整数")
		}
	}
	for c, to := range map[column]**opinion.Decimal{minColumn: &q.Min, maxColumn: &q.Max} {
		if text(c) == "" {
			continue
		}
		limit, err := opinion.ParseDecimal(text(c))
		if err != nil {
			limit = opinion.NoDecimal
		}
		*to = &limit
	}
	r.questions, r.places = append(r.questions, q), append(r.places, p)
}

// nameAll gives codes to what was written without.
func (r *sheetReader) nameAll() {
	for i := range r.questions {
		q := &r.questions[i]
		if q.Code == "" {
			q.Code = free("q", i+1, func(code string) bool {
				return slices.ContainsFunc(r.questions, func(o opinion.Question) bool { return o.Code == code })
			})
		}
		for j := range q.Options {
			o := &q.Options[j]
			if o.Code != "" {
				continue
			}
			if q.Type == opinion.Satisfaction && j < len(opinion.Grades) {
				o.Code = opinion.Grades[j].Code
				continue
			}
			o.Code = free("o", j+1, func(code string) bool {
				return slices.ContainsFunc(q.Options, func(p opinion.Option) bool { return p.Code == code })
			})
		}
	}
}

func free(letter string, n int, taken func(string) bool) string {
	for ; ; n++ {
		if code := letter + strconv.Itoa(n); !taken(code) {
			return code
		}
	}
}

// condition reads on which answer a question is shown. The earlier question
// and its option may be named by what they say.
func (r *sheetReader) condition(i int) {
	p, q := &r.places[i], &r.questions[i]
	switch {
	case p.ifWhat == "" && p.how == "":
		return
	case p.ifWhat == "":
		r.wrong(*p, p.row, ifColumn, "请填写前面那道题的题号")
		return
	}
	q.ShowIf = &opinion.Condition{Question: p.ifWhat, Equals: opinion.Value{Kind: opinion.Word, Text: p.how}}
	j := slices.IndexFunc(r.questions, func(o opinion.Question) bool { return o.Code == p.ifWhat })
	if j < 0 {
		j = slices.IndexFunc(r.questions, func(o opinion.Question) bool { return o.Label == p.ifWhat })
	}
	if j < 0 {
		return
	}
	q.ShowIf.Question, q.ShowIf.Equals = r.questions[j].Code, answerOf(&r.questions[j], p.how)
}

func answerOf(q *opinion.Question, how string) opinion.Value {
	word := opinion.Value{Kind: opinion.Word, Text: how}
	choices := q.Choices()
	switch {
	case how == opinion.Unknown:
		return word
	case q.Type == opinion.YesNo && (isYes(how) || slices.Contains([]string{"否", "0", "false", "no", "n"}, strings.ToLower(how))):
		return opinion.Value{Kind: opinion.Flag, Yes: isYes(how)}
	case q.Type == opinion.Scale || q.Type == opinion.Number:
		if n, err := opinion.ParseDecimal(how); err == nil {
			return opinion.Value{Kind: opinion.Numeral, Number: n}
		}
	}
	if slices.ContainsFunc(choices, func(o opinion.Option) bool { return o.Code == how }) {
		return word
	}
	for _, o := range choices {
		if o.Label == how {
			word.Text = o.Code
			return word
		}
	}
	if how == "不清楚" {
		word.Text = opinion.Unknown
	}
	return word
}

var foundAt = regexp.MustCompile(`^\[(\d+)\](?:\.options\[(\d+)\])?\.?(.*)$`)

var columnOf = map[string]column{
	"code": codeColumn, "label": labelColumn, "type": typeColumn, "section": sectionColumn, "options": optionColumn, "required": requiredColumn,
	"least": leastColumn, "most": mostColumn, "min": minColumn, "max": maxColumn, "wish": wishColumn, "show_if.question": ifColumn, "show_if.equals": equalsColumn,
}

// place says in which cell something is wrong.
func (r *sheetReader) place(f opinion.Finding) {
	m := foundAt.FindStringSubmatch(f.Location)
	if m == nil {
		r.add("body.file", f.Message)
		return
	}
	i, err := strconv.Atoi(m[1])
	if err != nil || i >= len(r.places) {
		r.add("body.file", f.Message)
		return
	}
	p, c := r.places[i], columnOf[m[3]]
	if j, err := strconv.Atoi(m[2]); err == nil && j < len(p.options) {
		r.wrong(p, p.options[j], map[column]column{codeColumn: optionCodeColumn, labelColumn: optionColumn}[c], f.Message)
		return
	}
	r.wrong(p, p.row, c, f.Message)
}

func (r *sheetReader) wrong(p asked, row int, c column, message string) {
	i, there := p.at[c]
	if !there {
		i, message = -1, fmt.Sprintf("%s：%s", heads[c].Head, message)
	}
	r.add(fmt.Sprintf("%s!%s%d", p.sheet, roster.Letters(i), row), message) // as a workbook names its cells
}

func (r *sheetReader) add(location, message string) {
	if len(r.refusal.Fields) < mostFindings {
		r.refusal = r.refusal.At(location, message)
	}
}
