package voting_test

import (
	"testing"
	"time"

	"gongdi/model"
	"gongdi/model/rule/vote"
	"gongdi/service/fault"
	"gongdi/service/voting"
)

// own is why the first owner of a home may cast for it.
func (b *meeting) own(at string) (model.Caller, voting.Entitlement) {
	b.t.Helper()
	who := b.e.of(at)
	e, err := b.MayCast(b.ctx, who, b.m.ID, b.voters[at])
	b.must(err)
	return who, e
}

// inbox counts what somebody was told of one kind.
func (b *meeting) inbox(who model.Caller, kind string) int64 {
	return b.number("SELECT COUNT(*) FROM resident_tidings WHERE resident_id = ? AND kind = ?", who.ID, kind)
}

func TestOnlyTheOwnerEndsAConflict(t *testing.T) {
	for _, c := range []struct {
		name   string
		which  voting.Which
		counts vote.Choice
	}{
		{"for the paper", voting.PaperStands, vote.Oppose},
		{"for the phone", voting.PhoneStands, vote.Agree},
	} {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(t *testing.T, o *office) {
				b := o.open(o.build(flats(3)...))
				b.cast("1-1-1", vote.Agree)
				b.shall("1-1-1", vote.Oppose, vote.Conflict, vote.Agree)
				who, e := b.own("1-1-1")
				if n := b.inbox(who, "ballot_conflict"); n != 1 {
					t.Errorf("the owner was told %d times", n)
				}
				o.clock.set(b.m.CountUntil.Add(-ms)) // the last instant of counting
				_, err := b.SettleOwn(b.ctx, who, voting.Entitlement{Relation: model.RelationTenant}, b.m.ID, b.voters["1-1-1"], c.which)
				o.refuses(err, voting.ErrNotYourBallot, "")
				_, err = b.SettleOwn(b.ctx, who, e, b.m.ID, b.voters["1-1-1"], c.which)
				o.must(err)
				if v := b.voter("1-1-1"); v.Choice != c.counts || v.OpenConflict != 0 {
					t.Errorf("it counts as %s, conflict %d", v.Choice, v.OpenConflict)
				}
				_, err = b.SettleOwn(b.ctx, who, e, b.m.ID, b.voters["1-1-1"], c.which)
				o.refuses(err, voting.ErrNoConflict, "")
				b.finish()
				b.bundle()
			})
		})
	}
}

func TestAConflictIsEndedInPersonBeforeTwoNamedPeople(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(2)...))
		b.cast("1-1-1", vote.Agree)
		b.shall("1-1-1", vote.Oppose, vote.Conflict, vote.Agree)
		voter := b.voters["1-1-1"]
		for _, c := range []struct {
			witnesses []string
			want      *fault.Error
			location  string
		}{
			{[]string{"甲某"}, voting.ErrTwoWitnesses, "body.witnesses"},
			{[]string{"甲某", " 甲某 "}, fault.ErrInvalid, "body.witnesses[1]"},
			{[]string{"甲某", "  "}, fault.ErrInvalid, "body.witnesses[1]"},
		} {
			_, err := o.SettleInPerson(o.ctx, clerk, b.m.ID, voter, voting.PaperStands, c.witnesses)
			o.refuses(err, c.want, c.location)
		}
		_, err := o.SettleInPerson(o.ctx, clerk, b.m.ID, voter, voting.PaperStands, []string{"甲某", "乙某"})
		o.must(err)
		if v := b.voter("1-1-1"); v.Choice != vote.Oppose {
			t.Errorf("it counts as %s", v.Choice)
		}
		if n := o.number("SELECT COUNT(*) FROM ballots WHERE witnesses LIKE ?", "%甲某%"); n != 0 {
			t.Error("the witnesses' names are legible in the database")
		}
		o.clock.set(b.m.CountUntil)
		_, err = o.SettleInPerson(o.ctx, clerk, b.m.ID, voter, voting.PhoneStands, []string{"甲某", "乙某"})
		o.refuses(err, voting.ErrMotionNotOpen, "")
	})
}

