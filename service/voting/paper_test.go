package voting_test

import (
	"strings"
	"testing"
	"time"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/vote"
	"gongdi/service/fault"
	"gongdi/service/store"
	"gongdi/service/voting"
)

func agent(name string) *voting.Proxy {
	return &voting.Proxy{Agent: name, Matter: "表决加装电梯", Scope: "同意或反对", Until: "2026-12-31"}
}

func invalid(reason model.InvalidReason) func(*voting.Paper) {
	return func(p *voting.Paper) { p.Choice, p.InvalidReason = vote.Invalid, reason }
}

func signed(on quantity.Date) func(*voting.Paper) {
	return func(p *voting.Paper) { p.SignedOn = on }
}

func TestAPaperIsHeldAgainstTheTimesOfTheVote(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.clock.set(start.Add(-8 * time.Hour)) // one in the morning in Shanghai, still yesterday in UTC
		b := o.open(o.build(flats(1)...))
		published, closes := *b.m.PublishedAt, b.m.ClosesAt
		first, last := quantity.DateOf(published), quantity.DateOf(closes)
		for _, c := range []struct {
			name     string
			now      time.Time
			change   func(*voting.Paper)
			want     *fault.Error
			location string
		}{
			{"no day of signing", closes, signed(""), fault.ErrInvalid, "body.signed_on"},
			{"signed the day before publication", closes, signed(first.AddDays(-1)), fault.ErrInvalid, "body.signed_on"},
			{"signed on the day of publication", closes, signed(first), nil, ""},
			{"signed on the closing day", closes, signed(last), nil, ""},
			{"signed the day after", closes.Add(2 * day), signed(last.AddDays(1)), fault.ErrInvalid, "body.signed_on"},
			{"signed tomorrow", b.m.OpensAt, signed(quantity.DateOf(b.m.OpensAt).AddDays(1)), fault.ErrInvalid, "body.signed_on"},
			{"signed today", b.m.OpensAt, signed(quantity.DateOf(b.m.OpensAt)), nil, ""},
			{"received 1 ms before the close", closes.Add(day), at(closes.Add(-ms)), nil, ""},
			{"received at the close", closes.Add(day), at(closes), voting.ErrPaperLate, "body.received_at"},
			{"received when published", closes, at(published), nil, ""},
			{"received 1 ms before that", closes, at(published.Add(-ms)), voting.ErrPaperLate, "body.received_at"},
			{"received in the future", b.m.OpensAt, at(b.m.OpensAt.Add(ms)), fault.ErrInvalid, "body.received_at"},
			{"received now", b.m.OpensAt, at(b.m.OpensAt), nil, ""},
			{"a late one, entered as late", closes.Add(day), func(p *voting.Paper) { invalid(model.InvalidLate)(p); at(closes)(p) }, nil, ""},
			{"a late one, entered as spoiled", closes.Add(day), func(p *voting.Paper) { invalid(model.InvalidSpoiled)(p); at(closes)(p) },
				voting.ErrPaperLate, "body.received_at"},
		} {
			t.Run(c.name, func(t *testing.T) {
				o := o.during(t)
				o.clock.set(c.now)
				p := b.paper("1-1-1", vote.Agree)
				p.Reason = "更正"
				c.change(&p)
				_, err := o.Enter(o.ctx, clerk, p)
				if c.want == nil {
					o.must(err)
					return
				}
				o.refuses(err, c.want, c.location)
			})
		}
	})
}

func TestAPaperSaysWhatItMust(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(1)...), wishes)
		for _, c := range []struct {
			name     string
			change   func(*voting.Paper)
			location string
		}{
			{"invalid without its reason", invalid(model.InvalidNone), "body.invalid_reason"},
			{"a reason of invalidity on a valid one", func(p *voting.Paper) { p.InvalidReason = model.InvalidForged }, "body.invalid_reason"},
			{"an agent's without the power", func(p *voting.Paper) { p.Channel = vote.Proxy }, "body.proxy"},
			{"a power on the owner's own", func(p *voting.Paper) { p.Proxy = agent("某") }, "body.proxy"},
			{"an item that is not asked", func(p *voting.Paper) { p.Items = []string{"lift", "roof"} }, "body.items[1]"},
			{"an item twice", func(p *voting.Paper) { p.Items = []string{"lift", "lift"} }, "body.items[1]"},
		} {
			p := b.paper("1-1-1", vote.Agree)
			c.change(&p)
			_, err := o.Enter(o.ctx, clerk, p)
			o.refuses(err, fault.ErrInvalid, c.location)
		}
		for _, reason := range model.Enterable {
			if got := b.enter("1-1-1", vote.Invalid, invalid(reason), because("更正")); got != vote.Rejected {
				t.Errorf("%s stands %s", reason, got)
			}
			if v := b.voter("1-1-1"); v.Choice != vote.Invalid || v.InvalidReason != reason {
				t.Errorf("%s is kept as %s %s", reason, v.Choice, v.InvalidReason)
			}
		}
		p := b.paper("1-1-1", vote.Agree)
		p.VoterID = "nobody"
		_, err := o.Enter(o.ctx, clerk, p)
		o.refuses(err, fault.ErrNotFound, "")
	})
}

