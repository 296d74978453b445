package journey

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gongdi/api/apitest"
	"gongdi/model"
)

var wished = []map[string]any{
	{"code": "w", "type": "ranking", "label": "最想改造的内容", "wish": true, "required": true, "most": 2, "options": []map[string]any{{"code": "lift", "label": "加装电梯"}, {"code": "pipes", "label": "管网"}, {"code": "roof", "label": "屋面"}}},
	{"code": "y", "type": "yesno", "label": "是否愿意出资"},
	{"code": "n", "type": "number", "label": "愿意出多少", "unit": "元", "min": 0, "show_if": map[string]any{"question": "y", "equals": true}},
	{"code": "d", "type": "yesno", "label": "家中有无残疾人", "sensitive": true},
	{"code": "t", "type": "text", "label": "意见"},
}

func (s *street) motionFor(estate string, more map[string]any) map[string]any {
	body := map[string]any{
		"scope": map[string]any{"type": "estate", "id": s.estates[estate]}, "kind": "willingness", "title": "改造意愿", "text": "是否愿意？",
		"opens_at": s.Now().Add(-time.Minute), "closes_at": s.Now().Add(time.Hour), "count_until": s.Now().Add(2 * time.Hour),
	}
	for k, v := range more {
		body[k] = v
	}
	return body
}

// form publishes a motion that carries a questionnaire.
func (s *street) form(estate string, more map[string]any) (motion, survey string) {
	s.T.Helper()
	motion = s.Post(s.clerk, "/api/v1/staff/motions", s.motionFor(estate, more)).Want(http.StatusCreated).Text("id")
	survey = s.Post(s.clerk, "/api/v1/staff/surveys", s.surveyFor(estate, map[string]any{"motion_id": motion, "questions": wished})).Want(http.StatusCreated).Text("id")
	s.Post(s.clerk, "/api/v1/staff/motions/"+motion+"/publish", nil).Want(http.StatusOK)
	return motion, survey
}

// agree wants those who took part in a motion and those whose answers count to be the same.
func (s *street) agree(motion, survey string) {
	s.T.Helper()
	var voted, answered []string
	db := s.DB.Read(s.T.Context())
	apitest.Check(s.T, db.Raw(`SELECT p.property_id FROM roll_voters v JOIN roll_properties p ON p.motion_id = v.motion_id AND p.voter_id = v.id
WHERE v.motion_id = ? AND v.choice IN ('agree', 'oppose', 'abstain') ORDER BY p.property_id`, motion).Scan(&voted).Error)
	apitest.Check(s.T, db.Raw("SELECT property_id FROM survey_responses WHERE survey_id = ? ORDER BY property_id", survey).Scan(&answered).Error)
	if !slices.Equal(voted, answered) {
		s.T.Errorf("%d homes have a ballot, %d answers", len(voted), len(answered))
	}
	if n := s.Get(s.clerk, "/api/v1/staff/surveys/"+survey+"/results").Want(200).Number("responses"); n != float64(len(voted)) {
		s.T.Errorf("the figures are of %v answers, %d homes took part", n, len(voted))
	}
}

