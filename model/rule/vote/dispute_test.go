package vote

import (
	"testing"

	"pgregory.net/rapid"
)

func keep(v int) Entry { return Entry{Channel: Paper, Word: Keep, Confirms: v, ByOwner: true} }

func TestCoOwnersInDispute(t *testing.T) {
	for _, c := range []struct {
		name    string
		entries []Entry
		last    Standing
		want    came
	}{
		{"a dispute takes the ballot out of the count", []Entry{phone(Agree), dispute()}, Conflict, came{current: 2}},
		{"a paper's ballot may be disputed too", []Entry{paper(Agree), dispute()}, Conflict, came{current: 2}},
		{"without a ballot there is nothing to dispute", []Entry{dispute()}, Rejected, came{}},
		{"an invalid paper is not disputed", []Entry{paper(Invalid), dispute()}, Rejected, came{current: 1}},
		{"an open dispute is not disputed again", []Entry{phone(Agree), dispute(), dispute()}, Rejected, came{current: 2}},
		{"withdrawn, what stood stands", []Entry{phone(Agree), dispute(), withdraw(2)}, Counted, came{current: 1}},
		{"another dispute is not withdrawn by its number", []Entry{phone(Agree), dispute(), withdraw(1)}, Rejected, came{current: 2}},
		{"withdrawn, it may be raised again", []Entry{phone(Agree), dispute(), withdraw(2), dispute()}, Conflict, came{current: 4}},
		{"in dispute no co-owner casts past the other", []Entry{phone(Agree), dispute(), phone(Oppose)}, Rejected, came{current: 2}},
		{"nor does a paper", []Entry{phone(Agree), dispute(), paper(Oppose)}, Rejected, came{current: 2}},
		{"nor an agent", []Entry{phone(Agree), dispute(), helper(Agree)}, Rejected, came{current: 2}},
		{"settled, the settlement stands", []Entry{phone(Agree), dispute(), settle(2, Oppose)}, Counted, came{current: 3}},
		{"and nobody casts past it", []Entry{phone(Agree), dispute(), settle(2, Oppose), phone(Agree)}, Rejected, came{current: 3}},
		{"nor disputes it", []Entry{phone(Agree), dispute(), settle(2, Oppose), dispute()}, Rejected, came{current: 3}},
		{"a settlement is corrected by another", []Entry{phone(Agree), dispute(), settle(2, Oppose), settle(2, Agree)}, Counted, came{current: 4}},
		{"what is not in dispute is not settled", []Entry{phone(Agree), settle(1, Oppose)}, Rejected, came{current: 1}},
		{"a dispute is not settled to nothing", []Entry{phone(Agree), dispute(), settle(2, Invalid)}, Rejected, came{current: 2}},
		{"a settlement waits for its check", []Entry{phone(Agree), dispute(), settle2(2, Oppose)}, Unconfirmed, came{current: 2, unconfirmed: 3}},
		{"and stands after it", []Entry{phone(Agree), dispute(), settle2(2, Oppose), check(3)}, Counted, came{current: 3}},
		{"withdrawn, no settlement waits", []Entry{phone(Agree), dispute(), settle2(2, Oppose), withdraw(2)}, Counted, came{current: 1}},
		{"a paper in conflict waits while co-owners dispute", []Entry{phone(Agree), paper(Oppose), dispute(), owner(2)}, Rejected, came{current: 3, conflict: 2}},
		{"and is confirmed afterwards", []Entry{phone(Agree), paper(Oppose), dispute(), withdraw(3), owner(2)}, Counted, came{current: 2}},
		{"a settlement ends a conflict", []Entry{phone(Agree), paper(Oppose), dispute(), settle(3, Agree)}, Counted, came{current: 4}},
		{"the owner keeps the phone's ballot", []Entry{phone(Agree), paper(Oppose), keep(2)}, Counted, came{current: 1}},
		{"and the paper cannot be confirmed after it", []Entry{phone(Agree), paper(Oppose), keep(2), owner(2)}, Rejected, came{current: 1}},
		{"without a conflict there is nothing to keep", []Entry{phone(Agree), keep(1)}, Rejected, came{current: 1}},
		{"an agent on the phone stands against a paper as the owner does", []Entry{helper(Agree), paper(Oppose)}, Conflict, came{current: 1, conflict: 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var l Ledger
			var last Standing
			for _, e := range versions(c.entries) {
				last = l.Apply(e)
			}
			got := came{l.Current().Version, l.OpenConflict().Version, l.Unconfirmed().Version}
			if last != c.last || got != c.want {
				t.Errorf("got %s %+v, want %s %+v", last, got, c.last, c.want)
			}
		})
	}
}

// anyWords are entries among which co-owners differ and settle.
func anyWords(t *rapid.T) []Entry {
	entries := anyEntries(t)
	for i := range entries {
		switch rapid.IntRange(0, 5).Draw(t, "word") {
		case 0:
			entries[i] = dispute()
		case 1:
			entries[i] = withdraw(rapid.IntRange(1, i+1).Draw(t, "withdrawn"))
		case 2:
			entries[i] = settle(rapid.IntRange(1, i+1).Draw(t, "settled"), Agree)
			entries[i].Double = rapid.Bool().Draw(t, "double")
		case 3:
			entries[i] = keep(rapid.IntRange(1, i+1).Draw(t, "kept"))
		}
	}
	return versions(entries)
}

// TestWhatCoOwnersSayHoldsAgainstEverybodyElse follows any entries step by
// step: a dispute that is open is ended by its own words only, what is settled
// only by another settlement, and a withdrawal brings back just what stood.
func TestWhatCoOwnersSayHoldsAgainstEverybodyElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entries := anyWords(t)
		byVersion := map[int]Entry{}
		var l Ledger
		var stood Entry // before the open dispute
		for _, e := range entries {
			byVersion[e.Version] = e
			before := l
			standing := l.Apply(e)
			now := l.Current()
			confirmsSettlement := e.Word == Ballot && e.Confirms > 0 && !e.ByOwner && byVersion[e.Confirms].Word == Settle
			switch {
			case before.OpenDispute().Version > 0 && now != before.Current():
				ended := e.Word == Withdraw && now == stood || e.Word == Settle && now == e || confirmsSettlement && now == byVersion[e.Confirms]
				if !ended {
					t.Fatalf("%+v ended the dispute %+v with %+v", e, before.OpenDispute(), now)
				}
			case before.Settled() && now != before.Current():
				if e.Word != Settle && !confirmsSettlement {
					t.Fatalf("%+v changed what was settled", e)
				}
			case e.Word == Dispute && standing == Conflict:
				if stood = before.Current(); stood.Version == 0 || stood.Choice == Invalid {
					t.Fatalf("%+v disputes nothing", e)
				}
			}
			if before.Settled() && !l.Settled() {
				t.Fatalf("%+v unsettled it", e)
			}
			if standing == Rejected && e.Choice != Invalid && !alike(l, before) && e.Word != Ballot {
				t.Fatalf("%+v was rejected and changed something", e)
			}
		}
		if !same(Replay(rapid.Permutation(entries).Draw(t, "order")), l) {
			t.Fatal("handed over in another order it is another ledger")
		}
	})
}
