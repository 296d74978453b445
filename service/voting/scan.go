package voting

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/files"
)

func scanIDs(db *gorm.DB, ballotID string) ([]string, error) {
	scans, err := files.Of(db, scansOf(ballotID))
	ids := make([]string, 0, len(scans))
	for _, f := range scans {
		ids = append(ids, f.ID)
	}
	return ids, err
}

const versionWithScan = `SELECT b.id FROM ballots b JOIN files f ON f.about_type = 'ballot' AND f.about_id = b.id
WHERE b.motion_id = ? AND b.voter_id = ? AND f.id = ?`

// Scan is the file that a voter's paper was scanned into, whichever version it
// came with; not found when it belongs to anything else.
func (s *Service) Scan(ctx context.Context, motionID, voterID, fileID string) (model.About, error) {
	var ids []string
	if err := s.DB.Read(ctx).Raw(versionWithScan, motionID, voterID, fileID).Scan(&ids).Error; err != nil {
		return model.About{}, fmt.Errorf("find a scan of voter %s: %w", voterID, err)
	}
	if len(ids) == 0 {
		return model.About{}, fault.ErrNotFound
	}
	return scansOf(ids[0]), nil
}
