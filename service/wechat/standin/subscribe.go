package standin

import (
	"context"
	"errors"
	"slices"
)

// Subscribe is what a person answers when the mini-program asks for subscribe
// messages: by template accept, one message more, reject, or ban, none any
// more. The office is told of it when it listens.
func (p *Platform) Subscribe(ctx context.Context, openID string, results map[string]string) error {
	for _, result := range results {
		if result != "accept" && result != "reject" && result != "ban" {
			return errors.New("a result is accept, reject or ban")
		}
	}
	if len(results) == 0 || !openIDShaped(openID) {
		return errors.New("openid and results are needed")
	}
	return p.tellOf(ctx, "subscribe_msg_popup_event", openID, func(u *user) []map[string]any {
		var list []map[string]any
		for _, template := range sortedKeys(results) {
			u.grants[template] = max(0, u.grants[template]+map[string]int{"accept": 1}[results[template]])
			if results[template] == "ban" {
				u.grants[template] = 0
			}
			list = append(list, map[string]any{"TemplateId": template, "SubscribeStatusString": results[template], "PopupScene": "0"})
		}
		return list
	})
}

// Unsubscribe is what a person takes back in the settings: the templates that
// are named, or all; the office is told of it when it listens.
func (p *Platform) Unsubscribe(ctx context.Context, openID string, templates ...string) error {
	if !openIDShaped(openID) {
		return errOpenID
	}
	return p.tellOf(ctx, "subscribe_msg_change_event", openID, func(u *user) []map[string]any {
		if len(templates) == 0 {
			templates = sortedKeys(u.grants)
		}
		var list []map[string]any
		for _, template := range templates {
			u.grants[template] = 0
			list = append(list, map[string]any{"TemplateId": template, "SubscribeStatusString": "reject"})
		}
		return list
	})
}

// tellOf changes what a person allows and pushes an event of it.
func (p *Platform) tellOf(ctx context.Context, event, openID string, change func(*user) []map[string]any) error {
	p.mu.Lock()
	u := p.person(openID)
	if u.grants == nil {
		u.grants = map[string]int{}
	}
	u.heard = true
	list := change(u)
	told, listens := p.subscribeEvent(openID, event, list), p.pushTo != ""
	p.mu.Unlock()
	if !listens || len(list) == 0 {
		return nil
	}
	return p.deliver(ctx, told)
}

// subscribeEvent is an event about subscribe messages as it is pushed.
func (p *Platform) subscribeEvent(openID, event string, list any) map[string]any {
	return map[string]any{
		"ToUserName": originalID, "FromUserName": openID, "CreateTime": p.cfg.Now().Unix(), "MsgType": "event", "Event": event, "List": list,
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// subscribeOrder says whose answers they are, by template.
type subscribeOrder struct {
	OpenID  string            `json:"openid"`
	Results map[string]string `json:"results"`
}

func (p *Platform) orderSubscribe(o subscribeOrder) (any, error) {
	return map[string]bool{"ok": true}, p.Subscribe(p.closed, o.OpenID, o.Results)
}

func (p *Platform) orderUnsubscribe(o subscribeOrder) (any, error) {
	return map[string]bool{"ok": true}, p.Unsubscribe(p.closed, o.OpenID, sortedKeys(o.Results)...)
}
