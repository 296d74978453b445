package voting_test

import (
	"testing"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/vote"
	"gongdi/service/fault"
	"gongdi/service/voting"
)

// couple is one home of two co-owners, and two more homes.
func couple(o *office, changes ...func(*voting.Draft)) *meeting {
	return o.open(o.build(home{at: "1-1-1", owners: []string{"甲", "乙"}}, home{at: "1-1-2"}, home{at: "1-1-3"}), changes...)
}

func (b *meeting) as(name string) (model.Caller, voting.Entitlement) {
	b.t.Helper()
	who := b.e.people[name]
	e, err := b.MayCast(b.ctx, who, b.m.ID, b.voters["1-1-1"])
	b.must(err)
	return who, e
}

func (b *meeting) object(name string) (*model.Dispute, error) {
	b.t.Helper()
	who, e := b.as(name)
	return b.Dispute(b.ctx, who, e, b.m.ID, b.voters["1-1-1"], "没有商量过")
}

func (b *meeting) agreed(d *model.Dispute, choice vote.Choice) voting.Agreement {
	return voting.Agreement{
		MotionID: b.m.ID, DisputeID: d.ID, By: model.ByAgreement, Choice: choice, SignedOn: quantity.DateOf(b.clock.Now()),
	}
}

func TestACoOwnerDisputesTheBallotThatStands(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := couple(o)
		_, err := b.object("乙")
		o.refuses(err, voting.ErrNothingToDispute, "")
		b.cast("1-1-1", vote.Agree) // 甲
		_, err = b.object("甲")
		o.refuses(err, voting.ErrOwnBallot, "")
		d, err := b.object("乙")
		o.must(err)
		if v := b.voter("1-1-1"); v.Choice != vote.Invalid || v.InvalidReason != model.InvalidDisputed {
			t.Errorf("it counts as %s %s", v.Choice, v.InvalidReason)
		}
		if n := b.inbox(b.e.people["甲"], "ballot_dispute"); n != 1 {
			t.Errorf("the other was told %d times", n)
		}
		_, err = b.object("乙")
		o.refuses(err, voting.ErrBallotDisputed, "")
		for _, name := range []string{"甲", "乙"} {
			who, _ := b.as(name)
			_, err = b.try(who, b.ballot("1-1-1", vote.Oppose))
			o.refuses(err, voting.ErrBallotDisputed, "")
		}
		_, err = o.Enter(o.ctx, clerk, b.paper("1-1-1", vote.Oppose))
		o.refuses(err, voting.ErrBallotDisputed, "")
		other, e := b.as("甲")
		o.refuses(o.Withdraw(o.ctx, other, e, b.m.ID, b.voters["1-1-1"]), voting.ErrDisputeEnded, "")
		who, e := b.as("乙")
		o.clock.set(b.m.CountUntil.Add(-ms))
		o.must(o.Withdraw(o.ctx, who, e, b.m.ID, b.voters["1-1-1"]))
		if v := b.voter("1-1-1"); v.Choice != vote.Agree || v.CurrentVersion != 1 {
			t.Errorf("it counts as %s, version %d", v.Choice, v.CurrentVersion)
		}
		o.refuses(o.Withdraw(o.ctx, who, e, b.m.ID, b.voters["1-1-1"]), voting.ErrDisputeEnded, "")
		_, err = o.SettleDispute(o.ctx, clerk, b.agreed(d, vote.Agree))
		o.refuses(err, voting.ErrDisputeEnded, "")
		b.finish()
		b.bundle()
	})
}

