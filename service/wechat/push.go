package wechat

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the platform's signature is defined with it
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/silenceper/wechat/v2/util"
)

// What is wrong with a push. Neither changes anything.
var (
	// ErrForged says that it does not come from the platform, or came long ago.
	ErrForged = errors.New("wechat: a push that the platform did not just sign")
	// ErrPushTorn says that the platform signed what cannot be read.
	ErrPushTorn = errors.New("wechat: a push that cannot be read")
)

// freshFor is how far a push's timestamp may be from now; what is repeated
// within it is known by its Event.Key.
const freshFor = 10 * time.Minute

// Desk opens what the platform pushes (消息推送, in JSON and 安全模式: encrypted).
type Desk struct {
	AppID, Token, AESKey string
	Now                  func() time.Time
}

// Event is what the platform tells: a verdict on a picture, or what people did
// with subscribe messages.
type Event struct {
	Name string // wxa_media_check, subscribe_msg_popup_event, …; empty for what is no event
	From string // openid
	Key  string // of this event, the same when it is pushed again
	// Verdict is the picture's, of wxa_media_check; nil when the platform could
	// not judge it.
	Verdict *Verdict
	Trace   string
	At      time.Time      // when it happened; zero when the platform does not say
	Items   []Subscription // of events about subscribe messages
}

// MediaChecked is the event that brings a verdict.
const MediaChecked = "wxa_media_check"

// Handshake answers the platform's question whether this desk is the office's:
// the echo, or ErrForged.
func (d *Desk) Handshake(q url.Values) (string, error) {
	if !d.signed(q.Get("signature"), q, nil) {
		return "", ErrForged
	}
	return q.Get("echostr"), nil
}

// Open verifies a push and reads it. The signature binds the body: one that
// was not encrypted, or belongs to another mini-program, is ErrForged.
func (d *Desk) Open(q url.Values, body []byte) (Event, error) {
	var sealed struct {
		Encrypt string `json:"Encrypt"`
	}
	if json.Unmarshal(body, &sealed) != nil || sealed.Encrypt == "" || !d.signed(q.Get("msg_signature"), q, []string{sealed.Encrypt}) {
		return Event{}, ErrForged
	}
	_, message, err := util.DecryptMsg(d.AppID, sealed.Encrypt, d.AESKey)
	if err != nil {
		return Event{}, ErrForged
	}
	return read(message)
}

// signed compares a signature, in the same time whatever differs, and the age
// of what it is over. A desk without a token trusts nobody.
func (d *Desk) signed(signature string, q url.Values, more []string) bool {
	parts := append([]string{d.Token, q.Get("timestamp"), q.Get("nonce")}, more...)
	slices.Sort(parts)
	sum := sha1.Sum([]byte(strings.Join(parts, ""))) //nolint:gosec // see above
	at, err := strconv.ParseInt(q.Get("timestamp"), 10, 64)
	age := d.Now().Sub(time.Unix(at, 0)).Abs()
	return d.Token != "" && err == nil && age <= freshFor && hmac.Equal([]byte(hex.EncodeToString(sum[:])), []byte(signature))
}

// read is tolerant: the platform sends numbers as texts at times.
func read(message []byte) (Event, error) {
	var m struct {
		From    string      `json:"FromUserName"`
		MsgType string      `json:"MsgType"`
		Event   string      `json:"Event"`
		Created word        `json:"CreateTime"`
		Errcode json.Number `json:"errcode"`
		Trace   string      `json:"trace_id"`
		Result  struct {
			Suggest Suggest     `json:"suggest"`
			Label   json.Number `json:"label"`
		} `json:"result"`
	}
	if err := json.Unmarshal(message, &m); err != nil {
		return Event{}, ErrPushTorn
	}
	sum := sha256.Sum256(message)
	e := Event{From: m.From, Key: hex.EncodeToString(sum[:])}
	if seconds := m.Created.number(); seconds > 0 {
		e.At = time.Unix(seconds, 0).UTC()
	}
	if m.MsgType != "event" {
		return e, nil
	}
	if e.Name = m.Event; aboutSubscriptions(e.Name) {
		items, err := subscriptions(message)
		if err != nil {
			return Event{}, err
		}
		e.Items = items
	}
	if e.Name != MediaChecked {
		return e, nil
	}
	if m.Trace == "" || len(m.Trace) > longestTrace {
		return Event{}, ErrPushTorn
	}
	e.Trace = m.Trace
	if failed := m.Errcode != "" && m.Errcode != "0"; !failed && m.Result.Suggest.known() {
		label, err := strconv.Atoi(m.Result.Label.String())
		if err != nil {
			label = 0
		}
		e.Verdict = &Verdict{Suggest: m.Result.Suggest, Label: label, TraceID: m.Trace}
	}
	return e, nil
}

const longestTrace = 128
