package document

import (
	"io"
)

// Grid is a sheet of rows under a head, of what a report's cells may be.
type Grid struct {
	Name  string
	Heads []GridHead
	Rows  [][]any
}

// GridHead is a column's name and its width in characters. Neighbours of one
// group stand under its name.
type GridHead struct {
	Group string
	Name  string
	Width float64
}

// Grids writes sheets as .xlsx; texts that a sheet could take for a formula are
// guarded.
func Grids(w io.Writer, from Provenance, grids ...Grid) error {
	b := newBook(from)
	for _, g := range grids {
		fields, groups := make([]field, 0, len(g.Heads)), []string(nil)
		for _, h := range g.Heads {
			fields = append(fields, field{h.Name, h.Width})
			if h.Group != "" {
				groups = append(groups, h.Group)
			}
		}
		t := b.grouped(g.Name, groups, fields...)
		for _, row := range g.Rows {
			cells := make([]any, 0, len(row))
			for _, value := range row {
				cells = append(cells, inBook(value))
			}
			t.add(cells...)
		}
		t.end()
	}
	return b.finish(w)
}
