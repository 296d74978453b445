package lifts

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/share"
)

// Mine is what one home has under one variant, and why.
type Mine struct {
	Plan   model.LiftPlan
	As     model.LiftPlanVersion
	Share  model.LiftShare
	Weight int64 // of all together
	Reason string
	// HousingFund is the most that the housing fund may be drawn for: the own
	// share after subsidy, owners only; nothing for others.
	//
	// Law: 金府办〔2021〕140号 二(四), 「用于对拥有产权的既有住宅加装电梯」.
	HousingFund quantity.Fen
	// IfMoreJoin is the share when so many more homes join, at the most: those
	// that would lighten it least come first.
	IfMoreJoin []MoreJoin
}

// MoreJoin is a share when so many more homes join.
type MoreJoin struct {
	Homes int
	Fen   quantity.Fen
}

// mostJoiners bounds how far ahead a household is shown.
const mostJoiners = 10

// MyShare is what a home has under one variant, and beside it under all that
// lie before its stairwell.
func (s *Service) MyShare(ctx context.Context, p *model.LiftPlan, t *Tie) (of *Mine, variants []Mine, err error) {
	db := s.DB.Read(ctx)
	homes, err := homesOf(db, p.UnitID)
	if err != nil {
		return nil, nil, err
	}
	plans, err := s.PlansFor(ctx, p.UnitID)
	if err != nil {
		return nil, nil, err
	}
	if !slices.ContainsFunc(plans, func(o Plan) bool { return o.Plan.ID == p.ID }) { // withdrawn
		own, err := read(db, p, 0)
		if err != nil {
			return nil, nil, err
		}
		plans = append(plans, *own)
	}
	for i := range plans {
		m := mine(&plans[i], homes, t)
		variants = append(variants, *m)
		if plans[i].Plan.ID == p.ID {
			of = m
		}
	}
	return of, variants, nil
}

func mine(p *Plan, homes []home, t *Tie) *Mine {
	m := &Mine{Plan: p.Plan, As: p.As, Share: model.LiftShare{PropertyID: t.PropertyID, Label: t.Label}}
	for _, s := range p.Shares {
		m.Weight += s.Weight
		if s.PropertyID == t.PropertyID {
			m.Share = s
		}
	}
	if t.Relation == model.RelationOwner {
		m.HousingFund = m.Share.Fen
	}
	m.Reason = reason(p, m)
	m.IfMoreJoin = ifMoreJoin(p, homes, m.Share)
	return m
}

// reason says in a sentence why a home pays what it pays.
func reason(p *Plan, m *Mine) string {
	t, own := p.As.Terms, p.As.Terms.Of(m.Share.PropertyID)
	switch {
	case m.Share.Position == 0:
		return "编制方案时还没有这套房屋"
	case !m.Share.Joins:
		return "本户不参加，不出资"
	case own.Coefficient != nil && *own.Coefficient == 0:
		return "本户免出资"
	case t.Sharing.Mode == share.Fixed:
		return "按约定金额出资"
	case t.Sharing.Mode == share.Equal:
		return fmt.Sprintf("参加的各户均摊，应分摊总额 %s 元", p.As.ToShare)
	}
	words := fmt.Sprintf("权重 %s，全部权重 %s，应分摊总额 %s 元", weightWords(t.Sharing.Mode, m.Share.Weight, m.Weight), weightWords(t.Sharing.Mode, m.Weight, m.Weight), p.As.ToShare)
	if m.Share.Area != nil && (t.Sharing.Mode == share.Area || t.Sharing.Mode == share.CoefficientArea) {
		words = fmt.Sprintf("面积 %s 平方米，", m.Share.Area) + words
	}
	if m.Share.Floor == nil {
		return words
	}
	floor := *m.Share.Floor
	switch t.Sharing.Mode {
	case share.PercentByFloor:
		return fmt.Sprintf("入口以上第 %d 层，本层承担 %s%%，层内参加的各户均摊，应分摊总额 %s 元", floor, hundredths(t.Sharing.Percents[floor]), p.As.ToShare)
	case share.Coefficient, share.CoefficientArea:
		coefficient := t.Sharing.Coefficients[floor]
		if own.Coefficient != nil {
			coefficient = *own.Coefficient
		}
		return fmt.Sprintf("入口以上第 %d 层，系数 %s，", floor, hundredths(coefficient)) + words
	case share.Area, share.Equal, share.Fixed:
	}
	return words
}

func hundredths(n int64) string {
	return strconv.FormatInt(n/100, 10) + "." + strconv.FormatInt(100+n%100, 10)[1:]
}

// weighsNothing reports whether a division asks nothing of a floor.
func weighsNothing(by share.Sharing, floor int) bool {
	coefficient, set := by.Coefficients[floor]
	return (by.Mode == share.Coefficient || by.Mode == share.CoefficientArea) && set && coefficient == 0
}

// ifMoreJoin divides anew with more and more of those who do not join, those
// of the smallest weight first. Amounts that were agreed one by one do not
// follow from who joins.
func ifMoreJoin(p *Plan, homes []home, own model.LiftShare) []MoreJoin {
	out := []MoreJoin{}
	t := p.As.Terms
	if t.Sharing.Mode == share.Fixed || !own.Joins {
		return out
	}
	all := weighed(&t, homes)
	var apart []int
	for i := range all {
		if all[i].Out && !byID(homes, all[i].ID).Use.Accessory() {
			apart = append(apart, i)
		}
	}
	weight := func(i int) int64 {
		alone := all[i]
		alone.Out = false
		shares, err := share.Divide(0, t.Sharing, []share.Home{alone})
		if err != nil {
			return 0 // one that cannot be weighed is met again below
		}
		return shares[0].Weight
	}
	apart = slices.DeleteFunc(apart, func(i int) bool { // would pay nothing, and so change nothing
		return all[i].Coefficient != nil && *all[i].Coefficient == 0 || all[i].Floor != nil && weighsNothing(t.Sharing, *all[i].Floor) && all[i].Coefficient == nil
	})
	slices.SortStableFunc(apart, func(a, b int) int { return int(min(max(weight(a)-weight(b), -1), 1)) })
	for n, i := range apart[:min(len(apart), mostJoiners)] {
		all[i].Out = false
		shares, err := share.Divide(p.As.ToShare, t.Sharing, all)
		if err != nil {
			return out // a floor without a coefficient: what would be, nobody can say
		}
		for _, s := range shares {
			if s.Home.ID == own.PropertyID {
				out = append(out, MoreJoin{Homes: n + 1, Fen: s.Fen})
			}
		}
	}
	return out
}
