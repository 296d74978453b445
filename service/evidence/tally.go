package evidence

import (
	"cmp"
	"slices"

	"gongdi/model"
	"gongdi/model/rule/vote"
)

// Tally is a counted vote. Invalid papers and silence take no part. Disputable
// is the part of Invalid that could be argued to take part.
type Tally struct {
	Roll          Count `json:"roll"`
	Participating Count `json:"participating"`
	Choices
	Disputable  Count          `json:"disputable"`
	ByReason    []ReasonTally  `json:"invalid_by_reason"`
	ByChannel   []ChannelTally `json:"by_channel"`
	Items       []ItemTally    `json:"items"`
	Conflicts   int64          `json:"open_conflicts"`     // papers that differ from the phone, never confirmed
	Unconfirmed int64          `json:"unconfirmed_papers"` // papers that nobody checked; they take no part
}

// Choices is who chose what.
type Choices struct {
	Agree   Count `json:"agree"`
	Oppose  Count `json:"oppose"`
	Abstain Count `json:"abstain"`
	Invalid Count `json:"invalid"`
}

// ReasonTally is the invalid papers of one reason.
type ReasonTally struct {
	Reason model.InvalidReason `json:"reason"`
	Count
}

// ChannelTally is what came in by one channel.
type ChannelTally struct {
	Channel vote.Channel `json:"channel"`
	Choices
}

// ItemTally is who of those taking part ticked one wished content.
type ItemTally struct {
	Code string `json:"code"`
	Count
}

// Result is the tally judged by the rule.
type Result struct {
	QuorumMet bool         `json:"quorum_met"`
	Approved  bool         `json:"approved"`
	Passed    bool         `json:"passed"`
	Outcome   vote.Outcome `json:"outcome"`
	Shortfall Shortfall    `json:"shortfall"`
}

// Shortfall is what is still missing, as vote.Shortfall has it.
type Shortfall struct {
	QuorumHeads   int64 `json:"quorum_heads"`
	QuorumArea    Area  `json:"quorum_area_m2"`
	ApprovalHeads int64 `json:"approval_heads"`
	ApprovalArea  Area  `json:"approval_area_m2"`
	ToPassHeads   int64 `json:"to_pass_heads"`
	ToPassArea    Area  `json:"to_pass_area_m2"`
	Reachable     bool  `json:"reachable"`
}

func resultOf(r vote.Result) Result {
	s := r.Shortfall
	return Result{
		QuorumMet: r.QuorumMet, Approved: r.Approved, Passed: r.Passed, Outcome: r.Outcome,
		Shortfall: Shortfall{
			QuorumHeads: s.QuorumHeads, QuorumArea: Area(s.QuorumArea),
			ApprovalHeads: s.ApprovalHeads, ApprovalArea: Area(s.ApprovalArea),
			ToPassHeads: s.ToPassHeads, ToPassArea: Area(s.ToPassArea), Reachable: s.Reachable,
		},
	}
}

// Totals is the tally as the rule takes it.
func (t Tally) Totals() vote.Totals {
	return vote.Totals{
		Roll: t.Roll.vote(), Agree: t.Agree.vote(), Oppose: t.Oppose.vote(),
		Abstain: t.Abstain.vote(), Invalid: t.Invalid.vote(), Disputable: t.Disputable.vote(),
	}
}

// Recount counts from the roll and the ballot versions: for each voter the
// ballot that stands after all versions, with the heads and the area of the
// roll. Versions of nobody on the roll do not count. Items are counted for
// ballots that take part.
func Recount(items []Item, roll []RollLine, lines []BallotLine) Tally {
	t := newTally(items)
	itemAt := make(map[string]int, len(items))
	for i, item := range items {
		itemAt[item.Code] = i
	}
	ballots := byVoter(lines)
	for _, voter := range roll {
		c := Count{Heads: voter.Heads, Area: voter.Area}
		t.Roll.add(c)
		ledger, current := settle(lines, ballots[voter.Ref])
		if ledger.OpenConflict().Version > 0 {
			t.Conflicts++
		}
		if ledger.Unconfirmed().Version > 0 {
			t.Unconfirmed++
		}
		if current == nil || !t.take(ledger.Current(), c) {
			continue
		}
		for _, code := range slices.Compact(slices.Sorted(slices.Values(current.Items))) {
			if i, ok := itemAt[code]; ok {
				t.Items[i].add(c)
			}
		}
	}
	return t
}

func newTally(items []Item) Tally {
	t := Tally{Items: []ItemTally{}}
	for _, reason := range model.Enterable {
		t.ByReason = append(t.ByReason, ReasonTally{Reason: reason})
	}
	for _, channel := range []vote.Channel{vote.Online, vote.Paper, vote.Proxy} {
		t.ByChannel = append(t.ByChannel, ChannelTally{Channel: channel})
	}
	for _, item := range items {
		t.Items = append(t.Items, ItemTally{Code: item.Code})
	}
	return t
}

// byVoter sorts out whose versions are where among the lines, each voter's in
// their order.
func byVoter(lines []BallotLine) map[string][]int {
	voters := make(map[string][]int, len(lines))
	for i := range lines {
		voters[lines[i].Ref] = append(voters[lines[i].Ref], i)
	}
	for _, versions := range voters {
		slices.SortStableFunc(versions, func(a, b int) int {
			return cmp.Compare(lines[a].Version.Version, lines[b].Version.Version)
		})
	}
	return voters
}

// settle gives what a voter's versions come to, and the line that stands.
func settle(lines []BallotLine, versions []int) (vote.Ledger, *BallotLine) {
	var ledger vote.Ledger
	for _, i := range versions {
		ledger.Apply(lines[i].Entry())
	}
	for _, i := range versions {
		if v := lines[i].Version.Version; v > 0 && v == ledger.Current().Version {
			return ledger, &lines[i]
		}
	}
	return ledger, nil
}

func (c *Count) add(o Count) {
	c.Heads += o.Heads
	c.Area += o.Area
}

func (c *Choices) add(choice vote.Choice, n Count) bool {
	switch choice {
	case vote.Agree:
		c.Agree.add(n)
	case vote.Oppose:
		c.Oppose.add(n)
	case vote.Abstain:
		c.Abstain.add(n)
	case vote.Invalid:
		c.Invalid.add(n)
	default:
		return false
	}
	return true
}

// take counts a ballot and says whether it takes part.
func (t *Tally) take(ballot vote.Entry, c Count) bool {
	if !t.add(ballot.Choice, c) {
		return false
	}
	for i := range t.ByChannel {
		if t.ByChannel[i].Channel == ballot.Channel {
			t.ByChannel[i].add(ballot.Choice, c)
		}
	}
	if ballot.Choice != vote.Invalid {
		t.Participating.add(c)
		return true
	}
	reason := model.InvalidReason(ballot.Reason)
	if reason == model.InvalidDisputed && t.ByReason[len(t.ByReason)-1].Reason != reason {
		t.ByReason = append(t.ByReason, ReasonTally{Reason: reason})
	}
	for i := range t.ByReason {
		if t.ByReason[i].Reason == reason {
			t.ByReason[i].add(c)
		}
	}
	if reason.Disputable() {
		t.Disputable.add(c)
	}
	return false
}
