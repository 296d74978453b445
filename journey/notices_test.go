package journey

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"gongdi/api/apitest"
	"gongdi/model"
	"gongdi/service/store"
)

func (s *street) noticeFor(estate string, more map[string]any) map[string]any {
	body := map[string]any{
		"kind": "publicity", "title": "春季改造方案", "body": "**方案**见附件。\n\n<script>alert(1)</script>[链接](javascript:alert(1))",
		"audience": map[string]any{"type": "estate", "id": s.estates[estate]}, "publicity_days": 7,
	}
	for k, v := range more {
		body[k] = v
	}
	return body
}

// publicity writes and publishes a notice.
func (s *street) publicity(estate string, more map[string]any) string {
	s.T.Helper()
	id := s.Post(s.clerk, "/api/v1/staff/notices", s.noticeFor(estate, more)).Want(201).Text("id")
	s.Post(s.clerk, "/api/v1/staff/notices/"+id+"/publish", nil).Want(200)
	return id
}

// TestAPublicityPeriodRunsIsObjectedToAndEnds goes from the draft to the
// statement.
func TestAPublicityPeriodRunsIsObjectedToAndEnds(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		voters := s.voters(s.put("临江花园", nil))
		_, home := homeOf(voters[0])
		owner := s.bind("owner", home, "owner")
		_, elsewhere := homeOf(s.voters(s.put("石岭小区", nil))[0])
		stranger := s.bind("stranger", elsewhere, "owner")
		drawing := s.paperPicture(t)
		draft := s.Post(s.clerk, office, s.noticeFor("临江花园", map[string]any{"file_ids": []string{drawing}})).Want(201)
		id := draft.Text("id")
		if html := draft.Text("html"); strings.Contains(html, "script") || strings.Contains(html, "javascript") || !strings.Contains(html, "<strong>方案</strong>") {
			t.Errorf("the page is %s", html)
		}
		s.Get(owner, "/api/v1/notices/"+id).Code(404, "not_found") // not published
		done := s.Post(s.clerk, office+"/"+id+"/publish", nil).Want(200)
		if done.Text("status") != "published" || done.Text("ends_on") <= done.Text("begins_on") || done.Number("version") != 1 {
			t.Errorf("%s", done.Raw)
		}
		s.Post(s.clerk, office+"/"+id+"/publish", nil).Code(409, "notice_not_draft")
		if got := s.Get(owner, "/api/v1/notices").Want(200); got.Number("total") != 1 || got.Text("items", 0, "id") != id {
			t.Errorf("%s", got.Raw)
		}
		if n := s.Get(stranger, "/api/v1/notices").Want(200).Number("total"); n != 0 {
			t.Errorf("%v notices elsewhere", n)
		}
		s.Post(stranger, "/api/v1/notices/"+id+"/objections", map[string]any{"text": "不同意"}).Code(404, "not_found")
		s.Get(owner, "/api/v1/notices/"+id+"/files/"+drawing).Want(200)
		s.Get(stranger, "/api/v1/notices/"+id+"/files/"+drawing).Code(404, "not_found")

		apitest.Check(t, h.Notices.Deliver(t.Context()))
		apitest.Check(t, h.Notices.Deliver(t.Context()))
		told := 0
		inbox := s.Get(owner, "/api/v1/inbox").Want(200)
		for i := range inbox.Items("items") {
			if inbox.Text("items", i, "kind") == "notice" {
				told++
			}
		}
		if told != 1 {
			t.Errorf("told %d times: %s", told, inbox.Raw)
		}

		for range 2 { // tapped twice
			s.Post(owner, "/api/v1/notices/"+id+"/read", nil).Want(204)
		}
		s.Post(owner, "/api/v1/notices/"+id+"/confirm", nil).Want(204)
		_, second := homeOf(voters[1])
		s.Post(s.clerk, office+"/"+id+"/readers", map[string]any{"property_ids": []string{second}}).Want(204)
		s.Post(s.clerk, office+"/"+id+"/readers", map[string]any{"property_ids": []string{elsewhere}}).Code(422, "invalid_request")
		reach := s.Get(s.clerk, office+"/"+id).Want(200)
		if reach.Number("households_read") != 1 || reach.Number("households_confirmed") != 1 || reach.Number("households_told_in_person") != 1 || reach.Number("residents_told") != 1 {
			t.Errorf("%s", reach.Raw)
		}
		all, missing := s.Get(s.clerk, office+"/"+id+"/readers").Want(200).Number("total"), s.Get(s.clerk, office+"/"+id+"/readers?missing=true").Want(200).Number("total")
		if missing != all-2 || all != reach.Number("households") {
			t.Errorf("%v of %v have still to be told", missing, all)
		}

		first := s.Post(owner, "/api/v1/notices/"+id+"/objections", map[string]any{"text": "挡住采光"}).Want(201)
		if first.Text("status") != "submitted" || first.Text("due_on") == "" {
			t.Errorf("%s", first.Raw)
		}
		steps := office + "/" + id + "/objections/" + first.Text("id") + "/steps"
		s.Post(s.clerk, steps, map[string]any{"status": "settled", "words": "x"}).Code(409, "objection_step")
		for _, to := range []string{"accepted", "negotiating", "mediating", "settled"} {
			s.Post(s.clerk, steps, map[string]any{"status": to, "words": "已与业主沟通"}).Want(200)
		}
		s.Do("DELETE", owner, "/api/v1/objections/"+first.Text("id"), nil).Code(409, "objection_step")
		again := s.Post(owner, "/api/v1/notices/"+id+"/objections", map[string]any{"text": "噪声"}).Want(201).Text("id")
		s.Do("DELETE", stranger, "/api/v1/objections/"+again, nil).Code(404, "not_found")
		s.Do("DELETE", owner, "/api/v1/objections/"+again, nil).Want(204)
		s.Post(s.clerk, office+"/"+id+"/objections", map[string]any{"name": "老某", "text": "纸上的异议"}).Want(201)
		suggested := s.Post(owner, "/api/v1/notices/"+id+"/suggestions", map[string]any{"text": "多装一盏灯"}).Want(201).Text("id")
		answer := office + "/" + id + "/suggestions/" + suggested + "/answer"
		s.Post(s.clerk, answer, map[string]any{"status": "adopted", "answer": "已列入方案"}).Want(200)
		s.Post(s.clerk, answer, map[string]any{"status": "not_adopted", "answer": "x"}).Code(409, "suggestion_answered")
		mine := s.Get(owner, "/api/v1/notices/"+id).Want(200)
		if len(mine.Items("my_objections")) != 2 || len(mine.Items("my_objections", 0, "steps")) != 5 || mine.Text("suggestions", 0, "status") != "adopted" {
			t.Errorf("%s", mine.Raw)
		}

		s.Get(s.clerk, office+"/"+id+"/statement.pdf").Code(409, "publicity_running")
		revised := s.Post(s.clerk, office+"/"+id+"/revise", map[string]any{"title": "春季改造方案（修改）", "body": "电梯位置改到北侧", "reason": "业主意见"}).Want(200)
		if revised.Number("version") != 2 {
			t.Errorf("%s", revised.Raw)
		}
		if got := s.Get(s.clerk, office+"/"+id).Want(200); got.Number("households_read") != 0 || got.At("all_told") != false {
			t.Errorf("a new version is new to everybody: %s", got.Raw)
		}
		if got := s.Get(owner, "/api/v1/notices/"+id).Want(200); len(got.Items("versions")) != 2 || got.Text("versions", 0, "title") != "春季改造方案" {
			t.Errorf("%s", got.Raw)
		}
		h.Wait(20 * 24 * time.Hour)
		s.clerk = h.Staff(model.RoleStreet, apitest.Street)
		s.Post(owner, "/api/v1/notices/"+id+"/objections", map[string]any{"text": "太迟了"}).Code(409, "publicity_over")
		s.Post(owner, "/api/v1/notices/"+id+"/suggestions", map[string]any{"text": "太迟了"}).Code(409, "publicity_over")
		s.Post(s.clerk, office+"/"+id+"/objections", map[string]any{"name": "老某", "text": "当时交来的", "received_at": h.Now().Add(-19 * 24 * time.Hour)}).Want(201)
		s.Post(s.clerk, office+"/"+id+"/revise", map[string]any{"title": "x", "body": "x", "reason": "x"}).Code(409, "publicity_over")
		if pdf := s.Get(s.clerk, office+"/"+id+"/statement.pdf").Want(200); string(pdf.Raw[:4]) != "%PDF" {
			t.Error("no PDF")
		}
	})
}

