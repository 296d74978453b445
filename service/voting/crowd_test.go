package voting_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/vote"
	"gongdi/service/evidence"
	"gongdi/service/store"
	"gongdi/service/voting"
)

// crowd collects what residents were promised.
type crowd struct {
	*meeting
	mu    sync.Mutex
	casts []voting.Cast
	acked atomic.Int64
}

// vote casts and keeps the answer; nothing but not open may refuse it.
func (c *crowd) vote(ctx context.Context, at string, choice vote.Choice) bool {
	who := c.e.of(at)
	e, err := c.MayCast(ctx, who, c.m.ID, c.voters[at])
	if err != nil {
		c.t.Errorf("may cast: %v", err)
		return false
	}
	cast, err := c.Cast(ctx, who, e, c.ballot(at, choice))
	if err != nil {
		if !errors.Is(err, voting.ErrMotionNotOpen) {
			c.t.Errorf("casting says %v", err)
		}
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.casts = append(c.casts, cast)
	c.acked.Add(1)
	return true
}

// holds wants every voter's versions without a gap, the phone's latest one
// counting, and every promised one among them.
func (c *crowd) holds() {
	c.t.Helper()
	kept := map[string]bool{}
	for _, v := range c.roll() {
		var versions []model.Ballot
		c.must(c.db.Read(c.ctx).Where("motion_id = ? AND voter_id = ?", c.m.ID, v.ID).Order("version").Find(&versions).Error)
		for i, b := range versions {
			kept[b.Digest] = true
			if b.Version != i+1 {
				c.t.Errorf("version %d comes after %d", b.Version, i)
			}
		}
		if v.Version != len(versions) {
			c.t.Errorf("the roll says version %d of %d", v.Version, len(versions))
		}
		phones := slices.DeleteFunc(versions, func(b model.Ballot) bool { return b.Channel != vote.Online })
		if n := len(phones); n > 0 && (v.CurrentVersion != phones[n-1].Version || v.Choice != phones[n-1].Choice) {
			c.t.Errorf("%d counts, the last from the phone is %d", v.CurrentVersion, phones[n-1].Version)
		}
	}
	for _, cast := range c.casts {
		if !kept[cast.Receipt.Digest] {
			c.t.Errorf("version %d was promised and is not there", cast.Receipt.Version)
		}
	}
}

func TestSixtyFourResidentsCastAtOnce(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		c := &crowd{meeting: o.open(o.build(flats(64)...))}
		var residents sync.WaitGroup
		for at := range c.voters {
			residents.Go(func() {
				if !c.vote(o.ctx, at, vote.Agree) {
					t.Errorf("%s is refused", at)
				}
			})
		}
		residents.Wait()
		c.holds()
		if n := o.number("SELECT COUNT(*) FROM ballots"); n != 64 || c.count().Totals.Agree.Heads != 64 {
			t.Errorf("%d ballots, counted %+v", n, c.count().Totals)
		}
	})
}

func TestOneResidentFromManyConnectionsHasOneBallot(t *testing.T) {
	choices := []vote.Choice{vote.Agree, vote.Oppose, vote.Abstain}
	key := func(k string) context.Context {
		return store.WithKey(context.Background(), store.Key{Scope: "resident", Key: k, Digest: k})
	}
	for _, c := range []struct {
		name     string
		ctx      func(i int) context.Context
		choice   func(i int) vote.Choice
		versions int // 0 for as many as there come
	}{
		{"one choice, no key", func(int) context.Context { return context.Background() }, func(int) vote.Choice { return vote.Agree }, 1},
		{"one choice, one key", func(int) context.Context { return key("k") }, func(int) vote.Choice { return vote.Agree }, 1},
		{"one choice, many keys", func(i int) context.Context { return key(fmt.Sprint("k", i)) }, func(int) vote.Choice { return vote.Agree }, 1},
		{"three choices, no key", func(int) context.Context { return context.Background() }, func(i int) vote.Choice { return choices[i%3] }, 0},
		{"three choices, a key each", func(i int) context.Context { return key(fmt.Sprint("k", i%3)) }, func(i int) vote.Choice { return choices[i%3] }, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(t *testing.T, o *office) {
				b := &crowd{meeting: o.open(o.build(flats(2)...))}
				var phones sync.WaitGroup
				for i := range 32 {
					phones.Go(func() { b.vote(c.ctx(i), "1-1-1", c.choice(i)) })
				}
				phones.Wait()
				b.holds()
				if len(b.casts) != 32 {
					t.Errorf("%d of 32 are answered", len(b.casts))
				}
				if n := len(b.versions("1-1-1")); c.versions > 0 && n != c.versions {
					t.Errorf("%d versions, want %d", n, c.versions)
				}
				if got := b.finish().Totals; got.Participating().Heads != 1 {
					t.Errorf("counted %+v", got)
				}
			})
		})
	}
}

func TestARetryAfterAChangeOfMindOrTheCloseIsAnsweredAsTheFirst(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := &crowd{meeting: o.open(o.build(flats(1)...))}
		ctx := store.WithKey(o.ctx, store.Key{Scope: "resident", Key: "first", Digest: "first"})
		b.vote(ctx, "1-1-1", vote.Agree)
		b.vote(o.ctx, "1-1-1", vote.Oppose)
		b.vote(ctx, "1-1-1", vote.Agree)
		o.clock.set(b.m.ClosesAt)
		b.vote(ctx, "1-1-1", vote.Agree)
		if len(b.casts) != 4 || b.casts[2].Receipt != b.casts[0].Receipt || b.casts[3].Receipt != b.casts[0].Receipt {
			t.Errorf("answered %+v", b.casts)
		}
		if v := b.voter("1-1-1"); v.Choice != vote.Oppose || v.Version != 2 {
			t.Errorf("a retry became a ballot: %+v", v)
		}
	})
}

