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
