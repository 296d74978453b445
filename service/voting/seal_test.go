package voting_test

import (
	"bytes"
	"errors"
	"sync"
	"testing"

	"gongdi/model"
	"gongdi/model/rule/vote"
	"gongdi/service/evidence"
	"gongdi/service/fault"
	"gongdi/service/voting"
)

func (b *meeting) result() model.Result {
	b.t.Helper()
	var rows []model.Result
	b.must(b.db.Read(b.ctx).Where("motion_id = ?", b.m.ID).Find(&rows).Error)
	if len(rows) != 1 {
		b.t.Fatalf("%d results", len(rows))
	}
	return rows[0]
}

func TestSealingTwiceIsSealingOnce(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(3)...))
		b.cast("1-1-1", vote.Agree)
		b.finish()
		first := b.result()
		o.clock.set(o.clock.Now().Add(day))
		o.must(o.SealDue(o.ctx))
		_, err := o.Over(o.ctx, b.m.ID)
		o.must(err)
		_, err = o.Close(o.ctx, street, b.m.ID, "x")
		o.refuses(err, voting.ErrMotionClosed, "")
		if again := b.result(); again != first {
			t.Errorf("first %+v, again %+v", first, again)
		}
	})
}

func TestOfReplicasThatSealAtOnceOneSeals(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(20)...))
		for _, at := range []string{"1-1-1", "1-1-2", "1-1-3"} {
			b.cast(at, vote.Agree)
		}
		o.clock.set(b.m.CountUntil)
		tallies := make([]*voting.Tally, 12)
		var sealers sync.WaitGroup
		for i := range tallies {
			replica := o.replica()
			sealers.Go(func() {
				if err := replica.SealDue(o.ctx); err != nil {
					t.Error(err)
				}
				tally, err := replica.Tally(o.ctx, b.m.ID)
				if err != nil {
					t.Error(err)
					return
				}
				tallies[i] = tally
			})
		}
		sealers.Wait()
		b.result()
		for _, tally := range tallies {
			if tally == nil || tally.Totals.Agree.Heads != 3 || !tally.Open || tally.Status != model.StatusClosed {
				t.Errorf("a replica shows %+v", tally)
			}
		}
	})
}

func TestWhatDiffersFromItsBallotsIsNotSealedAndHoldsUpNobody(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		e := o.build(flats(3)...)
		bad, sound := o.announce(e), o.announce(e)
		o.clock.set(bad.m.OpensAt)
		bad.cast("1-1-1", vote.Agree)
		sound.cast("1-1-1", vote.Agree)
		o.exec("UPDATE roll_voters SET choice = 'agree', channel = 'online' WHERE motion_id = ? AND id = ?", bad.m.ID, bad.voters["1-1-2"])
		o.exec("UPDATE motions SET count_until = ? WHERE id = ?", bad.m.ClosesAt, bad.m.ID) // comes first
		o.clock.set(sound.m.CountUntil)
		var refusal *fault.Error
		if err := o.SealDue(o.ctx); err == nil || errors.As(err, &refusal) {
			t.Errorf("sealing says %v", err)
		}
		if bad.reread().Stage != model.StagePublished || sound.reread().Stage != model.StageSealed {
			t.Errorf("the altered one is %s, the other %s", bad.reread().Stage, sound.reread().Stage)
		}
		o.exec("UPDATE roll_voters SET choice = '', channel = '' WHERE motion_id = ? AND id = ?", bad.m.ID, bad.voters["1-1-2"])
		o.exec("UPDATE roll_properties SET owner_ids = 'somebody' WHERE motion_id = ? AND property_id = ?", bad.m.ID, e.properties["1-1-3"])
		if err := o.SealDue(o.ctx); err == nil {
			t.Error("a roll that was altered is sealed")
		}
	})
}

// bundle is the evidence as it leaves the house, checked with the office's key.
func (b *meeting) bundle() *evidence.Bundle {
	b.t.Helper()
	var file bytes.Buffer
	b.must(b.Bundle(b.ctx, clerk, b.m.ID, "", &file))
	opened, err := evidence.Open(bytes.NewReader(file.Bytes()), int64(file.Len()))
	b.must(err)
	if report := opened.Verify(b.Key.Public()); !report.Sound() {
		b.t.Fatalf("the bundle does not hold: %+v", report.Findings)
	}
	return opened
}

func TestAVotersReceiptIsFoundInTheBundle(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(2)...))
		first := b.cast("1-1-1", vote.Agree).Receipt
		o.clock.set(b.m.OpensAt.Add(ms))
		second := b.cast("1-1-1", vote.Oppose).Receipt
		_, err := b.Over(o.ctx, b.m.ID)
		o.refuses(err, voting.ErrMotionNotClosed, "")
		b.finish()
		bundle := b.bundle()
		for receipt, current := range map[evidence.Receipt]bool{first: false, second: true} {
			if got := bundle.CheckReceipt(receipt, o.Key.Public()); got.Presence != evidence.Present || got.Signed != nil || got.Current != current {
				t.Errorf("version %d: %+v", receipt.Version, got)
			}
		}
	})
}

func TestASealIsFoundAgainFromTheRowsAlone(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.filled()
		b.finish()
		b.bundle()
		sealed, again := b.sealedResult(), b.recompose()
		if sealed.Ballots != again.Ballots || sealed.Roll != again.Roll || sealed.Result != again.Result || sealed.Tally.Totals() != again.Tally.Totals() {
			t.Errorf("sealed %+v\nagain %+v", sealed, again)
		}
	})
}

// recompose counts a motion from what is kept of it, digest by digest.
func (b *meeting) recompose() evidence.Sealed {
	b.t.Helper()
	m := b.reread()
	refs := map[string]string{}
	for _, v := range b.roll() {
		refs[v.ID] = v.Ref
	}
	var struck []model.StruckVoter
	b.must(b.db.Read(b.ctx).Where("motion_id = ?", b.m.ID).Find(&struck).Error)
	for _, v := range struck {
		refs[v.ID] = v.Ref
	}
	var rows []model.Ballot
	b.must(b.db.Read(b.ctx).Where("motion_id = ?", b.m.ID).Find(&rows).Error)
	var lines []evidence.BallotLine
	for _, r := range rows {
		v := evidence.Version{
			MotionID: r.MotionID, Ref: refs[r.VoterID], Version: r.Version, Channel: r.Channel, Choice: r.Choice, Items: r.Items,
			CommentDigest: r.CommentDigest, InvalidReason: r.InvalidReason, SignedOn: r.SignedOn, ReceivedAt: r.ReceivedAt,
			CastAt: r.CastAt, Relation: r.Relation, Proof: r.Proof, DoubleCheck: r.DoubleCheck, Confirms: r.Confirms, Word: r.Word,
			Standing: r.Standing, Area: evidence.Area(r.Area), Salt: r.Salt,
		}
		if v.Digest() != r.Digest {
			b.t.Fatalf("version %d of %s has another digest than was recorded", r.Version, r.VoterID)
		}
		lines = append(lines, evidence.BallotLine{Version: v, Recorded: r.Digest})
	}
	return evidence.Compose(evidence.MotionOf(m, nil, b.clock.Now()), m.Rule(), b.rollLines(), nil, lines)
}
