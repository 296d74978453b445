package files

import (
	"encoding/binary"
	"image"
	"image/color"
)

// orientation reads from a JPEG how the camera was held, 1 to 8 as EXIF
// numbers it; 1 when it does not say.
func orientation(jpeg []byte) int {
	for at := 2; at+4 <= len(jpeg) && jpeg[at] == 0xff; {
		marker, size := jpeg[at+1], int(binary.BigEndian.Uint16(jpeg[at+2:]))
		end := at + 2 + size
		if marker == 0xda || size < 2 || end > len(jpeg) {
			break
		}
		if body := jpeg[at+4 : end]; marker == 0xe1 && len(body) > 14 && string(body[:6]) == "Exif\x00\x00" {
			return turn(body[6:])
		}
		at = end
	}
	return 1
}

// turn finds the orientation among the first fields of a TIFF.
func turn(tiff []byte) int {
	var order binary.ByteOrder = binary.LittleEndian
	if string(tiff[:2]) == "MM" {
		order = binary.BigEndian
	}
	const orientationTag, fieldSize = 0x0112, 12
	first := int(order.Uint32(tiff[4:]))
	if first < 8 || first+2 > len(tiff) {
		return 1
	}
	for i := range int(order.Uint16(tiff[first:])) {
		at := first + 2 + i*fieldSize
		if at+fieldSize > len(tiff) {
			return 1
		}
		if order.Uint16(tiff[at:]) == orientationTag {
			if held := int(order.Uint16(tiff[at+8:])); held >= 1 && held <= 8 {
				return held
			}
			return 1
		}
	}
	return 1
}

// upright shows a picture as it was seen.
func upright(i image.Image, held int) image.Image {
	if held == 1 {
		return i
	}
	return turned{i, held}
}

// turned is a picture that is looked at another way; no pixel is copied.
type turned struct {
	image.Image
	held int
}

// Bounds are those of the picture as seen.
func (t turned) Bounds() image.Rectangle {
	b := t.Image.Bounds()
	if t.held >= 5 {
		return image.Rect(0, 0, b.Dy(), b.Dx())
	}
	return image.Rect(0, 0, b.Dx(), b.Dy())
}

// At is the pixel that is seen at a place.
func (t turned) At(x, y int) color.Color {
	b := t.Image.Bounds()
	right, bottom := b.Dx()-1, b.Dy()-1
	switch t.held {
	case 2:
		x = right - x
	case 3:
		x, y = right-x, bottom-y
	case 4:
		y = bottom - y
	case 5:
		x, y = y, x
	case 6:
		x, y = y, bottom-x
	case 7:
		x, y = right-y, bottom-x
	case 8:
		x, y = right-y, x
	}
	return t.Image.At(b.Min.X+x, b.Min.Y+y)
}