// TestAMotionIsWarnedOfObjections asks before publishing whether what was
// publicised stands unopposed.
func TestAMotionIsWarnedOfObjections(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		_, home := homeOf(s.voters(s.put("临江花园", nil))[0])
		owner := s.bind("owner", home, "owner")
		draft := s.Post(s.clerk, "/api/v1/staff/motions", map[string]any{
			"scope": map[string]any{"type": "estate", "id": s.estates["临江花园"]}, "kind": "willingness", "title": "改造方案", "text": "是否同意？",
			"opens_at": h.Now().Add(time.Hour), "closes_at": h.Now().Add(2 * time.Hour),
		}).Want(201).Text("id")
		notice := s.publicity("临江花园", map[string]any{"about": map[string]any{"type": "motion", "id": draft}})
		warned := func() bool {
			return strings.Contains(string(s.Get(s.clerk, "/api/v1/staff/motions/"+draft+"/preflight").Want(200).Raw), "objections_open")
		}
		if warned() {
			t.Error("warned of nothing")
		}
		objection := s.Post(owner, "/api/v1/notices/"+notice+"/objections", map[string]any{"text": "不同意"}).Want(201).Text("id")
		if !warned() {
			t.Error("not warned of an objection")
		}
		s.Do("DELETE", owner, "/api/v1/objections/"+objection, nil).Want(204)
		if warned() {
			t.Error("warned of one that was withdrawn")
		}
	})
}

