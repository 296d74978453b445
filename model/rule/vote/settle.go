package vote

import (
	"cmp"
	"slices"
)

// Channel is the way on which a ballot came in.
type Channel string

// The channels: the owner's phone, a signed paper, a paper signed by an agent
// under a power of attorney (委托).
const (
	Online Channel = "online"
	Paper  Channel = "paper"
	Proxy  Channel = "proxy"
)

// Standing is what has become of an entry.
type Standing string

// The standings of an entry. Rejected is the contract's "invalid".
const (
	Counted     Standing = "counted"     // it is the ballot, or says the same as the ballot
	Unconfirmed Standing = "unconfirmed" // waits for a second person's check
	Conflict    Standing = "conflict"    // differs from the phone's ballot; waits for the owner
	Rejected    Standing = "invalid"     // does not take part, or confirms nothing that waits
)

// Word is what a version says that is no ballot of its own.
type Word string

// The words. A co-owner disputes the ballot that stands (共有人异议) and may
// withdraw that; otherwise it is settled by agreement or by holders of two
// thirds of the shares.
//
// Law: Civil Code art. 301, 「应当经占份额三分之二以上的按份共有人或者全体共同共有人同意」.
const (
	Ballot   Word = ""
	Dispute  Word = "dispute"
	Withdraw Word = "withdraw"
	Settle   Word = "settle"
	Keep     Word = "keep"    // the owner's word that the phone's ballot stands against a paper
	Retract  Word = "retract" // the office's, that a paper was entered for the wrong voter (录错撤回)
)

// Disputed is the reason under which a ballot in an open dispute is invalid.
const Disputed = "disputed"

// An Entry is one version of one voter's ballot. Versions count from 1.
type Entry struct {
	Version int
	Channel Channel
	Choice  Choice
	Reason  string // why a paper is invalid; empty for others
	Phone   bool   // cast on a phone, by the owner or an agent, at an instant that nobody dates
	Double  bool   // a paper that counts only after a second person's check
	Word    Word

	// Confirms, when above 0, makes this no ballot but a word on that earlier
	// version: by the owner on a conflict when ByOwner, otherwise the second
	// check of an unconfirmed paper. Channel and Choice then say nothing.
	// Withdraw and Settle name the dispute that they end in it, Retract the paper
	// that it takes back.
	Confirms int
	ByOwner  bool
}

// A Ledger is what the versions of one voter's ballot come to. The zero Ledger
// is a voter of whom nothing has come in. A copy can be asked what an entry would do.
type Ledger struct {
	heard                      []Entry // what came and was not retracted; never changed in place
	current, waiting, disputed Entry
	before                     Entry // stood when the open dispute was raised
	settled                    bool  // co-owners have settled what stands
}

// Current is the version that counts, an invalid paper included; the zero Entry
// when there is none. While a dispute is open it is the dispute, which is
// invalid.
func (l Ledger) Current() Entry { return l.current }

// OpenConflict is the paper that differs from the phone's ballot until the
// owner says which stands; the zero Entry when there is none.
func (l Ledger) OpenConflict() Entry { return l.disputed }

// Unconfirmed is the paper that waits for its second check, at the seal one
// that takes no part and is listed; the zero Entry when there is none.
func (l Ledger) Unconfirmed() Entry { return l.waiting }

// OpenDispute is the co-owner's dispute that nobody has settled; the zero Entry
// when there is none.
func (l Ledger) OpenDispute() Entry {
	if l.current.Word == Dispute {
		return l.current
	}
	return Entry{}
}

// Settled reports whether co-owners have settled a dispute on this ballot: it
// then stands, and only another settlement takes its place.
func (l Ledger) Settled() bool { return l.settled }

// Replay gives the final state of all versions of one ballot, in whatever order
// they are handed over.
func Replay(entries []Entry) Ledger {
	ordered := slices.SortedStableFunc(slices.Values(entries), func(a, b Entry) int {
		return cmp.Compare(a.Version, b.Version)
	})
	var l Ledger
	for _, e := range ordered {
		l.Apply(e)
	}
	return l
}

// Apply takes the next version and says how it stands; for a confirmation, how
// the confirmed version stands now. What confirms nothing that waits for it, or
// comes while co-owners are in dispute or after they settled, is Rejected and
// changes nothing. A retraction that takes effect is Counted.
//
// Choice: the phone has an instant and its owner's log-in, a clerk can date a
// paper; so a paper never displaces a ballot from the phone by itself, while
// the phone always displaces a paper and settles an open conflict. Of two papers
// the later takes the earlier one's place, one that waits for its check too.
func (l *Ledger) Apply(e Entry) Standing {
	if e.Word == Retract {
		return l.retract(e)
	}
	l.heard = append(slices.Clip(l.heard), e)
	return l.hear(e)
}

func (l *Ledger) hear(e Entry) Standing {
	switch {
	case e.Word == Dispute:
		return l.contest(e)
	case e.Word == Withdraw:
		return l.withdraw(e)
	case e.Word == Settle:
		return l.settle(e)
	case e.Word == Keep:
		return l.keep(e)
	case e.Confirms > 0:
		return l.confirm(e)
	case l.closed():
		return Rejected
	case e.Phone:
		l.disputed = Entry{}
		return l.take(e)
	case e.Double:
		return l.wait(e)
	}
	l.waiting = Entry{}
	return l.judge(e)
}

