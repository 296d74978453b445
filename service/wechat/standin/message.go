package standin

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

const messagesKept = 10_000

// Text is one field of a message as the platform carries it.
type Text struct {
	Value string `json:"value"`
}

// Message is a subscribe message (订阅消息) as it reached the person's phone, or
// was refused.
type Message struct {
	ID       int64           `json:"msgid"`
	To       string          `json:"touser"`
	Template string          `json:"template_id"`
	Page     string          `json:"page"`
	Data     map[string]Text `json:"data"`
	State    string          `json:"miniprogram_state"`
	Lang     string          `json:"lang"`
	At       time.Time       `json:"at"`
	Errcode  int             `json:"errcode"` // zero: delivered
}

// send is subscribe/send.
func (p *Platform) send(_ *http.Request, body []byte) (any, *refusal) {
	var ask struct {
		Message
		Data json.RawMessage `json:"data"`
	}
	if decode(body, &ask) != nil {
		return nil, refuse(47001)
	}
	m := ask.Message
	switch {
	case !openIDShaped(m.To):
		return nil, refuse(40003)
	case m.Template == "":
		return nil, refuse(40037)
	case decode(ask.Data, &m.Data) != nil:
		return nil, refuse(47001)
	}
	no := checkData(m.Data)
	u := p.person(m.To)
	if no == nil && !u.takes(m.Template) {
		no = refuse(43101)
	}
	m.At = p.cfg.Now()
	if no != nil {
		m.Errcode = no.Code
		p.keep(m)
		return nil, no
	}
	p.sent++
	m.ID = p.sent
	p.keep(m)
	if u.heard && p.pushTo != "" {
		event := p.subscribeEvent(m.To, "subscribe_msg_sent_event", map[string]any{
			"TemplateId": m.Template, "MsgID": strconv.FormatInt(m.ID, 10), "ErrorCode": "0", "ErrorStatus": "success",
		})
		p.later(0, func(ctx context.Context) { _ = p.deliver(ctx, event) }) // who does not listen does without
	}
	return struct {
		Code int    `json:"errcode"`
		Text string `json:"errmsg"`
		ID   int64  `json:"msgid"`
	}{0, "ok", m.ID}, nil
}

// keep notes what was sent or refused; the lock is held.
func (p *Platform) keep(m Message) {
	p.messages = append(p.messages, m)
	if len(p.messages) > messagesKept {
		p.messages = p.messages[1:]
	}
}

// takes uses up a grant where grants are kept.
func (u *user) takes(template string) bool {
	left, kept := u.grants[template]
	if !kept {
		return true
	}
	if left == 0 {
		return false
	}
	u.grants[template]--
	return true
}

// fieldLimits are the platform's, in characters, by the field's type: the
// field's name without its number.
var fieldLimits = map[string]int{
	"thing": 20, "number": 32, "letter": 32, "symbol": 5, "character_string": 32,
	"phone_number": 17, "car_number": 8, "name": 20, "phrase": 5,
}

var fieldName = regexp.MustCompile(`^([a-z_]+?)[0-9]+$`)

func checkData(data map[string]Text) *refusal {
	if len(data) == 0 {
		return refuseFor(47003, " data invalid")
	}
	names := make([]string, 0, len(data))
	for name := range data {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if !fits(name, data[name].Value) {
			return refuseFor(47003, " data."+name+".value invalid")
		}
	}
	return nil
}

func fits(name, value string) bool {
	m := fieldName.FindStringSubmatch(name)
	if m == nil || value == "" || strings.ContainsFunc(value, unicode.IsControl) {
		return false
	}
	limit, limited := fieldLimits[m[1]]
	return !limited || utf8.RuneCountInString(value) <= limit
}