func TestChoiceAndAnswersAreOneForm(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		motion, survey := s.form("临江花园", nil)
		staff := "/api/v1/staff/surveys/" + survey
		voters := s.voters(motion)
		voter, home := homeOf(voters[0])
		owner, tenant := s.bind("owner", home, "owner"), s.bind("tenant", home, "tenant")
		shown := s.Get(tenant, "/api/v1/motions/"+motion).Want(200)
		if shown.Text("survey", "id") != survey || len(shown.Items("survey", "questions")) != len(wished) || shown.Text("my_ballots", 0, "voter_id") != voter {
			t.Errorf("%s", shown.Raw)
		}
		if got := s.Get(s.clerk, "/api/v1/staff/motions/"+motion).Want(200); got.Text("survey_id") != survey {
			t.Errorf("%s", got.Raw)
		}
		if got := s.Get(s.clerk, staff).Want(200); got.Text("status") != "open" || got.Text("motion_id") != motion || got.Text("closes_at") != s.Get(s.clerk, "/api/v1/staff/motions/"+motion).Text("closes_at") {
			t.Errorf("%s", got.Raw)
		}

		ballot := "/api/v1/motions/" + motion + "/ballots/" + voter
		for at, answers := range map[string]map[string]any{
			"body.answers.w":  {"y": true},
			"body.answers.n":  {"w": []string{"lift"}, "y": false, "n": 3},
			"body.answers.zz": {"w": []string{"lift"}, "zz": 1},
			"body.answers.d":  {"w": []string{"lift"}, "d": true},
		} {
			if got := s.Put(tenant, ballot, map[string]any{"choice": "agree", "answers": answers}).Code(422, "invalid_request"); got.Text("errors", 0, "location") != at {
				t.Errorf("%s, not at %s", got.Raw, at)
			}
		}
		s.Put(tenant, ballot, map[string]any{"choice": "agree"}).Code(422, "invalid_request") // what is required is missing
		if n := s.count("SELECT (SELECT COUNT(*) FROM ballots) + (SELECT COUNT(*) FROM survey_forms) + (SELECT COUNT(*) FROM survey_responses)"); n != 0 {
			t.Errorf("%d rows are kept of a form that was refused", n)
		}

		filled := map[string]any{"choice": "agree", "answers": map[string]any{"w": []string{"roof", "lift"}, "y": true, "n": 200, "d": true, "t": "尽快"}, "sensitive_consents": []string{"d"}}
		first := s.Do("PUT", tenant, ballot, filled, "Idempotency-Key", "one").Want(200)
		if again := s.Do("PUT", tenant, ballot, filled, "Idempotency-Key", "one").Want(200); string(again.Raw) != string(first.Raw) {
			t.Errorf("%s\n%s", first.Raw, again.Raw)
		}
		if again := s.Put(tenant, ballot, filled).Want(200); again.Text("receipt", "digest") != first.Text("receipt", "digest") || s.count("SELECT COUNT(*) FROM ballots") != 1 {
			t.Errorf("the same form twice is two ballots: %s", again.Raw)
		}
		s.agree(motion, survey)
		if got := s.Get(tenant, "/api/v1/motions/"+motion).Want(200); got.Text("my_ballots", 0, "answers", "t") != "尽快" || got.At("my_ballots", 0, "answers", "d") != true {
			t.Errorf("%s", got.Raw)
		}
		filled["answers"].(map[string]any)["t"] = "慢慢来"
		s.Put(tenant, ballot, filled).Want(200)
		if n := s.count("SELECT COUNT(*) FROM ballots"); n != 2 {
			t.Errorf("other answers with the same choice: %d versions", n)
		}
		owned := map[string]any{"choice": "oppose", "answers": map[string]any{"w": []string{"pipes"}, "y": "unknown"}}
		s.Put(owner, ballot, owned).Want(200)
		s.Put(tenant, ballot, filled).Code(409, "owner_has_answered")
		if got := s.Get(tenant, "/api/v1/motions/"+motion).Want(200); strings.Contains(string(got.Raw), `"answers"`) {
			t.Errorf("a tenant reads the owner's answers: %s", got.Raw)
		}
		s.agree(motion, survey)
		got := s.Get(s.clerk, staff+"/results?by=relation").Want(200)
		if got.Number("questions", 0, "counts", "pipes") != 1 || got.Number("questions", 0, "counts", "roof") != 0 || got.Text("slices", 0, "key") != "owner" || got.Number("base") != float64(len(voters)) {
			t.Errorf("%s", got.Raw)
		}
		if mine := s.Get(tenant, "/api/v1/me/data").Want(200); len(mine.Items("kept", "survey_forms")) != 2 || !strings.Contains(mine.Text("kept", "survey_forms", 0, "words"), "尽快") {
			t.Errorf("%s", mine.Raw)
		}

		// The survey by itself points to the form.
		for _, refused := range []apitest.Answer{
			s.Put(owner, "/api/v1/surveys/"+survey+"/response", map[string]any{"answers": map[string]any{"w": []string{"lift"}}}),
			s.Put(s.clerk, staff+"/responses/"+home, map[string]any{"visit": "answered", "answers": map[string]any{"w": []string{"lift"}}}),
			s.Post(s.clerk, staff+"/close", nil),
		} {
			if refused.Code(409, "survey_with_motion").Text("motion_id") != motion {
				t.Errorf("%s", refused.Raw)
			}
		}
		s.Put(s.clerk, staff+"/responses/"+home, map[string]any{"visit": "nobody_home"}).Want(200)

		later := s.Now().Add(48 * time.Hour).Truncate(time.Second)
		s.Post(s.clerk, "/api/v1/staff/motions/"+motion+"/extend", map[string]any{"closes_at": later, "reason": "再等等"}).Want(200)
		if at, err := time.Parse(time.RFC3339, s.Get(s.clerk, staff).Text("closes_at")); err != nil || !at.Equal(later) {
			t.Errorf("the survey closes at %v", at)
		}
		s.Post(s.clerk, "/api/v1/staff/motions/"+motion+"/close", map[string]any{"reason": "都到了"}).Want(200)
		if got := s.Get(s.clerk, staff).Want(200); got.Text("status") != "closed" {
			t.Errorf("%s", got.Raw)
		}
		s.Put(owner, ballot, owned).Code(409, "motion_not_open")
		s.agree(motion, survey)
	})
}

