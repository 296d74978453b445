package voting_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/vote"
	"gongdi/service/fault"
	"gongdi/service/store/dbtest"
	"gongdi/service/voting"
)

// TestAnyHistoryIsCountedAsASecondCountComesTo runs longer with GONGDI_TEST_LONG.
func TestAnyHistoryIsCountedAsASecondCountComesTo(t *testing.T) {
	if os.Getenv("GONGDI_TEST_LONG") != "" {
		if err := flag.Set("rapid.checks", "2000"); err != nil {
			t.Fatal(err)
		}
	}
	o := newOffice(t, dbtest.SQLite(t))
	rapid.Check(t, func(t *rapid.T) { tell(t, o.during(t)) })
}

// history is a vote under way, and beside it what was taken for each voter.
type history struct {
	*meeting
	t       *rapid.T
	homes   []home
	voters  []household
	acts    [][]act
	entered []model.Caller // who typed the paper that waits
	agents  []model.Caller
	// by is who cast last on a phone, disputer whose dispute is open.
	by, disputer []string
	double       bool
}

func tell(t *rapid.T, o *office) {
	o.clock.set(start)
	h := &history{t: t, homes: anyHomes(t), double: rapid.Bool().Draw(t, "double")}
	kind := rapid.SampledFrom([]model.MotionKind{model.Special, model.Ordinary, model.Willingness}).Draw(t, "kind")
	parking := rapid.Bool().Draw(t, "parking")
	h.voters = households(h.homes, kind, parking)
	if len(h.voters) == 0 {
		t.Skip("nobody votes")
	}
	h.acts, h.entered, h.agents = make([][]act, len(h.voters)), make([]model.Caller, len(h.voters)), make([]model.Caller, len(h.voters))
	h.by, h.disputer = make([]string, len(h.voters)), make([]string, len(h.voters))
	h.meeting = o.open(o.build(h.homes...), wishes, func(d *voting.Draft) {
		d.Kind = kind
		if h.double {
			d.PaperCheck = model.PaperDouble
		}
		if parking {
			d.IncludeUses = []model.Use{model.UseParking}
		}
	})
	for _, home := range h.homes {
		h.e.bind("tenant of "+home.at, home.at, model.RelationTenant)
	}
	for range rapid.IntRange(0, 24).Draw(t, "steps") {
		h.step()
		h.clock.set(h.clock.Now().Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "ms")) * ms))
	}
	h.compare(h.count())
	h.clock.set(h.m.ClosesAt)
	for range rapid.IntRange(0, 6).Draw(t, "steps while counting") {
		rapid.SampledFrom([]func(){h.clerks, h.ownersWord}).Draw(t, "who")()
	}
	h.compare(h.finish())
	h.sealed()
}

func anyHomes(t *rapid.T) []home {
	owners := rapid.SampledFrom([][]string{nil, nil, {"甲"}, {"甲", "乙"}, {"乙", "甲"}, {"?丁"}, nobody})
	homes := make([]home, 0, 9)
	for i := range rapid.IntRange(1, 9).Draw(t, "homes") {
		h := home{
			at: fmt.Sprintf("%d-%d-%d", i%3+1, i%2+1, i), owners: owners.Draw(t, "owners"),
			area: quantity.Area(rapid.SampledFrom([]int64{1, 7999, 8000, 8000, 8000, 8001, 20000}).Draw(t, "area")),
		}
		if rapid.IntRange(0, 7).Draw(t, "use") == 0 {
			h.use = model.UseParking
		}
		if rapid.IntRange(0, 5).Draw(t, "tenure") == 0 {
			h.tenure = model.TenureDeveloperUnsold
		}
		if h.owners == nil {
			h.owners = []string{"owner of " + h.at} // as the registry will have it
		}
		homes = append(homes, h)
	}
	return homes
}

func (h *history) step() {
	switch rapid.IntRange(0, 8).Draw(h.t, "who") {
	case 0, 1, 2:
		h.phone()
	case 3:
		h.agent()
	case 4:
		h.coOwner()
	case 5:
		h.ownersWord()
	default:
		h.clerks()
	}
}

// refusal is what anybody's ballot meets among co-owners in dispute.
func (s said) refusal() *fault.Error {
	switch {
	case s.contested:
		return voting.ErrBallotDisputed
	case s.settled:
		return voting.ErrBallotSettled
	}
	return nil
}

