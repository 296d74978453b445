// Package jobs works at long exports apart from the request that asked for
// them: under leases in the database, so that any replica goes on where one
// died; what comes of it is kept sealed, for a while, for who asked.
package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/audit"
	"gongdi/service/fault"
	"gongdi/service/files"
	"gongdi/service/store"
	"gongdi/service/vault"
)

// Service holds what jobs depend on.
type Service struct {
	DB    *store.DB
	Vault *vault.Vault
	Audit *audit.Log
	Files *files.Service
	Now   func() time.Time
	// Lease is how long a worker that says nothing keeps a job; zero is 30 s.
	Lease time.Duration

	kinds map[string]Kind
}

// Kind is one sort of export. Whoever offers one registers it before the
// service works.
type Kind struct {
	// Right is what a member of staff needs for it.
	Right model.Right
	// Check refuses, at once, what cannot be made for the caller: something
	// outside their area, unknown options. It may be nil.
	Check func(ctx context.Context, j Job) error
	// Make says what is made. It and what it gives to write with heed ctx, which
	// ends when the job is cancelled or the program stops, and say how far they
	// have come. Both may run again, from the beginning, and so change nothing.
	Make func(ctx context.Context, j Job, progress func(done, total int64)) (*Result, error)
}

// Job is what a kind is asked for: by whom, as they stand when it runs.
type Job struct {
	ID     string
	Kind   string
	Caller model.Caller
	Params Params
}

// Params are what an export is of: the id of its thing, and options.
type Params struct {
	ID      string
	Options map[string]string
}

// Result is a file that is made by writing it. Name has its ending.
type Result struct {
	Name, MediaType string
	Write           func(io.Writer) error
}

// Among refuses options that a kind does not know.
func (j Job) Among(known ...string) error {
	for _, name := range slices.Sorted(maps.Keys(j.Params.Options)) {
		if !slices.Contains(known, name) {
			return fault.Unknown("body.options."+name, "这种导出没有这个条件")
		}
	}
	return nil
}

// Unseen says in the body what is not there or not the caller's to see.
func Unseen(err error) error {
	if errors.Is(err, fault.ErrNotFound) {
		return fault.Unknown("body.id", "没有找到，或者不在您的辖区之内")
	}
	return err
}

// What is refused of exports.
var (
	ErrKind    = fault.New(fault.Invalid, "export_kind_unknown", "没有这种导出")
	ErrMany    = fault.New(fault.Conflict, "exports_too_many", "您有 5 个导出还没有完成，请等待或者取消")
	ErrNotDone = fault.New(fault.Conflict, "export_not_done", "导出还没有完成，或者没有文件")
	ErrGone    = fault.New(fault.Conflict, "export_expired", "导出的文件已过保存期限，请重新导出")
	ErrOver    = fault.New(fault.Conflict, "export_over", "导出已经结束")
	ErrChanged = fault.New(fault.Forbidden, "export_not_allowed", "您的账号或者权限已经改变，请重新导出")
	errFailed  = fault.New(fault.Unavailable, "export_failed", "导出没有成功，请稍后重试")
)

const (
	params     vault.Field = "job.params"
	mostAtOnce             = 5              // of one member of staff
	keptFor                = 48 * time.Hour // the file
	rowKeptFor             = 30 * 24 * time.Hour
	mostTries              = 3
)

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Millisecond) }

func (s *Service) lease() time.Duration {
	if s.Lease == 0 {
		return 30 * time.Second
	}
	return s.Lease
}

// Register offers a kind of export under a name.
func (s *Service) Register(name string, k Kind) {
	if s.kinds == nil {
		s.kinds = map[string]Kind{}
	}
	s.kinds[name] = k
}

// Ask takes an export to be made (申请导出). That it was asked for is logged.
func (s *Service) Ask(ctx context.Context, caller model.Caller, kind string, p Params) (*model.Job, error) {
	k, known := s.kinds[kind]
	switch {
	case !known:
		return nil, ErrKind.At("body.kind", "没有这种导出")
	case !caller.Role.May(k.Right):
		return nil, fault.ErrForbidden
	}
	row := model.Job{
		ID: store.NewID(), Kind: kind, StaffID: caller.ID, Role: caller.Role, AreaCode: caller.AreaCode, Department: caller.Department,
		Stage: model.JobWaiting, MadeAt: s.now(),
	}
	if k.Check != nil {
		if err := k.Check(ctx, Job{ID: row.ID, Kind: kind, Caller: caller, Params: p}); err != nil {
			return nil, err
		}
	}
	text, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("write down what is exported: %w", err)
	}
	row.Params = s.Vault.Seal(params, string(text))
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.Job, error) {
		var open int
		if err := tx.Raw("SELECT COUNT(*) FROM jobs WHERE staff_id = ? AND stage IN ('waiting', 'running')", caller.ID).Scan(&open).Error; err != nil {
			return nil, fmt.Errorf("count the exports of %s: %w", caller.ID, err)
		}
		if open >= mostAtOnce {
			return nil, ErrMany
		}
		if err := gorm.G[model.Job](tx).Create(ctx, &row); err != nil {
			return nil, fmt.Errorf("keep an export: %w", err)
		}
		return &row, s.record(ctx, tx, caller, &row, "export")
	})
}

