package messages_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/messages"
	"gongdi/service/store"
	"gongdi/service/store/dbtest"
	"gongdi/service/wechat"
)

// A post office plays the platform: it delivers, or does what it is told.
type post struct {
	mu        sync.Mutex
	delivered map[string]int // by openid
	asked     int
	instead   func(n wechat.Note) error
}

func (p *post) Notify(_ context.Context, n wechat.Note) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	if p.instead != nil {
		if err := p.instead(n); err != nil {
			return "", err
		}
	}
	p.delivered[n.To]++
	return fmt.Sprint(p.asked), nil
}

const news = "tmpl-news"

// A desk is the outbox of some residents r0, r1, … with the openids o0, o1, ….
type desk struct {
	*messages.Service
	t    *testing.T
	post *post
	mu   sync.Mutex
	at   time.Time
}

func (d *desk) now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.at
}

func (d *desk) wait(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at = d.at.Add(by)
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) push(want ...int) {
	d.t.Helper()
	d.must(d.Push(d.t.Context()))
	for i, n := range want {
		if got := d.post.delivered[fmt.Sprint("o", i)]; got != n {
			d.t.Fatalf("%d messages reached o%d, want %d", got, i, n)
		}
	}
}

func (d *desk) tell(n messages.News, residents ...string) {
	d.t.Helper()
	d.must(store.Tx(d.t.Context(), d.DB, func(tx *gorm.DB) error { return messages.Tell(tx, residents, n, d.now()) }))
}

func (d *desk) states(want string) {
	d.t.Helper()
	p, err := d.ProgressOf(d.t.Context(), model.About{})
	d.must(err)
	var got []string
	for _, state := range []string{"waiting", "sending", "retry", "sent", "none", "expired", "refused", "dead", "unknown"} {
		if n := p.States[state]; n > 0 {
			got = append(got, fmt.Sprint(state, " ", n))
		}
	}
	if text := strings.Join(got, ", "); text != want {
		d.t.Errorf("the outbox says %q, want %q", text, want)
	}
}

func (d *desk) allowed(resident string, want int) {
	d.t.Helper()
	rows, err := d.ConsentsOf(d.t.Context(), resident)
	d.must(err)
	if rows[0].Allowed != want {
		d.t.Errorf("%s allows %d, want %d", resident, rows[0].Allowed, want)
	}
}

func (d *desk) allow(resident, tap, result string) {
	d.t.Helper()
	d.must(d.Allow(d.t.Context(), resident, tap, map[string]string{news: result}))
}

func eachDesk(t *testing.T, residents int, test func(d *desk)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		d := &desk{t: t, at: time.Date(2026, 11, 2, 4, 0, 0, 0, time.UTC), post: &post{delivered: map[string]int{}}}
		d.Service = &messages.Service{
			DB: db, Now: d.now, Platform: d.post, AppID: "wx",
			Templates: map[string]messages.Template{"*": {ID: news, Fields: map[string]string{"text": "thing1"}}},
		}
		d.must(store.Tx(t.Context(), db, func(tx *gorm.DB) error {
			for i := range residents {
				if err := tx.Exec("INSERT INTO residents (id, nickname, phone, phone_index, created_at) VALUES (?, '', '', '', ?)", fmt.Sprint("r", i), d.at).Error; err != nil {
					return err
				}
				err := tx.Exec("INSERT INTO wechat_accounts (app_id, open_id, resident_id, created_at) VALUES ('wx', ?, ?, ?)", fmt.Sprint("o", i), fmt.Sprint("r", i), d.at).Error
				if err != nil {
					return err
				}
			}
			return nil
		}))
		test(d)
	})
}