// A conflict need not wait for the second check: the owner is asked at once,
// and their word is worth one, unless the clerk who typed it takes it down.
func TestAConflictIsTheOwnersBeforeAnybodyChecks(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(3)...), twice)
		for _, at := range []string{"1-1-1", "1-1-2", "1-1-3"} {
			b.cast(at, vote.Agree)
			b.shall(at, vote.Oppose, vote.Conflict, vote.Agree)
		}
		told := func() int64 {
			return o.number("SELECT COUNT(*) FROM resident_tidings WHERE kind = ?", "ballot_conflict")
		}
		if told() != 3 {
			t.Errorf("%d owners were told", told())
		}
		if standing, err := o.Confirm(o.ctx, colleague, b.m.ID, b.voters["1-1-1"]); err != nil || standing != vote.Conflict || told() != 3 {
			t.Errorf("checked it stands %s (%v), %d told", standing, err, told())
		}
		witnesses := []string{"甲某", "乙某"}
		_, err := o.SettleInPerson(o.ctx, clerk, b.m.ID, b.voters["1-1-2"], voting.PaperStands, witnesses)
		o.refuses(err, voting.ErrOwnEntry, "")
		if standing, err := o.SettleInPerson(o.ctx, colleague, b.m.ID, b.voters["1-1-2"], voting.PaperStands, witnesses); err != nil || standing != vote.Counted {
			t.Errorf("on the owner's word the paper stands %s (%v)", standing, err)
		}
		if v := b.voter("1-1-2"); v.Choice != vote.Oppose || v.Unconfirmed != 0 || v.OpenConflict != 0 {
			t.Errorf("then it is %+v", v)
		}
		_, err = o.Confirm(o.ctx, colleague, b.m.ID, b.voters["1-1-2"])
		o.refuses(err, voting.ErrNothingWaiting, "")
		if tally := b.finish(); tally.Totals.Agree.Heads != 2 || tally.Totals.Oppose.Heads != 1 {
			t.Errorf("counted as %+v", tally.Totals)
		}
		if sealed := b.sealedResult(); sealed.Tally.Unconfirmed != 1 || sealed.Tally.Conflicts != 2 {
			t.Errorf("%d unconfirmed, %d conflicts are listed", sealed.Tally.Unconfirmed, sealed.Tally.Conflicts)
		}
	})
}

func TestABatchIsCheckedOneByOne(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(4)...), twice)
		b.shall("1-1-1", vote.Agree, vote.Unconfirmed, "")
		p := b.paper("1-1-2", vote.Oppose)
		_, err := o.Enter(o.ctx, colleague, p)
		o.must(err)
		b.cast("1-1-3", vote.Agree)
		b.shall("1-1-3", vote.Oppose, vote.Conflict, vote.Agree)
		waiting, total, err := o.ToCheck(o.ctx, b.m.ID, 0, 50)
		o.must(err)
		if total != 3 || len(waiting) != 3 || waiting[0].Choice != vote.Agree || waiting[0].Properties[0].PropertyID == "" {
			t.Fatalf("%d wait: %+v", total, waiting)
		}
		checked, err := o.ConfirmAll(o.ctx, colleague, b.m.ID,
			[]string{b.voters["1-1-3"], b.voters["1-1-1"], b.voters["1-1-2"], b.voters["1-1-4"], "nobody"})
		o.must(err)
		for i, want := range []struct {
			standing vote.Standing
			code     string
		}{{vote.Conflict, ""}, {vote.Counted, ""}, {"", "own_entry"}, {"", "nothing_to_confirm"}, {"", "not_found"}} {
			code := ""
			if checked[i].Refused != nil {
				code = checked[i].Refused.Code
			}
			if checked[i].Standing != want.standing || code != want.code {
				t.Errorf("entry %d: %s %s, want %+v", i, checked[i].Standing, code, want)
			}
		}
	})
}

