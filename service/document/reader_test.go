package document

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"image"
	"image/color"
	"image/draw"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

// A placed is a piece of text as it stands on a page, in points from the
// lower left.
type placed struct {
	x, y, size, spacing float64
	text                string
}

var (
	pageObject = regexp.MustCompile(`/Type /Page\n`)
	flate      = regexp.MustCompile(`(?s)/Filter/FlateDecode/Length \d+\n>>\nstream\n(.*?)\nendstream`)
	mapping    = regexp.MustCompile(`<([0-9A-F]{4})><[0-9A-F]{4}><([0-9A-F]+)>`)
	shown      = regexp.MustCompile(`BT\n(\S+) (\S+) TD\n/F1 (\S+) Tf (\S+) Tc\n[^\[]*\[<([0-9A-F]*)>\] TJ`)
)

// read takes a PDF apart again: the texts of each page in order.
func read(t *testing.T, pdf []byte) [][]placed {
	t.Helper()
	if !bytes.HasPrefix(pdf, []byte("%PDF-")) || !bytes.HasSuffix(pdf, []byte("%%EOF\n")) {
		t.Fatal("not a whole PDF")
	}
	glyphs := map[string]string{}
	for _, m := range mapping.FindAllSubmatch(pdf, -1) {
		glyphs[string(m[1])] = units(t, string(m[2]))
	}
	var pages [][]placed
	for _, content := range contents(t, pdf) {
		pages = append(pages, texts(t, content, glyphs))
	}
	if n := len(pageObject.FindAll(pdf, -1)); n == 0 || n != len(pages) {
		t.Fatalf("%d pages with %d contents", n, len(pages))
	}
	return pages
}

// contents are the drawing instructions of each page.
func contents(t *testing.T, pdf []byte) (pages [][]byte) {
	t.Helper()
	for _, m := range flate.FindAllSubmatch(pdf, -1) {
		r, err := zlib.NewReader(bytes.NewReader(m[1]))
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, content)
	}
	return pages
}

func texts(t *testing.T, content []byte, glyphs map[string]string) []placed {
	var all []placed
	for _, m := range shown.FindAllSubmatch(content, -1) {
		var p placed
		for i, to := range []*float64{&p.x, &p.y, &p.size, &p.spacing} {
			v, err := strconv.ParseFloat(string(m[i+1]), 64)
			if err != nil {
				t.Fatal(err)
			}
			*to = v
		}
		for code := m[5]; len(code) >= 4; code = code[4:] {
			p.text += glyphs[string(code[:4])]
		}
		all = append(all, p)
	}
	return all
}

var filled = regexp.MustCompile(`(\S+) \S+ \S+ rg\nq\n(\S+) (\S+) (\S+) (\S+) re f`)

// squares draws what is filled on each page, at 216 points to the inch.
func squares(t *testing.T, pdf []byte) []image.Image {
	t.Helper()
	const scale = 3
	var pages []image.Image
	for _, content := range contents(t, pdf) {
		page := image.NewGray(image.Rect(0, 0, pageWidth*scale, pageHeight*scale))
		draw.Draw(page, page.Rect, image.White, image.Point{}, draw.Src)
		for _, m := range filled.FindAllSubmatch(content, -1) {
			var v [5]float64
			for i := range v {
				n, err := strconv.ParseFloat(string(m[i+1]), 64)
				if err != nil {
					t.Fatal(err)
				}
				v[i] = n
			}
			at := func(points float64) int { return int(math.Round(points * scale)) }
			r := image.Rect(at(v[1]), at(pageHeight-v[2]-v[4]), at(v[1]+v[3]), at(pageHeight-v[2]))
			draw.Draw(page, r, image.NewUniform(color.Gray{Y: uint8(v[0] * 255)}), image.Point{}, draw.Src)
		}
		pages = append(pages, page)
	}
	return pages
}

// feet joins the texts at the foot of a page.
func feet(page []placed) string {
	var b strings.Builder
	for _, p := range page {
		if p.y <= pageHeight-bottom {
			b.WriteString(p.text)
		}
	}
	return squeeze(b.String())
}

func units(t *testing.T, digits string) string {
	raw, err := hex.DecodeString(digits)
	if err != nil || len(raw)%2 != 0 {
		t.Fatalf("%s is not UTF-16", digits)
	}
	var u []uint16
	for i := 0; i < len(raw); i += 2 {
		u = append(u, uint16(raw[i])<<8|uint16(raw[i+1]))
	}
	return string(utf16.Decode(u))
}

// body joins the texts above the foot of every page, without blanks.
func body(pages [][]placed) string {
	var b strings.Builder
	for _, page := range pages {
		for _, p := range page {
			if p.y > pageHeight-bottom {
				b.WriteString(p.text)
			}
		}
	}
	return squeeze(b.String())
}

func squeeze(text string) string { return strings.Join(strings.Fields(text), "") }

// keepsMargins fails when a text leaves the page's margins.
func keepsMargins(t *testing.T, pages [][]placed) {
	t.Helper()
	face, err := loadFace()
	if err != nil {
		t.Fatal(err)
	}
	for i, page := range pages {
		for _, p := range page {
			end := p.x
			for _, r := range p.text {
				end += float64(face.width(r))*p.size/1000 + p.spacing
			}
			if p.x < left-1 || end-p.spacing > right+1 || p.y < pageHeight-bottom-40 || p.y > pageHeight-top {
				t.Errorf("page %d: %q stands from %.1f to %.1f at height %.1f", i+1, p.text, p.x, end, p.y)
			}
		}
	}
}
