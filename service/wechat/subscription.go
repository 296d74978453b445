package wechat

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// Subscription is what an event says of one template of subscribe messages.
type Subscription struct {
	TemplateID string
	Status     string // accept, reject, ban
	MsgID      string // of a message that was sent
	ErrorCode  int64  // zero: it arrived
}

// word is a text that the platform sends as a number at times.
type word string

// UnmarshalJSON takes a text or a number.
func (w *word) UnmarshalJSON(b []byte) error {
	var text string
	if err := json.Unmarshal(b, &text); err == nil {
		*w = word(text)
		return nil
	}
	var number json.Number
	err := json.Unmarshal(b, &number)
	*w = word(number)
	return err
}

func (w word) number() int64 {
	n, err := strconv.ParseInt(string(w), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// subscriptions reads the list of an event, which is a single object at times.
func subscriptions(message []byte) ([]Subscription, error) {
	var m struct{ List json.RawMessage }
	if err := json.Unmarshal(message, &m); err != nil {
		return nil, ErrPushTorn
	}
	list := bytes.TrimSpace(m.List)
	if len(list) > 0 && list[0] == '{' {
		list = []byte("[" + string(list) + "]")
	}
	var rows []struct {
		TemplateID word `json:"TemplateId"`
		Status     word `json:"SubscribeStatusString"`
		MsgID      word `json:"MsgID"`
		ErrorCode  word `json:"ErrorCode"`
	}
	if len(list) > 0 && json.Unmarshal(list, &rows) != nil {
		return nil, ErrPushTorn
	}
	out := make([]Subscription, 0, len(rows))
	for _, r := range rows {
		out = append(out, Subscription{string(r.TemplateID), string(r.Status), string(r.MsgID), r.ErrorCode.number()})
	}
	return out, nil
}

func aboutSubscriptions(event string) bool { return strings.HasPrefix(event, "subscribe_msg_") }
