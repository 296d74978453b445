package wechat_test

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"gongdi/service/wechat"
	"gongdi/service/wechat/standin"
)

const (
	token      = "99_tokentokentokentokentokentokentoken"
	loginText  = "0f0f0f0f0f0f0f0f"
	sessionKey = "c2Vzc2lvbmtleXNlc3Npb24="
)

// tactless answers the token and leaves every other call to a handler.
func tactless(rest http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == tokenPath {
			write(w, `{"access_token":%q,"expires_in":7200}`, token)
			return
		}
		rest(w, r)
	})
}

func write(w io.Writer, format string, args ...any) {
	_, _ = fmt.Fprintf(w, format, args...)
}

func TestNothingSecretIsInAnErrorOrTheLog(t *testing.T) {
	echo := func(r *http.Request) string {
		body, _ := io.ReadAll(r.Body)
		return fmt.Sprintf("%s %s %s %s", r.RequestURI, body, sessionKey, phone)
	}
	for name, platform := range map[string]http.Handler{
		"a refusal that repeats everything": tactless(func(w http.ResponseWriter, r *http.Request) {
			write(w, `{"errcode":40013,"errmsg":%q}`, echo(r)+" rid: 0123abcd-0123abcd-0123abcd")
		}),
		"a status with a page": tactless(func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusBadGateway)
			write(w, "%s", echo(r))
		}),
		"a redirect": tactless(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/elsewhere?"+r.URL.RawQuery+"&phone="+phone, http.StatusFound)
		}),
		"no JSON": tactless(func(w http.ResponseWriter, r *http.Request) { write(w, "%s", echo(r)) }),
		"JSON of other types": tactless(func(w http.ResponseWriter, _ *http.Request) {
			write(w, `{"session_key":%q,"openid":%s,"phone_info":{"phoneNumber":%s,"countryCode":%q}}`, sessionKey, phone, phone, phone)
		}),
		"a session without a person, a phone without a number": tactless(func(w http.ResponseWriter, _ *http.Request) {
			write(w, `{"session_key":%q,"phone_info":{"phoneNumber":%q,"countryCode":"86"}}`, sessionKey, phone)
		}),
		"a broken connection": tactless(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }),
		"no HTTP": tactless(func(w http.ResponseWriter, r *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				return
			}
			write(conn, "%s\r\n\r\n", echo(r))
			_ = conn.Close()
		}),
		"an answer without an end": tactless(func(w http.ResponseWriter, r *http.Request) {
			write(w, `{"openid":"o","x":"%s"}`, strings.Repeat(phone, 500_000)+r.RequestURI)
		}),
		"a token refused with the secret": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			write(w, `{"errcode":40125,"errmsg":%q,"access_token":%q}`, echo(r), token)
		}),
	} {
		t.Run(name, func(t *testing.T) {
			log := &journal{}
			client := dial(t, platform, wechat.Config{Log: slog.New(slog.NewTextHandler(log, nil))})
			session, errLogin := client.Login(t.Context(), loginText)
			number, errPhone := client.Phone(t.Context(), loginText)
			if !errors.Is(errLogin, wechat.ErrUnavailable) || !errors.Is(errPhone, wechat.ErrUnavailable) {
				t.Fatalf("got %v, %v", errLogin, errPhone)
			}
			if session != (wechat.Session{}) || number != "" {
				t.Errorf("an error beside %v, %q", session, number)
			}
			said := fmt.Sprintf("%v\n%+v\n%#v\n%v\n%+v\n%s", errLogin, errLogin, errors.Unwrap(errLogin), errPhone, errPhone, log)
			wantNoSecret(t, said)
		})
	}
}

func wantNoSecret(t *testing.T, said string) {
	t.Helper()
	for _, hidden := range []string{secret, "s3cret", token, loginText, sessionKey, phone, "http://"} {
		if strings.Contains(said, hidden) {
			t.Errorf("%q is in %s", hidden, said)
		}
	}
}

func TestAPlatformThatIsNotThereIsNamedWithoutItsAddress(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	log := &journal{}
	client, err := wechat.New(wechat.Config{AppID: appID, Secret: secret, BaseURL: server.URL,
		Log: slog.New(slog.NewTextHandler(log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.Login(t.Context(), loginText)
	if !errors.Is(err, wechat.ErrUnavailable) || !strings.Contains(log.String(), "cannot be reached") {
		t.Errorf("got %v, logged %s", err, log)
	}
	wantNoSecret(t, err.Error()+log.String())
}

func TestTheLogSaysWhatTheOperatorCanDo(t *testing.T) {
	o := open(t)
	o.fail(t, standin.Fault{Path: loginPath, Errcode: 40164})
	_, err := o.Login(t.Context(), o.platform.LoginCode(openID))
	for _, want := range []string{"errcode 40164", "not on the mini-program's list", "rid "} {
		if !strings.Contains(log(o), want) {
			t.Errorf("%q is not in %s", want, log(o))
		}
	}
	if !errors.Is(err, wechat.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
}

func log(o office) string { return o.log.String() }
