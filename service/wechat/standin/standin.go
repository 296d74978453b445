// Package standin plays the mini-program platform (微信小程序平台) for tests, the
// demo and outside checks. It speaks the platform's own wire protocol, with its
// errors inside answers of status 200, for the calls that the product makes;
// below /_standin/ it takes orders from whoever drives it. Everything is in
// memory and gone at the end.
package standin

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"
)

// How long the platform lets things live.
const (
	codeLife  = 5 * time.Minute
	tokenLife = 2 * time.Hour
	tokenEdge = 5 * time.Minute // before its end a stable token is renewed; a replaced one lives on for as long
)

// Config is the mini-program that the platform knows, and the platform's clock.
type Config struct {
	// AppID and Secret are what a caller must know.
	AppID, Secret string
	// Token and AESKey secure what the platform pushes to the office.
	Token, AESKey string
	// Now reads the clock; nil is time.Now.
	Now func() time.Time
	// LoginsPerMinute is how often one person may log in, above it errcode
	// 45011; zero is no limit. The real platform's is a hundred.
	LoginsPerMinute int
}

// Platform is the stand-in, an http.Handler for both its sides. Many callers
// may use it at once; make one with New.
type Platform struct {
	cfg     Config
	control http.Handler

	mu       sync.Mutex
	codes    codes
	tokens   tokens
	users    map[string]*user
	messages []Message
	sent     int64
	faults   map[string][]Fault
	calls    map[string]int
	media    MediaMode
	traces   map[string]string // of pictures that are judged → openid
	pushTo   string

	background sync.WaitGroup
	closed     context.Context //nolint:containedctx // of what goes on in the background
	close      context.CancelFunc
}

// user is a person with an account at the platform.
type user struct {
	seen   time.Time
	minute time.Time // of the latest log-ins
	logins int
	grants map[string]int // template → messages still allowed
	heard  bool           // answered at the desk: the office is told what becomes of messages
}

// New makes a platform that knows nobody yet.
func New(cfg Config) *Platform {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	p := &Platform{cfg: cfg}
	p.closed, p.close = context.WithCancel(context.Background())
	p.control = p.guarded(p.controls())
	p.Reset()
	return p
}

// Reset forgets everything but where the office listens: people, codes, tokens,
// messages, faults and counts.
func (p *Platform) Reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.codes = newCodes()
	p.tokens = newTokens()
	p.users = map[string]*user{}
	p.messages, p.sent = nil, 0
	p.faults = map[string][]Fault{}
	p.calls = map[string]int{}
	p.media, p.traces = MediaMode{}, map[string]string{}
}

// LoginCode makes the code that wx.login would give this person: good once,
// for five minutes. A person not yet known is made.
func (p *Platform) LoginCode(openID string) string {
	return p.issue(code{kind: loginCode, openID: openID})
}

// PhoneCode makes the code that the phone button would give: good once, for
// five minutes, for this number.
func (p *Platform) PhoneCode(openID, phone string) string {
	return p.issue(code{kind: phoneCode, openID: openID, phone: phone})
}

// Messages lists the subscribe messages (订阅消息) delivered to a person, oldest
// first; everybody's when openID is empty. The latest ten thousand are kept.
func (p *Platform) Messages(openID string) []Message {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := []Message{}
	for _, m := range p.messages {
		if m.Errcode == 0 && (openID == "" || m.To == openID) {
			list = append(list, m)
		}
	}
	return list
}

// Grant lets so many messages of a template reach a person. Without any grant
// for it every message does; once there was one, each delivery uses one up.
func (p *Platform) Grant(openID, template string, messages int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	u := p.person(openID)
	if u.grants == nil {
		u.grants = map[string]int{}
	}
	u.grants[template] += messages
}

// Calls counts the calls to a path of the platform, failed ones included.
func (p *Platform) Calls(path string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.calls[path]
}

// ServeHTTP answers as the platform does, and below /_standin/ as its driver's
// desk.
func (p *Platform) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/_standin/") {
		p.control.ServeHTTP(w, r)
		return
	}
	p.serve(w, r)
}

func (p *Platform) issue(c code) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.person(c.openID)
	return p.codes.issue(c, p.cfg.Now())
}

// person finds or makes an account; the lock is held.
func (p *Platform) person(openID string) *user {
	u := p.users[openID]
	if u == nil {
		u = &user{}
		p.users[openID] = u
	}
	u.seen = p.cfg.Now()
	return u
}
