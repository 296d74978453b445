package standin_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"gongdi/service/wechat/standin"
)

const (
	appID  = "wx0000000000000001"
	secret = "secret"
	openID = "oResident0000000000000000001"
	phone  = "19900000001"
)

// A desk drives a platform over the wire, by a clock of its own.
type desk struct {
	*standin.Platform
	server *httptest.Server
	mu     sync.Mutex
	at     time.Time
}

func open(t *testing.T) *desk {
	t.Helper()
	d := &desk{at: time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC)}
	d.Platform = standin.New(standin.Config{AppID: appID, Secret: secret, Token: "t", AESKey: "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY", Now: d.now, LoginsPerMinute: 100})
	d.server = httptest.NewServer(d.Platform)
	t.Cleanup(d.server.Close)
	return d
}

func (d *desk) now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.at
}

func (d *desk) move(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at = d.at.Add(by)
}

// An answer is what came back, its members and its status.
type answer struct {
	status int
	kind   string
	body   map[string]any
}

func (a answer) errcode() int {
	n, _ := a.body["errcode"].(float64)
	return int(n)
}

func (a answer) text(name string) string {
	s, _ := a.body[name].(string)
	return s
}

// do makes a call, "POST /path"; an answer that is no object has no members.
func (d *desk) do(t *testing.T, call, body string) answer {
	t.Helper()
	method, path, _ := strings.Cut(call, " ")
	r, err := http.NewRequestWithContext(t.Context(), method, d.server.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return answer{}
	}
	defer func() { _ = resp.Body.Close() }()
	a := answer{status: resp.StatusCode, kind: resp.Header.Get("Content-Type")}
	_ = json.NewDecoder(resp.Body).Decode(&a.body)
	return a
}

const tokenBody = `{"grant_type":"client_credential","appid":"` + appID + `","secret":"` + secret + `","force_refresh":false}`

func (d *desk) token(t *testing.T) string {
	t.Helper()
	return d.do(t, "POST /cgi-bin/stable_token", tokenBody).text("access_token")
}

func loginCall(code string) string {
	return "GET /sns/jscode2session?appid=" + appID + "&secret=" + secret + "&grant_type=authorization_code&js_code=" + code
}

func phoneCall(token string) string {
	return "POST /wxa/business/getuserphonenumber?access_token=" + token
}

func sendCall(token string) string {
	return "POST /cgi-bin/message/subscribe/send?access_token=" + token
}

func TestTheDeskMakesCodesThatThePlatformTakesOnce(t *testing.T) {
	d := open(t)
	code := d.do(t, "POST /_standin/codes", `{"openid":"o-neighbour","nickname":"let pass"}`).text("code")
	a := d.do(t, loginCall(code), "")
	if a.text("openid") != "o-neighbour" || a.text("session_key") == "" || a.body["errcode"] != nil ||
		a.kind != "application/json; encoding=utf-8" {
		t.Errorf("got %+v", a)
	}
	if a = d.do(t, loginCall(code), ""); a.errcode() != 40163 || a.status != 200 || !strings.Contains(a.text("errmsg"), "rid: ") {
		t.Errorf("used: %+v", a)
	}
	code = d.do(t, "POST /_standin/phone-codes", `{"openid":"o-neighbour","phone":"+8619900000001"}`).text("code")
	a = d.do(t, phoneCall(d.token(t)), `{"code":"`+code+`"}`)
	info, _ := a.body["phone_info"].(map[string]any)
	if a.errcode() != 0 || info["purePhoneNumber"] != phone || info["countryCode"] != "86" {
		t.Errorf("got %+v", a)
	}
}

