package voting_test

import (
	"testing"
	"time"

	"gongdi/model"
	"gongdi/model/rule/vote"
	"gongdi/service/fault"
	"gongdi/service/voting"
)

func TestTheClockAloneDecidesWhatMayBeDone(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.announce(o.build(flats(1)...))
		opens, closes, until := b.m.OpensAt, b.m.ClosesAt, b.m.CountUntil
		for _, c := range []struct {
			name        string
			at          time.Time
			want        model.Status
			cast, enter bool
		}{
			{"1 ms before it opens", opens.Add(-ms), model.StatusScheduled, false, false},
			{"when it opens", opens, model.StatusOpen, true, true},
			{"1 ms after it opens", opens.Add(ms), model.StatusOpen, true, true},
			{"1 ms before the close", closes.Add(-ms), model.StatusOpen, true, true},
			{"less than 1 ms before the close", closes.Add(-time.Nanosecond), model.StatusOpen, true, true},
			{"at the close", closes, model.StatusCounting, false, true},
			{"1 ms after the close", closes.Add(ms), model.StatusCounting, false, true},
			{"1 ms before counting ends", until.Add(-ms), model.StatusCounting, false, true},
			{"when counting ends", until, model.StatusClosed, false, false},
			{"1 ms after counting ends", until.Add(ms), model.StatusClosed, false, false},
			{"long after, with no job run", until.Add(400 * day), model.StatusClosed, false, false},
		} {
			o.clock.set(c.at)
			if got := b.reread().StatusAt(o.clock.Now()); got != c.want {
				t.Errorf("%s: %s, want %s", c.name, got, c.want)
			}
			for _, status := range []model.Status{"", model.StatusDraft, model.StatusScheduled, model.StatusOpen, model.StatusCounting, model.StatusClosed, model.StatusCancelled} {
				_, n, err := o.ForStaff(o.ctx, clerk, voting.Page{Status: status, Limit: 10})
				o.must(err)
				if listed := n == 1; listed != (status == c.want || status == "") {
					t.Errorf("%s: listed as %q is %v", c.name, status, listed)
				}
			}
			choice := []vote.Choice{vote.Agree, vote.Oppose}[b.voter("1-1-1").Version%2]
			_, err := b.try(b.e.of("1-1-1"), b.ballot("1-1-1", choice))
			if o.allowed(err) != c.cast {
				t.Errorf("%s: casting is %v", c.name, err)
			}
			p := b.paper("1-1-1", vote.Abstain)
			p.Reason, p.Channel = "更正", vote.Paper
			_, err = o.Enter(o.ctx, clerk, p)
			if o.allowed(err) != c.enter {
				t.Errorf("%s: entering is %v", c.name, err)
			}
		}
	})
}

// allowed tells done from not open; anything else is a failure.
func (o *office) allowed(err error) bool {
	o.t.Helper()
	if err != nil {
		o.refuses(err, voting.ErrMotionNotOpen, "")
	}
	return err == nil
}

func TestAResultIsSealedWhenAskedForThoughNoJobRan(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(3)...))
		b.cast("1-1-1", vote.Agree)
		o.clock.set(b.m.CountUntil.Add(-ms))
		_, err := o.Over(o.ctx, b.m.ID)
		o.refuses(err, voting.ErrMotionNotClosed, "")
		late := b.m.CountUntil.Add(9 * day)
		o.clock.set(late)
		m, err := o.Over(o.ctx, b.m.ID)
		o.must(err)
		if m.Stage != model.StageSealed || !m.SealedAt.Equal(late) || m.ClosedEarly {
			t.Errorf("stage %s, sealed %v, early %v", m.Stage, m.SealedAt, m.ClosedEarly)
		}
		if sealed := b.sealedResult(); sealed.Tally.Agree.Heads != 1 || !sealed.Motion.SealedAt.Equal(late) {
			t.Errorf("sealed as %+v", sealed.Tally)
		}
	})
}

func TestAnExtensionMovesTheCloseAndTheEndOfCounting(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.announce(o.build(flats(2)...))
		closes, until := b.m.ClosesAt, b.m.CountUntil
		extend := func(to time.Time) error {
			_, err := o.Extend(o.ctx, clerk, b.m.ID, to, "参与不足")
			return err
		}
		o.refuses(extend(closes), fault.ErrInvalid, "body.closes_at")
		o.refuses(extend(closes.Add(-day)), fault.ErrInvalid, "body.closes_at")
		o.refuses(extend(closes.AddDate(100, 0, 0)), fault.ErrInvalid, "body.closes_at")
		o.clock.set(start.Add(ms))
		o.must(extend(closes.Add(day))) // while scheduled
		o.clock.set(closes.Add(day - ms))
		o.must(extend(closes.Add(3 * day))) // in the last millisecond
		m := b.reread()
		if !m.ClosesAt.Equal(closes.Add(3*day)) || !m.CountUntil.Equal(until.Add(3*day)) || !m.UpdatedAt.Equal(o.clock.Now()) {
			t.Errorf("closes %v, counts until %v, updated %v", m.ClosesAt, m.CountUntil, m.UpdatedAt)
		}
		o.clock.set(closes.Add(3*day - ms))
		b.cast("1-1-1", vote.Agree)
		o.clock.set(closes.Add(3 * day))
		o.refuses(extend(closes.Add(9*day)), voting.ErrMotionNotOpen, "")
		b.finish()
		events := b.sealedResult().Motion.Events
		if len(events) != 3 || events[1].Kind != "extended" || events[1].Reason != "参与不足" {
			t.Errorf("the result tells %+v", events)
		}
		o.refuses(extend(closes.Add(99*day)), voting.ErrMotionNotOpen, "")
	})
}

