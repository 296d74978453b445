package share

import (
	"maps"
	"math"
	"math/bits"
	"slices"

	"gongdi/model/quantity"
)

const wholePercent = 10_000 // basis points

// weights gives each home its weight.
func (s Sharing) weights(amount quantity.Fen, homes []Home) ([]int64, error) {
	switch s.Mode {
	case Coefficient, CoefficientArea:
		return each(homes, s.byFloor)
	case PercentByFloor:
		return s.byPercent(homes)
	case Area:
		return each(homes, byArea)
	case Equal:
		return each(homes, func(*Home) (int64, error) { return 100, nil })
	case Fixed:
		return fixed(amount, homes)
	}
	return nil, ErrModeUnknown
}

// each weighs those who pay.
func each(homes []Home, weigh func(*Home) (int64, error)) ([]int64, error) {
	weights := make([]int64, len(homes))
	for i := range homes {
		if !homes[i].pays() {
			continue
		}
		w, err := weigh(&homes[i])
		if err != nil {
			return nil, err
		}
		if w < 0 {
			return nil, ErrNegative.at(&homes[i])
		}
		weights[i] = w
	}
	return weights, nil
}

func (s Sharing) byFloor(h *Home) (int64, error) {
	coefficient, err := s.coefficient(h)
	if err != nil || s.Mode == Coefficient || coefficient == 0 {
		return coefficient, err
	}
	area, err := byArea(h)
	if err != nil {
		return 0, err
	}
	return times(coefficient, area)
}

func (s Sharing) coefficient(h *Home) (int64, error) {
	if h.Coefficient != nil {
		return *h.Coefficient, nil
	}
	if h.Floor == nil {
		return 0, ErrFloorUnknown.at(h)
	}
	c, set := s.Coefficients[*h.Floor]
	if !set {
		return 0, ErrFloorNotSet.at(h)
	}
	return c, nil
}

func byArea(h *Home) (int64, error) {
	if h.Area <= 0 {
		return 0, ErrAreaUnknown.at(h)
	}
	return int64(h.Area), nil
}

// byPercent shares each floor's part of the whole equally among those on it who
// join. Weights are the parts of single homes, over one denominator.
func (s Sharing) byPercent(homes []Home) ([]int64, error) {
	on := map[int]int64{} // homes that join, by floor
	for i := range homes {
		switch h := &homes[i]; {
		case !h.pays():
		case h.Floor == nil:
			return nil, ErrFloorUnknown.at(h)
		default:
			on[*h.Floor]++
		}
	}
	if err := s.whole(on); err != nil {
		return nil, err
	}
	denominator := int64(1)
	for floor, n := range on {
		if s.Percents[floor] == 0 {
			continue
		}
		var err error
		if denominator, err = times(denominator, n/gcd(denominator, n)); err != nil {
			return nil, err
		}
	}
	return each(homes, func(h *Home) (int64, error) {
		if s.Percents[*h.Floor] == 0 {
			return 0, nil
		}
		return times(s.Percents[*h.Floor], denominator/on[*h.Floor])
	})
}

func (s Sharing) whole(on map[int]int64) error {
	sum := int64(0)
	floors := slices.Sorted(maps.Keys(s.Percents))
	for _, floor := range floors {
		percent := s.Percents[floor]
		switch {
		case percent < 0:
			return ErrNegative.on(floor)
		case percent > wholePercent:
			return ErrPercentNotWhole
		}
		sum += percent
	}
	if sum != wholePercent {
		return ErrPercentNotWhole
	}
	for _, floor := range floors {
		if s.Percents[floor] > 0 && on[floor] == 0 {
			return ErrFloorWithoutPayer.on(floor)
		}
	}
	return nil
}

// fixed takes what was agreed home by home; it must be the whole.
func fixed(amount quantity.Fen, homes []Home) ([]int64, error) {
	weights, err := each(homes, func(h *Home) (int64, error) {
		if h.Fixed > quantity.MaxFen {
			return 0, ErrTooLarge
		}
		return int64(h.Fixed), nil
	})
	if err != nil {
		return nil, err
	}
	sum, err := total(weights)
	if err == nil && sum != uint64(amount) { //nolint:gosec // it is not negative
		return nil, ErrFixedNotWhole
	}
	return weights, err
}

// times multiplies what is not negative.
func times(a, b int64) (int64, error) {
	if a < 0 || b < 0 {
		return 0, ErrNegative
	}
	high, low := bits.Mul64(uint64(a), uint64(b))
	if high != 0 || low > math.MaxInt64 {
		return 0, ErrTooLarge
	}
	return int64(low), nil
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
