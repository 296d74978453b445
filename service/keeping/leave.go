package keeping

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"gongdi/service/store"
)

// leave is what goes with whoever leaves. Names stay where somebody cast by
// them, because they belong to the record of the vote.
var leave = []string{
	"UPDATE grants SET status = 'revoked', ended_at = @now WHERE (principal_id = @id OR agent_id = @id) AND status IN ('offered', 'pending', 'active')",
	`UPDATE grants SET principal_name = '', agent_name = '', agent_phone_index = '' WHERE (principal_id = @id OR agent_id = @id)
AND NOT EXISTS (SELECT 1 FROM ballots b WHERE b.grant_id = grants.id)`,
	"UPDATE bindings SET status = 'ended', decided_at = @now WHERE resident_id = @id AND status IN ('pending', 'verified')",
	"UPDATE bindings SET name = '', phone = '' WHERE resident_id = @id AND NOT EXISTS (SELECT 1 FROM ballots b WHERE b.resident_id = @id)",
	"DELETE FROM wechat_accounts WHERE resident_id = @id",
	"DELETE FROM sessions WHERE kind = 'resident' AND subject_id = @id",
	"UPDATE complaints SET contact_name = '', contact_phone = '' WHERE resident_id = @id",
	"DELETE FROM survey_tallies WHERE survey_id IN (SELECT r.survey_id FROM survey_responses r WHERE r.resident_id = @id AND r.sealed <> '')",
	"UPDATE survey_responses SET resident_id = '', sealed = '', tallied_sealed = NULL WHERE resident_id = @id",
	"UPDATE survey_forms SET sealed = '' WHERE id IN (SELECT form_id FROM ballots WHERE resident_id = @id AND form_id <> '')",
	"DELETE FROM begun_responses WHERE resident_id = @id",
	"DELETE FROM resident_tidings WHERE resident_id = @id AND staff_id = ''",
	"UPDATE resident_tidings SET resident_id = '' WHERE resident_id = @id",
	"DELETE FROM template_consents WHERE resident_id = @id",
	"DELETE FROM consent_entries WHERE resident_id = @id",
	"DELETE FROM data_requests WHERE resident_id = @id AND status = 'open'",
	`UPDATE files SET about_type = '', about_id = '' WHERE owner_kind = 'resident' AND owner_id = @id AND about_type = 'data_request'
AND NOT EXISTS (SELECT 1 FROM data_requests r WHERE r.id = files.about_id)`,
	"UPDATE residents SET nickname = '已注销', phone = '', phone_index = '', left_at = @now WHERE id = @id",
}

// Leave ends a resident's account (注销): they are bound to nothing, known by
// nothing, and logged out. What they cast stays as the legal record that it
// is, under a name that is sealed.
//
// Law: PIPL art. 47.
func (s *Service) Leave(ctx context.Context, residentID string) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		for _, statement := range leave {
			if err := tx.Exec(statement, map[string]any{"id": residentID, "now": s.now()}).Error; err != nil {
				return fmt.Errorf("let a resident leave: %w", err)
			}
		}
		return nil
	})
}
