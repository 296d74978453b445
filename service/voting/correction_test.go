package voting_test

import (
	"bytes"
	"slices"
	"testing"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/vote"
	"gongdi/service/evidence"
	"gongdi/service/fault"
	"gongdi/service/store"
	"gongdi/service/voting"
)

// mend changes the registry as an office that found a slip would.
func (b *meeting) mend(at string, area quantity.Area) {
	b.t.Helper()
	b.o().exec("UPDATE properties SET area = ? WHERE id = ?", area, b.e.properties[at])
}

func (b *meeting) o() *office { return b.office }

// same makes the owner of one home be the owner of another's on the list.
func (b *meeting) same(at, owner string) {
	b.t.Helper()
	b.o().exec("UPDATE owners SET document_index = ? WHERE property_id = ?", "index of "+owner, b.e.properties[at])
}

func (b *meeting) propose(places ...string) (voting.Correcting, error) {
	b.t.Helper()
	var homes []string
	for _, at := range places {
		homes = append(homes, b.e.properties[at])
	}
	return b.ProposeCorrection(b.ctx, clerk, b.m.ID, homes, "登记有误，见附件", nil)
}

// correct proposes and applies.
func (b *meeting) correct(places ...string) voting.Correcting {
	b.t.Helper()
	c, err := b.propose(places...)
	b.must(err)
	b.must(b.ApplyCorrection(b.ctx, colleague, b.m.ID, c.ID))
	voters := b.meet(b.e, b.m).voters
	b.voters = voters
	return c
}

func kindsIn(c voting.Correcting) []model.ChangeKind {
	var kinds []model.ChangeKind
	for _, change := range c.Changes {
		kinds = append(kinds, change.Kinds...)
	}
	return kinds
}

func TestAnAreaOnAPublishedRollIsCorrectedByTwo(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(3)...), shown)
		b.cast("1-1-1", vote.Agree)
		_, err := b.propose("1-1-1")
		o.refuses(err, voting.ErrCorrectionEmpty, "")
		b.mend("1-1-1", 9001)
		c, err := b.propose("1-1-1", "1-1-2")
		o.must(err)
		if got := kindsIn(c); !slices.Equal(got, []model.ChangeKind{model.ChangeArea}) {
			t.Errorf("it changes %v", got)
		}
		if now := b.count(); now.Totals.Roll.Area != 24000 {
			t.Errorf("a proposal changes nothing: %+v", now.Totals.Roll)
		}
		o.refuses(b.ApplyCorrection(b.ctx, clerk, b.m.ID, c.ID), voting.ErrOwnCorrection, "")
		o.must(b.ApplyCorrection(b.ctx, colleague, b.m.ID, c.ID))
		o.refuses(b.ApplyCorrection(b.ctx, colleague, b.m.ID, c.ID), voting.ErrCorrectionDecided, "")
		if now := b.count(); now.Totals.Roll.Area != 25001 || now.Totals.Agree.Area != 9001 {
			t.Errorf("%+v", now.Totals)
		}
		if m := b.reread(); m.RollDigest == b.m.RollDigest || m.RollArea != 25001 {
			t.Errorf("the fingerprint is new: %s %s", m.RollDigest, m.RollArea)
		}
		if n := b.inbox(b.e.of("1-1-1"), "roll_correction"); n != 1 {
			t.Errorf("the owner was told %d times", n)
		}
		b.finish()
		b.provenAs(vote.NotPassed)
	})
}

// provenAs seals the bundle, has it verified, and says what the published roll
// would have come to.
func (b *meeting) provenAs(uncorrected vote.Outcome) {
	b.t.Helper()
	var zip bytes.Buffer
	b.must(b.Bundle(b.ctx, clerk, b.m.ID, "复核", &zip))
	report, err := evidence.Verify(bytes.NewReader(zip.Bytes()), int64(zip.Len()), b.Key.Public())
	b.must(err)
	if !report.Sound() {
		b.t.Errorf("%+v", report.Findings)
	}
	if c := report.Sealed.Corrected; c == nil || c.Published != b.m.RollDigest || c.Uncorrected != uncorrected {
		b.t.Errorf("corrected: %+v", c)
	}
}

func TestHomesThatTurnOutToBeOneOwnersBecomeOneHead(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(3)...), shown)
		b.cast("1-1-1", vote.Agree)
		b.cast("1-1-2", vote.Oppose)
		struck := b.voters["1-1-2"]
		b.same("1-1-2", "owner of 1-1-1")
		c := b.correct("1-1-2")
		if got := kindsIn(c); !slices.Equal(got, []model.ChangeKind{model.ChangeMove}) || c.LostBallots != 1 {
			t.Errorf("it changes %v and strikes %d ballots", got, c.LostBallots)
		}
		if b.voters["1-1-2"] != b.voters["1-1-1"] {
			t.Error("both homes count with one voter")
		}
		now := b.count()
		if now.Totals.Roll != (vote.Count{Heads: 2, Area: 24000}) || now.Totals.Agree != (vote.Count{Heads: 1, Area: 16000}) || now.Totals.Oppose.Heads != 0 {
			t.Errorf("%+v", now.Totals)
		}
		if n := o.number("SELECT COUNT(*) FROM ballots WHERE voter_id = ?", struck); n != 1 {
			t.Errorf("%d versions are kept of the struck voter", n)
		}
		b.finish()
		b.provenAs(vote.NotPassed)
	})
}

