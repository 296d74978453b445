package staff_test

import (
	"testing"

	"gongdi/api/apitest"
	"gongdi/model"
)

func TestAMemberOfStaffLogsInWithLinkedWeChat(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		const path = "/api/v1/staff/session/wechat"
		enter := func(change map[string]any) apitest.Answer {
			body := map[string]any{"code": h.Wechat.LoginCode("clerk")}
			for k, v := range change {
				body[k] = v
			}
			return h.Post("", path, body)
		}
		enter(nil).Code(401, "wechat_not_linked")
		h.Post("", path, map[string]any{"code": "used"}).Code(401, "wechat_code_invalid")
		first, id := memberOf(h, "chief", model.RoleStreet)
		h.Put(first, path, map[string]any{"code": h.Wechat.LoginCode("clerk"), "password": "Somebody-else-7"}).Code(422, "password_wrong")
		enter(nil).Code(401, "wechat_not_linked")
		h.Put(first, path, map[string]any{"code": h.Wechat.LoginCode("clerk"), "password": apitest.Password}).Want(204)
		h.Put(first, path, map[string]any{"code": h.Wechat.LoginCode("clerk"), "password": apitest.Password}).Want(204) // tapped twice
		got := enter(nil).Want(200)
		if got.Text("staff", "id") != id || got.Text("staff", "role") != "street" {
			t.Errorf("%s", got.Raw)
		}
		h.Get(got.Text("token"), "/api/v1/staff/estates").Want(200)

		second, other := memberOf(h, "auditor", model.RoleAuditor)
		h.Put(second, path, map[string]any{"code": h.Wechat.LoginCode("clerk"), "password": apitest.Password}).Want(204)
		choose := enter(nil).Code(409, "choose_account")
		if len(choose.Items("accounts")) != 2 {
			t.Errorf("%s", choose.Raw)
		}
		if got := enter(map[string]any{"staff_id": other}).Want(200); got.Text("staff", "role") != "auditor" {
			t.Errorf("%s", got.Raw)
		}
		enter(map[string]any{"staff_id": "none"}).Code(401, "wechat_not_linked")

		phone, _ := enrol(h, first)
		enter(map[string]any{"staff_id": id}).Code(401, "totp_required")
		enter(map[string]any{"staff_id": id, "totp": "000000"}).Code(401, "credentials_invalid")
		enter(map[string]any{"staff_id": id, "totp": phone.code(30e9)}).Want(200)

		admin := h.Staff(model.RoleAdmin, apitest.Street)
		h.Post(admin, "/api/v1/staff/accounts/"+other+"/disable", map[string]any{"reason": "离职"}).Want(200)
		enter(map[string]any{"staff_id": other}).Code(401, "wechat_not_linked")
		h.Do("DELETE", first, path, nil).Want(204)
		enter(nil).Code(401, "wechat_not_linked")
	})
}
