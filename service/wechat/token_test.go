package wechat_test

import (
	"sync"
	"testing"
	"time"

	"gongdi/service/wechat/standin"
)

func (o office) mustPhone(t *testing.T) {
	t.Helper()
	if got, err := o.Phone(t.Context(), o.platform.PhoneCode(openID, phone)); err != nil || got != phone {
		t.Errorf("got %q, %v", got, err)
	}
}

func (o office) wantFetches(t *testing.T, want int) {
	t.Helper()
	if got := o.platform.Calls(tokenPath); got != want {
		t.Errorf("%d tokens were fetched, want %d", got, want)
	}
}

func TestARevokedTokenIsReplacedOnceHoweverManyCall(t *testing.T) {
	o := open(t)
	o.mustPhone(t)
	o.platform.RevokeTokens()
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { o.mustPhone(t) })
	}
	all.Wait()
	o.wantFetches(t, 2)
}

func TestTwentyFirstCallsFetchOneToken(t *testing.T) {
	o := open(t)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { o.mustPhone(t) })
	}
	all.Wait()
	o.wantFetches(t, 1)
}

func TestATokenIsKeptUntilFiveMinutesBeforeItsEnd(t *testing.T) {
	o := open(t)
	o.mustPhone(t)
	o.clock.move(115*time.Minute - time.Second)
	o.mustPhone(t)
	o.wantFetches(t, 1)
	o.clock.move(time.Second)
	o.mustPhone(t)
	o.wantFetches(t, 2)
}

func TestATokenOfferedAgainAfterItsRefusalIsForcedButNotTooOften(t *testing.T) {
	refused := standin.Fault{Path: phonePath, Errcode: 40001}
	o := open(t)
	o.mustPhone(t)
	o.fail(t, refused)
	o.mustPhone(t)
	o.wantFetches(t, 3) // the same one offered, another one forced
	o.fail(t, refused)
	o.mustPhone(t)
	o.wantFetches(t, 4) // too soon to force
	o.clock.move(31 * time.Second)
	o.fail(t, refused)
	o.mustPhone(t)
	o.wantFetches(t, 6)
}

func TestAFailedFetchIsNotRemembered(t *testing.T) {
	o := open(t)
	o.fail(t, standin.Fault{Path: tokenPath, HTTP: 500})
	if _, err := o.Phone(t.Context(), o.platform.PhoneCode(openID, phone)); err == nil {
		t.Error("a number without a token")
	}
	o.mustPhone(t)
}
