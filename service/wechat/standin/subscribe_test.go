package standin_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestADriverSubscribes answers in a person's place, and reads what was sent
// and what was refused.
func TestADriverSubscribes(t *testing.T) {
	o := &office{echoes: true, says: "success"}
	web := httptest.NewServer(o)
	t.Cleanup(web.Close)
	d := open(t)
	t.Cleanup(d.Close)
	const body = `{"touser":"o1","template_id":"t1","data":{"thing1":{"value":"a"}}}`
	for _, bad := range []string{`{}`, `{"openid":"o1"}`, `{"openid":"o1","results":{"t1":"perhaps"}}`, `{"openid":"","results":{"t1":"accept"}}`} {
		if a := d.do(t, "POST /_standin/subscribe", bad); a.status != 400 {
			t.Errorf("%s: %+v", bad, a)
		}
	}
	if a := d.do(t, "POST /_standin/unsubscribe", `{}`); a.status != 400 {
		t.Errorf("%+v", a)
	}
	send := func(want int) {
		t.Helper()
		if a := d.do(t, sendCall(d.token(t)), body); a.errcode() != want {
			t.Errorf("%+v, want %d", a, want)
		}
	}
	order := func(path, order string) {
		t.Helper()
		if a := d.do(t, "POST /_standin/"+path, order); a.status != 200 {
			t.Errorf("%s: %+v", order, a)
		}
	}
	order("subscribe", `{"openid":"o1","results":{"t1":"accept"}}`) // nobody listens
	if err := d.PushTo(t.Context(), web.URL); err != nil {
		t.Fatal(err)
	}
	order("subscribe", `{"openid":"o1","results":{"t1":"accept","t2":"reject"}}`)
	send(0)
	order("unsubscribe", `{"openid":"o1"}`)
	send(43101)
	order("subscribe", `{"openid":"o1","results":{"t1":"accept"}}`)
	order("subscribe", `{"openid":"o1","results":{"t1":"ban"}}`)
	send(43101)
	if got := d.read(t, "/_standin/messages?openid=o1&template=t1"); strings.Count(got, `"errcode":43101`) != 2 || strings.Count(got, `"errcode":0`) != 1 {
		t.Errorf("listed: %s", got)
	}
	if got := d.read(t, "/_standin/messages?template=t2"); strings.TrimSpace(got) != "[]" {
		t.Errorf("listed: %s", got)
	}
	if got := d.read(t, "/_standin/messages?since=2100-01-01T00:00:00Z"); strings.TrimSpace(got) != "[]" {
		t.Errorf("listed: %s", got)
	}
	if len(d.Messages("o1")) != 1 {
		t.Error("a refused message is among those delivered")
	}
	pushes := func() int {
		o.mu.Lock()
		defer o.mu.Unlock()
		return o.pushes
	}
	for waited := 0; pushes() < 5 && waited < 500; waited++ { // what becomes of a message is told a little later
		time.Sleep(10 * time.Millisecond)
	}
	d.Close()
	if n := pushes(); n != 5 {
		t.Errorf("%d pushes, want four answers and one message that arrived", n)
	}
}
