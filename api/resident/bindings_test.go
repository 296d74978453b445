package resident_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"gongdi/api/apitest"
	"gongdi/model"
	"gongdi/service/roster"
)

// street imports the template's examples and gives a clerk's token.
func street(t *testing.T, h *apitest.House) (staff string) {
	t.Helper()
	var list bytes.Buffer
	apitest.Check(t, roster.Template(&list))
	staff = h.Staff(model.RoleStreet, apitest.Street)
	h.Upload(staff, "/api/v1/staff/roster-imports", "名册.xlsx", list.Bytes()).Want(http.StatusCreated)
	return staff
}

// doorOf finds a home as a resident does.
func doorOf(t *testing.T, h *apitest.House, token, room string) string {
	t.Helper()
	estate := h.Get(token, "/api/v1/estates?q=示例").Want(http.StatusOK).Text("items", 0, "id")
	homes := h.Get(token, "/api/v1/estates/"+estate+"/properties?building=1号楼").Want(http.StatusOK)
	for i := range homes.Items("items") {
		if homes.Text("items", i, "room") == room {
			return homes.Text("items", i, "id")
		}
	}
	t.Fatalf("no home %s in %s", room, homes.Raw)
	return ""
}

func asked(h *apitest.House, property, name, last6 string) map[string]any {
	version := h.Get("", "/api/v1/public/privacy").Want(http.StatusOK).Text("version")
	return map[string]any{"property_id": property, "name": name, "id_last6": last6, "relation": "owner", "privacy_version": version}
}

func TestFindingOnesHomeTellsNothingOfOwners(t *testing.T) {
	h := apitest.SQLite(t)
	street(t, h)
	token := h.Resident("openid-li")
	estate := h.Get(token, "/api/v1/estates").Want(http.StatusOK)
	homes := h.Get(token, "/api/v1/estates/"+estate.Text("items", 0, "id")+"/properties").Want(http.StatusOK)
	if homes.Number("total") != 3 || homes.Text("items", 0, "room") != "商铺1" || homes.Text("items", 0, "unit") != "" || homes.Text("items", 0, "use") != "commercial" ||
		homes.Text("items", 1, "label") != "1栋1单元101" || homes.Number("items", 1, "floor") != 1 {
		t.Errorf("got %s", homes.Raw)
	}
	for _, word := range []string{"某", "owner", "area", "document", "phone"} {
		if strings.Contains(string(homes.Raw), word) {
			t.Errorf("%q in %s", word, homes.Raw)
		}
	}
	h.Get(token, "/api/v1/estates/no-such-id/properties").Code(http.StatusNotFound, "not_found")
	h.Get(token, "/api/v1/estates?page_size=201").Code(http.StatusUnprocessableEntity, "invalid_request")
}

func TestBindingAHome(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		street(t, h)
		token := h.Resident("openid-li")
		id := doorOf(t, h, token, "102")
		body := asked(h, id, "李某某", "010014")
		bound := h.Post(token, "/api/v1/me/bindings", body).Want(http.StatusCreated)
		if bound.Text("status") != "verified" || bound.Text("property_id") != id || bound.Text("relation") != "owner" {
			t.Errorf("got %s", bound.Raw)
		}
		if again := h.Post(token, "/api/v1/me/bindings", body).Want(http.StatusCreated); again.Text("id") != bound.Text("id") {
			t.Errorf("again %s", again.Raw)
		}
		me := h.Get(token, "/api/v1/me").Want(http.StatusOK)
		if len(me.Items("bindings")) != 1 || me.Text("bindings", 0, "status") != "verified" {
			t.Errorf("me %s", me.Raw)
		}
		byPhone := asked(h, id, "王某某", "")
		delete(byPhone, "id_last6")
		byPhone["phone_code"] = h.Wechat.PhoneCode("openid-wang", "08577230000")
		spouse := h.Resident("openid-wang")
		if a := h.Post(spouse, "/api/v1/me/bindings", byPhone).Want(http.StatusCreated); a.Text("status") != "verified" {
			t.Errorf("by the roster's phone: %s", a.Raw)
		}
		path := "/api/v1/me/bindings/" + bound.Text("id")
		h.Do(http.MethodDelete, spouse, path, nil).Code(http.StatusNotFound, "not_found")
		h.Do(http.MethodDelete, token, path, nil).Want(http.StatusNoContent)
		if n := h.Get(token, "/api/v1/me/bindings").Want(http.StatusOK).Number("total"); n != 0 {
			t.Errorf("%v ties after moving out", n)
		}
	})
}

