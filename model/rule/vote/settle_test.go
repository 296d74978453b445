package vote

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func phone(c Choice) Entry { return Entry{Channel: Online, Choice: c, Phone: true} }
func paper(c Choice) Entry { return Entry{Channel: Paper, Choice: c} }
func agent(c Choice) Entry { return Entry{Channel: Proxy, Choice: c} }
func twice(c Choice) Entry { return Entry{Channel: Paper, Choice: c, Double: true} }
func check(v int) Entry    { return Entry{Channel: Paper, Confirms: v} }
func owner(v int) Entry    { return Entry{Channel: Online, Confirms: v, ByOwner: true} }

func dispute() Entry       { return Entry{Channel: Online, Choice: Invalid, Reason: Disputed, Word: Dispute} }
func withdraw(v int) Entry { return Entry{Channel: Online, Word: Withdraw, Confirms: v} }
func settle(v int, c Choice) Entry {
	return Entry{Channel: Paper, Choice: c, Word: Settle, Confirms: v}
}
func settle2(v int, c Choice) Entry {
	return Entry{Channel: Paper, Choice: c, Word: Settle, Confirms: v, Double: true}
}
func helper(c Choice) Entry { return Entry{Channel: Proxy, Choice: c, Phone: true} }

func retract(v int) Entry { return Entry{Channel: Paper, Word: Retract, Confirms: v} }

func same(a, b Ledger) bool { return slices.Equal(a.heard, b.heard) && alike(a, b) }

// alike is same in all but what led there.
func alike(a, b Ledger) bool {
	return a.current == b.current && a.waiting == b.waiting && a.disputed == b.disputed && a.before == b.before && a.settled == b.settled
}

// versions numbers entries from 1.
func versions(entries []Entry) []Entry {
	numbered := make([]Entry, len(entries))
	for i, e := range entries {
		e.Version = i + 1
		numbered[i] = e
	}
	return numbered
}

// came is a ledger by version numbers, 0 for none.
type came struct{ current, conflict, unconfirmed int }

