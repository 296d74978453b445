package wechat

import (
	"context"
	"errors"
	"testing"
	"time"
)

func noon() time.Time { return time.Date(2026, 11, 2, 4, 0, 0, 0, time.UTC) }

func TestWhoStopsWaitingDoesNotStopTheFetch(t *testing.T) {
	asked, release := make(chan struct{}), make(chan struct{})
	fetches := 0
	kept := &tokens{now: noon, fetch: func(ctx context.Context, _ bool) (string, time.Duration, error) {
		fetches++
		close(asked)
		<-release
		return "token", time.Hour, ctx.Err()
	}}
	ctx, leave := context.WithCancel(t.Context())
	left := make(chan error)
	go func() {
		_, err := kept.current(ctx)
		left <- err
	}()
	<-asked
	leave()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("the one who left got %v", err)
	}
	close(release)
	value, err := kept.current(t.Context())
	if value != "token" || err != nil || fetches != 1 {
		t.Errorf("got %q, %v after %d fetches", value, err, fetches)
	}
}

func TestATokenIsKeptForItsLifeLessFiveMinutesOrHalf(t *testing.T) {
	for _, c := range []struct{ life, kept time.Duration }{
		{2 * time.Hour, 115 * time.Minute},
		{10 * time.Minute, 5 * time.Minute},
		{200 * time.Second, 100 * time.Second},
		{time.Second, 500 * time.Millisecond},
	} {
		now := noon()
		fetches := 0
		kept := &tokens{now: func() time.Time { return now }, fetch: func(context.Context, bool) (string, time.Duration, error) {
			fetches++
			return "token", c.life, nil
		}}
		for _, at := range []time.Duration{0, c.kept - 1, c.kept} {
			now = noon().Add(at)
			if _, err := kept.current(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if fetches != 2 {
			t.Errorf("a life of %s: %d fetches", c.life, fetches)
		}
	}
}

func TestForcingStopsAtTwentyADay(t *testing.T) {
	now := noon()
	kept := &tokens{now: func() time.Time { return now }}
	allowed := 0
	for range 100 {
		kept.rejected = "token"
		if kept.mayForce("token") {
			allowed++
		}
		now = now.Add(time.Minute)
	}
	if allowed != 20 {
		t.Errorf("forced %d times", allowed)
	}
	now = noon().Add(25 * time.Hour)
	if !kept.mayForce("token") {
		t.Error("refused on the next day")
	}
}
