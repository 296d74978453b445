package journey

import (
	"strings"
	"testing"
	"time"

	"gongdi/api/apitest"
	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/messages"
	"gongdi/service/wechat/standin"
)

// noon turns the clock to the next noon, when phones may ring.
func noon(h *apitest.House) {
	now := h.Now().In(quantity.Shanghai)
	next := time.Date(now.Year(), now.Month(), now.Day()+1, 12, 0, 0, 0, quantity.Shanghai)
	h.Wait(next.Sub(now))
}

var noticeTemplate = messages.Template{ID: "tmpl-notice", Fields: map[string]string{"title": "thing1", "time": "time2", "remark": "thing3"}}

func TestHintsReachPhonesThatAllowThem(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		noon(h)
		h.Messages.Templates = map[string]messages.Template{"notice": noticeTemplate}
		s := open(t, h)
		_, home := homeOf(s.voters(s.put("临江花园", nil))[0])
		phone := s.bind("listener", home, "owner")
		deaf := s.bind("deaf", home, "tenant")
		allow := func() {
			t.Helper()
			s.Post(phone, "/api/v1/me/subscriptions", map[string]any{"results": map[string]any{"notice": "accept"}}).Want(200)
		}
		s.Post(deaf, "/api/v1/me/subscriptions", map[string]any{"results": map[string]any{"tmpl-notice": "ban"}}).Want(200)
		s.Post(phone, "/api/v1/me/subscriptions", map[string]any{"results": map[string]any{"gossip": "accept"}}).Code(422, "invalid_request")
		s.Post(phone, "/api/v1/me/subscriptions", map[string]any{"results": map[string]any{"notice": "reject"}}).Want(200)
		for range 2 { // the same tap
			s.Post(phone, "/api/v1/me/subscriptions", map[string]any{"tap": "t1", "results": map[string]any{"tmpl-notice": "accept"}}).Want(200)
		}
		if got := s.Get(phone, "/api/v1/me/subscriptions").Want(200); got.Number("items", 0, "allowed") != 1 || got.Text("items", 0, "template_id") != "tmpl-notice" {
			t.Errorf("%s", got.Raw)
		}
		announce := func() {
			t.Helper()
			s.publicity("临江花园", map[string]any{"title": "关于给排水管网和屋面防水改造期间停车安排的公示"})
			apitest.Check(t, h.Notices.Deliver(t.Context()))
		}
		push := func(wantSent int) {
			t.Helper()
			failed := make(chan error, 4)
			for range cap(failed) {
				go func() { failed <- h.Messages.Push(t.Context()) }()
			}
			for range cap(failed) {
				apitest.Check(t, <-failed)
			}
			if n := len(h.Wechat.Messages("listener")); n != wantSent {
				t.Fatalf("%d hints reached the phone, want %d", n, wantSent)
			}
		}
		announce()
		push(1)
		hint := h.Wechat.Messages("listener")[0]
		if text := hint.Data["thing1"].Value; len([]rune(text)) != 20 || !strings.HasPrefix(text, "关于给排水管网") || hint.Template != "tmpl-notice" {
			t.Errorf("%+v", hint)
		}
		if n := len(h.Wechat.Messages("deaf")); n != 0 {
			t.Errorf("%d hints reached who has not allowed any", n)
		}
		announce() // nothing is allowed any more
		push(1)

		allow()
		announce()
		apitest.Check(t, h.Wechat.Fail(standin.Fault{Path: "/cgi-bin/message/subscribe/send", Errcode: 45009, Times: 1}))
		push(1)
		push(1) // it waits its minute
		h.Wait(time.Minute + time.Second)
		push(2)

		allow()
		announce()
		h.Wechat.Grant("listener", "tmpl-notice", 0) // the person has taken it back
		push(2)
		if got := s.Get(phone, "/api/v1/me/subscriptions").Want(200); got.Number("items", 0, "allowed") != 0 {
			t.Errorf("a grant is left: %s", got.Raw)
		}
		h.Wait(time.Hour)
		push(2) // and it is not tried again
		s.clerk = h.Staff(model.RoleStreet, apitest.Street)

		h.Wechat.Grant("listener", "tmpl-notice", 9)
		allow()
		wrong := messages.Template{ID: "tmpl-notice", Fields: map[string]string{"title": "nothing"}}
		h.Messages.Templates = map[string]messages.Template{"notice": wrong}
		announce()
		push(2)
		dead := s.Get(s.clerk, "/api/v1/staff/messages/dead").Want(200)
		if dead.Number("total") != 1 || dead.Number("items", 0, "errcode") != 47003 {
			t.Errorf("%s", dead.Raw)
		}
		h.Messages.Templates = map[string]messages.Template{"notice": noticeTemplate}
		path := "/api/v1/staff/messages/" + dead.Text("items", 0, "id") + "/resend"
		s.Post(s.clerk, path, nil).Want(204)
		s.Post(s.clerk, path, nil).Code(409, "message_not_dead")
		if n := s.Post(s.clerk, "/api/v1/staff/messages/resend", nil).Want(200).Number("resent"); n != 0 {
			t.Errorf("%v dead letters more", n)
		}
		push(3)
		progress := s.Get(s.clerk, "/api/v1/staff/messages/progress").Want(200)
		if progress.Number("states", "sent") != 3 || progress.Number("states", "refused") != 1 || progress.Number("states", "dead") != 0 ||
			progress.Number("total") != progress.Number("drained") {
			t.Errorf("%s", progress.Raw)
		}
	})
}

func TestPhonesDoNotRingAtNight(t *testing.T) {
	h := apitest.SQLite(t)
	noon(h)
	h.Wait(10*time.Hour + time.Minute) // 22:01
	h.Messages.Templates = map[string]messages.Template{"notice": noticeTemplate}
	s := open(t, h)
	_, home := homeOf(s.voters(s.put("临江花园", nil))[0])
	phone := s.bind("sleeper", home, "owner")
	s.Post(phone, "/api/v1/me/subscriptions", map[string]any{"results": map[string]any{"notice": "accept"}}).Want(200)
	s.publicity("临江花园", nil)
	apitest.Check(t, h.Notices.Deliver(t.Context()))
	for _, c := range []struct {
		wait time.Duration
		want int
	}{{0, 0}, {9 * time.Hour, 0}, {time.Hour, 1}} {
		h.Wait(c.wait)
		apitest.Check(t, h.Messages.Push(t.Context()))
		if n := len(h.Wechat.Messages("sleeper")); n != c.want {
			t.Errorf("%d hints at %s, want %d", n, h.Now().In(quantity.Shanghai).Format(time.TimeOnly), c.want)
		}
	}
}
