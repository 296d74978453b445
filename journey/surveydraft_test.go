package journey

import (
	"strings"
	"testing"
	"time"

	"gongdi/api/apitest"
	"gongdi/model"
)

func TestAnUnfinishedAnswerIsResumed(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		motion, form := s.form("临江花园", nil)
		voter, home := homeOf(s.voters(motion)[0])
		_, next := homeOf(s.voters(motion)[1])
		owner, other := s.bind("owner", home, "owner"), s.bind("other", home, "owner")
		id := s.survey("临江花园", map[string]any{"questions": wished})
		draft := "/api/v1/surveys/" + id + "/draft"
		s.Get(owner, draft).Code(404, "not_found")
		for at, answers := range map[string]map[string]any{
			"body.answers.w": {"w": []string{"moon"}}, "body.answers.n": {"n": "many"}, "body.answers.zz": {"zz": 1}, "body.answers.d": {"d": true},
		} {
			if got := s.Put(owner, draft, map[string]any{"answers": answers}).Code(422, "invalid_request"); got.Text("errors", 0, "location") != at {
				t.Errorf("%s, not at %s", got.Raw, at)
			}
		}
		s.Put(owner, draft, map[string]any{"answers": map[string]any{"t": "x"}, "property_id": next}).Code(422, "invalid_request")
		part := map[string]any{"answers": map[string]any{"n": 5, "t": "只说给办事处听"}, "property_id": home} // w is required, n not shown yet
		s.Do("PUT", owner, draft, part, "Idempotency-Key", "begun").Want(200)
		s.Put(owner, draft, part).Want(200)
		if got := s.Get(owner, draft).Want(200); got.Text("answers", "t") != "只说给办事处听" || got.Text("property_id") != home || got.Number("answers", "n") != 5 {
			t.Errorf("%s", got.Raw)
		}
		s.Get(other, draft).Code(404, "not_found")
		if n := s.count("SELECT COUNT(*) FROM begun_responses WHERE content LIKE '1:%'"); n != 1 {
			t.Errorf("%d sealed drafts", n)
		}
		if n := s.count("SELECT COUNT(*) FROM idempotency_keys WHERE answer LIKE '%只说给办事处听%'"); n != 0 {
			t.Error("a draft lies open beside a key")
		}
		if mine := s.Get(owner, "/api/v1/me/data").Want(200); !strings.Contains(mine.Text("kept", "survey_drafts", 0, "content"), "只说给办事处听") {
			t.Errorf("%s", mine.Raw)
		}
		s.Put(owner, "/api/v1/surveys/"+id+"/response", map[string]any{"answers": map[string]any{"w": []string{"roof"}}}).Want(200)
		s.Get(owner, draft).Code(404, "not_found") // sent
		s.Put(other, draft, part).Want(200)
		s.Put(other, draft, map[string]any{"answers": map[string]any{}}).Want(200)
		s.Get(other, draft).Code(404, "not_found") // nothing in it

		s.Put(other, draft, part).Want(200)
		s.Post(s.clerk, "/api/v1/staff/surveys/"+id+"/close", nil).Want(200)
		s.Put(other, draft, part).Code(409, "survey_not_open")
		late := s.survey("临江花园", map[string]any{"questions": wished})
		s.Put(other, "/api/v1/surveys/"+late+"/draft", part).Want(200)
		s.Put(owner, "/api/v1/surveys/"+form+"/draft", part).Want(200)
		s.Put(owner, "/api/v1/motions/"+motion+"/ballots/"+voter, map[string]any{"choice": "agree", "answers": map[string]any{"w": []string{"roof"}}}).Want(200)
		if n := s.count("SELECT COUNT(*) FROM begun_responses"); n != 1 {
			t.Errorf("%d drafts are left, of one survey that is open", n)
		}
		anonymous := "/api/v1/surveys/" + s.survey("临江花园", map[string]any{"anonymous": true}) + "/draft"
		s.Put(owner, anonymous, map[string]any{"answers": map[string]any{"s": "fairly"}}).Code(409, "draft_stays_on_phone")
		s.Get(owner, anonymous).Code(409, "draft_stays_on_phone")
		h.Wait(48 * time.Hour)
		apitest.Check(t, h.Surveys.Deliver(t.Context()))
		if n := s.count("SELECT COUNT(*) FROM begun_responses"); n != 0 {
			t.Errorf("%d drafts outlive their surveys", n)
		}
	})
}

func TestAPaperFromTheDoorKeepsItsScans(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		homes := s.homesIn("临江花园")
		home, next := homes[0]["property_id"].(string), homes[1]["property_id"].(string)
		id := s.survey("临江花园", nil)
		response := "/api/v1/staff/surveys/" + id + "/responses/"
		scan := s.Upload(s.clerk, "/api/v1/staff/files", "a.png", photo(t)).Want(201).Text("id")
		entry := map[string]any{"visit": "answered", "relation": "owner", "answers": map[string]any{"s": "fairly", "t": "楼道太暗"}, "scan_file_ids": []string{scan}}
		s.Get(s.clerk, response+home).Code(404, "not_found")
		s.Put(s.clerk, response+home, map[string]any{"visit": "nobody_home", "scan_file_ids": []string{scan}}).Code(422, "invalid_request")
		if bad := s.Put(s.clerk, response+home, map[string]any{"visit": "answered", "answers": map[string]any{"s": "fairly"}, "scan_file_ids": []string{"none"}}).Code(422, "invalid_request"); !strings.HasPrefix(bad.Text("errors", 0, "location"), "body.scan_file_ids") {
			t.Errorf("%s", bad.Raw)
		}
		if n := s.count("SELECT COUNT(*) FROM survey_responses"); n != 0 {
			t.Errorf("%d answers are kept without their scan", n)
		}
		s.Put(s.clerk, response+home, entry).Want(200)
		s.Put(s.clerk, response+next, entry).Code(422, "invalid_request") // the scan is another answer's
		s.Put(s.clerk, response+next, map[string]any{"visit": "answered", "answers": map[string]any{"s": "fairly"}}).Want(200)
		got := s.Get(s.clerk, response+home).Want(200)
		if got.Text("scan_file_ids", 0) != scan || got.Text("answers", "t") != "楼道太暗" || got.Text("channel") != "door" || got.Text("visit") != "answered" {
			t.Errorf("%s", got.Raw)
		}
		s.Get(s.clerk, response+home+"/scans/"+scan).Want(200)
		s.Get(s.clerk, response+next+"/scans/"+scan).Code(404, "not_found")
		s.Get(s.clerk, "/api/v1/staff/surveys/"+s.survey("临江花园", nil)+"/responses/"+home+"/scans/"+scan).Code(404, "not_found")
		s.Get(h.Staff(model.RoleCommunity, apitest.Street+"002"), response+home+"/scans/"+scan).Code(404, "not_found")
		hidden := s.survey("临江花园", map[string]any{"anonymous": true})
		s.Put(s.clerk, "/api/v1/staff/surveys/"+hidden+"/responses/"+home, entry).Code(422, "invalid_request")
		s.Get(s.clerk, "/api/v1/staff/surveys/"+hidden+"/responses/"+home).Code(404, "not_found")
	})
}