// agent casts for an owner, who grants it first: one agent a voter.
func (h *history) agent() {
	i, at := h.draw()
	j := slices.IndexFunc(h.homes, func(x home) bool { return x.at == at })
	if len(h.homes[j].owners) == 0 {
		return
	}
	principal, agent := h.e.person(h.homes[j].owners[0]), h.agents[i]
	if agent.ID == "" {
		agent = h.known(fmt.Sprintf("199%08d", i))
		g, err := h.Grant(h.ctx, principal, voting.Offer{VoterID: h.meeting.voters[at], Until: h.m.CountUntil})
		h.must(err)
		_, err = h.Accept(h.ctx, agent, g.Token)
		h.must(err)
		h.agents[i] = agent
	}
	choice, now := anyChoice.Draw(h.t, "choice"), comesTo(h.acts[i], h.double)
	_, err := h.try(agent, h.ballot(at, choice))
	switch {
	case now.refusal() != nil:
		h.refuses(err, now.refusal(), "")
	case now.owner && !now.agent && now.choice != "" && now.choice != vote.Invalid:
		h.refuses(err, voting.ErrOwnerHasAnswered, "")
	default:
		h.must(err)
		h.acts[i] = append(h.acts[i], act{phone: true, owner: true, agent: true, choice: choice})
		h.by[i] = agent.ID
	}
}

// coOwner disputes what stands, withdraws, or has it settled.
func (h *history) coOwner() {
	i, at := h.draw()
	j := slices.IndexFunc(h.homes, func(x home) bool { return x.at == at })
	if len(h.homes[j].owners) == 0 {
		return
	}
	who, now := h.e.person(rapid.SampledFrom(h.homes[j].owners).Draw(h.t, "owner")), comesTo(h.acts[i], h.double)
	e, err := h.MayCast(h.ctx, who, h.m.ID, h.meeting.voters[at])
	h.must(err)
	if now.contested {
		if rapid.Bool().Draw(h.t, "settle") {
			h.settles(i, at)
			return
		}
		err := h.Withdraw(h.ctx, who, e, h.m.ID, h.meeting.voters[at])
		if h.disputer[i] != who.ID {
			h.refuses(err, voting.ErrDisputeEnded, "")
			return
		}
		h.must(err)
		h.acts[i] = append(h.acts[i], act{what: "withdraw"})
		return
	}
	channel := h.voter(at).Channel
	_, err = h.Dispute(h.ctx, who, e, h.m.ID, h.meeting.voters[at], "没有商量过")
	switch {
	case now.settled:
		h.refuses(err, voting.ErrBallotSettled, "")
	case now.choice == "" || now.choice == vote.Invalid:
		h.refuses(err, voting.ErrNothingToDispute, "")
	case h.by[i] == who.ID && channel == vote.Online:
		h.refuses(err, voting.ErrOwnBallot, "")
	default:
		h.must(err)
		h.acts[i], h.disputer[i] = append(h.acts[i], act{what: "dispute"}), who.ID
	}
}

// settles records an agreement; where papers are checked twice, a colleague
// confirms it at once.
func (h *history) settles(i int, at string) {
	all, err := h.DisputesOf(h.ctx, h.m.ID)
	h.must(err)
	open := slices.IndexFunc(all, func(d voting.Disagreement) bool {
		return d.VoterID == h.meeting.voters[at] && d.Status == model.DisputeOpen
	})
	choice := anyChoice.Draw(h.t, "choice")
	_, err = h.SettleDispute(h.ctx, clerk, h.agreed(&all[open].Dispute, choice))
	h.must(err)
	if h.double {
		_, err = h.Confirm(h.ctx, colleague, h.m.ID, h.meeting.voters[at])
		h.must(err)
	}
	h.acts[i] = append(h.acts[i], act{what: "settle", owner: true, choice: choice})
}

// ownersWord ends a conflict, before two named people.
func (h *history) ownersWord() {
	i, at := h.draw()
	which, now := rapid.SampledFrom([]voting.Which{voting.PaperStands, voting.PhoneStands}).Draw(h.t, "which"), comesTo(h.acts[i], h.double)
	_, err := h.SettleInPerson(h.ctx, clerk, h.m.ID, h.meeting.voters[at], which, []string{"甲某", "乙某"})
	switch {
	case now.contested:
		h.refuses(err, voting.ErrBallotDisputed, "")
	case !now.disputed:
		h.refuses(err, voting.ErrNoConflict, "")
	default:
		h.must(err)
		h.acts[i] = append(h.acts[i], act{what: map[voting.Which]string{voting.PaperStands: "take", voting.PhoneStands: "keep"}[which]})
	}
}

func (h *history) clerks() {
	if h.double && rapid.Bool().Draw(h.t, "second look") {
		h.confirm()
		return
	}
	h.paper()
}

func (h *history) draw() (int, string) {
	i := rapid.IntRange(0, len(h.voters)-1).Draw(h.t, "voter")
	return i, rapid.SampledFrom(h.voters[i].homes).Draw(h.t, "home")
}

var anyChoice = rapid.SampledFrom([]vote.Choice{vote.Agree, vote.Agree, vote.Oppose, vote.Abstain})

