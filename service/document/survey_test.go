package document

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// dangerous are texts that Excel would take for formulas.
var dangerous = []string{"=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "＝1", " =HYPERLINK(\"http://x\")"}

// poisoned is a report whose every text is one of them.
func poisoned() (SurveyReport, Coded) {
	r := SurveyReport{Title: dangerous[0], Audience: dangerous[1], Period: "2026年", Rule: dangerous[2], Rate: "50.00%", Base: 2, Responses: 1}
	c := Coded{Head: append([]string{}, dangerous...), Rows: [][]string{append([]string{}, dangerous...)}}
	for _, text := range dangerous {
		r.Questions = append(r.Questions, SurveyQuestion{
			Code: text, Type: "single", Label: text, Valid: 1, Condition: text,
			Options: []SurveyOption{{Code: text, Label: text, N: 1, Share: 10_000}}, Marks: []SurveyMark{{text, text}},
		})
	}
	r.Earlier = &SurveyRound{Title: dangerous[0], Period: "2025年", Rate: "40.00%", Rule: dangerous[3], Base: 2, Responses: 1,
		Changes: []SurveyChange{{Code: dangerous[0], Label: dangerous[4], Name: dangerous[5], Valid: 1, ValidBefore: 1, Now: "1.00", Before: "2.00", Change: -100}}}
	return r, c
}

func TestNoCellOfASurveyIsAFormula(t *testing.T) {
	r, c := poisoned()
	var file bytes.Buffer
	if err := SurveyBook(&file, r, c); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&file)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(f.GetSheetList(), " "); got != "统计结果 两轮比较 编码数据 编码本 说明" {
		t.Error(got)
	}
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			for j, cell := range row {
				at, err := excelize.CoordinatesToCellName(j+1, i+1)
				if err != nil {
					t.Fatal(err)
				}
				formula, err := f.GetCellFormula(sheet, at)
				if err != nil || formula != "" || strings.IndexAny(strings.TrimSpace(cell), "=+@＝") == 0 || cell != "-1.00" && strings.HasPrefix(cell, "-") {
					t.Errorf("%s %s is %q %q: %v", sheet, at, cell, formula, err)
				}
			}
		}
	}
	if got, err := f.GetCellValue("两轮比较", "F5"); err != nil || got != "-1.00" {
		t.Errorf("the change is %q: %v", got, err)
	}
}

func TestNoCellOfACSVIsAFormula(t *testing.T) {
	_, c := poisoned()
	c.Rows = append(c.Rows, []string{"-5", "-0.25", "a,\"b\"\n行", "unknown", "", "NA", "é中"})
	var file bytes.Buffer
	if err := CodedCSV(&file, c); err != nil {
		t.Fatal(err)
	}
	text, marked := strings.CutPrefix(file.String(), "\ufeff")
	if !marked || !strings.Contains(text, "\r\n") {
		t.Error("Excel would not read it as UTF-8")
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) != 3 {
		t.Fatal(rows, err)
	}
	for _, row := range rows[:2] {
		for _, cell := range row {
			if !strings.HasPrefix(cell, "'") {
				t.Errorf("%q is a formula", cell)
			}
		}
	}
	if fmt.Sprint(rows[2]) != fmt.Sprint([]string{"-5", "-0.25", "a,\"b\"\n行", "unknown", "", "NA", "é中"}) {
		t.Errorf("%q", rows[2])
	}
}

