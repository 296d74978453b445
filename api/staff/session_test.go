package staff_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"gongdi/api/apitest"
	"gongdi/model"
)

const session = "/api/v1/staff/session"

// hire lets an administrator make an account, and gives its id.
func hire(h *apitest.House, admin, username string, role model.Role) string {
	h.T.Helper()
	return h.Post(admin, "/api/v1/staff/accounts", map[string]any{
		"username": username, "password": apitest.Password, "role": role, "area": apitest.Street, "name": "孙测试",
	}).Want(http.StatusCreated).Text("id")
}

func enter(h *apitest.House, username, password string) apitest.Answer {
	h.T.Helper()
	return h.Post("", session, map[string]any{"username": username, "password": password})
}

// areas reads the tree, which is a list and no object.
func areas(h *apitest.House, token string) string {
	h.T.Helper()
	request, err := http.NewRequestWithContext(h.T.Context(), http.MethodGet, h.URL+"/api/v1/staff/areas", nil)
	apitest.Check(h.T, err)
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	apitest.Check(h.T, err)
	defer response.Body.Close()
	tree, err := io.ReadAll(response.Body)
	apitest.Check(h.T, err)
	return strings.TrimSpace(string(tree))
}

func TestAnOfficersFirstDay(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		admin := h.Staff(model.RoleAdmin, apitest.Street)
		id := hire(h, admin, "clerk", model.RoleCommunity)
		entered := enter(h, "clerk", apitest.Password).Want(http.StatusOK)
		if entered.Text("staff", "id") != id || entered.Text("staff", "role") != "community" || entered.Text("staff", "area") != apitest.Street {
			t.Errorf("got %s", entered.Raw)
		}
		token := entered.Text("token")
		h.Get(token, "/api/v1/staff/areas").Code(http.StatusForbidden, "password_change_required")
		h.Get(token, session).Want(http.StatusOK)
		change := func(old, password string) apitest.Answer {
			return h.Put(token, "/api/v1/staff/password", map[string]any{"old_password": old, "new_password": password})
		}
		change("Wrong-one-77", "Battery-staple-8").Code(http.StatusUnprocessableEntity, "old_password_wrong")
		change(apitest.Password, "12345678").Code(http.StatusUnprocessableEntity, "password_too_weak")
		change(apitest.Password, apitest.Password).Code(http.StatusUnprocessableEntity, "password_unchanged")
		change(apitest.Password, "Battery-staple-8").Want(http.StatusNoContent)
		if got, want := areas(h, token), `[{"code":"520523001","name":"鼓场街道","type":"street","children":[]}]`; got != want {
			t.Errorf("got %s", got)
		}
		h.Do(http.MethodDelete, token, session, nil).Want(http.StatusNoContent)
		h.Get(token, session).Code(http.StatusUnauthorized, "token_invalid")
	})
}

func TestTenWrongPasswordsLockWhateverIsTriedNext(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		hire(h, h.Staff(model.RoleAdmin, apitest.Street), "clerk", model.RoleStreet)
		for range 10 {
			enter(h, "clerk", "Wrong-one-77").Code(http.StatusUnauthorized, "credentials_invalid")
		}
		locked := enter(h, "clerk", apitest.Password).Code(http.StatusTooManyRequests, "account_locked")
		if locked.Header.Get("Retry-After") == "" {
			t.Error("nothing says when to try again")
		}
		h.Wait(15 * time.Minute)
		enter(h, "clerk", apitest.Password).Want(http.StatusOK)
	})
}

func TestAnIdleOfficerIsLoggedOut(t *testing.T) {
	h := apitest.SQLite(t)
	token := h.Staff(model.RoleStreet, apitest.Street)
	h.Wait(31 * time.Minute)
	h.Get(token, session).Code(http.StatusUnauthorized, "token_invalid")
}

