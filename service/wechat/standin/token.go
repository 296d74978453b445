package standin

import (
	"net/http"
	"time"
)

const tokensKept = 1000

// tokens are the access tokens given out, the stable one and the old kind
// apart, as on the platform.
type tokens struct {
	expires map[string]time.Time
	order   []string
	stable  string
	old     string
	forced  []time.Time
}

func newTokens() tokens { return tokens{expires: map[string]time.Time{}} }

func (t *tokens) issue(now time.Time) string {
	value := "99_" + randomHex(64)
	t.expires[value] = now.Add(tokenLife)
	t.order = append(t.order, value)
	if len(t.order) > tokensKept {
		delete(t.expires, t.order[0])
		t.order = t.order[1:]
	}
	return value
}

// retire lets a replaced token live a little longer.
func (t *tokens) retire(value string, now time.Time) {
	edge := now.Add(tokenEdge)
	if until, ok := t.expires[value]; ok && until.After(edge) {
		t.expires[value] = edge
	}
}

// RevokeTokens makes every access token given out unknown at once (errcode
// 40001), as when somebody else has forced a new one.
func (p *Platform) RevokeTokens() {
	p.mu.Lock()
	defer p.mu.Unlock()
	forced := p.tokens.forced
	p.tokens = newTokens()
	p.tokens.forced = forced
}

type tokenAnswer struct {
	AccessToken string `json:"access_token"`
	ExpiresIn   int64  `json:"expires_in"`
}

func (p *Platform) stableToken(_ *http.Request, body []byte) (any, *refusal) {
	var ask struct {
		GrantType string `json:"grant_type"`
		AppID     string `json:"appid"`
		Secret    string `json:"secret"`
		Force     bool   `json:"force_refresh"`
	}
	if decode(body, &ask) != nil {
		return nil, refuse(47001)
	}
	if r := p.mayHaveToken(ask.GrantType, ask.AppID, ask.Secret); r != nil {
		return nil, r
	}
	now, t := p.cfg.Now(), &p.tokens
	if ask.Force {
		if r := t.force(now); r != nil {
			return nil, r
		}
		t.retire(t.stable, now)
		t.stable = ""
	}
	if !now.Before(t.expires[t.stable].Add(-tokenEdge)) {
		t.stable = t.issue(now)
	}
	left := t.expires[t.stable].Sub(now)
	return tokenAnswer{AccessToken: t.stable, ExpiresIn: int64(left / time.Second)}, nil
}

// force counts a forced renewal: twenty a day, half a minute apart.
func (t *tokens) force(now time.Time) *refusal {
	for len(t.forced) > 0 && now.Sub(t.forced[0]) >= 24*time.Hour {
		t.forced = t.forced[1:]
	}
	switch n := len(t.forced); {
	case n >= 20:
		return refuse(45009)
	case n > 0 && now.Sub(t.forced[n-1]) < 30*time.Second:
		return refuse(45011)
	}
	t.forced = append(t.forced, now)
	return nil
}

// oldToken is the former kind, another one at each call, so that two programs
// that use it drive each other out.
func (p *Platform) oldToken(r *http.Request, _ []byte) (any, *refusal) {
	q := r.URL.Query()
	if r := p.mayHaveToken(q.Get("grant_type"), q.Get("appid"), q.Get("secret")); r != nil {
		return nil, r
	}
	now, t := p.cfg.Now(), &p.tokens
	t.retire(t.old, now)
	t.old = t.issue(now)
	return tokenAnswer{AccessToken: t.old, ExpiresIn: int64(tokenLife / time.Second)}, nil
}

func (p *Platform) mayHaveToken(grant, appID, secret string) *refusal {
	if grant != "client_credential" {
		return refuse(40002)
	}
	return p.knows(appID, secret)
}

func (p *Platform) knows(appID, secret string) *refusal {
	switch {
	case appID != p.cfg.AppID:
		return refuse(40013)
	case secret != p.cfg.Secret:
		return refuse(40125)
	}
	return nil
}

// checkToken settles whether a call carries a live access token.
func (p *Platform) checkToken(value string) *refusal {
	until, known := p.tokens.expires[value]
	switch {
	case value == "":
		return refuse(41001)
	case !tokenShaped(value):
		return refuse(40014)
	case !known:
		return refuse(40001)
	case !p.cfg.Now().Before(until):
		return refuse(42001)
	}
	return nil
}

func tokenShaped(value string) bool {
	for _, b := range []byte(value) {
		letter := 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
		if !letter && (b < '0' || b > '9') && b != '-' && b != '_' {
			return false
		}
	}
	return len(value) >= 32
}
