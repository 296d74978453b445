package lifts

import (
	"errors"
	"fmt"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/share"
	"gongdi/service/fault"
)

// What is refused of a division, each at its place in the body.
var (
	ErrNobodyPays         = fault.New(fault.Invalid, "nobody_pays", "按这个办法没有任何一户出资，请检查参加的住户和系数")
	ErrPercentNotWhole    = fault.New(fault.Invalid, "percent_not_whole", "各层比例合计应为 100%")
	ErrFloorWithoutPayer  = fault.New(fault.Invalid, "floor_without_payer", "有的楼层承担比例，却没有住户参加")
	ErrFixedNotWhole      = fault.New(fault.Invalid, "fixed_not_whole", "各户约定金额合计应等于应分摊总额")
	ErrFloorNotSet        = fault.New(fault.Invalid, "floor_not_set", "有的楼层没有系数")
	ErrFloorUnknown       = fault.New(fault.Invalid, "floor_unknown", "有的房屋没有登记楼层，不能按楼层分摊")
	ErrAreaUnknown        = fault.New(fault.Invalid, "area_unknown", "有的房屋面积不明，不能按面积分摊")
	ErrSubsidyAboveCost   = fault.New(fault.Invalid, "subsidy_above_cost", "补贴不能高于造价")
	ErrDeductionAboveCost = fault.New(fault.Invalid, "deduction_above_cost", "补贴和其他资金合计超过了造价与补偿之和")
	ErrTooFewFloors       = fault.New(fault.Invalid, "subsidy_floors", "本单元楼层数不够领取这项补贴")
)

// refusals are the rule's, in the office's words, at their place in the body.
var refusals = map[*share.Refusal]struct {
	told *fault.Error
	at   string
}{
	share.ErrNegative:           {fault.ErrInvalid, ".sharing"},
	share.ErrTooLarge:           {fault.ErrInvalid, ".cost_fen"},
	share.ErrNobodyPays:         {ErrNobodyPays, ".sharing"},
	share.ErrModeUnknown:        {fault.ErrInvalid, ".sharing.mode"},
	share.ErrFloorUnknown:       {ErrFloorUnknown, ".sharing.mode"},
	share.ErrAreaUnknown:        {ErrAreaUnknown, ".sharing.mode"},
	share.ErrFloorNotSet:        {ErrFloorNotSet, ".sharing.coefficients"},
	share.ErrPercentNotWhole:    {ErrPercentNotWhole, ".sharing.percent_bp"},
	share.ErrFloorWithoutPayer:  {ErrFloorWithoutPayer, ".sharing.percent_bp"},
	share.ErrFixedNotWhole:      {ErrFixedNotWhole, ".households"},
	share.ErrSubsidyAboveCost:   {ErrSubsidyAboveCost, ".subsidy"},
	share.ErrDeductionAboveCost: {ErrDeductionAboveCost, ".other_fen"},
}

func told(err error, at string, homes []home) error {
	var r *share.Refusal
	if !errors.As(err, &r) {
		return err
	}
	for known, words := range refusals {
		if known.Code != r.Code {
			continue
		}
		where := words.told.Detail
		for _, h := range homes {
			if h.ID == r.Home {
				where = h.Label
			}
		}
		if r.Floor != nil {
			where += fmt.Sprintf("（%d层）", *r.Floor)
		}
		return words.told.At(at+words.at, where)
	}
	return err
}

// Reckoned is what follows from a variant's terms.
type Reckoned struct {
	Subsidy quantity.Fen
	ToShare quantity.Fen
	Shares  []model.LiftShare
}

