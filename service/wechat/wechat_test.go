package wechat_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"gongdi/service/fault"
	"gongdi/service/wechat"
	"gongdi/service/wechat/standin"
)

const (
	appID  = "wx0000000000000001"
	secret = "s3cret&with=odd%signs"
	openID = "oResident0000000000000000001"
	phone  = "19900000001"
)

// A journal is a log that may be written and read at once.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(b)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// A clock stands still until it is moved.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// An office is a client with a platform of its own.
type office struct {
	*wechat.Client
	platform *standin.Platform
	clock    *clock
	log      *journal
}

func open(t *testing.T) office {
	t.Helper()
	o := office{clock: newClock(), log: &journal{}}
	o.platform = standin.New(standin.Config{AppID: appID, Secret: secret, Now: o.clock.now})
	o.Client = dial(t, o.platform, wechat.Config{Log: slog.New(slog.NewTextHandler(o.log, nil)), Now: o.clock.now})
	return o
}

// dial serves a platform and makes a client for it.
func dial(t *testing.T, platform http.Handler, cfg wechat.Config) *wechat.Client {
	t.Helper()
	server := httptest.NewServer(platform)
	t.Cleanup(server.Close)
	cfg.AppID, cfg.Secret, cfg.BaseURL, cfg.Pause = appID, secret, server.URL, time.Millisecond
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	client, err := wechat.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func (o office) fail(t *testing.T, f standin.Fault) {
	t.Helper()
	if err := o.platform.Fail(f); err != nil {
		t.Fatal(err)
	}
}

const (
	loginPath = "/sns/jscode2session"
	phonePath = "/wxa/business/getuserphonenumber"
	tokenPath = "/cgi-bin/stable_token"
)

func TestALoginCodeNamesThePersonOnce(t *testing.T) {
	o := open(t)
	code := o.platform.LoginCode(openID)
	session, err := o.Login(t.Context(), code)
	if err != nil || session != (wechat.Session{OpenID: openID}) {
		t.Fatalf("got %v, %v", session, err)
	}
	if session, err = o.Login(t.Context(), code); !errors.Is(err, wechat.ErrCodeInvalid) || session.OpenID != "" {
		t.Errorf("a used code gave %v, %v", session, err)
	}
	if o.log.String() != "" {
		t.Errorf("logged %s", o.log)
	}
}

func TestAPhoneCodeGivesTheNumberOnce(t *testing.T) {
	o := open(t)
	code := o.platform.PhoneCode(openID, phone)
	got, err := o.Phone(t.Context(), code)
	if err != nil || got != phone {
		t.Fatalf("got %q, %v", got, err)
	}
	if got, err = o.Phone(t.Context(), code); !errors.Is(err, wechat.ErrPhoneCodeInvalid) || got != "" {
		t.Errorf("a used code gave %q, %v", got, err)
	}
}

func TestCodesThatAreNoGood(t *testing.T) {
	o := open(t)
	oldLogin, oldPhone := o.platform.LoginCode(openID), o.platform.PhoneCode(openID, phone)
	o.clock.move(5 * time.Minute)
	for name, code := range map[string]struct{ login, phone string }{
		"unknown":          {"0123456789abcdef", "0123456789abcdef"},
		"five minutes old": {oldLogin, oldPhone},
		"of the other kind": {o.platform.PhoneCode(openID, phone),
			o.platform.LoginCode(openID)},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := o.Login(t.Context(), code.login); !errors.Is(err, wechat.ErrCodeInvalid) {
				t.Errorf("login: %v", err)
			}
			if _, err := o.Phone(t.Context(), code.phone); !errors.Is(err, wechat.ErrPhoneCodeInvalid) {
				t.Errorf("phone: %v", err)
			}
		})
	}
}

func TestAMalformedCodeIsRefusedBeforeAnyCall(t *testing.T) {
	o := open(t)
	good := o.platform.LoginCode(openID)
	for _, code := range []string{
		"", "x&appid=evil", "x&appid=evil&js_code=" + good, good + "#", good + "%00", good + " ", "代码", good + "\n",
		string(bytes.Repeat([]byte("a"), 129)),
	} {
		if _, err := o.Login(t.Context(), code); !errors.Is(err, wechat.ErrCodeInvalid) {
			t.Errorf("login %q: %v", code, err)
		}
		if _, err := o.Phone(t.Context(), code); !errors.Is(err, wechat.ErrPhoneCodeInvalid) {
			t.Errorf("phone %q: %v", code, err)
		}
	}
	if n := o.platform.Calls(loginPath) + o.platform.Calls(phonePath) + o.platform.Calls(tokenPath); n != 0 {
		t.Errorf("%d calls were made", n)
	}
}

