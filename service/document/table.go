package document

// Where the text of a column stands.
const (
	centred = iota
	flushLeft
	flushRight // figures, one under the other
)

// A column of a table: its head, its width in relation to the others', and
// where its text stands.
type column struct {
	head  string
	share float64
	stand int
}

// A table wraps its cells, repeats its head on each page, leaves its last row,
// often the sum, no page to itself, and tears a row only if the row is longer
// than a page.
type table struct {
	columns []column
	rows    [][]string
}

const cellPad = 3.5

// table sets a grid across the page.
func (s *sheet) table(t table) {
	if len(t.rows) == 0 {
		return
	}
	widths := t.widths()
	heads := make([]string, len(t.columns))
	for i, c := range t.columns {
		heads[i] = c.head
	}
	head := s.cells(widths, heads)
	s.need(height(head) + 3*smallLead)
	s.grid(t, widths, head, true)
	for i, row := range t.rows {
		cells := s.cells(widths, row)
		if i == len(t.rows)-2 {
			last := height(s.cells(widths, t.rows[i+1]))
			if both := height(cells) + last; s.room() < both && both <= bottom-top-height(head) {
				s.newPage()
				s.grid(t, widths, head, true)
			}
		}
		s.row(t, widths, head, cells)
	}
	s.y += 8
}

func (t table) widths() []float64 {
	sum := 0.0
	for _, c := range t.columns {
		sum += c.share
	}
	widths := make([]float64, len(t.columns))
	for i, c := range t.columns {
		widths[i] = breadth * c.share / sum
	}
	return widths
}

// cells breaks the texts of a row into lines.
func (s *sheet) cells(widths []float64, row []string) [][]line {
	cells := make([][]line, len(widths))
	for i := range cells {
		text := ""
		if i < len(row) {
			text = s.legible(row[i])
		}
		cells[i] = s.measure(smallSize, widths[i]-2*cellPad, 0).wrap(text)
	}
	return cells
}

func tallest(cells [][]line) int {
	n := 1
	for _, lines := range cells {
		n = max(n, len(lines))
	}
	return n
}

func height(cells [][]line) float64 { return float64(tallest(cells))*smallLead + 2*cellPad }

// row sets a row, on a new page under the head if it does not fit on this
// one, and in pieces if it fits on none.
func (s *sheet) row(t table, widths []float64, head, cells [][]line) {
	page := bottom - top - height(head)
	for {
		if s.room() < height(cells) && (height(cells) <= page || s.room() < height(nil)+smallLead) {
			s.newPage()
			s.grid(t, widths, head, true)
		}
		n := min(tallest(cells), max(1, int((s.room()-2*cellPad)/smallLead)))
		part, rest := cut(cells, n)
		s.grid(t, widths, part, false)
		if rest == nil {
			return
		}
		cells = rest
	}
}

// cut takes the first n lines of each cell; there is no rest if that is all.
func cut(cells [][]line, n int) (part, rest [][]line) {
	if tallest(cells) <= n {
		return cells, nil
	}
	part, rest = make([][]line, len(cells)), make([][]line, len(cells))
	for i, lines := range cells {
		at := min(n, len(lines))
		part[i], rest[i] = lines[:at], lines[at:]
	}
	return part, rest
}

// grid draws the cells of a row and moves below it.
func (s *sheet) grid(t table, widths []float64, cells [][]line, head bool) {
	h := height(cells)
	x := left
	for i, lines := range cells {
		if head {
			s.shade(x, s.y, widths[i], h, 236)
		}
		s.frame(x, s.y, widths[i], h, 0.5)
		y := s.y + (h-float64(len(lines))*smallLead)/2
		for _, l := range lines {
			m := s.measure(smallSize, 0, 0)
			at := x + cellPad
			switch {
			case head || t.columns[i].stand == centred:
				at = x + (widths[i]-m.length(l.text))/2
			case t.columns[i].stand == flushRight:
				at = x + widths[i] - cellPad - m.length(l.text)
			}
			s.write(at, y, smallLead, l.text, stroke{size: smallSize})
			y += smallLead
		}
		x += widths[i]
	}
	s.y += h
}
