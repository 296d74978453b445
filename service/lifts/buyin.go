package lifts

import (
	"context"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/share"
	"gongdi/service/fault"
)

// ErrJoinsAlready says that a home need not buy in.
var ErrJoinsAlready = fault.New(fault.Conflict, "joins_already", "这套房屋已经参加，不需要再加入")

// Joined is what a later joining changes for one home.
type Joined struct {
	Share model.LiftShare
	share.Move
}

// BuyIn says what homes that join later would pay, as if they had from the
// start, and what each of the others is given back.
func (s *Service) BuyIn(ctx context.Context, p *model.LiftPlan, propertyIDs []string) ([]Joined, error) {
	as, err := s.Read(ctx, p, 0)
	if err != nil {
		return nil, err
	}
	homes, paid := make([]share.Home, 0, len(as.Shares)), map[string]quantity.Fen{}
	late := map[string]bool{}
	for _, id := range propertyIDs {
		own := as.share(id)
		switch {
		case own == nil:
			return nil, fault.Unknown("query.property_ids", "这套房屋不在方案之内")
		case own.Joins:
			return nil, ErrJoinsAlready
		}
		late[id] = true
	}
	for _, own := range as.Shares { // as they were when the version was made
		terms := as.As.Terms.Of(own.PropertyID)
		h := share.Home{ID: own.PropertyID, Room: own.Label, Floor: own.Floor, Out: !own.Joins && !late[own.PropertyID], Coefficient: terms.Coefficient, Fixed: terms.Fixed}
		if own.Area != nil {
			h.Area = *own.Area
		}
		homes, paid[own.PropertyID] = append(homes, h), own.Fen
	}
	shares, err := share.Divide(as.As.ToShare, as.As.Terms.Sharing, homes)
	if err != nil {
		return nil, told(err, "query", nil)
	}
	moves, err := share.BuyIn(paid, shares)
	if err != nil {
		return nil, told(err, "query", nil)
	}
	out := make([]Joined, 0, len(moves))
	for _, m := range moves {
		out = append(out, Joined{Share: *as.share(m.HomeID), Move: m})
	}
	return out, nil
}
