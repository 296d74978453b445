package journey

import (
	"net/http"
	"testing"

	"gongdi/api/apitest"
	"gongdi/model"
)

const candidates = "/api/v1/staff/project-candidates"

// findings answers every aspect that staff look at, so that the estate is one
// of the policy's.
func findings() []map[string]any {
	var out []map[string]any
	for _, aspect := range []string{"poor_conditions", "facilities_missing", "worn", "management_missing", "strong_complaints"} {
		out = append(out, map[string]any{"aspect": aspect, "answer": "yes", "words": "入户排查所见"})
	}
	for _, aspect := range []string{"shanty_town", "rebuilding", "self_built", "urban_village"} {
		out = append(out, map[string]any{"aspect": aspect, "answer": "no", "words": "棚改、规划部门核实"})
	}
	return out
}

// qualify makes an estate eligible.
func (s *street) qualify(estate string) {
	s.T.Helper()
	path := "/api/v1/staff/estates/" + s.estates[estate]
	s.Do(http.MethodPatch, s.clerk, path, map[string]any{"built_year": 1995, "reason": "档案"}).Want(200)
	if judged := s.Put(s.clerk, path+"/findings", map[string]any{"findings": findings()}).Want(200); judged.Text("verdict") != "eligible" {
		s.T.Fatalf("%s", judged.Raw)
	}
}

func TestTheStreetFindsItsCandidates(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		const estate = "临江花园"
		path := "/api/v1/staff/estates/" + s.estates[estate]
		row := func(token string) (a apitest.Answer, at int) {
			a = s.Get(token, candidates+"?page_size=200").Want(200)
			for i := range a.Items("items") {
				if a.Text("items", i, "estate_id") == s.estates[estate] {
					return a, i
				}
			}
			t.Fatalf("%s is no candidate: %s", estate, a.Raw)
			return a, 0
		}
		a, i := row(s.clerk)
		if a.Number("total") != float64(len(s.estates)) || a.Text("items", i, "verdict") != "incomplete" || len(a.Items("items", i, "missing")) != 9 {
			t.Errorf("before anybody looked: %s", a.Raw)
		}
		picture := s.Upload(s.clerk, "/api/v1/staff/files", "a.png", photo(t)).Want(201).Text("id")
		s.Put(s.clerk, path+"/findings", map[string]any{"findings": []map[string]any{{"aspect": "worn", "answer": "yes"}}}).Code(422, "invalid_request")
		s.Put(s.clerk, path+"/findings", map[string]any{"findings": []map[string]any{{"aspect": "worn", "answer": "yes", "words": "外墙脱落", "file_ids": []string{"none"}}}}).Code(422, "invalid_request")
		found := s.Put(s.clerk, path+"/findings", map[string]any{"findings": []map[string]any{{"aspect": "worn", "answer": "yes", "words": "外墙脱落", "file_ids": []string{picture}}}}).Want(200)
		if found.Text("verdict") != "incomplete" || len(found.Items("missing")) != 8 || found.Text("conditions", 3, "words") != "外墙脱落" || found.Text("conditions", 3, "file_ids", 0) != picture {
			t.Errorf("%s", found.Raw)
		}
		s.Get(s.clerk, path+"/findings/worn/files/"+picture).Want(200)
		s.Get(s.clerk, path+"/findings/self_built/files/"+picture).Code(404, "not_found")

		all := findings()
		all = append(all[:4], all[5:]...) // nobody says how strongly residents speak: the cases do
		s.Put(s.clerk, path+"/findings", map[string]any{"findings": all}).Want(200)
		owner := s.bind("complainer", s.stairwell(estate).home(0), "owner")
		for n, want := range []string{"incomplete", "incomplete", "eligible"} {
			s.Post(owner, "/api/v1/complaints", map[string]any{"text": []string{"台阶开裂", "水管漏水", "路灯不亮"}[n], "estate_id": s.estates[estate], "contact": "none"}).Want(201)
			if a, i := row(s.clerk); a.Text("items", i, "verdict") != want || a.Number("items", i, "cases") != float64(n+1) {
				t.Errorf("after %d cases, want %s: %s", n+1, want, a.Raw)
			}
		}
		county := h.Staff(model.RoleCounty, "520523")
		if a, i := row(county); i != 0 || a.Text("items", 0, "verdict") != "eligible" {
			t.Errorf("the county sees the eligible first: %s", a.Raw)
		}
		if only := s.Get(county, candidates+"?verdict=eligible").Want(200); only.Number("total") != 1 {
			t.Errorf("%s", only.Raw)
		}
		s.Do(http.MethodPatch, s.clerk, path, map[string]any{"built_year": 2001, "reason": "档案"}).Want(200)
		if a := s.Get(county, path+"/eligibility").Want(200); a.Text("verdict") != "not_eligible" || a.Text("missing", 0, "code") != "built_before" || a.Text("conditions", 0, "clause") == "" {
			t.Errorf("%s", a.Raw)
		}
		s.Put(s.clerk, path+"/findings", map[string]any{"findings": []map[string]any{{"aspect": "shanty_town", "answer": "yes", "words": "棚改计划第三批"}}}).Want(200)
		if back := s.Put(s.clerk, path+"/findings", map[string]any{"findings": []map[string]any{{"aspect": "worn", "answer": "unknown"}}}).Want(200); back.Text("verdict") != "excluded" || back.At("conditions", 3, "answer") != "unknown" {
			t.Errorf("%s", back.Raw)
		}
		s.Get(s.clerk, path+"/findings/worn/files/"+picture).Code(404, "not_found")
		other := s.Get(h.Staff(model.RoleCommunity, apitest.Street+"002"), candidates+"?page_size=200").Want(200)
		for i := range other.Items("items") {
			if other.Text("items", i, "estate_id") == s.estates[estate] {
				t.Errorf("another community sees it: %s", other.Raw)
			}
		}
	})
}