func TestAScrutineerChecksPapersButNotTheOwn(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		e := o.build(flats(3)...)
		tenant := e.bind("tenant", "1-1-1", model.RelationTenant)
		b := o.open(e, twice)
		binding := func(who model.Caller) string {
			var id string
			o.must(o.db.Read(o.ctx).Raw("SELECT id FROM bindings WHERE resident_id = ?", who.ID).Scan(&id).Error)
			return id
		}
		o.exec("UPDATE bindings SET name = ?", o.Vault.Seal("binding.name", "某某"))
		o.refuses(o.Name(o.ctx, clerk, b.m.ID, binding(tenant)), voting.ErrNotOnRoll, "body.binding_id")
		one := e.of("1-1-1")
		o.refuses(o.Scrutinises(o.ctx, one, b.m.ID), fault.ErrNotFound, "")
		for range 2 { // named twice is named once
			o.must(o.Name(o.ctx, clerk, b.m.ID, binding(one)))
		}
		o.must(o.Scrutinises(o.ctx, one, b.m.ID))
		b.shall("1-1-1", vote.Agree, vote.Unconfirmed, "")
		b.shall("1-1-2", vote.Agree, vote.Unconfirmed, "")
		_, err := o.Confirm(o.ctx, one, b.m.ID, b.voters["1-1-1"])
		o.refuses(err, voting.ErrOwnEntry, "")
		standing, err := o.Confirm(o.ctx, one, b.m.ID, b.voters["1-1-2"])
		o.must(err)
		if standing != vote.Counted {
			t.Errorf("it stands %s", standing)
		}
		named, err := o.ScrutineersOf(o.ctx, b.m.ID)
		o.must(err)
		if len(named) != 1 || named[0].FullName != "某某" {
			t.Errorf("named %+v", named)
		}
		o.must(o.Name(o.ctx, clerk, b.m.ID, binding(e.of("1-1-3"))))
		for _, who := range []model.Caller{one, e.of("1-1-3")} {
			o.must(o.Dismiss(o.ctx, clerk, b.m.ID, who.ID))
			o.refuses(o.Dismiss(o.ctx, clerk, b.m.ID, who.ID), fault.ErrNotFound, "")
			o.refuses(o.Scrutinises(o.ctx, who, b.m.ID), fault.ErrNotFound, "")
		}
		o.clock.set(o.clock.Now().Add(ms))
		o.must(o.Name(o.ctx, clerk, b.m.ID, binding(e.of("1-1-2"))))
		o.must(o.Name(o.ctx, clerk, b.m.ID, binding(e.of("1-1-3")))) // again
		o.must(o.Scrutinises(o.ctx, e.of("1-1-3"), b.m.ID))
		o.must(o.Dismiss(o.ctx, clerk, b.m.ID, e.of("1-1-3").ID))
		b.finish()
		o.refuses(o.Dismiss(o.ctx, clerk, b.m.ID, e.of("1-1-2").ID), voting.ErrMotionClosed, "")
		// Who checked papers is named though dismissed, who checked none is not.
		if got := b.supervisors(); got != "某某（已卸任，曾复核纸质票）、某某" {
			t.Errorf("the result names %q", got)
		}
	})
}

