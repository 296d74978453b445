package schemes

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/voting"
)

// A motion was a draft when it was tied, and might have become another one
// before it was published.
const motionDecides = `SELECT COUNT(*) FROM motions m WHERE m.id = ? AND m.subject = 'scheme' AND m.kind IN ('special', 'ordinary') AND
(m.scope_type = 'estate' AND m.scope_id = ? OR m.scope_type = ? AND m.scope_id = ?
OR m.scope_type = 'building' AND m.scope_id = (SELECT u.building_id FROM units u WHERE u.id = ?))`

func decides(tx *gorm.DB, motionID string, row *model.Scheme) (bool, error) {
	var n int
	if err := tx.Raw(motionDecides, motionID, row.EstateID, row.ScopeType, row.ScopeID, row.ScopeID).Scan(&n).Error; err != nil {
		return false, fmt.Errorf("find motion %s: %w", motionID, err)
	}
	return n > 0, nil
}

func verdict(tx *gorm.DB, row *model.Scheme, motionID string) (voting.Verdict, error) {
	if motionID == "" {
		return voting.VerdictNone, nil
	}
	fits, err := decides(tx, motionID, row)
	if err != nil || !fits {
		return voting.VerdictNone, err
	}
	stage, outcome, err := voting.Outcome(tx, motionID)
	switch {
	case errors.Is(err, fault.ErrNotFound):
		return voting.VerdictNone, nil
	case err != nil:
		return "", err
	case stage == model.StageDraft:
		return voting.VerdictNone, nil
	}
	return voting.VerdictOf(stage, outcome), nil
}

// VerdictOn is what the owners' vote on a version came to.
func (s *Service) VerdictOn(ctx context.Context, v *Version) (voting.Verdict, error) {
	return verdict(s.DB.Read(ctx), &v.Scheme, v.As.MotionID)
}

const votedVersions = "SELECT version, motion_id FROM scheme_versions WHERE scheme_id = ? AND motion_id <> '' ORDER BY version DESC"

// decided finds the latest version of a scheme on which the owners' vote came
// to a verdict; 0 for none.
func decided(tx *gorm.DB, row *model.Scheme, as voting.Verdict) (int, error) {
	var tied []struct {
		Version  int
		MotionID string
	}
	if err := tx.Raw(votedVersions, row.ID).Scan(&tied).Error; err != nil {
		return 0, fmt.Errorf("find the votes on scheme %s: %w", row.ID, err)
	}
	for _, t := range tied {
		v, err := verdict(tx, row, t.MotionID)
		if err != nil || v == as {
			return t.Version, err
		}
	}
	return 0, nil
}

// undisputed refuses when a version of a scheme has a verdict.
func (s *Service) undisputed(tx *gorm.DB, row *model.Scheme, as voting.Verdict, refusal error) error {
	number, err := decided(tx, row, as)
	if err == nil && number > 0 {
		return refusal
	}
	return err
}

const (
	standingOfEstate = "SELECT * FROM schemes WHERE estate_id = ? AND stage = 'open' AND published > 0 ORDER BY created_at, id"
	standingOfPlace  = "SELECT * FROM schemes WHERE slot = ? AND published > 0"
)

// Approved is an estate's own scheme in the version that the owners' vote
// passed, the latest of several; nil when none did. A later version that is not
// voted on leaves it standing.
func Approved(ctx context.Context, tx *gorm.DB, estateID string) (*Version, error) {
	var rows []model.Scheme
	if err := tx.WithContext(ctx).Raw(standingOfPlace, string(model.ScopeEstate)+":"+estateID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("find the scheme of estate %s: %w", estateID, err)
	}
	if len(rows) == 0 {
		return nil, nil
	}
	return approved(tx.WithContext(ctx), &rows[0])
}

// ApprovedIn are all schemes of an estate, of its buildings and of its
// stairwells in the versions that the owners' votes passed.
func ApprovedIn(ctx context.Context, tx *gorm.DB, estateID string) ([]Version, error) {
	tx = tx.WithContext(ctx)
	var rows []model.Scheme
	if err := tx.Raw(standingOfEstate, estateID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("find the schemes of estate %s: %w", estateID, err)
	}
	var out []Version
	for i := range rows { // as many as the estate has stairwells at most
		v, err := approved(tx, &rows[i])
		if err != nil {
			return nil, err
		}
		if v != nil {
			out = append(out, *v)
		}
	}
	return out, nil
}

func approved(tx *gorm.DB, row *model.Scheme) (*Version, error) {
	number, err := decided(tx, row, voting.VerdictPassed)
	if err != nil || number == 0 {
		return nil, err
	}
	return read(tx, row, number)
}

// ApprovedVersion is the number of the version that the owners' vote passed; 0
// for none.
func (s *Service) ApprovedVersion(ctx context.Context, row *model.Scheme) (int, error) {
	return decided(s.DB.Read(ctx), row, voting.VerdictPassed)
}