func TestAPaperTypedTwiceIsOneAndAChangedOneNeedsAReason(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(1)...), wishes)
		received := at(b.m.OpensAt)
		tick := func(p *voting.Paper) { p.Items = []string{"lift"} }
		for range 2 {
			if got := b.enter("1-1-1", vote.Agree, received, tick); got != vote.Counted {
				t.Errorf("it stands %s", got)
			}
		}
		if n := len(b.versions("1-1-1")); n != 1 {
			t.Errorf("%d versions of one paper", n)
		}
		byAgent := func(name string) func(*voting.Paper) {
			return func(p *voting.Paper) { p.Channel, p.Proxy = vote.Proxy, agent(name) }
		}
		for i, change := range []func(*voting.Paper){
			func(p *voting.Paper) { p.Choice = vote.Oppose },
			func(p *voting.Paper) { p.Items = nil },
			func(p *voting.Paper) { p.ReceivedAt = nil },
			signed(quantity.DateOf(b.m.OpensAt)),
			invalid(model.InvalidSpoiled),
			invalid(model.InvalidUnsigned),
			byAgent("某某"),
			byAgent("某某某"),
		} {
			p := b.paper("1-1-1", vote.Agree)
			received(&p)
			tick(&p)
			change(&p)
			_, err := o.Enter(o.ctx, clerk, p)
			o.refuses(err, voting.ErrReasonMissing, "body.reason")
			p.Reason = "录入有误"
			for range 2 {
				_, err = o.Enter(o.ctx, clerk, p)
				o.must(err)
			}
			versions := b.versions("1-1-1")
			if len(versions) != i+2 || versions[i+1].Reason != "录入有误" || b.voter("1-1-1").CurrentVersion != i+2 {
				t.Fatalf("after change %d there are %d versions", i, len(versions))
			}
		}
	})
}

func TestAPaperNeverDisplacesThePhone(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(3)...))
		b.cast("1-1-1", vote.Agree)
		b.shall("1-1-1", vote.Agree, vote.Counted, vote.Agree)
		if v := b.voter("1-1-1"); v.Channel != vote.Online || v.CurrentVersion != 1 {
			t.Errorf("an equal paper left %s, version %d", v.Channel, v.CurrentVersion)
		}
		b.shall("1-1-1", vote.Oppose, vote.Conflict, vote.Agree)
		if v := b.voter("1-1-1"); v.OpenConflict != 3 || v.Channel != vote.Online {
			t.Errorf("the conflict is kept as %d", v.OpenConflict)
		}
		o.clock.set(b.m.OpensAt.Add(time.Hour))
		b.cast("1-1-1", vote.Agree) // the same again, but now it settles
		if v := b.voter("1-1-1"); v.OpenConflict != 0 || v.Version != 4 || v.CurrentVersion != 4 {
			t.Errorf("settled as %+v", v)
		}
		b.shall("1-1-1", vote.Oppose, vote.Rejected, vote.Agree) // the same paper again
		if n := len(b.versions("1-1-1")); n != 4 {
			t.Errorf("%d versions", n)
		}
		b.shall("1-1-1", vote.Invalid, vote.Rejected, vote.Agree)

		b.shall("1-1-2", vote.Oppose, vote.Counted, vote.Oppose) // paper first: the phone replaces it
		b.cast("1-1-2", vote.Abstain)
		if v := b.voter("1-1-2"); v.Choice != vote.Abstain || v.Channel != vote.Online || v.OpenConflict != 0 {
			t.Errorf("after the phone %+v", v)
		}
		b.cast("1-1-3", vote.Agree)
		b.shall("1-1-3", vote.Oppose, vote.Conflict, vote.Agree)
		tally := b.finish()
		if tally.Totals.Agree.Heads != 2 || tally.Totals.Abstain.Heads != 1 || tally.Totals.Invalid.Heads != 0 {
			t.Errorf("counted as %+v", tally.Totals)
		}
		if sealed := b.sealedResult(); sealed.Tally.Conflicts != 1 {
			t.Errorf("%d conflicts are listed", sealed.Tally.Conflicts)
		}
	})
}

