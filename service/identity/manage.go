package identity

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/store"
)

// DisableStaff ends an account: it is logged out everywhere at once and cannot
// log in. Nobody disables their own, so that one administrator is always left.
func (s *Service) DisableStaff(ctx context.Context, by model.Caller, id, reason string) error {
	return s.manage(ctx, by, id, "disable", reason, func(tx *gorm.DB, account model.Staff) error {
		if account.DisabledAt != nil {
			return nil
		}
		if err := tx.Exec("UPDATE staff SET disabled_at = ? WHERE id = ?", s.now(), id).Error; err != nil {
			return err
		}
		return endSessions(tx, model.StaffSession, id, "")
	})
}

// RestoreStaff lets a disabled account log in again, with the password it had.
func (s *Service) RestoreStaff(ctx context.Context, by model.Caller, id, reason string) error {
	return s.manage(ctx, by, id, "restore", reason, func(tx *gorm.DB, _ model.Staff) error {
		return tx.Exec("UPDATE staff SET disabled_at = NULL WHERE id = ?", id).Error
	})
}

// ResetPassword gives an account a password that must be changed at the next
// log-in, logs it out everywhere, unlinks its WeChat and unlocks it. One's own is changed with
// ChangePassword.
func (s *Service) ResetPassword(ctx context.Context, by model.Caller, id, password string) error {
	account, err := s.read(ctx, id)
	if err != nil {
		return err
	}
	if err := mayManage(by, account); err != nil {
		return err
	}
	if err := checkPassword("body.password", password, account.Username, account.Role); err != nil {
		return err
	}
	hash, err := s.hash(ctx, password)
	if err != nil {
		return err
	}
	return s.manage(ctx, by, id, "reset_password", "", func(tx *gorm.DB, account model.Staff) error {
		if err := tx.Exec("DELETE FROM failures WHERE subject = ?", s.lockSubject(account.Username)).Error; err != nil {
			return err
		}
		if err := unlinkWechat(tx, id, s.now()); err != nil {
			return err
		}
		return s.setPassword(tx, id, hash, true, "")
	})
}

// setPassword keeps a password's hash and ends all sessions but one.
func (s *Service) setPassword(tx *gorm.DB, id, hash string, mustChange bool, keep string) error {
	err := tx.Exec("UPDATE staff SET password_hash = ?, must_change = ?, password_at = ? WHERE id = ?", hash, mustChange, s.now(), id).Error
	if err != nil {
		return err
	}
	return endSessions(tx, model.StaffSession, id, keep)
}

// manage changes somebody's account inside the caller's area, under its lock,
// and keeps who did.
func (s *Service) manage(ctx context.Context, by model.Caller, id, verb, reason string, change func(*gorm.DB, model.Staff) error) error {
	defer s.recent.forget()
	err := store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		account, err := s.hold(tx, id)
		if err != nil {
			return err
		}
		if err := mayManage(by, account); err != nil {
			return err
		}
		if err := change(tx, account); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, manageEntry(by, account, verb, reason))
	})
	if err != nil {
		return fmt.Errorf("manage an account: %w", err)
	}
	return nil
}

func mayManage(by model.Caller, account model.Staff) error {
	switch {
	case account.ID == "", by.Kind != Console.Kind && !by.Covers(account.AreaCode):
		return fault.ErrNotFound
	case account.ID == by.ID:
		return ErrOwnAccount
	}
	return nil
}
