package journey

import (
	"testing"
	"time"

	"gongdi/api/apitest"
	"gongdi/model"
)

// TestAChildFarAwayCastsForAParent goes the way of a grant with two phones.
func TestAChildFarAwayCastsForAParent(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		motion := s.put("临江花园", map[string]any{"kind": "ordinary", "subject": "scheme", "include_uses": []string{}, "live_tally": "full"})
		voters := s.voters(motion)
		voter, home := homeOf(voters[0])
		parent := s.bind("parent", home, "owner")
		_, elsewhere := homeOf(s.voters(s.put("石岭小区", nil))[0])
		child := s.bind("child", elsewhere, "owner")
		path := "/api/v1/motions/" + motion + "/ballots/" + voter
		s.Put(child, path, map[string]any{"choice": "agree"}).Code(403, "not_your_ballot")
		asked := map[string]any{"voter_id": voter, "motion_id": motion, "until": h.Now().Add(time.Hour)}
		first := s.Do("POST", parent, "/api/v1/me/grants", asked, "Idempotency-Key", "g").Want(201)
		again := s.Do("POST", parent, "/api/v1/me/grants", asked, "Idempotency-Key", "g").Want(201)
		if first.Text("token") == "" || first.Text("token") != again.Text("token") || first.Text("status") != "offered" {
			t.Errorf("%s then %s", first.Raw, again.Raw)
		}
		s.Post(parent, "/api/v1/grants/"+first.Text("token")+"/accept", nil).Code(409, "own_grant")
		s.Post(child, "/api/v1/grants/none/accept", nil).Code(404, "not_found")
		s.Post(child, "/api/v1/grants/"+first.Text("token")+"/accept", nil).Want(200)
		mine := s.Get(child, "/api/v1/motions/"+motion).Want(200)
		if mine.Text("my_ballots", 0, "voter_id") != voter {
			t.Errorf("%s", mine.Raw)
		}
		s.Put(child, path, map[string]any{"choice": "agree"}).Want(200)
		door := s.Get(s.clerk, "/api/v1/staff/motions/"+motion+"/voters?status=proxy").Want(200)
		if door.Number("total") != 1 || door.Text("items", 0, "participation") != "proxy" {
			t.Errorf("%s", door.Raw)
		}
		s.Do("DELETE", parent, "/api/v1/me/grants/"+first.Text("id"), nil).Code(409, "grant_used")
		s.Do("DELETE", s.bind("stranger", elsewhere, "tenant"), "/api/v1/me/grants/"+first.Text("id"), nil).Code(404, "not_found")
		s.Put(parent, path, map[string]any{"choice": "oppose"}).Want(200)
		s.Put(child, path, map[string]any{"choice": "agree"}).Code(409, "owner_has_answered")
		if got := s.Get(parent, "/api/v1/me/grants").Want(200); got.Text("items", 0, "as") != "principal" || got.At("items", 0, "used") != true {
			t.Errorf("%s", got.Raw)
		}
		s.Post(parent, "/api/v1/me/grants", map[string]any{"voter_id": "none", "until": h.Now().Add(time.Hour)}).Code(422, "invalid_request")
		s.Post(parent, "/api/v1/me/grants", map[string]any{"voter_id": voter, "until": h.Now().Add(-time.Hour)}).Code(422, "grant_period")
	})
}

