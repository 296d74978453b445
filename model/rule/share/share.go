// Package share divides the cost of a lift among the homes of a stairwell
// (费用分摊): exactly, in whole fen, whatever the order in which the homes come.
//
// Law: what each pays is what those who pay agree on. Civil Code art. 283,
// 「有约定的，按照约定；没有约定或者约定不明确的，按照业主专有部分面积所占比例确定」,
// is about costs of what is there and makes nobody a debtor of a lift that is yet
// to be built: without an agreement a home owes nothing.
package share

import (
	"fmt"
	"slices"

	"gongdi/model/quantity"
)

// Mode is by what the cost is divided.
type Mode string

// The modes. Equal and Area divide among all who join, the ground floor too.
const (
	Coefficient     Mode = "coefficient"      // 楼层系数
	CoefficientArea Mode = "coefficient_area" // 楼层系数 × 专有部分面积
	PercentByFloor  Mode = "percent_by_floor" // 各层占总额的比例，层内均摊
	Area            Mode = "area"             // 专有部分面积
	Equal           Mode = "equal"            // 均摊
	Fixed           Mode = "fixed"            // 逐户约定
)

// Modes are all of them.
var Modes = []Mode{Coefficient, CoefficientArea, PercentByFloor, Area, Equal, Fixed}

// Sharing is how a cost is divided.
type Sharing struct {
	Mode Mode
	// Coefficients are the weights of the floors, in hundredths.
	Coefficients map[int]int64
	// Percents are the parts of the whole that the floors bear, in basis
	// points, 10,000 together. A floor that is not named bears nothing.
	Percents map[int]int64
}

// Home is one home, as far as the division looks at it.
type Home struct {
	ID                   string
	Building, Unit, Room string        // normalised; they say which home comes first
	Floor                *int          // above the entrance; nil when it is not known
	Area                 quantity.Area // 0 when it is not known
	Out                  bool          // does not join: pays nothing, and does not ride
	Coefficient          *int64        // of its own, in hundredths, in place of its floor's; 0 exempts it in every mode
	Fixed                quantity.Fen  // what it pays in mode Fixed
}

func (h *Home) pays() bool { return !h.Out && (h.Coefficient == nil || *h.Coefficient != 0) }

// Share is what one home pays. Weight is in hundredths, times 0.01 m² where the
// area counts; shares are to the amount as weights are to their sum.
type Share struct {
	Home   Home
	Weight int64
	Fen    quantity.Fen
}

// Divide gives each home its share of an amount, in the order of the homes:
// all of them, those who do not pay with nothing. The shares sum to the amount.
func Divide(amount quantity.Fen, by Sharing, homes []Home) ([]Share, error) {
	if amount < 0 {
		return nil, ErrNegative
	}
	if amount > quantity.MaxFen {
		return nil, ErrTooLarge
	}
	sorted := slices.Clone(homes)
	slices.SortStableFunc(sorted, Before)
	weights, err := by.weights(amount, sorted)
	if err != nil {
		return nil, err
	}
	parts, err := Apportion(amount, weights)
	if err != nil {
		return nil, err
	}
	shares := make([]Share, len(sorted))
	for i, h := range sorted {
		shares[i] = Share{Home: h, Weight: weights[i], Fen: parts[i]}
	}
	return shares, nil
}

// Refusal is why a cost cannot be divided so. Home and Floor say where, when it
// is about one of them.
type Refusal struct { //nolint:errname // what the office says
	Code  string
	Home  string
	Floor *int
}

// Error gives the code, and the floor.
func (r *Refusal) Error() string {
	if r.Floor != nil {
		return fmt.Sprintf("%s: floor %d", r.Code, *r.Floor)
	}
	return r.Code
}

// Is reports whether target is the same refusal, wherever.
func (r *Refusal) Is(target error) bool {
	t, ok := target.(*Refusal)
	return ok && t.Code == r.Code
}

func (r *Refusal) at(h *Home) *Refusal { return &Refusal{Code: r.Code, Home: h.ID, Floor: h.Floor} }

func (r *Refusal) on(floor int) *Refusal { return &Refusal{Code: r.Code, Floor: &floor} }

// What is refused.
var (
	ErrNegative           = &Refusal{Code: "negative"}
	ErrTooLarge           = &Refusal{Code: "too_large"}
	ErrNobodyPays         = &Refusal{Code: "nobody_pays"}
	ErrModeUnknown        = &Refusal{Code: "mode_unknown"}
	ErrFloorUnknown       = &Refusal{Code: "floor_unknown"}        // of a home that is to pay by its floor
	ErrAreaUnknown        = &Refusal{Code: "area_unknown"}         // of a home that is to pay by its area
	ErrFloorNotSet        = &Refusal{Code: "floor_not_set"}        // a floor without a coefficient
	ErrPercentNotWhole    = &Refusal{Code: "percent_not_whole"}    // the percentages are not 100 % together
	ErrFloorWithoutPayer  = &Refusal{Code: "floor_without_payer"}  // a floor bears a part and nobody on it joins
	ErrFixedNotWhole      = &Refusal{Code: "fixed_not_whole"}      // the fixed amounts are not the whole
	ErrSubsidyAboveCost   = &Refusal{Code: "subsidy_above_cost"}   // more subsidy than cost
	ErrDeductionAboveCost = &Refusal{Code: "deduction_above_cost"} // subsidy and other money exceed what is to be paid
)
