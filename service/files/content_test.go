package files

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"gongdi/service/fault"
)

// halves is a picture, red on the left and blue on the right.
func halves(w, h int) image.Image {
	i := image.NewRGBA(image.Rect(0, 0, w, h))
	for x := range w {
		for y := range h {
			c := color.RGBA{R: 255, A: 255}
			if x >= w/2 {
				c = color.RGBA{B: 255, A: 255}
			}
			i.Set(x, y, c)
		}
	}
	return i
}

func asJPEG(t testing.TB, i image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, i, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t testing.TB, i image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, i); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// held puts into a JPEG how the camera was held, and where.
func held(picture []byte, orientation uint16, order binary.AppendByteOrder, mark string) []byte {
	tiff := []byte(mark)
	tiff = order.AppendUint16(tiff, 42)
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 1)
	tiff = order.AppendUint16(tiff, 0x0112)
	tiff = order.AppendUint16(tiff, 3)
	tiff = order.AppendUint32(tiff, 1)
	tiff = order.AppendUint16(tiff, orientation)
	tiff = append(tiff, 0, 0, 0, 0, 0, 0)
	tiff = append(tiff, "GPS 27.45N 106.22E"...)
	body := append([]byte("Exif\x00\x00"), tiff...)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(body)+2))
	return append(append(append([]byte{}, picture[:2]...), append(segment, body...)...), picture[2:]...)
}

const pdf = "%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

// claiming is a PNG whose header claims a size that its pixels do not have.
func claiming(t testing.TB, side uint32) []byte {
	t.Helper()
	b := asPNG(t, halves(2, 2))
	binary.BigEndian.PutUint32(b[16:], side)
	binary.BigEndian.PutUint32(b[20:], side)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return b
}

func TestAFileIsWhatItHolds(t *testing.T) {
	for _, c := range []struct {
		name    string
		content []byte
		want    string
		refused *fault.Error
	}{
		{"a photo", asJPEG(t, halves(40, 20)), "image/jpeg", nil},
		{"a drawing", asPNG(t, halves(40, 20)), "image/png", nil},
		{"a scan", []byte(pdf), "application/pdf", nil},
		{"nothing", nil, "", ErrEmpty},
		{"a page of the web called photo.jpg", []byte("<html><script>alert(1)</script></html>"), "", ErrUnsupported},
		{"a program", []byte("MZ\x90\x00\x03"), "", ErrUnsupported},
		{"an animation", []byte("GIF89a\x01\x00\x01\x00"), "", ErrUnsupported},
		{"a phone's own format", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), "", ErrHEIC},
		{"half a photo", asJPEG(t, halves(400, 200))[:300], "", ErrDamaged},
		{"40,000 × 40,000 pixels", claiming(t, 40_000), "", ErrPicture},
		{"12,001 × 12,001 pixels", claiming(t, 12_001), "", ErrPicture},
		{"8,000 × 8,000 pixels", claiming(t, 8_000), "", ErrPicture},
		{"20 MB and a byte", make([]byte, Largest+1), "", ErrTooLarge},
		{"a PDF that runs something", []byte(strings.Replace(pdf, "/Catalog", "/Catalog/OpenAction<</S/JavaScript/JS (x)>>", 1)), "", ErrActive},
		{"a PDF that nobody can open", []byte(strings.Replace(pdf, "/Root", "/Encrypt 5 0 R/Root", 1)), "", ErrActive},
		{"half a PDF", []byte(pdf[:30]), "", ErrDamaged},
	} {
		t.Run(c.name, func(t *testing.T) {
			mediaType, kept, err := clean(c.content)
			if c.refused != nil {
				if !errors.Is(err, c.refused) || len(kept) > 0 {
					t.Errorf("got %v, want %s", err, c.refused.Code)
				}
				return
			}
			if err != nil || mediaType != c.want || len(kept) == 0 {
				t.Errorf("got %s, %d bytes, %v", mediaType, len(kept), err)
			}
		})
	}
}

// TestAPhotoIsKeptUprightAndWithoutItsPlace looks where the red half is after
// each way of holding a camera.
func TestAPhotoIsKeptUprightAndWithoutItsPlace(t *testing.T) {
	for orientation, red := range map[uint16]image.Point{
		1: {2, 10}, 2: {37, 10}, 3: {37, 10}, 4: {2, 10}, 5: {10, 2}, 6: {10, 2}, 7: {10, 37}, 8: {10, 37},
	} {
		for mark, order := range map[string]binary.AppendByteOrder{"II": binary.LittleEndian, "MM": binary.BigEndian} {
			_, kept, err := clean(held(asJPEG(t, halves(40, 20)), orientation, order, mark))
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(kept, []byte("GPS")) || bytes.Contains(kept, []byte("Exif")) {
				t.Errorf("%d %s: where it was taken is still in it", orientation, mark)
			}
			seen, err := jpeg.Decode(bytes.NewReader(kept))
			if err != nil {
				t.Fatal(err)
			}
			if want := image.Pt(40, 20); orientation < 5 && seen.Bounds().Size() != want {
				t.Errorf("%d: %v", orientation, seen.Bounds())
			}
			if r, _, b, _ := seen.At(red.X, red.Y).RGBA(); r < b {
				t.Errorf("%d %s: the red half is elsewhere", orientation, mark)
			}
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, seed := range [][]byte{asJPEG(f, halves(8, 8)), held(asJPEG(f, halves(8, 8)), 6, binary.BigEndian, "MM"), asPNG(f, halves(8, 8)), []byte(pdf), claiming(f, 9)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		var refused *fault.Error
		if _, kept, err := clean(content); err != nil && !errors.As(err, &refused) || err == nil && len(kept) == 0 {
			t.Errorf("%v, %d bytes", err, len(kept))
		}
	})
}

func BenchmarkPhotoOfTwelveMegapixels(b *testing.B) {
	photo := held(asJPEG(b, halves(4000, 3000)), 6, binary.BigEndian, "MM")
	for b.Loop() {
		if _, _, err := clean(photo); err != nil {
			b.Fatal(err)
		}
	}
}

// A picture of one pixel, as a phone's browser sends it.
func TestAWebPIsKeptAsJPEG(t *testing.T) {
	sent, err := base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
	if err != nil {
		t.Fatal(err)
	}
	mediaType, kept, err := clean(sent)
	if err != nil || mediaType != typeJPEG {
		t.Fatalf("%s %v", mediaType, err)
	}
	if _, format, err := image.Decode(bytes.NewReader(kept)); err != nil || format != "jpeg" {
		t.Errorf("kept as %s: %v", format, err)
	}
	if _, _, err := clean(sent[:24]); !errors.Is(err, ErrDamaged) {
		t.Errorf("half of one: %v", err)
	}
}