func TestACancelledMotionHasNoResult(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		e := o.build(flats(2)...)
		_, err := o.Cancel(o.ctx, clerk, o.draft(e).ID, "重复")
		o.refuses(err, voting.ErrMotionNotPublished, "")
		for _, when := range []func(m *model.Motion) time.Time{
			func(m *model.Motion) time.Time { return m.OpensAt.Add(-ms) },
			func(m *model.Motion) time.Time { return m.OpensAt },
			func(m *model.Motion) time.Time { return m.CountUntil.Add(-ms) },
		} {
			b := o.announce(e)
			o.clock.set(when(b.m))
			m, err := o.Cancel(o.ctx, clerk, b.m.ID, "方案有变")
			o.must(err)
			if m.StatusAt(o.clock.Now()) != model.StatusCancelled {
				t.Errorf("it is %s", m.StatusAt(o.clock.Now()))
			}
			_, err = b.try(e.of("1-1-1"), b.ballot("1-1-1", vote.Agree))
			o.refuses(err, voting.ErrMotionNotOpen, "")
			_, err = o.Enter(o.ctx, clerk, b.paper("1-1-1", vote.Agree))
			o.refuses(err, voting.ErrMotionNotOpen, "")
			_, err = o.Cancel(o.ctx, clerk, b.m.ID, "again")
			o.refuses(err, voting.ErrMotionClosed, "")
			_, err = o.Close(o.ctx, street, b.m.ID, "again")
			o.refuses(err, voting.ErrMotionClosed, "")
			o.clock.set(b.m.CountUntil.Add(day))
			o.must(o.SealDue(o.ctx))
			_, err = o.Over(o.ctx, b.m.ID)
			o.refuses(err, voting.ErrMotionNotClosed, "")
		}
		if n := o.number("SELECT COUNT(*) FROM results"); n != 0 {
			t.Errorf("%d results", n)
		}
		b := o.announce(e)
		o.clock.set(b.m.CountUntil) // over, though not sealed yet
		_, err = o.Cancel(o.ctx, clerk, b.m.ID, "too late")
		o.refuses(err, voting.ErrMotionClosed, "")
	})
}

func TestSealingBeforeTheCloseIsTheStreetsAndNeedsAReason(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		e := o.build(flats(2)...)
		shut := func(b *meeting, who model.Caller, reason string) error {
			_, err := o.Close(o.ctx, who, b.m.ID, reason)
			return err
		}
		_, err := o.Close(o.ctx, street, o.draft(e).ID, "x")
		o.refuses(err, voting.ErrMotionNotPublished, "")
		b := o.announce(e)
		o.refuses(shut(b, street, "全部已投"), voting.ErrMotionNotOpen, "")
		o.clock.set(b.m.ClosesAt.Add(-ms))
		o.refuses(shut(b, clerk, "全部已投"), voting.ErrEarlyCloseByStreet, "")
		o.refuses(shut(b, street, ""), fault.ErrInvalid, "body.reason")
		b.cast("1-1-1", vote.Agree)
		o.must(shut(b, street, "全部已投"))
		if m := b.reread(); !m.ClosedEarly || m.StatusAt(o.clock.Now()) != model.StatusClosed {
			t.Errorf("early is %v, status %s", m.ClosedEarly, m.StatusAt(o.clock.Now()))
		}
		sealed := b.sealedResult()
		if !sealed.Motion.ClosedEarly || sealed.Tally.Agree.Heads != 1 || sealed.Motion.Events[1].Reason != "全部已投" {
			t.Errorf("the result tells %+v", sealed.Motion)
		}
		_, err = b.try(e.of("1-1-2"), b.ballot("1-1-2", vote.Agree))
		o.refuses(err, voting.ErrMotionNotOpen, "")
		o.refuses(shut(b, street, "again"), voting.ErrMotionClosed, "")

		b = o.open(e)
		o.clock.set(b.m.ClosesAt)
		o.must(shut(b, clerk, ""))
		if m := b.reread(); m.ClosedEarly || m.Stage != model.StageSealed {
			t.Errorf("in counting early is %v, stage %s", m.ClosedEarly, m.Stage)
		}
	})
}
