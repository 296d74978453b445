package voting

import (
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/fault"
)

// BasisCount is how many of those taking part were voted for on one basis.
type BasisCount struct {
	Basis model.Basis
	Heads int64
}

const standingBases = `SELECT r.basis, COUNT(*) AS heads FROM roll_voters v
JOIN ballots b ON b.motion_id = v.motion_id AND b.voter_id = v.id AND b.version = v.current_version
JOIN representations r ON r.id = b.representation_id
WHERE v.motion_id = ? AND v.choice IN ('agree', 'oppose', 'abstain') GROUP BY r.basis ORDER BY r.basis`

func countBases(tx *gorm.DB, m *model.Motion) ([]BasisCount, error) {
	var rows []BasisCount
	if err := tx.Raw(standingBases, m.ID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("count the representatives of motion %s: %w", m.ID, err)
	}
	return rows, nil
}

const representationOn = `SELECT r.* FROM representations r JOIN roll_properties p ON p.property_id = r.property_id
WHERE r.id = ? AND p.motion_id = ? AND p.voter_id = ? AND r.status IN ('active', 'ended')`

// represents holds a paper signed in an owner's place against the approved
// representation: of a home of this voter, and in force on the day of signing.
func represents(tx *gorm.DB, p Paper) error {
	if p.RepresentationID == "" {
		return nil
	}
	var rows []model.Representation
	if err := tx.Raw(representationOn, p.RepresentationID, p.MotionID, p.VoterID).Scan(&rows).Error; err != nil {
		return fmt.Errorf("find representation %s: %w", p.RepresentationID, err)
	}
	switch {
	case len(rows) == 0:
		return fault.Unknown("body.representation_id", "没有经审核的、对这套房屋的代表资格")
	case rows[0].UntilAt != nil && p.SignedOn > quantity.DateOf(*rows[0].UntilAt),
		rows[0].Status == model.RepresentationEnded && p.SignedOn > quantity.DateOf(*rows[0].EndedAt):
		return fault.Unknown("body.representation_id", "签署时代表资格已经结束")
	}
	return nil
}
