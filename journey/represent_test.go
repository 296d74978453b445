package journey

import (
	"testing"
	"time"

	"gongdi/api/apitest"
	"gongdi/model"
	"gongdi/model/quantity"
)

// verifiedPhone is a resident whose phone the platform vouches for, and who
// asked for somebody else's home.
func (s *street) verifiedPhone(openID, phone, home string) string {
	s.T.Helper()
	token := s.Resident(openID)
	s.Post(token, "/api/v1/me/bindings", map[string]any{
		"property_id": home, "name": "某某某", "relation": "family", "phone_code": s.Wechat.PhoneCode(openID, phone),
		"privacy_version": s.Get("", "/api/v1/public/privacy").Text("version"),
	}).Want(201)
	return token
}

func (s *street) paperPicture(t testing.TB) string {
	return s.Upload(s.clerk, "/api/v1/staff/files", "a.png", photo(t)).Want(201).Text("id")
}

// TestAGuardianVotesInAChildsPlace goes through entry, approval by another,
// a vote on the phone, one on paper, and the end.
func TestAGuardianVotesInAChildsPlace(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		motion := s.put("临江花园", map[string]any{"live_tally": "full", "closes_at": h.Now().Add(99 * time.Hour), "count_until": h.Now().Add(100 * time.Hour)})
		voters := s.voters(motion)
		voter, home := homeOf(voters[0])
		_, elsewhere := homeOf(s.voters(s.put("石岭小区", nil))[0])
		guardian := s.verifiedPhone("guardian", "19900000011", elsewhere)
		asked := func(change map[string]any) map[string]any {
			body := map[string]any{
				"property_id": home, "basis": "guardian", "name": "监护某", "phone": "19900000011",
				"words": "产权人未满十八岁，监护人为其母，见户口簿", "file_ids": []string{s.paperPicture(t)},
			}
			for k, v := range change {
				body[k] = v
			}
			return body
		}
		all := "/api/v1/staff/representations"
		s.Post(s.clerk, all, asked(map[string]any{"property_id": "none"})).Code(422, "invalid_request")
		s.Post(s.clerk, all, asked(map[string]any{"owner_id": "none"})).Code(422, "invalid_request")
		s.Post(s.clerk, all, asked(map[string]any{"phone": "12"})).Code(422, "invalid_request")
		s.Post(s.clerk, all, asked(map[string]any{"until": h.Now().Add(-time.Hour)})).Code(422, "invalid_request")
		s.Post(s.clerk, all, asked(map[string]any{"file_ids": []string{}})).Code(422, "invalid_request")
		made := s.Post(s.clerk, all, asked(map[string]any{"until": h.Now().Add(24 * time.Hour)})).Want(201)
		path, ballot := all+"/"+made.Text("id"), "/api/v1/motions/"+motion+"/ballots/"+voter
		s.Put(guardian, ballot, map[string]any{"choice": "agree"}).Want(403)
		s.Post(s.clerk, path+"/approve", nil).Code(403, "own_representation")
		colleague := h.Staff(model.RoleStreet, apitest.Street)
		s.Post(colleague, path+"/approve", nil).Want(200)
		s.Post(colleague, path+"/approve", nil).Code(409, "representation_decided")
		listed := s.Get(colleague, all+"?status=active").Want(200)
		s.Get(colleague, path+"/files/"+listed.Text("items", 0, "file_ids", 0)).Want(200)
		if listed.Text("items", 0, "phone_masked") != "199****0011" || listed.At("items", 0, "on_phone") != true {
			t.Errorf("%s", listed.Raw)
		}
		s.Put(guardian, ballot, map[string]any{"choice": "agree"}).Want(200)

		unknown := s.Post(s.clerk, all, asked(map[string]any{"phone": "19900000012"})).Want(201).Text("id")
		s.Post(colleague, all+"/"+unknown+"/approve", nil).Code(409, "representative_unknown")
		s.Post(colleague, all+"/"+unknown+"/reject", map[string]any{"reason": "请本人先登录"}).Want(200)

		onPaper := s.Post(s.clerk, all, asked(map[string]any{"phone": "", "basis": "heir"})).Want(201).Text("id")
		second, _ := homeOf(voters[1])
		entry := map[string]any{
			"channel": "paper", "choice": "oppose", "signed_on": quantity.DateOf(h.Now()), "reason": "签名人为继承人", "representation_id": onPaper,
		}
		office := "/api/v1/staff/motions/" + motion + "/ballots/"
		s.Put(s.clerk, office+voter, entry).Code(422, "invalid_request") // not approved yet
		s.Post(colleague, all+"/"+onPaper+"/approve", nil).Want(200)
		s.Put(s.clerk, office+second, entry).Code(422, "invalid_request") // of another home
		s.Put(s.clerk, office+voter, entry).Want(200)
		s.Post(colleague, all+"/"+onPaper+"/end", map[string]any{"reason": "已办理登记"}).Want(200)
		s.Post(colleague, all+"/"+onPaper+"/end", map[string]any{"reason": "再次"}).Code(409, "representation_decided")

		h.Wait(25 * time.Hour) // the term is over, whenever the job comes round
		s.Put(guardian, ballot, map[string]any{"choice": "oppose"}).Want(403)
		apitest.Check(t, h.Registry.EndExpired(t.Context()))
		if ties := s.Get(guardian, "/api/v1/me").Want(200).Items("bindings"); len(ties) != 1 {
			t.Errorf("the guardian is still bound: %v", ties)
		}
	})
}

