package roster

import (
	"bytes"
	"encoding/xml"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	rule "gongdi/model/rule/roster"
)

// A span is a merged range, rows and columns from 1, with the text of its
// first cell once that has been read.
type span struct {
	top, bottom, left, right int
	text                     string
}

// merges gives the ranges that touch each row, while the rows come in order.
type merges struct {
	waiting []span // by their first row
	active  []span
}

// More ranges than this are no list that people made.
const (
	maxMerges       = 100_000
	maxActiveMerges = maxColumns
)

// merges reads the ranges out of the sheet's XML without building the sheet in
// memory, and the number of its last row.
func (w *workbook) merges(sheet string) (*merges, int, error) {
	part := w.part(sheet)
	m, last, ended := &merges{}, 0, false
	for len(part) > 0 {
		name, attributes, rest := nextTag(part)
		part = rest
		switch name {
		case "/sheetData":
			ended = true // a row in what follows is that of a drawing
		case "row":
			if ended {
				continue
			}
			last++
			if n, err := strconv.Atoi(attribute(attributes, "r")); err == nil && n > 0 {
				last = n
			}
		case "mergeCell":
			if s, ok := spanOf(attribute(attributes, "ref")); ok {
				m.waiting = append(m.waiting, s)
			}
		}
		if len(m.waiting) > maxMerges {
			return nil, 0, ErrTooLarge
		}
	}
	slices.SortStableFunc(m.waiting, func(a, b span) int { return a.top - b.top })
	return m, last, nil
}

// nextTag gives the next tag's local name, if it matters here, and the text of
// its attributes.
func nextTag(part []byte) (name string, attributes, rest []byte) {
	start := bytes.IndexByte(part, '<')
	if start < 0 {
		return "", nil, nil
	}
	part = part[start+1:]
	end := bytes.IndexByte(part, '>')
	if end < 0 {
		return "", nil, nil
	}
	tag := part[:end]
	word, closing := bytes.CutPrefix(tag, []byte("/"))
	if at := bytes.IndexAny(word, " \t\r\n/"); at >= 0 {
		word = word[:at]
	}
	if at := bytes.IndexByte(word, ':'); at >= 0 {
		word = word[at+1:]
	}
	switch { // the names that matter, without an allocation for the others
	case closing && string(word) == "sheetData":
		name = "/sheetData"
	case !closing && string(word) == "row":
		name = "row"
	case !closing && string(word) == "mergeCell":
		name = "mergeCell"
	}
	return name, tag, part[end+1:]
}

func attribute(tag []byte, name string) string {
	for _, quote := range []string{`"`, `'`} {
		_, after, ok := bytes.Cut(tag, []byte(" "+name+"="+quote))
		if value, _, closed := bytes.Cut(after, []byte(quote)); ok && closed {
			return string(value)
		}
	}
	return ""
}

func spanOf(ref string) (span, bool) {
	first, last, ok := strings.Cut(ref, ":")
	left, top, err := excelize.CellNameToCoordinates(first)
	if !ok || err != nil {
		return span{}, false
	}
	right, bottom, err := excelize.CellNameToCoordinates(last)
	return span{top: top, bottom: bottom, left: left, right: right}, err == nil && bottom >= top && right >= left
}

// part finds a sheet's XML among the parts of the file.
func (w *workbook) part(sheet string) []byte {
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"id,attr"`
		} `xml:"sheets>sheet"`
	}
	var links struct {
		Links []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if xml.Unmarshal(w.raw("xl/workbook.xml"), &book) != nil || xml.Unmarshal(w.raw("xl/_rels/workbook.xml.rels"), &links) != nil {
		return nil
	}
	for _, s := range book.Sheets {
		for _, l := range links.Links {
			if s.Name != sheet || s.ID != l.ID {
				continue
			}
			if strings.HasPrefix(l.Target, "/") {
				return w.raw(strings.TrimPrefix(l.Target, "/"))
			}
			return w.raw(path.Join("xl", l.Target))
		}
	}
	return nil
}

func (w *workbook) raw(name string) []byte {
	content, _ := w.file.Pkg.Load(name)
	b, _ := content.([]byte)
	return b
}

// line takes the next row's cells. Rows without any may be left out.
func (m *merges) line(number int, cells []string) line {
	m.active = slices.DeleteFunc(m.active, func(s span) bool { return s.bottom < number })
	for len(m.waiting) > 0 && m.waiting[0].top <= number {
		s := m.waiting[0]
		m.waiting = m.waiting[1:]
		if s.top == number && s.left <= len(cells) {
			s.text = cells[s.left-1]
		}
		if len(m.active) < maxActiveMerges {
			m.active = append(m.active, s)
		}
	}
	return line{number: number, own: cells, spans: slices.Clone(m.active)}
}

// at gives the text of a column (from 0): the cell's own, or that of the first
// cell of a merged range which comes down from above.
func (l line) at(column int) string {
	if own := l.ownAt(column); own != "" {
		return own
	}
	for _, s := range l.spans {
		if s.left == column+1 && s.top < l.number {
			return s.text
		}
	}
	return ""
}

// wide is at, with ranges spread over all their columns: the way in which
// headings group the columns below them.
func (l line) wide(column int) string {
	if text := l.at(column); text != "" {
		return text
	}
	for _, s := range l.spans {
		if s.left <= column+1 && column < s.right {
			return s.text
		}
	}
	return ""
}

func (l line) ownAt(column int) string {
	if column < 0 || column >= len(l.own) {
		return ""
	}
	return strings.TrimSpace(l.own[column])
}

// bottom is the last row of the merged range that begins in this cell, or the
// row itself.
func (l line) bottom(column int) int {
	for _, s := range l.spans {
		if s.left == column+1 && s.top == l.number {
			return s.bottom
		}
	}
	return l.number
}

// width is how many columns the line has, merged ones among them.
func (l line) width() int {
	n := len(l.own)
	for _, s := range l.spans {
		n = max(n, min(s.right, maxColumns))
	}
	return n
}

// filled are the columns that say something in this row itself.
func (l line) filled() []int {
	var columns []int
	for c := range l.own {
		if !rule.IsBlank(l.own[c]) {
			columns = append(columns, c)
		}
	}
	return columns
}
