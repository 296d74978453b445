package document

import (
	"io"

	"gongdi/model/quantity"
)

// Head is the head of a list's column and its width in characters.
type Head struct {
	Name  string
	Width float64
}

// Metres is an area for a cell of a list; text where it is unknown.
func Metres(a *quantity.Area) any {
	if a == nil {
		return ""
	}
	return squareMetres(*a)
}

// List writes one list as .xlsx, row by row, so that a long one takes little
// memory: of texts, whole numbers and Metres.
func List(w io.Writer, name string, from Provenance, heads []Head, rows func(add func(cells ...any)) error) error {
	b := newBook(from)
	fields := make([]field, 0, len(heads))
	for _, h := range heads {
		fields = append(fields, field{h.Name, h.Width})
	}
	t := b.tab(name, fields...)
	b.keep(rows(t.add))
	t.end()
	return b.finish(w)
}
