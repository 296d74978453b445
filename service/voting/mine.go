package voting

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gongdi/model"
	"gongdi/model/rule/vote"
	"gongdi/service/store"
)

// Mine is a voter that a resident may cast for, and the ballot that stands.
type Mine struct {
	Voter      model.RollVoter
	Relation   model.Relation
	Properties []model.RollProperty
	Standing   *Cast // nil when nothing stands that the resident may see
}

// Page narrows a list of motions to a status, and to a part of it.
type Page struct {
	Status        model.Status
	Offset, Limit int
}

const motionsOfResident = "FROM motions WHERE stage <> 'draft' AND " + ownEstates

// ForResident lists the motions of one's own estates, newest first.
func (s *Service) ForResident(ctx context.Context, caller model.Caller, p Page) ([]model.Motion, int64, error) {
	filter, args := statusFilter(p.Status, s.now())
	return s.page(ctx, motionsOfResident+filter, append([]any{caller.ID, caller.ID, s.now()}, args...), p)
}

const (
	motionsInArea = "FROM motions WHERE area_code LIKE ?"
	motionsInGrid = ` AND estate_id IN (SELECT b.estate_id FROM staff_buildings s JOIN buildings b ON b.id = s.building_id WHERE s.staff_id = ?)`
)

// ForStaff lists the motions of the caller's area, newest first; drafts only to
// who may write them.
func (s *Service) ForStaff(ctx context.Context, caller model.Caller, p Page) ([]model.Motion, int64, error) {
	from := motionsInArea
	if !caller.Role.May(model.DraftMotions) {
		from += " AND stage <> 'draft'"
	}
	own := []any{caller.AreaCode + "%"}
	if caller.Role == model.RoleGrid {
		from, own = from+motionsInGrid, append(own, caller.ID)
	}
	filter, args := statusFilter(p.Status, s.now())
	return s.page(ctx, from+filter, append(own, args...), p)
}

func (s *Service) page(ctx context.Context, from string, args []any, p Page) ([]model.Motion, int64, error) {
	return store.Page[model.Motion](s.DB.Read(ctx), store.List{Of: "motions", Columns: "*", From: from, Order: "created_at DESC, id DESC", Args: args}, p.Offset, p.Limit)
}

const votersOfResident = `SELECT v.*, b.relation, b.owner_id, p.owner_ids FROM bindings b
JOIN roll_properties p ON p.property_id = b.property_id
JOIN roll_voters v ON v.motion_id = p.motion_id AND v.id = p.voter_id
WHERE b.resident_id = ? AND b.status = 'verified' AND (b.until_at IS NULL OR b.until_at > ?) AND p.motion_id IN ?
ORDER BY v.position`

// MineIn finds, for each of some motions, the voters that a resident may cast
// for: in one question for all, so that a list costs no more than a motion.
func (s *Service) MineIn(ctx context.Context, caller model.Caller, motions []model.Motion) (map[string][]Mine, error) {
	kinds, ids := map[string]model.MotionKind{}, make([]string, 0, len(motions))
	for _, m := range motions {
		kinds[m.ID], ids = m.Kind, append(ids, m.ID)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []struct {
		model.RollVoter
		Relation          model.Relation
		OwnerID, OwnerIDs string
	}
	if err := s.DB.Read(ctx).Raw(votersOfResident, caller.ID, s.now(), ids).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("find a resident's voters: %w", err)
	}
	mine, at := map[string][]Mine{}, map[string]int{}
	for _, r := range rows {
		t := tie{Relation: r.Relation, OwnerID: r.OwnerID, OwnerIDs: r.OwnerIDs, Kind: kinds[r.MotionID]}
		if !t.entitles() {
			continue
		}
		if i, seen := at[r.ID]; seen { // several homes, or two ties to one
			if r.Relation == model.RelationOwner {
				mine[r.MotionID][i].Relation = r.Relation
			}
			continue
		}
		at[r.ID] = len(mine[r.MotionID])
		mine[r.MotionID] = append(mine[r.MotionID], Mine{Voter: r.RollVoter, Relation: r.Relation})
	}
	if err := s.addGranted(ctx, caller, ids, mine); err != nil {
		return nil, err
	}
	return mine, s.complete(ctx, caller, mine)
}

const votersGranted = `SELECT DISTINCT v.* FROM grants g JOIN grant_properties gp ON gp.grant_id = g.id
JOIN roll_properties p ON p.property_id = gp.property_id JOIN roll_voters v ON v.motion_id = p.motion_id AND v.id = p.voter_id
WHERE g.agent_id = ? AND g.status = 'active' AND p.motion_id IN ? ORDER BY v.position`

// addGranted adds the voters that somebody may cast for under a grant.
func (s *Service) addGranted(ctx context.Context, caller model.Caller, motionIDs []string, mine map[string][]Mine) error {
	var rows []model.RollVoter
	if err := s.DB.Read(ctx).Raw(votersGranted, caller.ID, motionIDs).Scan(&rows).Error; err != nil {
		return fmt.Errorf("find an agent's voters: %w", err)
	}
	for _, v := range rows {
		e, err := s.MayCast(ctx, caller, v.MotionID, v.ID)
		if errors.Is(err, ErrNotYourBallot) {
			continue
		}
		if err != nil {
			return err
		}
		if e.GrantID == "" {
			continue // one's own, listed already
		}
		// A relative who holds a grant casts as the agent.
		mine[v.MotionID] = slices.DeleteFunc(mine[v.MotionID], func(m Mine) bool { return m.Voter.ID == v.ID })
		mine[v.MotionID] = append(mine[v.MotionID], Mine{Voter: v, Relation: e.Relation})
	}
	return nil
}

// complete adds what each voter votes for and the ballot that stands.
func (s *Service) complete(ctx context.Context, caller model.Caller, mine map[string][]Mine) error {
	for motionID, voters := range mine {
		rows := make([]model.RollVoter, 0, len(voters))
		for _, v := range voters {
			rows = append(rows, v.Voter)
		}
		properties, err := s.propertiesOf(ctx, motionID, rows)
		if err != nil {
			return err
		}
		for i := range voters {
			v := &voters[i]
			v.Properties = properties[v.Voter.ID]
			if v.Standing, err = s.standing(ctx, caller, v); err != nil {
				return err
			}
		}
	}
	return nil
}

// standing is the ballot that counts, shown to owners, and to a tenant or
// relative only when it is their own.
func (s *Service) standing(ctx context.Context, caller model.Caller, v *Mine) (*Cast, error) {
	if v.Voter.Choice == "" || v.Voter.Choice == vote.Invalid {
		return nil, nil
	}
	b, err := ballot(s.DB.Read(ctx), v.Voter.MotionID, v.Voter.ID, v.Voter.CurrentVersion)
	if err != nil {
		return nil, err
	}
	if v.Relation != model.RelationOwner && b.ResidentID != caller.ID {
		return nil, nil
	}
	cast, err := s.castOf(b, v.Voter.Ref)
	return &cast, err
}