func TestCoOwnersDifferAndAgree(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		motion := s.put("临江花园", map[string]any{"demand_proof": "in_person"})
		voter, home := homeOf(s.voters(motion)[0])
		husband, wife := s.bind("husband", home, "owner"), s.bind("wife", home, "owner")
		path, staff := "/api/v1/motions/"+motion+"/ballots/"+voter, "/api/v1/staff/motions/"+motion
		s.Post(wife, path+"/dispute", map[string]any{"reason": "没有商量"}).Code(409, "nothing_to_dispute")
		s.Put(husband, path, map[string]any{"choice": "agree"}).Want(200)
		s.Post(husband, path+"/dispute", map[string]any{"reason": "没有商量"}).Code(409, "own_ballot")
		s.Post(wife, path+"/dispute", map[string]any{"reason": "没有商量"}).Want(201)
		s.Put(husband, path, map[string]any{"choice": "agree"}).Code(409, "ballot_disputed")
		listed := s.Get(s.clerk, staff+"/disputes").Want(200)
		settle := staff + "/disputes/" + listed.Text("items", 0, "id") + "/settle"
		today := h.Now().In(time.FixedZone("", 8*3600)).Format(time.DateOnly)
		s.Post(s.clerk, staff+"/disputes/none/settle", "{").Code(404, "not_found")
		s.Post(s.clerk, settle, map[string]any{"by": "shares", "shares": []int{1, 2}, "choice": "oppose", "signed_on": today}).Code(422, "shares_too_few")
		s.Post(s.clerk, settle, map[string]any{"by": "agreement", "choice": "oppose", "signed_on": today}).Want(200)
		s.Put(wife, path, map[string]any{"choice": "agree"}).Code(409, "ballot_settled")
		s.Do("DELETE", wife, path+"/dispute", nil).Code(409, "dispute_ended")
		if got := s.Get(h.Staff(model.RoleStreet, apitest.Street), staff+"/disputes").Want(200); got.Text("items", 0, "status") != "settled" {
			t.Errorf("%s", got.Raw)
		}
	})
}

// TestAPowerOfAttorneyOnPaper is for an owner without a phone.
func TestAPowerOfAttorneyOnPaper(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		motion := s.put("临江花园", map[string]any{"kind": "ordinary", "subject": "scheme"})
		voter, _ := homeOf(s.voters(motion)[0])
		_, elsewhere := homeOf(s.voters(s.put("石岭小区", nil))[0])
		picture := func() string { return s.Upload(s.clerk, "/api/v1/staff/files", "a.png", photo(t)).Want(201).Text("id") }
		asked := func(phone string) map[string]any {
			return map[string]any{
				"voter_id": voter, "motion_id": motion, "principal": "某某", "agent": "某某某", "agent_phone": phone,
				"scope": "代为表决", "until": h.Now().Add(time.Hour), "file_ids": []string{picture()},
			}
		}
		s.Post(s.clerk, "/api/v1/staff/grants", asked("12")).Code(422, "invalid_request")
		id := s.Post(s.clerk, "/api/v1/staff/grants", asked("19900000009")).Want(201).Text("id")
		path := "/api/v1/staff/grants/" + id
		s.Post(s.clerk, path+"/approve", nil).Code(403, "own_grant_entry")
		colleague := h.Staff(model.RoleStreet, apitest.Street)
		s.Post(colleague, path+"/approve", nil).Code(409, "agent_unknown")
		agent := h.Resident("agent")
		h.Post(agent, "/api/v1/me/bindings", map[string]any{
			"property_id": elsewhere, "name": "某某某", "relation": "family", "phone_code": h.Wechat.PhoneCode("agent", "19900000009"),
			"privacy_version": h.Get("", "/api/v1/public/privacy").Text("version"),
		}).Want(201)
		ballot := "/api/v1/motions/" + motion + "/ballots/" + voter
		s.Put(agent, ballot, map[string]any{"choice": "agree"}).Code(403, "not_your_ballot")
		s.Post(colleague, path+"/approve", nil).Want(200)
		s.Post(colleague, path+"/approve", nil).Code(409, "grant_decided")
		listed := s.Get(colleague, "/api/v1/staff/grants?status=active").Want(200)
		if listed.Text("items", 0, "principal") != "某某" || len(listed.Items("items", 0, "file_ids")) != 1 {
			t.Errorf("%s", listed.Raw)
		}
		s.Get(colleague, path+"/files/"+listed.Text("items", 0, "file_ids", 0)).Want(200)
		s.Get(h.Staff(model.RoleCommunity, apitest.Street+"002"), path+"/files/x").Code(404, "not_found")
		s.Put(agent, ballot, map[string]any{"choice": "agree"}).Want(200)
		s.Post(colleague, path+"/reject", map[string]any{"reason": "本人撤回"}).Code(409, "grant_used")
		second := s.Post(s.clerk, "/api/v1/staff/grants", asked("19900000009")).Want(201).Text("id")
		s.Post(colleague, "/api/v1/staff/grants/"+second+"/reject", map[string]any{"reason": "签名不符"}).Want(200)
	})
}
