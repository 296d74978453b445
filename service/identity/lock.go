package identity

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/audit"
	"gongdi/service/fault"
	"gongdi/service/store"
	"gongdi/service/vault"
)

// What is told to whoever does not get in. The first never says whether there
// is such an account.
var (
	ErrCredentialsInvalid = fault.New(fault.Unauthenticated, "credentials_invalid", "用户名或密码不正确")
	ErrAccountLocked      = fault.New(fault.TooMany, "account_locked", "密码连续输错次数过多，账号已锁定，请稍后再试")
)

// Ten wrong passwords within fifteen minutes lock an account for fifteen
// minutes from the tenth, whatever is tried next. Log-ins that succeed in
// between neither count nor clear; trying is not limited by address, because
// an office stands behind one.
const (
	wrongAtMost = 10
	wrongWithin = 15 * time.Minute
	lockedFor   = 15 * time.Minute
)

// claim is somebody's word that they hold an account.
type claim struct {
	account model.Staff // the zero value when there is none, or it is disabled
	subject string
	caller  model.Caller // who speaks, when they are logged in already
}

// lockSubject is what an account's wrong passwords are counted under: a digest
// of what was typed as the username, so that one that does not exist locks like
// any other, and a password typed in the wrong field is not kept.
func (s *Service) lockSubject(username string) string {
	return "staff:" + s.Vault.Index(vault.Field("staff.username"), username)
}

const lastWrong = "SELECT subject, at FROM failures WHERE subject IN ? AND at > ? ORDER BY at DESC, id DESC"

// locksOf derives the ends of the locks that hold from the wrong tries, so that
// every replica knows the same. While one holds no try is counted, so its tenth
// is always the latest, and the tries of each are few.
func locksOf(tx *gorm.DB, subjects []string, now time.Time) (map[string]time.Time, error) {
	if len(subjects) == 0 {
		return nil, nil
	}
	var tries []model.Failure
	if err := tx.Raw(lastWrong, subjects, now.Add(-wrongWithin-lockedFor)).Scan(&tries).Error; err != nil {
		return nil, fmt.Errorf("count wrong passwords: %w", err)
	}
	of := map[string][]time.Time{}
	for _, t := range tries {
		of[t.Subject] = append(of[t.Subject], t.At)
	}
	locks := map[string]time.Time{}
	for subject, latest := range of {
		if len(latest) < wrongAtMost || latest[0].Sub(latest[wrongAtMost-1]) >= wrongWithin {
			continue
		}
		if until := latest[0].Add(lockedFor); now.Before(until) {
			locks[subject] = until
		}
	}
	return locks, nil
}

// refuseLocked is ErrAccountLocked while the lock holds.
func (s *Service) refuseLocked(tx *gorm.DB, subject string) error {
	now := s.now()
	locks, err := locksOf(tx, []string{subject}, now)
	if err != nil {
		return err
	}
	if until, locked := locks[subject]; locked {
		return ErrAccountLocked.After(until.Sub(now))
	}
	return nil
}

// wrong counts a wrong password, and answers with refusal, or with
// ErrAccountLocked when ten others came first. The count is exact however many
// try at once: whoever counts holds the account's row. It goes on when the
// person has left, so that leaving early wins nothing.
func (s *Service) wrong(ctx context.Context, c claim, refusal *fault.Error) error {
	ctx, cancel := audit.Apart(ctx)
	defer cancel()
	var answer error
	err := store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		if _, err := s.hold(tx, c.account.ID); err != nil {
			return err
		}
		answer = s.refuseLocked(tx, c.subject)
		if errors.Is(answer, ErrAccountLocked) {
			return s.recordWrong(ctx, tx, c, ErrAccountLocked)
		}
		if answer != nil {
			return answer
		}
		answer = refusal
		failure := model.Failure{ID: store.NewID(), Subject: c.subject, At: s.now()}
		if err := gorm.G[model.Failure](tx).Create(ctx, &failure); err != nil {
			return err
		}
		return s.recordWrong(ctx, tx, c, refusal)
	})
	if err != nil {
		return fmt.Errorf("count a wrong password: %w", err)
	}
	return answer
}

func (s *Service) recordWrong(ctx context.Context, tx *gorm.DB, c claim, refusal *fault.Error) error {
	if c.account.ID == "" {
		return nil // nobody's: nothing to tell an auditor of
	}
	return s.Audit.Record(ctx, tx, c.refused(refusal))
}

func (c claim) refused(refusal *fault.Error) audit.Entry {
	return audit.Entry{
		Actor: c.caller, Right: model.ReadOwnAccount, Verb: "enter", ObjectType: "staff", ObjectID: c.account.ID,
		AreaCode: c.account.AreaCode, Code: refusal.Code,
	}
}

// hold locks an account's row and reads it; there may be none.
func (s *Service) hold(tx *gorm.DB, id string) (model.Staff, error) {
	var account model.Staff
	err := tx.Raw(s.DB.Locked("SELECT * FROM staff WHERE id = ?"), id).Scan(&account).Error
	return account, err
}