func TestWhichVersionCounts(t *testing.T) {
	for _, c := range []struct {
		name    string
		entries []Entry
		last    Standing // how the last entry stands
		want    came
	}{
		{"nothing came in", nil, "", came{}},
		{"on the phone the latest counts", []Entry{phone(Agree), phone(Oppose), phone(Abstain)}, Counted, came{current: 3}},
		{"a paper alone counts", []Entry{paper(Agree)}, Counted, came{current: 1}},
		{"a paper replaces an earlier paper", []Entry{paper(Agree), paper(Oppose)}, Counted, came{current: 2}},
		{"an agent's paper replaces a paper", []Entry{paper(Agree), agent(Oppose)}, Counted, came{current: 2}},
		{"the phone replaces a paper", []Entry{paper(Agree), phone(Oppose)}, Counted, came{current: 2}},

		{"a paper that says the same as the phone counts and leaves the phone's",
			[]Entry{phone(Agree), paper(Agree)}, Counted, came{current: 1}},
		{"a paper that differs from the phone is a conflict",
			[]Entry{phone(Agree), paper(Oppose)}, Conflict, came{current: 1, conflict: 2}},
		{"an agent's paper that differs from the phone is a conflict",
			[]Entry{phone(Agree), agent(Abstain)}, Conflict, came{current: 1, conflict: 2}},
		{"the owner confirms the paper", []Entry{phone(Agree), paper(Oppose), owner(2)}, Counted, came{current: 2}},
		{"a clerk cannot settle a conflict",
			[]Entry{phone(Agree), paper(Oppose), check(2)}, Rejected, came{current: 1, conflict: 2}},
		{"the phone again settles a conflict, same choice",
			[]Entry{phone(Agree), paper(Oppose), phone(Agree)}, Counted, came{current: 3}},
		{"the phone again settles a conflict, even with what the paper says",
			[]Entry{phone(Agree), paper(Oppose), phone(Oppose)}, Counted, came{current: 3}},
		{"a settled conflict cannot be confirmed any more",
			[]Entry{phone(Agree), paper(Oppose), phone(Agree), owner(2)}, Rejected, came{current: 3}},
		{"a later paper takes the conflict's place",
			[]Entry{phone(Agree), paper(Oppose), paper(Abstain)}, Conflict, came{current: 1, conflict: 3}},
		{"a corrected paper that says the same as the phone ends the conflict",
			[]Entry{phone(Agree), paper(Oppose), paper(Agree)}, Counted, came{current: 1}},
		{"a corrected paper that is invalid ends the conflict",
			[]Entry{phone(Agree), paper(Oppose), paper(Invalid)}, Rejected, came{current: 1}},
		{"after the owner's word the ballot is a paper, replaced by papers",
			[]Entry{phone(Agree), paper(Oppose), owner(2), paper(Abstain)}, Counted, came{current: 4}},

		{"an invalid paper alone is the ballot, as invalid", []Entry{paper(Invalid)}, Rejected, came{current: 1}},
		{"an invalid paper replaces a paper", []Entry{paper(Agree), paper(Invalid)}, Rejected, came{current: 2}},
		{"an invalid paper leaves the phone's ballot", []Entry{phone(Agree), paper(Invalid)}, Rejected, came{current: 1}},
		{"a sound paper replaces an invalid one", []Entry{paper(Invalid), paper(Agree)}, Counted, came{current: 2}},
		{"the phone replaces an invalid paper", []Entry{paper(Invalid), phone(Agree)}, Counted, came{current: 2}},

		{"a paper under double check waits", []Entry{twice(Agree)}, Unconfirmed, came{unconfirmed: 1}},
		{"while it waits the earlier ballot stands",
			[]Entry{paper(Agree), twice(Oppose)}, Unconfirmed, came{current: 1, unconfirmed: 2}},
		{"checked, it counts", []Entry{twice(Agree), check(1)}, Counted, came{current: 1}},
		{"checked twice, the second says nothing", []Entry{twice(Agree), check(1), check(1)}, Rejected, came{current: 1}},
		{"the owner's word is no second check", []Entry{twice(Agree), owner(1)}, Rejected, came{unconfirmed: 1}},
		{"checked, it is judged against what stands then",
			[]Entry{twice(Agree), phone(Oppose), check(1)}, Conflict, came{current: 2, conflict: 1}},
		{"checked, it may say the same as the phone by then",
			[]Entry{twice(Agree), phone(Agree), check(1)}, Counted, came{current: 2}},
		{"checked, then confirmed by the owner",
			[]Entry{phone(Oppose), twice(Agree), check(2), owner(2)}, Counted, came{current: 2}},
		{"checked, an invalid paper leaves the phone's ballot",
			[]Entry{phone(Agree), twice(Invalid), check(2)}, Rejected, came{current: 1}},
		{"a later paper takes the place of one that waits",
			[]Entry{twice(Agree), twice(Oppose), check(1)}, Rejected, came{unconfirmed: 2}},
		{"one that differs from the phone is a conflict before its check",
			[]Entry{phone(Agree), twice(Oppose)}, Conflict, came{current: 1, conflict: 2, unconfirmed: 2}},
		{"and after it",
			[]Entry{phone(Agree), twice(Oppose), check(2)}, Conflict, came{current: 1, conflict: 2}},
		{"the owner's word on it is worth the check",
			[]Entry{phone(Agree), twice(Oppose), owner(2)}, Counted, came{current: 2}},
		{"the owner may keep the phone's before the check",
			[]Entry{phone(Agree), twice(Oppose), keep(2)}, Counted, came{current: 1}},
		{"the phone again ends it, and the check opens it anew",
			[]Entry{phone(Agree), twice(Oppose), phone(Agree), check(2)}, Conflict, came{current: 3, conflict: 2}},
		{"a corrected entry that says the same as the phone ends it",
			[]Entry{phone(Agree), twice(Oppose), twice(Agree)}, Unconfirmed, came{current: 1, unconfirmed: 3}},
		{"a checked conflict stays open while a later paper waits",
			[]Entry{phone(Agree), paper(Oppose), twice(Agree)}, Unconfirmed, came{current: 1, conflict: 2, unconfirmed: 3}},
		{"one that differs too takes its place",
			[]Entry{phone(Agree), paper(Oppose), twice(Abstain)}, Conflict, came{current: 1, conflict: 3, unconfirmed: 3}},
		{"and ends when that one is checked",
			[]Entry{phone(Agree), paper(Oppose), twice(Agree), check(3)}, Counted, came{current: 1}},
		{"a retracted paper leaves nothing", []Entry{paper(Agree), retract(1)}, Counted, came{}},
		{"nor an invalid one", []Entry{paper(Invalid), retract(1)}, Counted, came{}},
		{"what it displaced stands again", []Entry{paper(Agree), paper(Oppose), retract(2)}, Counted, came{current: 1}},
		{"however deep", []Entry{paper(Agree), paper(Oppose), paper(Abstain), retract(3), retract(2)}, Counted, came{current: 1}},
		{"one that was replaced is not retracted", []Entry{paper(Agree), paper(Oppose), retract(1)}, Rejected, came{current: 2}},
		{"nor twice", []Entry{paper(Agree), retract(1), retract(1)}, Rejected, came{}},
		{"nor what never was", []Entry{retract(7)}, Rejected, came{}},
		{"nor a ballot from the phone", []Entry{phone(Agree), retract(1)}, Rejected, came{current: 1}},
		{"nor an agent's on the phone", []Entry{helper(Agree), retract(1)}, Rejected, came{current: 1}},
		{"nor a paper beside a phone that says the same", []Entry{phone(Agree), paper(Agree), retract(2)}, Rejected, came{current: 1}},
		{"nor one that the owner took for theirs", []Entry{phone(Agree), paper(Oppose), owner(2), retract(2)}, Rejected, came{current: 2}},
		{"retracted, a conflict is over", []Entry{phone(Agree), paper(Oppose), retract(2)}, Counted, came{current: 1}},
		{"and the one before it is open again", []Entry{phone(Agree), paper(Oppose), paper(Abstain), retract(3)}, Counted, came{current: 1, conflict: 2}},
		{"retracted, nothing waits", []Entry{twice(Agree), retract(1)}, Counted, came{}},
		{"and cannot be checked", []Entry{twice(Agree), retract(1), check(1)}, Rejected, came{}},
		{"a checked paper goes with its check", []Entry{twice(Agree), check(1), retract(1)}, Counted, came{}},
		{"the one that it kept from being checked waits again", []Entry{twice(Agree), twice(Oppose), retract(2)}, Counted, came{unconfirmed: 1}},
		{"the right paper may come after it", []Entry{twice(Agree), retract(1), twice(Agree), check(3)}, Counted, came{current: 3}},
		{"in dispute nothing is retracted", []Entry{paper(Agree), dispute(), retract(1)}, Rejected, came{current: 2}},
		{"nor what was settled", []Entry{paper(Agree), dispute(), settle(2, Oppose), retract(1)}, Rejected, came{current: 3}},
		{"nor the settlement", []Entry{paper(Agree), dispute(), settle(2, Oppose), retract(3)}, Rejected, came{current: 3}},
		{"nor the dispute", []Entry{paper(Agree), dispute(), retract(2)}, Rejected, came{current: 2}},
		{"withdrawn, it is", []Entry{paper(Agree), dispute(), withdraw(2), retract(1)}, Counted, came{}},
		{"a confirmation of what never was", []Entry{phone(Agree), check(7)}, Rejected, came{current: 1}},
		{"a confirmation of a ballot from the phone", []Entry{phone(Agree), owner(1)}, Rejected, came{current: 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var l Ledger
			var last Standing
			for _, e := range versions(c.entries) {
				last = l.Apply(e)
			}
			got := came{l.Current().Version, l.OpenConflict().Version, l.Unconfirmed().Version}
			if last != c.last || got != c.want {
				t.Errorf("got %q %+v, want %q %+v", last, got, c.last, c.want)
			}
			if !same(Replay(versions(c.entries)), l) {
				t.Error("replayed it is another ledger")
			}
		})
	}
}