func TestWorkersSendEachMessageOnce(t *testing.T) {
	eachDesk(t, 300, func(d *desk) {
		var everybody []string
		for i := range 300 {
			everybody = append(everybody, fmt.Sprint("r", i))
		}
		d.tell(messages.News{Kind: "k", AboutType: "notice", AboutID: "n"}, everybody...)
		var workers sync.WaitGroup
		failed := make([]error, 4)
		for i := range failed {
			workers.Go(func() { failed[i] = d.Push(d.t.Context()) })
		}
		workers.Wait()
		d.must(errors.Join(failed...))
		for o, n := range d.post.delivered {
			if n != 1 {
				d.t.Errorf("%s got %d", o, n)
			}
		}
		p, err := d.ProgressOf(d.t.Context(), model.About{Type: "notice", ID: "n"})
		d.must(err)
		if len(d.post.delivered) != 300 || p.Total != 300 || p.Drained != 300 || p.States["sent"] != 300 {
			d.t.Errorf("%d were reached; %+v", len(d.post.delivered), p)
		}
	})
}

func TestWhatAWorkerHeldWhenItDiedIsSentByAnother(t *testing.T) {
	eachDesk(t, 2, func(d *desk) {
		d.allow("r0", "", "accept")
		d.tell(messages.News{Kind: "k"}, "r0")
		d.wait(time.Second)
		// A worker took it, with its consent, and was killed before it asked.
		d.must(store.Tx(d.t.Context(), d.DB, func(tx *gorm.DB) error {
			if err := tx.Exec("UPDATE template_consents SET allowed = 0").Error; err != nil {
				return err
			}
			return tx.Exec("UPDATE resident_tidings SET push_state = 'sending', push_claim = 'gone', push_tries = 1, push_granted = 1, push_after = ?", d.now().Add(time.Minute)).Error
		}))
		d.push(0)
		d.wait(time.Minute)
		d.push(1)
		d.states("sent 1")
		d.wait(time.Hour)
		d.push(1)
	})
}

func TestAWorkerThatIsStoppedFinishesWhatItSendsAndGivesBackTheRest(t *testing.T) {
	eachDesk(t, 20, func(d *desk) {
		var everybody []string
		for i := range 20 {
			everybody = append(everybody, fmt.Sprint("r", i))
		}
		d.tell(messages.News{Kind: "k"}, everybody...)
		ctx, stop := context.WithCancel(d.t.Context())
		d.post.instead = func(wechat.Note) error {
			stop()
			return nil
		}
		if err := d.Push(ctx); !errors.Is(err, context.Canceled) {
			d.t.Fatal(err)
		}
		sent := len(d.post.delivered)
		if sent == 0 || sent == 20 {
			d.t.Errorf("%d were sent", sent)
		}
		d.states(fmt.Sprintf("sending %d, sent %d", 20-sent, sent))
		d.post.instead = nil
		d.push() // at once: nothing has to lapse
		d.states("sent 20")
		for o, n := range d.post.delivered {
			if n != 1 {
				d.t.Errorf("%s got %d", o, n)
			}
		}
	})
}

func TestWhatBecomesOfAMessageByWhatThePlatformSays(t *testing.T) {
	eachDesk(t, 1, func(d *desk) {
		for range 3 {
			d.allow("r0", "", "accept")
			d.wait(3 * time.Minute)
		}
		d.post.instead = func(wechat.Note) error { return wechat.ErrUnavailable }
		d.tell(messages.News{Kind: "k", Until: d.now().Add(20 * time.Hour)}, "r0")
		for _, wait := range []time.Duration{0, time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour} {
			d.wait(wait)
			d.push(0)
			d.states("retry 1")
			d.push(0) // not before its time
		}
		d.wait(6 * time.Hour)
		d.push(0)
		d.states("dead 1")
		d.allowed("r0", 3) // nothing was used up
		if d.post.asked != 6 {
			d.t.Errorf("asked %d times", d.post.asked)
		}
		n, err := d.ResendAll(d.t.Context())
		d.must(err)
		d.post.instead = nil
		d.push(1)
		d.states("sent 1")
		d.allowed("r0", 2)
		if n != 1 {
			d.t.Errorf("%d sent again", n)
		}

		d.post.instead = func(wechat.Note) error { return wechat.ErrUnsure }
		d.tell(messages.News{Kind: "k"}, "r0")
		d.push(1)
		d.wait(time.Hour)
		d.push(1) // it may have arrived
		d.states("sent 1, unknown 1")
		d.allowed("r0", 1)

		d.post.instead = func(wechat.Note) error { return wechat.ErrNoGrant }
		d.tell(messages.News{Kind: "k"}, "r0")
		d.push(1)
		d.states("sent 1, refused 1, unknown 1")
		d.allowed("r0", 0)
		d.post.instead = nil
		d.tell(messages.News{Kind: "k"}, "r0")
		d.push(1)
		d.states("sent 1, none 1, refused 1, unknown 1")
	})
}

