package journey

import (
	"strings"
	"testing"
	"time"

	"gongdi/api/apitest"
)

// TestAStepIsDoneWhenItsGatesAreMet walks a lift's steps as far as the permit.
func TestAStepIsDoneWhenItsGatesAreMet(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		m := moneyOf(open(t, h), "供电局家属院")
		steps := lifts + "/" + m.plan + "/steps"
		done := func(more map[string]any) map[string]any {
			body := map[string]any{"done_on": h.Now().In(time.FixedZone("", 8*3600)).Format(time.DateOnly)}
			for k, v := range more {
				body[k] = v
			}
			return body
		}
		paper := func() map[string]any { return done(map[string]any{"file_ids": []string{m.paperPicture(t)}}) }
		refused := func(step, why string) {
			t.Helper()
			if got := m.Put(m.clerk, steps+"/"+step, done(nil)).Code(409, "gate_unmet"); !strings.Contains(string(got.Raw), why) {
				t.Errorf("%s: %s", step, got.Raw)
			}
		}
		if list := m.Get(m.owners[1], "/api/v1/lift-plans/"+m.plan+"/steps").Want(200); list.Number("total") != 15 || list.Text("items", 0, "status") != "waiting" {
			t.Errorf("%s", list.Raw)
		}
		m.Put(m.clerk, steps+"/none", done(nil)).Code(404, "not_found")
		m.Put(m.clerk, steps+"/intents", map[string]any{"done_on": "2090-01-01"}).Code(422, "invalid_request")
		m.Put(m.clerk, steps+"/intents", map[string]any{"begun_on": "2090-01-01"}).Code(422, "invalid_request")
		m.Put(m.clerk, steps+"/intents", done(nil)).Want(200)
		refused("scheme", "还没有上传")
		m.Put(m.clerk, steps+"/scheme", map[string]any{"begun_on": "2026-01-01"}).Want(200)
		scheme := m.Put(m.clerk, steps+"/scheme", paper()).Want(200)
		m.Get(m.clerk, steps+"/scheme/files/"+scheme.Text("items", 1, "file_ids", 0)).Want(200)
		refused("vote", "还没有对现行版本发起业主表决")
		m.ballot(m.owners, "agree", func(vote apitest.Answer) {
			m.Put(m.clerk, lifts+"/"+m.plan+"/motion", map[string]any{"motion_id": vote.Text("id")}).Want(204)
			refused("vote", "还没有结果")
		})
		m.Put(m.clerk, steps+"/vote", done(nil)).Want(200)
		refused("agreement", "户出资户没有签署")
		for i := range m.homes {
			m.Put(m.owners[i], "/api/v1/lift-plans/"+m.plan+"/agreement/"+m.home(i), map[string]any{"agreement_version": 1, "accept": true}).Want(200)
		}
		m.Put(m.clerk, steps+"/agreement", done(nil)).Want(200)
		refused("publicity", "还没有公示")
		notice := m.publicity("供电局家属院", map[string]any{"subject": "lift_scheme", "publicity_days": 10, "about": map[string]any{"type": "lift_plan", "id": m.plan, "version": 1}})
		refused("publicity", "还没有结束")
		m.Post(m.owners[0], "/api/v1/notices/"+notice+"/objections", map[string]any{"text": "挡住一楼采光"}).Want(201)
		h.Wait(14 * 24 * time.Hour)
		m.clerk = h.Staff("street", apitest.Street)
		m.Put(m.clerk, steps+"/publicity", done(nil)).Want(200)
		refused("objections", "1 件书面异议")
		h.Lifts.ObjectionsPass = true
		m.Put(m.clerk, steps+"/objections", done(nil)).Want(200)
		refused("permit", "“方案评估”还没有办结")
	})
}
