package document

import "errors"

var errTooTall = errors.New("names that do not fit on a page")

// closingHeight is what three signatures and a seal take with the section of
// text before them, so that they never stand on a page without text.
const closingHeight = 400.0

// sealHeight is what a seal takes under an issuer's name of one line.
const sealHeight = 119 + bodyLead/2

// signatures sets a row for each signatory: office and names, and a line to
// sign on. Without names the line stands alone.
func (s *sheet) signatures(signatories ...fact) {
	const lead, line = 30.0, 170.0
	for _, f := range signatories {
		m := s.measure(bodySize, breadth-line-30, 0)
		lines := m.wrap(s.legible(f.name + "：" + f.value))
		h := max(lead, float64(len(lines))*bodyLead+9)
		s.whole(h)
		y := s.y + (h-float64(len(lines))*bodyLead)/2
		for _, l := range lines {
			s.write(left, y, bodyLead, l.text, stroke{size: bodySize})
			y += bodyLead
		}
		s.write(right-line-30, y-bodyLead, bodyLead, "签名", stroke{size: bodySize})
		s.pen(0.6, 0)
		s.pdf.Line(right-line, y-3, right, y-3)
		s.y += h
	}
}

// whole is need for what cannot be divided: more than a page is refused.
func (s *sheet) whole(height float64) {
	s.need(height)
	if s.room() < height {
		s.keep(errTooTall)
	}
}

// seal sets the name of whoever issues the document and the day at the lower
// right, over a place for a seal of 42 mm (盖章处).
func (s *sheet) seal(issuer, day string) {
	const side = 119.0
	m := s.measure(bodySize, breadth*0.6, 0)
	lines := m.wrap(s.legible(issuer))
	lines = append(lines, line{text: s.legible(day)})
	h := max(side, float64(len(lines))*bodyLead+34)
	s.skip(bodyLead / 2)
	s.whole(h)

	widest := side
	for _, l := range lines {
		widest = max(widest, m.length(l.text))
	}
	centre := right - widest/2
	s.pen(0.6, 195)
	s.pdf.SetLineType("dashed")
	s.pdf.Oval(centre-side/2, s.y+(h-side)/2, centre+side/2, s.y+(h+side)/2)

	s.centred(centre, s.y+(h-side)/2+12, "（盖章处）", stroke{size: smallSize, shade: 130})
	y := s.y + (h-float64(len(lines))*bodyLead)/2 + 8
	for _, l := range lines {
		s.centred(centre, y, l.text, stroke{size: bodySize})
		y += bodyLead
	}
	s.y += h
}

// endingSealed sets the last words of a paper, the seal with them.
func (s *sheet) endingSealed(words, issuer, day string) {
	s.need(s.noteHeight(words) + sealHeight)
	s.note(words)
	s.seal(issuer, day)
}

// signedAndSealed sets lines to sign on beside the seal, so that a short paper
// stays on one page.
func (s *sheet) signedAndSealed(issuer, day string, offices ...string) {
	s.whole(145)
	y := s.y + bodyLead
	s.seal(issuer, day)
	m := s.measure(bodySize, 0, 0)
	for _, o := range offices {
		o = s.legible(o) + "："
		s.write(left, y, bodyLead, o, stroke{size: bodySize})
		from := left + m.length(o)
		s.pen(0.6, 0)
		s.pdf.Line(from, y+bodyLead-2, from+130, y+bodyLead-2)
		y += 36
	}
}

func (s *sheet) centred(centre, y float64, text string, k stroke) {
	s.write(centre-s.measure(k.size, 0, 0).length(text)/2, y, bodyLead, text, k)
}

// beside sets a QR code at the right margin with a caption under it, and the
// text that body sets, which gets the width that remains, to its left. Both
// begin on the same page.
func (s *sheet) beside(code, caption string, body func(width float64)) {
	const side = 92.0
	if code == "" {
		body(breadth)
		return
	}
	s.need(side + 2*smallLead)
	s.code(code, right-side, s.y+4, side)
	s.centred(right-side/2, s.y+side+1, s.legible(caption), stroke{size: smallSize})
	page, end := s.pages, s.y+side+2*smallLead
	body(breadth - side - 18)
	if s.pages == page {
		s.y = max(s.y, end)
	}
}

// code draws a QR code in squares, sharp at any size of print.
func (s *sheet) code(text string, x, y, side float64) {
	rows, err := modules(text)
	if err != nil {
		s.keep(err)
		return
	}
	unit := side / float64(len(rows))
	for i, row := range rows {
		for from := 0; from < len(row); from++ {
			to := from
			for to < len(row) && row[to] {
				to++
			}
			if to > from {
				s.shade(x+float64(from)*unit, y+float64(i)*unit, float64(to-from)*unit, unit, 0)
				from = to
			}
		}
	}
}