func TestAnAdministratorKeepsTheAccounts(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		admin := h.Staff(model.RoleAdmin, apitest.Street)
		id := hire(h, admin, "clerk", model.RoleStreet)
		account := "/api/v1/staff/accounts/" + id
		token := enter(h, "clerk", apitest.Password).Want(http.StatusOK).Text("token")

		h.Post(admin, "/api/v1/staff/accounts", map[string]any{"username": "CLERK", "password": apitest.Password, "role": "street", "area": apitest.Street}).
			Code(http.StatusConflict, "username_taken")
		h.Post(admin, "/api/v1/staff/accounts", map[string]any{"username": "other", "password": apitest.Password, "role": "street", "area": "520523"}).
			Code(http.StatusUnprocessableEntity, "invalid_request")
		h.Post(admin, "/api/v1/staff/accounts", map[string]any{"username": "other", "password": apitest.Password, "role": "king", "area": apitest.Street}).
			Code(http.StatusUnprocessableEntity, "invalid_request")

		list := h.Get(admin, "/api/v1/staff/accounts").Want(http.StatusOK)
		if list.Number("total") != 2 || strings.Contains(string(list.Raw), "argon2id") {
			t.Errorf("got %s", list.Raw)
		}
		disabled := h.Post(admin, account+"/disable", map[string]any{"reason": "离职"}).Want(http.StatusOK)
		if disabled.Body["disabled_at"] == nil {
			t.Errorf("got %s", disabled.Raw)
		}
		h.Get(token, session).Code(http.StatusUnauthorized, "token_invalid")
		enter(h, "clerk", apitest.Password).Code(http.StatusUnauthorized, "credentials_invalid")
		h.Post(admin, account+"/restore", map[string]any{"reason": "返岗"}).Want(http.StatusOK)
		h.Post(admin, account+"/password", map[string]any{"password": "weak"}).Code(http.StatusUnprocessableEntity, "password_too_weak")
		h.Post(admin, account+"/password", map[string]any{"password": "Battery-staple-8"}).Want(http.StatusOK)
		if reset := enter(h, "clerk", "Battery-staple-8").Want(http.StatusOK); reset.At("staff", "must_change_password") != true {
			t.Errorf("got %s", reset.Raw)
		}
		own := h.Get(admin, session).Want(http.StatusOK).Text("id")
		h.Post(admin, "/api/v1/staff/accounts/"+own+"/disable", map[string]any{"reason": "误点"}).Code(http.StatusConflict, "own_account")
		h.Get(h.Staff(model.RoleAdmin, "520523"), account).Want(http.StatusOK)
		h.Get(admin, "/api/v1/staff/accounts/nobody").Code(http.StatusNotFound, "not_found")
	})
}

func TestAnAccountOfAnotherAreaIsNotThere(t *testing.T) {
	h := apitest.SQLite(t)
	above := h.Get(h.Staff(model.RoleCounty, "520523"), session).Want(http.StatusOK).Text("id")
	admin := h.Staff(model.RoleAdmin, apitest.Street)
	h.Get(admin, "/api/v1/staff/accounts/"+above).Code(http.StatusNotFound, "not_found")
	h.Post(admin, "/api/v1/staff/accounts/"+above+"/disable", "{").Code(http.StatusNotFound, "not_found")
}

func TestTheAuditLogIsForAuditors(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		admin, auditor := h.Staff(model.RoleAdmin, apitest.Street), h.Staff(model.RoleAuditor, apitest.Street)
		id := hire(h, admin, "clerk", model.RoleStreet)
		h.Get(admin, "/api/v1/staff/audit").Code(http.StatusForbidden, "forbidden")
		made := h.Get(auditor, "/api/v1/staff/audit?object_type=staff&object_id="+id).Want(http.StatusOK)
		if made.Number("total") != 1 || made.Text("items", 0, "action") != "accounts.manage.create" || made.At("items", 0, "sound") != true ||
			made.Text("items", 0, "request_id") == "" {
			t.Errorf("got %s", made.Raw)
		}
		refused := h.Get(auditor, "/api/v1/staff/audit?outcome=refused&action=audit.read").Want(http.StatusOK)
		if refused.Number("total") != 1 || refused.Text("items", 0, "code") != "forbidden" {
			t.Errorf("got %s", refused.Raw)
		}
		h.Get(auditor, "/api/v1/staff/audit?from=yesterday").Code(http.StatusUnprocessableEntity, "invalid_request")
		if strings.Contains(string(h.Get(auditor, "/api/v1/staff/audit").Raw), "孙测试") {
			t.Error("a name is in the audit log")
		}
	})
}
