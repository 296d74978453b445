package roster

import (
	"maps"
	"slices"
	"strings"

	rule "gongdi/model/rule/roster"
)

// A sheet is one sheet while it is read.
type sheet struct {
	*reader
	name     string
	first    []line // until the header is found
	found    bool
	columns  columns
	heading  naming
	carried  carried
	kindTold bool
	held     *record // a home whose room is merged over several lines
	until    int     // the last of them
	counted  bool    // whether the line that numbers the columns may still come
}

// take reads the next line of the sheet.
func (s *sheet) take(l line) error {
	if s.found {
		return s.data(l)
	}
	if len(l.filled()) > 0 {
		s.first = append(s.first, l)
	}
	if len(s.first) < headerWithin {
		return nil
	}
	return s.start()
}

// start looks for the header among the lines so far and reads on behind it.
func (s *sheet) start() error {
	first := s.first
	s.first = s.first[:0:0]
	c, after, ok := findHeader(first)
	if !ok {
		if len(first) >= headerWithin { // nothing but the newest lines can still hold it
			s.first = slices.Clone(first[headerWithin/2:])
		}
		return nil
	}
	s.found, s.columns = true, c
	s.heading = nameFrom(first[:after], s.name, s.options.FileName)
	s.carried = carried{home: s.heading.home}
	s.announce(s.name, &c)
	for _, l := range first[after:] {
		if err := s.data(l); err != nil {
			return err
		}
	}
	return nil
}

// finish reads what is still held back at the end of the sheet.
func (s *sheet) finish() error {
	if !s.found {
		if err := s.start(); err != nil {
			return err
		}
	}
	return s.release()
}

// data reads a line below the header.
func (s *sheet) data(l line) error {
	filled := l.filled()
	if len(filled) == 0 {
		return nil
	}
	if s.held != nil && l.number <= s.until && s.columns.own(l, s.columns.areaAt) == "" {
		s.held.join(s.columns.record(l, false))
		return nil
	}
	if err := s.release(); err != nil {
		return err
	}
	if s.otherwise(l, filled) {
		return nil
	}
	r := s.columns.record(l, true)
	s.carried.complete(&r, s.columns.has(building))
	if end := l.bottom(s.columns.at[room]); s.columns.has(room) && end > l.number {
		s.held, s.until = &r, end
		return nil
	}
	return s.judge(r)
}

func (s *sheet) release() error {
	if s.held == nil {
		return nil
	}
	r := *s.held
	s.held = nil
	return s.judge(r)
}

// otherwise reads lines below the header that hold no home.
func (s *sheet) otherwise(l line, filled []int) bool {
	if !s.counted {
		s.counted = true
		if numbering(l) {
			return true
		}
	}
	if len(filled) > 2 && (named(l, filled[0]) || named(l, filled[1])) {
		if c := readHeader(line{}, l); c.score() > 2 {
			s.again(c)
			return true
		}
	}
	if summary(&s.columns, l, filled) || footnote(&s.columns, l, filled) {
		return true
	}
	if home, ok := section(&s.columns, l, filled); ok {
		s.carried.enter(home)
		return true
	}
	return !evidence(&s.columns, l, filled)
}

func named(l line, column int) bool { return fields[rule.Fold(l.own[column])] != unknown }

// again takes a header that comes a second time, for the next page or for
// another table with its columns in another order.
func (s *sheet) again(c columns) {
	if slices.Equal(c.words, s.columns.words) || !maps.Equal(c.places(), s.columns.places()) {
		if !slices.Equal(c.words, s.columns.words) {
			s.announce(s.name, &c)
		}
		s.columns = c
	}
}

func (c *columns) places() map[field]int {
	p := map[field]int{}
	for f, i := range c.at {
		if i >= 0 {
			p[field(f)] = i
		}
	}
	return p
}

// A record is one home as its cells stand, by field.
type record struct {
	number int
	text   [fieldCount]string
	merged [fieldCount]bool // the text comes down in a merged range
}

// record reads a line. filled says whether merged ranges from above count too.
func (c *columns) record(l line, filled bool) record {
	r := record{number: l.number}
	read := func(i int) string {
		if filled && i >= 0 {
			return l.at(i)
		}
		return l.ownAt(i)
	}
	for f, i := range c.at {
		r.text[f] = read(i)
		r.merged[f] = r.text[f] != "" && l.ownAt(i) == ""
	}
	for f, columns := range c.more {
		for _, i := range columns {
			r.add(f, read(i))
		}
	}
	return r
}

func (r *record) add(f field, text string) {
	if text != "" {
		r.text[f] = strings.TrimPrefix(r.text[f]+"、"+text, "、")
	}
}

// join takes the owners of a further line of the same home.
func (r *record) join(more record) {
	for _, f := range []field{owner, household, document, phone, certificate} {
		r.add(f, more.text[f])
	}
}

func (c *columns) own(l line, i int) string {
	if text := l.ownAt(i); !rule.IsBlank(text) {
		return text
	}
	return ""
}
