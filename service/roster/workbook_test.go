package roster

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// A tab is a sheet to be written for a test: its rows from the first, and
// merged ranges.
type tab struct {
	name   string
	rows   [][]any
	merged []string
	hidden bool
}

func workbookOf(t testing.TB, tabs ...tab) []byte {
	t.Helper()
	f := excelize.NewFile()
	for _, tab := range tabs {
		must(t, errOf(f.NewSheet(tab.name)))
		for i, row := range tab.rows {
			must(t, f.SetSheetRow(tab.name, fmt.Sprintf("A%d", i+1), &row))
		}
		for _, m := range tab.merged {
			first, last, _ := strings.Cut(m, ":")
			must(t, f.MergeCell(tab.name, first, last))
		}
		if tab.hidden {
			must(t, f.SetSheetVisible(tab.name, false))
		}
	}
	if !slices.ContainsFunc(tabs, func(tab tab) bool { return tab.name == "Sheet1" }) {
		must(t, f.DeleteSheet("Sheet1"))
	}
	var b bytes.Buffer
	must(t, f.Write(&b))
	must(t, f.Close())
	return b.Bytes()
}

func errOf[T any](_ T, err error) error { return err }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// read gives every row, and the report as short lines: sheet!B3 code.
func read(t testing.TB, file []byte) ([]Row, Report) {
	t.Helper()
	rows, report, err := readFile(t, file)
	must(t, err)
	return rows, report
}

func readFile(t testing.TB, file []byte) ([]Row, Report, error) {
	t.Helper()
	var rows []Row
	report, err := Read(t.Context(), bytes.NewReader(file), int64(len(file)), Options{Today: "2026-09-18", FileName: "名册.xlsx"}, func(r Row) error {
		rows = append(rows, r)
		return nil
	})
	return rows, report, err
}

func short(findings []Finding) string {
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&b, "%s%d %s\n", f.Column, f.Row, f.Code)
	}
	return strings.TrimSpace(b.String())
}

// homes lists the homes as 小区 1栋1单元101 80.00 张三;李四, one a line.
func homes(rows []Row) string {
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "%s %s", r.Estate, r.Label())
		if r.Area != nil {
			fmt.Fprintf(&b, " %s", r.Area)
		}
		for i, o := range r.Owners {
			b.WriteString([]string{" ", ";"}[min(i, 1)] + o.Name)
		}
		b.WriteByte('\n')
	}
	return strings.TrimSpace(b.String())
}

func lines(s ...string) string { return strings.Join(s, "\n") }

// person makes a resident number that keeps GB 11643, n telling them apart.
func person(n int) string {
	first := fmt.Sprintf("52242419600101%03d", n)
	sum := 0
	for i, r := range first {
		sum += int(r-'0') * (1 << (17 - i) % 11)
	}
	return first + string("10X98765432"[sum%11])
}

const company = "91350100M000100Y43"

var header = []any{"社区", "小区名称", "楼栋", "单元", "楼层", "房号", "用途", "专有部分面积（㎡）", "面积来源", "产权人", "证件号码", "联系电话", "产权性质", "建成年份"}

// home is a sound line below header; change replaces some of its cells.
func home(room any, change map[int]any) []any {
	row := []any{"新城社区", "金园小区", "1栋", "1单元", "1", room, "住宅", "80.5", "登记", "张三", person(1), "19900000001", "私有", "1996"}
	for i, v := range change {
		row[i] = v
	}
	return row
}
