package standin_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"gongdi/service/wechat/standin"
)

// office answers pushes as it is told to, and counts them.
type office struct {
	mu     sync.Mutex
	echoes bool
	says   string
	pushes int
}

func (o *office) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	answer := o.says
	if r.Method == http.MethodGet {
		if answer = "other"; o.echoes {
			answer = r.URL.Query().Get("echostr")
		}
	} else {
		o.pushes++
	}
	_, _ = io.WriteString(w, answer)
}

func TestAPushIsTriedThreeTimes(t *testing.T) {
	o := &office{}
	web := httptest.NewServer(o)
	t.Cleanup(web.Close)
	p := standin.New(standin.Config{AppID: "wx", Secret: "s", Token: "t", AESKey: "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"})
	t.Cleanup(p.Close)
	if p.PushTo(t.Context(), web.URL) == nil || p.Push(t.Context(), "x") == nil {
		t.Error("it pushes to somebody who does not echo")
	}
	o.echoes = true
	if err := p.PushTo(t.Context(), web.URL); err != nil {
		t.Fatal(err)
	}
	for says, want := range map[string]int{"no": 3, "success": 1, "": 1} {
		o.says, o.pushes = says, 0
		if err := p.Push(t.Context(), map[string]any{"Event": "x"}); (err == nil) != (want == 1) || o.pushes != want {
			t.Errorf("answered %q: pushed %d times, %v", says, o.pushes, err)
		}
	}
}

// TestADriverOrdersVerdicts uses the desk alone.
func TestADriverOrdersVerdicts(t *testing.T) {
	o := &office{echoes: true, says: "success"}
	web := httptest.NewServer(o)
	t.Cleanup(web.Close)
	d := open(t)
	t.Cleanup(d.Close)
	if a := d.do(t, "POST /_standin/push", `{"url":"http://127.0.0.1:1/"}`); a.status != 400 {
		t.Errorf("nobody is there: %+v", a)
	}
	if a := d.do(t, "POST /_standin/media", `{"delay_ms":-1}`); a.status != 400 {
		t.Errorf("%+v", a)
	}
	for _, order := range []string{`{"never":true}`, `{"twice":true,"first":true}`} {
		if a := d.do(t, "POST /_standin/media", order); a.status != 200 {
			t.Errorf("%s: %+v", order, a)
		}
	}
	if a := d.do(t, "GET /_standin/media", ""); a.status != 200 {
		t.Errorf("%+v", a)
	}
	if a := d.do(t, "POST /_standin/media/none", `{"suggest":"pass"}`); a.status != 400 {
		t.Errorf("a verdict on nothing: %+v", a)
	}
}
