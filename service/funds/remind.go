package funds

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/messages"
	"gongdi/service/store"
)

const (
	duePledges = `SELECT p.* FROM pledges p WHERE p.purpose_type = ? AND p.purpose_id = ? AND p.stage <> 'withdrawn' AND p.due_on <> '' AND p.due_on <= ?
AND p.reminded_on <> ? ORDER BY p.id`
	whoOwes = `SELECT b.property_id, b.resident_id FROM bindings b WHERE b.property_id IN ? AND b.relation = 'owner' AND b.status = 'verified' ORDER BY b.resident_id`
)

// dueSoon is how many days ahead a household is reminded.
const dueSoon = 7

// Remind tells the owners of homes whose pledge is due within a week, or was,
// and has not all come in; each pledge once a day. It answers how many pledges
// somebody was told of.
func (s *Service) Remind(ctx context.Context, caller model.Caller, p *Purpose) (int, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (int, error) {
		if err := s.hold(tx, p.Purpose); err != nil {
			return 0, err
		}
		today := quantity.DateOf(s.now())
		var rows []model.Pledge
		if err := tx.Raw(duePledges, p.Type, p.ID, today.AddDays(dueSoon), today).Scan(&rows).Error; err != nil {
			return 0, fmt.Errorf("find what is due to %s %s: %w", p.Type, p.ID, err)
		}
		all, err := s.standAll(tx, rows, map[string]*planState{})
		if err != nil {
			return 0, err
		}
		told, err := s.tellWhoOwes(tx, p, all, today)
		if err != nil {
			return 0, err
		}
		return told, s.record(ctx, tx, caller, "remind", model.About{Type: string(p.Type), ID: p.ID}, p.AreaCode, "")
	})
}

func (s *Service) tellWhoOwes(tx *gorm.DB, p *Purpose, all []Pledged, today quantity.Date) (int, error) {
	owners := map[string][]string{}
	for some := range slices.Chunk(all, atOnce) {
		var homes []string
		for _, one := range some {
			homes = append(homes, one.PropertyID)
		}
		var ties []struct{ PropertyID, ResidentID string }
		if err := tx.Raw(whoOwes, homes).Scan(&ties).Error; err != nil {
			return 0, fmt.Errorf("find whom to remind: %w", err)
		}
		for _, t := range ties {
			if !slices.Contains(owners[t.PropertyID], t.ResidentID) {
				owners[t.PropertyID] = append(owners[t.PropertyID], t.ResidentID)
			}
		}
	}
	told := 0
	for _, one := range all {
		if one.Standing.over() || one.Standing.Status == StatusReceived || len(owners[one.PropertyID]) == 0 {
			continue
		}
		news := messages.News{Kind: "pledge_due", AboutType: "pledge", AboutID: one.ID, Text: fmt.Sprintf("%s的认缴款将于%s到期，请按约定缴存；不在手机上收款", p.Label, one.DueOn)}
		if err := messages.Tell(tx, owners[one.PropertyID], news, s.now()); err != nil {
			return 0, err
		}
		if err := tx.Exec("UPDATE pledges SET reminded_on = ? WHERE id = ?", today, one.ID).Error; err != nil {
			return 0, fmt.Errorf("note a reminder of pledge %s: %w", one.ID, err)
		}
		told++
	}
	return told, nil
}
