package wechat_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"gongdi/service/wechat"
	"gongdi/service/wechat/standin"
)

const aesKey = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"

// checking is a client of a stand-in, and what was posted to it last.
func checking(t *testing.T, now func() time.Time) (*wechat.Client, *standin.Platform, *string) {
	t.Helper()
	p := standin.New(standin.Config{AppID: "wx", Secret: "s", Token: "token", AESKey: aesKey, Now: now})
	t.Cleanup(p.Close)
	posted := new(string)
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		*posted = string(body)
		r.Body = io.NopCloser(strings.NewReader(*posted))
		p.ServeHTTP(w, r)
	}))
	t.Cleanup(web.Close)
	c, err := wechat.New(wechat.Config{AppID: "wx", Secret: "s", BaseURL: web.URL, Pause: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	return c, p, posted
}

func TestTextsAreJudgedAsTheyAre(t *testing.T) {
	ahead := time.Duration(0)
	c, p, posted := checking(t, func() time.Time { return time.Now().Add(ahead) })
	p.LoginCode("li")
	for text, want := range map[string]wechat.Suggest{"多装 <一> 盏灯 & 😀": wechat.SuggestPass, "【review】": wechat.SuggestReview, "【risky】": wechat.SuggestRisky} {
		v, err := c.CheckText(context.Background(), "li", text)
		if err != nil || v.Suggest != want || v.TraceID == "" {
			t.Errorf("%s: %+v %v", text, v, err)
		}
		if !strings.Contains(*posted, text) || strings.Contains(*posted, `\u`) || !strings.Contains(*posted, `"version":2`) {
			t.Errorf("the platform was sent %s", *posted)
		}
	}
	if _, err := c.CheckText(context.Background(), "nobody", "字"); !errors.Is(err, wechat.ErrNoJudge) {
		t.Errorf("somebody unknown: %v", err)
	}
	if err := p.Fail(standin.Fault{Path: "/wxa/msg_sec_check", Errcode: 45009}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.CheckText(context.Background(), "li", "字"); !errors.Is(err, wechat.ErrUnavailable) || errors.Is(err, wechat.ErrNoJudge) {
		t.Errorf("the quota is used up: %v", err)
	}
	if _, err := c.CheckText(context.Background(), "li", strings.Repeat("字", wechat.LongestText+1)); !errors.Is(err, wechat.ErrNoJudge) {
		t.Errorf("too long: %v", err)
	}
	p.RevokeTokens() // the platform's clock moved, its tokens are over
	ahead = 3 * time.Hour
	if _, err := c.CheckText(context.Background(), "li", "字"); !errors.Is(err, wechat.ErrNoJudge) {
		t.Errorf("not seen for two hours: %v", err)
	}
}

func TestPicturesGetATrace(t *testing.T) {
	c, p, _ := checking(t, time.Now)
	p.LoginCode("li")
	trace, err := c.CheckPicture(context.Background(), "li", "https://gongdi.example.cn/a.png")
	if err != nil || trace == "" || p.Traces()[0] != trace {
		t.Errorf("%s %v", trace, err)
	}
	if _, err := c.CheckPicture(context.Background(), "li", "file:///etc/passwd"); !errors.Is(err, wechat.ErrNoJudge) {
		t.Errorf("%v", err)
	}
	if err := p.Verdict(context.Background(), trace, "pass", 100); err == nil {
		t.Error("a verdict goes nowhere, and nobody says so")
	}
	if err := p.Verdict(context.Background(), "none", "pass", 100); err == nil {
		t.Error("a verdict on nothing")
	}
}

// TestADeskReadsWhatThePlatformWrites takes the platform's numbers as numbers
// and as texts.
func TestADeskReadsWhatThePlatformWrites(t *testing.T) {
	_, p, _ := checking(t, time.Now)
	desk := &wechat.Desk{AppID: "wx", Token: "token", AESKey: aesKey, Now: time.Now}
	open := func(event any) (wechat.Event, error) {
		q, body, err := p.Sealed(event)
		if err != nil {
			t.Fatal(err)
		}
		return desk.Open(q, body)
	}
	for _, zero := range []any{0, "0", nil} {
		e, err := open(map[string]any{"MsgType": "event", "Event": "wxa_media_check", "FromUserName": "li", "CreateTime": "1", "trace_id": "t", "errcode": zero, "result": map[string]any{"suggest": "risky", "label": 20002}})
		if err != nil || e.Trace != "t" || e.Verdict == nil || *e.Verdict != (wechat.Verdict{Suggest: wechat.SuggestRisky, Label: 20002, TraceID: "t"}) {
			t.Errorf("%v: %+v %v", zero, e, err)
		}
	}
	for name, c := range map[string]map[string]any{
		"an error":    {"errcode": -1008, "result": map[string]any{"suggest": "pass"}},
		"no result":   {"errcode": 0},
		"a new word":  {"result": map[string]any{"suggest": "perhaps"}},
		"null result": {"result": nil},
	} {
		c["MsgType"], c["Event"], c["trace_id"] = "event", "wxa_media_check", "t"
		if e, err := open(c); err != nil || e.Verdict != nil || e.Trace != "t" {
			t.Errorf("%s: %+v %v", name, e, err)
		}
	}
	if _, err := open(map[string]any{"MsgType": "event", "Event": "wxa_media_check"}); !errors.Is(err, wechat.ErrPushTorn) {
		t.Errorf("no trace: %v", err)
	}
	if e, err := open(map[string]any{"MsgType": "text", "Event": "wxa_media_check", "Content": "你好"}); err != nil || e.Name != "" {
		t.Errorf("somebody writes: %+v %v", e, err)
	}
	one, _ := open(map[string]any{"MsgType": "event", "Event": "subscribe_msg_change_event", "List": map[string]any{"TemplateId": "a"}})
	two, _ := open(map[string]any{"MsgType": "event", "Event": "subscribe_msg_change_event", "List": []any{map[string]any{"TemplateId": "a"}}})
	again, _ := open(map[string]any{"MsgType": "event", "Event": "subscribe_msg_change_event", "List": map[string]any{"TemplateId": "a"}})
	if one.Key == two.Key || one.Key != again.Key || one.Name != "subscribe_msg_change_event" || len(one.Items) != 1 || one.Items[0] != two.Items[0] || one.Items[0].TemplateID != "a" {
		t.Errorf("%+v %+v %+v", one, two, again)
	}
}

// TestSubscriptionsAreReadEitherWay takes the documented examples.
func TestSubscriptionsAreReadEitherWay(t *testing.T) {
	_, p, _ := checking(t, time.Now)
	desk := &wechat.Desk{AppID: "wx", Token: "token", AESKey: aesKey, Now: time.Now}
	for _, number := range []any{43101, "43101"} {
		q, body, err := p.Sealed(map[string]any{"FromUserName": "li", "CreateTime": "1620973045", "MsgType": "event", "Event": "subscribe_msg_sent_event",
			"List": map[string]any{"TemplateId": "a", "MsgID": "1864", "ErrorCode": number, "ErrorStatus": "x"}})
		if err != nil {
			t.Fatal(err)
		}
		e, err := desk.Open(q, body)
		if err != nil || e.From != "li" || e.At.Unix() != 1620973045 || len(e.Items) != 1 || e.Items[0] != (wechat.Subscription{TemplateID: "a", MsgID: "1864", ErrorCode: 43101}) {
			t.Errorf("%+v %v", e, err)
		}
	}
	q, body, err := p.Sealed(map[string]any{"MsgType": "event", "Event": "subscribe_msg_sent_event", "List": "nothing"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := desk.Open(q, body); !errors.Is(err, wechat.ErrPushTorn) {
		t.Errorf("%v", err)
	}
}

func FuzzDesk(f *testing.F) {
	p := standin.New(standin.Config{AppID: "wx", Token: "token", AESKey: aesKey})
	f.Cleanup(p.Close)
	for _, event := range []any{map[string]any{"Event": "wxa_media_check", "MsgType": "event", "trace_id": "t"}, "x", nil, []any{1}} {
		q, body, err := p.Sealed(event)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(q.Encode(), body)
	}
	desk := &wechat.Desk{AppID: "wx", Token: "token", AESKey: aesKey, Now: time.Now}
	f.Fuzz(func(t *testing.T, query string, body []byte) {
		q, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		e, err := desk.Open(q, body)
		if err != nil && !errors.Is(err, wechat.ErrForged) && !errors.Is(err, wechat.ErrPushTorn) || err != nil && e.Key != "" {
			t.Errorf("%+v %v", e, err)
		}
		_, _ = desk.Handshake(q)
	})
}
