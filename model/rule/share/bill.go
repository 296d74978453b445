package share

import (
	"math/bits"

	"gongdi/model/quantity"
)

// Bill is what a lift costs and what others bear of it.
type Bill struct {
	Cost         quantity.Fen
	Compensation quantity.Fen // to the floors below
	Subsidy      Subsidy
	Other        quantity.Fen // 其他资金
}

// Grant is how a subsidy is reckoned.
type Grant string

// The ways. The zero value is no subsidy.
const (
	NoGrant      Grant = "none"
	FixedGrant   Grant = "fixed"   // so much for each lift
	PercentGrant Grant = "percent" // of the cost, at most the cap
)

// Subsidy is what the treasury gives for a lift (补贴).
type Subsidy struct {
	Grant   Grant
	Amount  quantity.Fen // of a fixed one
	Percent int64        // basis points of the cost, rounded down to the fen
	Cap     *quantity.Fen
	// LeastFloors is how many floors a stairwell must have to be given it.
	LeastFloors int
}

// Given is what a subsidy comes to for a cost.
func (s Subsidy) Given(cost quantity.Fen) (quantity.Fen, error) {
	given := quantity.Fen(0)
	switch s.Grant {
	case NoGrant:
	case FixedGrant:
		given = s.Amount
	case PercentGrant:
		if s.Percent < 0 || cost < 0 {
			return 0, ErrNegative
		}
		if s.Percent > wholePercent {
			return 0, ErrSubsidyAboveCost
		}
		high, low := bits.Mul64(uint64(cost), uint64(s.Percent))
		part, _ := bits.Div64(high, low, wholePercent)
		given = quantity.Fen(part) //nolint:gosec // at most the cost
		if s.Cap != nil {
			given = min(given, *s.Cap)
		}
	}
	switch {
	case given < 0:
		return 0, ErrNegative
	case given > cost:
		return 0, ErrSubsidyAboveCost
	}
	return given, nil
}

// ToShare is what the homes have to pay, and the subsidy in it: cost and
// compensation less subsidy and other money.
func (b Bill) ToShare() (toShare, subsidy quantity.Fen, err error) {
	for _, money := range []quantity.Fen{b.Cost, b.Compensation, b.Other} {
		if money < 0 {
			return 0, 0, ErrNegative
		}
		if money > quantity.MaxFen {
			return 0, 0, ErrTooLarge
		}
	}
	if subsidy, err = b.Subsidy.Given(b.Cost); err != nil {
		return 0, 0, err
	}
	toShare = b.Cost + b.Compensation - subsidy - b.Other
	switch {
	case toShare < 0:
		return 0, 0, ErrDeductionAboveCost
	case toShare > quantity.MaxFen:
		return 0, 0, ErrTooLarge
	}
	return toShare, subsidy, nil
}
