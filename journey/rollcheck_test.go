package journey

import (
	"testing"
	"time"

	"gongdi/api/apitest"
	"gongdi/model"
)

// TestOwnersCheckTheRollBeforeItIsFrozen finds a wrong area, and has it mended.
func TestOwnersCheckTheRollBeforeItIsFrozen(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		estate := s.estates["临江花园"]
		_, home := homeOf(s.voters(s.put("临江花园", nil))[0])
		owner, tenant := s.bind("owner", home, "owner"), s.bind("tenant", home, "tenant")
		draft := s.Post(s.clerk, "/api/v1/staff/motions", map[string]any{
			"scope": map[string]any{"type": "estate", "id": estate}, "kind": "ordinary", "title": "改造方案", "text": "？",
			"opens_at": h.Now().Add(30 * 24 * time.Hour), "closes_at": h.Now().Add(40 * 24 * time.Hour),
		}).Want(201).Text("id")
		path, staff := "/api/v1/motions/"+draft+"/roll-reports", "/api/v1/staff/motions/"+draft
		report := map[string]any{"property_id": home, "words": "面积与产权证不符"}
		s.Post(owner, path, report).Code(404, "not_found") // nothing is to be checked yet
		s.Post(s.clerk, staff+"/roll-check", map[string]any{"until": h.Now().Add(-time.Hour)}).Code(422, "check_period")
		s.Post(s.clerk, staff+"/roll-check", map[string]any{"until": h.Now().Add(7 * 24 * time.Hour)}).Want(200)
		seen := s.Get(owner, "/api/v1/me/roll-checks").Want(200)
		if seen.Number("total") != 1 || seen.Text("items", 0, "property_id") != home || seen.Number("items", 0, "area_m2") <= 0 {
			t.Fatalf("%s", seen.Raw)
		}
		if other := s.Get(tenant, "/api/v1/me/roll-checks").Want(200); other.Number("total") != 0 {
			t.Errorf("a tenant checks %s", other.Raw)
		}
		s.Post(tenant, path, report).Code(404, "not_found")
		s.Get(owner, "/api/v1/motions/"+draft).Code(404, "not_found") // the draft itself stays the office's
		s.Post(owner, path, map[string]any{"property_id": "none", "words": "x"}).Code(422, "invalid_request")
		picture := s.Upload(owner, "/api/v1/files", "cert.png", photo(t)).Want(201).Text("id")
		report["file_ids"] = []string{picture}
		s.Post(owner, path, report).Want(201)
		listed := s.Get(s.clerk, staff+"/roll-reports").Want(200)
		id := listed.Text("items", 0, "id")
		if listed.Text("items", 0, "words") != "面积与产权证不符" || listed.Text("items", 0, "file_ids", 0) != picture {
			t.Errorf("%s", listed.Raw)
		}
		s.Get(s.clerk, staff+"/roll-reports/"+id+"/files/"+picture).Want(200)
		s.Get(s.clerk, staff+"/roll-reports/"+id+"/files/none").Code(404, "not_found")
		s.Get(h.Staff(model.RoleCommunity, apitest.Street+"002"), staff+"/roll-reports").Code(404, "not_found")
		s.Do("PATCH", s.clerk, "/api/v1/staff/properties/"+home, map[string]any{"area_m2": 99.99, "area_source": "registry", "reason": "按产权证更正"}).Want(200)
		answer := map[string]any{"outcome": "mended", "answer": "已按产权证更正"}
		s.Post(s.clerk, staff+"/roll-reports/"+id+"/answer", answer).Want(200)
		s.Post(s.clerk, staff+"/roll-reports/"+id+"/answer", answer).Code(409, "report_answered")
		again := s.Get(owner, "/api/v1/me/roll-checks").Want(200)
		if again.Number("items", 0, "area_m2") != 99.99 || again.Text("items", 0, "reports", 0, "status") != "mended" {
			t.Errorf("%s", again.Raw)
		}
		h.Wait(8 * 24 * time.Hour)
		s.Post(owner, path, report).Code(404, "not_found") // the week is over
	})
}
