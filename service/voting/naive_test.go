package voting_test

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/vote"
)

// What follows counts a vote a second time, from the law and the contract and
// from nothing that the service is made of.

// act is one thing that was taken for a voter.
type act struct {
	phone, word bool // else a paper; a word is a second person's on the last paper
	owner       bool
	agent       bool   // for the owner, under a grant
	past        bool   // and that grant has ended
	proxy       bool   // in the owner's place
	what        string // a co-owner's or the owner's word: dispute, withdraw, settle, keep, take
	choice      vote.Choice
	reason      model.InvalidReason
	typist      model.Caller // of a paper
}

// said is what a voter's acts come to.
type said struct {
	choice                vote.Choice
	reason                model.InvalidReason
	owner                 bool
	disputed, unconfirmed bool
	raised                bool // the paper that waits for its check is in dispute with the phone
	phone                 bool // a ballot from a phone stands, or is in dispute among co-owners
	agent                 bool // an agent's ballot stands
	proxy                 bool // a representative's stands
	contested, settled    bool // among co-owners
}

// comesTo: the last ballot from the phone, and without one the last paper that
// took effect, at once or with a second person's word.
func comesTo(acts []act, double bool) said {
	var marks []act
	var waiting *act
	var s said
	for _, a := range acts {
		switch {
		case a.what == "dispute":
			s.contested = true
		case a.what == "withdraw":
			s.contested = false
		case a.what == "settle":
			marks, waiting = []act{a}, nil
			s.contested, s.raised, s.settled = false, false, true
		case a.what == "keep" && s.raised:
			waiting, s.raised = nil, false
		case a.what == "keep":
			marks = upToThePhone(marks)
		case a.what == "take" && s.raised:
			marks, waiting, s.raised = []act{*waiting}, nil, false
		case a.what == "take":
			marks = marks[len(marks)-1:]
		case a.word:
			marks, waiting, s.raised = append(marks, *waiting), nil, false
		case a.phone || !double:
			marks, s.raised = append(marks, a), false
		default:
			waiting = &a
			phone := upToThePhone(marks)
			s.raised = len(phone) > 0 && a.choice != vote.Invalid && a.choice != phone[len(phone)-1].choice
			if s.raised { // it takes the place of a paper that was in dispute
				marks = phone
			}
		}
	}
	s.unconfirmed = waiting != nil
	if len(marks) == 0 {
		return s
	}
	stands, latest := marks[len(marks)-1], marks[len(marks)-1]
	for _, m := range slices.Backward(marks) {
		if m.phone {
			stands = m
			break
		}
	}
	s.choice, s.reason, s.owner, s.agent, s.proxy = stands.choice, stands.reason, stands.owner, stands.agent, stands.proxy
	s.phone = stands.phone
	s.disputed = s.raised || stands.phone && !latest.phone && latest.choice != vote.Invalid && latest.choice != stands.choice
	if s.contested {
		s.choice, s.reason, s.owner, s.agent = vote.Invalid, "disputed", true, false
		s.proxy = false
	}
	return s
}

// upToThePhone leaves out the papers since the last ballot from a phone, and
// everything where there is none.
func upToThePhone(marks []act) []act {
	for len(marks) > 0 && !marks[len(marks)-1].phone {
		marks = marks[:len(marks)-1]
	}
	return marks
}

// household is a voter as the law makes one: its homes and their area.
type household struct {
	homes []string
	area  quantity.Area
}

// households makes the voters of some homes by asking, for each pair, whether
// they are one's.
func households(homes []home, kind model.MotionKind, parking bool) []household {
	var out []household
	var owners []home
	for _, h := range homes {
		if h.use == model.UseParking && !parking {
			continue
		}
		i := slices.IndexFunc(owners, func(o home) bool { return kind != model.Willingness && oneOwner(o, h) })
		if i < 0 {
			i, out, owners = len(out), append(out, household{}), append(owners, h)
		}
		out[i].homes, out[i].area = append(out[i].homes, h.at), out[i].area+h.area
	}
	return out
}

func oneOwner(a, b home) bool {
	if a.tenure == model.TenureDeveloperUnsold || b.tenure == model.TenureDeveloperUnsold {
		return a.tenure == b.tenure
	}
	known := func(h home) bool {
		return len(h.owners) > 0 && !slices.ContainsFunc(h.owners, func(o string) bool { return strings.HasPrefix(o, "?") })
	}
	return known(a) && known(b) && fmt.Sprint(slices.Sorted(slices.Values(a.owners))) == fmt.Sprint(slices.Sorted(slices.Values(b.owners)))
}

// tallied sums what voters said.
func tallied(voters []household, words []said) vote.Totals {
	var t vote.Totals
	for i, v := range voters {
		c := vote.Count{Heads: 1, Area: v.area}
		t.Roll = t.Roll.Add(c)
		switch words[i].choice {
		case vote.Agree:
			t.Agree = t.Agree.Add(c)
		case vote.Oppose:
			t.Oppose = t.Oppose.Add(c)
		case vote.Abstain:
			t.Abstain = t.Abstain.Add(c)
		case vote.Invalid:
			t.Invalid = t.Invalid.Add(c)
			if words[i].reason == model.InvalidSpoiled || words[i].reason == "disputed" {
				t.Disputable = t.Disputable.Add(c)
			}
		}
	}
	return t
}

// outcome judges by the words of art. 278 in exact fractions; a survey by heads
// with the two thirds that it has unless it sets others.
func outcome(kind model.MotionKind, t vote.Totals) vote.Outcome {
	literal, argued := passes(kind, t, vote.Count{}), passes(kind, t, t.Disputable)
	switch {
	case literal != argued:
		return vote.Undetermined
	case literal:
		return vote.Passed
	}
	return vote.NotPassed
}

func passes(kind model.MotionKind, t vote.Totals, also vote.Count) bool {
	came := t.Agree.Add(t.Oppose).Add(t.Abstain).Add(also)
	heads := enough(kind, t.Agree.Heads, came.Heads, t.Roll.Heads)
	return heads && (kind == model.Willingness || enough(kind, int64(t.Agree.Area), int64(came.Area), int64(t.Roll.Area)))
}

func enough(kind model.MotionKind, agree, came, roll int64) bool {
	if agree == 0 || came == 0 {
		return false
	}
	quorum, approval := big.NewRat(came, roll).Cmp(big.NewRat(2, 3)), big.NewRat(agree, came)
	switch kind {
	case model.Special:
		return quorum >= 0 && approval.Cmp(big.NewRat(3, 4)) >= 0
	case model.Ordinary:
		return quorum >= 0 && approval.Cmp(big.NewRat(1, 2)) > 0
	default:
		return quorum >= 0 && approval.Cmp(big.NewRat(2, 3)) >= 0
	}
}
