package document

import (
	"io"

	"gongdi/model/quantity"
)

// Grid is a sheet of rows under a head: texts, whole numbers, money in yuan and
// areas, each with two decimals.
type Grid struct {
	Name  string
	Heads []GridHead
	Rows  [][]any // string, int64, quantity.Fen, quantity.Area
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
				switch v := value.(type) {
				case quantity.Fen:
					value = squareMetres(v)
				case quantity.Area:
					value = squareMetres(v)
				}
				cells = append(cells, value)
			}
			t.add(cells...)
		}
		t.end()
	}
	return b.finish(w)
}
