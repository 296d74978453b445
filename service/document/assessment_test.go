package document

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"
)

// TestACircularPrintsEveryPlaceAndWhyItIs prints both kinds, items by hand and
// a unit without data.
func TestACircularPrintsEveryPlaceAndWhyItIs(t *testing.T) {
	mark := AssessedMark{Label: "诉求按期办结率", NumLabel: "按期答复", DenLabel: "按期答复与逾期之和", Weight: 35, Num: 2, Den: 3, Percent: 66_66, Score: 23_33}
	a := Assessment{
		Period: "2026年第4季度", Author: "鼓场街道　王敏", From: "2026-10-01", Until: "2026-12-31", Day: "2027-01-04", AsOf: time.Date(2027, 1, 4, 2, 0, 0, 0, time.UTC), Issuer: "鼓场街道办事处", Version: 2, Reason: "异议成立", Ranked: 2,
		Units: []AssessedUnit{
			{Place: 1, Name: "县水务局", Score: 21_08, Measured: 35, Marks: []AssessedMark{mark, {Label: "一次办结率", Weight: 15}}, Items: []AssessedItem{{-2_25, "迟报材料"}}},
			{Place: 2, Name: "河滨社区", Community: true, Score: 5, Measured: 35, Marks: []AssessedMark{mark}},
			{Name: "县财政局", Marks: []AssessedMark{mark}},
		},
	}
	var out bytes.Buffer
	if err := AssessmentBulletin(&out, a); err != nil {
		t.Fatal(err)
	}
	for n, want := range map[int64]string{-225: "-2.25", 5: "0.05", 10000: "100.00", -5: "-0.05"} {
		if got := points(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
	text := body(read(t, out.Bytes()))
	for _, want := range []string{"（2026年第4季度）", "制表：鼓场街道王敏", "异议成立", "迟报材料", "不排名", "23.33分2/3"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in it", want)
		}
	}
}

// TestASealStandsWithWords has reasons of every length before it.
func TestASealStandsWithWords(t *testing.T) {
	for lines := 0; lines < 40; lines += 3 {
		a := Assessment{Period: "2026年11月", Issuer: "鼓场街道办事处", Day: "2026-12-01", Version: 2, Reason: strings.Repeat("字", 30*(lines+1)), Units: []AssessedUnit{{Place: 1, Name: "河滨社区"}}}
		paper := ProjectPaper{Name: "河滨小区改造项目", Accepted: "2026-10-24", Qualified: true, Opinion: a.Reason, From: Provenance{At: at(3, 9), By: "王敏"}}
		for words, write := range map[string]func(io.Writer) error{
			"各项得分＝": func(w io.Writer) error { return AssessmentBulletin(w, a) },
			"数据截至":  func(w io.Writer) error { return AcceptanceReport(w, paper) },
		} {
			pages := pagesOf(t, write)
			if last := squeeze(pageText(pages[len(pages)-1])); !strings.Contains(last, words) || !strings.Contains(last, "盖章处") {
				t.Errorf("after %d lines the last page says %q", lines, last)
			}
		}
	}
}
