package wechat

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/silenceper/wechat/v2/cache"
	"github.com/silenceper/wechat/v2/credential"
	"github.com/silenceper/wechat/v2/miniprogram/auth"
	"github.com/silenceper/wechat/v2/miniprogram/config"
	mpcontext "github.com/silenceper/wechat/v2/miniprogram/context"
)

const (
	platform = "https://api.weixin.qq.com"
	patience = 10 * time.Second       // a call, its retries included
	breath   = 200 * time.Millisecond // before the first retry; twice that before the second
)

// Config is the mini-program as the platform knows it, and how long to wait
// for the platform.
type Config struct {
	// AppID and Secret are the mini-program's. Without them every call answers
	// ErrUnavailable: an office may run without the mini-program.
	AppID, Secret string
	// Token and AESKey are for what the platform pushes to the office.
	Token, AESKey string
	// BaseURL is the platform's address: empty for the real one, otherwise
	// that of a stand-in.
	BaseURL string
	// Timeout bounds one call with its retries; zero is ten seconds.
	Timeout time.Duration
	// Pause is waited before a busy platform is asked again, doubled for the
	// second time; zero is a fifth of a second.
	Pause time.Duration
	// Transport carries the calls; nil is a connection pool of the client's own.
	Transport http.RoundTripper
	// Log hears why the platform was of no help; nil is slog's default.
	Log *slog.Logger
	// Now reads the clock; nil is time.Now.
	Now func() time.Time
}

// New makes a client; it calls nobody yet. Clients with different addresses
// may live side by side.
func New(cfg Config) (*Client, error) {
	line, err := newRoute(cfg.BaseURL, cfg.Transport)
	if err != nil {
		return nil, err
	}
	c := &Client{
		route:   line,
		ready:   cfg.AppID != "" && cfg.Secret != "",
		timeout: orElse(cfg.Timeout, patience),
		pause:   orElse(cfg.Pause, breath),
		log:     cfg.Log,
		// The SDK puts both into the login's address as they are.
		auth: auth.NewAuth(&mpcontext.Context{
			Config: &config.Config{
				AppID:     url.QueryEscape(cfg.AppID),
				AppSecret: url.QueryEscape(cfg.Secret),
			},
			AccessTokenContextHandle: passportTokens{},
		}),
	}
	if c.log == nil {
		c.log = slog.Default()
	}
	now := cfg.Now
	if now == nil {
		now = time.Now
	}
	fetch, err := c.stableToken(cfg.AppID, cfg.Secret)
	if err != nil {
		return nil, err
	}
	c.tokens = &tokens{fetch: fetch, now: now}
	plugIn()
	return c, nil
}

// stableToken is the call for an access token. The SDK insists on a cache,
// which this call never touches.
func (c *Client) stableToken(appID, secret string) (fetchToken, error) {
	handle := credential.NewStableAccessToken(appID, secret, "", cache.NewMemory())
	sdk, ok := handle.(*credential.StableAccessToken)
	if !ok {
		return nil, errors.New("wechat: the SDK's token source is of another kind")
	}
	return func(ctx context.Context, force bool) (string, time.Duration, error) {
		var value string
		var life time.Duration
		err := c.plainly(ctx, "token", func(ctx context.Context) error {
			answer, err := sdk.GetAccessTokenDirectly(ctx, force)
			if answer.ErrCode != 0 {
				return &answer.CommonError
			}
			value, life = answer.AccessToken, time.Duration(answer.ExpiresIn)*time.Second
			return err
		})
		if err == nil && (value == "" || life <= 0) {
			err = &failure{api: "token", reason: "the answer holds no live token"}
		}
		return value, life, err
	}, nil
}

func orElse(d, usual time.Duration) time.Duration {
	if d <= 0 {
		return usual
	}
	return d
}