// retract leaves the ledger as if a paper, and every word on it, had never
// come: what it displaced stands again, and with nothing before it nothing
// does.
//
// Choice: a paper entered for the wrong voter is no vote of theirs, not even an
// invalid one; so it is taken back and not replaced.
func (l *Ledger) retract(e Entry) Standing {
	if !l.Retractable(e.Confirms) {
		return Rejected
	}
	var without Ledger
	for _, h := range l.heard {
		if h.Version != e.Confirms && h.Confirms != e.Confirms {
			without.Apply(h)
		}
	}
	*l = without
	return Counted
}

// Retractable reports whether a version is a paper that stands, differs from
// the phone's or waits for its check, and so can be taken back. One that its
// owner took for theirs is their own, and what co-owners dispute or settled is
// theirs to end.
func (l *Ledger) Retractable(version int) bool {
	if version == 0 || l.closed() {
		return false
	}
	for _, h := range l.heard {
		own := h.Version == version && (h.Phone || h.Confirms > 0 || h.Word != Ballot)
		if own || h.Confirms == version && h.ByOwner && h.Word == Ballot {
			return false
		}
	}
	return version == l.current.Version || version == l.disputed.Version || version == l.waiting.Version
}

// wait keeps a paper for its second check. One that differs from the phone's
// ballot is a conflict at once: its owner is asked before the check, and their
// word is worth one.
func (l *Ledger) wait(paper Entry) Standing {
	if l.disputed.Version == l.waiting.Version {
		l.disputed = Entry{}
	}
	l.waiting = paper
	if !l.current.Phone || paper.Choice == Invalid || paper.Choice == l.current.Choice {
		return Unconfirmed
	}
	l.disputed = paper
	return Conflict
}

// ask ends the conflict that waited for its owner, checked or not, and hands
// over the paper.
func (l *Ledger) ask() (paper Entry) {
	paper = l.disputed
	if l.waiting.Version == paper.Version {
		l.waiting = Entry{}
	}
	l.disputed = Entry{}
	return paper
}

// closed says that co-owners must end, or have ended, their dispute first.
func (l *Ledger) closed() bool { return l.settled || l.current.Word == Dispute }

// contest takes the ballot that stands out of the count: there must be one, and
// it must not be settled.
func (l *Ledger) contest(e Entry) Standing {
	if l.closed() || l.current.Version == 0 || l.current.Choice == Invalid {
		return Rejected
	}
	l.before, l.current = l.current, e
	return Conflict
}

func (l *Ledger) withdraw(e Entry) Standing {
	if l.current.Word != Dispute || e.Confirms != l.current.Version {
		return Rejected
	}
	l.current, l.before = l.before, Entry{}
	if l.waiting.Word == Settle {
		l.waiting = Entry{}
	}
	return Counted
}

// keep ends a conflict for the phone's ballot.
func (l *Ledger) keep(e Entry) Standing {
	if l.disputed.Version == 0 || e.Confirms != l.disputed.Version || l.closed() {
		return Rejected
	}
	l.ask()
	return Counted
}

// settle is the co-owners' own end of a dispute, on paper; a later one corrects
// an earlier one.
func (l *Ledger) settle(e Entry) Standing {
	open := l.current.Word == Dispute && e.Confirms == l.current.Version
	again := l.settled && e.Confirms == l.current.Confirms
	if !open && !again || e.Choice == Invalid {
		return Rejected
	}
	if e.Double {
		l.waiting = e
		return Unconfirmed
	}
	return l.end(e)
}

func (l *Ledger) end(e Entry) Standing {
	l.waiting, l.disputed, l.before, l.settled = Entry{}, Entry{}, Entry{}, true
	return l.take(e)
}

func (l *Ledger) confirm(e Entry) Standing {
	switch {
	case !e.ByOwner && e.Confirms == l.waiting.Version && l.waiting.Word == Settle:
		return l.end(l.waiting)
	case l.closed():
		return Rejected
	case e.ByOwner && e.Confirms == l.disputed.Version:
		return l.take(l.ask())
	case !e.ByOwner && e.Confirms == l.waiting.Version:
		paper := l.waiting
		l.waiting = Entry{}
		return l.judge(paper)
	}
	return Rejected
}

// judge weighs a paper against what stands. It replaces every earlier paper,
// one in conflict too; the ballot from a phone it does not.
func (l *Ledger) judge(paper Entry) Standing {
	l.disputed = Entry{}
	switch {
	case !l.current.Phone:
		return l.take(paper)
	case paper.Choice == Invalid:
		return Rejected
	case paper.Choice != l.current.Choice:
		l.disputed = paper
		return Conflict
	}
	return Counted
}

func (l *Ledger) take(e Entry) Standing {
	l.current = e
	if e.Choice == Invalid {
		return Rejected
	}
	return Counted
}
