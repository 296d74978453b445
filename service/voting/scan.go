package voting

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/files"
)

// scanIDs are the scans of a ballot's version: its own, and those of the
// printed sheet that it stands on with others.
func scanIDs(db *gorm.DB, b *model.Ballot) ([]string, error) {
	ids := []string{}
	for _, about := range []model.About{scansOf(b.ID), scansOfSheet(b.SheetID)} {
		if about.ID == "" {
			continue
		}
		scans, err := files.Of(db, about)
		if err != nil {
			return nil, err
		}
		for _, f := range scans {
			ids = append(ids, f.ID)
		}
	}
	return ids, nil
}

const scanOfVoter = `SELECT f.about_type AS type, f.about_id AS id FROM ballots b
JOIN files f ON f.about_type = 'ballot' AND f.about_id = b.id OR f.about_type = 'sheet' AND f.about_id = b.sheet_id
WHERE b.motion_id = ? AND b.voter_id = ? AND f.id = ?`

// Scan is the file that a voter's paper was scanned into, whichever version it
// came with; not found when it belongs to anything else.
func (s *Service) Scan(ctx context.Context, motionID, voterID, fileID string) (model.About, error) {
	var found []model.About
	if err := s.DB.Read(ctx).Raw(scanOfVoter, motionID, voterID, fileID).Scan(&found).Error; err != nil {
		return model.About{}, fmt.Errorf("find a scan of voter %s: %w", voterID, err)
	}
	if len(found) == 0 {
		return model.About{}, fault.ErrNotFound
	}
	return found[0], nil
}
