package api

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// Hundredths are points or per cent in a body: a JSON number with at most two
// decimals, kept as an integer of 0.01.
type Hundredths int64

var hundredths = regexp.MustCompile(`^(-?)([0-9]{1,9})(?:\.([0-9]{1,2}))?$`)

var errHundredths = errors.New("not a number with at most two decimals")

// MarshalJSON writes what is needed of two decimals.
func (h Hundredths) MarshalJSON() ([]byte, error) {
	sign, n := "", int64(h)
	if n < 0 {
		sign, n = "-", -n
	}
	text := strings.TrimRight(strings.TrimRight(fmt.Sprintf("%d.%02d", n/100, n%100), "0"), ".")
	return []byte(sign + text), nil
}

// UnmarshalJSON reads exactly.
func (h *Hundredths) UnmarshalJSON(b []byte) error {
	found := hundredths.FindStringSubmatch(string(b))
	if found == nil {
		return errHundredths
	}
	n, err := strconv.ParseInt(found[2]+(found[3] + "00")[:2], 10, 64)
	if err != nil {
		return errHundredths
	}
	if found[1] != "" {
		n = -n
	}
	*h = Hundredths(n)
	return nil
}

// Schema describes it.
func (Hundredths) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeNumber, Description: "at most two decimals", Examples: []any{92.5}}
}