func TestWhatThePlatformSaysBecomesWhatThePersonIsTold(t *testing.T) {
	login := func(o office) error {
		_, err := o.Login(context.Background(), o.platform.LoginCode(openID))
		return err
	}
	number := func(o office) error {
		_, err := o.Phone(context.Background(), o.platform.PhoneCode(openID, phone))
		return err
	}
	for _, c := range []struct {
		name  string
		call  func(office) error
		fault standin.Fault
		want  *fault.Error
		kind  fault.Kind
	}{
		{"a login code is invalid", login, standin.Fault{Path: loginPath, Errcode: 40029}, wechat.ErrCodeInvalid, fault.Unauthenticated},
		{"a login code is used", login, standin.Fault{Path: loginPath, Errcode: 40163}, wechat.ErrCodeInvalid, fault.Unauthenticated},
		{"a person is blocked", login, standin.Fault{Path: loginPath, Errcode: 40226}, wechat.ErrUserBlocked, fault.Forbidden},
		{"the login is busy for too long", login, standin.Fault{Path: loginPath, Errcode: -1, Times: 3}, wechat.ErrUnavailable, fault.Unavailable},
		{"the secret is wrong", login, standin.Fault{Path: loginPath, Errcode: 40125}, wechat.ErrUnavailable, fault.Unavailable},
		{"a code nobody knows", login, standin.Fault{Path: loginPath, Errcode: 99999}, wechat.ErrUnavailable, fault.Unavailable},
		{"a gateway is down", login, standin.Fault{Path: loginPath, HTTP: 502}, wechat.ErrUnavailable, fault.Unavailable},
		{"a redirect is not followed", login, standin.Fault{Path: loginPath, HTTP: 302}, wechat.ErrUnavailable, fault.Unavailable},
		{"the connection breaks", login, standin.Fault{Path: loginPath, Close: true, Times: 9}, wechat.ErrUnavailable, fault.Unavailable},
		{"a phone code is invalid", number, standin.Fault{Path: phonePath, Errcode: 40029}, wechat.ErrPhoneCodeInvalid, fault.Invalid},
		{"a phone code is used", number, standin.Fault{Path: phonePath, Errcode: 40163}, wechat.ErrPhoneCodeInvalid, fault.Invalid},
		{"the numbers are used up", number, standin.Fault{Path: phonePath, Errcode: 1400001}, wechat.ErrUnavailable, fault.Unavailable},
		{"a token is refused twice", number, standin.Fault{Path: phonePath, Errcode: 42001, Times: 2}, wechat.ErrUnavailable, fault.Unavailable},
		{"no token is to be had", number, standin.Fault{Path: tokenPath, Errcode: 40164}, wechat.ErrUnavailable, fault.Unavailable},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := open(t)
			o.fail(t, c.fault)
			err := c.call(o)
			var told *fault.Error
			if !errors.Is(err, c.want) || !errors.As(err, &told) || told.Kind != c.kind {
				t.Fatalf("got %v", err)
			}
			if logged := o.log.String() != ""; logged != (c.want == wechat.ErrUnavailable) {
				t.Errorf("logged %q", o.log)
			}
		})
	}
}

func TestABusyPlatformIsAskedAgainAndTheCodeIsStillGood(t *testing.T) {
	o := open(t)
	o.fail(t, standin.Fault{Path: loginPath, Errcode: -1, Times: 2})
	o.fail(t, standin.Fault{Path: tokenPath, Errcode: -1, Times: 2})
	o.fail(t, standin.Fault{Path: phonePath, Errcode: -1, Times: 2})
	if _, err := o.Login(t.Context(), o.platform.LoginCode(openID)); err != nil {
		t.Errorf("login: %v", err)
	}
	if _, err := o.Phone(t.Context(), o.platform.PhoneCode(openID, phone)); err != nil {
		t.Errorf("phone: %v", err)
	}
}

func TestASlowPlatformIsNotWaitedFor(t *testing.T) {
	platform := standin.New(standin.Config{AppID: appID, Secret: secret})
	client := dial(t, platform, wechat.Config{Timeout: 30 * time.Millisecond})
	for _, path := range []string{loginPath, tokenPath} {
		if err := platform.Fail(standin.Fault{Path: path, DelayMS: 60_000}); err != nil {
			t.Fatal(err)
		}
	}
	_, err := client.Login(t.Context(), platform.LoginCode(openID))
	if !errors.Is(err, wechat.ErrUnavailable) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("login: %v", err)
	}
	_, err = client.Phone(t.Context(), platform.PhoneCode(openID, phone))
	if !errors.Is(err, wechat.ErrUnavailable) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("phone: %v", err)
	}
}

func TestACallerWhoLeavesIsNotHeldBack(t *testing.T) {
	o := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := o.Login(ctx, o.platform.LoginCode(openID))
	if !errors.Is(err, wechat.ErrUnavailable) || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if o.log.String() != "" {
		t.Errorf("logged %s", o.log)
	}
}
