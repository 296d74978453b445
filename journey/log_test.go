package journey

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"gongdi/api/apitest"
	"gongdi/model"
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
