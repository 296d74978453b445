package voting

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gongdi/model"
	"gongdi/service/fault"
)

// Entitlement is why a resident may cast for a voter, and who else may.
type Entitlement struct {
	Relation model.Relation
	Proof    model.Proof
	Others   []string // the other residents bound as owners
	GrantID  string   // under which an agent casts
	// RepresentationID is on what one casts in an owner's place.
	RepresentationID string
}

type tie struct {
	MotionID   string
	ResidentID string
	Relation   model.Relation
	Proof      model.Proof
	OwnerID    string
	OwnerIDs   string
	Kind       model.MotionKind

	RepresentationID string
}

// A voter's id is of one roll only, so the index on it alone finds the homes;
// the motion is compared afterwards.
const tiesOfVoter = `SELECT p.motion_id, b.resident_id, b.relation, b.proof, b.owner_id, p.owner_ids, b.representation_id
FROM roll_properties p
JOIN bindings b ON b.property_id = p.property_id AND b.status = 'verified' AND (b.until_at IS NULL OR b.until_at > ?)
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
	if err := s.DB.Read(ctx).Raw(tiesOfVoter, s.now(), voterID).Scan(&ties).Error; err != nil {
		return Entitlement{}, fmt.Errorf("find who may cast in motion %s: %w", motionID, err)
	}
	e := Entitlement{}
	kind, err := s.kindOf(ctx, motionID)
	if err != nil {
		return e, err
	}
	for i := range ties {
		ties[i].Kind = kind
	}
	for _, t := range ties {
		switch {
		case t.MotionID != motionID || !t.entitles():
		case t.ResidentID == caller.ID:
			if e.Relation == "" || t.Relation == model.RelationOwner {
				e.Relation, e.Proof, e.RepresentationID = t.Relation, t.Proof, t.RepresentationID
			}
		case t.Relation == model.RelationOwner && !slices.Contains(e.Others, t.ResidentID):
			e.Others = append(e.Others, t.ResidentID)
		}
	}
	if e.Relation != model.RelationOwner {
		agent, granted, err := s.asAgent(ctx, caller, motionID, voterID, ties)
		if err != nil {
			return Entitlement{}, err
		}
		if granted {
			agent.Others = e.Others
			return agent, nil
		}
	}
	if e.Relation == "" {
		// Somebody else's, if it is there at all.
		return e, cmp.Or(s.HasVoter(ctx, motionID, voterID), error(ErrNotYourBallot))
	}
	return e, nil
}

const kindOfMotion = "SELECT kind FROM motions WHERE id = ? AND stage <> 'draft'"

// kindOf is the kind of a published motion, which never changes and is asked
// for with every ballot.
func (s *Service) kindOf(ctx context.Context, motionID string) (model.MotionKind, error) {
	if kind, known := s.kinds.Load(motionID); known {
		return kind.(model.MotionKind), nil
	}
	var kind model.MotionKind
	err := s.DB.Read(ctx).Raw(kindOfMotion, motionID).Row().Scan(&kind)
	if errors.Is(err, sql.ErrNoRows) {
		return "", fault.ErrNotFound
	}
	if err != nil {
		return "", fmt.Errorf("find the kind of motion %s: %w", motionID, err)
	}
	s.kinds.Store(motionID, kind)
	return kind, nil
}

const voterThere = "SELECT COUNT(*) FROM roll_voters WHERE motion_id = ? AND id = ?"

// HasVoter refuses a voter that is not on a motion's roll, with not found.
func (s *Service) HasVoter(ctx context.Context, motionID, voterID string) error {
	var n int64
	if err := s.DB.Read(ctx).Raw(voterThere, motionID, voterID).Scan(&n).Error; err != nil {
		return fmt.Errorf("find a voter in motion %s: %w", motionID, err)
	}
	if n == 0 {
		return fault.ErrNotFound
	}
	return nil
}

// Where somebody is at home, or may cast for somebody who is.
const (
	ownEstates = `(estate_id IN (SELECT estate_id FROM bindings WHERE resident_id = ? AND status = 'verified')
OR estate_id IN (SELECT estate_id FROM grants WHERE agent_id = ? AND status = 'active' AND until_at > ?))`
	motionSeen = "SELECT * FROM motions WHERE id = ? AND stage <> 'draft' AND " + ownEstates
)

// Sees is a published motion of one of the resident's own estates, or of one
// where they hold a grant.
func (s *Service) Sees(ctx context.Context, caller model.Caller, motionID string) (*model.Motion, error) {
	return motion(s.DB.Read(ctx), motionSeen, motionID, caller.ID, caller.ID, s.now())
}

const ownerOnRoll = `SELECT b.resident_id, b.relation, b.owner_id, p.owner_ids, m.kind
FROM bindings b JOIN roll_properties p ON p.property_id = b.property_id JOIN motions m ON m.id = p.motion_id
WHERE b.resident_id = ? AND b.status = 'verified' AND (b.until_at IS NULL OR b.until_at > ?) AND b.relation = 'owner' AND p.motion_id = ?`

// OnRoll reports whether a resident is an owner on a motion's roll; it refuses
// others, and with not found whoever may not see the motion.
func (s *Service) OnRoll(ctx context.Context, caller model.Caller, motionID string) error {
	if _, err := s.Sees(ctx, caller, motionID); err != nil {
		return err
	}
	var ties []tie
	if err := s.DB.Read(ctx).Raw(ownerOnRoll, caller.ID, s.now(), motionID).Scan(&ties).Error; err != nil {
		return fmt.Errorf("find owners on the roll of motion %s: %w", motionID, err)
	}
	if !slices.ContainsFunc(ties, tie.entitles) {
		return fault.ErrForbidden
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
