// Package reporting is what the office reads of everything: what waits for a
// clerk today, the figures of an area, the papers that go upward, an estate's
// whole file. It reads what others keep and writes figures of its own only.
package reporting

import (
	"context"
	"fmt"
	"sync"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/audit"
	"gongdi/service/complaints"
	"gongdi/service/document"
	"gongdi/service/fault"
	"gongdi/service/funds"
	"gongdi/service/identity"
	"gongdi/service/projects"
	"gongdi/service/safety"
	"gongdi/service/schemes"
	"gongdi/service/store"
	"gongdi/service/surveys"
	"gongdi/service/vault"
	"gongdi/service/voting"
)

// Service holds what reporting depends on.
type Service struct {
	DB         *store.DB
	Vault      *vault.Vault
	Audit      *audit.Log
	Voting     *voting.Service
	Complaints *complaints.Service
	Surveys    *surveys.Service
	Funds      *funds.Service
	Projects   *projects.Service
	Schemes    *schemes.Service
	Safety     *safety.Service
	Now        func() time.Time

	follow follower
	daily  sync.Mutex
	kept   quantity.Date // the last day that is kept of every area
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Millisecond) }

// Place is an estate with where it lies.
type Place struct{ ID, Name, AreaCode, Community string }

const placeByID = `SELECT e.id, e.name, e.area_code, COALESCE(a.name, '') AS community FROM estates e
LEFT JOIN areas a ON a.code = e.area_code AND a.type = 'community' WHERE e.id = ?`

// Estate is an estate of the caller's area, or not found.
func (s *Service) Estate(ctx context.Context, caller model.Caller, id string) (*Place, error) {
	var rows []Place
	if err := s.DB.Read(ctx).Raw(placeByID, id).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("find estate %s: %w", id, err)
	}
	if len(rows) == 0 || !caller.Covers(rows[0].AreaCode) {
		return nil, fault.ErrNotFound
	}
	return &rows[0], nil
}

// maker is when and by whom a paper is made, as it is printed on it.
func (s *Service) maker(ctx context.Context, caller model.Caller) (document.Provenance, error) {
	return identity.Maker(s.DB.Read(ctx), s.Vault, caller.ID, s.now())
}

// logged notes a paper that left, before it does.
func (s *Service) logged(ctx context.Context, caller model.Caller, right model.Right, verb, area, objectID string) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		return s.Audit.Record(ctx, tx, audit.Entry{Actor: caller, Right: right, Verb: verb, ObjectType: "report", ObjectID: objectID, AreaCode: area})
	})
}
