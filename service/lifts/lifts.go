// Package lifts leads a stairwell to its lift: who wants one, variants with
// exact cost shares side by side, and the agreement of those who pay.
package lifts

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/audit"
	"gongdi/service/evidence"
	"gongdi/service/fault"
	"gongdi/service/store"
	"gongdi/service/vault"
)

// Service holds what lifts depend on.
type Service struct {
	DB    *store.DB
	Vault *vault.Vault
	Audit *audit.Log
	Key   *evidence.Key
	Now   func() time.Time
	// ObjectionsPass lets a lift go on while written objections stand; unless
	// set they hold it up until they are settled.
	ObjectionsPass bool
}

// What is refused of lifts.
var (
	ErrNotYourHome   = fault.New(fault.Forbidden, "not_your_home", "这不是您绑定的房屋")
	ErrOwnersOnly    = fault.New(fault.Forbidden, "owners_only", "只有产权人可以办理")
	ErrPlanWithdrawn = fault.New(fault.Conflict, "plan_withdrawn", "这个方案已经撤回")
)

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Millisecond) }

// Unit is a stairwell, as lifts look at it.
type Unit struct{ ID, EstateID, AreaCode, Label string }

const unitByID = `SELECT u.id, u.estate_id, e.area_code, CONCAT(e.name, b.label, u.label) AS label
FROM units u JOIN buildings b ON b.id = u.building_id JOIN estates e ON e.id = u.estate_id WHERE u.id = ?`

func unit(tx *gorm.DB, id string) (*Unit, error) {
	return store.One[Unit](tx, "unit "+id, unitByID, id)
}

// UnitOf is a stairwell in the area of a member of staff.
func (s *Service) UnitOf(ctx context.Context, caller model.Caller, id string) (*Unit, error) {
	u, err := unit(s.DB.Read(ctx), id)
	if err == nil && !caller.Covers(u.AreaCode) {
		return nil, fault.ErrNotFound
	}
	return u, err
}

// Tie is what binds a resident to a home of a stairwell.
type Tie struct {
	PropertyID string
	UnitID     string
	Label      string
	Relation   model.Relation
	Proof      model.Proof
	Tenure     model.Tenure
}

const tiesInUnit = `SELECT p.id AS property_id, p.unit_id, p.label, b.relation, b.proof, p.tenure
FROM bindings b JOIN properties p ON p.id = b.property_id
WHERE b.resident_id = ? AND p.unit_id = ? AND b.status = 'verified' AND (b.until_at IS NULL OR b.until_at > ?) ORDER BY p.sort_key, p.id`

// TiesTo are the homes of a resident in a stairwell; whoever has none there
// does not see it.
func (s *Service) TiesTo(ctx context.Context, caller model.Caller, unitID string) ([]Tie, error) {
	var ties []Tie
	if err := s.DB.Read(ctx).Raw(tiesInUnit, caller.ID, unitID, s.now()).Scan(&ties).Error; err != nil {
		return nil, fmt.Errorf("find a resident's homes in unit %s: %w", unitID, err)
	}
	if len(ties) == 0 {
		return nil, fault.ErrNotFound
	}
	return ties, nil
}

const homeInUnit = "SELECT COUNT(*) FROM properties WHERE id = ? AND unit_id = ?"

// TieTo is a resident's tie to one home of a stairwell that they see: of
// several the owner's. A neighbour's home is not theirs; one elsewhere is not
// there.
func (s *Service) TieTo(ctx context.Context, caller model.Caller, unitID, propertyID string) (*Tie, error) {
	ties, err := s.TiesTo(ctx, caller, unitID)
	if err != nil {
		return nil, err
	}
	var mine *Tie
	for i := range ties {
		if ties[i].PropertyID == propertyID && (mine == nil || ties[i].Relation == model.RelationOwner) {
			mine = &ties[i]
		}
	}
	if mine != nil {
		return mine, nil
	}
	var n int
	if err := s.DB.Read(ctx).Raw(homeInUnit, propertyID, unitID).Scan(&n).Error; err != nil {
		return nil, fmt.Errorf("find a home of unit %s: %w", unitID, err)
	}
	if n == 0 {
		return nil, fault.ErrNotFound
	}
	return nil, ErrNotYourHome
}

// home is a home of a stairwell as the division needs it.
type home struct {
	ID, Building, Unit, Room, Label string
	Floor                           *int
	Area                            *quantity.Area
	Use                             model.Use `gorm:"column:property_use"`
	Tenure                          model.Tenure
}

const homesOfUnit = `SELECT p.id, b.label AS building, u.label AS unit, p.room, p.label, COALESCE(p.floor_physical, p.floor) AS floor,
p.area, p.property_use, p.tenure
FROM properties p JOIN units u ON u.id = p.unit_id JOIN buildings b ON b.id = p.building_id WHERE p.unit_id = ? ORDER BY p.sort_key, p.id`

func homesOf(tx *gorm.DB, unitID string) ([]home, error) {
	var rows []home
	if err := tx.Raw(homesOfUnit, unitID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("list the homes of unit %s: %w", unitID, err)
	}
	return rows, nil
}

func (s *Service) record(ctx context.Context, tx *gorm.DB, caller model.Caller, right model.Right, p *model.LiftPlan, verb, reason string) error {
	return s.Audit.Record(ctx, tx, audit.Entry{
		Actor: caller, Right: right, Verb: verb, ObjectType: "lift_plan", ObjectID: p.ID, AreaCode: p.AreaCode, Reason: reason,
	})
}