func (s *Service) record(ctx context.Context, tx *gorm.DB, caller model.Caller, row *model.Job, verb string) error {
	return s.Audit.Record(ctx, tx, audit.Entry{
		Actor: caller, Right: s.kinds[row.Kind].Right, Verb: verb, ObjectType: "export_" + row.Kind, ObjectID: row.ID, AreaCode: row.AreaCode,
	})
}

const jobByID = "SELECT * FROM jobs WHERE id = ?"

func job(tx *gorm.DB, query, id string) (*model.Job, error) {
	return store.One[model.Job](tx, "job "+id, query, id)
}

// Of is an export that the caller asked for, as the account that they are now.
func (s *Service) Of(ctx context.Context, caller model.Caller, id string) (*model.Job, error) {
	row, err := job(s.DB.Read(ctx), jobByID, id)
	if err == nil && !same(row, caller) {
		return nil, fault.ErrNotFound
	}
	return row, err
}

func same(row *model.Job, c model.Caller) bool {
	return row.StaffID == c.ID && row.Role == c.Role && row.AreaCode == c.AreaCode && row.Department == c.Department
}

const ownJobs = "FROM jobs WHERE staff_id = ? AND role = ? AND area_code = ? AND department = ?"

// Own lists the exports that the caller asked for, the newest first.
func (s *Service) Own(ctx context.Context, caller model.Caller, offset, limit int) ([]model.Job, int64, error) {
	return store.Page[model.Job](s.DB.Read(ctx), store.List{
		Of: "exports", Columns: "*", From: ownJobs, Order: "made_at DESC, id DESC",
		Args: []any{caller.ID, caller.Role, caller.AreaCode, caller.Department},
	}, offset, limit)
}

// Cancel ends an export, and removes the file of one that is done.
func (s *Service) Cancel(ctx context.Context, caller model.Caller, id string) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		row, err := job(tx, s.DB.Locked(jobByID), id)
		switch {
		case err != nil:
			return err
		case row.Stage.Over() && row.Stage != model.JobDone:
			return ErrOver
		}
		if err := files.Discard(tx, about(id)); err != nil {
			return err
		}
		if err := tx.Exec("UPDATE jobs SET stage = 'cancelled', file_id = '', lease_until = NULL, ended_at = ? WHERE id = ?", s.now(), id).Error; err != nil {
			return fmt.Errorf("cancel job %s: %w", id, err)
		}
		return s.record(ctx, tx, caller, row, "cancel_export")
	})
}

func about(id string) model.About { return model.About{Type: "export", ID: id} }

// File is what came of an export, to be saved by who asked; that it was taken
// is logged. Nobody takes it who may no longer export it.
func (s *Service) File(ctx context.Context, caller model.Caller, row *model.Job) (*model.File, []byte, error) {
	switch {
	case row.Stage == model.JobExpired || row.Stage == model.JobDone && row.ExpiresAt != nil && !s.now().Before(*row.ExpiresAt):
		return nil, nil, ErrGone
	case row.Stage != model.JobDone:
		return nil, nil, ErrNotDone
	case !caller.Role.May(s.kinds[row.Kind].Right):
		return nil, nil, ErrChanged
	}
	f, content, err := s.Files.Content(ctx, about(row.ID), row.FileID)
	if err != nil {
		return nil, nil, err
	}
	return f, content, store.Tx(ctx, s.DB, func(tx *gorm.DB) error { return s.record(ctx, tx, caller, row, "take_export") })
}

const (
	dueFiles = "SELECT id FROM jobs WHERE stage = 'done' AND expires_at <= ? ORDER BY expires_at LIMIT 200"
	oldJobs  = "DELETE FROM jobs WHERE stage IN ('failed', 'cancelled', 'expired') AND made_at < ?"
)

// Expire removes the files whose time is over, and forgets old exports. Several
// replicas may do so at once.
func (s *Service) Expire(ctx context.Context) error {
	var ids []string
	if err := s.DB.Read(ctx).Raw(dueFiles, s.now()).Scan(&ids).Error; err != nil {
		return fmt.Errorf("find exports that expire: %w", err)
	}
	for _, id := range ids {
		err := store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
			if err := files.Discard(tx, about(id)); err != nil {
				return err
			}
			return tx.Exec("UPDATE jobs SET stage = 'expired', file_id = '' WHERE id = ? AND stage = 'done'", id).Error
		})
		if err != nil {
			return fmt.Errorf("expire export %s: %w", id, err)
		}
	}
	err := store.Tx(ctx, s.DB, func(tx *gorm.DB) error { return tx.Exec(oldJobs, s.now().Add(-rowKeptFor)).Error })
	if err != nil {
		return fmt.Errorf("forget old exports: %w", err)
	}
	return nil
}
