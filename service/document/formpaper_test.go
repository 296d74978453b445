package document

import (
	"bytes"
	"strings"
	"testing"

	"gongdi/model/rule/opinion"
)

// TestAFormIsPrintedWithEveryQuestion and each page of it shows the paper's code.
func TestAFormIsPrintedWithEveryQuestion(t *testing.T) {
	p := papers(2)
	p.Motions = p.Motions[1:]
	p.Motions[0].Kind = Willingness
	some := []opinion.Option{{Code: "a", Label: "加装电梯"}, {Code: "b", Label: strings.Repeat("很长的选项", 12)}, {Code: "c", Label: "屋面防水"}}
	lowest, highest := opinion.Decimal(0), 300*opinion.DecimalUnit
	form := &PaperForm{Title: "入户意愿调查表", Intro: "请如实填写。"}
	for i, q := range []opinion.Question{
		{Type: opinion.Single, Options: some, Section: "基本情况", Required: true}, {Type: opinion.Multiple, Options: some, Least: 1, Most: 2},
		{Type: opinion.Satisfaction}, {Type: opinion.Scale}, {Type: opinion.Ranking, Options: some, Section: "改造内容", Most: 2},
		{Type: opinion.Number, Unit: "元", Min: &lowest, Max: &highest}, {Type: opinion.Text}, {Type: opinion.YesNo, Sensitive: true},
	} {
		q.Code, q.Label = string(rune('a'+i)), "第几问"+string(rune('A'+i))
		if i == 5 {
			q.ShowIf = &opinion.Condition{Question: "a", Equals: opinion.Value{Kind: opinion.Word, Text: "c"}}
		}
		form.Questions = append(form.Questions, q)
	}
	p.Motions[0].Form = form
	var file bytes.Buffer
	if err := BallotPapers(&file, p); err != nil {
		t.Fatal(err)
	}
	keep(t, "form.pdf", file.Bytes())
	pages := read(t, file.Bytes())
	text := body(pages)
	for _, want := range []string{"第几问A", "第几问H", "（第 1 题答“屋面防水”的填写；0 至 300）", "（按先后填 1、2、3……，最多 2 项）", "（可多选，至少 1 项，最多 2 项）", "非常不满意", "不清楚", "同意填写本题"} {
		if !strings.Contains(text, squeeze(want)) {
			t.Errorf("%q is not printed", want)
		}
	}
	keepsMargins(t, pages)
	for _, v := range p.Voters {
		shown := 0
		for i := range pages {
			if strings.Contains(feet(pages[i]), v.Code) {
				shown++
			}
		}
		if shown < 2 { // a form of two pages
			t.Errorf("%s is on %d pages", v.Code, shown)
		}
	}
}
