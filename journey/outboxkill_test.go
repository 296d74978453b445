package journey

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"gongdi/api/apitest"
	"gongdi/service/messages"
	"gongdi/service/store"
	"gongdi/service/store/dbtest"
	"gongdi/service/wechat"
	"gongdi/service/wechat/standin"
)

// TestNoMessageIsLostWhenTheProcessDies publishes to many phones and kills the
// server at random moments between the cause and the last sending.
func TestNoMessageIsLostWhenTheProcessDies(t *testing.T) {
	if os.Getenv("GONGDI_TEST_LONG") == "" {
		t.Skip("long: set GONGDI_TEST_LONG")
	}
	binary := filepath.Join(t.TempDir(), "gongdi")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "..").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	const phones, kills, sendersOfAProcess = 40, 5, 8
	dbtest.EachAddress(t, func(t *testing.T, address string) {
		db, err := store.Open(t.Context(), address)
		apitest.Check(t, err)
		h := apitest.Open(t, db, nil)
		s := open(t, h)
		for i, v := range s.voters(s.put("临江花园", nil))[:phones] {
			_, home := homeOf(v)
			s.bind(fmt.Sprint("p-", i), home, "tenant")
		}
		platform := standin.New(standin.Config{AppID: "wx-test", Secret: "secret"})
		apitest.Check(t, platform.Fail(standin.Fault{Path: "/cgi-bin/message/subscribe/send", DelayMS: 40, Times: 1000}))
		web := httptest.NewServer(platform)
		defer web.Close()
		server := &victim{t: t, binary: binary, database: address, keyFile: s.KeyFile, settings: []string{
			"GONGDI_WECHAT_APPID=wx-test", "GONGDI_WECHAT_SECRET=secret", "GONGDI_WECHAT_BASE_URL=" + web.URL,
		}}
		for range kills {
			s.publicity("临江花园", nil)
			server.start()
			before, enough := len(platform.Messages("")), 1+rand.IntN(phones-1)
			for range 500 {
				if len(platform.Messages("")) >= before+enough {
					break
				}
				time.Sleep(10 * time.Millisecond)
			}
			server.kill()
		}
		// What the dead held is free when their hold lapses.
		client, err := wechat.New(wechat.Config{AppID: "wx-test", Secret: "secret", BaseURL: web.URL})
		apitest.Check(t, err)
		h.Wait(10 * time.Minute)
		h.Messages.Platform, h.Messages.Quiet = client, messages.Quiet{}
		h.Messages.Templates, err = messages.ReadTemplates("", true)
		apitest.Check(t, err)
		apitest.Check(t, h.Notices.Deliver(t.Context()))
		apitest.Check(t, h.Messages.Push(context.WithoutCancel(t.Context())))
		twice := 0
		for i := range phones {
			got := map[string]int{} // by the notice it leads to
			for _, m := range platform.Messages(fmt.Sprint("p-", i)) {
				if m.Template == "standin-notice" {
					got[m.Page]++
				}
			}
			if len(got) != kills {
				t.Errorf("phone %d was told of %d notices, want %d", i, len(got), kills)
			}
			for _, n := range got {
				twice += n - 1
			}
		}
		if twice > kills*sendersOfAProcess {
			t.Errorf("%d messages came twice", twice)
		}
		t.Logf("%d messages came twice", twice)
		apitest.Check(t, db.Close())
	})
}
