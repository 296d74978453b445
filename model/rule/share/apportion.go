package share

import (
	"cmp"
	"math/bits"
	"slices"

	"gongdi/model/quantity"
)

// Apportion divides an amount by weights, by largest remainder (最大余额法): each
// gets the whole fen of its quota, and the fen that are left go to those with
// the largest remainders; of equal ones to the earlier.
//
// Choice: largest remainder, because no part is then a whole fen or more away
// from its quota, and equal weights differ by at most one fen.
func Apportion(amount quantity.Fen, weights []int64) ([]quantity.Fen, error) {
	parts := make([]quantity.Fen, len(weights))
	sum, err := total(weights)
	switch {
	case err != nil:
		return nil, err
	case amount < 0:
		return nil, ErrNegative
	case amount == 0:
		return parts, nil
	case sum == 0:
		return nil, ErrNobodyPays
	}
	left := amount
	remainders := make([]uint64, len(weights))
	for i, w := range weights {
		// The quota is amount × w ÷ sum. As w is at most the sum, the quotient
		// is at most the amount, and the division cannot overflow.
		high, low := bits.Mul64(uint64(amount), uint64(w))
		quotient, remainder := bits.Div64(high, low, sum)
		parts[i], remainders[i] = quantity.Fen(quotient), remainder //nolint:gosec // at most the amount
		left -= parts[i]
	}
	order := make([]int, len(weights))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(remainders[b], remainders[a]) })
	for _, i := range order[:left] { // fewer are left than remainders are above nothing
		parts[i]++
	}
	return parts, nil
}

// total adds weights; it refuses a negative one, and a sum beyond 64 bits.
func total(weights []int64) (uint64, error) {
	sum := uint64(0)
	for _, w := range weights {
		if w < 0 {
			return 0, ErrNegative
		}
		next, over := bits.Add64(sum, uint64(w), 0)
		if over != 0 {
			return 0, ErrTooLarge
		}
		sum = next
	}
	return sum, nil
}
