package registry

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/store"
)

// Bound is a resident's tie to a home as the resident sees it.
type Bound struct {
	ID         string
	PropertyID string
	Label      string
	EstateID   string
	Estate     string
	Relation   model.Relation
	Status     model.BindingStatus
	Proof      model.Proof
	Reason     string // of a rejection
	CreatedAt  time.Time
	DecidedAt  *time.Time
}

const boundFrom = `SELECT b.id, b.property_id, p.label, b.estate_id, e.name AS estate, b.relation, b.status, b.proof, b.reason, b.created_at, b.decided_at
FROM bindings b JOIN properties p ON p.id = b.property_id JOIN estates e ON e.id = b.estate_id WHERE `

func (s *Service) bound(tx *gorm.DB, id string) (Bound, error) {
	var b Bound
	if err := tx.Raw(boundFrom+"b.id = ?", id).Take(&b).Error; err != nil {
		return Bound{}, fmt.Errorf("read binding %s: %w", id, err)
	}
	return b, nil
}

// BindingsOf lists a resident's ties, those that ended apart, the oldest first.
func (s *Service) BindingsOf(ctx context.Context, residentID string) ([]Bound, error) {
	var rows []Bound
	err := s.DB.Read(ctx).Raw(boundFrom+"b.resident_id = ? AND b.status <> 'ended' ORDER BY b.created_at, b.id", residentID).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("list a resident's bindings: %w", err)
	}
	return rows, nil
}

const (
	bindingOf  = "SELECT COUNT(*) FROM bindings WHERE id = ? AND resident_id = ?"
	endBinding = "UPDATE bindings SET status = 'ended', decided_at = ? WHERE id = ? AND resident_id = ? AND status <> 'ended'"
)

// HasBinding refuses with not found unless a binding is the resident's own.
func (s *Service) HasBinding(ctx context.Context, caller model.Caller, id string) error {
	var n int64
	if err := s.DB.Read(ctx).Raw(bindingOf, id, caller.ID).Scan(&n).Error; err != nil {
		return fmt.Errorf("find binding %s: %w", id, err)
	}
	if n == 0 {
		return fault.ErrNotFound
	}
	return nil
}

// MoveOut ends a resident's own tie to a home (搬离). What was cast stays cast.
func (s *Service) MoveOut(ctx context.Context, caller model.Caller, id string) error {
	if err := s.HasBinding(ctx, caller, id); err != nil {
		return err
	}
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		if err := tx.Exec(endBinding, s.now(), id, caller.ID).Error; err != nil {
			return fmt.Errorf("end binding %s: %w", id, err)
		}
		return nil
	})
}