// rush lets twelve goroutines cast for 96 homes, and does something when a
// third of the ballots are in.
func (c *crowd) rush(meanwhile func()) {
	var everybody sync.WaitGroup
	for g := range 12 {
		everybody.Go(func() {
			for i := range 8 {
				c.vote(c.ctx, fmt.Sprintf("1-1-%d", g*8+i+1), vote.Agree)
			}
		})
	}
	everybody.Go(func() {
		for c.acked.Load() < 32 {
			time.Sleep(100 * time.Microsecond)
		}
		meanwhile()
	})
	everybody.Wait()
}

// shut wants the seal to hold exactly what was promised, and nothing after it.
func (c *crowd) shut() {
	c.t.Helper()
	sealed := c.sealedResult()
	if n := c.acked.Load(); sealed.Tally.Agree.Heads != n || sealed.Ballots.Count != n || c.number("SELECT COUNT(*) FROM ballots") != n {
		c.t.Errorf("promised %d, sealed %d of %d", n, sealed.Tally.Agree.Heads, sealed.Ballots.Count)
	}
	if n := c.acked.Load(); n < 32 {
		c.t.Errorf("only %d came in before", n)
	}
	bundle := c.bundle()
	for _, cast := range c.casts {
		if got := bundle.CheckReceipt(cast.Receipt, c.Key.Public()); got.Presence != evidence.Present || !got.Current {
			c.t.Errorf("the receipt of version %d: %+v", cast.Receipt.Version, got)
		}
	}
	c.holds()
	for at := range c.voters {
		if c.vote(c.ctx, at, vote.Oppose) {
			c.t.Errorf("%s is taken after the seal", at)
		}
		break
	}
}

func TestAnEarlyCloseWaitsForBallotsUnderWayAndTakesNoneAfter(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		c := &crowd{meeting: o.open(o.build(flats(96)...))}
		c.rush(func() {
			if _, err := o.replica().Close(o.ctx, street, c.m.ID, "全部已投"); err != nil {
				t.Error(err)
			}
		})
		c.shut()
	})
}

func TestAtTheVeryInstantOfTheClosePromisedBallotsAreSealed(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		c := &crowd{meeting: o.open(o.build(flats(96)...), func(d *voting.Draft) { d.CountUntil = new(d.ClosesAt) })}
		o.clock.set(c.m.ClosesAt.Add(-ms))
		c.rush(func() {
			o.clock.set(c.m.ClosesAt)
			var replicas sync.WaitGroup
			for range 2 {
				replicas.Go(func() {
					if err := o.replica().SealDue(o.ctx); err != nil {
						t.Error(err)
					}
				})
			}
			replicas.Wait()
		})
		for _, cast := range c.casts {
			if !cast.CastAt.Before(c.m.ClosesAt) {
				t.Errorf("taken at %v", cast.CastAt)
			}
		}
		c.shut()
	})
}

func TestWhoeverWaitedPastTheCloseIsTooLate(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		c := &crowd{meeting: o.open(o.build(flats(1)...))}
		o.clock.set(c.m.ClosesAt.Add(-ms))
		var phone sync.WaitGroup
		err := store.Tx(o.ctx, o.db, func(tx *gorm.DB) error {
			held := o.db.Locked("SELECT position FROM roll_voters WHERE motion_id = ? AND id = ?")
			var position int
			if err := tx.Raw(held, c.m.ID, c.voters["1-1-1"]).Scan(&position).Error; err != nil {
				return err
			}
			phone.Go(func() {
				if c.vote(o.ctx, "1-1-1", vote.Agree) {
					t.Error("it is taken")
				}
			})
			time.Sleep(20 * time.Millisecond) // refused however long the phone takes to come and wait
			o.clock.set(c.m.ClosesAt)
			return nil
		})
		phone.Wait()
		o.must(err)
		if c.voter("1-1-1").Version != 0 {
			t.Error("there is a ballot")
		}
	})
}

func TestPhonesClerksAndReadersDoNotStandInEachOthersWay(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		c := &crowd{meeting: o.open(o.build(flats(8)...), twice, shown)}
		sentinels := []error{voting.ErrReasonMissing, voting.ErrNothingWaiting, voting.ErrOwnEntry}
		known := func(err error) {
			if err != nil && !slices.ContainsFunc(sentinels, func(s error) bool { return errors.Is(err, s) }) {
				t.Error(err)
			}
		}
		choices := []vote.Choice{vote.Agree, vote.Oppose, vote.Abstain}
		var everybody sync.WaitGroup
		for g := range 4 {
			replica := o.replica()
			everybody.Go(func() {
				for i := range 16 {
					at := fmt.Sprintf("1-1-%d", (g+i)%8+1)
					c.vote(o.ctx, at, choices[i%3])
					p := c.paper(at, choices[g%3])
					p.Reason = []string{"", "更正"}[i%2]
					_, err := replica.Enter(o.ctx, clerk, p)
					known(err)
					_, err = replica.Confirm(o.ctx, colleague, c.m.ID, c.voters[at])
					known(err)
					_, err = replica.Tally(o.ctx, c.m.ID)
					known(err)
					_, _, err = replica.DoorsOf(o.ctx, voting.Doors{MotionID: c.m.ID, Limit: 10})
					known(err)
				}
			})
		}
		everybody.Go(func() {
			for i := range 5 {
				_, err := o.Extend(o.ctx, clerk, c.m.ID, c.m.ClosesAt.Add(time.Duration(i+1)*time.Hour), "x")
				known(err)
			}
		})
		everybody.Wait()
		c.holds()
		c.finish()
	})
}
