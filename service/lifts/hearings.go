package lifts

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/fault"
	"gongdi/service/store"
	"gongdi/service/vault"
)

const hearingWords vault.Field = "lift_hearing.words"

// Heard is a neighbour who was heard, readable.
type Heard struct {
	model.LiftHearing
	Label string
	Said  string
}

const homeOfEstate = "SELECT COUNT(*) FROM properties WHERE id = ? AND estate_id = ?"

// Hear records that somebody who has no vote was heard on a variant's present
// version: the rest of the building, and whom it touches in access, daylight,
// air or noise. They are heard, and not counted.
func (s *Service) Hear(ctx context.Context, caller model.Caller, planID string, h model.LiftHearing, said string) (*model.LiftHearing, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.LiftHearing, error) {
		p, err := s.hold(tx, planID)
		if err != nil {
			return nil, err
		}
		if h.HeardOn > quantity.DateOf(s.now()) {
			return nil, fault.Unknown("body.heard_on", "日期不能在将来")
		}
		var there int
		if err := tx.Raw(homeOfEstate, h.PropertyID, p.EstateID).Scan(&there).Error; err != nil {
			return nil, fmt.Errorf("find a home of the estate: %w", err)
		}
		if h.PropertyID != "" && there == 0 {
			return nil, fault.Unknown("body.property_id", "没有找到这套房屋")
		}
		h.ID, h.PlanID, h.Version, h.StaffID, h.At = store.NewID(), planID, p.Version, caller.ID, s.now()
		h.Words = s.Vault.Seal(hearingWords, said)
		if err := gorm.G[model.LiftHearing](tx).Create(ctx, &h); err != nil {
			return nil, fmt.Errorf("keep a hearing on lift plan %s: %w", planID, err)
		}
		return &h, s.record(ctx, tx, caller, model.PlanLifts, p, "hear", "")
	})
}

const hearingsOfPlan = `SELECT h.*, COALESCE(p.label, '') AS label FROM lift_hearings h LEFT JOIN properties p ON p.id = h.property_id
WHERE h.plan_id = ? ORDER BY h.at, h.id`

// HearingsOn lists who was heard on a variant, the earliest first.
func (s *Service) HearingsOn(ctx context.Context, planID string) ([]Heard, error) {
	var rows []Heard
	if err := s.DB.Read(ctx).Raw(hearingsOfPlan, planID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("list the hearings on lift plan %s: %w", planID, err)
	}
	for i := range rows {
		var err error
		if rows[i].Said, err = s.Vault.Reveal(hearingWords, rows[i].Words); err != nil {
			return nil, fmt.Errorf("read a hearing on lift plan %s: %w", planID, err)
		}
	}
	return rows, nil
}
