package server_test

import (
	"net/http"
	"strings"
	"testing"
	"unicode"

	"gongdi/api"
	"gongdi/api/apitest"
	"gongdi/service/store/dbtest"
)

func TestWhatIsNoCallIsAProblemToo(t *testing.T) {
	h := apitest.SQLite(t)
	token := h.Resident("r")
	for _, c := range []struct {
		name, method, path string
		body               any
		header             []string
		status             int
		code               string
	}{
		{"an unknown address", http.MethodGet, "/api/v1/nothing", nil, nil, 404, "not_found"},
		{"an unknown method", http.MethodPatch, "/api/v1/motions", nil, nil, 405, "method_not_allowed"},
		{"a torn query", http.MethodGet, "/api/v1/estates?q=%ff", nil, nil, 400, "bad_request"},
		{"a torn path", http.MethodGet, "/api/v1/motions/%00", nil, nil, 400, "bad_request"},
		{"half a body", http.MethodPost, "/api/v1/auth/wechat", `{"code":`, nil, 400, "bad_request"},
		{"bytes that are no text", http.MethodPost, "/api/v1/auth/wechat", "{\"code\":\"\xff\"}", nil, 400, "bad_request"},
		{"a wrong type", http.MethodPost, "/api/v1/auth/wechat", `{"code":5}`, nil, 422, "invalid_request"},
		{"an unknown member", http.MethodPost, "/api/v1/auth/wechat", `{"code":"x","cood":"x"}`, nil, 422, "invalid_request"},
		{"too much", http.MethodPost, "/api/v1/auth/wechat", strings.Repeat(" ", 300<<10), nil, 413, "too_large"},
		{"another format", http.MethodPost, "/api/v1/auth/wechat", `<x/>`, []string{"Content-Type", "application/xml"}, 400, "content_type_unsupported"},
		{"a page before the first", http.MethodGet, "/api/v1/motions?page=0", nil, nil, 422, "invalid_request"},
		{"a page of too many", http.MethodGet, "/api/v1/motions?page_size=201", nil, nil, 422, "invalid_request"},
		{"a key that cannot be one", http.MethodPut, "/api/v1/motions/m/ballots/v", `{}`, []string{"Idempotency-Key", strings.Repeat("k", 200)}, 404, "not_found"},
	} {
		t.Run(c.name, func(t *testing.T) {
			answer := h.Do(c.method, token, c.path, c.body, c.header...)
			answer.T = t
			answer.Code(c.status, c.code)
			if got := answer.Header.Get("Content-Type"); got != "application/problem+json" {
				t.Error(got)
			}
			for _, member := range []string{"type", "title", "status", "detail", "code"} {
				if _, ok := answer.Body[member]; !ok {
					t.Errorf("no %s in %s", member, answer.Raw)
				}
			}
			places, _ := answer.Body["errors"].([]any)
			for _, place := range places {
				if said := place.(map[string]any)["message"].(string); !strings.ContainsFunc(said, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
					t.Errorf("%q is for no person here", said)
				}
			}
		})
	}
}

func TestAnAnswerIsGuarded(t *testing.T) {
	h := apitest.SQLite(t)
	answer := h.Get("", "/api/v1/public/privacy").Want(http.StatusOK)
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer",
	} {
		if got := answer.Header.Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if answer.Header.Get("X-Request-Id") == "" {
		t.Error("no request id")
	}
}

func TestHealth(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		h.Get("", "/healthz").Want(http.StatusOK)
		h.Get("", "/readyz").Want(http.StatusOK)
		apitest.Check(t, h.DB.Close())
		h.Get("", "/readyz").Code(http.StatusServiceUnavailable, "not_ready")
		h.Get("", "/healthz").Want(http.StatusOK)
	})
}

func TestWhoeverAsksTooOftenIsToldWhenToTryAgain(t *testing.T) {
	h := apitest.Open(t, dbtest.SQLite(t), api.NewLocalLimits(2))
	var refused apitest.Answer
	for range 20 {
		if a := h.Get("", "/api/v1/public/privacy"); a.Status != http.StatusOK {
			refused = a
		}
	}
	refused.T = t
	refused.Code(http.StatusTooManyRequests, "rate_limited")
	if refused.Header.Get("Retry-After") == "" {
		t.Error("does not say when")
	}
	h.Do(http.MethodGet, "another", "/api/v1/motions", nil).Want(http.StatusUnauthorized)
}
