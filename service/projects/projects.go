// Package projects leads estates through the policy's five steps: which are
// eligible, the project ledger, the gates between the steps, and how an estate
// is kept afterwards. What a gate needs to know of votes, notices, surveys and
// money it asks below.
package projects

import (
	"context"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/audit"
	"gongdi/service/fault"
	"gongdi/service/store"
	"gongdi/service/surveys"
	"gongdi/service/vault"
)

// Service holds what projects depend on.
type Service struct {
	DB      *store.DB
	Vault   *vault.Vault
	Audit   *audit.Log
	Surveys *surveys.Service
	Now     func() time.Time
	// BuiltUntil is the last year that the street takes for 「2000年以前」.
	BuiltUntil int
	// StrongCases is how many cases of a year are 群众反映强烈.
	StrongCases int
	// Office and County are what papers call the street's office and the county.
	Office, County string
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Millisecond) }

const estateByID = "SELECT * FROM estates WHERE id = ?"

func estate(tx *gorm.DB, id string) (*model.Estate, error) {
	return store.One[model.Estate](tx, "estate "+id, estateByID, id)
}

// EstateOf is an estate in the caller's area; a department has none.
func (s *Service) EstateOf(ctx context.Context, caller model.Caller, id string) (*model.Estate, error) {
	e, err := estate(s.DB.Read(ctx), id)
	if err == nil && !caller.Covers(e.AreaCode) {
		return nil, fault.ErrNotFound
	}
	return e, err
}

func (s *Service) record(ctx context.Context, tx *gorm.DB, e audit.Entry) error {
	return s.Audit.Record(ctx, tx, e)
}
