package lifts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/messages"
	"gongdi/service/store"
)

// Draft is what a variant is written from. Reason says why it replaces the
// version before.
type Draft struct {
	UnitID string
	Title  string
	Terms  model.LiftTerms
	Reason string
}

// Plan is a variant in one of its versions, with every home's share.
type Plan struct {
	Plan   model.LiftPlan
	As     model.LiftPlanVersion
	Shares []model.LiftShare // building, unit, floor, room
}

// Preview says what a variant would come to, and keeps nothing.
func (s *Service) Preview(ctx context.Context, caller model.Caller, d Draft) (*Plan, error) {
	return s.compose(s.DB.Read(ctx), caller, d)
}

func (s *Service) compose(tx *gorm.DB, caller model.Caller, d Draft) (*Plan, error) {
	u, err := unit(tx, d.UnitID)
	if errors.Is(err, fault.ErrNotFound) || err == nil && !caller.Covers(u.AreaCode) {
		return nil, fault.Unknown("body.unit_id", "没有找到这个单元")
	}
	if err != nil {
		return nil, err
	}
	homes, err := homesOf(tx, u.ID)
	if err != nil {
		return nil, err
	}
	r, err := reckon(&d.Terms, homes)
	if err != nil {
		return nil, err
	}
	now := s.now()
	return &Plan{
		Plan: model.LiftPlan{
			EstateID: u.EstateID, UnitID: u.ID, AreaCode: u.AreaCode, UnitLabel: u.Label, Version: 1, Stage: model.LiftOpen,
			CreatedBy: caller.ID, CreatedAt: now, UpdatedAt: now,
		},
		As: model.LiftPlanVersion{
			Version: 1, Title: d.Title, Terms: d.Terms, Subsidy: r.Subsidy, ToShare: r.ToShare, Reason: d.Reason, CreatedBy: caller.ID, CreatedAt: now,
		},
		Shares: r.Shares,
	}, nil
}

// Create lays a variant before the stairwell (编制方案).
func (s *Service) Create(ctx context.Context, caller model.Caller, d Draft) (*Plan, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*Plan, error) {
		p, err := s.compose(tx, caller, d)
		if err != nil {
			return nil, err
		}
		p.Plan.ID = store.NewID()
		if err := gorm.G[model.LiftPlan](tx).Create(ctx, &p.Plan); err != nil {
			return nil, fmt.Errorf("write a lift plan: %w", err)
		}
		if err := s.keepVersion(tx, p); err != nil {
			return nil, err
		}
		if err := s.tellUnit(tx, p, "新的加装电梯方案："+d.Title); err != nil {
			return nil, err
		}
		return p, s.record(ctx, tx, caller, model.PlanLifts, &p.Plan, "create", "")
	})
}

// Revise replaces what a variant says by a new version. What was signed before
// was signed on another one, and no longer counts.
func (s *Service) Revise(ctx context.Context, caller model.Caller, id string, d Draft) (*Plan, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*Plan, error) {
		held, err := s.hold(tx, id)
		if err != nil {
			return nil, err
		}
		d.UnitID = held.UnitID
		p, err := s.compose(tx, caller, d)
		if err != nil {
			return nil, err
		}
		held.Version, held.UpdatedAt = held.Version+1, p.Plan.UpdatedAt
		p.Plan, p.As.Version = *held, held.Version
		if err := tx.Exec("UPDATE lift_plans SET version = ?, updated_at = ? WHERE id = ?", held.Version, held.UpdatedAt, id).Error; err != nil {
			return nil, fmt.Errorf("revise lift plan %s: %w", id, err)
		}
		if err := s.keepVersion(tx, p); err != nil {
			return nil, err
		}
		if err := s.tellUnit(tx, p, "加装电梯方案有修改，已签的协议须重新签署："+d.Title); err != nil {
			return nil, err
		}
		return p, s.record(ctx, tx, caller, model.PlanLifts, held, "revise", d.Reason)
	})
}

// Withdraw takes a variant back; what was signed on it lapses.
func (s *Service) Withdraw(ctx context.Context, caller model.Caller, id, reason string) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		p, err := s.hold(tx, id)
		if err != nil {
			return err
		}
		if err := tx.Exec("UPDATE lift_plans SET stage = 'withdrawn', updated_at = ? WHERE id = ?", s.now(), id).Error; err != nil {
			return fmt.Errorf("withdraw lift plan %s: %w", id, err)
		}
		return s.record(ctx, tx, caller, model.PlanLifts, p, "withdraw", reason)
	})
}

// keepVersion stores a version with the shares that follow from it, and what
// is signed of them.
func (s *Service) keepVersion(tx *gorm.DB, p *Plan) error {
	p.As.PlanID = p.Plan.ID
	for i := range p.Shares {
		p.Shares[i].PlanID, p.Shares[i].Version = p.Plan.ID, p.As.Version
	}
	text, err := json.Marshal(struct {
		Plan, Title string
		Version     int
		Terms       model.LiftTerms
		Shares      []model.LiftShare
	}{p.Plan.ID, p.As.Title, p.As.Version, p.As.Terms, p.Shares})
	if err != nil {
		return fmt.Errorf("write down lift plan %s: %w", p.Plan.ID, err)
	}
	sum := sha256.Sum256(text)
	p.As.Digest = hex.EncodeToString(sum[:])
	if err := tx.Create(&p.As).Error; err != nil {
		return fmt.Errorf("keep version %d of lift plan %s: %w", p.As.Version, p.Plan.ID, err)
	}
	if len(p.Shares) == 0 {
		return nil
	}
	if err := tx.CreateInBatches(p.Shares, 500).Error; err != nil {
		return fmt.Errorf("keep the shares of lift plan %s: %w", p.Plan.ID, err)
	}
	return nil
}

