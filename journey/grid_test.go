package journey

import (
	"testing"
	"time"

	"gongdi/api/apitest"
	"gongdi/model"
)

// TestTheGridGoesFromDoorToDoor gives a member of the grid one building of two.
func TestTheGridGoesFromDoorToDoor(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		estate := s.estates["临江花园"]
		motion := s.put("临江花园", nil)
		staff := "/api/v1/staff/motions/" + motion
		all := s.voters(motion)
		buildings := s.Get(s.clerk, "/api/v1/staff/estates/"+estate+"/buildings").Want(200)
		mine, label := buildings.Text("items", 0, "id"), buildings.Text("items", 0, "building")
		var inside, outside string
		for _, v := range all {
			id, _ := homeOf(v)
			if v.(map[string]any)["building"] == label {
				inside = id
			} else {
				outside = id
			}
		}
		grid := h.Staff(model.RoleGrid, apitest.Street+"001")
		if got := s.Get(grid, "/api/v1/staff/motions").Want(200); got.Number("total") != 0 {
			t.Errorf("without a building the grid sees %s", got.Raw)
		}
		s.Get(grid, staff+"/voters").Code(404, "not_found")
		members := s.Get(s.clerk, "/api/v1/staff/grid-members").Want(200)
		member := "/api/v1/staff/grid-members/" + members.Text("items", 0, "id") + "/buildings"
		s.Put(s.clerk, member, map[string]any{"building_ids": []string{"none"}}).Code(422, "invalid_request")
		s.Put(s.clerk, "/api/v1/staff/grid-members/none/buildings", "{").Code(404, "not_found")
		s.Put(s.clerk, member, map[string]any{"building_ids": []string{mine}}).Want(200)

		seen := s.Get(grid, staff+"/voters?page_size=200").Want(200)
		if n := len(seen.Items("items")); n == 0 || n >= len(all) || seen.Number("total") != float64(n) {
			t.Errorf("the grid sees %d doors of %d", n, len(all))
		}
		for _, v := range seen.Items("items") {
			if v.(map[string]any)["building"] != label {
				t.Fatalf("a door elsewhere: %v", v)
			}
		}
		s.Post(grid, staff+"/voters/"+outside+"/visits", "{").Code(404, "not_found")
		s.Post(grid, staff+"/voters/"+inside+"/visits", map[string]any{"result": "nobody_home", "note": "下午再来"}).Want(201)
		s.Post(grid, staff+"/voters/"+inside+"/deliveries", map[string]any{"way": "posted"}).Code(422, "invalid_request")
		picture := s.Upload(grid, "/api/v1/staff/files", "door.png", photo(t)).Want(201).Text("id")
		s.Post(grid, staff+"/voters/"+inside+"/deliveries", map[string]any{"way": "posted", "file_ids": []string{picture}}).Want(201)
		contacts := s.Get(grid, staff+"/voters/"+inside+"/contacts").Want(200)
		if contacts.Text("visits", 0, "note") != "下午再来" || contacts.At("deliveries", 0, "proven") != true {
			t.Errorf("%s", contacts.Raw)
		}
		s.Put(grid, staff+"/ballots/"+inside, map[string]any{
			"channel": "paper", "choice": "agree", "signed_on": h.Now().In(time.FixedZone("", 8*3600)).Format(time.DateOnly),
		}).Want(200)
		s.Put(grid, staff+"/ballots/"+outside, "{").Code(404, "not_found")
		for _, closed := range []string{"/tally", "/papers", "/disputes", "/result.xlsx", "/evidence.zip"} {
			s.Get(grid, staff+closed).Code(403, "forbidden")
		}
		s.Get(grid, "/api/v1/staff/estates").Code(403, "forbidden")
	})
}

// TestWhoOpensAVoteOnThePhoneWasReached looks twice and is noted once.
func TestWhoOpensAVoteOnThePhoneWasReached(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		motion := s.put("临江花园", nil)
		voter, home := homeOf(s.voters(motion)[0])
		resident := s.bind("owner", home, "owner")
		for range 2 {
			s.Get(resident, "/api/v1/motions/"+motion).Want(200)
		}
		got := s.Get(s.clerk, "/api/v1/staff/motions/"+motion+"/voters/"+voter+"/contacts").Want(200)
		if len(got.Items("deliveries")) != 1 || got.Text("deliveries", 0, "way") != "opened" {
			t.Errorf("%s", got.Raw)
		}
	})
}
