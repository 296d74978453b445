package wechat

import (
	"context"
	"time"
)

// busy is the platform's «system error»: nothing was done, ask again.
const busy = -1

const retries = 2

// A send is one call of the SDK. It may be made more than once.
type send func(ctx context.Context) error

// plainly makes a call that needs no access token.
func (c *Client) plainly(ctx context.Context, api string, call send) error {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	return c.patiently(ctx, api, "", call)
}

// withToken makes a call with an access token. One that the platform no longer
// knows is replaced and the call made once more: it was refused before
// anything was done, so that a single-use code is still good.
func (c *Client) withToken(ctx context.Context, api string, call send) error {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	for again := false; ; again = true {
		token, err := c.tokens.current(ctx)
		if err != nil {
			return scrub("token", err)
		}
		err = c.patiently(ctx, api, token, call)
		if again || !tokenRefused(codeOf(err)) {
			return err
		}
		c.tokens.reject(token)
	}
}

func tokenRefused(code int64) bool {
	return code == 40001 || code == 40014 || code == 42001
}

// patiently makes a call and, while the platform is busy, makes it again. Any
// other failure may have used up a code, and stands.
func (c *Client) patiently(ctx context.Context, api, token string, call send) error {
	if !c.ready {
		return &failure{api: api, reason: "no mini-program is configured"}
	}
	ctx = carry(ctx, passport{route: c.route, token: token})
	pause := c.pause
	for tries := 0; ; tries++ {
		err := scrub(api, call(ctx))
		if codeOf(err) != busy || tries == retries {
			return err
		}
		if cut := wait(ctx, pause); cut != nil {
			return scrub(api, cut)
		}
		pause *= 2
	}
}

func wait(ctx context.Context, pause time.Duration) error {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
