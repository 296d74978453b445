package wechat

import (
	"context"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// The platform lets a token be forced anew twenty times a day, half a minute
// apart.
const (
	forcesADay = 20
	forceGap   = 30 * time.Second
)

type fetchToken func(ctx context.Context, force bool) (value string, life time.Duration, err error)

// tokens keeps the platform's access token (接口调用凭据) of one process. The
// stable token is the same for every replica, so they need not agree.
type tokens struct {
	fetch  fetchToken
	now    func() time.Time
	flight singleflight.Group

	mu       sync.Mutex
	value    string
	until    time.Time
	rejected string
	forced   []time.Time
}

// current is a token that should work. However many ask, one fetches; who
// stops waiting does not stop the fetch.
func (t *tokens) current(ctx context.Context) (string, error) {
	if value := t.kept(); value != "" {
		return value, nil
	}
	fetched := t.flight.DoChan("", func() (any, error) {
		return t.renew(context.WithoutCancel(ctx))
	})
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case r := <-fetched:
		value, ok := r.Val.(string)
		if r.Err == nil && !ok {
			return "", &failure{api: "token", reason: "the fetch brought no token"}
		}
		return value, r.Err
	}
}

// reject says that the platform refused a token. One that was replaced in the
// meantime is left alone.
func (t *tokens) reject(value string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.value == value {
		t.value, t.rejected = "", value
	}
}

func (t *tokens) kept() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.now().Before(t.until) {
		return t.value
	}
	return ""
}

// renew asks for the token, and insists on another one only when the platform
// offers the very one that it has just refused.
func (t *tokens) renew(ctx context.Context) (string, error) {
	if value := t.kept(); value != "" {
		return value, nil
	}
	value, life, err := t.fetch(ctx, false)
	if err == nil && t.mayForce(value) {
		value, life, err = t.fetch(ctx, true)
	}
	if err != nil {
		return "", err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.value, t.until = value, t.now().Add(life-min(5*time.Minute, life/2))
	return value, nil
}

func (t *tokens) mayForce(offered string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if offered != t.rejected {
		return false
	}
	now := t.now()
	t.forced = slices.DeleteFunc(t.forced, func(at time.Time) bool { return now.Sub(at) >= 24*time.Hour })
	if n := len(t.forced); n >= forcesADay || n > 0 && now.Sub(t.forced[n-1]) <= forceGap {
		return false
	}
	t.forced = append(t.forced, now)
	return true
}
