package staff_test

import (
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gongdi/api/apitest"
	"gongdi/model"
	"gongdi/service/identity"
)

// authenticator is a phone that shows the codes of one secret.
type authenticator struct {
	h      *apitest.House
	secret string
}

func (a authenticator) code(after time.Duration) string {
	code, err := identity.TOTPAt(a.secret, a.h.Now().Add(after))
	apitest.Check(a.h.T, err)
	return code
}

// member is an account with its username, logged in.
func memberOf(h *apitest.House, username string, role model.Role) (token, id string) {
	h.T.Helper()
	made, err := h.Identity.CreateStaff(h.T.Context(), identity.Console, identity.NewStaff{
		Username: username, Role: role, AreaCode: apitest.Street, Password: apitest.Password,
	})
	apitest.Check(h.T, err)
	return enterWith(h, username, "").Want(200).Text("token"), made.ID
}

func enterWith(h *apitest.House, username, code string) apitest.Answer {
	body := map[string]any{"username": username, "password": apitest.Password}
	if code != "" {
		body["totp"] = code
	}
	return h.Post("", "/api/v1/staff/session", body)
}

func enrol(h *apitest.House, token string) (authenticator, []any) {
	h.T.Helper()
	offered := h.Post(token, "/api/v1/staff/totp", map[string]any{"password": apitest.Password}).Want(200)
	phone := authenticator{h, offered.Text("secret")}
	if !strings.HasPrefix(offered.Text("uri"), "otpauth://totp/") || !strings.Contains(offered.Text("uri"), phone.secret) {
		h.T.Errorf("%s", offered.Raw)
	}
	h.Post(token, "/api/v1/staff/totp/confirm", map[string]any{"code": "000000"}).Code(422, "totp_code_wrong")
	codes := h.Post(token, "/api/v1/staff/totp/confirm", map[string]any{"code": phone.code(0)}).Want(200).Items("recovery_codes")
	return phone, codes
}

func TestTheSecondFactorIsAskedForAndServesOnce(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		token, _ := memberOf(h, "chief", model.RoleStreet)
		h.Post(token, "/api/v1/staff/totp/confirm", map[string]any{"code": "123456"}).Code(409, "totp_not_offered")
		h.Post(token, "/api/v1/staff/totp", map[string]any{"password": "wrong-one-2026"}).Code(422, "password_wrong")
		phone, recovery := enrol(h, token)
		h.Post(token, "/api/v1/staff/totp", map[string]any{"password": apitest.Password}).Code(409, "totp_enrolled")

		enterWith(h, "chief", "").Code(401, "totp_required")
		enterWith(h, "chief", phone.code(0)).Code(401, "credentials_invalid") // the one that confirmed it
		enterWith(h, "chief", phone.code(30*time.Second)).Want(200)           // a clock half a minute ahead
		enterWith(h, "chief", phone.code(30*time.Second)).Code(401, "credentials_invalid")
		enterWith(h, "chief", phone.code(-30*time.Second)).Code(401, "credentials_invalid") // an older one, seen over a shoulder
		h.Wait(2 * time.Minute)
		enterWith(h, "chief", phone.code(90*time.Second)).Code(401, "credentials_invalid")
		enterWith(h, "chief", phone.code(0)).Want(200)

		h.Wait(time.Minute)
		var in atomic.Int32
		var tries sync.WaitGroup
		for range 8 { // the same code from eight places
			tries.Go(func() {
				if enterWith(h, "chief", phone.code(0)).Status == http.StatusOK {
					in.Add(1)
				}
			})
		}
		tries.Wait()
		if in.Load() != 1 {
			t.Errorf("one code let %d in", in.Load())
		}
		h.Wait(20 * time.Minute)
		lost, _ := recovery[0].(string)
		enterWith(h, "chief", " "+strings.ToUpper(lost)).Want(200)
		enterWith(h, "chief", lost).Code(401, "credentials_invalid")
		h.Wait(time.Minute)
		fresh := enterWith(h, "chief", phone.code(0)).Want(200).Text("token")
		h.Post(fresh, "/api/v1/staff/totp/drop", map[string]any{"password": apitest.Password, "code": "000000"}).Code(422, "totp_code_wrong")
		h.Wait(time.Minute)
		h.Post(fresh, "/api/v1/staff/totp/drop", map[string]any{"password": apitest.Password, "code": phone.code(0)}).Want(204)
		enterWith(h, "chief", "").Want(200)
	})
}

func TestWrongCodesLockLikeWrongPasswords(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		token, id := memberOf(h, "chief", model.RoleStreet)
		phone, _ := enrol(h, token)
		for range 10 {
			enterWith(h, "chief", "000000").Code(401, "credentials_invalid")
		}
		h.Wait(time.Minute)
		enterWith(h, "chief", phone.code(0)).Code(429, "account_locked")
		h.Wait(15 * time.Minute)
		enterWith(h, "chief", phone.code(0)).Want(200)
		admin := h.Staff(model.RoleAdmin, apitest.Street)
		h.Post(admin, "/api/v1/staff/accounts/"+id+"/reset-totp", map[string]any{"reason": "手机丢失"}).Want(200)
		again := enterWith(h, "chief", "").Want(200).Text("token")
		enrol(h, again)
		for range 10 { // who has the phone of somebody logged in
			h.Post(again, "/api/v1/staff/totp/drop", map[string]any{"password": apitest.Password, "code": "000000"}).Code(422, "totp_code_wrong")
		}
		h.Post(again, "/api/v1/staff/totp/drop", map[string]any{"password": apitest.Password, "code": "000000"}).Code(429, "account_locked")
	})
}

func TestWhereItIsRequiredAnAccountWithoutItCanOnlyEnrol(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		h.Identity.RequireTOTP = true
		token, _ := memberOf(h, "chief", model.RoleStreet)
		for _, path := range []string{"/api/v1/staff/estates", "/api/v1/staff/motions", "/api/v1/staff/areas"} {
			h.Get(token, path).Code(403, "totp_enrolment_required")
		}
		h.Get(token, "/api/v1/staff/session").Want(200)
		enrol(h, token)
		h.Get(token, "/api/v1/staff/areas").Want(200)
	})
}