// A history is the second implementation: it looks back from any entry instead
// of carrying a state forward. Index i holds version i+1.
type history []Entry

// judged is what entry i brings before the ballot: a ballot from the phone, a
// paper when it counts or has been checked, or a paper on the owner's word.
func (h history) judged(i int) (ballot Entry, onOwnersWord, ok bool) {
	e := h[i]
	switch {
	case e.Confirms == 0:
		return e, false, e.Phone || !e.Double
	case e.Confirms > i:
		return Entry{}, false, false
	case e.ByOwner:
		return h[e.Confirms-1], true, h.conflict(i-1) == e.Confirms
	}
	return h[e.Confirms-1], false, h.unconfirmed(i-1) == e.Confirms
}

// lastJudged is the last entry up to i that brings anything, or -1.
func (h history) lastJudged(i int) int {
	for ; i >= 0; i-- {
		if _, _, ok := h.judged(i); ok {
			return i
		}
	}
	return -1
}

func (h history) current(i int) Entry {
	i = h.lastJudged(i)
	if i < 0 {
		return Entry{}
	}
	ballot, onOwnersWord, _ := h.judged(i)
	if ballot.Phone || onOwnersWord {
		return ballot
	}
	if before := h.current(i - 1); before.Phone {
		return before
	}
	return ballot
}

