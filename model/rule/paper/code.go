// Package paper is the code on a printed paper, which a clerk may type: no
// character in it is mistaken for another, and a slip of the hand is noticed.
package paper

import (
	"errors"
	"io"
	"strings"
)

// alphabet has a prime number of characters, so that the check character
// notices every wrong character and every two that changed places.
const alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

const (
	length = 12 // with the check character
	group  = 4
)

// ErrCode says that a text is no code, or was typed wrong.
var ErrCode = errors.New("no code of a paper")

// Code names one printed paper (表决票编号): "7K3M-Q9TX-2PFC".
type Code string

// New draws a code by chance.
func New(chance io.Reader) (Code, error) {
	digits := make([]byte, 0, length)
	for one := make([]byte, 1); len(digits) < length-1; {
		if _, err := io.ReadFull(chance, one); err != nil {
			return "", err
		}
		if value := int(one[0]); value < len(alphabet)*8 { // evenly
			digits = append(digits, alphabet[value%len(alphabet)])
		}
	}
	return format(append(digits, check(digits))), nil
}

// Parse reads what was typed or scanned: in any case, with or without the
// hyphens, in full-width characters too.
func Parse(text string) (Code, error) {
	digits := make([]byte, 0, length)
	for _, r := range strings.ToUpper(strings.TrimSpace(text)) {
		if r >= '！' && r <= '～' {
			r -= '！' - '!'
		}
		switch {
		case r == '-' || r == ' ' || r == '　' || r == '—' || r == '－':
			continue
		case r >= 'a' && r <= 'z':
			r -= 'a' - 'A'
		}
		if r > 'Z' || strings.IndexByte(alphabet, byte(r)) < 0 || len(digits) == length {
			return "", ErrCode
		}
		digits = append(digits, byte(r))
	}
	if len(digits) != length || check(digits[:length-1]) != digits[length-1] {
		return "", ErrCode
	}
	return format(digits), nil
}

// check is the character that makes the weighted sum of all vanish.
func check(digits []byte) byte {
	sum := 0
	for i, d := range digits {
		sum += (i + 1) * strings.IndexByte(alphabet, d)
	}
	// The check character's own weight is its place, and has an inverse.
	for value := range len(alphabet) {
		if (sum+length*value)%len(alphabet) == 0 {
			return alphabet[value]
		}
	}
	return alphabet[0]
}

func format(digits []byte) Code {
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && i%group == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(d)
	}
	return Code(b.String())
}
