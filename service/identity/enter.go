package identity

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/audit"
	"gongdi/service/fault"
	"gongdi/service/store"
)

// Credentials are what a member of staff shows to be let in.
type Credentials struct {
	Username string
	Password string
	TOTP     string // where the account has a second factor: a code, or a recovery code
}

// EnterStaff logs a member of staff in. A wrong password, an unknown username
// and a disabled account are all ErrCredentialsInvalid and take the same work;
// after ten wrong passwords within fifteen minutes it is ErrAccountLocked.
func (s *Service) EnterStaff(ctx context.Context, shown Credentials, device string) (Pass, Account, error) {
	c, err := s.claimed(ctx, shown.Username)
	if err != nil {
		return Pass{}, Account{}, err
	}
	if err := s.prove(ctx, c, shown.Password, ErrCredentialsInvalid); err != nil {
		return Pass{}, Account{}, err
	}
	pass := s.issue(model.StaffSession, c.account.ID, device)
	err = s.letIn(ctx, c, pass, shown.TOTP)
	if errors.Is(err, errSecondWrong) {
		err = s.wrong(ctx, c, ErrCredentialsInvalid)
	}
	if err != nil {
		return Pass{}, Account{}, s.refuse(ctx, c, err)
	}
	account, err := s.show(ctx, c.account)
	return pass, account, err
}

// prove checks a password against the account's, counts a wrong one and
// answers it with the refusal.
func (s *Service) prove(ctx context.Context, c claim, password string, refusal *fault.Error) error {
	if err := s.refuseLocked(s.DB.Read(ctx), c.subject); err != nil {
		return s.refuse(ctx, c, err)
	}
	hash := c.account.PasswordHash
	if utf8.RuneCountInString(password) > passwordMost {
		hash, password = "", ""
	}
	ok, err := s.matches(ctx, hash, password)
	if err != nil {
		return err
	}
	if !ok {
		return s.wrong(ctx, c, refusal)
	}
	return nil
}

func (s *Service) claimed(ctx context.Context, username string) (claim, error) {
	username = normalUsername(username)
	var account model.Staff
	err := s.DB.Read(ctx).Where("username = ? AND disabled_at IS NULL", username).Take(&account).Error
	if err != nil && !errors.Is(err, gorm.ErrRecordNotFound) {
		return claim{}, fmt.Errorf("look up an account: %w", err)
	}
	return claim{account: account, subject: s.lockSubject(username)}, nil
}

func normalUsername(username string) string { return strings.ToLower(strings.TrimSpace(username)) }

// errSecondWrong is a wrong second factor after a right password.
var errSecondWrong = errors.New("the second factor is wrong")

// letIn opens the session if, by now, the account still has that password, is
// not disabled and not locked, and its second factor is right.
func (s *Service) letIn(ctx context.Context, c claim, pass Pass, code string) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		account, err := s.hold(tx, c.account.ID)
		if err != nil {
			return fmt.Errorf("let an account in: %w", err)
		}
		if account.DisabledAt != nil || account.PasswordHash != c.account.PasswordHash {
			return ErrCredentialsInvalid
		}
		if err := s.refuseLocked(tx, c.subject); err != nil {
			return err
		}
		if account.TOTPSecret != "" {
			if code == "" {
				return ErrTOTPRequired
			}
			if ok, err := s.second(tx, account, code); err != nil || !ok {
				return cmp.Or(err, errSecondWrong)
			}
		}
		if err := keepSession(ctx, tx, pass.Session); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, ownEntry(callerOf(account, pass.Session.ID), "enter"))
	})
}

// refuse keeps a refusal because of the lock in the audit log and gives the
// error back.
func (s *Service) refuse(ctx context.Context, c claim, err error) error {
	if c.account.ID == "" || !errors.Is(err, ErrAccountLocked) {
		return err
	}
	return errors.Join(err, s.Audit.Refuse(ctx, c.refused(ErrAccountLocked)))
}

func callerOf(a model.Staff, sessionID string) model.Caller {
	return model.Caller{
		Kind: model.StaffSession, ID: a.ID, SessionID: sessionID, Role: a.Role, AreaCode: a.AreaCode, Department: a.Department, MustChange: a.MustChange,
	}
}

// ownEntry is the line for what somebody does to their own account.
func ownEntry(caller model.Caller, verb string) audit.Entry {
	return audit.Entry{Actor: caller, Right: model.ReadOwnAccount, Verb: verb, ObjectType: "staff", ObjectID: caller.ID}
}
