package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync/atomic"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/files"
	"gongdi/service/store"
)

// Work makes exports until ctx ends, one at a time; what it is making then is
// given back, for another replica or the next start. Any number of replicas may
// work at once.
func (s *Service) Work(ctx context.Context) {
	worker := store.NewID()
	turn := time.NewTicker(time.Second)
	defer turn.Stop()
	for {
		if err := s.WorkOff(ctx, worker); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "work of the clock failed", "work", "exports", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-turn.C:
		}
	}
}

const (
	dueJobs = `SELECT id FROM jobs WHERE stage = 'waiting' OR stage = 'running' AND lease_until < ? ORDER BY made_at, id LIMIT 20`
	takeJob = `UPDATE jobs SET stage = 'running', worker = ?, lease_until = ?, tries = tries + 1, done = 0, total = 0
WHERE id = ? AND (stage = 'waiting' OR stage = 'running' AND lease_until < ?)`
	keepJob  = "UPDATE jobs SET lease_until = ?, done = ?, total = ? WHERE id = ? AND worker = ? AND stage = 'running'"
	giveBack = "UPDATE jobs SET stage = 'waiting', worker = '', lease_until = NULL, tries = tries - 1 WHERE id = ? AND worker = ? AND stage = 'running'"
	failJob  = "UPDATE jobs SET stage = 'failed', lease_until = NULL, code = ?, detail = ?, ended_at = ? WHERE id = ? AND worker = ? AND stage = 'running'"
	againJob = "UPDATE jobs SET stage = 'waiting', worker = '', lease_until = NULL WHERE id = ? AND worker = ? AND stage = 'running'"
	doneJob  = `UPDATE jobs SET stage = 'done', lease_until = NULL, done = total, file_id = ?, file_name = ?, file_size = ?, ended_at = ?, expires_at = ?
WHERE id = ? AND worker = ? AND stage = 'running'`
)

// WorkOff makes the exports that wait, and those whose worker has died.
func (s *Service) WorkOff(ctx context.Context, worker string) error {
	var ids []string
	if err := s.DB.Read(ctx).Raw(dueJobs, s.now()).Scan(&ids).Error; err != nil {
		return fmt.Errorf("find exports to make: %w", err)
	}
	for _, id := range ids {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := s.work(ctx, id, worker); err != nil {
			return err
		}
	}
	return nil
}

// changed runs one statement on a job and reports whether it was still the
// worker's.
func (s *Service) changed(ctx context.Context, statement string, args ...any) (bool, error) {
	n := int64(0)
	err := store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		done := tx.Exec(statement, args...)
		n = done.RowsAffected
		return done.Error
	})
	if err != nil {
		return false, fmt.Errorf("change a job: %w", err)
	}
	return n > 0, nil
}

func (s *Service) work(ctx context.Context, id, worker string) error {
	mine, err := s.changed(ctx, takeJob, worker, s.now().Add(s.lease()), id, s.now())
	if err != nil || !mine {
		return err
	}
	row, err := job(s.DB.Read(ctx), jobByID, id)
	if err != nil {
		return err
	}
	made, failed := s.make(ctx, row, worker)
	apart, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if failed == nil {
		failed = s.finish(apart, row, worker, made)
	}
	var refusal *fault.Error
	switch {
	case failed == nil, errors.Is(failed, errLost): // cancelled, or another worker's
		return nil
	case errors.As(failed, &refusal):
		_, err = s.changed(apart, failJob, refusal.Code, refusal.Detail, s.now(), id, worker)
	case ctx.Err() != nil: // the program stops
		_, err = s.changed(apart, giveBack, id, worker)
	case row.Tries < mostTries:
		slog.ErrorContext(ctx, "an export failed and is tried again", "job", id, "kind", row.Kind, "try", row.Tries, "error", failed)
		_, err = s.changed(apart, againJob, id, worker)
	default:
		slog.ErrorContext(ctx, "an export failed", "job", id, "kind", row.Kind, "error", failed)
		_, err = s.changed(apart, failJob, errFailed.Code, errFailed.Detail, s.now(), id, worker)
	}
	return err
}

// errLost ends the making of what is no longer the worker's to make.
var errLost = errors.New("the job was cancelled or taken up by another worker")

// made is a file that is kept and not yet the job's.
type made struct {
	file *model.File
	name string
}

