// Package funds follows the money of a lift or of an estate's works: what is
// pledged, what has come in, what it was used for, and what the law allows each
// source to be used for. It takes no payment.
package funds

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"gongdi/model"
	"gongdi/service/audit"
	"gongdi/service/fault"
	"gongdi/service/lifts"
	"gongdi/service/store"
	"gongdi/service/vault"
)

// Service holds what the ledger depends on.
type Service struct {
	DB    *store.DB
	Vault *vault.Vault
	Audit *audit.Log
	Lifts *lifts.Service
	Now   func() time.Time
}

const (
	pledgeName   vault.Field = "pledge.name"
	voucherPayee vault.Field = "voucher.payee"
)

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Millisecond) }

// Purpose is what money is for, where it lies, and what it is called.
type Purpose struct {
	model.Purpose
	EstateID, UnitID, AreaCode, Label string
	Version                           int // of a variant
}

const (
	liftPurpose = `SELECT 'lift' AS type, p.id, p.estate_id, p.unit_id, p.area_code, p.version, CONCAT(p.unit_label, '加装电梯') AS label
FROM lift_plans p WHERE p.id = ?`
	estatePurpose = "SELECT 'estate' AS type, e.id, e.id AS estate_id, '' AS unit_id, e.area_code, 0 AS version, CONCAT(e.name, '改造') AS label FROM estates e WHERE e.id = ?"
)

func purposeOf(tx *gorm.DB, of model.Purpose) (*Purpose, error) {
	query := map[model.PurposeType]string{model.ForLift: liftPurpose, model.ForEstate: estatePurpose}[of.Type]
	if query == "" {
		return nil, fault.ErrNotFound
	}
	return store.One[Purpose](tx, fmt.Sprintf("%s %s", of.Type, of.ID), query, of.ID)
}

// PurposeOf is a purpose in the area of a member of staff; another one is
// refused at its place in what was sent.
func (s *Service) PurposeOf(ctx context.Context, caller model.Caller, of model.Purpose, at string) (*Purpose, error) {
	p, err := purposeOf(s.DB.Read(ctx), of)
	if errors.Is(err, fault.ErrNotFound) || err == nil && !caller.Covers(p.AreaCode) {
		return nil, fault.Unknown(at, "没有找到这个项目")
	}
	return p, err
}

const tiesToEstate = `SELECT COUNT(*) FROM bindings b WHERE b.resident_id = ? AND b.estate_id = ? AND b.status = 'verified'
AND (b.until_at IS NULL OR b.until_at > ?)`

// Sees is a purpose that concerns a resident: a lift of their stairwell, works
// of their estate.
func (s *Service) Sees(ctx context.Context, caller model.Caller, of model.Purpose) (*Purpose, error) {
	p, err := purposeOf(s.DB.Read(ctx), of)
	if err != nil {
		return nil, err
	}
	if p.Type == model.ForLift {
		_, err = s.Lifts.TiesTo(ctx, caller, p.UnitID)
		return p, err
	}
	var n int
	if err := s.DB.Read(ctx).Raw(tiesToEstate, caller.ID, p.EstateID, s.now()).Scan(&n).Error; err != nil {
		return nil, fmt.Errorf("find a resident's homes in estate %s: %w", p.EstateID, err)
	}
	if n == 0 {
		return nil, fault.ErrNotFound
	}
	return p, nil
}

// Tie is what binds a resident to a home for which they pledge.
type Tie struct {
	PropertyID, EstateID, Label string
	Relation                    model.Relation
}

const tiesToHome = `SELECT p.id AS property_id, p.estate_id, p.label, b.relation FROM bindings b JOIN properties p ON p.id = b.property_id
WHERE b.resident_id = ? AND b.property_id = ? AND b.status = 'verified' AND (b.until_at IS NULL OR b.until_at > ?)`

// TieTo is a resident's tie to one of their homes, the owner's before others.
func (s *Service) TieTo(ctx context.Context, caller model.Caller, propertyID string) (*Tie, error) {
	var ties []Tie
	if err := s.DB.Read(ctx).Raw(tiesToHome, caller.ID, propertyID, s.now()).Scan(&ties).Error; err != nil {
		return nil, fmt.Errorf("find a resident's home: %w", err)
	}
	for i := range ties {
		if ties[i].Relation == model.RelationOwner {
			return &ties[i], nil
		}
	}
	if len(ties) == 0 {
		return nil, fault.Unknown("body.property_id", "这不是您已核实的房屋")
	}
	return &ties[0], nil
}

// hold keeps others from a purpose's ledger, and opens it when it is new.
func (s *Service) hold(tx *gorm.DB, of model.Purpose) error {
	row := model.Ledger{PurposeType: of.Type, PurposeID: of.ID, OpenedAt: s.now()}
	if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error; err != nil {
		return fmt.Errorf("open the ledger of %s %s: %w", of.Type, of.ID, err)
	}
	var n int
	err := tx.Raw(s.DB.Locked("SELECT 1 FROM ledgers WHERE purpose_type = ? AND purpose_id = ?"), of.Type, of.ID).Scan(&n).Error
	if err != nil {
		return fmt.Errorf("hold the ledger of %s %s: %w", of.Type, of.ID, err)
	}
	return nil
}

func (s *Service) record(ctx context.Context, tx *gorm.DB, caller model.Caller, verb string, thing model.About, area, reason string) error {
	return s.Audit.Record(ctx, tx, audit.Entry{
		Actor: caller, Right: model.KeepFunds, Verb: verb, ObjectType: thing.Type, ObjectID: thing.ID, AreaCode: area, Reason: reason,
	})
}
