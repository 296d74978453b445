package voting_test

import (
	"reflect"
	"testing"
	"time"

	"gongdi/model"
	"gongdi/model/rule/vote"
	"gongdi/service/voting"
)

func TestBeforeTheSealATallyIsOpenOnlyWhereTheMotionSaysSo(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		e := o.build(flats(3)...)
		for _, live := range []model.LiveTally{model.LiveParticipation, model.LiveFull} {
			b := o.open(e, wishes, func(d *voting.Draft) { d.LiveTally = live })
			v := b.ballot("1-1-1", vote.Agree)
			v.Items = []string{"lift"}
			_, err := b.try(e.of("1-1-1"), v)
			o.must(err)
			for _, at := range []time.Time{b.m.OpensAt, b.m.ClosesAt.Add(-ms), b.m.ClosesAt, b.m.CountUntil.Add(-ms), b.m.CountUntil} {
				o.clock.set(at)
				got := b.count()
				if want := live == model.LiveFull || at.Equal(b.m.CountUntil); got.Open != want || (got.Items != nil) != want {
					t.Errorf("%s, %s: open is %v, items %v", live, got.Status, got.Open, got.Items)
				}
				if got.Totals.Participating().Heads != 1 || got.Status != b.m.StatusAt(at) {
					t.Errorf("%s: %s, %+v", live, got.Status, got.Totals)
				}
			}
		}
	})
}

func TestAKeptTallyIsNeverOlderThanASecondOrTheLastBallot(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(9)...), shown)
		other := b.replica()
		agreed := func(o *office) int64 {
			t, err := o.Tally(o.ctx, b.m.ID)
			o.must(err)
			return t.Totals.Agree.Heads
		}
		if agreed(b.office) != 0 || agreed(other) != 0 {
			t.Fatal("nobody has voted")
		}
		b.cast("1-1-1", vote.Agree)
		if agreed(b.office) != 1 {
			t.Error("stale after a ballot")
		}
		if agreed(other) != 0 {
			t.Error("the other process counts at each call")
		}
		o.clock.set(b.m.OpensAt.Add(time.Second - ms))
		if agreed(other) != 0 {
			t.Error("the other process keeps it for less than a second")
		}
		o.clock.set(b.m.OpensAt.Add(time.Second))
		if agreed(other) != 1 {
			t.Error("older than a second")
		}
		for i, change := range []func(){
			func() { b.enter("1-1-2", vote.Agree) },
			func() { b.enter("1-1-2", vote.Oppose, because("录入有误")) },
			func() { b.cast("1-1-2", vote.Agree) },
		} {
			change()
			if got := agreed(b.office); got != []int64{2, 1, 2}[i] {
				t.Errorf("after change %d it is %d", i, got)
			}
		}
		_, err := o.Cancel(o.ctx, clerk, b.m.ID, "x")
		o.must(err)
		if got := b.count().Status; got != model.StatusCancelled {
			t.Errorf("after cancelling it is %s", got)
		}
	})
}

func TestAConfirmedPaperIsInTheNextTally(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(1)...), twice)
		b.enter("1-1-1", vote.Agree)
		if b.count().Totals.Agree.Heads != 0 {
			t.Error("it counts unconfirmed")
		}
		_, err := o.Confirm(o.ctx, colleague, b.m.ID, b.voters["1-1-1"])
		o.must(err)
		if b.count().Totals.Agree.Heads != 1 {
			t.Error("stale after a confirmation")
		}
	})
}

func TestAKeptTallyEndsWithTheMotionsTurnOfTheClock(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.announce(o.build(flats(1)...))
		for _, turn := range []time.Time{b.m.OpensAt, b.m.ClosesAt, b.m.CountUntil} {
			for _, at := range []time.Time{turn.Add(-ms), turn} {
				o.clock.set(at)
				if got := b.count().Status; got != b.m.StatusAt(at) {
					t.Errorf("at %v it is %s", at, got)
				}
			}
		}
	})
}

