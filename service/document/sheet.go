package document

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/signintech/gopdf"
)

// The page, in points: A4 with the margins of an office letter.
const (
	pageWidth, pageHeight = 595.0, 842.0
	left, right           = 72.0, pageWidth - 72.0
	top, bottom           = 72.0, pageHeight - 68.0
	breadth               = right - left

	bodySize, bodyLead   = 12.0, 21.0
	smallSize, smallLead = 9.5, 14.0
)

// A sheet is a document under way: text flows from top to bottom and onto new
// pages. The first failure is kept and given by finish, so that the calls
// between read like the paper itself.
type sheet struct {
	pdf     *gopdf.GoPdf
	face    *typeface
	running string // at the foot of each page, before the page number
	copies  []copied
	y       float64
	pages   int
	section int // of the last heading, and its last part
	part    int
	missing []rune
	err     error
}

// copied is a document of its own among several in one file, such as one
// voter's paper: its pages carry its name and are numbered by themselves, so
// that loose ones find together again.
type copied struct {
	name  string
	first int
}

// own begins one at the present page, which must be empty.
func (s *sheet) own(name string) {
	s.copies = append(s.copies, copied{s.legible(name), s.pages})
}

// newSheet begins a document. Its name stands in the foot of each page and in
// the file's properties.
func newSheet(name string) (*sheet, error) {
	face, err := loadFace()
	if err != nil {
		return nil, err
	}
	s := &sheet{pdf: &gopdf.GoPdf{}, face: face}
	s.pdf.Start(gopdf.Config{PageSize: gopdf.Rect{W: pageWidth, H: pageHeight}})
	if err := s.pdf.AddTTFFontFromFontContainer(family, &face.container); err != nil {
		return nil, fmt.Errorf("start sheet: %w", err)
	}
	if err := s.pdf.SetFont(family, "", bodySize); err != nil {
		return nil, fmt.Errorf("start sheet: %w", err)
	}
	s.running = s.legible(name)
	s.pdf.SetInfo(gopdf.PdfInfo{Title: basic(s.running)})
	s.newPage()
	return s, nil
}

// basic replaces what the file's properties cannot hold.
func basic(text string) string {
	return strings.Map(func(r rune) rune {
		if r > 0xFFFF {
			return substitute
		}
		return r
	}, text)
}

func (s *sheet) newPage() {
	s.pdf.AddPage()
	s.pages++
	s.y = top
}

// need begins a new page unless so much height is left on this one.
func (s *sheet) need(height float64) {
	if s.room() < height {
		s.newPage()
	}
}

// together is need for what fits on a page; what is longer begins where it is.
func (s *sheet) together(height float64) {
	if height <= bottom-top {
		s.need(height)
	}
}

func (s *sheet) room() float64 { return bottom - s.y }

// skip leaves white space, but none at the top of a page.
func (s *sheet) skip(height float64) {
	if s.y > top {
		s.y += height
	}
}

// legible prepares a text for printing and remembers what it had to replace.
func (s *sheet) legible(text string) string {
	clean, missing := s.face.legible(text)
	for _, r := range missing {
		if !slices.Contains(s.missing, r) {
			s.missing = append(s.missing, r)
		}
	}
	return clean
}

func (s *sheet) measure(size, width, indent float64) measure {
	of := func(r rune) float64 { return float64(s.face.width(r)) * size / 1000 }
	return measure{width: width, indent: indent, of: of}
}

// A stroke is how a piece of text is set: size, distance added after each
// character, and shade from 0, black, to 255.
type stroke struct {
	size, spacing float64
	shade         uint8
}

// write sets one line whose box of the given height begins at x, y.
func (s *sheet) write(x, y, height float64, text string, k stroke) {
	baseline := y + height/2 + k.size*0.38
	m := s.measure(k.size, 0, 0)
	for text != "" {
		at := strings.IndexAny(text, boxes)
		if at == 0 {
			r := []rune(text)[0]
			s.box(x, baseline, k.size, r)
			x += m.of(r) + k.spacing
			text = text[len(string(r)):]
			continue
		}
		plain := text
		if at > 0 {
			plain = text[:at]
		}
		s.put(x, baseline, plain, k)
		x += m.length(plain) + k.spacing*float64(len([]rune(plain)))
		text = text[len(plain):]
	}
}

