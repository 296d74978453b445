package standin

import (
	"testing"
	"time"
)

func TestCodesAreForgottenAfterFiveMinutes(t *testing.T) {
	now := time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC)
	p := New(Config{Now: func() time.Time { return now }})
	for range 20_000 {
		p.LoginCode("o1")
	}
	now = now.Add(codeLife)
	p.LoginCode("o1")
	if len(p.codes.byText) != 1 || len(p.codes.order) != 1 {
		t.Errorf("%d codes are kept", len(p.codes.byText))
	}
}

func TestTokensAndMessagesAreBounded(t *testing.T) {
	p := New(Config{})
	for range tokensKept + 10 {
		p.tokens.issue(p.cfg.Now())
	}
	if len(p.tokens.expires) != tokensKept || len(p.tokens.order) != tokensKept {
		t.Errorf("%d tokens are kept", len(p.tokens.expires))
	}
	for range messagesKept + 10 {
		if _, no := p.send(nil, []byte(`{"touser":"o1","template_id":"t1","data":{"thing1":{"value":"a"}}}`)); no != nil {
			t.Fatal(no.Text)
		}
	}
	if list := p.Messages("o1"); len(list) != messagesKept || list[0].ID != 11 {
		t.Errorf("%d messages are kept", len(list))
	}
}