// make has a kind make its file and keeps it, holding the job meanwhile.
func (s *Service) make(ctx context.Context, row *model.Job, worker string) (*made, error) {
	k, known := s.kinds[row.Kind]
	if !known {
		return nil, ErrKind
	}
	if row.Tries > mostTries { // it killed its workers
		return nil, errFailed
	}
	j, err := s.asked(ctx, row, k)
	if err != nil {
		return nil, err
	}
	making, end := context.WithCancelCause(ctx)
	defer end(nil)
	var done, total atomic.Int64
	held := make(chan struct{})
	go func() {
		defer close(held)
		s.hold(making, end, row.ID, worker, func() (int64, int64) { return done.Load(), total.Load() })
	}()
	out, err := s.keep(making, row, k, j, func(n, of int64) {
		done.Store(n)
		total.Store(of)
	})
	if cause := context.Cause(making); errors.Is(cause, errLost) {
		err = cause
	}
	end(nil)
	<-held
	if err == nil {
		_, err = s.changed(ctx, keepJob, s.now().Add(s.lease()), done.Load(), total.Load(), row.ID, worker)
	}
	return out, err
}

// keep makes a job's file; a kind that panics does not end the program.
func (s *Service) keep(ctx context.Context, row *model.Job, k Kind, j Job, progress func(done, total int64)) (m *made, err error) {
	defer func() {
		if failure := recover(); failure != nil {
			slog.ErrorContext(ctx, "an export panicked", "job", j.ID, "kind", j.Kind, "stack", string(debug.Stack()))
			err = errors.New("the export panicked")
		}
	}()
	r, err := k.Make(ctx, j, progress)
	if err != nil {
		return nil, err
	}
	f, err := s.Files.Keep(ctx, files.Made{OwnerID: row.StaffID, About: about(row.ID), MediaType: r.MediaType, Write: r.Write})
	return &made{f, r.Name}, err
}

// hold says that the worker lives and how far it has come, three times a lease,
// and ends the making when the job is no longer the worker's.
func (s *Service) hold(ctx context.Context, end context.CancelCauseFunc, id, worker string, come func() (done, total int64)) {
	turn := time.NewTicker(s.lease() / 3)
	defer turn.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-turn.C:
		}
		done, total := come()
		mine, err := s.changed(ctx, keepJob, s.now().Add(s.lease()), done, total, id, worker)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			slog.WarnContext(ctx, "a job's lease is not renewed", "job", id, "error", err)
		case !mine:
			end(errLost)
			return
		}
	}
}

// asked is what a job is asked for, by the account as it is now: one that was
// closed or moved gets nothing.
func (s *Service) asked(ctx context.Context, row *model.Job, k Kind) (Job, error) {
	var now []model.Staff
	if err := s.DB.Read(ctx).Raw("SELECT * FROM staff WHERE id = ? AND disabled_at IS NULL", row.StaffID).Scan(&now).Error; err != nil {
		return Job{}, fmt.Errorf("find who asked for job %s: %w", row.ID, err)
	}
	if len(now) == 0 {
		return Job{}, ErrChanged
	}
	caller := model.Caller{Kind: model.StaffSession, ID: now[0].ID, Role: now[0].Role, AreaCode: now[0].AreaCode, Department: now[0].Department}
	if !same(row, caller) || !caller.Role.May(k.Right) {
		return Job{}, ErrChanged
	}
	text, err := s.Vault.Reveal(params, row.Params)
	if err != nil {
		return Job{}, fmt.Errorf("read what job %s exports: %w", row.ID, err)
	}
	j := Job{ID: row.ID, Kind: row.Kind, Caller: caller}
	if err := json.Unmarshal([]byte(text), &j.Params); err != nil {
		return Job{}, fmt.Errorf("read what job %s exports: %w", row.ID, err)
	}
	return j, nil
}

// finish says that the job is done with its file. A file of a try that came to
// nothing is given up.
func (s *Service) finish(ctx context.Context, row *model.Job, worker string, m *made) error {
	now := s.now()
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		done := tx.Exec(doneJob, m.file.ID, m.name, m.file.Size, now, now.Add(keptFor), row.ID, worker)
		if done.Error != nil {
			return fmt.Errorf("finish job %s: %w", row.ID, done.Error)
		}
		kept := m.file.ID
		if done.RowsAffected == 0 {
			kept = ""
		}
		return files.DiscardBut(tx, about(row.ID), kept, m.file.ID)
	})
}
