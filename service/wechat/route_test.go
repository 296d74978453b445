package wechat_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/silenceper/wechat/v2/util"

	"gongdi/service/wechat"
	"gongdi/service/wechat/standin"
)

func TestClientsOfDifferentPlatformsDoNotMeet(t *testing.T) {
	here, there := open(t), open(t)
	var all sync.WaitGroup
	for range 10 {
		for _, o := range []office{here, there} {
			all.Go(func() {
				o.mustPhone(t)
				if _, err := o.Login(t.Context(), o.platform.LoginCode(openID)); err != nil {
					t.Error(err)
				}
			})
		}
	}
	all.Wait()
	if _, err := here.Login(t.Context(), there.platform.LoginCode(openID)); !errors.Is(err, wechat.ErrCodeInvalid) {
		t.Errorf("the other platform's code gave %v", err)
	}
}

// A wire answers without a network and keeps what it was asked.
type wire struct {
	answer string
	asked  []*http.Request
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	w.asked = append(w.asked, r)
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(w.answer))}, nil
}

func over(t testing.TB, w *wire, address string) *wechat.Client {
	t.Helper()
	client, err := wechat.New(wechat.Config{AppID: appID, Secret: secret, BaseURL: address, Transport: w})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func TestCallsGoToTheAddressOfTheSettings(t *testing.T) {
	for _, c := range []struct{ address, want string }{
		{"", "https://api.weixin.qq.com/sns/jscode2session"},
		{"http://127.0.0.1:9", "http://127.0.0.1:9/sns/jscode2session"},
		{"https://gate.example/wechat/", "https://gate.example/wechat/sns/jscode2session"},
	} {
		w := &wire{answer: `{"openid":"o1","unionid":"u1","session_key":"k"}`}
		session, err := over(t, w, c.address).Login(t.Context(), "code")
		if err != nil || session != (wechat.Session{OpenID: "o1", UnionID: "u1"}) {
			t.Fatalf("got %v, %v", session, err)
		}
		u := *w.asked[0].URL
		u.RawQuery = ""
		if u.String() != c.want || w.asked[0].Host != u.Host {
			t.Errorf("asked %s at %s", u.String(), w.asked[0].Host)
		}
	}
}

func TestAnAddressThatIsNoneIsRefused(t *testing.T) {
	for _, address := range []string{"127.0.0.1:9", "ftp://host", "http://", "http://u:p@host", "http://host?x=1", "http://host#x", ":"} {
		if _, err := wechat.New(wechat.Config{BaseURL: address}); err == nil {
			t.Errorf("%q was taken", address)
		}
	}
}

func TestAnOfficeWithoutAMiniProgramCallsNobody(t *testing.T) {
	platform := standin.New(standin.Config{})
	w := &wire{}
	client, err := wechat.New(wechat.Config{Transport: w})
	if err != nil {
		t.Fatal(err)
	}
	_, errLogin := client.Login(t.Context(), platform.LoginCode(openID))
	_, errPhone := client.Phone(t.Context(), platform.PhoneCode(openID, phone))
	if !errors.Is(errLogin, wechat.ErrUnavailable) || !errors.Is(errPhone, wechat.ErrUnavailable) || len(w.asked) != 0 {
		t.Errorf("got %v, %v after %d calls", errLogin, errPhone, len(w.asked))
	}
}

func TestACallOfTheSDKOutsideAClientGoesNowhere(t *testing.T) {
	o := open(t)
	_, err := util.HTTPGetContext(context.Background(), "https://api.weixin.qq.com/sns/jscode2session?secret=x")
	if err == nil || !strings.Contains(err.Error(), "outside a client") {
		t.Errorf("got %v", err)
	}
	o.mustPhone(t)
}

func TestANumberFromAbroadKeepsItsCountryCode(t *testing.T) {
	platform := tactless(func(w http.ResponseWriter, _ *http.Request) {
		write(w, `{"errcode":0,"phone_info":{"phoneNumber":"+85251990000","purePhoneNumber":"51990000","countryCode":"852"}}`)
	})
	got, err := dial(t, platform, wechat.Config{}).Phone(t.Context(), "code")
	if got != "+85251990000" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

// Whatever is sent as a code, the platform is asked for nothing but that code.
func FuzzLogin(f *testing.F) {
	for _, seed := range []string{"", "0a1B-_", "x&appid=evil", "x%26appid=evil", "a#b", "码", "a\x00", strings.Repeat("a", 129)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, code string) {
		w := &wire{answer: `{"openid":"o1"}`}
		_, err := over(t, w, "").Login(t.Context(), code)
		if err != nil {
			if !errors.Is(err, wechat.ErrCodeInvalid) || len(w.asked) != 0 {
				t.Fatalf("got %v after %d calls", err, len(w.asked))
			}
			return
		}
		q, err := url.ParseQuery(w.asked[0].URL.RawQuery)
		if err != nil || len(q) != 4 || len(q["js_code"]) != 1 || q.Get("js_code") != code ||
			q.Get("appid") != appID || q.Get("secret") != secret {
			t.Fatalf("asked %v, %v", q, err)
		}
	})
}
