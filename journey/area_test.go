package journey

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"gongdi/api"
	"gongdi/api/apitest"
	"gongdi/model"
)

// TestWhatLiesElsewhereIsNotThere asks every route that names a thing as a
// member of staff of another community: whatever the body, it is not there.
func TestWhatLiesElsewhereIsNotThere(t *testing.T) {
	s := open(t, apitest.SQLite(t))
	motion := s.put("临江花园", nil)
	voter, home := homeOf(s.voters(motion)[0])
	resident := s.Resident("waiting")
	version := s.Get("", "/api/v1/public/privacy").Text("version")
	binding := s.Post(resident, "/api/v1/me/bindings", map[string]any{
		"property_id": home, "name": "某人", "relation": "tenant", "privacy_version": version,
	}).Want(http.StatusCreated).Text("id")
	s.Staff(model.RoleGrid, apitest.Street+"001")
	member := s.Get(s.clerk, "/api/v1/staff/grid-members").Want(http.StatusOK).Text("items", 0, "id")
	grant := s.Post(s.clerk, "/api/v1/staff/grants", map[string]any{
		"voter_id": voter, "principal": "某某", "agent": "某某某", "agent_phone": "19900000009", "scope": "表决", "until": s.Now().Add(time.Hour),
		"file_ids": []string{s.Upload(s.clerk, "/api/v1/staff/files", "a.png", photo(t)).Want(http.StatusCreated).Text("id")},
	}).Want(http.StatusCreated).Text("id")
	ids := map[string]string{"grants": grant, "grid-members": member, "motions": motion, "estates": s.estates["临江花园"], "properties": home, "bindings": binding}
	const elsewhere = apitest.Street + "002"
	neighbour := s.Staff(model.RoleCommunity, elsewhere)
	asked := 0
	for _, r := range s.API.Routes() {
		kind := strings.Split(strings.TrimPrefix(r.Path, "/api/v1/staff/"), "/")[0]
		if r.Who != api.Staff || !strings.Contains(r.Path, "{id}") || !model.RoleCommunity.May(r.Right) {
			continue
		}
		id, known := ids[kind]
		if !known {
			if kind == "sessions" || kind == "roster-imports" {
				continue // one's own
			}
			t.Errorf("%s %s: say here what it is asked about", r.Method, r.Path)
			continue
		}
		path := strings.NewReplacer("{id}", id, "{voter_id}", voter).Replace(r.Path)
		for _, body := range []string{"{", `{"reason":"x"}`} {
			answer := s.Do(r.Method, neighbour, path, body)
			if answer.Status != http.StatusNotFound {
				t.Errorf("%s %s: %d %s", r.Method, r.Path, answer.Status, answer.Raw)
			}
			asked++
		}
	}
	if asked < 30 {
		t.Errorf("only %d questions asked", asked)
	}
}
