package standin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	visitLife   = 2 * time.Hour // within which a person's content is judged
	longestText = 2500
)

// judgement is the platform's of a text or a picture.
type judgement struct {
	Suggest string `json:"suggest"`
	Label   int    `json:"label"`
}

var (
	harmless = judgement{"pass", 100}
	doubtful = judgement{"review", 20001}
	unlawful = judgement{"risky", 20002}
)

// ofText finds the words that order a verdict. Like the real platform it does
// not see through texts that were sent with their characters escaped.
func ofText(text string) judgement {
	switch {
	case strings.Contains(text, "【risky】"):
		return unlawful
	case strings.Contains(text, "【review】"):
		return doubtful
	}
	return harmless
}

type detail struct {
	Strategy string `json:"strategy"`
	Errcode  int    `json:"errcode"`
	judgement
	Prob int `json:"prob"`
}

func details(j judgement) []detail { return []detail{{"content_model", 0, j, 90}} }

// checkText is msg_sec_check.
func (p *Platform) checkText(_ *http.Request, body []byte) (any, *refusal) {
	var ask struct {
		Content, OpenID string
		Version, Scene  int
	}
	if decode(body, &ask) != nil {
		return nil, refuse(47001)
	}
	if no := p.askable(ask.OpenID, ask.Version, ask.Scene); no != nil {
		return nil, no
	}
	if n := utf8.RuneCountInString(ask.Content); n == 0 || n > longestText {
		return nil, refuseFor(40129, " content")
	}
	j := ofText(ask.Content)
	return struct {
		refusal
		Detail []detail  `json:"detail"`
		Trace  string    `json:"trace_id"`
		Result judgement `json:"result"`
	}{refusal{0, "ok"}, details(j), randomHex(16), j}, nil
}

// askable judges who is asked about, and how; the lock is held.
func (p *Platform) askable(openID string, version, scene int) *refusal {
	switch u := p.users[openID]; {
	case version != 2, scene < 1, scene > 4:
		return refuse(40129)
	case u == nil:
		return refuse(40003)
	case p.cfg.Now().Sub(u.seen) > visitLife:
		return refuse(61010)
	}
	return nil
}

// MediaMode is how verdicts on pictures come.
type MediaMode struct {
	DelayMS int    `json:"delay_ms"`
	Never   bool   `json:"never"` // not by themselves
	Twice   bool   `json:"twice"` // the same push again
	First   bool   `json:"first"` // before the call is answered
	Fetch   bool   `json:"fetch"` // the picture is fetched, and must be one
	Suggest string `json:"suggest"`
	Label   int    `json:"label"`
}

// Media orders how verdicts on pictures come from now on.
func (p *Platform) Media(m MediaMode) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.media = m
}

// checkPicture is media_check_async.
func (p *Platform) checkPicture(r *http.Request, body []byte) (any, *refusal) {
	var ask struct {
		Media          string `json:"media_url"`
		MediaType      int    `json:"media_type"`
		Version, Scene int
		OpenID         string
	}
	if decode(body, &ask) != nil {
		return nil, refuse(47001)
	}
	if no := p.askable(ask.OpenID, ask.Version, ask.Scene); no != nil {
		return nil, no
	}
	address, err := url.Parse(ask.Media)
	if err != nil || address.Host == "" || address.Scheme != "http" && address.Scheme != "https" || ask.MediaType < 1 || ask.MediaType > 2 {
		return nil, refuse(40066)
	}
	if p.media.Fetch && fetch(r.Context(), ask.Media) != nil {
		return nil, refuse(40066)
	}
	trace := randomHex(16)
	p.traces[trace] = ask.OpenID
	answer := struct {
		refusal
		Trace string `json:"trace_id"`
	}{refusal{0, "ok"}, trace}
	mode := p.media
	j := judgement{mode.Suggest, mode.Label}
	if j.Suggest == "" {
		j = harmless
	}
	if mode.Never || p.pushTo == "" {
		return answer, nil
	}
	send := func(ctx context.Context) {
		for range map[bool]int{false: 1, true: 2}[mode.Twice] {
			_ = p.deliver(ctx, p.mediaEvent(trace, ask.OpenID, j)) // nobody who listens: the office waits in vain
		}
	}
	if mode.First {
		return held{answer, func() { send(r.Context()) }}, nil
	}
	p.later(time.Duration(mode.DelayMS)*time.Millisecond, send)
	return answer, nil
}

// held is an answer that waits for something else to be done.
type held struct {
	answer any
	before func()
}

// mediaEvent is a verdict as it is pushed. It says the same each time.
func (p *Platform) mediaEvent(trace, openID string, j judgement) map[string]any {
	return map[string]any{
		"ToUserName": originalID, "FromUserName": openID, "CreateTime": p.cfg.Now().Unix(), "MsgType": "event", "Event": "wxa_media_check",
		"appid": p.cfg.AppID, "trace_id": trace, "version": 2, "detail": details(j), "errcode": 0, "errmsg": "ok", "result": j,
	}
}

// Verdict pushes the verdict on a picture now.
func (p *Platform) Verdict(ctx context.Context, trace, suggest string, label int) error {
	p.mu.Lock()
	openID, known := p.traces[trace]
	p.mu.Unlock()
	if !known {
		return errors.New("no picture has this trace")
	}
	return p.deliver(ctx, p.mediaEvent(trace, openID, judgement{suggest, label}))
}

// Traces lists the pictures that were given to be judged.
func (p *Platform) Traces() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := make([]string, 0, len(p.traces))
	for trace := range p.traces {
		list = append(list, trace)
	}
	return list
}

func fetch(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	ask, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(ask) //nolint:gosec // the caller's own picture, on a loopback
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK || !strings.HasPrefix(answer.Header.Get("Content-Type"), "image/") {
		return fmt.Errorf("no picture: status %d", answer.StatusCode)
	}
	return nil
}