func TestADisputeIsRaisedBeforeTheCloseAndSettledBeforeTheSeal(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := couple(o)
		b.cast("1-1-1", vote.Agree)
		o.clock.set(b.m.ClosesAt)
		_, err := b.object("乙")
		o.refuses(err, voting.ErrMotionNotOpen, "")
		o.clock.set(b.m.ClosesAt.Add(-ms))
		d, err := b.object("乙")
		o.must(err)
		o.clock.set(b.m.CountUntil)
		_, err = o.SettleDispute(o.ctx, clerk, b.agreed(d, vote.Agree))
		o.refuses(err, voting.ErrMotionNotOpen, "")
		sealed := b.finish()
		if sealed.Totals.Invalid.Heads != 1 || sealed.Totals.Disputable.Heads != 1 || sealed.Totals.Participating().Heads != 0 {
			t.Errorf("an open dispute is counted as %+v", sealed.Totals)
		}
		b.bundle()
	})
}

func TestADisputeIsSettledByAllOrByTwoThirdsOfTheShares(t *testing.T) {
	for _, c := range []struct {
		name    string
		by      model.Settlement
		shares  [2]int64
		refused *fault.Error
	}{
		{"all agree", model.ByAgreement, [2]int64{}, nil},
		{"exactly two thirds", model.ByShares, [2]int64{2, 3}, nil},
		{"just below", model.ByShares, [2]int64{6666, 10000}, voting.ErrSharesTooFew},
		{"just above", model.ByShares, [2]int64{6667, 10000}, nil},
		{"more than there is", model.ByShares, [2]int64{4, 3}, voting.ErrSharesTooFew},
		{"shares that nobody named", model.ByShares, [2]int64{}, voting.ErrSharesTooFew},
	} {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(t *testing.T, o *office) {
				b := couple(o)
				b.cast("1-1-1", vote.Agree)
				d, err := b.object("乙")
				o.must(err)
				a := b.agreed(d, vote.Oppose)
				a.By, a.Shares = c.by, c.shares
				standing, err := o.SettleDispute(o.ctx, clerk, a)
				if c.refused != nil {
					o.refuses(err, c.refused, "body.shares")
					return
				}
				o.must(err)
				if v := b.voter("1-1-1"); standing != vote.Counted || v.Choice != vote.Oppose {
					t.Errorf("it stands %s, counts as %s", standing, v.Choice)
				}
				who, _ := b.as("甲")
				_, err = b.try(who, b.ballot("1-1-1", vote.Agree))
				o.refuses(err, voting.ErrBallotSettled, "")
				_, err = b.object("甲")
				o.refuses(err, voting.ErrBallotSettled, "")
				_, err = o.Enter(o.ctx, clerk, b.paper("1-1-1", vote.Agree))
				o.refuses(err, voting.ErrBallotSettled, "")
				a.Choice = vote.Abstain // the clerk had misread it
				_, err = o.SettleDispute(o.ctx, clerk, a)
				o.must(err)
				if v := b.voter("1-1-1"); v.Choice != vote.Abstain {
					t.Errorf("corrected it counts as %s", v.Choice)
				}
				b.finish()
				b.bundle()
			})
		})
	}
}

func TestASettlementWaitsForASecondPersonWherePapersDo(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := couple(o, twice)
		b.cast("1-1-1", vote.Agree)
		d, err := b.object("乙")
		o.must(err)
		standing, err := o.SettleDispute(o.ctx, clerk, b.agreed(d, vote.Oppose))
		o.must(err)
		if v := b.voter("1-1-1"); standing != vote.Unconfirmed || v.InvalidReason != model.InvalidDisputed {
			t.Errorf("it stands %s, counts as %s", standing, v.Choice)
		}
		_, err = o.Confirm(o.ctx, clerk, b.m.ID, b.voters["1-1-1"])
		o.refuses(err, voting.ErrOwnEntry, "")
		standing, err = o.Confirm(o.ctx, colleague, b.m.ID, b.voters["1-1-1"])
		o.must(err)
		if v := b.voter("1-1-1"); standing != vote.Counted || v.Choice != vote.Oppose {
			t.Errorf("checked it stands %s, counts as %s", standing, v.Choice)
		}
		b.finish()
		b.bundle()
	})
}