// reckon divides by a variant's terms among the homes of its stairwell.
func reckon(t *model.LiftTerms, homes []home) (*Reckoned, error) {
	if err := errors.Join(checkItems(t), checkHouseholds(t, homes), checkFloors(t, homes)); err != nil {
		return nil, firstFault(err)
	}
	var r Reckoned
	var err error
	if r.ToShare, r.Subsidy, err = t.Bill.ToShare(); err != nil {
		return nil, told(err, "body", homes)
	}
	shares, err := share.Divide(r.ToShare, t.Sharing, weighed(t, homes))
	if err != nil {
		return nil, told(err, "body", homes)
	}
	yearly, err := divideYearly(t, homes)
	if err != nil {
		return nil, err
	}
	for i, s := range shares {
		h, terms := byID(homes, s.Home.ID), t.Of(s.Home.ID)
		r.Shares = append(r.Shares, model.LiftShare{
			PropertyID: h.ID, Position: i + 1, Label: h.Label, Floor: h.Floor, Area: h.Area, Tenure: h.Tenure, Joins: !s.Home.Out,
			Weight: s.Weight, Fen: s.Fen, Yearly: yearly[h.ID], Compensation: terms.Compensation, Occupied: terms.Occupied,
		})
	}
	return &r, nil
}

func divideYearly(t *model.LiftTerms, homes []home) (map[string]quantity.Fen, error) {
	out := map[string]quantity.Fen{}
	if t.Running.Yearly == 0 {
		return out, nil
	}
	by := t.Running.Sharing
	if by.Mode == "" {
		by = t.Sharing
	}
	if by.Mode == share.Fixed {
		return nil, fault.Unknown("body.running.sharing.mode", "年度费用不能按约定金额分摊，请另选分摊方式")
	}
	shares, err := share.Divide(t.Running.Yearly, by, weighed(t, homes))
	if err != nil {
		return nil, told(err, "body.running", homes)
	}
	for _, s := range shares {
		out[s.Home.ID] = s.Fen
	}
	return out, nil
}

// weighed are the homes with their terms. Parking spaces and storage rooms do
// not join unless they are said to.
func weighed(t *model.LiftTerms, homes []home) []share.Home {
	out := make([]share.Home, 0, len(homes))
	for _, h := range homes {
		in := share.Home{ID: h.ID, Building: h.Building, Unit: h.Unit, Room: h.Room, Floor: h.Floor, Out: h.Use.Accessory()}
		if h.Area != nil {
			in.Area = *h.Area
		}
		for _, own := range t.Households {
			if own.PropertyID == h.ID {
				in.Out, in.Coefficient, in.Fixed = own.Out, own.Coefficient, own.Fixed
			}
		}
		out = append(out, in)
	}
	return out
}

func byID(homes []home, id string) *home {
	for i := range homes {
		if homes[i].ID == id {
			return &homes[i]
		}
	}
	return nil
}

func checkItems(t *model.LiftTerms) error {
	sum := quantity.Fen(0)
	for _, item := range t.Items {
		sum += item.Fen
	}
	if len(t.Items) > 0 && sum != t.Bill.Cost {
		return fault.Unknown("body.cost_items", "各项合计应等于造价")
	}
	return nil
}

func checkHouseholds(t *model.LiftTerms, homes []home) error {
	seen, compensation := map[string]bool{}, quantity.Fen(0)
	for i, own := range t.Households {
		at := fmt.Sprintf("body.households[%d].property_id", i)
		switch {
		case byID(homes, own.PropertyID) == nil:
			return fault.Unknown(at, "这套房屋不在本单元")
		case seen[own.PropertyID]:
			return fault.Unknown(at, "房屋重复")
		}
		seen[own.PropertyID] = true
		compensation += own.Compensation
	}
	if compensation > 0 && compensation != t.Bill.Compensation {
		return fault.Unknown("body.compensation_fen", "各户补偿合计应等于补偿总额")
	}
	return nil
}

func checkFloors(t *model.LiftTerms, homes []home) error {
	if t.Bill.Subsidy.LeastFloors == 0 {
		return nil
	}
	highest := 0
	for _, h := range homes {
		if h.Floor != nil {
			highest = max(highest, *h.Floor)
		}
	}
	if highest < t.Bill.Subsidy.LeastFloors {
		return ErrTooFewFloors.At("body.subsidy.least_floors", fmt.Sprintf("本单元最高 %d 层", highest))
	}
	return nil
}

func firstFault(err error) error {
	var f *fault.Error
	if errors.As(err, &f) {
		return f
	}
	return err
}
