package notices

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/safety"
	"gongdi/service/store"
	"gongdi/service/vault"
)

// unchecked is what somebody wrote before there were checks of content.
type unchecked struct {
	ID, AreaCode, Words, ResidentID, StaffID string
}

const (
	uncheckedSuggestions = `SELECT g.id, n.area_code, g.words, g.resident_id, '' AS staff_id FROM suggestions g JOIN notices n ON n.id = g.notice_id
WHERE NOT EXISTS (SELECT 1 FROM safety_checks c WHERE c.about_type = 'suggestion' AND c.about_id = g.id) AND g.id > ? ORDER BY g.id LIMIT 200`
	uncheckedObjections = `SELECT o.id, n.area_code, o.words, o.resident_id, s.staff_id FROM objections o JOIN notices n ON n.id = o.notice_id
JOIN objection_steps s ON s.objection_id = o.id AND s.number = 1
WHERE NOT EXISTS (SELECT 1 FROM safety_checks c WHERE c.about_type = 'objection' AND c.about_id = o.id) AND o.id > ? ORDER BY o.id LIMIT 200`
)

// CheckEarlier puts to the check what was written before there were any: until
// then it is shown to nobody else. Every replica may do it.
func (s *Service) CheckEarlier(ctx context.Context) error {
	for _, sort := range []struct {
		query string
		field vault.Field
		about func(id string) model.About
	}{
		{uncheckedSuggestions, suggestionWords, func(id string) model.About { return model.About{Type: suggestionType, ID: id} }},
		{uncheckedObjections, objectionWords, ObjectionPapers},
	} {
		for last := ""; ; {
			var rows []unchecked
			if err := s.DB.Read(ctx).Raw(sort.query, last).Scan(&rows).Error; err != nil {
				return fmt.Errorf("find what was never checked: %w", err)
			}
			for _, row := range rows {
				words, err := s.Vault.Reveal(sort.field, row.Words)
				if err != nil {
					return fmt.Errorf("read %s: %w", row.ID, err)
				}
				if err := s.submitEarlier(ctx, row, sort.about(row.ID), words); err != nil {
					return err
				}
				last = row.ID
			}
			if len(rows) == 0 {
				break
			}
		}
	}
	return nil
}

func (s *Service) submitEarlier(ctx context.Context, row unchecked, about model.About, words string) error {
	by := model.Caller{Kind: model.ResidentSession, ID: row.ResidentID}
	if row.ResidentID == "" {
		by = model.Caller{Kind: model.StaffSession, ID: row.StaffID}
	}
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		var papers []string
		if err := tx.Raw("SELECT id FROM files WHERE about_type = ? AND about_id = ? ORDER BY id", about.Type, about.ID).Scan(&papers).Error; err != nil {
			return fmt.Errorf("find the papers of %s: %w", row.ID, err)
		}
		return s.Safety.SubmitOnce(tx, by, safety.Item{About: about, AreaCode: row.AreaCode, Words: words, Files: papers})
	})
}
