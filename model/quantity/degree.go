package quantity

import (
	"errors"
	"strconv"
	"strings"
)

// Degree is an angle on a map in millionths of a degree, some 0.1 m.
type Degree int64

// ErrDegree says that a text is not an angle.
var ErrDegree = errors.New("not a number of degrees")

const perDegree = 1_000_000

// ParseDegree reads a plain decimal number of degrees, rounded half up to
// millionths.
func ParseDegree(s string) (Degree, error) {
	number, negative := strings.CutPrefix(strings.TrimSpace(s), "-")
	whole, fraction, dotted := strings.Cut(number, ".")
	if whole == "" || len(whole) > 3 || dotted && fraction == "" || len(fraction) > 20 || !digits(whole) || !digits(fraction) {
		return 0, ErrDegree
	}
	n, err := strconv.ParseInt(whole+(fraction + "0000000")[:7], 10, 64)
	if err != nil {
		return 0, ErrDegree
	}
	if n = (n + 5) / 10; n > 180*perDegree {
		return 0, ErrDegree
	}
	if negative {
		n = -n
	}
	return Degree(n), nil
}

// String gives degrees with six decimals.
func (d Degree) String() string {
	n, sign := int64(d), ""
	if n < 0 {
		n, sign = -n, "-"
	}
	return sign + strconv.FormatInt(n/perDegree, 10) + "." + strconv.FormatInt(perDegree+n%perDegree, 10)[1:]
}

// InChina reports whether a place lies in the rectangle around China in which
// GCJ-02 is used.
func InChina(longitude, latitude Degree) bool {
	return 73*perDegree <= longitude && longitude <= 136*perDegree && 3*perDegree <= latitude && latitude <= 54*perDegree
}
