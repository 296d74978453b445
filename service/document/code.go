package document

import (
	"fmt"

	"github.com/skip2/go-qrcode"
)

// QR draws a code that a phone reads, as a square PNG of so many pixels with
// its quiet zone. It bears the loss of 15 % of its area. A text that no code
// can hold (beyond some 2,300 bytes) is an error.
func QR(text string, pixels int) ([]byte, error) {
	png, err := qrcode.Encode(text, qrcode.Medium, pixels)
	if err != nil {
		return nil, fmt.Errorf("draw code: %w", err)
	}
	return png, nil
}

// modules are the dark squares of a code, row by row, without a quiet zone.
func modules(text string) ([][]bool, error) {
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return nil, fmt.Errorf("draw code: %w", err)
	}
	code.DisableBorder = true
	return code.Bitmap(), nil
}
