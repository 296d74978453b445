package voting_test

import (
	"bytes"
	"testing"

	"github.com/xuri/excelize/v2"

	"gongdi/model"
	"gongdi/model/rule/vote"
	"gongdi/service/fault"
	"gongdi/service/voting"
)

// back takes back a paper and wants what then stands.
func (b *meeting) back(who model.Caller, at string, counts vote.Choice) {
	b.t.Helper()
	row, err := b.Retract(b.ctx, who, b.m.ID, b.voters[at], "录错了户")
	b.must(err)
	if kept := b.voter(at); kept.Choice != counts || *row != kept {
		b.t.Errorf("kept %+v, answered %+v, want %q", kept, row, counts)
	}
}

func TestAPaperEnteredForTheWrongVoterIsTakenBack(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(5)...))
		b.shall("1-1-1", vote.Oppose, vote.Counted, vote.Oppose)
		b.back(clerk, "1-1-1", "")
		if n := b.inbox(b.e.of("1-1-1"), "ballot_retracted"); n != 1 {
			t.Errorf("the owner was told %d times", n)
		}
		b.shall("1-1-1", vote.Oppose, vote.Counted, vote.Oppose) // the very same is a new entry, without a reason
		b.back(clerk, "1-1-1", "")

		b.cast("1-1-2", vote.Agree)
		b.shall("1-1-2", vote.Oppose, vote.Conflict, vote.Agree)
		b.back(clerk, "1-1-2", vote.Agree)
		if v := b.voter("1-1-2"); v.OpenConflict != 0 {
			t.Errorf("%+v", v)
		}
		for _, at := range []string{"1-1-1", "1-1-2"} {
			_, err := o.Retract(o.ctx, clerk, b.m.ID, b.voters[at], "再撤一次")
			o.refuses(err, voting.ErrNothingToRetract, "")
		}
		_, err := o.Retract(o.ctx, clerk, b.m.ID, "none", "没有这户")
		o.refuses(err, fault.ErrNotFound, "")

		b.shall("1-1-3", vote.Agree, vote.Counted, vote.Agree)
		o.clock.set(b.m.CountUntil.Add(-ms))
		b.back(clerk, "1-1-3", "")
		b.shall("1-1-4", vote.Agree, vote.Counted, vote.Agree)
		o.clock.set(b.m.CountUntil)
		_, err = o.Retract(o.ctx, clerk, b.m.ID, b.voters["1-1-4"], "晚了")
		o.refuses(err, voting.ErrMotionNotOpen, "")
		tally := b.finish()
		if tally.Totals.Agree.Heads != 2 || tally.Totals.Oppose.Heads != 0 {
			t.Errorf("%+v", tally.Totals)
		}
		b.bundle()
		var printed bytes.Buffer
		o.must(o.Announce(o.ctx, street, b.m.ID, &printed))
	})
}

func TestWhereTwoCheckNobodyTakesBackTheirOwnEntry(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(3)...), twice)
		b.shall("1-1-1", vote.Agree, vote.Unconfirmed, "")
		_, err := o.Retract(o.ctx, clerk, b.m.ID, b.voters["1-1-1"], "录错了户")
		o.refuses(err, voting.ErrOwnEntry, "")
		b.back(colleague, "1-1-1", "")
		if v := b.voter("1-1-1"); v.Unconfirmed != 0 {
			t.Errorf("%+v", v)
		}
		b.shall("1-1-1", vote.Agree, vote.Unconfirmed, "")
		_, err = o.Confirm(o.ctx, colleague, b.m.ID, b.voters["1-1-1"])
		o.must(err)
		b.back(colleague, "1-1-1", "")
		b.finish()
		b.bundle()
	})
}

// supervisors are the scrutineers as the result's workbook names them.
func (b *meeting) supervisors() string {
	b.t.Helper()
	var file bytes.Buffer
	b.must(b.Workbook(b.ctx, street, b.m.ID, &file))
	book, err := excelize.OpenReader(&file)
	b.must(err)
	rows, err := book.GetRows("结果")
	b.must(err)
	for _, row := range rows {
		if len(row) > 1 && row[0] == "监票人" {
			return row[1]
		}
	}
	return ""
}
