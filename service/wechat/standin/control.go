package standin

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

const orderLimit = 64 << 10

var (
	errOpenID = errors.New("openid must be 1 to 128 characters, none of them a space or control character")
	errPhone  = errors.New("phone must be 1 to 32 digits, + and - allowed")
)

// controls are the orders that a driver may give.
func (p *Platform) controls() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_standin/{$}", p.page)
	mux.HandleFunc("GET /_standin/messages", p.listMessages)
	mux.Handle("POST /_standin/codes", order(p.makeLoginCode))
	mux.Handle("POST /_standin/phone-codes", order(p.makePhoneCode))
	mux.Handle("POST /_standin/faults", order(p.orderFault))
	mux.HandleFunc("DELETE /_standin/faults", done(p.Heal))
	mux.HandleFunc("POST /_standin/tokens/revoke", done(p.RevokeTokens))
	mux.HandleFunc("POST /_standin/reset", done(p.Reset))
	mux.Handle("POST /_standin/subscribe", order(p.orderSubscribe))
	mux.Handle("POST /_standin/unsubscribe", order(p.orderUnsubscribe))
	mux.Handle("POST /_standin/push", order(p.orderPush))
	mux.Handle("POST /_standin/media", order(p.orderMedia))
	mux.HandleFunc("GET /_standin/media", p.listTraces)
	mux.HandleFunc("POST /_standin/media/{trace}", p.orderVerdict)
	return mux
}

// guarded keeps the desk to this machine: the peer must be on the loopback, the
// address asked for too, so that no foreign name leads a browser here, and no
// page of another site may give orders through it.
func (p *Platform) guarded(desk http.Handler) http.Handler {
	sameSite := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		if !loopback(r.RemoteAddr) || !loopback(r.Host) || sameSite.Check(r) != nil {
			tell(w, http.StatusForbidden, map[string]string{"error": "only from this machine, and not from another site's page"})
			return
		}
		desk.ServeHTTP(w, r)
	})
}

// loopback takes host:port or a host alone.
func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = strings.Trim(address, "[]")
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// codeOrder asks for a code.
type codeOrder struct {
	OpenID string `json:"openid"`
	Phone  string `json:"phone"`
}

type codeMade struct {
	Code      string `json:"code"`
	ExpiresIn int    `json:"expires_in"` // seconds
}

func (p *Platform) makeLoginCode(o codeOrder) (any, error) {
	if !openIDShaped(o.OpenID) {
		return nil, errOpenID
	}
	return codeMade{p.LoginCode(o.OpenID), int(codeLife.Seconds())}, nil
}

func (p *Platform) makePhoneCode(o codeOrder) (any, error) {
	if !openIDShaped(o.OpenID) {
		return nil, errOpenID
	}
	if !phoneShaped(o.Phone) {
		return nil, errPhone
	}
	return codeMade{p.PhoneCode(o.OpenID, o.Phone), int(codeLife.Seconds())}, nil
}

func (p *Platform) orderFault(f Fault) (any, error) {
	return map[string]bool{"ok": true}, p.Fail(f)
}

// listMessages lists what was sent and, with their errcode, what was refused.
func (p *Platform) listMessages(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	var since time.Time
	if text := q.Get("since"); text != "" {
		var err error
		if since, err = time.Parse(time.RFC3339, text); err != nil {
			tell(w, http.StatusBadRequest, map[string]string{"error": "since must be an instant, RFC 3339"})
			return
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	list := []Message{}
	for _, m := range p.messages {
		if (q.Get("openid") == "" || m.To == q.Get("openid")) && (q.Get("template") == "" || m.Template == q.Get("template")) && !m.At.Before(since) {
			list = append(list, m)
		}
	}
	tell(w, http.StatusOK, list)
}

// order reads a body and answers what the desk makes of it.
func order[T any](act func(T) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var ask T
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, orderLimit))
		if err == nil {
			err = decode(body, &ask)
		}
		if err != nil {
			tell(w, http.StatusBadRequest, map[string]string{"error": "the body must be one JSON object of the right types"})
			return
		}
		answer, err := act(ask)
		if err != nil {
			tell(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
			return
		}
		tell(w, http.StatusOK, answer)
	})
}

func done(act func()) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		act()
		tell(w, http.StatusOK, map[string]bool{"ok": true})
	}
}

// tell answers the driver; one who has hung up is not told.
func tell(w http.ResponseWriter, status int, answer any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer)
}

func openIDShaped(s string) bool {
	odd := func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) || r == utf8.RuneError }
	return s != "" && len(s) <= 128 && !strings.ContainsFunc(s, odd)
}

func phoneShaped(s string) bool {
	odd := func(r rune) bool { return !strings.ContainsRune("0123456789+-", r) }
	return s != "" && len(s) <= 32 && !strings.ContainsFunc(s, odd)
}