func TestWhatDoesNotMatchIsNotTold(t *testing.T) {
	h := apitest.SQLite(t)
	street(t, h)
	token := h.Resident("openid-li")
	id := doorOf(t, h, token, "102")
	var shapes []string
	for _, try := range [][2]string{{"李某某", "000000"}, {"赵某某", "010014"}, {"赵某某", "000000"}} {
		a := h.Post(token, "/api/v1/me/bindings", asked(h, id, try[0], try[1])).Want(http.StatusCreated)
		shape := strings.NewReplacer(a.Text("id"), "", a.Text("created_at"), "").Replace(string(a.Raw))
		shapes = append(shapes, shape)
		if a.Text("status") != "pending" || shape != shapes[0] {
			t.Errorf("got %s", a.Raw)
		}
	}
	for name, body := range map[string]map[string]any{
		"privacy_not_accepted": {"property_id": id, "name": "李某某", "relation": "owner", "privacy_version": "0"},
		"invalid_request":      asked(h, "no-such-id", "李某某", "010014"),
	} {
		h.Post(token, "/api/v1/me/bindings", body).Code(http.StatusUnprocessableEntity, name)
	}
	for range 7 {
		h.Post(token, "/api/v1/me/bindings", asked(h, id, "李某某", "000000")).Want(http.StatusCreated)
	}
	refused := h.Post(token, "/api/v1/me/bindings", asked(h, doorOf(t, h, token, "101"), "张某某", "31002X")).Code(http.StatusTooManyRequests, "too_many_tries")
	if refused.Header.Get("Retry-After") == "" {
		t.Error("nothing says when to try again")
	}
}

func TestTheCommunityDecidesWhatIsPending(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		staff := street(t, h)
		token := h.Resident("openid-zhao")
		id := doorOf(t, h, token, "101")
		var ids []string
		for _, relation := range []string{"tenant", "family"} {
			body := asked(h, id, "赵某某", "")
			body["relation"] = relation
			delete(body, "id_last6")
			ids = append(ids, h.Post(h.Resident("openid-"+relation), "/api/v1/me/bindings", body).Want(http.StatusCreated).Text("id"))
		}
		waiting := h.Get(staff, "/api/v1/staff/bindings?status=pending").Want(http.StatusOK)
		if waiting.Number("total") != 2 || waiting.Text("items", 0, "name") != "赵某某" || waiting.At("items", 0, "owners", 0, "name_matches") != false {
			t.Errorf("got %s", waiting.Raw)
		}
		if strings.Contains(string(waiting.Raw), "张某某") {
			t.Error("the roster's side is not masked")
		}
		path := "/api/v1/staff/bindings/"
		h.Post(staff, path+ids[0]+"/reject", map[string]any{"reason": ""}).Code(http.StatusUnprocessableEntity, "invalid_request")
		if a := h.Post(staff, path+ids[0]+"/reject", map[string]any{"reason": "没有合同"}).Want(http.StatusOK); a.Text("status") != "rejected" {
			t.Errorf("got %s", a.Raw)
		}
		if a := h.Post(staff, path+ids[1]+"/verify", nil).Want(http.StatusOK); a.Text("status") != "verified" || a.Text("proof") != "in_person" {
			t.Errorf("got %s", a.Raw)
		}
		h.Post(staff, path+ids[1]+"/reject", map[string]any{"reason": "没有合同"}).Code(http.StatusConflict, "binding_decided")
		h.Post(staff, path+"no-such-id/verify", nil).Code(http.StatusNotFound, "not_found")
	})
}
