package files

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"testing"
)

// TestAFileIsMadeUpToItsBound writes in pieces, and by a writer that holds
// some back.
func TestAFileIsMadeUpToItsBound(t *testing.T) {
	for name, write := range map[string]func(w io.Writer, text string) error{
		"in pieces": func(w io.Writer, text string) error {
			for _, piece := range strings.Split(text, "") {
				if _, err := io.WriteString(w, piece); err != nil {
					return err
				}
			}
			return nil
		},
		"held back": func(w io.Writer, text string) error {
			held := bufio.NewWriter(w)
			_, err := held.WriteString(text)
			return errors.Join(err, held.Flush())
		},
	} {
		fits := shelf{most: 10}
		if err := write(&fits, "0123456789"); err != nil || fits.over || fits.content.String() != "0123456789" {
			t.Errorf("%s: %v, %q", name, err, fits.content.String())
		}
		long := shelf{most: 10}
		if err := write(&long, "0123456789x"); !errors.Is(err, ErrMadeTooLarge) || !long.over || long.content.Len() > 10 {
			t.Errorf("%s: %v, %q", name, err, long.content.String())
		}
	}
}
