package wechat

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/silenceper/wechat/v2/util"
)

// answerLimit is the most that is read of one answer, in bytes.
const answerLimit = 4 << 20

// plugIn puts the SDK's calls through our lines. The SDK has one HTTP client
// for the whole process, so it is set once and knows no address itself: each
// call carries its own in its context.
var plugIn = sync.OnceFunc(func() {
	util.DefaultHTTPClient = &http.Client{Transport: exchange{}}
})

// A passport travels in the context of a call: by which line it goes, and with
// which access token.
type passport struct {
	route *route
	token string
}

type passportKey struct{}

func carry(ctx context.Context, p passport) context.Context {
	return context.WithValue(ctx, passportKey{}, p)
}

// passportTokens gives the SDK the token that the call carries, so that a
// refused one is known for certain.
type passportTokens struct{}

var errNoPassport = errors.New("wechat: a call outside a client")

func (passportTokens) GetAccessToken() (string, error) { return "", errNoPassport }

func (passportTokens) GetAccessTokenContext(ctx context.Context) (string, error) {
	if p, ok := ctx.Value(passportKey{}).(passport); ok && p.token != "" {
		return p.token, nil
	}
	return "", errNoPassport
}

// exchange hands each call to its line. A call without one goes nowhere.
type exchange struct{}

func (exchange) RoundTrip(r *http.Request) (*http.Response, error) {
	p, ok := r.Context().Value(passportKey{}).(passport)
	if !ok {
		return nil, errors.Join(errNoPassport, closeBody(r))
	}
	return p.route.RoundTrip(r)
}

// route leads what is meant for the platform to one address.
type route struct {
	base *url.URL
	next http.RoundTripper
}

func newRoute(address string, next http.RoundTripper) (*route, error) {
	if address == "" {
		address = platform
	}
	base, err := url.Parse(address)
	if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" ||
		base.User != nil || base.RawQuery != "" || base.Fragment != "" {
		return nil, errors.New("wechat: the platform's address must be http(s)://host, without user or query")
	}
	if next == nil {
		next = pool()
	}
	return &route{base: base, next: next}, nil
}

func pool() http.RoundTripper {
	if t, ok := http.DefaultTransport.(*http.Transport); ok {
		return t.Clone()
	}
	return &http.Transport{Proxy: http.ProxyFromEnvironment}
}

// statusError is an answer other than 200. It is made here, before the SDK
// would print the address with its secrets; a redirect is one of these and is
// never followed.
type statusError int

func (e statusError) Error() string { return fmt.Sprintf("HTTP status %d", int(e)) }

func (l *route) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme+"://"+r.URL.Host != platform {
		return nil, errors.Join(errors.New("wechat: a call to another host"), closeBody(r))
	}
	out := r.Clone(r.Context())
	out.URL.Scheme, out.URL.Host, out.Host = l.base.Scheme, l.base.Host, l.base.Host
	out.URL.Path = strings.TrimSuffix(l.base.Path, "/") + r.URL.Path
	answer, err := l.next.RoundTrip(out)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		return nil, errors.Join(statusError(answer.StatusCode), answer.Body.Close())
	}
	answer.Body = http.MaxBytesReader(nil, answer.Body, answerLimit)
	return answer, nil
}

func closeBody(r *http.Request) error {
	if r.Body == nil {
		return nil
	}
	return r.Body.Close()
}