func TestWhatAMotionMayCarry(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		draft := func(more map[string]any) string {
			return s.Post(s.clerk, "/api/v1/staff/motions", s.motionFor("临江花园", more)).Want(201).Text("id")
		}
		motion, special := draft(nil), draft(map[string]any{"kind": "ordinary", "opens_at": s.Now().Add(time.Minute)})
		write := func(more map[string]any) apitest.Answer {
			return s.Post(s.clerk, "/api/v1/staff/surveys", s.surveyFor("临江花园", more))
		}
		for at, more := range map[string]map[string]any{
			"body.motion_id": {"motion_id": special},
			"body.unit":      {"motion_id": motion, "anonymous": true},
			"body.audience":  {"motion_id": motion, "audience": map[string]any{"type": "estate", "id": s.estates["石岭小区"]}},
		} {
			if got := write(more).Code(422, "invalid_request"); got.Text("errors", 0, "location") != at {
				t.Errorf("%s, not at %s", got.Raw, at)
			}
		}
		write(map[string]any{"motion_id": "none"}).Code(422, "invalid_request")
		write(map[string]any{"motion_id": s.put("临江花园", nil)}).Code(409, "motion_not_draft")
		survey := write(map[string]any{"motion_id": motion}).Want(201).Text("id")
		write(map[string]any{"motion_id": motion}).Code(422, "invalid_request") // one only
		s.Put(s.clerk, "/api/v1/staff/surveys/"+survey, s.surveyFor("临江花园", map[string]any{"motion_id": motion, "title": "表"})).Want(200)
		s.Post(s.clerk, "/api/v1/staff/surveys/"+survey+"/publish", nil).Code(409, "survey_with_motion")

		s.Put(s.clerk, "/api/v1/staff/motions/"+motion, s.motionFor("临江花园", map[string]any{"kind": "ordinary"})).Want(200)
		if got := s.Post(s.clerk, "/api/v1/staff/motions/"+motion+"/publish", nil).Code(409, "not_ready"); got.Text("missing", 0, "code") != "form_of_willingness_only" {
			t.Errorf("%s", got.Raw)
		}
		s.Do("DELETE", s.clerk, "/api/v1/staff/motions/"+motion, nil).Want(204)
		if got := s.Get(s.clerk, "/api/v1/staff/surveys/"+survey).Want(200); got.At("motion_id") != nil || got.Text("status") != "draft" {
			t.Errorf("%s", got.Raw)
		}

		plain := s.put("临江花园", nil)
		voter, home := homeOf(s.voters(plain)[0])
		token := s.bind("plain", home, "owner")
		s.Put(token, "/api/v1/motions/"+plain+"/ballots/"+voter, map[string]any{"choice": "agree", "answers": map[string]any{"a": 1}}).Code(422, "invalid_request")
		if got := s.Get(token, "/api/v1/motions/"+plain).Want(200); strings.Contains(string(got.Raw), `"survey"`) {
			t.Errorf("%s", got.Raw)
		}
		cancelled, along := s.form("临江花园", nil)
		s.Post(s.clerk, "/api/v1/staff/motions/"+cancelled+"/cancel", map[string]any{"reason": "写错了"}).Want(200)
		if got := s.Get(s.clerk, "/api/v1/staff/surveys/"+along).Want(200); got.Text("status") != "closed" {
			t.Errorf("%s", got.Raw)
		}
	})
}

