package document

import (
	"fmt"
	"io"

	"github.com/signintech/gopdf"
)

// DoorCard writes a card with a large code for a door or a notice board: A4.
func DoorCard(w io.Writer, label string, words []string, code []byte) error {
	s, err := newSheet(label)
	if err != nil {
		return fmt.Errorf("make a door card: %w", err)
	}
	s.title(label)
	holder, err := gopdf.ImageHolderByBytes(code)
	if err != nil {
		return fmt.Errorf("read the code of a door card: %w", err)
	}
	const side = 300.0
	s.skip(bodyLead)
	if err := s.pdf.ImageByHolder(holder, (left+right-side)/2, s.y, &gopdf.Rect{W: side, H: side}); err != nil {
		return fmt.Errorf("place the code of a door card: %w", err)
	}
	s.y += side + bodyLead
	for _, line := range words {
		s.centred((left+right)/2, s.y, s.legible(line), stroke{size: bodySize})
		s.y += bodyLead * 1.5
	}
	return s.finish(w)
}
