package roster

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// findingsHeading stands over the column that Mark adds. The importer knows it
// and passes it over, so that a corrected copy can be read as it is.
const findingsHeading = "导入问题"

const (
	errorFill   = "FFC7CE"
	warningFill = "FFEB9C"
)

// Mark writes the workbook again with the cells of the findings filled, red
// for errors and yellow for warnings, and a column 导入问题 with their
// sentences. Nothing else in it is changed. It refuses with ErrUnreadable.
func Mark(ctx context.Context, src io.ReaderAt, size int64, findings []Finding, w io.Writer) (err error) {
	book, err := open(src, size)
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, book.close()) }()
	bySheet := map[string][]Finding{}
	for _, f := range findings {
		bySheet[f.Sheet] = append(bySheet[f.Sheet], f)
	}
	m := marker{file: book.file, styles: map[fill]int{}}
	for _, sheet := range book.file.GetSheetList() {
		if len(bySheet[sheet]) == 0 {
			continue
		}
		margin, err := book.margin(ctx, sheet)
		if err != nil {
			return err
		}
		if err := guarded(func() error { return m.sheet(sheet, margin, bySheet[sheet]) }); err != nil {
			return fmt.Errorf("mark a sheet: %w", err)
		}
	}
	if err := book.file.Write(w); err != nil {
		return fmt.Errorf("write the marked workbook: %w", err)
	}
	return nil
}

// A margin is where the sentences go: a column (from 1) of its own, its
// heading's row, and the rows in it that an earlier Mark has written.
type margin struct {
	column int
	header int
	stale  []int
}

func (w *workbook) margin(ctx context.Context, sheet string) (margin, error) {
	var m margin
	var first []line
	width, earlier := 0, -1
	err := w.lines(ctx, sheet, func(l line) error {
		width = max(width, l.width())
		if len(first) < headerWithin && len(l.filled()) > 0 {
			first = append(first, l)
		}
		for i := range l.own {
			if earlier < 0 && l.ownAt(i) == findingsHeading {
				earlier = i
			}
		}
		if earlier >= 0 && l.ownAt(earlier) != "" {
			m.stale = append(m.stale, l.number)
		}
		return nil
	})
	if c, _, ok := findHeader(first); ok {
		m.header = c.row
	}
	m.column = width + 1
	if earlier >= 0 {
		m.column = earlier + 1
	}
	return m, err
}

type fill struct {
	style int
	color string
}

type marker struct {
	file   *excelize.File
	styles map[fill]int
}

func (m *marker) sheet(sheet string, at margin, findings []Finding) error {
	for _, row := range at.stale {
		if err := m.write(sheet, at.column, row, ""); err != nil {
			return err
		}
	}
	column := letters(at.column - 1)
	if err := m.file.SetColWidth(sheet, column, column, 44); err != nil {
		return fmt.Errorf("widen the column: %w", err)
	}
	if err := m.write(sheet, at.column, cmp.Or(at.header, 1), findingsHeading); err != nil {
		return err
	}
	sentences := map[int][]string{}
	for _, f := range findings {
		if f.Row < 1 || f.Row > excelize.TotalRows {
			continue
		}
		sentences[f.Row] = append(sentences[f.Row], f.Code.Message())
		if err := m.fill(sheet, f); err != nil {
			return err
		}
	}
	for row, said := range sentences {
		if row == at.header {
			said = append([]string{findingsHeading}, said...)
		}
		if err := m.write(sheet, at.column, row, strings.Join(said, "；")); err != nil {
			return err
		}
	}
	return nil
}

// write puts a text of our own into a cell, never a formula.
func (m *marker) write(sheet string, column, row int, text string) error {
	cell, err := excelize.CoordinatesToCellName(column, row)
	if err == nil {
		err = m.file.SetCellStr(sheet, cell, text)
	}
	if err != nil {
		return fmt.Errorf("write into the margin: %w", err)
	}
	return nil
}

// fill colours the cell of a finding and keeps the rest of its style.
func (m *marker) fill(sheet string, f Finding) error {
	if f.Column == "" {
		return nil
	}
	cell := fmt.Sprintf("%s%d", f.Column, f.Row)
	old, err := m.file.GetCellStyle(sheet, cell)
	if err != nil {
		return fmt.Errorf("read a style: %w", err)
	}
	want := fill{style: old, color: warningFill}
	if f.Code.stops() {
		want.color = errorFill
	}
	style, known := m.styles[want]
	if !known {
		if style, err = m.filled(want); err != nil {
			return err
		}
		m.styles[want] = style
	}
	if err := m.file.SetCellStyle(sheet, cell, cell, style); err != nil {
		return fmt.Errorf("fill a cell: %w", err)
	}
	return nil
}

func (m *marker) filled(want fill) (int, error) {
	s, err := m.file.GetStyle(want.style)
	if err != nil || s == nil {
		s = &excelize.Style{}
	}
	s.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{want.color}}
	style, err := m.file.NewStyle(s)
	if err != nil {
		return 0, fmt.Errorf("make a style: %w", err)
	}
	return style, nil
}