func TestWhoIsNotKnownToHaveRefusedIsAskedOfThePlatformOnce(t *testing.T) {
	eachDesk(t, 2, func(d *desk) {
		d.post.instead = func(n wechat.Note) error {
			if n.To == "o1" {
				return wechat.ErrNoGrant
			}
			return nil
		}
		for range 3 {
			d.tell(messages.News{Kind: "k"}, "r0", "r1", "nobody")
			d.push()
		}
		d.push(3, 0)
		d.states("sent 3, none 5, refused 1")
	})
}

func TestAMessageOfNoUseIsNotSent(t *testing.T) {
	eachDesk(t, 1, func(d *desk) {
		d.Quiet = messages.Quiet{From: 22, To: 8}
		d.wait(11 * time.Hour) // 23:00
		d.tell(messages.News{Kind: "k", Until: d.now().Add(time.Hour)}, "r0")
		d.tell(messages.News{Kind: "k"}, "r0")
		d.push(0)
		d.wait(9*time.Hour - time.Second)
		d.push(0)
		d.wait(time.Second)
		d.push(1)
		d.states("sent 1, expired 1")
	})
}

func TestATapIsCountedOnceWhoeverReportsIt(t *testing.T) {
	eachDesk(t, 1, func(d *desk) {
		popup := func(at time.Time, status string) {
			d.t.Helper()
			d.must(d.Heed(d.t.Context(), messages.Event{Name: messages.EventPopup, OpenID: "o0", At: at, Items: []messages.EventItem{
				{TemplateID: "another's", Status: "accept"}, {TemplateID: news, Status: status},
			}}))
		}
		d.allow("r0", "tap-1", "accept")
		d.allow("r0", "tap-1", "accept")
		popup(d.now().Add(time.Second), "accept")
		popup(d.now().Add(time.Second), "accept") // pushed twice
		d.allowed("r0", 1)
		d.wait(time.Hour)
		popup(d.now(), "accept") // this time the platform was faster
		d.allow("r0", "tap-2", "accept")
		d.allowed("r0", 2)
		d.wait(time.Hour)
		popup(d.now(), "reject")
		d.allow("r0", "tap-3", "reject")
		d.allowed("r0", 2)
		for i := range 30 {
			d.wait(time.Hour)
			d.allow("r0", fmt.Sprint("more-", i), "accept")
		}
		d.allowed("r0", 20)
		d.must(d.Heed(d.t.Context(), messages.Event{Name: messages.EventChange, OpenID: "o0", At: d.now(), Items: []messages.EventItem{{TemplateID: news, Status: "reject"}}}))
		d.allowed("r0", 0)
		d.must(d.Heed(d.t.Context(), messages.Event{Name: messages.EventPopup, OpenID: "a stranger", At: d.now(), Items: []messages.EventItem{{TemplateID: news, Status: "accept"}}}))
		var sum int
		d.must(d.DB.Read(d.t.Context()).Raw("SELECT SUM(delta) FROM consent_entries").Scan(&sum).Error)
		if sum != 0 {
			d.t.Errorf("the entries add up to %d", sum)
		}
	})
}

func TestThePlatformsWordSettlesAMessageWithoutAnAnswer(t *testing.T) {
	eachDesk(t, 1, func(d *desk) {
		d.post.instead = func(wechat.Note) error { return wechat.ErrUnsure }
		d.tell(messages.News{Kind: "k"}, "r0")
		d.push(0)
		d.states("unknown 1")
		sent := func(code int64) {
			d.t.Helper()
			d.must(d.Heed(d.t.Context(), messages.Event{Name: messages.EventSent, OpenID: "o0", At: d.now(), Items: []messages.EventItem{{TemplateID: news, MsgID: "77", ErrorCode: code}}}))
		}
		sent(0)
		d.states("sent 1")
		sent(43101) // by its number
		d.states("refused 1")
	})
}
