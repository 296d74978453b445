package voting

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/fault"
)

// Entitlement is why a resident may cast for a voter, and who else may.
type Entitlement struct {
	Relation model.Relation
	Proof    model.Proof
	Others   []string // the other residents bound as owners
}

type tie struct {
	MotionID   string
	ResidentID string
	Relation   model.Relation
	Proof      model.Proof
	OwnerID    string
	OwnerIDs   string
	Kind       model.MotionKind
}

// A voter's id is of one roll only, so the index on it alone finds the homes;
// the motion is compared afterwards.
const tiesOfVoter = `SELECT p.motion_id, b.resident_id, b.relation, b.proof, b.owner_id, p.owner_ids, m.kind
FROM roll_properties p
JOIN motions m ON m.id = p.motion_id
JOIN bindings b ON b.property_id = p.property_id AND b.status = 'verified'
WHERE p.voter_id = ?`

// entitles reports whether a tie gives a say: an owner's always, unless they
// bought after the roll was frozen; a tenant's or relative's only in a survey.
func (t tie) entitles() bool {
	if t.Relation != model.RelationOwner {
		return t.Kind == model.Willingness
	}
	return t.OwnerID == "" || t.OwnerIDs == "" || slices.Contains(strings.Split(t.OwnerIDs, ","), t.OwnerID)
}

// MayCast finds why a resident may cast for a voter. It refuses with
// ErrNotYourBallot, and with not found when the motion or voter is not there.
func (s *Service) MayCast(ctx context.Context, caller model.Caller, motionID, voterID string) (Entitlement, error) {
	var ties []tie
	if err := s.DB.Read(ctx).Raw(tiesOfVoter, voterID).Scan(&ties).Error; err != nil {
		return Entitlement{}, fmt.Errorf("find who may cast in motion %s: %w", motionID, err)
	}
	e := Entitlement{}
	for _, t := range ties {
		switch {
		case t.MotionID != motionID || !t.entitles():
		case t.ResidentID == caller.ID:
			if e.Relation == "" || t.Relation == model.RelationOwner {
				e.Relation, e.Proof = t.Relation, t.Proof
			}
		case t.Relation == model.RelationOwner && !slices.Contains(e.Others, t.ResidentID):
			e.Others = append(e.Others, t.ResidentID)
		}
	}
	if e.Relation == "" {
		return Entitlement{}, s.notTheirs(ctx, motionID, voterID)
	}
	return e, nil
}

const voterThere = "SELECT position FROM roll_voters WHERE motion_id = ? AND id = ?"

// notTheirs tells a voter that is somebody else's from one that is not there.
func (s *Service) notTheirs(ctx context.Context, motionID, voterID string) error {
	var row struct{ Position int }
	err := s.DB.Read(ctx).Raw(voterThere, motionID, voterID).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return fault.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("find voter in motion %s: %w", motionID, err)
	}
	return ErrNotYourBallot
}

const motionSeen = `SELECT * FROM motions WHERE id = ? AND stage <> 'draft'
AND estate_id IN (SELECT estate_id FROM bindings WHERE resident_id = ? AND status = 'verified')`

// Sees is a published motion of one of the resident's own estates.
func (s *Service) Sees(ctx context.Context, caller model.Caller, motionID string) (*model.Motion, error) {
	return motion(s.DB.Read(ctx), motionSeen, motionID, caller.ID)
}

const ownerOnRoll = `SELECT b.resident_id, b.relation, b.owner_id, p.owner_ids, m.kind
FROM bindings b JOIN roll_properties p ON p.property_id = b.property_id JOIN motions m ON m.id = p.motion_id
WHERE b.resident_id = ? AND b.status = 'verified' AND b.relation = 'owner' AND p.motion_id = ?`

// OnRoll reports whether a resident is an owner on a motion's roll; it refuses
// others, and with not found whoever may not see the motion.
func (s *Service) OnRoll(ctx context.Context, caller model.Caller, motionID string) error {
	if _, err := s.Sees(ctx, caller, motionID); err != nil {
		return err
	}
	var ties []tie
	if err := s.DB.Read(ctx).Raw(ownerOnRoll, caller.ID, motionID).Scan(&ties).Error; err != nil {
		return fmt.Errorf("find owners on the roll of motion %s: %w", motionID, err)
	}
	if !slices.ContainsFunc(ties, tie.entitles) {
		return fault.ErrForbidden
	}
	return nil
}

// HasVoter refuses a voter that is not on a motion's roll, with not found.
func (s *Service) HasVoter(ctx context.Context, motionID, voterID string) error {
	if err := s.notTheirs(ctx, motionID, voterID); !errors.Is(err, ErrNotYourBallot) {
		return err
	}
	return nil
}

// Published is a motion that everybody may read.
func (s *Service) Published(ctx context.Context, id string) (*model.Motion, error) {
	m, err := motion(s.DB.Read(ctx), motionByID, id)
	if err == nil && m.Stage == model.StageDraft {
		return nil, fault.ErrNotFound
	}
	return m, err
}