func TestADoubleCheckedPaperCountsAfterAnotherPersonsWord(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(5)...), twice)
		confirm := func(who model.Caller, at string) (vote.Standing, error) {
			return o.Confirm(o.ctx, who, b.m.ID, b.voters[at])
		}
		_, err := confirm(colleague, "1-1-1")
		o.refuses(err, voting.ErrNothingWaiting, "")
		b.shall("1-1-1", vote.Agree, vote.Unconfirmed, "")
		b.shall("1-1-1", vote.Agree, vote.Unconfirmed, "")
		_, err = confirm(clerk, "1-1-1")
		o.refuses(err, voting.ErrOwnEntry, "")
		standing, err := confirm(colleague, "1-1-1")
		o.must(err)
		if v := b.voter("1-1-1"); standing != vote.Counted || v.Choice != vote.Agree || v.CurrentVersion != 1 || v.Version != 2 || v.Unconfirmed != 0 {
			t.Errorf("confirmed it stands %s: %+v", standing, v)
		}
		_, err = confirm(colleague, "1-1-1")
		o.refuses(err, voting.ErrNothingWaiting, "")
		b.shall("1-1-1", vote.Agree, vote.Counted, vote.Agree) // typed again after that

		b.cast("1-1-2", vote.Agree) // a confirmed paper that differs from the phone
		b.shall("1-1-2", vote.Oppose, vote.Conflict, vote.Agree)
		if standing, err = confirm(colleague, "1-1-2"); err != nil || standing != vote.Conflict {
			t.Errorf("it stands %s (%v)", standing, err)
		}
		b.shall("1-1-3", vote.Oppose, vote.Unconfirmed, "") // never confirmed
		b.shall("1-1-4", vote.Oppose, vote.Unconfirmed, "") // corrected before it is
		b.shall("1-1-4", vote.Agree, vote.Unconfirmed, "")
		o.clock.set(b.m.CountUntil.Add(-ms))
		_, err = confirm(colleague, "1-1-4")
		o.must(err)
		b.shall("1-1-5", vote.Invalid, vote.Unconfirmed, "")
		if standing, err = confirm(colleague, "1-1-5"); err != nil || standing != vote.Rejected {
			t.Errorf("it stands %s (%v)", standing, err)
		}
		tally := b.finish()
		if got := tally.Totals; got.Agree.Heads != 3 || got.Oppose.Heads != 0 || got.Invalid.Heads != 1 {
			t.Errorf("counted as %+v", got)
		}
		if sealed := b.sealedResult(); sealed.Tally.Unconfirmed != 1 || sealed.Tally.Conflicts != 1 {
			t.Errorf("%d unconfirmed, %d conflicts are listed", sealed.Tally.Unconfirmed, sealed.Tally.Conflicts)
		}
		_, err = confirm(colleague, "1-1-3")
		o.refuses(err, voting.ErrMotionNotOpen, "")
	})
}

func TestAnAgentsPaperTypedAgainAfterItIsConfirmedIsTheSame(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(1)...), twice)
		byAgent := func(p *voting.Paper) { p.Channel, p.Proxy = vote.Proxy, agent("某") }
		b.enter("1-1-1", vote.Oppose, byAgent)
		_, err := o.Confirm(o.ctx, colleague, b.m.ID, b.voters["1-1-1"])
		o.must(err)
		if got := b.enter("1-1-1", vote.Oppose, byAgent); got != vote.Counted || len(b.versions("1-1-1")) != 2 {
			t.Errorf("it stands %s, %d versions", got, len(b.versions("1-1-1")))
		}
	})
}

func TestARetriedEntryIsAnsweredAsTheFirst(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(1)...))
		key := store.WithKey(o.ctx, store.Key{Scope: "clerk", Key: "k", Digest: "d"})
		p := b.paper("1-1-1", vote.Agree)
		for range 2 {
			if standing, err := o.Enter(key, clerk, p); err != nil || standing != vote.Counted {
				t.Errorf("answered %s (%v)", standing, err)
			}
			b.enter("1-1-1", vote.Oppose, because("录入有误"))
		}
		if v := b.voter("1-1-1"); v.Choice != vote.Oppose || v.Version != 2 {
			t.Errorf("a retry became an entry: %+v", v)
		}
	})
}

func TestAnAgentsPaperKeepsThePowerSealed(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(1)...))
		b.enter("1-1-1", vote.Agree, func(p *voting.Paper) { p.Channel, p.Proxy = vote.Proxy, agent("测试代理人") })
		kept := b.versions("1-1-1")[0]
		if kept.Proxy == "" || strings.Contains(kept.Proxy, "测试") {
			t.Errorf("kept as %q", kept.Proxy)
		}
		text, err := o.Vault.Reveal("ballot.proxy", kept.Proxy)
		o.must(err)
		if !strings.Contains(text, "测试代理人") || !strings.Contains(text, "2026-12-31") {
			t.Errorf("it says %s", text)
		}
		if v := b.voter("1-1-1"); v.Channel != vote.Proxy || v.Choice != vote.Agree {
			t.Errorf("it counts as %s by %s", v.Choice, v.Channel)
		}
	})
}