// raises says that entry i is a paper that differs from the phone's ballot and
// is still to be checked.
func (h history) raises(i int) bool {
	e, before := h[i], h.current(i-1)
	return e.Confirms == 0 && !e.Phone && e.Double && e.Choice != Invalid && before.Phone && before.Choice != e.Choice
}

func (h history) conflict(i int) int {
	last := h.lastJudged(i)
	for ; i > last; i-- {
		switch e := h[i]; {
		case h.raises(i):
			return e.Version
		case e.Confirms == 0 && h.conflict(i-1) == h.unconfirmed(i-1): // takes an unchecked one's place
			return 0
		}
	}
	if i < 0 {
		return 0
	}
	ballot, onOwnersWord, _ := h.judged(i)
	before := h.current(i - 1)
	if onOwnersWord || ballot.Phone || ballot.Choice == Invalid || !before.Phone || before.Choice == ballot.Choice {
		return 0
	}
	return ballot.Version
}

// unconfirmed is the latest paper up to i, if it needs a check and has none.
func (h history) unconfirmed(i int) int {
	checked := map[int]bool{}
	for ; i >= 0; i-- {
		e := h[i]
		switch {
		case e.Confirms > 0:
			checked[e.Confirms] = checked[e.Confirms] || !e.ByOwner || h.conflict(i-1) == e.Confirms
		case !e.Phone && e.Double && !checked[e.Version]:
			return e.Version
		case !e.Phone:
			return 0
		}
	}
	return 0
}

func (h history) standing(i int) Standing {
	ballot, onOwnersWord, ok := h.judged(i)
	switch {
	case !ok && h.raises(i):
		return Conflict
	case !ok && h[i].Confirms == 0:
		return Unconfirmed
	case !ok || ballot.Choice == Invalid:
		return Rejected
	case !onOwnersWord && h.conflict(i) == ballot.Version:
		return Conflict
	}
	return Counted
}

