// Package registry knows the estates of a street, their buildings, stairwells
// and homes, who owns them, and which resident is tied to which home. Lists of
// owners come in here; what they lack the office completes. A roll that a vote
// has frozen is a copy and is never touched.
package registry

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/audit"
	"gongdi/service/fault"
	"gongdi/service/identity"
	"gongdi/service/store"
	"gongdi/service/vault"
)

// Service keeps the registry.
type Service struct {
	DB       *store.DB
	Vault    *vault.Vault
	Audit    *audit.Log
	Identity *identity.Service
	Now      func() time.Time
	// BuiltUntil is the last year of completion within the scope of the
	// renovation; zero is what the importer takes by itself.
	BuiltUntil int
}

// What personal data is sealed and looked up as.
const (
	ownerName      vault.Field = "owner.name"
	ownerNumber    vault.Field = "owner.document"
	ownerTail      vault.Field = "owner.document_tail"
	ownerNumberEnd vault.Field = "owner.document_end"
	ownerPhone     vault.Field = "owner.phone"
	ownerPhoneEnd  vault.Field = "owner.phone_end"
	certificate    vault.Field = "property.certificate"
	propertyNote   vault.Field = "property.note"
	pastState      vault.Field = "property.state"
	listLine       vault.Field = "roster.line"
	boundName      vault.Field = "binding.name"
	boundPhone     vault.Field = "binding.phone"
)

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Millisecond) }

// place is where a home or a binding lies, for judging who may see it.
type place struct {
	ID       string
	AreaCode string
}

const (
	propertyByID    = "SELECT * FROM properties WHERE id = ?"
	placeOfEstate   = "SELECT id, area_code FROM estates WHERE id = ?"
	placeOfProperty = "SELECT p.id, e.area_code FROM properties p JOIN estates e ON e.id = p.estate_id WHERE p.id = ?"
)

// within finds a thing by its id in the caller's area; elsewhere it is not there.
func (s *Service) within(ctx context.Context, caller model.Caller, query, id string) error {
	var p place
	err := s.DB.Read(ctx).Raw(query, id).Take(&p).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return fault.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("find where %s lies: %w", id, err)
	}
	if !caller.Covers(p.AreaCode) {
		return fault.ErrNotFound
	}
	return nil
}

// HasEstate refuses with not found unless an estate lies in the caller's area.
func (s *Service) HasEstate(ctx context.Context, caller model.Caller, id string) error {
	return s.within(ctx, caller, placeOfEstate, id)
}

// HasProperty refuses with not found unless a home lies in the caller's area.
func (s *Service) HasProperty(ctx context.Context, caller model.Caller, id string) error {
	return s.within(ctx, caller, placeOfProperty, id)
}

// Page is a part of a list.
type Page struct {
	Offset, Limit int
}