// TestWhoServesTheOfficeIsNobodysAgent bars by phone, and by a linked WeChat.
func TestWhoServesTheOfficeIsNobodysAgent(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		motion := s.put("临江花园", nil)
		voter, home := homeOf(s.voters(motion)[0])
		owner := s.bind("owner", home, "owner")
		_, elsewhere := homeOf(s.voters(s.put("石岭小区", nil))[0])
		manager := s.verifiedPhone("manager", "19900000021", elsewhere)
		offer := func() string {
			return s.Post(owner, "/api/v1/me/grants", map[string]any{"voter_id": voter, "until": h.Now().Add(time.Hour)}).Want(201).Text("token")
		}
		first := s.Post(manager, "/api/v1/grants/"+offer()+"/accept", nil).Want(200)
		s.Post(s.clerk, "/api/v1/staff/barred-agents", map[string]any{"name": "物业某", "phone": "12", "why": "property_company"}).Code(422, "invalid_request")
		barred := s.Post(s.clerk, "/api/v1/staff/barred-agents", map[string]any{"name": "物业某", "phone": "19900000021", "why": "property_company"}).Want(201)
		again := s.Post(s.clerk, "/api/v1/staff/barred-agents", map[string]any{"name": "物业某", "phone": "19900000021", "why": "property_company"}).Want(201)
		if again.Text("id") != barred.Text("id") || barred.Text("phone_masked") != "199****0021" {
			t.Errorf("%s %s", barred.Raw, again.Raw)
		}
		s.Put(manager, "/api/v1/motions/"+motion+"/ballots/"+voter, map[string]any{"choice": "agree"}).Want(403)
		if got := s.Get(manager, "/api/v1/me/grants").Want(200); got.Text("items", 0, "status") != "revoked" {
			t.Errorf("%s was %s", got.Raw, first.Raw)
		}
		s.Post(manager, "/api/v1/grants/"+offer()+"/accept", nil).Code(403, "agent_barred")
		s.Do("DELETE", h.Staff(model.RoleCommunity, apitest.Street+"002"), "/api/v1/staff/barred-agents/"+barred.Text("id"), nil).Code(404, "not_found")
		s.Do("DELETE", s.clerk, "/api/v1/staff/barred-agents/"+barred.Text("id"), nil).Want(204)
		s.Post(manager, "/api/v1/grants/"+offer()+"/accept", nil).Want(200)
		if n := s.Get(s.clerk, "/api/v1/staff/barred-agents").Want(200).Number("total"); n != 0 {
			t.Errorf("%v are barred", n)
		}

		member := s.verifiedPhone("member", "19900000022", elsewhere)
		s.Put(s.clerk, "/api/v1/staff/session/wechat", map[string]any{"code": h.Wechat.LoginCode("member"), "password": apitest.Password}).Want(204)
		s.Post(member, "/api/v1/grants/"+offer()+"/accept", nil).Code(403, "agent_barred")
	})
}

// TestAPublishedRollIsCorrectedOverHTTP is for what a clerk finds in the second week.
func TestAPublishedRollIsCorrectedOverHTTP(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		motion := s.put("临江花园", map[string]any{"live_tally": "full"})
		_, home := homeOf(s.voters(motion)[0])
		_, elsewhere := homeOf(s.voters(s.put("石岭小区", nil))[0])
		all := "/api/v1/staff/motions/" + motion + "/roll-corrections"
		propose := func(ids ...string) apitest.Answer {
			return s.Post(s.clerk, all, map[string]any{"property_ids": ids, "reason": "登记有误", "file_ids": []string{s.paperPicture(t)}})
		}
		propose(home).Code(409, "correction_empty")
		propose(elsewhere).Code(422, "invalid_request")
		s.Do("PATCH", s.clerk, "/api/v1/staff/properties/"+home, map[string]any{"area_m2": 123.45, "reason": "不动产登记簿"}).Want(200)
		made := propose(home).Want(201)
		if made.Text("changes", 0, "kinds", 0) != "area" || made.Number("changes", 0, "area_after_m2") != 123.45 || made.Number("lost_ballots") != 0 {
			t.Errorf("%s", made.Raw)
		}
		path := all + "/" + made.Text("id")
		s.Post(s.clerk, path+"/apply", nil).Code(403, "own_correction")
		colleague := h.Staff(model.RoleStreet, apitest.Street)
		s.Post(colleague, all+"/none/apply", "{").Code(404, "not_found")
		done := s.Post(colleague, path+"/apply", nil).Want(200)
		if done.Text("items", 0, "status") != "applied" || done.Text("items", 0, "roll_digest_after") == done.Text("items", 0, "roll_digest_before") {
			t.Errorf("%s", done.Raw)
		}
		s.Get(colleague, path+"/files/"+done.Text("items", 0, "file_ids", 0)).Want(200)
		s.Post(colleague, path+"/apply", nil).Code(409, "correction_decided")
		s.Post(colleague, path+"/refuse", map[string]any{"reason": "x"}).Code(409, "correction_decided")
		s.Do("PATCH", s.clerk, "/api/v1/staff/properties/"+home, map[string]any{"area_m2": 100, "reason": "又改"}).Want(200)
		late := propose(home).Want(201).Text("id")
		s.Do("PATCH", s.clerk, "/api/v1/staff/properties/"+home, map[string]any{"area_m2": 101, "reason": "再改"}).Want(200)
		s.Post(colleague, all+"/"+late+"/apply", nil).Code(409, "correction_outdated")
		s.Post(colleague, all+"/"+late+"/refuse", map[string]any{"reason": "重新提出"}).Want(200)
		for _, name := range []string{"notice.pdf", "authorisation.pdf"} {
			if got := s.Get(s.clerk, "/api/v1/staff/motions/"+motion+"/"+name).Want(200); string(got.Raw[:4]) != "%PDF" {
				t.Errorf("%s is no PDF", name)
			}
		}
	})
}
