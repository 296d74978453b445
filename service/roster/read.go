// Package roster reads the lists of owners that street offices keep as .xlsx
// files, line by line, and says what is wrong with each. It also writes the
// template for such a list and the copy in which the findings are marked. It
// knows no database.
package roster

import (
	"cmp"
	"context"
	"io"

	"github.com/xuri/excelize/v2"

	"gongdi/model/quantity"
	"gongdi/service/fault"
)

// ErrNoHeader says that no sheet has a line with the names of columns.
var ErrNoHeader = fault.New(fault.Invalid, "roster_no_header", "没有找到表头：请在表格上方保留一行列名，如楼栋、单元、房号、专有部分面积、产权人、证件号码")

// builtThrough is the last year of completion that the renovation covers,
// 「2000年以前建成」 (金府办〔2021〕140号, 二(一)).
//
// Choice: the year 2000 itself is within.
const builtThrough = 2000

// Options are what a list does not say itself.
type Options struct {
	Today        quantity.Date // nobody is born after it; it must be given
	BuiltThrough int           // the last year within the scope of the renovation; 0 for 2000
	FileName     string        // names the estate when nothing in the workbook does
}

type reader struct {
	options   Options
	hand      func(Row) error
	report    Report
	seen      map[homeKey]struct{}
	figures   map[estateName]int
	kinds     map[estateName]field
	sourced   bool
	headers   int
	firstLine Finding // of the first header
}

type homeKey struct {
	estateName
	key string
}

// Read reads a workbook and hands over each row that holds a home, sound or
// not, in the order of the file; an error of hand stops it and is returned.
// Hidden sheets, and sheets without a header beside others that have one, are
// passed over. It refuses with ErrUnreadable, ErrNoHeader and ErrTooLarge.
func Read(ctx context.Context, src io.ReaderAt, size int64, options Options, hand func(Row) error) (report Report, err error) {
	options.BuiltThrough = cmp.Or(options.BuiltThrough, builtThrough)
	book, err := open(src, size)
	if err != nil {
		return Report{}, err
	}
	defer func() { err = cmp.Or(err, book.close()) }()
	r := &reader{
		options: options, hand: hand, seen: map[homeKey]struct{}{},
		figures: map[estateName]int{}, kinds: map[estateName]field{},
	}
	for _, name := range book.sheets() {
		s := &sheet{reader: r, name: name}
		if err := book.lines(ctx, name, s.take); err != nil {
			return Report{}, err
		}
		if err := s.finish(); err != nil {
			return Report{}, err
		}
	}
	if r.headers == 0 {
		return Report{}, ErrNoHeader
	}
	if !r.sourced && r.report.Rows > 0 {
		r.firstLine.Code = AreaSourceMissing
		r.warn(r.firstLine)
	}
	return r.report, nil
}

// announce reports what a header shows about its whole sheet.
func (r *reader) announce(sheet string, c *columns) {
	at := func(column int, code Code) Finding {
		return Finding{Sheet: sheet, Row: c.row, Column: letters(column), Code: code}
	}
	if r.headers++; r.headers == 1 {
		r.firstLine = at(max(c.at[areaSource], c.areaAt), "")
	}
	for _, i := range c.strange {
		r.warn(at(i, ColumnUnknown))
	}
	if !c.has(owner) && c.has(household) {
		r.warn(at(c.at[household], OwnerFromHouseholdHead))
	}
	if c.areaKinds > 1 {
		r.warn(at(c.areaAt, AreaKindMixed))
	}
}

// judgeKind warns once for a sheet whose areas are of another kind than those
// of the same estate in an earlier sheet.
func (r *reader) judgeKind(s *sheet, name estateName) {
	kind := s.columns.areaKind
	if kind == unknown || kind == plainArea {
		return
	}
	first, known := r.kinds[name]
	if !known {
		r.kinds[name] = kind
		return
	}
	if first != kind && s.columns.areaKinds == 1 && !s.kindTold {
		s.kindTold = true
		r.warn(Finding{Sheet: s.name, Row: s.columns.row, Column: letters(s.columns.areaAt), Code: AreaKindMixed})
	}
}

// letters names a column (from 0) as spreadsheets do; empty for none.
func letters(column int) string {
	name, err := excelize.ColumnNumberToName(column + 1)
	if err != nil {
		return ""
	}
	return name
}

// repeated reports whether the file has named the home before. Labels are
// compared in their normalised words: 一单元 is 1单元.
func (r *reader) repeated(row *Row) bool {
	key := homeKey{estateName{row.Community, row.Estate}, row.Key}
	if _, ok := r.seen[key]; ok {
		return true
	}
	r.seen[key] = struct{}{}
	return false
}
