package resident_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"gongdi/api/apitest"
	"gongdi/service/wechat/standin"
)

func TestLoggingInWithWechat(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		code := map[string]any{"code": h.Wechat.LoginCode("openid-li")}
		entered := h.Post("", "/api/v1/auth/wechat", code).Want(http.StatusOK)
		if !strings.HasSuffix(entered.Text("expires_at"), "+08:00") || entered.Text("resident", "id") == "" || entered.Text("resident", "nickname") == "" {
			t.Errorf("got %s", entered.Raw)
		}
		h.Post("", "/api/v1/auth/wechat", code).Code(http.StatusUnauthorized, "wechat_code_invalid")
		h.Post("", "/api/v1/auth/wechat", map[string]any{"code": "made up"}).Code(http.StatusUnauthorized, "wechat_code_invalid")
		h.Post("", "/api/v1/auth/wechat", map[string]any{}).Code(http.StatusUnprocessableEntity, "invalid_request")

		token := entered.Text("token")
		me := h.Get(token, "/api/v1/me").Want(http.StatusOK)
		if me.Text("id") != entered.Text("resident", "id") || me.Text("phone_masked") != "" || len(me.Items("bindings")) != 0 {
			t.Errorf("got %s", me.Raw)
		}
		h.Do(http.MethodDelete, token, "/api/v1/auth/session", nil).Want(http.StatusNoContent)
		h.Get(token, "/api/v1/me").Code(http.StatusUnauthorized, "token_invalid")
	})
}

func TestWithoutThePlatformNobodyLogsIn(t *testing.T) {
	h := apitest.SQLite(t)
	apitest.Check(t, h.Wechat.Fail(standin.Fault{Path: "/sns/jscode2session", Errcode: -1, Times: 10}))
	refused := h.Post("", "/api/v1/auth/wechat", map[string]any{"code": h.Wechat.LoginCode("openid-li")})
	refused.Code(http.StatusServiceUnavailable, "wechat_unavailable")
	if refused.Header.Get("Retry-After") == "" {
		t.Error("nothing says when to try again")
	}
}

func TestDevicesAreListedAndLoggedOut(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		lost, kept, theirs := h.Resident("openid-li"), h.Resident("openid-li"), h.Resident("openid-wang")
		list := h.Get(kept, "/api/v1/me/sessions").Want(http.StatusOK)
		if list.Number("total") != 2 {
			t.Fatalf("got %s", list.Raw)
		}
		for _, item := range list.Items("items") {
			session, ok := item.(map[string]any)
			if !ok || session["device"] == "" {
				t.Fatalf("got %s", list.Raw)
			}
			path := "/api/v1/me/sessions/" + session["id"].(string)
			h.Do(http.MethodDelete, theirs, path, nil).Code(http.StatusNotFound, "not_found")
			if session["current"] == false {
				h.Do(http.MethodDelete, kept, path, nil).Want(http.StatusNoContent)
			}
		}
		h.Get(lost, "/api/v1/me").Code(http.StatusUnauthorized, "token_invalid")
		h.Get(kept, "/api/v1/me").Want(http.StatusOK)
		h.Do(http.MethodDelete, kept, "/api/v1/me/sessions", nil).Want(http.StatusNoContent)
		h.Get(kept, "/api/v1/me").Code(http.StatusUnauthorized, "token_invalid")
		h.Get(theirs, "/api/v1/me").Want(http.StatusOK)
	})
}

func TestAResidentIsLoggedOutAfterThirtyDaysUnused(t *testing.T) {
	h := apitest.SQLite(t)
	token := h.Resident("openid-li")
	h.Wait(30 * 24 * time.Hour)
	h.Get(token, "/api/v1/me").Code(http.StatusUnauthorized, "token_invalid")
}