func TestPaperCarriesAnswersToo(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		motion, survey := s.form("临江花园", map[string]any{"paper_check": "double"})
		colleague := h.Staff(model.RoleStreet, apitest.Street)
		printed := s.Post(s.clerk, "/api/v1/staff/sheets/print", map[string]any{"motion_ids": []string{motion}, "building": "1栋"}).Want(200)
		keep(t, "form.pdf", printed.Raw)
		code := codesOf(t, h, motion)[0]
		sheet := s.Get(s.clerk, "/api/v1/staff/sheets/"+code).Want(200)
		if sheet.Text("lines", 0, "survey", "id") != survey {
			t.Errorf("%s", sheet.Raw)
		}
		today := h.Now().In(time.FixedZone("", 8*3600)).Format(time.DateOnly)
		entry := func(answers map[string]any) map[string]any {
			return map[string]any{"channel": "paper", "signed_on": today, "entries": []any{map[string]any{"motion_id": motion, "choice": "agree", "answers": answers}}}
		}
		if bad := s.Post(s.clerk, "/api/v1/staff/sheets/"+code, entry(map[string]any{"w": []string{"moon"}})).Code(422, "invalid_request"); bad.Text("errors", 0, "location") != "body.entries[0].answers.w" {
			t.Errorf("%s", bad.Raw)
		}
		s.Post(s.clerk, "/api/v1/staff/sheets/"+code, entry(map[string]any{"w": []string{"lift"}})).Want(200)
		s.agree(motion, survey) // one that waits for its check counts in neither
		voter, home := sheet.Text("lines", 0, "voter_id"), sheet.Text("lines", 0, "properties", 0, "id")
		s.Post(colleague, "/api/v1/staff/motions/"+motion+"/ballots/"+voter+"/confirm", nil).Want(200)
		s.agree(motion, survey)
		count := func(option string) float64 {
			return s.Get(s.clerk, "/api/v1/staff/surveys/"+survey+"/results").Want(200).Number("questions", 0, "counts", option)
		}
		if r := s.Get(s.clerk, "/api/v1/staff/surveys/"+survey+"/results").Want(200); count("lift") != 1 || r.Number("channels", "door") != 1 {
			t.Errorf("%s", r.Raw)
		}

		ballot := "/api/v1/staff/motions/" + motion + "/ballots/" + voter
		paper := func(choice string, more map[string]any) map[string]any {
			body := map[string]any{"channel": "paper", "choice": choice, "signed_on": today, "reason": "看错了"}
			for k, v := range more {
				body[k] = v
			}
			return body
		}
		s.Put(s.clerk, ballot, paper("invalid", map[string]any{"invalid_reason": "spoiled", "answers": map[string]any{"w": []string{"lift"}}})).Code(422, "invalid_request")
		s.Post(colleague, ballot+"/retraction", map[string]any{"reason": "录错了户"}).Want(200)
		s.agree(motion, survey)
		if count("lift") != 0 {
			t.Error("the answers of a paper that was taken back count")
		}

		// The phone's form stands against a paper that differs, until the owner says so.
		owner := s.bind("owner", home, "owner")
		s.Put(owner, "/api/v1/motions/"+motion+"/ballots/"+voter, map[string]any{"choice": "agree", "answers": map[string]any{"w": []string{"roof"}}}).Want(200)
		if got := s.Put(s.clerk, ballot, paper("oppose", map[string]any{"answers": map[string]any{"w": []string{"pipes"}}})).Want(200); got.Text("standing") != "conflict" && got.Text("standing") != "unconfirmed" {
			t.Errorf("%s", got.Raw)
		}
		if count("roof") != 1 || count("pipes") != 0 {
			t.Error("a paper's answers displace the phone's")
		}
		s.Post(colleague, ballot+"/conflict", map[string]any{"stands": "paper", "witnesses": []string{"甲某", "乙某"}}).Want(200)
		if count("roof") != 0 || count("pipes") != 1 {
			t.Error("the paper stands and its answers do not")
		}
		s.agree(motion, survey)
	})
}

