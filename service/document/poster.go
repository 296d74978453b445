package document

import (
	"fmt"
	"io"

	"github.com/signintech/gopdf"
)

// Posted is what a poster says (张贴海报).
type Posted struct {
	Sort, Title, Where string
	Lines              []string
	Code               []byte // a picture
}

// Poster writes a sheet for a stairwell: what it is about, by when, and a code
// that is scanned from two steps away. A4, one page.
func Poster(w io.Writer, p Posted) error {
	s, err := newSheet(p.Sort + "：" + p.Title)
	if err != nil {
		return fmt.Errorf("make a poster: %w", err)
	}
	const big, side = 15.0, 270.0
	middle := (left + right) / 2
	s.y += bodyLead
	s.centred(middle, s.y, s.legible("【"+p.Sort+"】"+p.Where), stroke{size: big})
	s.y += bodyLead * 2
	s.title(p.Title)
	for _, text := range p.Lines {
		for _, l := range balanced(s.measure(big, breadth, 0), s.legible(text)) {
			s.centred(middle, s.y, l.text, stroke{size: big})
			s.y += bodyLead * 1.4
		}
	}
	s.skip(bodyLead)
	s.need(side + 3*bodyLead)
	holder, err := gopdf.ImageHolderByBytes(p.Code)
	if err != nil {
		return fmt.Errorf("read the code of a poster: %w", err)
	}
	if err := s.pdf.ImageByHolder(holder, middle-side/2, s.y, &gopdf.Rect{W: side, H: side}); err != nil {
		return fmt.Errorf("place the code of a poster: %w", err)
	}
	s.y += side + bodyLead/2
	s.centred(middle, s.y, s.legible("打开微信扫一扫"), stroke{size: big})
	return s.finish(w)
}
