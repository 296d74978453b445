// Package schemes leads an estate, a building or a stairwell to what is to be
// renovated: a scheme in versions, shown to the residents, decided by the owners.
package schemes

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/audit"
	"gongdi/service/fault"
	"gongdi/service/notices"
	"gongdi/service/store"
	"gongdi/service/surveys"
	"gongdi/service/voting"
)

// Service holds what schemes depend on.
type Service struct {
	DB      *store.DB
	Audit   *audit.Log
	Voting  *voting.Service
	Notices *notices.Service
	Surveys *surveys.Service
	Now     func() time.Time
}

// What is refused of schemes.
var (
	ErrExists    = fault.New(fault.Conflict, "scheme_exists", "这里已经有一个改造方案，请在原方案上编制新版本")
	ErrWithdrawn = fault.New(fault.Conflict, "scheme_withdrawn", "这个方案已经撤回")
	ErrInVote    = fault.New(fault.Conflict, "scheme_in_vote", "业主正在表决这个方案，结束以前不能公布新版本或者撤回")
	ErrApproved  = fault.New(fault.Conflict, "scheme_approved", "业主已经表决通过这个方案，不能撤回；需要调整的，请编制新版本另行表决")
	ErrEmpty     = fault.New(fault.Conflict, "scheme_empty", "方案还没有改造内容，不能公布")
	ErrPublished = fault.New(fault.Conflict, "scheme_published", "这一版已经公布，不再更改")
	ErrUnshown   = fault.New(fault.Conflict, "scheme_not_published", "现行版本还没有公布")
)

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Millisecond) }

// Place is what a scheme is for.
type Place struct{ ID, EstateID, AreaCode, Label string }

var places = map[model.ScopeType]string{
	model.ScopeEstate:   "SELECT id, id AS estate_id, area_code, name AS label FROM estates WHERE id = ?",
	model.ScopeBuilding: "SELECT b.id, e.id AS estate_id, e.area_code, CONCAT(e.name, b.label) AS label FROM buildings b JOIN estates e ON e.id = b.estate_id WHERE b.id = ?",
	model.ScopeUnit: `SELECT u.id, e.id AS estate_id, e.area_code, CONCAT(e.name, b.label, u.label) AS label FROM units u
JOIN buildings b ON b.id = u.building_id JOIN estates e ON e.id = u.estate_id WHERE u.id = ?`,
}

func (s *Service) place(tx *gorm.DB, caller model.Caller, kind model.ScopeType, id string) (*Place, error) {
	query, known := places[kind]
	if !known {
		return nil, fault.Unknown("body.scope.type", "范围应为小区、楼栋或单元")
	}
	var p Place
	err := tx.Raw(query, id).Take(&p).Error
	if errors.Is(err, gorm.ErrRecordNotFound) || err == nil && !caller.Covers(p.AreaCode) {
		return nil, fault.Unknown("body.scope.id", "没有找到这个范围，或者不在您的辖区之内")
	}
	if err != nil {
		return nil, fmt.Errorf("find %s %s: %w", kind, id, err)
	}
	return &p, nil
}

const schemeByID = "SELECT * FROM schemes WHERE id = ?"

func one(tx *gorm.DB, query, id string) (*model.Scheme, error) {
	return store.One[model.Scheme](tx, "scheme "+id, query, id)
}

// Of is a scheme in the area of a member of staff.
func (s *Service) Of(ctx context.Context, caller model.Caller, id string) (*model.Scheme, error) {
	row, err := one(s.DB.Read(ctx), schemeByID, id)
	if err == nil && !caller.Covers(row.AreaCode) {
		return nil, fault.ErrNotFound
	}
	return row, err
}

// hold keeps others from a scheme that stands.
func (s *Service) hold(tx *gorm.DB, id string) (*model.Scheme, error) {
	row, err := one(tx, s.DB.Locked(schemeByID), id)
	if err == nil && row.Stage != model.SchemeOpen {
		return nil, ErrWithdrawn
	}
	return row, err
}