// filled is a motion with every sort of ballot, in several buildings.
func (o *office) filled() *meeting {
	o.t.Helper()
	b := o.open(o.build(
		home{at: "1-1-1", owners: []string{"甲"}}, home{at: "1-1-2", area: 9001}, home{at: "1-2-1", area: 7777}, home{at: "2-1-1", area: 10103},
		home{at: "2-1-2", owners: []string{"甲"}}, home{at: "2-2-1", area: 6050}, home{at: "10-1-1"}, home{at: "10-1-2"}, home{at: "10-1-3", area: 1},
	), wishes, shown)
	for at, v := range map[string]voting.Vote{
		"1-1-1": {Choice: vote.Agree, Items: []string{"lift", "pipes"}}, "1-1-2": {Choice: vote.Oppose}, "1-2-1": {Choice: vote.Abstain, Items: []string{"lift"}},
	} {
		v.MotionID, v.VoterID = b.m.ID, b.voters[at]
		_, err := b.try(b.e.of(at), v)
		o.must(err)
	}
	b.enter("2-1-1", vote.Agree, func(p *voting.Paper) { p.Items = []string{"pipes"} })
	b.enter("2-2-1", vote.Oppose, func(p *voting.Paper) { p.Channel, p.Proxy = vote.Proxy, agent("某") })
	b.enter("10-1-1", vote.Invalid)
	b.enter("10-1-2", vote.Invalid, invalid(model.InvalidForged), func(p *voting.Paper) { p.Items = []string{"lift"} })
	return b
}

func TestThePartsOfATallyComeToTheWhole(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.filled()
		live := b.count()
		if live.Totals.Roll != (vote.Count{Heads: 8, Area: 64932}) || live.Totals.Disputable.Heads != 1 || live.Totals.Invalid.Heads != 2 {
			t.Errorf("the whole is %+v", live.Totals)
		}
		sealed := b.finish()
		for _, got := range []*voting.Tally{live, sealed} {
			if len(got.Buildings) != 3 || len(got.Units) != 5 || len(got.Channels) != 3 || len(got.Reasons) != 2 {
				t.Errorf("%d buildings, %d units, %d channels, %d reasons", len(got.Buildings), len(got.Units), len(got.Channels), len(got.Reasons))
			}
			var buildings, units, channels vote.Totals
			for _, p := range got.Buildings {
				sum(&buildings, p.Totals)
			}
			for _, p := range got.Units {
				sum(&units, p.Totals)
			}
			for _, c := range got.Channels {
				sum(&channels, c.Totals)
			}
			if channels.Roll != (vote.Count{}) {
				t.Errorf("a channel has no roll: %+v", channels.Roll)
			}
			channels.Roll = got.Totals.Roll
			if buildings != got.Totals || units != got.Totals || channels != got.Totals {
				t.Errorf("buildings %+v, units %+v, channels %+v, whole %+v", buildings, units, channels, got.Totals)
			}
			var reasons vote.Count
			for _, r := range got.Reasons {
				reasons = reasons.Add(r.Count)
			}
			if reasons != got.Totals.Invalid {
				t.Errorf("the reasons come to %+v", reasons)
			}
			if len(got.Items) != 2 || got.Items[0].Heads != 2 || got.Items[1].Heads != 2 {
				t.Errorf("items %+v", got.Items)
			}
		}
		sealed.Status, sealed.AsOf = live.Status, live.AsOf
		if !reflect.DeepEqual(sealed, live) {
			t.Errorf("live %+v\nsealed %+v", live, sealed)
		}
	})
}

func sum(t *vote.Totals, part vote.Totals) {
	t.Roll, t.Agree, t.Oppose = t.Roll.Add(part.Roll), t.Agree.Add(part.Agree), t.Oppose.Add(part.Oppose)
	t.Abstain, t.Invalid, t.Disputable = t.Abstain.Add(part.Abstain), t.Invalid.Add(part.Invalid), t.Disputable.Add(part.Disputable)
}