func TestWhatThePlatformRefuses(t *testing.T) {
	d := open(t)
	token := d.token(t)
	oldLogin, oldPhone := d.LoginCode(openID), d.PhoneCode(openID, phone)
	d.move(5 * time.Minute)
	used := d.PhoneCode(openID, phone)
	d.do(t, phoneCall(token), `{"code":"`+used+`"}`)
	d.Grant(openID, "spent", 0)
	good := loginCall(d.LoginCode(openID))
	message := func(members string) string { return `{"touser":"o1","template_id":"t1",` + members + `}` }
	for _, c := range []struct {
		name, call, body string
		want             int
	}{
		{"a token for another grant", "POST /cgi-bin/stable_token", `{"appid":"` + appID + `"}`, 40002},
		{"a token for another program", "POST /cgi-bin/stable_token", `{"grant_type":"client_credential","appid":"x","secret":"y"}`, 40013},
		{"a token with a wrong secret", "POST /cgi-bin/stable_token", `{"grant_type":"client_credential","appid":"` + appID + `"}`, 40125},
		{"a token by GET", "GET /cgi-bin/stable_token", "", 43002},
		{"a token without a body", "POST /cgi-bin/stable_token", "", 44002},
		{"a token with two bodies", "POST /cgi-bin/stable_token", tokenBody + "{}", 47001},
		{"an old token with a wrong secret", "GET /cgi-bin/token?grant_type=client_credential&appid=" + appID, "", 40125},
		{"a login by POST", strings.Replace(good, "GET", "POST", 1), "{}", 43001},
		{"a login of another program", "GET /sns/jscode2session?appid=x", "", 40013},
		{"a login with a wrong secret", "GET /sns/jscode2session?appid=" + appID + "&secret=x", "", 40125},
		{"a login with a smuggled parameter", good + "&appid=evil", "", 40029},
		{"a login for another grant", strings.Replace(good, "authorization_code", "x", 1), "", 40002},
		{"a login without a code", loginCall(""), "", 41008},
		{"a login with an unknown code", loginCall("x"), "", 40029},
		{"a login with an old code", loginCall(oldLogin), "", 40029},
		{"a login with a phone code", loginCall(d.PhoneCode(openID, phone)), "", 40029},
		{"a number without a token", phoneCall(""), "{}", 41001},
		{"a number with a malformed token", phoneCall("a.b"), "{}", 40014},
		{"a number with an unknown token", phoneCall(strings.Repeat("x", 40)), "{}", 40001},
		{"a number without a body", phoneCall(token), "", 44002},
		{"a number with a body of another type", phoneCall(token), `{"code":1}`, 47001},
		{"a number with an old code", phoneCall(token), `{"code":"` + oldPhone + `"}`, 40029},
		{"a number with a used code", phoneCall(token), `{"code":"` + used + `"}`, 40029},
		{"a number with a login code", phoneCall(token), `{"code":"` + d.LoginCode(openID) + `"}`, 40029},
		{"a message to nobody", sendCall(token), `{"template_id":"t1"}`, 40003},
		{"a message without a template", sendCall(token), `{"touser":"o1"}`, 40037},
		{"a message with a text for data", sendCall(token), message(`"data":"{}"`), 47001},
		{"a message without data", sendCall(token), message(`"data":{}`), 47003},
		{"a message with an empty field", sendCall(token), message(`"data":{"thing1":{"value":""}}`), 47003},
		{"a message with a long field", sendCall(token), message(`"data":{"thing1":{"value":"` + strings.Repeat("字", 21) + `"}}`), 47003},
		{"a message in two lines", sendCall(token), message(`"data":{"thing1":{"value":"a\nb"}}`), 47003},
		{"a message without a grant", sendCall(token), `{"touser":"` + openID + `","template_id":"spent","data":{"thing1":{"value":"a"}}}`, 43101},
		{"a call that the platform does not have", "GET /wxa/nothing", "", 40066},
	} {
		t.Run(c.name, func(t *testing.T) {
			if a := d.do(t, c.call, c.body); a.errcode() != c.want || a.status != 200 {
				t.Errorf("want %d, got %+v", c.want, a)
			}
		})
	}
	if len(d.Messages("")) != 0 {
		t.Error("a refused message was delivered")
	}
}

func TestOnePersonMayLogInAHundredTimesAMinute(t *testing.T) {
	d := open(t)
	for range 100 {
		if a := d.do(t, loginCall(d.LoginCode(openID)), ""); a.errcode() != 0 {
			t.Fatalf("got %+v", a)
		}
	}
	if a := d.do(t, loginCall(d.LoginCode(openID)), ""); a.errcode() != 45011 {
		t.Errorf("got %+v", a)
	}
	d.move(time.Minute)
	if a := d.do(t, loginCall(d.LoginCode(openID)), ""); a.errcode() != 0 {
		t.Errorf("a minute later: %+v", a)
	}
}

func TestAMessageIsListedForItsReader(t *testing.T) {
	d := open(t)
	body := `{"touser":"o1","template_id":"t1","page":"p?id=1","miniprogram_state":"formal","lang":"zh_CN",` +
		`"data":{"thing1":{"value":"` + strings.Repeat("字", 20) + `","color":""},"date2":{"value":"2026年11月2日"}}}`
	if a := d.do(t, sendCall(d.token(t)), body); a.errcode() != 0 || a.body["msgid"] != 1.0 {
		t.Fatalf("got %+v", a)
	}
	got := d.Messages("o1")
	if len(got) != 1 || got[0].Template != "t1" || got[0].Data["date2"].Value != "2026年11月2日" || !got[0].At.Equal(d.now()) {
		t.Errorf("got %+v", got)
	}
	if len(d.Messages("o2")) != 0 || len(d.Messages("")) != 1 {
		t.Error("listed for the wrong reader")
	}
}

func TestAGrantIsUsedUpByAMessage(t *testing.T) {
	d := open(t)
	d.Grant("o1", "t1", 2)
	body := `{"touser":"o1","template_id":"t1","data":{"thing1":{"value":"a"}}}`
	token := d.token(t)
	for i, want := range []int{0, 0, 43101} {
		if a := d.do(t, sendCall(token), body); a.errcode() != want {
			t.Errorf("message %d: %+v", i+1, a)
		}
	}
}
