// Package apitest runs the whole server for tests: the real router over a real
// database, with the stand-in for the platform and a clock that tests turn.
package apitest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gongdi/api"
	"gongdi/api/server"
	"gongdi/config"
	"gongdi/model"
	"gongdi/service/files"
	"gongdi/service/identity"
	"gongdi/service/store"
	"gongdi/service/store/dbtest"
	"gongdi/service/vault"
	"gongdi/service/wechat"
	"gongdi/service/wechat/standin"
)

// Street is the area that every test server knows.
const Street = "520523001"

// Password of every account that Staff makes.
const Password = "Gu-Chang-2026!" //nolint:gosec // of accounts that live as long as a test

// AESKey of every test server's pushes.
const AESKey = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"

// House is a running server and what surrounds it.
type House struct {
	*server.Server
	T      testing.TB
	URL    string
	Wechat *standin.Platform
	// KeyFile opens what is sealed in the house's database.
	KeyFile     string
	FilesFolder string
	Vault       *vault.Vault
	clock       atomic.Int64 // nanoseconds ahead of the real one
}

// Each opens a house on every engine that is there.
func Each(t *testing.T, test func(t *testing.T, h *House)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, db *store.DB) { test(t, Open(t, db, nil)) })
}

// SQLite opens a house on the embedded engine alone.
func SQLite(t testing.TB) *House { return Open(t, dbtest.SQLite(t), nil) }

// Open opens a house on a database, with the limits that are given.
func Open(t testing.TB, db *store.DB, limits api.Limiter) *House {
	t.Helper()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	h := &House{T: t}
	settings := config.Settings{
		Env: config.Development, Area: Street + " 鼓场街道", County: "520523 金沙县", NoticeDays: 15, CountingDays: 3, BuiltUntil: 2000,
		Wechat: config.Wechat{AppID: "wx-test", Secret: "secret", Token: "token", AESKey: AESKey},
	}
	h.Wechat = standin.New(standin.Config{AppID: "wx-test", Secret: "secret", Token: "token", AESKey: AESKey, Now: h.Now})
	t.Cleanup(h.Wechat.Close)
	platform := httptest.NewServer(h.Wechat)
	t.Cleanup(platform.Close)
	client, err := wechat.New(wechat.Config{AppID: "wx-test", Secret: "secret", BaseURL: platform.URL, Now: h.Now})
	Check(t, err)
	h.KeyFile = filepath.Join(t.TempDir(), "data.key")
	h.Vault, err = vault.Open(h.KeyFile, true)
	Check(t, err)
	h.FilesFolder = t.TempDir()
	folder, err := files.OpenFolder("file:" + h.FilesFolder)
	Check(t, err)
	t.Cleanup(func() { Check(t, folder.Close()) })
	h.Server, err = server.New(context.Background(), server.Options{
		Settings: settings, DB: db, Files: folder, Vault: h.Vault, Platform: client, Limits: limits, Now: h.Now,
	})
	Check(t, err)
	h.Identity.Cost = identity.Cost{MemoryKiB: 64, Passes: 1, Lanes: 1} // tests hash often
	Check(t, h.Identity.SeedAreas(context.Background(),
		identity.Place{Code: "520523", Name: "金沙县"}, identity.Place{Code: Street, Name: "鼓场街道"}))
	web := httptest.NewServer(h.API.Handler())
	t.Cleanup(web.Close)
	h.URL, h.Safety.Public = web.URL, web.URL
	Check(t, h.Wechat.PushTo(context.Background(), h.URL+"/api/v1/public/wechat/push"))
	return h
}

// Now is the house's clock.
func (h *House) Now() time.Time { return time.Now().Add(time.Duration(h.clock.Load())) }

// Wait turns the clock forward.
func (h *House) Wait(d time.Duration) { h.clock.Add(int64(d)) }

// Check ends the test on an error.
func Check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Staff makes an account and logs it in.
func (h *House) Staff(role model.Role, area string) (token string) {
	h.T.Helper()
	username := strings.ToLower(string(role)) + "-" + store.NewID()
	_, err := h.Identity.CreateStaff(context.Background(), identity.Console, identity.NewStaff{
		Username: username, Role: role, AreaCode: area, Name: "测试", Password: Password,
	})
	Check(h.T, err)
	answer := h.Post("", "/api/v1/staff/session", map[string]any{"username": username, "password": Password})
	answer.Want(http.StatusOK)
	return answer.Text("token")
}

