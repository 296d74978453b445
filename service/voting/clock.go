package voting

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/fault"
)

// Extend moves the close, and the end of counting with it, to a later instant
// (延期). It is possible until the close.
func (s *Service) Extend(ctx context.Context, caller model.Caller, id string, closesAt time.Time, reason string) (*model.Motion, error) {
	closesAt = instant(closesAt)
	if !closesAt.Before(latest) {
		return nil, fault.Unknown("body.closes_at", "年份不对")
	}
	return s.alone(ctx, id, func(tx *gorm.DB, m *model.Motion) error {
		if status := m.StatusAt(s.now()); status != model.StatusScheduled && status != model.StatusOpen {
			return ErrMotionNotOpen
		}
		if !closesAt.After(m.ClosesAt) {
			return fault.Unknown("body.closes_at", "延期后的截止时间应晚于原截止时间")
		}
		before := m.ClosesAt
		m.ClosesAt, m.CountUntil, m.UpdatedAt = closesAt, closesAt.Add(m.CountUntil.Sub(before)), s.now()
		if err := errors.Join(save(tx, m), s.follow(tx, m)); err != nil {
			return err
		}
		detail := before.Format(time.RFC3339Nano) + " " + closesAt.Format(time.RFC3339Nano)
		return s.note(ctx, tx, caller, m, model.MotionEvent{Kind: model.EventExtended, Reason: reason, Detail: detail})
	})
}

// Cancel ends a published motion without a result (撤销).
func (s *Service) Cancel(ctx context.Context, caller model.Caller, id, reason string) (*model.Motion, error) {
	return s.alone(ctx, id, func(tx *gorm.DB, m *model.Motion) error {
		switch m.StatusAt(s.now()) {
		case model.StatusDraft:
			return ErrMotionNotPublished
		case model.StatusClosed, model.StatusCancelled:
			return ErrMotionClosed
		case model.StatusScheduled, model.StatusOpen, model.StatusCounting:
		}
		m.Stage, m.UpdatedAt = model.StageCancelled, s.now()
		if err := errors.Join(save(tx, m), s.follow(tx, m)); err != nil {
			return err
		}
		return s.note(ctx, tx, caller, m, model.MotionEvent{Kind: model.EventCancelled, Reason: reason})
	})
}

// Close seals a motion by hand (封存): in counting at any time, before the
// close only by the street and for a reason, which the result prints.
func (s *Service) Close(ctx context.Context, caller model.Caller, id, reason string) (*model.Motion, error) {
	return s.alone(ctx, id, func(tx *gorm.DB, m *model.Motion) error {
		switch m.StatusAt(s.now()) {
		case model.StatusDraft:
			return ErrMotionNotPublished
		case model.StatusScheduled:
			return ErrMotionNotOpen
		case model.StatusClosed, model.StatusCancelled:
			return ErrMotionClosed
		case model.StatusOpen:
			if caller.Role != model.RoleStreet {
				return ErrEarlyCloseByStreet
			}
			if reason == "" {
				return fault.Unknown("body.reason", "提前截止须说明理由")
			}
			m.ClosedEarly = true
		case model.StatusCounting:
		}
		if err := s.note(ctx, tx, caller, m, model.MotionEvent{Kind: model.EventClosed, Reason: reason}); err != nil {
			return err
		}
		if err := s.seal(ctx, tx, m); err != nil {
			return err
		}
		return s.follow(tx, m)
	})
}

const motionsDue = "SELECT id FROM motions WHERE stage = ? AND count_until <= ? ORDER BY count_until LIMIT 100"

// SealDue seals every motion whose counting has ended; whoever comes second
// finds it sealed. One that cannot be sealed does not hold up the others.
func (s *Service) SealDue(ctx context.Context) error {
	var ids []string
	if err := s.DB.Read(ctx).Raw(motionsDue, model.StagePublished, s.now()).Scan(&ids).Error; err != nil {
		return fmt.Errorf("find motions to seal: %w", err)
	}
	var failures []error
	for _, id := range ids {
		if _, err := s.sealed(ctx, id); err != nil {
			failures = append(failures, err)
		}
	}
	return errors.Join(failures...)
}

// sealed is a motion that is over, sealed now if the job has not come to it.
func (s *Service) sealed(ctx context.Context, id string) (*model.Motion, error) {
	return s.alone(ctx, id, func(tx *gorm.DB, m *model.Motion) error {
		if m.Stage != model.StagePublished || m.StatusAt(s.now()) != model.StatusClosed {
			return nil
		}
		return s.seal(ctx, tx, m)
	})
}

// extension reads from which close to which an extension went.
func extension(e model.MotionEvent) (from, to time.Time, err error) {
	before, after, _ := strings.Cut(e.Detail, " ")
	if from, err = time.Parse(time.RFC3339Nano, before); err == nil {
		to, err = time.Parse(time.RFC3339Nano, after)
	}
	if err != nil {
		return from, to, fmt.Errorf("read extension %s: %w", e.ID, err)
	}
	return from, to, nil
}
