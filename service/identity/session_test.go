package identity_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/identity"
	"gongdi/service/wechat"
)

func TestTheSamePersonIsOneResidentHoweverOftenTheyComeFirst(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		ids := make([]string, 12)
		var phones sync.WaitGroup
		for i := range ids {
			phones.Go(func() {
				_, resident, err := b.EnterWechat(ctx, "openid-1", "")
				if err != nil {
					t.Error(err)
				}
				ids[i] = resident.ID
			})
		}
		phones.Wait()
		for _, id := range ids {
			if id != ids[0] || id == "" {
				t.Fatalf("several residents of one openid: %v", ids)
			}
		}
		if n := b.count("SELECT COUNT(*) FROM residents"); n != 1 {
			t.Errorf("%d residents", n)
		}
		if _, other := b.resident("openid-2"); other.ID == ids[0] || !strings.HasPrefix(other.Nickname, "居民") {
			t.Errorf("another openid is somebody else: %+v", other)
		}
	})
}

func TestAPlatformsRefusalIsPassedOn(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		if _, _, err := b.EnterWechat(ctx, "", ""); !errors.Is(err, wechat.ErrCodeInvalid) {
			t.Errorf("got %v", err)
		}
		if n := b.count("SELECT COUNT(*) FROM residents"); n != 0 {
			t.Errorf("%d residents", n)
		}
	})
}

func TestATokenSaysWhoAndIsKeptNowhere(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		pass, resident := b.resident("openid-1")
		for range 2 {
			caller, err := b.Who(ctx, pass.Token)
			want := model.Caller{Kind: model.ResidentSession, ID: resident.ID, SessionID: pass.Session.ID}
			if err != nil || caller != want {
				t.Errorf("got %+v, %v", caller, err)
			}
		}
		b.account("clerk", model.RoleCommunity)
		staffPass, caller := b.staff("clerk")
		if caller.Role != model.RoleCommunity || caller.AreaCode != street.Code || caller.MustChange {
			t.Errorf("got %+v", caller)
		}
		if n := b.count("SELECT COUNT(*) FROM sessions WHERE token_hash IN (?, ?)", pass.Token, staffPass.Token); n != 0 {
			t.Error("the token itself is kept")
		}
		for _, token := range []string{"", "x", strings.Repeat("A", 43), pass.Token + "A", pass.Session.TokenHash} {
			if _, err := b.Who(ctx, token); !errors.Is(err, identity.ErrTokenInvalid) {
				t.Errorf("%q: %v", token, err)
			}
		}
	})
}

func TestAResidentStaysLoggedInWhileTheyUseIt(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		used, _ := b.resident("openid-1")
		unused, _ := b.resident("openid-2")
		b.pass(29 * 24 * time.Hour)
		_, err := b.Who(ctx, used.Token)
		b.must(err)
		b.must(b.Tend(ctx))
		b.pass(24 * time.Hour)
		if _, err := b.Who(ctx, used.Token); err != nil {
			t.Errorf("used a day ago: %v", err)
		}
		if _, err := b.Who(ctx, unused.Token); !errors.Is(err, identity.ErrTokenInvalid) {
			t.Errorf("unused for thirty days: %v", err)
		}
		b.must(b.Tend(ctx))
		if n := b.count("SELECT COUNT(*) FROM sessions"); n != 1 {
			t.Errorf("%d sessions are left", n)
		}
	})
}

func TestAnOfficeSessionEndsWhenIdleAndAfterTwelveHours(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.account("clerk", model.RoleStreet)
		idle, _ := b.staff("clerk")
		used, caller := b.staff("clerk")
		for at := time.Duration(0); at < 12*time.Hour-20*time.Minute; at += 20 * time.Minute {
			b.pass(20 * time.Minute)
			if _, err := b.Who(ctx, used.Token); err != nil {
				t.Fatalf("after %v: %v", at, err)
			}
			b.must(b.Tend(ctx))
		}
		if _, err := b.Who(ctx, idle.Token); !errors.Is(err, identity.ErrTokenInvalid) {
			t.Errorf("idle: %v", err)
		}
		if sessions, err := b.Sessions(ctx, caller); err != nil || len(sessions) != 1 || sessions[0].ID != used.Session.ID {
			t.Errorf("an idle session is not listed: %v, %v", sessions, err)
		}
		b.pass(20 * time.Minute)
		if _, err := b.Who(ctx, used.Token); !errors.Is(err, identity.ErrTokenInvalid) {
			t.Errorf("after twelve hours: %v", err)
		}
	})
}

func TestRevokingHoldsAtOnceHereAndWithinASecondElsewhere(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		elsewhere := b.another(b.Vault)
		pass, _ := b.resident("openid-1")
		caller, err := b.Who(ctx, pass.Token)
		b.must(err)
		_, err = elsewhere.Who(ctx, pass.Token)
		b.must(err)
		b.must(b.Leave(ctx, caller))
		if _, err := b.Who(ctx, pass.Token); !errors.Is(err, identity.ErrTokenInvalid) {
			t.Errorf("here: %v", err)
		}
		b.pass(time.Second)
		if _, err := elsewhere.Who(ctx, pass.Token); !errors.Is(err, identity.ErrTokenInvalid) {
			t.Errorf("elsewhere after a second: %v", err)
		}
	})
}

func TestSessionsAreOnesOwnToListAndRevoke(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		first, _ := b.resident("openid-1")
		b.pass(time.Second)
		second, _ := b.resident("openid-1")
		theirs, _ := b.resident("openid-2")
		me, err := b.Who(ctx, first.Token)
		b.must(err)
		sessions, err := b.Sessions(ctx, me)
		if err != nil || len(sessions) != 2 || sessions[0].ID != second.Session.ID || sessions[0].Device != "手机" {
			t.Fatalf("got %+v, %v", sessions, err)
		}
		if err := b.Revoke(ctx, me, theirs.Session.ID); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("somebody else's: %v", err)
		}
		b.must(b.Revoke(ctx, me, second.Session.ID))
		if _, err := b.Who(ctx, second.Token); !errors.Is(err, identity.ErrTokenInvalid) {
			t.Errorf("revoked: %v", err)
		}
		if _, err := b.Who(ctx, first.Token); err != nil {
			t.Errorf("the other one: %v", err)
		}
		b.must(b.RevokeAll(ctx, me))
		if _, err := b.Who(ctx, first.Token); !errors.Is(err, identity.ErrTokenInvalid) {
			t.Errorf("everywhere is here too: %v", err)
		}
		if _, err := b.Who(ctx, theirs.Token); err != nil {
			t.Errorf("somebody else: %v", err)
		}
	})
}

func TestWhoIsAskedByManyAtOnceWhileOthersLeave(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		stays, _ := b.resident("openid-1")
		var all sync.WaitGroup
		for range 8 {
			leaves, _ := b.resident("openid-2")
			all.Go(func() {
				caller, err := b.Who(ctx, leaves.Token)
				if err == nil {
					err = b.Leave(ctx, caller)
				}
				if err != nil {
					t.Error(err)
				}
				if _, err := b.Who(ctx, leaves.Token); !errors.Is(err, identity.ErrTokenInvalid) {
					t.Errorf("still in after leaving: %v", err)
				}
			})
			all.Go(func() {
				for range 50 {
					if _, err := b.Who(ctx, stays.Token); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
	})
}
