package identity

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/store"
)

// Sessions lists where the caller is logged in, the latest log-in first.
func (s *Service) Sessions(ctx context.Context, caller model.Caller) ([]model.Session, error) {
	now := s.now()
	query := s.DB.Read(ctx).Where("kind = ? AND subject_id = ? AND expires_at > ?", caller.Kind, caller.ID, now)
	if caller.Kind == model.StaffSession {
		query = query.Where("seen_at > ?", now.Add(-s.staffIdle()))
	}
	var sessions []model.Session
	if err := query.Order("created_at DESC, id DESC").Find(&sessions).Error; err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	return sessions, nil
}

// Leave ends the session that the caller speaks in (退出登录).
func (s *Service) Leave(ctx context.Context, caller model.Caller) error {
	return s.Revoke(ctx, caller, caller.SessionID)
}

// Revoke ends one of the caller's own sessions; anybody else's is not there.
func (s *Service) Revoke(ctx context.Context, caller model.Caller, sessionID string) error {
	return s.revoke(ctx, caller, "leave", func(tx *gorm.DB) error {
		gone := tx.Exec("DELETE FROM sessions WHERE kind = ? AND subject_id = ? AND id = ?", caller.Kind, caller.ID, sessionID)
		if gone.Error == nil && gone.RowsAffected == 0 {
			return fault.ErrNotFound
		}
		return gone.Error
	})
}

// RevokeAll logs the caller out everywhere, here too.
func (s *Service) RevokeAll(ctx context.Context, caller model.Caller) error {
	return s.revoke(ctx, caller, "leave_all", func(tx *gorm.DB) error {
		return endSessions(tx, caller.Kind, caller.ID, "")
	})
}

func (s *Service) revoke(ctx context.Context, caller model.Caller, verb string, end func(tx *gorm.DB) error) error {
	defer s.recent.forget()
	err := store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		if err := end(tx); err != nil || caller.Kind != model.StaffSession {
			return err
		}
		return s.Audit.Record(ctx, tx, ownEntry(caller, verb))
	})
	if err != nil {
		return fmt.Errorf("revoke sessions: %w", err)
	}
	return nil
}

// endSessions ends all sessions of one person, but the one to keep.
func endSessions(tx *gorm.DB, kind model.SessionKind, subjectID, keep string) error {
	return tx.Exec("DELETE FROM sessions WHERE kind = ? AND subject_id = ? AND id <> ?", kind, subjectID, keep).Error
}