func TestPapersThatCameInAreLogged(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(2)...))
		intake := func(received time.Time) voting.Intake {
			return voting.Intake{MotionID: b.m.ID, Way: "box", Place: "1栋门厅票箱", Sheets: 12, Collectors: []string{"甲某", "乙某"}, ReceivedAt: received}
		}
		o.clock.set(b.m.ClosesAt.Add(day)) // typed the day after
		_, err := o.Receive(o.ctx, clerk, intake(b.m.ClosesAt))
		o.refuses(err, voting.ErrPaperLate, "body.received_at")
		_, err = o.Receive(o.ctx, clerk, intake(b.m.ClosesAt.Add(-ms)))
		o.must(err)
		_, err = o.Receive(o.ctx, clerk, intake(b.m.ClosesAt.Add(2*day)))
		o.refuses(err, fault.ErrInvalid, "body.received_at")
		rows, err := o.IntakeOf(o.ctx, b.m.ID)
		o.must(err)
		if len(rows) != 1 || len(rows[0].Names) != 2 || rows[0].Sheets != 12 {
			t.Errorf("the log says %+v", rows)
		}
		struck, err := o.Strike(o.ctx, colleague, b.m.ID, rows[0].ID, "份数写错")
		o.must(err)
		if struck.StruckReason != "份数写错" || struck.Sheets != 12 || struck.Names[1] != "乙某" {
			t.Errorf("the line is %+v", struck)
		}
		_, err = o.Strike(o.ctx, colleague, b.m.ID, rows[0].ID, "再来一次")
		o.refuses(err, voting.ErrReceiptStruck, "")
		_, err = o.Strike(o.ctx, colleague, b.m.ID, "none", "没有这条")
		o.refuses(err, fault.ErrNotFound, "")
		if n := o.number("SELECT COUNT(*) FROM paper_receipts WHERE collectors LIKE ?", "%甲某%"); n != 0 {
			t.Error("the collectors' names are legible in the database")
		}
		o.clock.set(b.m.CountUntil)
		_, err = o.Receive(o.ctx, clerk, intake(b.m.OpensAt))
		o.refuses(err, voting.ErrMotionNotOpen, "")
	})
}

// TestOnePersonWithTwoAccountsChecksNothingOfTheirOwn links two accounts, and
// then a scrutineer's, to the WeChat of whoever typed a paper.
func TestOnePersonWithTwoAccountsChecksNothingOfTheirOwn(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		e := o.build(flats(3)...)
		b := o.open(e, twice)
		link := func(openID, staffID string) {
			o.exec("INSERT INTO staff_wechat (app_id, open_id, staff_id, linked_at) VALUES ('wx', ?, ?, ?)", openID, staffID, o.clock.Now())
		}
		one := e.of("1-1-1")
		o.exec("DELETE FROM wechat_accounts WHERE resident_id = ?", one.ID)
		o.exec("INSERT INTO wechat_accounts (app_id, open_id, resident_id, created_at) VALUES ('wx', 'same', ?, ?)", one.ID, o.clock.Now())
		b.shall("1-1-2", vote.Agree, vote.Unconfirmed, "")
		link("same", clerk.ID)
		link("same", colleague.ID)
		for _, who := range []model.Caller{clerk, colleague, one} {
			_, err := o.Confirm(o.ctx, who, b.m.ID, b.voters["1-1-2"])
			o.refuses(err, voting.ErrOwnEntry, "")
		}
		o.exec("UPDATE staff_wechat SET unlinked_at = ?", o.clock.Now()) // and it helps nobody to unlink first
		for _, who := range []model.Caller{clerk, colleague, one} {
			_, err := o.Confirm(o.ctx, who, b.m.ID, b.voters["1-1-2"])
			o.refuses(err, voting.ErrOwnEntry, "")
		}
		o.exec("UPDATE staff_wechat SET open_id = 'another' WHERE staff_id = ?", colleague.ID)
		standing, err := o.Confirm(o.ctx, colleague, b.m.ID, b.voters["1-1-2"])
		o.must(err)
		if standing != vote.Counted {
			t.Errorf("it stands %s", standing)
		}
	})
}

func TestAPaperIsToldToTheOwners(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(home{at: "1-1-1", owners: []string{"甲", "乙"}}))
		b.shall("1-1-1", vote.Agree, vote.Counted, vote.Agree)
		for _, name := range []string{"甲", "乙"} {
			if n := b.inbox(b.e.people[name], "ballot_entered"); n != 1 {
				t.Errorf("%s was told %d times", name, n)
			}
		}
	})
}