// TestASurveysReportIsDrawn writes a long one, to be looked at with GONGDI_TEST_KEEP.
func TestASurveysReportIsDrawn(t *testing.T) {
	r := SurveyReport{Title: "临江花园老旧小区改造满意度调查（第二轮）", Audience: "鼓场街道", Period: "2026年3月1日至2026年3月15日", Unit: "一户一表",
		Rule: "满意率＝（非常满意＋满意）÷有效回答；满意度得分按 100、80、60、40、20 加权平均", Base: 1200, Responses: 1080, Rate: "90.00%"}
	long := SurveyQuestion{Code: "contents", Type: "ranking", Label: strings.Repeat("您家最希望改造的内容（按先后选三项，可以多选）", 4), Valid: 1000, Unknown: 50, Missing: 30}
	for i := range 34 {
		long.Options = append(long.Options, SurveyOption{Code: fmt.Sprint(i), Label: []string{"供水管网", "供电、通信、广电线路整治以及架空线规整入地和光纤入户改造", "加装电梯𬬭"}[i%3], N: int64(1000 - i*29), Share: int64(10_000 - i*290)})
	}
	long.Marks = []SurveyMark{{"排序第 1", "加装电梯（2900 分，首选 300 次）"}, {"排序第 2", "供水管网（2700 分，首选 120 次）"}}
	r.Questions = []SurveyQuestion{{Code: "s", Type: "satisfaction", Label: "您对本次改造总体是否满意", Valid: 1000, Options: []SurveyOption{{Label: "非常满意", N: 600, Share: 6000}, {Label: "满意", N: 400, Share: 4000}, {Label: "不满意"}},
		Marks: []SurveyMark{{"满意率", "100.00%"}, {"满意度得分", "92.00"}}}, long, {Code: "t", Type: "text", Label: "意见", Valid: 3}}
	r.Earlier = &SurveyRound{Title: "满意度调查（第一轮）", Period: "2025年3月1日至2025年3月15日", Rate: "80.00%", Base: 1200, Responses: 960}
	for i := range 40 {
		r.Earlier.Changes = append(r.Earlier.Changes, SurveyChange{Code: "s", Label: "您对本次改造总体是否满意", Name: "满意率", Valid: 1000, ValidBefore: 900, Now: "95.00%", Before: "90.00%", Change: int64(500 - i*30)})
	}
	var file bytes.Buffer
	if err := SurveyPDF(&file, r); err != nil || !bytes.HasPrefix(file.Bytes(), []byte("%PDF")) {
		t.Fatal(err)
	}
	if keep := os.Getenv("GONGDI_TEST_KEEP"); keep != "" {
		if err := os.WriteFile(filepath.Join(keep, "survey.pdf"), file.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// pageWith is the first page on which a text stands, from 0; -1 for none.
func pageWith(pages [][]placed, text string) int {
	for i, page := range pages {
		if strings.Contains(squeeze(pageText(page)), text) {
			return i
		}
	}
	return -1
}

// TestAQuestionStandsWithItsFigures shifts a question down a page line by line,
// and parts it neither from its rate nor from its note.
func TestAQuestionStandsWithItsFigures(t *testing.T) {
	for lines := 0; lines < 36; lines += 3 {
		r := SurveyReport{Title: "满意度调查", Unit: "一户一表", Rule: strings.Repeat("字", 35*(lines+1)), Rate: "90.00%", From: Provenance{At: at(3, 9), By: "鼓场街道　王敏"}}
		q := SurveyQuestion{Label: "总体是否满意", Valid: 9, Marks: []SurveyMark{{"满意率", "77.77%"}, {"满意度得分", "92.00"}}}
		for i := range 5 {
			q.Options = append(q.Options, SurveyOption{Label: fmt.Sprintf("选项甲%d", i), N: 600, Share: 6000})
		}
		r.Questions = []SurveyQuestion{q}
		pages := pagesOf(t, func(w io.Writer) error { return SurveyPDF(w, r) })
		first := pageWith(pages, "总体是否满意")
		for _, text := range []string{"有效9份", "选项甲0", "选项甲4", "满意率：77.77%", "满意度得分：92.00"} {
			if got := pageWith(pages, text); got != first {
				t.Errorf("after %d lines %q stands on page %d, its question on page %d", lines, text, got+1, first+1)
			}
		}
		if pageWith(pages, "数据截至2026年9月3日09:00；制表：鼓场街道王敏。") < 0 {
			t.Error("it does not say when it was made and by whom")
		}
	}
}

// TestALongQuestionEndsWithABar has more bars than a page holds; the last one
// stands with the rate.
func TestALongQuestionEndsWithABar(t *testing.T) {
	for n := 36; n < 50; n++ {
		q := SurveyQuestion{Label: "总体是否满意", Valid: 9, Marks: []SurveyMark{{"满意率", "77.77%"}, {"满意度得分", "92.00"}}}
		for i := range n {
			q.Options = append(q.Options, SurveyOption{Label: fmt.Sprintf("选项甲%d号", i), N: 600, Share: 6000})
		}
		pages := pagesOf(t, func(w io.Writer) error {
			return SurveyPDF(w, SurveyReport{Title: "满意度调查", Questions: []SurveyQuestion{q}})
		})
		if bar, rate := pageWith(pages, fmt.Sprintf("选项甲%d号", n-1)), pageWith(pages, "满意度得分：92.00"); bar != rate || bar < 0 {
			t.Errorf("of %d bars the last stands on page %d, the rate on page %d", n, bar+1, rate+1)
		}
	}
}
