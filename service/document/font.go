// Package document makes the papers of the office: A4 PDFs with Chinese text,
// workbooks for Excel, and QR codes. Each paper has an input struct of its own
// and decides nothing: what it prints was decided by whoever fills the struct.
package document

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/signintech/gopdf"
)

//go:embed font/NotoSansSC-Regular.ttf
var regular []byte

const family = "NotoSansSC"

// substitute is printed in place of a character that the font lacks; every
// sheet that had to use it says so on its last page.
const substitute = '〓'

// boxes are drawn with lines, because the font lacks them: empty, ticked,
// crossed.
const boxes = "☐☑☒"

// A typeface is the font read once for the whole process. Nothing changes it
// afterwards, so that sheets may be made side by side.
type typeface struct {
	container gopdf.FontContainer // what sheets draw with
	measure   gopdf.SubsetFontObj // what they measure with
}

var loadFace = sync.OnceValues(func() (*typeface, error) {
	f := new(typeface)
	if err := f.container.AddTTFFontData(family, regular); err != nil {
		return nil, fmt.Errorf("read font: %w", err)
	}
	f.measure.SetTtfFontOption(gopdf.TtfOption{})
	if err := f.measure.SetTTFData(regular); err != nil {
		return nil, fmt.Errorf("read font: %w", err)
	}
	return f, nil
})

// has reports whether a character can be printed. Glyph 0 is the empty box.
func (f *typeface) has(r rune) bool {
	glyph, err := f.measure.CharCodeToGlyphIndex(r)
	return err == nil && glyph != 0
}

// width is in thousandths of the type size.
func (f *typeface) width(r rune) int {
	if strings.ContainsRune(boxes, r) {
		return 1000
	}
	glyph, err := f.measure.CharCodeToGlyphIndex(r)
	if err != nil {
		return 0
	}
	return int(f.measure.GlyphIndexToPdfWidth(glyph))
}

// Missing tells which characters of a text the embedded font cannot print,
// each once, in the order of the text. They are printed as 〓 with a note on
// the last page that names them; ask beforehand where a name must be right.
func Missing(text string) ([]rune, error) {
	face, err := loadFace()
	if err != nil {
		return nil, err
	}
	_, missing := face.legible(text)
	return missing, nil
}

// legible gives the text as it can be printed, and the characters it had to
// replace. Invisible marks (zero width, variation selectors, controls) go.
func (f *typeface) legible(text string) (string, []rune) {
	var out strings.Builder
	var missing []rune
	for _, r := range strings.ReplaceAll(text, "\r\n", "\n") {
		switch {
		case r == '\n' || f.has(r) || strings.ContainsRune(boxes, r):
			out.WriteRune(r)
		case r == '\t':
			out.WriteRune(' ')
		case r == '\r' || r == '\u2028' || r == '\u2029':
			out.WriteRune('\n')
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Variation_Selector):
		default:
			out.WriteRune(substitute)
			if !slices.Contains(missing, r) {
				missing = append(missing, r)
			}
		}
	}
	return out.String(), missing
}