func (s *sheet) put(x, baseline float64, text string, k stroke) {
	s.pdf.SetTextColor(k.shade, k.shade, k.shade)
	s.pdf.SetXY(x, baseline)
	s.keep(s.pdf.SetFontSize(k.size))
	s.keep(s.pdf.SetCharSpacing(k.spacing))
	s.keep(s.pdf.Text(text))
}

// box draws ☐, ☑ or ☒ where the character would stand.
func (s *sheet) box(x, baseline, size float64, r rune) {
	side := size * 0.78
	x, y := x+size*0.11, baseline-side+size*0.02
	s.frame(x, y, side, side, 0.8)
	switch r {
	case '☑':
		s.pdf.Line(x+side*0.2, y+side*0.52, x+side*0.43, y+side*0.78)
		s.pdf.Line(x+side*0.43, y+side*0.78, x+side*0.84, y+side*0.24)
	case '☒':
		s.pdf.Line(x+side*0.2, y+side*0.2, x+side*0.8, y+side*0.8)
		s.pdf.Line(x+side*0.2, y+side*0.8, x+side*0.8, y+side*0.2)
	}
}

func (s *sheet) frame(x, y, width, height, thickness float64) {
	s.pen(thickness, 0)
	s.pdf.RectFromUpperLeftWithStyle(x, y, width, height, "D")
}

func (s *sheet) pen(thickness float64, shade uint8) {
	s.pdf.SetLineType("solid")
	s.pdf.SetLineWidth(thickness)
	s.pdf.SetStrokeColor(shade, shade, shade)
}

func (s *sheet) shade(x, y, width, height float64, shade uint8) {
	s.pdf.SetFillColor(shade, shade, shade)
	s.pdf.RectFromUpperLeftWithStyle(x, y, width, height, "F")
}

func (s *sheet) keep(err error) {
	if s.err == nil {
		s.err = err
	}
}

// finish notes the characters that could not be printed, numbers the pages
// and writes the file.
func (s *sheet) finish(w io.Writer) error {
	if len(s.missing) > 0 {
		s.skip(bodyLead / 2)
		s.note(missingNote(s.missing))
	}
	for page := 1; page <= s.pages; page++ {
		s.keep(s.pdf.SetPage(page))
		s.foot(page)
	}
	var file bytes.Buffer
	if s.err == nil {
		_, s.err = s.pdf.WriteTo(&file)
	}
	if s.err == nil {
		_, s.err = w.Write(mendTextLayer(file.Bytes()))
	}
	if s.err != nil {
		return fmt.Errorf("write sheet: %w", s.err)
	}
	return nil
}

func missingNote(missing []rune) string {
	points := make([]string, len(missing))
	for i, r := range missing {
		points[i] = fmt.Sprintf("U+%04X", r)
	}
	return "注：字库中没有的字以〓代替，各字的统一码依次为" + strings.Join(points, "、") + "。"
}

// foot prints 第x页/共y页 and, above a hairline, the running name, shortened.
func (s *sheet) foot(page int) {
	k := stroke{size: 8.5, shade: 90}
	m := s.measure(k.size, 0, 0)
	running, first, last := s.partOf(page)
	number := fmt.Sprintf("第%d页/共%d页", page-first+1, last-first+1)
	y := bottom + 18
	s.pen(0.4, 150)
	s.pdf.Line(left, y, right, y)
	s.write(right-m.length(number), y+3, smallLead, number, k)

	name := []rune(strings.ReplaceAll(running, "\n", " "))
	if n := m.fit(name, breadth*0.7); n < len(name) {
		name = append(name[:n], '…')
	}
	s.write(left, y+3, smallLead, string(name), k)
}

// partOf is what the pages around a page are of, from the first to the last.
func (s *sheet) partOf(page int) (name string, first, last int) {
	name, first, last = s.running, 1, s.pages
	for _, c := range s.copies {
		if c.first > page {
			return name, first, c.first - 1
		}
		name, first = c.name, c.first
	}
	return name, first, last
}
