package document

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"gongdi/model/quantity"
)

// SafeText guards a text for a cell of a workbook or a CSV file. One that
// Excel or WPS could take for a formula, also after leading blanks and in
// full-width signs, gets an apostrophe in front, which both show as text.
// Every text that came from outside passes through it.
func SafeText(text string) string {
	start := strings.TrimLeft(text, " \u3000\u00a0")
	if start != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(start)[0]) {
		return "'" + text
	}
	return text
}

// What a cell may hold beside a text and an int64.
type (
	squareMetres quantity.Area // shown with two decimals
	hundredths   int64         // shown with two decimals
	proportion   [2]int64      // part and base; a percentage rounded down
	yuan         quantity.Fen  // shown with two decimals
)

// A book is a workbook under way, written row by row so that long lists take
// little memory. Each printed page and the file's properties say from when its
// data are and who made it. The first failure is kept and given by finish.
type book struct {
	file   *excelize.File
	footer string
	styles struct{ head, text, count, area, percent, money int }
	err    error
}

func newBook(from Provenance) *book {
	b := &book{file: excelize.NewFile(), footer: footer(from)}
	b.keep(b.file.SetDocProps(properties(from)))
	border := []excelize.Border{
		{Type: "left", Color: "999999", Style: 1}, {Type: "right", Color: "999999", Style: 1},
		{Type: "top", Color: "999999", Style: 1}, {Type: "bottom", Color: "999999", Style: 1}}
	middle := &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}
	b.styles.head = b.style(excelize.Style{Border: border, Alignment: middle, Font: &excelize.Font{Bold: true},
		Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"ECECEC"}}})
	b.styles.text = b.style(excelize.Style{Border: border, NumFmt: 49,
		Alignment: &excelize.Alignment{Vertical: "center", WrapText: true}})
	b.styles.count = b.style(excelize.Style{Border: border, Alignment: middle, NumFmt: 1})
	b.styles.area = b.style(excelize.Style{Border: border, Alignment: middle, NumFmt: 2})
	b.styles.percent = b.style(excelize.Style{Border: border, Alignment: middle, NumFmt: 10})
	b.styles.money = b.style(excelize.Style{Border: border, Alignment: &excelize.Alignment{Horizontal: "right", Vertical: "center"}, NumFmt: 4})
	return b
}

// footer names the sheet at the left of each printed page, numbers it, and says
// at the right from when its data are and who made it.
func footer(from Provenance) string {
	const most = 100 // characters of a maker; all of a footer has at most 255
	by := []rune(from.By)
	words := Provenance{At: from.At, By: string(by[:min(len(by), most)])}.words()
	return "&L&A&C第&P页/共&N页&R" + strings.ReplaceAll(words, "&", "&&")
}

func properties(from Provenance) *excelize.DocProperties {
	at := from.At.UTC().Format(time.RFC3339)
	return &excelize.DocProperties{Creator: from.By, LastModifiedBy: from.By, Created: at, Modified: at}
}

func (b *book) style(s excelize.Style) int {
	id, err := b.file.NewStyle(&s)
	b.keep(err)
	return id
}

func (b *book) keep(err error) {
	if b.err == nil {
		b.err = err
	}
}

// A tab is a sheet of a book under way.
type tab struct {
	book   *book
	stream *excelize.StreamWriter
	row    int
}

// A field is the head of a tab's column and its width in characters.
type field struct {
	head  string
	width float64
}

// tab begins a sheet: head frozen and repeated on each printed page, A4
// across, as many pages long as it needs. The tab before must be finished.
func (b *book) tab(name string, fields ...field) *tab { return b.grouped(name, nil, fields...) }

// grouped begins a sheet whose columns have, where groups names one for each, a
// row of groups above their heads.
func (b *book) grouped(name string, groups []string, fields ...field) *tab {
	if b.err != nil {
		return &tab{book: b}
	}
	b.keep(b.place(name))
	rows := 1
	if len(groups) > 0 {
		rows = 2
	}
	b.keep(b.layout(name, rows))
	stream, err := b.file.NewStreamWriter(name)
	b.keep(err)
	t := &tab{book: b, stream: stream}
	if b.err != nil {
		return t
	}
	heads := make([]any, len(fields))
	for i, f := range fields {
		b.keep(stream.SetColWidth(i+1, i+1, f.width))
		heads[i] = excelize.Cell{StyleID: b.styles.head, Value: f.head}
	}
	b.keep(stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: rows, TopLeftCell: fmt.Sprintf("A%d", rows+1), ActivePane: "bottomLeft"}))
	t.groups(groups)
	t.write(heads, 24)
	return t
}

