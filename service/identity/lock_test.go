package identity_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/identity"
)

func (b *bench) wrong(username string, times int) {
	b.t.Helper()
	for i := range times {
		if _, err := b.enter(username, "Wrong-one-7"); !errors.Is(err, identity.ErrCredentialsInvalid) {
			b.t.Fatalf("wrong password %d: %v", i+1, err)
		}
	}
}

func TestTenWrongPasswordsLockForAQuarterOfAnHour(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		account := b.account("clerk", model.RoleStreet)
		for _, username := range []string{"clerk", "nobody.here"} {
			t.Run(username, func(t *testing.T) {
				b.wrong(username, 10)
				b.pass(15*time.Minute - time.Millisecond)
				for _, tried := range []string{password, "Wrong-one-7"} {
					_, err := b.enter(username, tried)
					var refusal *fault.Error
					if !errors.Is(err, identity.ErrAccountLocked) || !errors.As(err, &refusal) || refusal.RetryAfter != time.Millisecond {
						t.Errorf("locked, whatever is tried: %v", err)
					}
				}
				if shown, err := b.Account(ctx, account.ID); err != nil || (shown.LockedUntil == nil) != (username != "clerk") {
					t.Errorf("the administrator sees it: %+v, %v", shown, err)
				}
				b.pass(time.Millisecond)
				b.wrong(username, 9)
			})
		}
		if _, err := b.enter("clerk", password); err != nil {
			t.Errorf("after the lock, and nine wrong ones: %v", err)
		}
		if n := strings.Count(b.actions(), "own_account.enter=account_locked"); n != 2 {
			t.Errorf("%d refusals while locked are in the audit log", n)
		}
	})
}

func TestOldWrongPasswordsDoNotCount(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.account("clerk", model.RoleStreet)
		b.wrong("clerk", 1)
		b.pass(15 * time.Minute)
		b.wrong("clerk", 9)
		if _, err := b.enter("clerk", password); err != nil {
			t.Fatalf("the first is fifteen minutes old: %v", err)
		}
		b.wrong("clerk", 1)
		if _, err := b.enter("clerk", password); !errors.Is(err, identity.ErrAccountLocked) {
			t.Errorf("a log-in in between clears nothing: %v", err)
		}
	})
}

func TestWrongPasswordsAreCountedExactlyOverReplicas(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.account("clerk", model.RoleStreet)
		replicas := []*identity.Service{b.Service, b.another(b.Vault), b.another(b.Vault)}
		var wrong, locked atomic.Int32
		var all sync.WaitGroup
		for i := range 30 {
			all.Go(func() {
				_, _, err := replicas[i%3].EnterStaff(ctx, identity.Credentials{Username: "clerk", Password: "Wrong-one-7"}, "")
				switch {
				case errors.Is(err, identity.ErrCredentialsInvalid):
					wrong.Add(1)
				case errors.Is(err, identity.ErrAccountLocked):
					locked.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		all.Wait()
		if wrong.Load() != 10 || locked.Load() != 20 {
			t.Errorf("%d wrong, %d locked", wrong.Load(), locked.Load())
		}
		if n := b.count("SELECT COUNT(*) FROM audit_log WHERE outcome = 'refused'"); n != 30 {
			t.Errorf("%d refusals in the audit log", n)
		}
	})
}

func TestAnOfficeBehindOneRouterIsNeverRefused(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		for i := range 5 {
			b.account(fmt.Sprintf("clerk%d", i), model.RoleStreet)
		}
		var all sync.WaitGroup
		for i := range 100 {
			all.Go(func() {
				if _, err := b.enter(fmt.Sprintf("clerk%d", i%5), password); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	})
}

func TestAResetUnlocks(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.account("root-admin", model.RoleAdmin)
		clerk := b.account("clerk", model.RoleStreet)
		_, admin := b.staff("root-admin")
		b.wrong("clerk", 10)
		b.must(b.ResetPassword(ctx, admin, clerk.ID, "Battery-staple-8"))
		if _, err := b.enter("clerk", "Battery-staple-8"); err != nil {
			t.Error(err)
		}
	})
}

func TestOldWrongTriesAreDropped(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.wrong("nobody.here", 1)
		b.pass(47 * time.Hour)
		b.wrong("nobody.here", 1)
		b.pass(time.Hour)
		b.must(b.Tend(ctx))
		if n := b.count("SELECT COUNT(*) FROM failures"); n != 1 {
			t.Errorf("%d are kept", n)
		}
		if n := b.count("SELECT COUNT(*) FROM failures WHERE subject LIKE '%nobody%'"); n != 0 {
			t.Error("what was typed is readable")
		}
	})
}
