package journey

import (
	"testing"
	"time"

	"gongdi/api/apitest"
	"gongdi/service/messages"
)

// TestWhatThePlatformTellsReachesTheLedger goes from a tap on the phone,
// pushed by the platform and encrypted, to what is allowed and to the hint.
func TestWhatThePlatformTellsReachesTheLedger(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		noon(h)
		h.Messages.Templates = map[string]messages.Template{"notice": noticeTemplate}
		s := open(t, h)
		_, home := homeOf(s.voters(s.put("临江花园", nil))[0])
		phone := s.bind("tapper", home, "owner")
		allows := func(want float64) {
			t.Helper()
			if got := s.Get(phone, "/api/v1/me/subscriptions").Want(200); got.Number("items", 0, "allowed") != want {
				t.Errorf("%s, want %v", got.Raw, want)
			}
		}
		subscribe := func(openID, result string) {
			t.Helper()
			apitest.Check(t, h.Wechat.Subscribe(t.Context(), openID, map[string]string{noticeTemplate.ID: result}))
		}
		subscribe("nobody-here", "accept")
		allows(0)
		subscribe("tapper", "accept")
		allows(1)
		s.Post(phone, "/api/v1/me/subscriptions", map[string]any{"tap": "one", "results": map[string]any{"notice": "accept"}}).Want(200)
		allows(1) // the phone and the platform tell of the same tap
		h.Wait(5 * time.Minute)
		subscribe("tapper", "accept")
		allows(2)

		s.publicity("临江花园", nil)
		apitest.Check(t, h.Notices.Deliver(t.Context()))
		apitest.Check(t, h.Messages.Push(t.Context()))
		if n := len(h.Wechat.Messages("tapper")); n != 1 {
			t.Fatalf("%d hints", n)
		}
		allows(1)
		h.Wait(time.Minute)
		apitest.Check(t, h.Wechat.Unsubscribe(t.Context(), "tapper"))
		allows(0)
		h.Wait(time.Minute)
		subscribe("tapper", "accept")
		h.Wait(time.Minute)
		subscribe("tapper", "ban")
		allows(0)
	})
}