// resolved blanks what was retracted, with every word on it, and the
// retractions; a blank says something on a version that never comes.
func (h history) resolved() history {
	out := slices.Clone(h)
	blank := func(i int) { out[i] = Entry{Version: i + 1, Confirms: math.MaxInt} }
	for i, e := range h {
		if e.Word != Retract {
			continue
		}
		blank(i)
		if !out[:i].retractable(e.Confirms) {
			continue
		}
		for j := range i {
			if out[j].Version == e.Confirms || out[j].Confirms == e.Confirms {
				blank(j)
			}
		}
	}
	return out
}

// retractable says of a resolved history whether a version is a paper with
// which something stands or waits, and that its owner did not take.
func (h history) retractable(v int) bool {
	taken := slices.ContainsFunc(h, func(e Entry) bool { return e.Confirms == v && e.ByOwner })
	if v > len(h) || h[v-1].Phone || h[v-1].Confirms != 0 || taken {
		return false
	}
	last := len(h) - 1
	return v == h.current(last).Version || v == h.conflict(last) || v == h.unconfirmed(last)
}

func (h history) stands(i int) Standing {
	switch {
	case h[i].Word != Retract:
		return h[:i+1].resolved().standing(i)
	case h[:i].resolved().retractable(h[i].Confirms):
		return Counted
	}
	return Rejected
}

func anyEntries(t *rapid.T) []Entry {
	entries := make([]Entry, rapid.IntRange(0, 9).Draw(t, "entries"))
	for i := range entries {
		choices := []Choice{Agree, Oppose, Abstain}
		e := Entry{Channel: rapid.SampledFrom([]Channel{Online, Paper, Proxy}).Draw(t, "channel")}
		e.Phone = e.Channel == Online || e.Channel == Proxy && rapid.Bool().Draw(t, "on an agent's phone")
		if !e.Phone {
			choices = append(choices, Invalid)
			e.Double = rapid.Bool().Draw(t, "double")
		}
		e.Choice = rapid.SampledFrom(choices).Draw(t, "choice")
		if rapid.Bool().Draw(t, "confirms") {
			e.Confirms = rapid.IntRange(1, i+2).Draw(t, "version")
			e.ByOwner = rapid.Bool().Draw(t, "by owner")
		}
		if i > 0 && rapid.IntRange(0, 3).Draw(t, "retracts") == 0 {
			e = retract(rapid.IntRange(1, i+1).Draw(t, "retracted"))
		}
		entries[i] = e
	}
	return versions(entries)
}

func TestAnyVersionsComeToWhatLookingBackFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entries := anyEntries(t)
		h := history(entries)
		var l Ledger
		for i, e := range entries {
			if got, want := l.Apply(e), h.stands(i); got != want {
				t.Fatalf("version %d stands %s, want %s", e.Version, got, want)
			}
			got := came{l.Current().Version, l.OpenConflict().Version, l.Unconfirmed().Version}
			h := h[:i+1].resolved()
			if want := (came{h.current(i).Version, h.conflict(i), h.unconfirmed(i)}); got != want {
				t.Fatalf("after version %d: %+v, want %+v", e.Version, got, want)
			}
		}
		if !same(Replay(rapid.Permutation(entries).Draw(t, "order")), l) {
			t.Fatal("handed over in another order it is another ledger")
		}
	})
}

// A paper takes the place of the phone's ballot on its owner's word alone: one
// said now, or one said earlier of the paper that a retraction leaves.
func TestThePhonesBallotIsOnlyDisplacedByTheOwner(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var l Ledger
		owned := map[int]bool{}
		for _, e := range anyEntries(t) {
			before := l.Current()
			l.Apply(e)
			if e.ByOwner && e.Confirms > 0 {
				owned[e.Confirms] = true
			}
			ownersWord := owned[l.Current().Version] || e.Phone && e.Confirms == 0
			if before.Phone && l.Current() != before && !ownersWord {
				t.Fatalf("%+v displaced %+v", e, before)
			}
			if c := l.OpenConflict(); c != (Entry{}) && (!l.Current().Phone || c.Choice == l.Current().Choice) {
				t.Fatalf("a conflict of %+v with %+v", c, l.Current())
			}
		}
	})
}