// groups writes the names of groups, each over all its columns.
func (t *tab) groups(names []string) {
	if len(names) == 0 {
		return
	}
	cells := make([]any, len(names))
	for from := 0; from < len(names); {
		to := from
		for to+1 < len(names) && names[to+1] == names[from] {
			to++
		}
		for i := from; i <= to; i++ {
			cells[i] = excelize.Cell{StyleID: t.book.styles.head}
		}
		cells[from] = excelize.Cell{StyleID: t.book.styles.head, Value: names[from]}
		if to > from {
			t.book.keep(t.stream.MergeCell(cellName(from), cellName(to)))
		}
		from = to + 1
	}
	t.write(cells, 24)
}

// cellName names a cell of the first row by its column from 0.
func cellName(column int) string {
	name, _ := excelize.CoordinatesToCellName(column+1, 1) //nolint:errcheck // of a column that is there
	return name
}

// place adds a sheet, or names the one that every new file begins with.
func (b *book) place(name string) error {
	if list := b.file.GetSheetList(); len(list) == 1 && list[0] == "Sheet1" {
		return b.file.SetSheetName("Sheet1", name)
	}
	_, err := b.file.NewSheet(name)
	return err
}

func (b *book) layout(name string, heads int) error {
	size, across, wide, long, fit := 9, "landscape", 1, 0, true
	if err := b.file.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	err := b.file.SetPageLayout(name, &excelize.PageLayoutOptions{Size: &size, Orientation: &across, FitToWidth: &wide, FitToHeight: &long})
	if err != nil {
		return err
	}
	if err := b.file.SetHeaderFooter(name, &excelize.HeaderFooterOptions{OddFooter: b.footer}); err != nil {
		return err
	}
	return b.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%s'!$1:$%d", name, heads), Scope: name})
}

// add writes a row of texts, whole numbers, areas and shares.
func (t *tab) add(values ...any) { t.tall(0, values...) }

// tall writes a row of so many points' height; 0 leaves it to Excel.
func (t *tab) tall(height float64, values ...any) {
	cells := make([]any, len(values))
	for i, v := range values {
		cells[i] = t.book.cell(v)
	}
	t.write(cells, height)
}

func (t *tab) write(cells []any, height float64) {
	if t.book.err != nil {
		return
	}
	t.row++
	t.book.keep(t.stream.SetRow(fmt.Sprintf("A%d", t.row), cells, excelize.RowOpts{Height: height}))
}

// cell gives a value its form. Excel knows only binary floating point; the
// quotient of two whole numbers is the double nearest to the decimal number,
// so that 80.05 is stored and shown as 80.05.
func (b *book) cell(value any) excelize.Cell {
	switch v := value.(type) {
	case squareMetres:
		return excelize.Cell{StyleID: b.styles.area, Value: float64(v) / 100}
	case yuan:
		return excelize.Cell{StyleID: b.styles.money, Value: float64(v) / 100}
	case hundredths:
		return excelize.Cell{StyleID: b.styles.area, Value: float64(v) / 100}
	case proportion:
		n, ok := basisPoints(v[0], v[1])
		if !ok {
			return excelize.Cell{StyleID: b.styles.percent, Value: "—"}
		}
		return excelize.Cell{StyleID: b.styles.percent, Value: float64(n) / 10000}
	case int64:
		return excelize.Cell{StyleID: b.styles.count, Value: v}
	default:
		text := SafeText(fmt.Sprint(v))
		if len(utf16.Encode([]rune(text))) > excelize.TotalCellChars {
			b.keep(errors.New("a text longer than a cell can hold"))
		}
		return excelize.Cell{StyleID: b.styles.text, Value: text}
	}
}

// facts writes from when the data are and who made the paper, a row each.
func (t *tab) facts(from Provenance) {
	for _, f := range from.facts() {
		t.add(f.name, f.value)
	}
}

// end finishes a sheet.
func (t *tab) end() {
	if t.book.err == nil {
		t.book.keep(t.stream.Flush())
	}
}

// finish writes the file and gives back what the book held.
func (b *book) finish(w io.Writer) error {
	if b.err == nil {
		b.file.SetActiveSheet(0)
		_, b.err = b.file.WriteTo(w)
	}
	b.keep(b.file.Close())
	if b.err != nil {
		return fmt.Errorf("write workbook: %w", b.err)
	}
	return nil
}