const planByID = "SELECT * FROM lift_plans WHERE id = ?"

func plan(tx *gorm.DB, query, id string) (*model.LiftPlan, error) {
	return store.One[model.LiftPlan](tx, "lift plan "+id, query, id)
}

// hold keeps others from a variant that is still before the stairwell.
func (s *Service) hold(tx *gorm.DB, id string) (*model.LiftPlan, error) {
	p, err := plan(tx, s.DB.Locked(planByID), id)
	if err == nil && p.Stage != model.LiftOpen {
		return nil, ErrPlanWithdrawn
	}
	return p, err
}

// PlanOf is a variant in the area of a member of staff.
func (s *Service) PlanOf(ctx context.Context, caller model.Caller, id string) (*model.LiftPlan, error) {
	p, err := plan(s.DB.Read(ctx), planByID, id)
	if err == nil && !caller.Covers(p.AreaCode) {
		return nil, fault.ErrNotFound
	}
	return p, err
}

// SeesPlan is a variant for a stairwell in which a resident has a home.
func (s *Service) SeesPlan(ctx context.Context, caller model.Caller, id string) (*model.LiftPlan, error) {
	p, err := plan(s.DB.Read(ctx), planByID, id)
	if err != nil {
		return nil, err
	}
	_, err = s.TiesTo(ctx, caller, p.UnitID)
	return p, err
}

const (
	versionByNumber = "SELECT * FROM lift_plan_versions WHERE plan_id = ? AND version = ?"
	sharesOfVersion = "SELECT * FROM lift_shares WHERE plan_id = ? AND version = ? ORDER BY position"
)

func version(tx *gorm.DB, planID string, number int) (*model.LiftPlanVersion, error) {
	var v model.LiftPlanVersion
	err := tx.Raw(versionByNumber, planID, number).Take(&v).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, fault.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("read version %d of lift plan %s: %w", number, planID, err)
	}
	return &v, nil
}

// Read is a variant in a version; 0 is the present one.
func (s *Service) Read(ctx context.Context, p *model.LiftPlan, number int) (*Plan, error) {
	return read(s.DB.Read(ctx), p, number)
}

func read(tx *gorm.DB, p *model.LiftPlan, number int) (*Plan, error) {
	if number == 0 {
		number = p.Version
	}
	v, err := version(tx, p.ID, number)
	if err != nil {
		return nil, err
	}
	out := &Plan{Plan: *p, As: *v}
	if err := tx.Raw(sharesOfVersion, p.ID, number).Scan(&out.Shares).Error; err != nil {
		return nil, fmt.Errorf("read the shares of lift plan %s: %w", p.ID, err)
	}
	return out, nil
}

const plansOfArea = "FROM lift_plans p JOIN lift_plan_versions v ON v.plan_id = p.id AND v.version = p.version WHERE p.area_code LIKE ? AND (? = '' OR p.unit_id = ?)"

// Listed is a variant in a list.
type Listed struct {
	Plan model.LiftPlan        `gorm:"embedded"`
	As   model.LiftPlanVersion `gorm:"embedded;embeddedPrefix:v_"`
}

const listedColumns = `p.*, v.plan_id AS v_plan_id, v.version AS v_version, v.title AS v_title, v.terms AS v_terms, v.subsidy AS v_subsidy,
v.to_share AS v_to_share, v.digest AS v_digest, v.motion_id AS v_motion_id, v.reason AS v_reason, v.created_by AS v_created_by, v.created_at AS v_created_at`

// PlansIn lists the variants of a stairwell, or of all in the caller's area,
// the oldest first.
func (s *Service) PlansIn(ctx context.Context, caller model.Caller, unitID string, offset, limit int) ([]Listed, int64, error) {
	return store.Page[Listed](s.DB.Read(ctx), store.List{
		Of: "lift plans", Columns: listedColumns, From: plansOfArea, Order: "p.created_at, p.id", Args: []any{caller.AreaCode + "%", unitID, unitID},
	}, offset, limit)
}

const openPlansOfUnit = "SELECT * FROM lift_plans WHERE unit_id = ? AND stage = 'open' ORDER BY created_at, id"

// PlansFor are the variants that lie before a stairwell, the oldest first.
func (s *Service) PlansFor(ctx context.Context, unitID string) ([]Plan, error) {
	db := s.DB.Read(ctx)
	var rows []model.LiftPlan
	if err := db.Raw(openPlansOfUnit, unitID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("list the lift plans of unit %s: %w", unitID, err)
	}
	out := make([]Plan, 0, len(rows))
	for i := range rows { // a handful
		p, err := read(db, &rows[i], 0)
		if err != nil {
			return nil, err
		}
		out = append(out, *p)
	}
	return out, nil
}

const residentsOfUnit = `SELECT DISTINCT b.resident_id FROM bindings b JOIN properties p ON p.id = b.property_id
WHERE p.unit_id = ? AND b.status = 'verified' ORDER BY b.resident_id`

func tellNeighbours(tx *gorm.DB, unitID string, news messages.News, s *Service) error {
	var residents []string
	if err := tx.Raw(residentsOfUnit, unitID).Scan(&residents).Error; err != nil {
		return fmt.Errorf("find the residents of unit %s: %w", unitID, err)
	}
	return messages.Tell(tx, residents, news, s.now())
}

func (s *Service) tellUnit(tx *gorm.DB, p *Plan, text string) error {
	return tellNeighbours(tx, p.Plan.UnitID, messages.News{Kind: "lift", AboutType: "lift_plan", AboutID: p.Plan.ID, Text: text}, s)
}
