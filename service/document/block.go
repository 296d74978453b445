package document

import "strings"

// title sets the document's name: large and centred, on one line or, if it
// does not fit, each part from a new line, in lines of like length.
func (s *sheet) title(parts ...string) {
	whole := s.legible(strings.Join(parts, ""))
	size := 22.0
	if len(s.measure(size, breadth, 0).wrap(whole)) > 3 {
		size = 18
	}
	m := s.measure(size, breadth, 0)
	if m.length(whole) <= breadth {
		parts = []string{whole}
	}
	for _, part := range parts {
		for _, l := range balanced(m, s.legible(part)) {
			s.need(size * 1.5)
			s.write(left+(breadth-m.length(l.text))/2, s.y, size*1.5, l.text, stroke{size: size})
			s.y += size * 1.5
		}
	}
	s.y += bodyLead
}

// balanced narrows the measure as far as the number of lines allows.
func balanced(m measure, text string) []line {
	lines := m.wrap(text)
	for {
		m.width -= 4
		next := m.wrap(text)
		if len(next) > len(lines) || m.width < 40 {
			return lines
		}
		lines = next
	}
}

// heading begins a numbered section, 一、, together with what follows it.
func (s *sheet) heading(text string) {
	s.section++
	s.part = 0
	s.skip(bodyLead * 0.45)
	s.need(bodyLead * 6.5)
	s.head(numeral(int64(s.section))+"、"+text, 15)
}

// headingHeight is what a heading takes at most.
func (s *sheet) headingHeight(text string) float64 {
	lines := s.measure(15, breadth, 0).wrap(s.legible(numeral(int64(s.section+1)) + "、" + text))
	return bodyLead*0.45 + 24*float64(len(lines)) + 3
}

// noteHeight is what a note takes.
func (s *sheet) noteHeight(text string) float64 {
	return (smallLead + 1.5) * float64(len(s.measure(smallSize, breadth, 0).wrap(s.legible(text))))
}

// subheading begins a numbered part of a section, （一）.
func (s *sheet) subheading(text string) {
	s.part++
	s.skip(bodyLead * 0.2)
	s.need(bodyLead * 5)
	s.head("（"+numeral(int64(s.part))+"）"+text, 13)
}

func (s *sheet) head(text string, size float64) {
	for _, l := range s.measure(size, breadth, 0).wrap(s.legible(text)) {
		s.write(left, s.y, 24, l.text, stroke{size: size})
		s.y += 24
	}
	s.y += 3
}

// paragraph sets body text, each newline a paragraph whose first line is set
// in by two characters.
func (s *sheet) paragraph(text string) {
	s.flow(left, s.measure(bodySize, breadth, 2*bodySize), text, bodyLead)
}

// plain sets body text that is not set in, such as the address of a letter.
func (s *sheet) plain(text string) {
	s.flow(left, s.measure(bodySize, breadth, 0), text, bodyLead)
}

// note sets small print.
func (s *sheet) note(text string) {
	s.flow(left, s.measure(smallSize, breadth, 0), text, smallLead+1.5)
}

// listing sets labels in small print, none of them torn.
func (s *sheet) listing(labels []string) {
	m := s.measure(smallSize, breadth, 2*smallSize)
	m.separator = '、'
	s.flow(left, m, listed(labels), smallLead+1.5)
	s.y += smallLead / 2
}

// flow sets text in even lines from x on. The type size is read from the
// measure: a Chinese character is as wide as its size.
func (s *sheet) flow(x float64, m measure, text string, lead float64) {
	size := m.of('一')
	starts := true
	for _, l := range m.wrap(s.legible(text)) {
		indent := 0.0
		if starts {
			indent = m.indent
		}
		s.need(lead)
		s.write(x+indent, s.y, lead, l.text, stroke{size: size, spacing: stretch(m, l, indent)})
		s.y += lead
		starts = l.ends
	}
}

// stretch is what must be added after each character for a line to reach the
// right margin; a line that is far too short stays as it is.
func stretch(m measure, l line, indent float64) float64 {
	gaps := len([]rune(l.text)) - 1
	lacking := m.width - indent - m.length(l.text)
	if l.ends || m.separator != 0 || gaps < 1 || lacking < 0 || lacking > m.width/6 {
		return 0
	}
	return lacking / float64(gaps)
}

// A fact is a name and what there is to say, set as 「name：value」. One
// without a value is left out.
type fact struct{ name, value string }

// facts sets names in a column of their own and values beside them.
func (s *sheet) facts(width float64, facts ...fact) {
	m := s.measure(bodySize, width, 0)
	column := 0.0
	for _, f := range facts {
		if f.value != "" {
			column = max(column, m.length(f.name+"："))
		}
	}
	m.width = width - column
	for _, f := range facts {
		if f.value == "" {
			continue
		}
		s.need(bodyLead)
		s.write(left, s.y, bodyLead, s.legible(f.name)+"：", stroke{size: bodySize})
		s.flow(left+column, m, f.value, bodyLead)
	}
}

// verdict sets the result in a frame across the page.
func (s *sheet) verdict(text string) {
	const size, lead = 16.0, 26.0
	m := s.measure(size, breadth-24, 0)
	lines := m.wrap(s.legible(text))
	height := lead*float64(len(lines)) + 14
	s.need(height + bodyLead)
	s.y += 4
	s.frame(left, s.y, breadth, height, 1.2)
	for i, l := range lines {
		s.write(left+(breadth-m.length(l.text))/2, s.y+7+lead*float64(i), lead, l.text, stroke{size: size})
	}
	s.y += height + 8
}

// listed joins labels as a Chinese sentence does.
func listed(labels []string) string { return strings.Join(labels, "、") }