func TestAHomeOfWhollyOtherOwnersGetsANewVoter(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(2)...), shown)
		b.cast("1-1-1", vote.Agree)
		buyer := b.e.sell("1-1-1", "真正的产权人")
		_, err := b.try(buyer, b.ballot("1-1-1", vote.Oppose))
		o.refuses(err, voting.ErrNotYourBallot, "") // the roll is frozen
		c := b.correct("1-1-1")
		if got := kindsIn(c); !slices.Equal(got, []model.ChangeKind{model.ChangeMove, model.ChangeOwners}) || c.LostBallots != 1 {
			t.Errorf("it changes %v", got)
		}
		if now := b.count(); now.Totals.Roll != (vote.Count{Heads: 2, Area: 16000}) || now.Totals.Agree.Heads != 0 {
			t.Errorf("%+v", now.Totals)
		}
		b.cast("1-1-1", vote.Oppose)
		if now := b.count(); now.Totals.Oppose != (vote.Count{Heads: 1, Area: 8000}) {
			t.Errorf("%+v", now.Totals)
		}
		b.finish()
		b.provenAs(vote.NotPassed)
	})
}

func TestACoOwnerWhoWasLeftOutDoesNotUndoTheBallot(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(2)...), shown)
		b.cast("1-1-1", vote.Agree)
		o.insert(&model.Owner{ID: store.NewID(), PropertyID: b.e.properties["1-1-1"], Position: 2, Kind: model.OwnerPerson, NameMasked: "某*", DocumentIndex: "index of 乙"})
		c := b.correct("1-1-1")
		if got := kindsIn(c); !slices.Equal(got, []model.ChangeKind{model.ChangeOwners}) || c.LostBallots != 0 {
			t.Errorf("it changes %v", got)
		}
		if now := b.count(); now.Totals.Agree.Heads != 1 {
			t.Errorf("%+v", now.Totals)
		}
	})
}

func TestAHomeLeftOutIsAddedAndOneTooManyRemoved(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(3)...), shown)
		b.e.add(home{at: "1-1-4", area: 5000})
		c := b.correct("1-1-4")
		if got := kindsIn(c); !slices.Equal(got, []model.ChangeKind{model.ChangeAdd}) {
			t.Errorf("it changes %v", got)
		}
		b.cast("1-1-4", vote.Agree)
		o.exec("UPDATE properties SET property_use = 'parking' WHERE id = ?", b.e.properties["1-1-2"])
		c = b.correct("1-1-2")
		if got := kindsIn(c); !slices.Equal(got, []model.ChangeKind{model.ChangeRemove}) {
			t.Errorf("it changes %v", got)
		}
		if now := b.count(); now.Totals.Roll != (vote.Count{Heads: 3, Area: 21000}) || now.Totals.Agree != (vote.Count{Heads: 1, Area: 5000}) {
			t.Errorf("%+v", now.Totals)
		}
		b.finish()
		b.provenAs(vote.NotPassed)
		events := o.number("SELECT COUNT(*) FROM motion_events WHERE motion_id = ? AND kind = 'corrected'", b.m.ID)
		if events != 2 {
			t.Errorf("%d events", events)
		}
	})
}

func TestHomesThatAreNotOneOwnersArePartedAgain(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(home{at: "1-1-1", owners: []string{"甲"}}, home{at: "1-1-2", owners: []string{"甲"}}, home{at: "1-1-3"}), shown)
		b.cast("1-1-1", vote.Agree)
		if now := b.count(); now.Totals.Roll.Heads != 2 {
			t.Fatalf("%+v", now.Totals)
		}
		b.same("1-1-2", "同名的另一人")
		c := b.correct("1-1-2")
		if got := kindsIn(c); !slices.Equal(got, []model.ChangeKind{model.ChangeMove}) {
			t.Errorf("it changes %v", got)
		}
		if now := b.count(); now.Totals.Roll.Heads != 3 || now.Totals.Agree != (vote.Count{Heads: 1, Area: 8000}) {
			t.Errorf("%+v", now.Totals)
		}
		b.finish()
		b.provenAs(vote.NotPassed)
	})
}

func TestWhatChangedSinceAProposalIsProposedAnew(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(2)...))
		b.mend("1-1-1", 9001)
		c, err := b.propose("1-1-1")
		o.must(err)
		b.mend("1-1-1", 9002)
		o.refuses(b.ApplyCorrection(b.ctx, colleague, b.m.ID, c.ID), voting.ErrCorrectionOutdated, "")
		b.mend("1-1-1", 8000)
		o.refuses(b.ApplyCorrection(b.ctx, colleague, b.m.ID, c.ID), voting.ErrCorrectionOutdated, "")
		o.must(b.RefuseCorrection(b.ctx, clerk, b.m.ID, c.ID, "登记又改回来了"))
		o.refuses(b.RefuseCorrection(b.ctx, clerk, b.m.ID, c.ID, "再来"), voting.ErrCorrectionDecided, "")
	})
}

func TestARollIsNotCorrectedBeforePublishingNorAfterTheSeal(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		e := o.build(flats(2)...)
		d := o.meet(e, o.draft(e))
		_, err := d.propose("1-1-1")
		o.refuses(err, voting.ErrMotionNotPublished, "")
		b := o.open(e)
		b.mend("1-1-1", 9001)
		c, err := b.propose("1-1-1")
		o.must(err)
		o.clock.set(b.m.CountUntil)
		_, err = b.propose("1-1-1")
		o.refuses(err, voting.ErrMotionClosed, "")
		o.refuses(b.ApplyCorrection(b.ctx, colleague, b.m.ID, c.ID), voting.ErrMotionClosed, "")
		other := o.build(flats(1)...)
		again := o.open(o.build(flats(1)...))
		_, err = b.ProposeCorrection(b.ctx, clerk, again.m.ID, []string{other.properties["1-1-1"]}, "错", nil)
		o.refuses(err, fault.ErrInvalid, "body.property_ids[0]")
	})
}
