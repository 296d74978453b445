package roster

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func TestWhatIsNoListIsRefused(t *testing.T) {
	good := workbookOf(t, tab{name: "金园小区", rows: [][]any{header, home("101", nil), home("102", nil), home("103", nil)}})
	for _, c := range []struct {
		name string
		file []byte
		want error
	}{
		{"nothing", nil, ErrUnreadable},
		{"text", []byte("楼栋,房号,产权人\n1,101,张三\n"), ErrUnreadable},
		{"a page under the name of a workbook", []byte("<html><table><tr><td>房号</td></tr></table></html>"), ErrUnreadable},
		{"an old workbook", append([]byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}, make([]byte, 4096)...), ErrUnreadable},
		{"half a workbook", good[:len(good)/2], ErrUnreadable},
		{"an archive of something else", archive(t, map[string]string{"a.txt": "a"}), ErrUnreadable},
		{"a sheet that breaks off", broken(t, good, `<row r="3"`, `<row r="3"><c><v>&nonsense;`), ErrUnreadable},
		{"a character that no cell can hold", broken(t, good, `<c r="B3"`, "\x01<c r=\"B3\""), ErrUnreadable},
		{"no header", workbookOf(t, tab{name: "金园小区", rows: [][]any{home("101", nil)}}), ErrNoHeader},
		{"an empty sheet", workbookOf(t, tab{name: "空"}), ErrNoHeader},
		{"a header on a hidden sheet only", workbookOf(t, tab{name: "甲"}, tab{name: "乙", rows: [][]any{header}, hidden: true}), ErrNoHeader},
		{"texts that would fill the memory", archive(t, map[string]string{"xl/sharedStrings.xml": strings.Repeat(" ", maxTexts+1)}), ErrTooLarge},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, _, err := readFile(t, c.file); !errors.Is(err, c.want) {
				t.Errorf("got %v", err)
			}
		})
	}
	drawn := broken(t, good, "</worksheet>", `<controls><from><xdr:row>9</xdr:row><xdr:row>9</xdr:row><xdr:row>9</xdr:row></from></controls></worksheet>`)
	if _, report, err := readFile(t, drawn); err != nil || report.Rows != 3 {
		t.Errorf("the rows of a drawing are no rows of the list: %d, %v", report.Rows, err)
	}
	if _, report, err := readFile(t, workbookOf(t, tab{name: "金园小区", rows: [][]any{header}})); err != nil || report.Rows != 0 || len(report.Warnings) > 0 {
		t.Errorf("a header alone is an empty list: %+v, %v", report, err)
	}
}

func archive(t *testing.T, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, content := range parts {
		part, err := w.Create(name)
		must(t, err)
		must(t, errOf(io.WriteString(part, content)))
	}
	must(t, w.Close())
	return b.Bytes()
}

// broken replaces a text in every part of a workbook.
func broken(t *testing.T, file []byte, old, with string) []byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	must(t, err)
	parts := map[string]string{}
	for _, p := range r.File {
		part, err := p.Open()
		must(t, err)
		content, err := io.ReadAll(part)
		must(t, err)
		parts[p.Name] = strings.ReplaceAll(string(content), old, with)
	}
	return archive(t, parts)
}

func TestTheTemplateIsAListItself(t *testing.T) {
	var b bytes.Buffer
	must(t, Template(&b))
	rows, report := read(t, b.Bytes())
	if report.Valid != len(templateExamples) || len(report.Errors)+len(report.Warnings) > 0 {
		t.Errorf("%s %s", short(report.Errors), short(report.Warnings))
	}
	if got, want := homes(rows), lines("示例小区 1栋1单元101 80.50 张某某", "示例小区 1栋1单元102 92.36 李某某;王某某", "示例小区 1栋商铺1 45.00 示例有限公司"); got != want {
		t.Errorf("homes\n%s", got)
	}
	f, err := excelize.OpenReader(&b)
	must(t, err)
	choices, err := f.GetDataValidations(templateSheet)
	must(t, err)
	if len(choices) != 3 {
		t.Errorf("%d lists to choose from", len(choices))
	}
	must(t, f.Close())
}

