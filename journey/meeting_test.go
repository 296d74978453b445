package journey

import (
	"strings"
	"testing"
	"time"

	"gongdi/api/apitest"
	"gongdi/model"
)

// TestAMeetingIsCalledSignedInToAndWrittenUp goes from the call to the minutes.
func TestAMeetingIsCalledSignedInToAndWrittenUp(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		homes := s.homesIn("临江花园")
		home := homes[0]["property_id"].(string)
		owner := s.bind("owner", home, "owner")
		stranger := s.bind("stranger", s.homesIn("石岭小区")[0]["property_id"].(string), "owner")
		const meetings = "/api/v1/staff/meetings"
		call := map[string]any{
			"kind": "mobilisation", "title": "改造动员会", "place": "社区二楼", "agenda": "1. 介绍方案\n2. 答疑", "audience": map[string]any{"type": "estate", "id": s.estates["临江花园"]},
			"from": h.Now().Add(3 * time.Hour), "until": h.Now().Add(5 * time.Hour),
		}
		bad := func(key string, value any) {
			wrong := map[string]any{}
			for k, v := range call {
				wrong[k] = v
			}
			wrong[key] = value
			s.Post(s.clerk, meetings, wrong).Code(422, "invalid_request")
		}
		bad("until", h.Now().Add(2*time.Hour))
		bad("until", h.Now().Add(50*time.Hour))
		bad("from", h.Now().Add(-90*time.Hour))
		bad("place", " ")
		bad("kind", "party")
		bad("audience", map[string]any{"type": "estate", "id": "none"})
		made := s.Post(s.clerk, meetings, call).Want(201)
		id, code, notice := made.Text("id"), made.Text("code"), made.Text("notice_id")
		path := meetings + "/" + id
		s.Get(owner, "/api/v1/meetings/"+id).Code(404, "not_found")
		if got := s.Post(s.clerk, office+"/"+notice+"/publish", nil).Want(200); !strings.Contains(got.Text("html"), "社区二楼") || got.Text("about", "id") != id {
			t.Errorf("%s", got.Raw)
		}
		shown := s.Get(owner, "/api/v1/meetings/"+id).Want(200)
		if shown.Text("status") != "called" || strings.Contains(string(shown.Raw), code) {
			t.Errorf("a resident must not be told the code: %s", shown.Raw)
		}
		s.Get(stranger, "/api/v1/meetings/"+id).Code(404, "not_found")
		if n := s.Get(stranger, "/api/v1/meetings").Want(200).Number("total"); n != 0 {
			t.Errorf("%v meetings elsewhere", n)
		}
		signIn := func(who, code string) apitest.Answer {
			return s.Post(who, "/api/v1/meetings/sign-in", map[string]any{"code": code})
		}
		signIn(owner, code).Code(409, "sign_in_closed")
		s.Post(s.clerk, path+"/minutes", map[string]any{"text": "太早"}).Code(409, "meeting_not_begun")
		s.Post(s.clerk, path+"/attendance", map[string]any{"attendees": []any{map[string]any{"name": "老某"}}}).Code(409, "meeting_not_begun")
		if card := s.Get(s.clerk, "/api/v1/staff/codes/meeting/"+id+"/card.pdf").Want(200); string(card.Raw[:4]) != "%PDF" {
			t.Error("no card")
		}
		h.Wait(130 * time.Minute)
		s.clerk = h.Staff(model.RoleStreet, apitest.Street)
		signIn(owner, "WRONG").Code(422, "sign_in_code_wrong")
		signIn(stranger, code).Code(403, "not_invited")
		for range 2 { // tapped twice
			if got := signIn(owner, strings.ToLower(code[:4])+"-"+code[4:]).Want(200); got.Number("attended") != 1 || got.Text("signed_in_at") == "" {
				t.Errorf("%s", got.Raw)
			}
		}
		sheet := s.paperPicture(t)
		s.Post(s.clerk, path+"/attendance", map[string]any{"attendees": []any{map[string]any{"name": "老某", "property_id": "none"}}}).Code(422, "invalid_request")
		s.Post(s.clerk, path+"/attendance", map[string]any{
			"attendees": []any{map[string]any{"name": "老某", "property_id": homes[1]["property_id"]}, map[string]any{"name": "租户某"}}, "file_ids": []string{sheet},
		}).Want(204)
		came := s.Get(s.clerk, path+"/attendance").Want(200)
		if came.Number("total") != 3 || came.Text("items", 0, "name") != "某人" || came.Text("items", 0, "channel") != "phone" || came.Text("items", 1, "channel") != "paper" {
			t.Errorf("%s", came.Raw)
		}
		s.Get(s.clerk, path+"/files/"+sheet).Want(200)
		if got := s.Get(owner, "/api/v1/meetings/"+id).Want(200); got.Number("attended") != 3 || strings.Contains(string(got.Raw), "老某") {
			t.Errorf("%s", got.Raw)
		}
		h.Wait(time.Hour)
		s.clerk = h.Staff(model.RoleStreet, apitest.Street)
		s.Post(s.clerk, path+"/cancel", map[string]any{"reason": "迟了"}).Code(409, "meeting_over")
		picture := s.paperPicture(t)
		minutes := s.Post(s.clerk, path+"/minutes", map[string]any{"text": "会议同意**启动**改造。", "file_ids": []string{picture}}).Want(201)
		s.Post(s.clerk, path+"/minutes", map[string]any{"text": "又一份"}).Code(409, "minutes_written")
		if got := s.Get(owner, "/api/v1/notices/"+minutes.Text("id")).Want(200); got.Text("title") != "改造动员会会议纪要" || got.Text("status") != "published" {
			t.Errorf("%s", got.Raw)
		}
		s.Get(owner, "/api/v1/notices/"+minutes.Text("id")+"/files/"+picture).Want(200)
		s.Get(owner, "/api/v1/notices/"+minutes.Text("id")+"/files/"+sheet).Code(404, "not_found")
		if got := s.Get(owner, "/api/v1/meetings").Want(200); got.Text("items", 0, "minutes_id") != minutes.Text("id") {
			t.Errorf("%s", got.Raw)
		}
		h.Wait(2 * time.Hour)
		signIn(owner, code).Code(409, "sign_in_closed")
	})
}