func TestBadNoticesGetTheirProblems(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		_, home := homeOf(s.voters(s.put("临江花园", nil))[0])
		owner := s.bind("owner", home, "owner")
		for name, c := range map[string]struct {
			change map[string]any
			code   string
		}{
			"no such kind":      {map[string]any{"kind": "gossip"}, "invalid_request"},
			"no such audience":  {map[string]any{"audience": map[string]any{"type": "estate", "id": "none"}}, "invalid_request"},
			"no such reach":     {map[string]any{"audience": map[string]any{"type": "planet", "id": "x"}}, "invalid_request"},
			"too short":         {map[string]any{"subject": "lift_scheme", "publicity_days": 9}, "publicity_short"},
			"no such subject":   {map[string]any{"subject": "x"}, "invalid_request"},
			"ends before":       {map[string]any{"kind": "works", "publicity_days": 0, "from": h.Now(), "until": h.Now().Add(-time.Hour)}, "invalid_request"},
			"a period of works": {map[string]any{"kind": "works"}, "invalid_request"},
			"another's file":    {map[string]any{"file_ids": []string{"none"}}, "invalid_request"},
		} {
			if got := s.Post(s.clerk, "/api/v1/staff/notices", s.noticeFor("临江花园", c.change)); got.Status != 422 || got.Body["code"] != c.code {
				t.Errorf("%s: %d %s", name, got.Status, got.Raw)
			}
		}
		if got := s.Post(s.clerk, "/api/v1/staff/notices", s.noticeFor("临江花园", map[string]any{"kind": "公示", "publicity_days": 0, "subject": "lift_scheme"})).Want(201); got.Number("publicity_days") != 10 {
			t.Errorf("%s", got.Raw)
		}
		works := s.publicity("临江花园", map[string]any{"kind": "works", "publicity_days": 0, "title": "停水"})
		s.Post(owner, "/api/v1/notices/"+works+"/objections", map[string]any{"text": "x"}).Code(409, "not_publicity")
		s.Get(s.clerk, "/api/v1/staff/notices/"+works+"/statement.pdf").Code(409, "not_publicity")
		s.Post(s.clerk, "/api/v1/staff/notices/"+works+"/withdraw", map[string]any{"reason": "改期"}).Want(200)
		s.Post(s.clerk, "/api/v1/staff/notices/"+works+"/withdraw", map[string]any{"reason": "改期"}).Code(409, "notice_not_published")
		if got := s.Get(owner, "/api/v1/notices/"+works).Want(200); got.Text("status") != "withdrawn" || got.Text("withdrawn_reason") != "改期" {
			t.Errorf("%s", got.Raw)
		}
		s.Do("DELETE", s.clerk, "/api/v1/staff/notices/"+works, nil).Code(409, "notice_not_draft")
		dropped := s.Post(s.clerk, "/api/v1/staff/notices", s.noticeFor("临江花园", map[string]any{"file_ids": []string{s.paperPicture(t)}})).Want(201).Text("id")
		s.Do("DELETE", s.clerk, "/api/v1/staff/notices/"+dropped, nil).Want(204)
		apitest.Check(t, h.Files.Sweep(t.Context()))
		if left := stored(t, h); len(left) != 0 {
			t.Errorf("the files of a deleted draft are left: %v", left)
		}

		h.Notices.Reviewed = []model.NoticeKind{model.Publicity}
		id := s.Post(s.clerk, "/api/v1/staff/notices", s.noticeFor("临江花园", nil)).Want(201).Text("id")
		path := "/api/v1/staff/notices/" + id
		s.Post(s.clerk, path+"/publish", nil).Code(409, "review_needed")
		s.Post(s.clerk, path+"/review", nil).Code(403, "own_review")
		s.Post(h.Staff(model.RoleStreet, apitest.Street), path+"/review", nil).Want(200)
		later := s.Post(s.clerk, path+"/publish", map[string]any{"publish_at": h.Now().Add(time.Hour)}).Want(200)
		if later.Text("status") != "scheduled" {
			t.Errorf("%s", later.Raw)
		}
		s.Get(owner, "/api/v1/notices/"+id).Code(404, "not_found")
		h.Wait(2 * time.Hour)
		s.Get(owner, "/api/v1/notices/"+id).Want(200)
	})
}