func (h *history) phone() {
	i, at := h.draw()
	choice, now := anyChoice.Draw(h.t, "choice"), comesTo(h.acts[i], h.double)
	tenant := h.m.Kind == model.Willingness && rapid.Bool().Draw(h.t, "tenant")
	who := h.e.person("tenant of " + at)
	if !tenant {
		j := slices.IndexFunc(h.homes, func(x home) bool { return x.at == at })
		if len(h.homes[j].owners) == 0 {
			return
		}
		who = h.e.person(rapid.SampledFrom(h.homes[j].owners).Draw(h.t, "owner"))
	}
	_, err := h.try(who, h.ballot(at, choice))
	if refusal := now.refusal(); refusal != nil {
		h.refuses(err, refusal, "")
		return
	}
	if tenant && now.owner && now.choice != "" && now.choice != vote.Invalid {
		h.refuses(err, voting.ErrOwnerHasAnswered, "")
		return
	}
	h.must(err)
	h.acts[i], h.by[i] = append(h.acts[i], act{phone: true, owner: !tenant, choice: choice}), who.ID
}

func (h *history) paper() {
	i, at := h.draw()
	p := h.meeting.paper(at, anyChoice.Draw(h.t, "choice"))
	if rapid.IntRange(0, 3).Draw(h.t, "invalid") == 0 {
		invalid(rapid.SampledFrom(model.Enterable).Draw(h.t, "reason"))(&p)
	}
	if rapid.Bool().Draw(h.t, "agent") {
		p.Channel, p.Proxy = vote.Proxy, agent("某")
	}
	p.Reason = "更正"
	who := rapid.SampledFrom([]model.Caller{clerk, colleague}).Draw(h.t, "clerk")
	before := h.voter(at).Version
	_, err := h.Enter(h.ctx, who, p)
	if refusal := comesTo(h.acts[i], h.double).refusal(); refusal != nil {
		h.refuses(err, refusal, "")
		return
	}
	h.must(err)
	if h.voter(at).Version == before {
		return // the same paper once more
	}
	h.acts[i] = append(h.acts[i], act{owner: true, agent: p.Channel == vote.Proxy, choice: p.Choice, reason: p.InvalidReason})
	h.entered[i] = who
}

func (h *history) confirm() {
	i, at := h.draw()
	who := rapid.SampledFrom([]model.Caller{clerk, colleague}).Draw(h.t, "clerk")
	_, err := h.Confirm(h.ctx, who, h.m.ID, h.meeting.voters[at])
	var want *fault.Error
	switch {
	case !comesTo(h.acts[i], h.double).unconfirmed:
		want = voting.ErrNothingWaiting
	case comesTo(h.acts[i], h.double).contested:
		want = voting.ErrBallotDisputed
	case h.entered[i].ID == who.ID:
		want = voting.ErrOwnEntry
	default:
		h.acts[i] = append(h.acts[i], act{word: true})
	}
	if want == nil && err != nil || want != nil && !errors.Is(err, want) {
		h.t.Fatalf("confirming says %v, want %v", err, want)
	}
}

func (h *history) words() []said {
	words := make([]said, 0, len(h.acts))
	for _, acts := range h.acts {
		words = append(words, comesTo(acts, h.double))
	}
	return words
}

func (h *history) compare(got *voting.Tally) {
	want := tallied(h.voters, h.words())
	if got.Totals != want {
		h.t.Fatalf("counted %+v, the second count %+v", got.Totals, want)
	}
	if o := outcome(h.m.Kind, want); got.Result.Outcome != o || got.Result.Passed != passes(h.m.Kind, want, vote.Count{}) {
		h.t.Fatalf("judged %+v, the second count %s", got.Result, o)
	}
	for i, said := range h.words() {
		row := h.voter(h.voters[i].homes[0])
		if row.Choice != said.choice || row.InvalidReason != said.reason || row.OpenConflict > 0 != said.disputed || row.Unconfirmed > 0 != said.unconfirmed {
			h.t.Fatalf("the roll says %+v, the second count %+v", row, said)
		}
	}
}

// sealed wants the evidence from the rows alone to come to the same.
func (h *history) sealed() {
	words, again := h.words(), h.recompose()
	if sealed := h.sealedResult(); sealed.Ballots != again.Ballots || sealed.Roll != again.Roll || sealed.Result != again.Result {
		h.t.Fatalf("sealed %+v\nagain %+v", sealed, again)
	}
	if again.Tally.Totals() != tallied(h.voters, words) || again.Result.Outcome != outcome(h.m.Kind, again.Tally.Totals()) {
		h.t.Fatalf("the evidence comes to %+v", again.Tally)
	}
	var disputed, unconfirmed int64
	for _, w := range words {
		if w.disputed {
			disputed++
		}
		if w.unconfirmed {
			unconfirmed++
		}
	}
	if again.Tally.Conflicts != disputed || again.Tally.Unconfirmed != unconfirmed {
		h.t.Fatalf("%d conflicts of %d, %d unconfirmed of %d", again.Tally.Conflicts, disputed, again.Tally.Unconfirmed, unconfirmed)
	}
}
