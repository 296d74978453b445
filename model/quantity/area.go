// Package quantity holds the measures that law and money are counted in, as
// integers: areas in 0.01 m² and days in Asia/Shanghai.
package quantity

import (
	"errors"
	"strconv"
	"strings"
)

// Area is a floor area in units of 0.01 m². The zero value is no area.
type Area int64

// What ParseArea answers when a text is not an area.
var (
	ErrAreaSyntax   = errors.New("not a number of square metres")
	ErrAreaFraction = errors.New("more than two decimals of a square metre")
	ErrAreaRange    = errors.New("an area beyond what a building can have")
)

// maxArea keeps the sum of any roll far from overflowing: 10 km² for one home.
const maxArea Area = 1_000_000_000

// parse reads a decimal number of square metres of any size that fits.
func parse(s string) (Area, error) {
	negative := strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(s, "-")
	whole, fraction, dotted := strings.Cut(s, ".")
	if whole == "" || dotted && fraction == "" || !digits(whole) || !digits(fraction) {
		return 0, ErrAreaSyntax
	}
	fraction = strings.TrimRight(fraction, "0")
	if len(fraction) > 2 {
		return 0, ErrAreaFraction
	}
	n, err := strconv.ParseInt(whole+(fraction + "00")[:2], 10, 64)
	if err != nil {
		return 0, ErrAreaRange
	}
	if negative {
		n = -n
	}
	return Area(n), nil
}

// ParseArea reads a plain decimal number of square metres such as "104.94",
// with at most two decimals (trailing zeros beyond are allowed). It accepts a sign;
// whether an area may be negative or zero is the caller's question.
func ParseArea(s string) (Area, error) {
	a, err := parse(s)
	if err == nil && (a > maxArea || a < -maxArea) {
		return 0, ErrAreaRange
	}
	return a, err
}

func digits(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// String gives square metres with exactly two decimals, as they are printed.
func (a Area) String() string {
	n, sign := int64(a), ""
	if n < 0 {
		n, sign = -n, "-"
	}
	return sign + strconv.FormatInt(n/100, 10) + "." + strconv.FormatInt(100+n%100, 10)[1:]
}

// MarshalJSON gives a JSON number of square metres with two decimals.
func (a Area) MarshalJSON() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalJSON reads a JSON number of square metres, of one home or of a whole
// roll; exponents and more than two decimals it refuses.
func (a *Area) UnmarshalJSON(b []byte) error {
	v, err := parse(string(b))
	if err == nil {
		*a = v
	}
	return err
}
