package roster

import (
	"cmp"
	"context"
	"io"
)

// Lines hands over the rows of the visible sheets of a workbook as they are
// written, dates as the numbers that a sheet keeps them in, for lists other
// than of owners. It refuses with ErrUnreadable and ErrTooLarge; an error of
// take stops it and is returned.
func Lines(ctx context.Context, src io.ReaderAt, size int64, take func(sheet string, row int, cells []string) error) error {
	return everyLine(ctx, src, size, func(sheet string, l line) error { return take(sheet, l.number, l.own) })
}

// Spread hands over the rows as Lines does, and beside each the same row with
// the text of every merged range in all the cells that it covers.
func Spread(ctx context.Context, src io.ReaderAt, size int64, take func(sheet string, row int, cells, spread []string) error) error {
	return everyLine(ctx, src, size, func(sheet string, l line) error {
		spread := make([]string, l.width())
		for i := range spread {
			spread[i] = l.wide(i)
		}
		return take(sheet, l.number, l.own, spread)
	})
}

func everyLine(ctx context.Context, src io.ReaderAt, size int64, take func(sheet string, l line) error) (err error) {
	book, err := open(src, size)
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, book.close()) }()
	for _, name := range book.sheets() {
		if err := book.lines(ctx, name, func(l line) error { return take(name, l) }); err != nil {
			return err
		}
	}
	return nil
}

// Letters names a column (from 0) as spreadsheets do; empty for none.
func Letters(column int) string { return letters(column) }
