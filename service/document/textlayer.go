package document

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"unicode/utf16"
)

var (
	toUnicode = regexp.MustCompile(`(?s)/CIDInit /ProcSet.*?endcmap`)
	beyond    = regexp.MustCompile(`<([0-9A-F]{5,6})>`)
)

// mendTextLayer corrects what is copied or searched for beyond U+FFFF. gopdf
// writes such a character as five digits where the format wants a pair of
// UTF-16 units, and 𬬭 is read as another character. The table keeps its
// length, so that nothing in the file moves: the room comes from line ends
// that mean nothing. Were there not enough of them, the table stays as it was.
func mendTextLayer(pdf []byte) []byte {
	at := toUnicode.FindIndex(pdf)
	if at == nil || !beyond.Match(pdf[at[0]:at[1]]) {
		return pdf
	}
	table := pdf[at[0]:at[1]]
	mended := beyond.ReplaceAllFunc(table, pair)
	mended = bytes.ReplaceAll(mended, []byte(">\n<"), []byte("><"))
	if len(mended) > len(table) {
		return pdf
	}
	n := copy(table, mended)
	copy(table[n:], bytes.Repeat([]byte{' '}, len(table)-n))
	return pdf
}

func pair(digits []byte) []byte {
	r, err := strconv.ParseUint(string(digits[1:len(digits)-1]), 16, 32)
	if err != nil {
		return digits
	}
	high, low := utf16.EncodeRune(rune(r))
	return fmt.Appendf(nil, "<%04X%04X>", high, low)
}
