package document

import (
	"fmt"
	"io"
	"strings"
	"testing"
)

// TestAChartIsNotParted puts a chart under tables of every length.
func TestAChartIsNotParted(t *testing.T) {
	for rows := 1; rows < 40; rows += 3 {
		p := ReportPart{Title: "小区与户数", Heads: []WorkHead{{Name: "社区", Share: 16}, {Name: "户数", Share: 8}}}
		for i := range rows {
			p.Rows = append(p.Rows, []any{fmt.Sprintf("第%d社区", i), int64(i)})
		}
		for i := range 8 {
			p.Bars = append(p.Bars, ReportBar{fmt.Sprintf("图%d号", i), Share{1, 3}})
		}
		pages := pagesOf(t, func(w io.Writer) error {
			return ReportPDF(w, Report{Title: "月报", Scope: "鼓场街道", Parts: []ReportPart{p}, From: taken})
		})
		if first, last := pageWith(pages, "图0号"), pageWith(pages, "图7号"); first != last || first < 0 {
			t.Errorf("under %d rows the chart stands on pages %d and %d", rows, first+1, last+1)
		}
	}
}

// TestASumDoesNotStandAlone has tables of every length, whose last row shares
// its page with the one before.
func TestASumDoesNotStandAlone(t *testing.T) {
	for rows := 24; rows < 40; rows++ {
		l := LedgerList{Purpose: "加装电梯"}
		for i := range rows {
			l.Entries = append(l.Entries, LedgerEntry{On: "2026-09-01", Kind: "到账", Source: "直接出资", Reference: fmt.Sprintf("回单%d号", i), In: 1})
		}
		pages := pagesOf(t, func(w io.Writer) error { return Ledger(w, l) })
		entry := pageWith(pages, fmt.Sprintf("回单%d号", rows-1))
		if !strings.Contains(pageText(pages[entry]), fmt.Sprintf("0.%02d", rows)) || entry < 0 {
			t.Errorf("the sum of %d entries is not on page %d", rows, entry+1)
		}
	}
}

// TestAWorkListSaysAtItsHeadHowItIsKept does so for each building, and leaves
// no page to those words alone.
func TestAWorkListSaysAtItsHeadHowItIsKept(t *testing.T) {
	for rows := 22; rows < 34; rows++ {
		part := WorkPart{Title: "待入户", Heads: []WorkHead{{Name: "序号", Share: 4, Centred: true}, {Name: "房屋", Share: 13}}}
		for i := range rows {
			part.Rows = append(part.Rows, []string{fmt.Sprint(i), "1栋1单元101"})
		}
		pages := pagesOf(t, func(w io.Writer) error {
			return Work(w, Worklist{Estate: "石岭小区", Buildings: []WorkPlace{{"1栋", []WorkPart{part}}, {"2栋", []WorkPart{part}}}, From: taken})
		})
		said := 0
		for i, page := range pages {
			text := pageText(page)
			said += strings.Count(text, "不得拍照外传")
			if !strings.Contains(text, "101") {
				t.Errorf("of %d rows page %d has none", rows, i+1)
			}
		}
		if said != 2 {
			t.Errorf("of %d rows it is said %d times", rows, said)
		}
	}
}
