package roster

import (
	"archive/zip"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"gongdi/service/fault"
)

// What can be told about a file as a whole.
var (
	ErrUnreadable = fault.New(fault.Invalid, "roster_unreadable", "文件无法读取：请用 Excel 或 WPS 打开，另存为 .xlsx 格式（不加密码）后再上传")
	ErrTooLarge   = fault.New(fault.TooLarge, "roster_too_large", "文件太大：请按小区分成几个文件后再上传")
)

// Limits of one file. A list of 200,000 homes unpacks to some 150 MiB, and the
// text table takes several times its size in memory.
const (
	maxHomes    = 200_000
	maxColumns  = 256
	maxParts    = 2_000
	maxUnpacked = 192 << 20
	maxTexts    = 64 << 20
)

// A workbook is an opened file. The library that reads it panics on some
// damaged files; here is the one border where a panic becomes ErrUnreadable.
type workbook struct{ file *excelize.File }

func guarded(do func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = ErrUnreadable
		}
	}()
	return do()
}

// open reads the file's directory first, so that nothing is unpacked that
// would not fit. Everything stays in memory: no part of a list of owners is
// written to a temporary file.
func open(src io.ReaderAt, size int64) (*workbook, error) {
	if err := checkParts(src, size); err != nil {
		return nil, err
	}
	var w workbook
	err := guarded(func() (err error) {
		w.file, err = excelize.OpenReader(io.NewSectionReader(src, 0, size), excelize.Options{
			RawCellValue: true, UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxUnpacked,
		})
		return err
	})
	if err != nil || len(w.file.GetSheetList()) == 0 {
		return nil, ErrUnreadable
	}
	return &w, nil
}

func checkParts(src io.ReaderAt, size int64) error {
	archive, err := zip.NewReader(src, size)
	if err != nil {
		return ErrUnreadable
	}
	var unpacked uint64
	for _, part := range archive.File {
		unpacked += part.UncompressedSize64
		texts := strings.EqualFold(part.Name, "xl/sharedStrings.xml") && part.UncompressedSize64 > maxTexts
		if part.UncompressedSize64 > maxUnpacked || unpacked > maxUnpacked || texts {
			return ErrTooLarge
		}
	}
	if len(archive.File) > maxParts {
		return ErrTooLarge
	}
	return nil
}

func (w *workbook) close() error {
	if err := w.file.Close(); err != nil {
		return fmt.Errorf("close the workbook: %w", err)
	}
	return nil
}

// sheets are those that somebody looking at the file can see.
func (w *workbook) sheets() []string {
	var visible []string
	for _, name := range w.file.GetSheetList() {
		if shown, err := w.file.GetSheetVisible(name); err != nil || shown {
			visible = append(visible, name)
		}
	}
	return visible
}

// A line is one row of a sheet with the merged cells that touch it.
type line struct {
	number int
	own    []string
	spans  []span
}

// lines hands over the rows of a sheet in order that have cells at all.
func (w *workbook) lines(ctx context.Context, sheet string, take func(line) error) error {
	merges, last, err := w.merges(sheet)
	if err != nil {
		return err
	}
	var rows *excelize.Rows
	err = guarded(func() (err error) {
		rows, err = w.file.Rows(sheet)
		return err
	})
	if err != nil {
		return ErrUnreadable
	}
	number := 0
	for {
		cells, more, err := next(rows)
		if err != nil {
			return err
		}
		if !more {
			break
		}
		number++
		if number%256 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if len(cells) == 0 {
			continue
		}
		if err := take(merges.line(number, cells)); err != nil {
			return err
		}
	}
	if number < last { // the library takes a broken row for the end
		return ErrUnreadable
	}
	return nil
}

func next(rows *excelize.Rows) (cells []string, more bool, err error) {
	err = guarded(func() error {
		if more = rows.Next(); !more {
			return rows.Error()
		}
		cells, err = rows.Columns()
		return err
	})
	if err != nil {
		return nil, false, ErrUnreadable
	}
	return cells[:min(len(cells), maxColumns)], more, nil
}
