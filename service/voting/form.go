package voting

import (
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/vote"
)

// Form lays down what stands on a household's form beside its choice (一户一表),
// in the ballot's transaction and with the voter's row held, and names it. It
// is nil for a motion that carries no questionnaire.
type Form func(tx *gorm.DB, row *model.RollVoter) (string, error)

// lay names what was laid down; nothing where there is nothing to lay.
func (f Form) lay(tx *gorm.DB, row *model.RollVoter) (string, error) {
	if f == nil {
		return "", nil
	}
	return f(tx, row)
}

// For whoever keeps what stands beside a choice: the homes of a motion's roll,
// and those of them whose ballot counts.
const (
	HomesOnRoll     = "SELECT property_id FROM roll_properties WHERE motion_id = ?"
	HomesTakingPart = `SELECT p.property_id FROM roll_properties p JOIN roll_voters v ON v.motion_id = p.motion_id AND v.id = p.voter_id
WHERE p.motion_id = ? AND v.choice NOT IN ('', 'invalid')`
)

// HomeOf is the home that a household stands for in a motion.
func HomeOf(tx *gorm.DB, row *model.RollVoter) (string, error) {
	var home string
	if err := tx.Raw(HomesOnRoll+" AND voter_id = ? ORDER BY position LIMIT 1", row.MotionID, row.ID).Scan(&home).Error; err != nil {
		return "", fmt.Errorf("find the home of voter %s: %w", row.ID, err)
	}
	return home, nil
}

// Current is the version of a voter's ballot that counts, or nil.
func Current(tx *gorm.DB, row *model.RollVoter) (*model.Ballot, error) {
	if row.CurrentVersion == 0 || row.Choice == "" || row.Choice == vote.Invalid {
		return nil, nil
	}
	return ballot(tx, row.MotionID, row.ID, row.CurrentVersion)
}

// Carrying holds a draft alone that a questionnaire is to go with, until the
// end of the transaction. It refuses with ErrMotionNotDraft.
func (s *Service) Carrying(tx *gorm.DB, id string) (*model.Motion, error) {
	m, err := motion(tx, s.DB.Locked(motionByID), id)
	if err == nil && m.Stage != model.StageDraft {
		err = ErrMotionNotDraft
	}
	return m, err
}
