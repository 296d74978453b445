package registry

import (
	"fmt"
	"slices"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/messages"
)

// loss is a home with the owners that it no longer has.
type loss struct {
	property model.Property
	owners   []string
}

const (
	dropOwners  = "DELETE FROM owners WHERE id IN ?"
	tiesToGone  = "SELECT * FROM bindings WHERE property_id IN ? AND status = 'verified' AND relation = 'owner' AND (owner_id IN ? OR owner_id = '' AND representation_id <> '')"
	reopenTies  = "UPDATE bindings SET status = 'pending', owner_id = '', proof = '', representation_id = '', until_at = NULL, decided_by = '', decided_at = NULL WHERE id IN ?"
	endTheirs   = "UPDATE representations SET status = 'ended', ended_at = ?, reason = '产权人有变动' WHERE property_id IN ? AND (owner_id = '' OR owner_id IN ?) AND status = 'active'"
	textReopend = "您绑定的房屋 %s 的产权人信息有变动，请等待社区重新核实您的产权人身份。"
)

// release removes the owners that homes no longer have. Who was bound as one of
// them has to be looked at again by the community, and is told.
func (s *Service) release(tx *gorm.DB, lost []loss) error {
	labels := map[string]string{}
	var homes, owners []string
	for _, l := range lost {
		if len(l.owners) > 0 {
			labels[l.property.ID] = l.property.Label
			homes, owners = append(homes, l.property.ID), append(owners, l.owners...)
		}
	}
	for some := range slices.Chunk(owners, batch) {
		if err := tx.Exec(dropOwners, some).Error; err != nil {
			return fmt.Errorf("remove owners: %w", err)
		}
	}
	if len(homes) == 0 {
		return nil
	}
	if err := tx.Exec(endTheirs, s.now(), homes, owners).Error; err != nil {
		return fmt.Errorf("end representations of former owners: %w", err)
	}
	var ties []model.Binding
	if err := tx.Raw(tiesToGone, homes, owners).Scan(&ties).Error; err != nil {
		return fmt.Errorf("find bindings of former owners: %w", err)
	}
	if len(ties) == 0 {
		return nil
	}
	ids := make([]string, 0, len(ties))
	for _, b := range ties {
		ids = append(ids, b.ID)
		told := news(newsReopened, b.ID, fmt.Sprintf(textReopend, labels[b.PropertyID]))
		if err := messages.Tell(tx, []string{b.ResidentID}, told, s.now()); err != nil {
			return err
		}
	}
	if err := tx.Exec(reopenTies, ids).Error; err != nil {
		return fmt.Errorf("reopen bindings of former owners: %w", err)
	}
	return nil
}
