package roster

import (
	"slices"
	"strconv"
	"strings"

	rule "gongdi/model/rule/roster"
)

// The header stands among the first rows that say something.
const headerWithin = 40

// columns says which column of a sheet holds what.
type columns struct {
	row       int             // the header's own row
	at        [fieldCount]int // the first column of a field from 0, or -1
	more      map[field][]int // further columns of owners, numbers and phones
	strange   []int           // whose headings are not known, or come twice
	areaAt    int             // the column that is read as the area, or -1
	areaKind  field
	areaKinds int             // how many sorts of area stand side by side
	source    rule.AreaSource // what the area's heading says of its origin
	words     []string
}

// readHeader makes columns of a header line under the headings of the line above.
// The zero line above says nothing.
func readHeader(above, l line) columns {
	c := columns{row: l.number, more: map[field][]int{}, areaAt: -1}
	for f := range c.at {
		c.at[f] = -1
	}
	for i := range max(l.width(), above.width()) {
		upper, lower := group(above, i), heading(l.at(i))
		if upper == lower {
			upper = ""
		}
		if lower == "" && combined(upper, "") == unknown {
			c.words = append(c.words, "")
			continue
		}
		c.words = append(c.words, upper+lower)
		c.add(combined(upper, lower), i)
	}
	c.chooseArea(above, l)
	return c
}

// group is the heading over a column. 联系人：… above the list is none.
func group(above line, i int) string {
	text := above.wide(i)
	if strings.ContainsAny(text, ":：") {
		return ""
	}
	return heading(text)
}

func (c *columns) add(f field, i int) {
	switch {
	case f == unknown:
		c.strange = append(c.strange, i)
	case c.at[f] < 0:
		c.at[f] = i
	case f == owner || f == document || f == phone:
		c.more[f] = append(c.more[f], i)
	case f != serial && f != note:
		c.strange = append(c.strange, i)
	}
}

// chooseArea takes the exclusive area when there are several (民法典 art. 278
// counts 专有部分面积), then the gross area, and the inner area last. A cell that
// is empty there is not filled from another column: areas of one roll are of
// one kind.
func (c *columns) chooseArea(above, l line) {
	for _, f := range []field{exclusiveArea, grossArea, plainArea, innerArea} {
		if c.at[f] < 0 {
			continue
		}
		c.areaKinds++
		if c.areaAt < 0 {
			c.areaAt, c.areaKind = c.at[f], f
		}
	}
	if c.areaAt >= 0 {
		text := l.at(c.areaAt)
		if !strings.Contains(text, "面积") {
			text = above.wide(c.areaAt)
		}
		if strings.Contains(text, "面积") {
			c.source = rule.AreaSourceOf(text)
		}
	}
}

// has reports whether any of the fields has a column.
func (c *columns) has(fs ...field) bool {
	return slices.ContainsFunc(fs, func(f field) bool { return c.at[f] >= 0 })
}

// score is how much of a list of homes the columns are; 0 is none. A header
// names the home, or at least both its owner and its area: a list of people
// to call is no list of homes.
func (c *columns) score() int {
	n := 0
	for f, i := range c.at {
		if i >= 0 && field(f) != serial && field(f) != note {
			n++
		}
	}
	if n > 1 && (c.has(room, address) || c.has(owner, household) && c.areaAt >= 0) {
		return n
	}
	return 0
}

// findHeader looks for the header among the first lines and gives the index
// of the line after it; false when there is none.
func findHeader(first []line) (columns, int, bool) {
	var best columns
	at, most := -1, 0
	for i := range first {
		c := readHeader(line{}, first[i])
		if n := c.score(); n > most {
			best, at, most = c, i, n
		}
	}
	if at < 0 {
		return best, 0, false
	}
	if at > 0 && first[at-1].number == first[at].number-1 && len(first[at-1].filled()) > 1 {
		best = readHeader(first[at-1], first[at])
	}
	if at+1 < len(first) && subHeader(first[at+1]) {
		c := readHeader(first[at], first[at+1])
		c.row = first[at].number
		return c, at + 2, true
	}
	return best, at + 1, true
}

// subHeader reports whether a line only holds names of columns.
func subHeader(l line) bool {
	filled := l.filled()
	for _, i := range filled {
		if fieldOf(heading(l.own[i])) == unknown {
			return false
		}
	}
	return len(filled) > 1
}

// numbering reports whether a line only counts the columns: 1, 2, 3, …
func numbering(l line) bool {
	filled := l.filled()
	for n, i := range filled {
		if l.ownAt(i) != strconv.Itoa(n+1) {
			return false
		}
	}
	return len(filled) >= 5
}
