package quantity

import "strconv"

// Fen is money in 0.01 yuan (分). The zero value is no money.
type Fen int64

// MaxFen is the most that one entry, and one plan, may be about: ten thousand
// million yuan. Sums of thousands of them are far from overflowing.
const MaxFen Fen = 1_000_000_000_000

// String gives yuan as they are printed: thousands apart and exactly two
// decimals, "13,461.54".
func (f Fen) String() string {
	n, sign := uint64(f), "" //nolint:gosec // a negative one is turned below
	if f < 0 {
		n, sign = -n, "-"
	}
	yuan := strconv.FormatUint(n/100, 10)
	for i := len(yuan) - 3; i > 0; i -= 3 {
		yuan = yuan[:i] + "," + yuan[i:]
	}
	return sign + yuan + "." + strconv.FormatUint(100+n%100, 10)[1:]
}
