package opinion

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Kind is what an answer is made of.
type Kind int

// The kinds. What is none of the others is Other, and no question takes it.
const (
	Other Kind = iota
	Word
	List
	Numeral
	Flag
)

// Value is an answer.
type Value struct {
	Kind   Kind
	Text   string
	Codes  []string
	Number Decimal
	Yes    bool
}

// Decimal is a number of 1/10000.
type Decimal int64

// DecimalUnit is one whole.
const DecimalUnit Decimal = 10_000

// NoDecimal stands for a limit that could not be read.
const NoDecimal Decimal = -1 << 63

// mostWhole bounds a number, so that a million of them add up.
const mostWhole = 100_000_000

// ErrDecimal says that a text is no number of at most four decimals within a
// thousand million.
var ErrDecimal = errors.New("no number of at most four decimals within 100000000")

// ParseDecimal reads a JSON number exactly.
func ParseDecimal(text string) (Decimal, error) {
	digits, exponent := text, 0
	if at := strings.IndexAny(text, "eE"); at >= 0 {
		e, err := strconv.Atoi(text[at+1:])
		if err != nil || e > 20 || e < -40 {
			return 0, ErrDecimal
		}
		digits, exponent = text[:at], e
	}
	negative := strings.HasPrefix(digits, "-")
	whole, part, _ := strings.Cut(strings.TrimPrefix(digits, "-"), ".")
	all, places := strings.TrimLeft(whole+part, "0"), len(part)-exponent
	for strings.HasSuffix(all, "0") {
		all, places = all[:len(all)-1], places-1
	}
	if all == "" {
		return 0, nil
	}
	if places > 4 || len(all)-places > 10 {
		return 0, ErrDecimal
	}
	n, err := strconv.ParseInt(all+strings.Repeat("0", 4-places), 10, 64)
	if err != nil || n > mostWhole*int64(DecimalUnit) {
		return 0, ErrDecimal
	}
	if negative {
		n = -n
	}
	return Decimal(n), nil
}

// String writes no more decimals than there are.
func (d Decimal) String() string {
	sign := ""
	if d < 0 {
		sign, d = "-", -d
	}
	text := fmt.Sprintf("%s%d.%04d", sign, d/DecimalUnit, d%DecimalUnit)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// MarshalJSON writes a number.
func (d Decimal) MarshalJSON() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalJSON reads a number exactly.
func (d *Decimal) UnmarshalJSON(b []byte) (err error) {
	*d, err = ParseDecimal(string(b))
	if err == nil && !json.Valid(b) {
		err = ErrDecimal
	}
	return err
}

// MarshalJSON writes an answer as it was given.
func (v Value) MarshalJSON() ([]byte, error) {
	switch v.Kind {
	case Word:
		return json.Marshal(v.Text)
	case List:
		return json.Marshal(v.Codes)
	case Numeral:
		return v.Number.MarshalJSON()
	case Flag:
		return strconv.AppendBool(nil, v.Yes), nil
	default:
		return []byte("null"), nil
	}
}

// UnmarshalJSON takes whatever is sent; what can be no answer becomes Other,
// so that its place can be told.
func (v *Value) UnmarshalJSON(b []byte) error {
	*v = Value{}
	b = bytes.TrimSpace(b)
	if len(b) == 0 {
		return nil
	}
	switch b[0] {
	case '"':
		v.Kind = Word
		return json.Unmarshal(b, &v.Text)
	case 't', 'f':
		v.Kind = Flag
		return json.Unmarshal(b, &v.Yes)
	case '[':
		if codes, ok := words(b); ok {
			v.Kind, v.Codes = List, codes
		}
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		if n, err := ParseDecimal(string(b)); err == nil {
			v.Kind, v.Number = Numeral, n
		}
	}
	return nil
}

func words(b []byte) ([]string, bool) {
	var all []*string
	if json.Unmarshal(b, &all) != nil {
		return nil, false
	}
	out := make([]string, 0, len(all))
	for _, word := range all {
		if word == nil {
			return nil, false
		}
		out = append(out, *word)
	}
	return out, true
}

// Don't know, for every type but text.
func (v Value) unknown() bool { return v.Kind == Word && v.Text == Unknown }

// Empty reports whether nothing was filled in.
func (v Value) Empty() bool {
	return v.Kind == Word && strings.TrimSpace(v.Text) == "" || v.Kind == List && len(v.Codes) == 0
}