func TestTheMarkedCopyShowsWhatIsWrong(t *testing.T) {
	file := workbookOf(t, tab{name: "金园小区", rows: [][]any{
		{"金园小区业主名册"}, header,
		home("101", map[int]any{7: "-1", 11: "1"}), home("102", nil), home("", map[int]any{9: "=1+1"}), {}, {"制表人：王某"},
	}})
	_, report := read(t, file)
	marked := mark(t, file, append(report.Errors, report.Warnings...))
	f, err := excelize.OpenReader(bytes.NewReader(marked))
	must(t, err)
	for cell, want := range map[string]string{
		"A1": "金园小区业主名册", "F3": "101", "H3": "-1", "F4": "102", "J5": "=1+1", "A7": "制表人：王某",
		"O2": findingsHeading, "O3": AreaNotPositive.Message() + "；" + PhoneInvalid.Message(), "O4": "", "O5": RoomMissing.Message(),
	} {
		if got, err := f.GetCellValue("金园小区", cell); err != nil || got != want {
			t.Errorf("%s is %q, %v; want %q", cell, got, err, want)
		}
		if formula, err := f.GetCellFormula("金园小区", cell); err != nil || formula != "" {
			t.Errorf("%s became a formula", cell)
		}
	}
	for cell, want := range map[string]string{"H3": errorFill, "L3": warningFill, "F5": errorFill, "H4": ""} {
		style, err := f.GetCellStyle("金园小区", cell)
		must(t, err)
		s, err := f.GetStyle(style)
		must(t, err)
		if got := strings.Join(s.Fill.Color, ""); got != want {
			t.Errorf("%s is filled %q, want %q", cell, got, want)
		}
	}
	must(t, f.SetCellStr("金园小区", "H3", "80"))
	must(t, f.SetCellStr("金园小区", "L3", ""))
	var corrected bytes.Buffer
	must(t, f.Write(&corrected))
	must(t, f.Close())
	_, again := read(t, corrected.Bytes())
	if got := short(append(again.Errors, again.Warnings...)); got != "F5 room_missing" {
		t.Errorf("the corrected copy: %s", got)
	}
	second := mark(t, corrected.Bytes(), again.Errors)
	g, err := excelize.OpenReader(bytes.NewReader(second))
	must(t, err)
	if old, err := g.GetCellValue("金园小区", "O3"); err != nil || old != "" {
		t.Errorf("the sentence of last time stands: %q", old)
	}
	if next, err := g.GetCellValue("金园小区", "P2"); err != nil || next != "" {
		t.Errorf("the column came twice: %q", next)
	}
	must(t, g.Close())
}

func mark(t *testing.T, file []byte, findings []Finding) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, Mark(t.Context(), bytes.NewReader(file), int64(len(file)), findings, &b))
	return b.Bytes()
}

func TestMarkingRefusesWhatItCannotRead(t *testing.T) {
	if err := Mark(t.Context(), strings.NewReader("x"), 1, nil, io.Discard); !errors.Is(err, ErrUnreadable) {
		t.Errorf("got %v", err)
	}
	file := workbookOf(t, tab{name: "金园小区", rows: [][]any{header}})
	odd := []Finding{{Sheet: "没有", Row: 1, Column: "A", Code: AreaMissing}, {Sheet: "金园小区", Row: 0, Column: "A", Code: AreaMissing}}
	if err := Mark(t.Context(), bytes.NewReader(file), int64(len(file)), odd, io.Discard); err != nil {
		t.Errorf("a finding without a place: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("PK"))
	f.Add(workbookOf(f, tab{name: "金园小区", rows: [][]any{header, home("101", nil)}, merged: []string{"A1:B1", "C1:C2"}}))
	f.Fuzz(func(t *testing.T, file []byte) {
		rows := 0
		report, err := Read(t.Context(), bytes.NewReader(file), int64(len(file)), Options{Today: "2026-09-18"}, func(r Row) error {
			rows++
			return nil
		})
		if err == nil && (report.Rows != rows || report.Valid+report.Incomplete > rows) {
			t.Errorf("%d rows of %d", report.Rows, rows)
		}
	})
}

// FuzzSheet puts any XML where the sheet should be, which bytes of a packed
// file seldom reach.
func FuzzSheet(f *testing.F) {
	good := workbookOf(f, tab{name: "金园小区", rows: [][]any{header, home("101", nil)}})
	f.Add(`<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>房号</t></is></c><c r="B1" t="str"><v>业主</v></c></row><row><c><v>1E2</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B9"/></mergeCells></worksheet>`)
	f.Add(`<row r="1048577"><c r="XFD1" t="s"><v>-1</v></c></row><mergeCell ref="B2:A1"/>`)
	f.Fuzz(func(t *testing.T, xml string) {
		file := withSheet(t, good, xml)
		_, _, _ = readFile(t, file)
	})
}

func withSheet(t *testing.T, file []byte, xml string) []byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	must(t, err)
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, p := range r.File {
		if !strings.HasPrefix(p.Name, "xl/worksheets/sheet") {
			must(t, w.Copy(p))
			continue
		}
		part, err := w.CreateHeader(&zip.FileHeader{Name: p.Name, Method: zip.Store})
		must(t, err)
		must(t, errOf(io.WriteString(part, xml)))
	}
	must(t, w.Close())
	return b.Bytes()
}

// BenchmarkRead reads 20,000 homes, a street's worth.
func BenchmarkRead(b *testing.B) {
	rows := [][]any{header}
	for i := range 20_000 {
		rows = append(rows, home(fmt.Sprint(100+i%1000), map[int]any{2: fmt.Sprintf("%d栋", i/1000), 9: fmt.Sprintf("张%d、李四", i), 10: person(i%999) + "、" + person(999)}))
	}
	file := workbookOf(b, tab{name: "金园小区", rows: rows, merged: []string{"A2:A9000"}})
	read := func(hand func(Row) error) {
		report, err := Read(b.Context(), bytes.NewReader(file), int64(len(file)), Options{Today: "2026-09-18"}, hand)
		if err != nil || report.Valid != 20_000 {
			b.Fatal(report.Rows, report.Valid, err)
		}
	}
	before, n, live := heap(), 0, uint64(0)
	read(func(Row) error {
		if n++; n%5000 == 0 {
			live = max(live, heap())
		}
		return nil
	})
	b.ReportAllocs()
	for b.Loop() {
		read(func(Row) error { return nil })
	}
	b.ReportMetric(float64(live-min(before, live))/(1<<20), "MiB-live")
	b.ReportMetric(float64(b.N)*20_000/b.Elapsed().Seconds(), "rows/s")
}

// heap is what is reachable.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
