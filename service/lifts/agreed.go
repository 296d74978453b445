package lifts

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/store"
	"gongdi/service/voting"
)

// State is how far the agreement on one version of a variant has come.
type State struct {
	Plan    *Plan
	Verdict voting.Verdict
	Homes   []HomeState // in their order
	Waiting int         // papers that a second person is still to compare
}

// HomeState is where one home stands.
type HomeState struct {
	Share     model.LiftShare
	Agreement *model.LiftSignature // the latest that stands; nil for none
	Consent   *model.LiftSignature
	Paper     *model.LiftSignature // one that is not compared yet
}

// Signed reports whether the home has signed the cost agreement.
func (h *HomeState) Signed() bool { return h.Agreement != nil && h.Agreement.Accept }

// Consents reports whether the home's consent is there, or not needed.
func (h *HomeState) Consents() bool {
	return !h.Share.Occupied || h.Consent != nil && h.Consent.Accept
}

// Formed reports whether all who pay have signed.
func (s *State) Formed() bool {
	paying := 0
	for i := range s.Homes {
		if s.Homes[i].Share.Fen > 0 {
			paying++
			if !s.Homes[i].Signed() {
				return false
			}
		}
	}
	return paying > 0
}

// InForce reports whether the agreement binds those who signed it: the vote
// passed this version, all who pay have signed, and whoever's own part is
// occupied consents.
func (s *State) InForce() bool {
	return s.Verdict == voting.VerdictPassed && s.Plan.Plan.Stage == model.LiftOpen && s.Formed() &&
		!slices.ContainsFunc(s.Homes, func(h HomeState) bool { return !h.Consents() })
}

const signaturesOfVersion = "SELECT * FROM lift_signatures WHERE plan_id = ? AND version = ? ORDER BY at, id"

func signatures(tx *gorm.DB, p *Plan) (*State, error) {
	var rows []model.LiftSignature
	if err := tx.Raw(signaturesOfVersion, p.Plan.ID, p.As.Version).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the signatures on lift plan %s: %w", p.Plan.ID, err)
	}
	out := &State{Plan: p, Homes: make([]HomeState, len(p.Shares))}
	at := map[string]*HomeState{}
	for i, share := range p.Shares {
		out.Homes[i].Share = share
		at[share.PropertyID] = &out.Homes[i]
	}
	for i := range rows {
		row := &rows[i]
		h, there := at[row.PropertyID]
		switch {
		case !there:
		case !row.Stands():
			h.Paper = row
			out.Waiting++
		case row.Kind == model.LiftAgreement:
			h.Agreement = row
		default:
			h.Consent = row
		}
	}
	return out, nil
}

// StateOf is how far the agreement on a variant's present version has come.
func (s *Service) StateOf(ctx context.Context, p *model.LiftPlan, number int) (*State, error) {
	return s.StateIn(s.DB.Read(ctx), p.ID, number)
}

// StateIn is StateOf inside another's transaction: what pledges and gates ask.
// Number 0 is the present version.
func (s *Service) StateIn(tx *gorm.DB, planID string, number int) (*State, error) {
	p, err := plan(tx, planByID, planID)
	if err != nil {
		return nil, err
	}
	as, err := read(tx, p, number)
	if err != nil {
		return nil, err
	}
	out, err := signatures(tx, as)
	if err != nil {
		return nil, err
	}
	out.Verdict, err = s.verdict(tx, as)
	return out, err
}

// Home is where one home stands; nil when the version does not know it.
func (s *State) Home(propertyID string) *HomeState {
	for i := range s.Homes {
		if s.Homes[i].Share.PropertyID == propertyID {
			return &s.Homes[i]
		}
	}
	return nil
}

const motionForPlan = `SELECT m.id FROM motions m WHERE m.id = ? AND m.kind = 'special' AND m.subject = 'lift' AND m.stage <> 'cancelled' AND
(m.scope_type = 'unit' AND m.scope_id = ? OR m.scope_type = 'building' AND m.scope_id = (SELECT building_id FROM units WHERE id = ?)
OR m.scope_type = 'estate' AND m.scope_id = ?)`

// Tie makes a special motion of the unit's owners, subject lift, the one that
// votes on a variant's present version (step A). A sealed one stays.
func (s *Service) Tie(ctx context.Context, caller model.Caller, planID, motionID string) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		held, err := s.hold(tx, planID)
		if err != nil {
			return err
		}
		var id string
		err = tx.Raw(motionForPlan, motionID, held.UnitID, held.UnitID, held.EstateID).Take(&id).Error
		if errors.Is(err, gorm.ErrRecordNotFound) {
			return fault.Unknown("body.motion_id", "应为本单元业主的加装电梯表决（特别事项）")
		}
		if err != nil {
			return fmt.Errorf("find motion %s: %w", motionID, err)
		}
		p, err := read(tx, held, held.Version)
		if err != nil {
			return err
		}
		verdict, err := s.verdict(tx, p)
		if err != nil {
			return err
		}
		if verdict == voting.VerdictPassed || verdict == voting.VerdictUndetermined {
			return ErrVoted
		}
		err = tx.Exec("UPDATE lift_plan_versions SET motion_id = ? WHERE plan_id = ? AND version = ?", motionID, planID, held.Version).Error
		if err != nil {
			return fmt.Errorf("tie motion %s to lift plan %s: %w", motionID, planID, err)
		}
		return s.record(ctx, tx, caller, model.PlanLifts, held, "tie_motion", "")
	})
}

// ErrVoted says that the owners have decided on this version.
var ErrVoted = fault.New(fault.Conflict, "plan_voted", "这一版方案已经表决，如需重新表决请先修改方案")

// HasHome refuses, with not found, a home that a variant's present version does
// not know.
func (s *Service) HasHome(ctx context.Context, p *model.LiftPlan, propertyID string) error {
	var n int
	err := s.DB.Read(ctx).Raw("SELECT COUNT(*) FROM lift_shares WHERE plan_id = ? AND version = ? AND property_id = ?", p.ID, p.Version, propertyID).Scan(&n).Error
	if err != nil {
		return fmt.Errorf("find a home of lift plan %s: %w", p.ID, err)
	}
	if n == 0 {
		return fault.ErrNotFound
	}
	return nil
}