const tiesToEstate = `SELECT COUNT(*) FROM bindings b WHERE b.resident_id = ? AND b.estate_id = ? AND b.status = 'verified'
AND (b.until_at IS NULL OR b.until_at > ?)`

// Sees is a published scheme of an estate in which a resident has a home.
func (s *Service) Sees(ctx context.Context, caller model.Caller, id string) (*model.Scheme, error) {
	row, err := one(s.DB.Read(ctx), schemeByID, id)
	if err != nil {
		return nil, err
	}
	if row.Published == 0 {
		return nil, fault.ErrNotFound
	}
	return row, s.LivesIn(ctx, caller, row.EstateID)
}

// LivesIn refuses, with not found, an estate in which a resident has no home.
func (s *Service) LivesIn(ctx context.Context, caller model.Caller, estateID string) error {
	var n int
	if err := s.DB.Read(ctx).Raw(tiesToEstate, caller.ID, estateID, s.now()).Scan(&n).Error; err != nil {
		return fmt.Errorf("find a resident's homes in estate %s: %w", estateID, err)
	}
	if n == 0 {
		return fault.ErrNotFound
	}
	return nil
}

// Listed is a scheme in a list, with its present version, or its latest
// published one for residents, and what the owners' vote on that came to.
type Listed struct {
	Scheme  model.Scheme        `gorm:"embedded"`
	As      model.SchemeVersion `gorm:"embedded;embeddedPrefix:v_"`
	Verdict voting.Verdict      `gorm:"-"`
}

const (
	listedColumns = `s.*, v.version AS v_version, v.title AS v_title, v.starts_on AS v_starts_on, v.ends_on AS v_ends_on, v.estimate AS v_estimate,
v.funds AS v_funds, v.motion_id AS v_motion_id, v.published_at AS v_published_at`
	inArea = `FROM schemes s JOIN scheme_versions v ON v.scheme_id = s.id AND v.version = s.version
WHERE s.area_code LIKE ? AND (? = '' OR s.estate_id = ?)`
	shownInEstate = `FROM schemes s JOIN scheme_versions v ON v.scheme_id = s.id AND v.version = s.published
WHERE s.estate_id = ? AND s.published > 0`
)

// In lists the schemes of an estate, or of all in the caller's area, the oldest
// first.
func (s *Service) In(ctx context.Context, caller model.Caller, estateID string, offset, limit int) ([]Listed, int64, error) {
	return s.list(ctx, inArea, []any{caller.AreaCode + "%", estateID, estateID}, offset, limit)
}

// ShownIn lists the published schemes of an estate, the oldest first.
func (s *Service) ShownIn(ctx context.Context, estateID string, offset, limit int) ([]Listed, int64, error) {
	return s.list(ctx, shownInEstate, []any{estateID}, offset, limit)
}

func (s *Service) list(ctx context.Context, from string, args []any, offset, limit int) ([]Listed, int64, error) {
	db := s.DB.Read(ctx)
	rows, total, err := store.Page[Listed](db, store.List{Of: "schemes", Columns: listedColumns, From: from, Order: "s.created_at, s.id", Args: args}, offset, limit)
	if err != nil {
		return nil, 0, err
	}
	for i := range rows {
		if rows[i].Verdict, err = verdict(db, &rows[i].Scheme, rows[i].As.MotionID); err != nil {
			return nil, 0, err
		}
	}
	return rows, total, nil
}

func (s *Service) record(ctx context.Context, tx *gorm.DB, caller model.Caller, row *model.Scheme, verb, reason string) error {
	return s.Audit.Record(ctx, tx, audit.Entry{
		Actor: caller, Right: model.WriteSchemes, Verb: verb, ObjectType: "scheme", ObjectID: row.ID, AreaCode: row.AreaCode, Reason: reason,
	})
}

// About is what the drawings of a scheme belong to.
func About(id string) model.About { return model.About{Type: "scheme", ID: id} }
