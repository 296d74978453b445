package identity

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/store"
)

// What is told to whoever cannot change their own password.
var (
	ErrOldPasswordWrong  = fault.New(fault.Invalid, "old_password_wrong", "原密码不正确")
	ErrPasswordUnchanged = fault.New(fault.Invalid, "password_unchanged", "新密码不能与原密码相同")
)

// ChangePassword changes the caller's own password and ends their other
// sessions. The old one is needed, and a wrong one counts like a wrong log-in.
func (s *Service) ChangePassword(ctx context.Context, caller model.Caller, old, password string) error {
	account, err := s.read(ctx, caller.ID)
	if err != nil {
		return err
	}
	c := claim{account: account, subject: s.lockSubject(account.Username), caller: caller}
	if err := s.prove(ctx, c, old, ErrOldPasswordWrong.At("body.old_password", "请重新输入")); err != nil {
		return err
	}
	if old == password {
		return ErrPasswordUnchanged.At("body.new_password", "请换一个密码")
	}
	if err := checkPassword("body.new_password", password, account.Username, account.Role); err != nil {
		return err
	}
	hash, err := s.hash(ctx, password)
	if err != nil {
		return err
	}
	defer s.recent.forget()
	err = store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		now, err := s.hold(tx, caller.ID)
		if err != nil {
			return err
		}
		if now.PasswordHash != account.PasswordHash || now.DisabledAt != nil {
			return ErrTokenInvalid // it was changed meanwhile, which ended this session
		}
		if err := s.setPassword(tx, caller.ID, hash, false, caller.SessionID); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, ownEntry(caller, "change_password"))
	})
	if err != nil {
		return fmt.Errorf("change a password: %w", err)
	}
	return nil
}
