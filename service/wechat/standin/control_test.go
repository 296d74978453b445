package standin_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"gongdi/service/wechat/standin"
)

func TestAFaultStrikesTheNextCallsAndUsesNothingUp(t *testing.T) {
	d := open(t)
	code := d.LoginCode(openID)
	d.do(t, "POST /_standin/faults", `{"path":"/sns/jscode2session","errcode":-1,"times":2}`)
	d.do(t, "POST /_standin/faults", `{"path":"/sns/jscode2session","http":503}`)
	d.do(t, "POST /_standin/faults", `{"path":"/sns/jscode2session","delay_ms":1}`)
	for i, want := range []struct{ errcode, status int }{{-1, 200}, {-1, 200}, {0, 503}, {0, 200}} {
		if a := d.do(t, loginCall(code), ""); a.errcode() != want.errcode || a.status != want.status {
			t.Errorf("call %d: %+v", i+1, a)
		}
	}
	if n := d.Calls("/sns/jscode2session"); n != 4 {
		t.Errorf("%d calls counted", n)
	}
}

func TestAFaultMayBreakTheConnection(t *testing.T) {
	d := open(t)
	d.do(t, "POST /_standin/faults", `{"path":"/cgi-bin/stable_token","close":true,"times":5}`)
	if a := d.do(t, "POST /cgi-bin/stable_token", tokenBody); a.status != 0 {
		t.Errorf("got %+v", a)
	}
}

func TestFaultsAreWithdrawnAndEverythingForgotten(t *testing.T) {
	d := open(t)
	order := `{"path":"/sns/jscode2session","errcode":-1,"times":9}`
	d.do(t, "POST /_standin/faults", order)
	d.do(t, "DELETE /_standin/faults", "")
	code := d.LoginCode(openID)
	if a := d.do(t, loginCall(code), ""); a.text("openid") != openID {
		t.Errorf("got %+v", a)
	}
	d.do(t, "POST /_standin/faults", order)
	code = d.LoginCode(openID)
	d.do(t, "POST /_standin/reset", "")
	if a := d.do(t, loginCall(code), ""); a.errcode() != 40029 || d.Calls("/sns/jscode2session") != 1 {
		t.Errorf("got %+v", a)
	}
}

func TestOrdersThatMakeNoSenseAreRefused(t *testing.T) {
	d := open(t)
	for _, c := range []struct{ call, body string }{
		{"POST /_standin/codes", ``},
		{"POST /_standin/codes", `{}`},
		{"POST /_standin/codes", `[]`},
		{"POST /_standin/codes", `{"openid":1}`},
		{"POST /_standin/codes", `{"openid":"a b"}`},
		{"POST /_standin/codes", `{"openid":"o1"}{"openid":"o2"}`},
		{"POST /_standin/codes", `{"openid":"` + strings.Repeat("o", 129) + `"}`},
		{"POST /_standin/phone-codes", `{"openid":"o1"}`},
		{"POST /_standin/phone-codes", `{"phone":"19900000001"}`},
		{"POST /_standin/phone-codes", `{"openid":"o1","phone":"一九九"}`},
		{"POST /_standin/faults", `{"errcode":-1}`},
		{"POST /_standin/faults", `{"path":"/_standin/codes","errcode":-1}`},
		{"POST /_standin/faults", `{"path":"/sns/jscode2session"}`},
		{"POST /_standin/faults", `{"path":"/sns/jscode2session","http":99}`},
		{"POST /_standin/faults", `{"path":"/sns/jscode2session","errcode":-1,"times":-1}`},
		{"POST /_standin/faults", `{"path":"/sns/jscode2session","delay_ms":60001}`},
		{"POST /_standin/codes", `{"openid":"o1","x":"` + strings.Repeat("x", 65<<10) + `"}`},
	} {
		if a := d.do(t, c.call, c.body); a.status != http.StatusBadRequest || a.text("error") == "" {
			t.Errorf("%s %.60s: %+v", c.call, c.body, a)
		}
	}
}

func TestTheDeskIsForThisMachineAndNoForeignPage(t *testing.T) {
	for _, c := range []struct {
		name, peer, host, origin string
		want                     int
	}{
		{"from this machine", "127.0.0.1:5", "127.0.0.1:8090", "", 200},
		{"over IPv6", "[::1]:5", "[::1]:8090", "", 200},
		{"by name", "127.0.0.1:5", "localhost", "", 200},
		{"from its own page", "127.0.0.1:5", "localhost:8090", "http://localhost:8090", 200},
		{"from another machine", "192.0.2.1:5", "127.0.0.1:8090", "", 403},
		{"by a foreign name that leads here", "127.0.0.1:5", "rebound.example:8090", "", 403},
		{"by an address of the network", "127.0.0.1:5", "192.0.2.1:8090", "", 403},
		{"from a foreign page", "127.0.0.1:5", "127.0.0.1:8090", "https://evil.example", 403},
		{"from an unknown peer", "", "127.0.0.1:8090", "", 403},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/_standin/codes", strings.NewReader(`{"openid":"o1"}`))
			r.RemoteAddr, r.Host = c.peer, c.host
			if c.origin != "" {
				r.Header.Set("Origin", c.origin)
			}
			w := httptest.NewRecorder()
			standin.New(standin.Config{}).ServeHTTP(w, r)
			if w.Code != c.want {
				t.Errorf("got %d: %s", w.Code, w.Body)
			}
		})
	}
}

func (d *desk) read(t *testing.T, path string) string {
	t.Helper()
	resp, err := http.Get(d.server.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestThePageAndTheListShowWhatReachedAPhone(t *testing.T) {
	d := open(t)
	if got := d.read(t, "/_standin/messages?openid=o1"); strings.TrimSpace(got) != "[]" {
		t.Errorf("before any: %s", got)
	}
	d.do(t, sendCall(d.token(t)), `{"touser":"o1","template_id":"t1","data":{"thing1":{"value":"<b>开票"}}}`)
	if got := d.read(t, "/_standin/messages?openid=o1"); !strings.Contains(got, `"touser":"o1","template_id":"t1"`) ||
		!strings.Contains(got, `"thing1":{"value":`) {
		t.Errorf("list: %s", got)
	}
	if got := d.read(t, "/_standin/"); !strings.Contains(got, "thing1：&lt;b&gt;开票") || !strings.Contains(got, "09:00:00") {
		t.Errorf("page: %s", got)
	}
}

// Whatever is sent, the desk makes a code or says what is wrong.
func FuzzOrders(f *testing.F) {
	for _, seed := range []string{``, `{"openid":"o1"}`, `{"openid":"o1","phone":"1"}`, `{"path":"/a","errcode":1}`, `[`, `null`, "{\"openid\":\"\\ud800\"}"} {
		f.Add(seed)
	}
	platform := standin.New(standin.Config{})
	f.Fuzz(func(t *testing.T, body string) {
		for _, path := range []string{"codes", "phone-codes", "faults"} {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/_standin/"+path, strings.NewReader(body))
			r.RemoteAddr, r.Host = "127.0.0.1:5", "localhost"
			w := httptest.NewRecorder()
			platform.ServeHTTP(w, r)
			if w.Code != http.StatusOK && w.Code != http.StatusBadRequest {
				t.Fatalf("%s answered %d", path, w.Code)
			}
		}
	})
}