// Resident logs an openid in.
func (h *House) Resident(openID string) (token string) {
	h.T.Helper()
	answer := h.Post("", "/api/v1/auth/wechat", map[string]any{"code": h.Wechat.LoginCode(openID)})
	answer.Want(http.StatusOK)
	return answer.Text("token")
}

// Answer is what came back.
type Answer struct {
	T      testing.TB
	Status int
	Header http.Header
	Raw    []byte
	Body   map[string]any // of a JSON object
	List   []any          // of a JSON array
}

// Do sends a request; a body that is no reader is sent as JSON.
func (h *House) Do(method, token, path string, body any, header ...string) Answer {
	h.T.Helper()
	var content io.Reader
	switch b := body.(type) {
	case nil:
	case io.Reader:
		content = b
	case string:
		content = strings.NewReader(b)
	default:
		text, err := json.Marshal(b)
		Check(h.T, err)
		content = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(context.Background(), method, h.URL+path, content)
	Check(h.T, err)
	if content != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	Check(h.T, err)
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	Check(h.T, err)
	answer := Answer{T: h.T, Status: response.StatusCode, Header: response.Header, Raw: raw}
	if strings.Contains(response.Header.Get("Content-Type"), "json") && len(raw) > 0 {
		var value any
		Check(h.T, json.Unmarshal(raw, &value))
		answer.Body, _ = value.(map[string]any)
		answer.List, _ = value.([]any)
	}
	return answer
}

// Get reads.
func (h *House) Get(token, path string) Answer {
	h.T.Helper()
	return h.Do(http.MethodGet, token, path, nil)
}

// Post writes.
func (h *House) Post(token, path string, body any) Answer {
	h.T.Helper()
	return h.Do(http.MethodPost, token, path, body)
}

// Put writes in place.
func (h *House) Put(token, path string, body any) Answer {
	h.T.Helper()
	return h.Do(http.MethodPut, token, path, body)
}

// Upload sends a file as a form.
func (h *House) Upload(token, path, name string, content []byte) Answer {
	h.T.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", name)
	Check(h.T, err)
	_, err = part.Write(content)
	Check(h.T, err)
	Check(h.T, w.Close())
	return h.Do(http.MethodPost, token, path, &form, "Content-Type", w.FormDataContentType())
}

// Want ends the test on another status.
func (a Answer) Want(status int) Answer {
	a.T.Helper()
	if a.Status != status {
		a.T.Fatalf("status %d, want %d: %s", a.Status, status, a.Raw)
	}
	return a
}

// Code ends the test unless it is this problem.
func (a Answer) Code(status int, code string) Answer {
	a.T.Helper()
	a.Want(status)
	if a.Body["code"] != code {
		a.T.Fatalf("code %v, want %s: %s", a.Body["code"], code, a.Raw)
	}
	return a
}

// At finds a value by its path: names of members, numbers of items.
func (a Answer) At(path ...any) any {
	a.T.Helper()
	var value any = a.Body
	for _, step := range path {
		switch s := step.(type) {
		case string:
			members, ok := value.(map[string]any)
			if !ok {
				a.T.Fatalf("no %v in %s", path, a.Raw)
			}
			value = members[s]
		case int:
			items, ok := value.([]any)
			if !ok || s >= len(items) {
				a.T.Fatalf("no %v in %s", path, a.Raw)
			}
			value = items[s]
		}
	}
	return value
}

// Text is At for a string.
func (a Answer) Text(path ...any) string {
	a.T.Helper()
	text, ok := a.At(path...).(string)
	if !ok {
		a.T.Fatalf("%v is no text in %s", path, a.Raw)
	}
	return text
}

// Number is At for a number.
func (a Answer) Number(path ...any) float64 {
	a.T.Helper()
	number, ok := a.At(path...).(float64)
	if !ok {
		a.T.Fatalf("%v is no number in %s", path, a.Raw)
	}
	return number
}

// Items is At for a list.
func (a Answer) Items(path ...any) []any {
	a.T.Helper()
	items, ok := a.At(path...).([]any)
	if !ok {
		a.T.Fatalf("%v is no list in %s", path, a.Raw)
	}
	return items
}