// TestAMeetingThatIsCalledOffTellsThoseWhoWereCalled withdraws the notice, too.
func TestAMeetingThatIsCalledOffTellsThoseWhoWereCalled(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		owner := s.bind("owner", s.homesIn("临江花园")[0]["property_id"].(string), "owner")
		call := map[string]any{
			"kind": "council", "title": "停车议事会", "place": "小区广场", "audience": map[string]any{"type": "estate", "id": s.estates["临江花园"]},
			"from": h.Now().Add(30 * time.Minute), "until": h.Now().Add(2 * time.Hour),
		}
		dropped := s.Post(s.clerk, "/api/v1/staff/meetings", call).Want(201)
		s.Post(s.clerk, "/api/v1/staff/meetings/"+dropped.Text("id")+"/cancel", map[string]any{"reason": "写错了"}).Want(200)
		s.Get(s.clerk, office+"/"+dropped.Text("notice_id")).Code(404, "not_found")
		made := s.Post(s.clerk, "/api/v1/staff/meetings", call).Want(201)
		notice, path := made.Text("notice_id"), "/api/v1/staff/meetings/"+made.Text("id")
		s.Post(s.clerk, office+"/"+notice+"/publish", nil).Want(200)
		if got := s.Post(s.clerk, path+"/cancel", map[string]any{"reason": "下雨改期"}).Want(200); got.Text("status") != "cancelled" {
			t.Errorf("%s", got.Raw)
		}
		s.Post(owner, "/api/v1/meetings/sign-in", map[string]any{"code": made.Text("code")}).Code(409, "meeting_cancelled")
		s.Post(s.clerk, path+"/minutes", map[string]any{"text": "没有开"}).Code(409, "meeting_cancelled")
		if got := s.Get(owner, "/api/v1/notices/"+notice).Want(200); got.Text("status") != "withdrawn" || got.Text("withdrawn_reason") != "下雨改期" {
			t.Errorf("%s", got.Raw)
		}
		apitest.Check(t, h.Notices.Deliver(t.Context()))
		if inbox := s.Get(owner, "/api/v1/inbox").Want(200); !strings.Contains(string(inbox.Raw), "已撤回：停车议事会。下雨改期") || strings.Contains(string(inbox.Raw), "新的会议通知") {
			t.Errorf("%s", inbox.Raw)
		}
		s.Get(s.clerk, "/api/v1/staff/meetings").Want(200)
		var elsewhere string
		apitest.Check(t, h.DB.Read(t.Context()).Raw("SELECT MAX(code) FROM areas WHERE type = 'community' AND code <> (SELECT area_code FROM meetings LIMIT 1)").Scan(&elsewhere).Error)
		s.Get(h.Staff(model.RoleCommunity, elsewhere), path).Code(404, "not_found")
	})
}
