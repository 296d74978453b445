package voting

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"gongdi/model"
)

// A grant speaks for a voter when it runs now, reaches the motion, and covers
// each of the voter's homes.
const grantsForVoter = `SELECT g.id, g.principal_id FROM grants g
WHERE g.agent_id = ? AND g.status = 'active' AND g.from_at <= ? AND g.until_at > ? AND g.motion_id IN ('', ?)
AND EXISTS (SELECT 1 FROM roll_properties p WHERE p.motion_id = ? AND p.voter_id = ?)
AND NOT EXISTS (SELECT 1 FROM roll_properties p WHERE p.motion_id = ? AND p.voter_id = ? AND NOT EXISTS (
  SELECT 1 FROM grant_properties gp WHERE gp.grant_id = g.id AND gp.property_id = p.property_id))
ORDER BY g.created_at, g.id`

const proofsOf = "SELECT proof FROM bindings WHERE resident_id = ? AND status = 'verified'"

// asAgent finds why somebody who is no owner may cast for a voter all the same.
// A grant ends with its principal's own right: sold, or moved out.
func (s *Service) asAgent(ctx context.Context, caller model.Caller, motionID, voterID string, ties []tie) (Entitlement, bool, error) {
	now := s.now()
	var grants []struct{ ID, PrincipalID string }
	err := s.DB.Read(ctx).Raw(grantsForVoter, caller.ID, now, now, motionID, motionID, voterID, motionID, voterID).Scan(&grants).Error
	if err != nil {
		return Entitlement{}, false, fmt.Errorf("find grants for voter %s: %w", voterID, err)
	}
	for _, g := range grants {
		principal := slices.IndexFunc(ties, func(t tie) bool {
			return t.ResidentID == g.PrincipalID && t.Relation == model.RelationOwner && t.MotionID == motionID && t.entitles()
		})
		if principal < 0 && g.PrincipalID != "" {
			continue
		}
		e := Entitlement{Relation: model.RelationAgent, GrantID: g.ID}
		if e.Proof, err = s.strongest(ctx, caller.ID); err != nil {
			return e, false, err
		}
		if principal >= 0 {
			e.Proof = weaker(e.Proof, ties[principal].Proof)
		}
		return e, true, nil
	}
	return Entitlement{}, false, nil
}

// stillGranted holds the grant that an agent casts under, so that its end and
// the ballot come one after the other; and nobody barred since then casts.
func (s *Service) stillGranted(tx *gorm.DB, w *window, agentID, grantID string) error {
	if grantID == "" {
		return nil
	}
	g, err := grant(tx, s.DB.Locked(grantByID), grantID)
	if err != nil {
		return err
	}
	if g.Status != model.GrantActive || !w.now.Before(g.UntilAt) {
		return ErrNotYourBallot
	}
	return notBarred(tx, agentID, g.AreaCode)
}

// strongest is the best proof that somebody has given of who they are; whoever
// has none was known by the phone that the platform vouched for.
func (s *Service) strongest(ctx context.Context, residentID string) (model.Proof, error) {
	var proofs []model.Proof
	if err := s.DB.Read(ctx).Raw(proofsOf, residentID).Scan(&proofs).Error; err != nil {
		return "", fmt.Errorf("find how a resident was proven: %w", err)
	}
	best := model.ProofRosterPhone
	for _, p := range proofs {
		if p.Rank() > best.Rank() {
			best = p
		}
	}
	return best, nil
}

func weaker(a, b model.Proof) model.Proof {
	if b.Rank() < a.Rank() {
		return b
	}
	return a
}
