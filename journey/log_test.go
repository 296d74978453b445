package journey

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"gongdi/api/apitest"
	"gongdi/model"
	"gongdi/service/identity"
)

// journal is a log that many write to.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(line []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(line)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// TestNobodyIsFoundInTheLog goes through the work of a day at the finest level
// of the log and searches it for everybody in the list, every phone, password,
// token and code.
func TestNobodyIsFoundInTheLog(t *testing.T) {
	h := apitest.SQLite(t)
	kept := &journal{}
	slog.SetDefault(slog.New(slog.NewJSONHandler(kept, &slog.HandlerOptions{Level: slog.LevelDebug})))
	t.Cleanup(func() { slog.SetDefault(slog.New(slog.DiscardHandler)) })
	secrets := append(people(t), apitest.Password, "某某某", "19900001234", "123456", "秘密的话")

	s := open(t, h)
	motion := s.put("临江花园", map[string]any{"paper_check": "double"})
	voter, home := homeOf(s.voters(motion)[0])
	resident := s.bind("a-secret-openid", home, "owner")
	code := h.Wechat.LoginCode("a-secret-openid")
	h.Post("", "/api/v1/auth/wechat", map[string]any{"code": code}).Want(200)
	h.Post("", "/api/v1/auth/wechat", map[string]any{"code": code}).Code(401, "wechat_code_invalid")
	h.Post(resident, "/api/v1/me/bindings", map[string]any{
		"property_id": home, "name": "某某某", "id_last6": "123456", "phone_code": h.Wechat.PhoneCode("a-secret-openid", "19900001234"),
		"relation": "owner", "privacy_version": h.Get("", "/api/v1/public/privacy").Text("version"),
	})
	h.Put(resident, "/api/v1/motions/"+motion+"/ballots/"+voter, map[string]any{"choice": "agree", "comment": "秘密的话"}).Want(200)
	h.Put(s.clerk, "/api/v1/staff/motions/"+motion+"/ballots/"+voter, map[string]any{
		"channel": "proxy", "choice": "oppose", "signed_on": h.Now().In(time.FixedZone("", 8*3600)).Format(time.DateOnly),
		"proxy": map[string]any{"agent": "某某某", "matter": "表决", "scope": "全部", "until": "2099-01-01"},
	}).Want(200)
	h.Post("", "/api/v1/staff/session", map[string]any{"username": "nobody", "password": "123456"}).Code(401, "credentials_invalid")
	h.Do(http.MethodPost, s.clerk, "/api/v1/staff/motions", `{"title":"秘密的话"`).Code(400, "bad_request")
	h.Upload(s.clerk, "/api/v1/staff/roster-imports", "某某某.xlsx", []byte("19900001234")).Code(422, "roster_unreadable")
	h.Get(h.Staff(model.RoleAuditor, apitest.Street), "/api/v1/staff/audit").Want(200)
	secrets = append(secrets, s.dayOfPapers(motion, voter, home)...)

	log := kept.String()
	if strings.Count(log, "\n") < 15 {
		t.Fatalf("the log has too little to search: %s", log)
	}
	for _, secret := range append(secrets, s.clerk, resident, code, "a-secret-openid") {
		if secret != "" && strings.Contains(log, secret) {
			t.Errorf("%q is in the log", secret)
		}
	}
}

// dayOfPapers is what else a day brings: a second factor, a linked WeChat,
// mandates, visits, objections, and somebody who reads their data and leaves.
// It gives what nobody may find.
func (s *street) dayOfPapers(motion, voter, home string) (secrets []string) {
	s.T.Helper()
	s.things(motion, voter, home)
	notice := s.publicity("临江花园", nil)
	owner := s.bind("another-openid", home, "owner")
	s.Post(owner, "/api/v1/notices/"+notice+"/objections", map[string]any{"property_id": home, "words": "秘密的话"})
	s.Post(owner, "/api/v1/notices/"+notice+"/suggestions", map[string]any{"words": "秘密的话"})
	s.Post(s.clerk, "/api/v1/staff/motions/"+motion+"/voters/"+voter+"/visits", map[string]any{"result": "met", "note": "秘密的话"}).Want(http.StatusCreated)
	s.Post(s.clerk, "/api/v1/staff/properties/"+home+"/reveal", map[string]any{"reason": "核对"}).Want(http.StatusOK)
	s.Get(s.clerk, "/api/v1/staff/search?q="+url.QueryEscape("秘密的话")).Want(http.StatusOK)
	s.Get(s.clerk, "/api/v1/staff/search?kind=person&q=19900000009").Want(http.StatusOK)
	s.Post(owner, "/api/v1/me/corrections", map[string]any{"property_id": home, "words": "秘密的话"}).Want(http.StatusCreated)
	s.Get(owner, "/api/v1/me/data").Want(http.StatusOK)
	link := s.Wechat.LoginCode("clerks-openid")
	s.Put(s.clerk, "/api/v1/staff/session/wechat", map[string]any{"code": link, "password": apitest.Password}).Want(http.StatusNoContent)
	secret := s.Post(s.clerk, "/api/v1/staff/totp", map[string]any{"password": apitest.Password}).Want(http.StatusOK).Text("secret")
	code, err := identity.TOTPAt(secret, s.Now())
	apitest.Check(s.T, err)
	recovery := s.Post(s.clerk, "/api/v1/staff/totp/confirm", map[string]any{"code": code}).Want(http.StatusOK).Text("recovery_codes", 0)
	s.Post(s.clerk, "/api/v1/staff/totp/drop", map[string]any{"password": apitest.Password, "code": recovery}).Want(http.StatusNoContent)
	s.Do(http.MethodDelete, owner, "/api/v1/me", nil).Want(http.StatusNoContent)
	for _, work := range []func(context.Context) error{s.Voting.SealDue, s.Identity.Tend, s.Notices.Deliver, s.Messages.Push, s.Keeping.Erase, s.Files.Sweep} {
		apitest.Check(s.T, work(context.Background()))
	}
	return []string{owner, link, secret, recovery, "another-openid", "clerks-openid", "19900000009", "19900000031"}
}

// FuzzBind sends anything as a request to be bound to a home.
func FuzzBind(f *testing.F) {
	h := apitest.SQLite(f)
	s := open(f, h)
	_, home := homeOf(s.voters(s.put("东门新村", nil))[0])
	version := h.Get("", "/api/v1/public/privacy").Text("version")
	whole := `{"property_id":"` + home + `","name":"某人","id_last6":"00000X","relation":"owner","privacy_version":"` + version + `"}`
	for _, body := range []string{whole, `{`, `null`, `{"property_id":5}`, strings.Replace(whole, "某人", `\u0000`, 1), strings.Replace(whole, "owner", "family", 1), strings.Replace(whole, "00000X", "０００００ｘ", 1)} {
		f.Add([]byte(body))
	}
	token := s.Resident("fuzz")
	f.Fuzz(func(t *testing.T, body []byte) {
		h.T = t
		a := h.Do(http.MethodPost, token, "/api/v1/me/bindings", bytes.NewReader(body))
		if a.Status >= 500 || a.Status != 201 && a.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%d %s", a.Status, a.Raw)
		}
	})
}
