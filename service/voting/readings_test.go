package voting_test

import (
	"slices"
	"testing"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/vote"
	"gongdi/service/fault"
	"gongdi/service/store"
	"gongdi/service/voting"
)

// scan is an upload of a member of staff.
func (o *office) scan(by model.Caller) string {
	o.t.Helper()
	f := model.File{ID: store.NewID(), OwnerKind: by.Kind, OwnerID: by.ID, MediaType: "image/png", Size: 1, CreatedAt: start}
	o.insert([]model.File{f})
	return f.ID
}

func majority(adopted quantity.Date) model.Silence {
	return model.Silence{Rule: "管理规约", Clause: "第十二条", Quote: "未投票的计入多数票", AdoptedOn: adopted}
}

// TestTheSilentFollowOnlyBesideTheResult: six of nine agree to nine of twelve
// who were reached; the literal result decides whatever the silent would do.
func TestTheSilentFollowOnlyBesideTheResult(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(12)...))
		_, err := o.SetSilence(o.ctx, clerk, b.m.ID, majority("2020-05-01"), []string{o.scan(clerk)})
		o.must(err)
		for _, at := range []string{"1-1-1", "1-1-2", "1-1-3", "1-1-4"} {
			b.cast(at, vote.Agree)
		}
		b.cast("1-1-5", vote.Oppose)
		m := b.reread()
		for i, at := range []string{"1-1-6", "1-1-7", "1-1-8", "1-1-9", "1-1-1"} {
			way, proof := model.Handed, []string{o.scan(clerk)}
			if i == 3 {
				proof = nil // nothing shows it
			}
			_, err := o.Deliver(o.ctx, clerk, m, b.voters[at], way, proof)
			o.must(err)
		}
		o.clock.set(b.m.ClosesAt) // too late to be silent about
		_, err = o.Deliver(o.ctx, clerk, m, b.voters["1-1-10"], model.Handed, []string{o.scan(clerk)})
		o.must(err)
		sealed := b.finish()
		r := sealed.Silence
		if sealed.Result.Outcome != vote.NotPassed || r == nil || r.Silent.Heads != 3 || !r.Follows || r.Totals.Agree.Heads != 7 || !r.Passed {
			t.Errorf("%+v beside %s", r, sealed.Result.Outcome)
		}
		b.bundle()
	})
}

func TestARuleOnSilenceIsOlderThanTheVote(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(2)...))
		published := quantity.DateOf(*b.m.PublishedAt)
		_, err := o.SetSilence(o.ctx, clerk, b.m.ID, majority(published), []string{o.scan(clerk)})
		o.refuses(err, voting.ErrSilenceLate, "body.adopted_on")
		_, err = o.SetSilence(o.ctx, clerk, b.m.ID, majority(published.AddDays(-1)), nil)
		o.refuses(err, fault.ErrInvalid, "body.file_ids")
		_, err = o.SetSilence(o.ctx, clerk, b.m.ID, majority(published.AddDays(-1)), []string{o.scan(clerk)})
		o.must(err)
		o.clock.set(b.m.ClosesAt)
		_, err = o.SetSilence(o.ctx, clerk, b.m.ID, majority("2020-05-01"), []string{o.scan(clerk)})
		o.refuses(err, voting.ErrMotionClosed, "")
		s := o.open(o.build(flats(2)...), survey)
		_, err = o.SetSilence(o.ctx, clerk, s.m.ID, majority("2020-05-01"), []string{o.scan(clerk)})
		o.refuses(err, fault.ErrInvalid, "body.rule")
	})
}

func TestTheResultCountsByHowPeopleWereProven(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(4)...))
		b.cast("1-1-1", vote.Agree)
		b.cast("1-1-2", vote.Oppose)
		b.shall("1-1-3", vote.Agree, vote.Counted, vote.Agree)
		got := map[model.Proof]int64{}
		for _, p := range b.finish().Proofs {
			got[p.Proof] = p.Count.Heads
		}
		if len(got) != 2 || got[model.ProofDocument] != 2 || got[model.ProofPaper] != 1 {
			t.Errorf("%v", got)
		}
	})
}

func TestSmallChannelsAndProofsAreWithheld(t *testing.T) {
	for _, c := range []struct {
		came []int64
		want []bool
	}{
		{[]int64{5, 5}, []bool{false, false}},
		{[]int64{5, 4}, []bool{true, true}}, // by subtraction
		{[]int64{9, 5, 4}, []bool{false, true, true}},
		{[]int64{9, 3, 2}, []bool{false, true, true}},
		{[]int64{4}, []bool{false}}, // the whole
		{nil, []bool{}},
	} {
		var tally voting.Tally
		for _, n := range c.came {
			count := vote.Count{Heads: n}
			tally.Channels = append(tally.Channels, voting.Channel{Totals: vote.Totals{Oppose: count}})
			tally.Proofs = append(tally.Proofs, voting.ProofCount{Count: count})
		}
		if got := tally.WithheldChannels(); !slices.Equal(got, c.want) {
			t.Errorf("channels of %v: %v", c.came, got)
		}
		if got := tally.WithheldProofs(); !slices.Equal(got, c.want) {
			t.Errorf("proofs of %v: %v", c.came, got)
		}
	}
}