// TestBallotsAndAnswersAgree has two residents of each home and the office fill
// in forms at random, some of them wrong, and wants every home that took part
// to have one answer: of the ballot that counts.
func TestBallotsAndAnswersAgree(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		motion, survey := s.form("临江花园", nil)
		voters := s.voters(motion)[:6]
		today := h.Now().In(time.FixedZone("", 8*3600)).Format(time.DateOnly)
		var phones [6][2]string
		for i, v := range voters {
			_, home := homeOf(v)
			phones[i] = [2]string{s.bind(fmt.Sprint("o", i), home, "owner"), s.bind(fmt.Sprint("t", i), home, "tenant")}
		}
		draws := rand.New(rand.NewPCG(8, 3)) //nolint:gosec // drawn again alike
		options := []string{"lift", "pipes", "roof", "moon"}
		type send struct {
			token, path string
			body        map[string]any
		}
		var sends []send
		for range 60 {
			i := draws.IntN(len(voters))
			voter, _ := homeOf(voters[i])
			body := map[string]any{"choice": []string{"agree", "oppose", "abstain"}[draws.IntN(3)], "answers": map[string]any{"w": []string{options[draws.IntN(4)]}, "t": fmt.Sprint(draws.IntN(5))}}
			if draws.IntN(4) > 0 {
				sends = append(sends, send{phones[i][draws.IntN(2)], "/api/v1/motions/" + motion + "/ballots/" + voter, body})
				continue
			}
			body["channel"], body["signed_on"], body["reason"] = "paper", today, "更正"
			sends = append(sends, send{s.clerk, "/api/v1/staff/motions/" + motion + "/ballots/" + voter, body})
		}
		var all sync.WaitGroup
		for part := range slices.Chunk(sends, 15) {
			all.Go(func() {
				for _, one := range part {
					if got := s.Put(one.token, one.path, one.body); got.Status != 200 && got.Status != 409 && got.Status != 422 {
						t.Errorf("%s", got.Raw)
					}
				}
			})
		}
		all.Wait()
		s.agree(motion, survey)
		if n := s.count(`SELECT COUNT(*) FROM roll_voters v JOIN roll_properties p ON p.motion_id = v.motion_id AND p.voter_id = v.id
JOIN ballots b ON b.motion_id = v.motion_id AND b.voter_id = v.id AND b.version = v.current_version
JOIN survey_responses r ON r.property_id = p.property_id JOIN survey_forms f ON f.id = b.form_id
WHERE v.motion_id = ? AND (r.answers <> f.answers OR r.sealed <> f.sealed OR r.resident_id <> b.resident_id)`, motion); n != 0 {
			t.Errorf("%d homes have other answers than came with their ballot", n)
		}
		if s.count("SELECT COUNT(*) FROM survey_responses WHERE survey_id = ?", survey) == 0 {
			t.Error("nobody took part")
		}
	})
}

// TestAHomeThatLeavesTheRollTakesItsAnswersAlong, and one that joins may answer.
func TestAHomeThatLeavesTheRollTakesItsAnswersAlong(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		motion, survey := s.form("临江花园", nil)
		voters := s.voters(motion)
		voter, home := homeOf(voters[0])
		token := s.bind("leaver", home, "owner")
		s.Put(token, "/api/v1/motions/"+motion+"/ballots/"+voter, map[string]any{"choice": "agree", "answers": map[string]any{"w": []string{"roof"}}}).Want(200)
		s.Do("PATCH", s.clerk, "/api/v1/staff/properties/"+home, map[string]any{"use": "commercial", "reason": "商铺"}).Want(200)
		proposed := s.Post(s.clerk, "/api/v1/staff/motions/"+motion+"/roll-corrections", map[string]any{"property_ids": []string{home}, "reason": "不是住宅", "file_ids": []string{s.paperPicture(t)}}).Want(201).Text("id")
		s.Post(h.Staff(model.RoleStreet, apitest.Street), "/api/v1/staff/motions/"+motion+"/roll-corrections/"+proposed+"/apply", nil)
		if n := s.count("SELECT COUNT(*) FROM roll_properties WHERE motion_id = ? AND property_id = ?", motion, home); n != 0 {
			t.Fatal("the home is still on the roll")
		}
		s.agree(motion, survey)
		if got := s.Get(s.clerk, "/api/v1/staff/surveys/"+survey+"/results").Want(200); got.Number("base") != float64(len(voters)-1) {
			t.Errorf("%s", got.Raw)
		}
	})
}

// keep leaves a document where somebody can look at it.
func keep(t testing.TB, name string, content []byte) {
	t.Helper()
	if folder := os.Getenv("GONGDI_TEST_KEEP"); folder != "" {
		apitest.Check(t, os.WriteFile(filepath.Join(folder, name), content, 0o600))
	}
}
