package document

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"gongdi/model/quantity"
)

var taken = Provenance{At: at(3, 9), By: "鼓场街道　王敏"}

func workbook(t *testing.T, r Result, voters []VoterRow) ([]byte, *excelize.File) {
	t.Helper()
	var file bytes.Buffer
	if err := ResultWorkbook(&file, r, voters, taken); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(file.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return file.Bytes(), f
}

func TestTheWorkbookHoldsWhatWasPutIn(t *testing.T) {
	voters := []VoterRow{
		{"1栋", "1单元", []string{"1栋1单元101", "1栋1单元102"}, "张*", 16010, Online},
		{"1栋", "1单元", []string{"1栋1单元103"}, "李*", 8005, Absent},
	}
	_, f := workbook(t, survey(), voters)
	for _, c := range []struct{ sheet, cell, want string }{
		{"结果", "A2", "名册"}, {"结果", "B2", "1080"}, {"结果", "D2", "86454.00"}, {"结果", "C2", "—"},
		{"结果", "B4", "711"}, {"结果", "C4", "90.68%"}, {"结果", "C8", "65.83%"},
		{"分楼栋", "A31", "30栋"}, {"分楼栋", "B31", "36"}, {"分楼栋", "C31", "2881.80"}, {"分楼栋", "F2", "55.55%"},
		{"分单元", "A91", "30栋3单元"}, {"渠道", "A2", "线上"},
		{"改造内容", "B5", "加装电梯"}, {"改造内容", "C5", "451"},
		{"名册", "C2", "1栋1单元101、1栋1单元102"}, {"名册", "D2", "张*"}, {"名册", "E2", "160.10"}, {"名册", "F2", "线上"}, {"名册", "F3", "未参与"},
	} {
		if got, err := f.GetCellValue(c.sheet, c.cell); err != nil || got != c.want {
			t.Errorf("%s!%s holds %q, want %q (%v)", c.sheet, c.cell, got, c.want, err)
		}
	}
}

func TestTheWorkbookListsThePapersAsTheyCameIn(t *testing.T) {
	r := liftMotion()
	r.Intake[1].Struck = "应为3份"
	_, f := workbook(t, r, nil)
	for cell, want := range map[string]string{"B2": "票箱", "C2": "3栋2单元门厅票箱", "D2": "5", "E2": "王敏、赵刚", "F2": "", "D3": "3", "F3": "应为3份"} {
		if got, err := f.GetCellValue("收票登记", cell); err != nil || got != want {
			t.Errorf("%s holds %q, want %q (%v)", cell, got, want, err)
		}
	}
}

func TestAreasAreNumbersWithoutTrailingNoise(t *testing.T) {
	var voters []VoterRow
	for a := quantity.Area(1); a < 3000; a += 7 {
		voters = append(voters, VoterRow{Area: a * 31})
	}
	_, f := workbook(t, liftMotion(), voters)
	rows, err := f.GetRows("名册", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range voters {
		kept := v.Area.String()
		if strings.Contains(kept, ".") {
			kept = strings.TrimRight(strings.TrimRight(kept, "0"), ".")
		}
		if got := rows[i+1][4]; got != kept {
			t.Errorf("%s is stored as %s", kept, got)
		}
	}
}

func TestNoTextIsEverAFormula(t *testing.T) {
	hostile := []string{"=1+1", "+86", "-1层", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =HYPERLINK(\"x\")", "＝1", "'=1", "=cmd|' /C calc'!A0"}
	r := liftMotion()
	r.Title, r.Convener, r.Text, r.CheckURL = hostile[0], hostile[3], hostile[4], hostile[10]
	r.Items = []Item{{hostile[0], 1}}
	r.InvalidReasons[0].Label = "=1"
	r.Incomplete = hostile
	var voters []VoterRow
	for _, h := range hostile {
		voters = append(voters, VoterRow{Building: h, Unit: h, Labels: []string{h}, OwnersMasked: h})
	}
	file, f := workbook(t, r, voters)
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			for _, text := range row {
				if text != "" && strings.ContainsRune("=+-@\t\r\n＝", []rune(text)[0]) {
					t.Errorf("%s: %q begins like a formula", sheet, text)
				}
			}
		}
	}
	if raw := sheets(t, file); strings.Contains(raw, "<f>") || strings.Contains(raw, "<f ") {
		t.Error("there is a formula in the file")
	}
}

// sheets are the file's sheets as they are stored.
func sheets(t *testing.T, file []byte) string {
	archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, entry := range archive.File {
		if !strings.HasPrefix(entry.Name, "xl/worksheets/") {
			continue
		}
		r, err := entry.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&all, r); err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

func TestSheetsArePreparedForPrinting(t *testing.T) {
	_, f := workbook(t, survey(), nil)
	for _, sheet := range f.GetSheetList() {
		layout, err := f.GetPageLayout(sheet)
		if err != nil || *layout.Size != 9 || *layout.Orientation != "landscape" || *layout.FitToWidth != 1 || *layout.FitToHeight != 0 {
			t.Errorf("%s is not A4 across: %+v, %v", sheet, layout, err)
		}
		panes, err := f.GetPanes(sheet)
		if err != nil || !panes.Freeze || panes.YSplit != 1 {
			t.Errorf("%s: the head is not frozen: %+v, %v", sheet, panes, err)
		}
		if width, err := f.GetColWidth(sheet, "A"); err != nil || width < 8 || width == 9.140625 {
			t.Errorf("%s: column A is %v wide, %v", sheet, width, err)
		}
	}
	if titles := f.GetDefinedName(); len(titles) != len(f.GetSheetList()) {
		t.Errorf("heads repeated on %d sheets", len(titles))
	}
}

func TestSafeTextLeavesHonestTextAlone(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "张*": "张*", "1-2-301": "1-2-301", "a=b": "a=b", "—": "—", " 空": " 空",
		"=1": "'=1", "-1层": "'-1层", "＋1": "'＋1", "　@x": "'　@x",
	} {
		if got := SafeText(text); got != want {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func TestATextNoCellCanHoldIsRefused(t *testing.T) {
	r := liftMotion()
	r.Text = strings.Repeat("长", 40_000)
	if err := ResultWorkbook(io.Discard, r, nil, taken); err == nil {
		t.Error("the text was cut in silence")
	}
}

// TestAMakerOfAnyNameFitsAFooter has names that are long, that a footer takes
// for its own signs, and that no file of XML can hold.
func TestAMakerOfAnyNameFitsAFooter(t *testing.T) {
	for _, by := range []string{"", "系统", "鼓场街道　王&敏&P", strings.Repeat("𬬭", 300), strings.Repeat("&", 300), "王\x01敏", "<王敏>"} {
		var file bytes.Buffer
		if err := Reminders(&file, nil, Provenance{At: at(3, 9), By: by}); err != nil {
			t.Fatalf("%q: %v", by, err)
		}
		f, err := excelize.OpenReader(&file)
		if err != nil {
			t.Fatalf("%q: %v", by, err)
		}
		footer, err := f.GetHeaderFooter("待提醒名单")
		if err != nil || !strings.Contains(footer.OddFooter, "&R数据截至2026年9月3日") {
			t.Errorf("%q: %+v, %v", by, footer, err)
		}
		if by == "鼓场街道　王&敏&P" && !strings.HasSuffix(footer.OddFooter, "制表：鼓场街道　王&&敏&&P。") {
			t.Errorf("%q became %q", by, footer.OddFooter)
		}
	}
}