// TestAThousandAreToldOnceEach has several deliver at once.
func TestAThousandAreToldOnceEach(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		_, home := homeOf(s.voters(s.put("临江花园", nil))[0])
		for i := range 1200 {
			s.exec("INSERT INTO bindings (id, resident_id, property_id, estate_id, owner_id, relation, status, proof, name, phone, privacy_version, reason, decided_by, created_at) VALUES (?, ?, ?, ?, '', 'tenant', 'verified', '', '', '', '', '', '', ?)",
				fmt.Sprintf("b%025d", i), fmt.Sprintf("r%025d", i), home, s.estates["临江花园"], h.Now().UTC())
		}
		id := s.publicity("临江花园", nil)
		failed := make(chan error, 4)
		for range cap(failed) {
			go func() { failed <- h.Notices.Deliver(t.Context()) }()
		}
		for range cap(failed) {
			apitest.Check(t, <-failed)
		}
		var people, messages int64
		apitest.Check(t, h.DB.Read(t.Context()).Raw("SELECT COUNT(DISTINCT resident_id), COUNT(*) FROM resident_tidings WHERE about_id = ?", id).Row().Scan(&people, &messages))
		if people != 1200 || messages != 1200 {
			t.Errorf("%d messages to %d people", messages, people)
		}
	})
}

func (s *street) exec(statement string, args ...any) {
	s.T.Helper()
	apitest.Check(s.T, store.Tx(context.Background(), s.DB, func(tx *gorm.DB) error { return tx.Exec(statement, args...).Error }))
}
