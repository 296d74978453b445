package voting_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/vote"
	"gongdi/service/evidence"
	"gongdi/service/fault"
	"gongdi/service/store"
	"gongdi/service/voting"
)

// TestAnyHistoryIsCountedAsASecondCountComesTo runs longer with GONGDI_TEST_LONG.
func TestAnyHistoryIsCountedAsASecondCountComesTo(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		checks := 100
		if os.Getenv("GONGDI_TEST_LONG") != "" {
			checks = 2000
		}
		if strings.HasSuffix(t.Name(), "/mysql") {
			checks = checks * 2 / 5
		}
		if err := flag.Set("rapid.checks", strconv.Itoa(checks)); err != nil {
			t.Fatal(err)
		}
		took := map[string]int{}
		missing := effects
		for again := 0; len(missing) > 0 && again < 3; again++ { // a kind may be missed by bad luck
			rapid.Check(t, func(t *rapid.T) { tell(t, o.during(t), took) })
			missing = slices.DeleteFunc(slices.Clone(effects), func(effect string) bool { return took[effect] > 0 })
		}
		if len(missing) > 0 {
			t.Errorf("no history has %q", missing)
		}
		t.Log(took)
	})
}

// history is a vote under way, and beside it what was taken for each voter.
type history struct {
	*meeting
	t      *rapid.T
	homes  []home
	seats  []seat
	double bool
	last   int            // whose turn it was
	met    int            // agents, buyers and representatives so far
	took   map[string]int // how often what took effect, in all histories
}

// seat is a voter, with what was taken for it.
type seat struct {
	household
	acts             []act
	entered          model.Caller // who typed the paper that waits
	agent, principal model.Caller
	grant            string // of the agent
	only             bool   // for this motion alone
	by, disputer     string // who cast last on a phone, and whose dispute is open
	proxy            proxy
}

// proxy is who votes in an owner's place, by a tie to one home.
type proxy struct {
	model.Caller
	id, at string
	until  time.Time
}

// effects are what every run of a hundred of histories must have seen take effect.
var effects = []string{
	"phone", "paper", "second word", "grant", "agent", "revoke", "grant used", "correct area", "correct owners", "strike a ballot",
	"dispute", "withdraw", "settle", "shares", "take", "keep", "represent", "representative", "paper of a representative", "term over", "end",
	"retract", "retract a checked paper", "retract one in conflict",
}

func tell(t *rapid.T, o *office, took map[string]int) {
	o.clock.set(start)
	h := &history{t: t, homes: anyHomes(t), double: rapid.Bool().Draw(t, "double"), took: took}
	kind := rapid.SampledFrom([]model.MotionKind{model.Special, model.Ordinary, model.Willingness}).Draw(t, "kind")
	parking := rapid.Bool().Draw(t, "parking")
	for _, v := range households(h.homes, kind, parking) {
		h.seats = append(h.seats, seat{household: v})
	}
	if len(h.seats) == 0 {
		t.Skip("nobody votes")
	}
	h.meeting = o.open(o.build(h.homes...), wishes, func(d *voting.Draft) {
		d.Kind = kind
		if h.double {
			d.PaperCheck = model.PaperDouble
		}
		if rapid.Bool().Draw(t, "shown") {
			d.LiveTally = model.LiveFull
		}
		if parking {
			d.IncludeUses = []model.Use{model.UseParking}
		}
	})
	for _, home := range h.homes {
		h.e.bind("tenant of "+home.at, home.at, model.RelationTenant)
	}
	for range rapid.IntRange(0, 36).Draw(t, "steps") {
		h.step()
		h.clock.set(h.clock.Now().Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "ms")) * ms))
	}
	h.compare(h.count())
	h.clock.set(h.m.ClosesAt)
	for range rapid.IntRange(0, 6).Draw(t, "steps while counting") {
		rapid.SampledFrom([]func(){h.clerks, h.ownersWord, h.correction}).Draw(t, "who")()
	}
	h.compare(h.finish())
	h.sealed()
}

func (h *history) households() []household {
	out := make([]household, 0, len(h.seats))
	for _, s := range h.seats {
		out = append(out, s.household)
	}
	return out
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
	switch rapid.IntRange(0, 13).Draw(h.t, "who") {
	case 0, 1, 2:
		h.phone()
	case 3, 11:
		h.agent()
	case 4, 10, 12:
		h.coOwner()
	case 5:
		h.ownersWord()
	case 6:
		h.correction()
	case 7:
		h.revoke()
	case 8, 9:
		h.represented()
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
	principal, agent := h.e.person(h.homes[j].owners[0]), h.seats[i].agent
	if agent.ID == "" {
		h.met++
		agent = h.known(fmt.Sprintf("199%08d", h.met))
		offer := voting.Offer{VoterID: h.voters[at], Until: h.m.CountUntil}
		if h.seats[i].only = rapid.Bool().Draw(h.t, "for this motion"); h.seats[i].only {
			offer.MotionID = h.m.ID
		}
		g, err := h.Grant(h.ctx, principal, offer)
		h.must(err)
		_, err = h.Accept(h.ctx, agent, g.Token)
		h.must(err)
		h.seats[i].agent, h.seats[i].grant, h.seats[i].principal = agent, g.ID, principal
		h.took["grant"]++
	}
	choice, now := anyChoice.Draw(h.t, "choice"), comesTo(h.seats[i].acts, h.double)
	_, err := h.try(agent, h.ballot(at, choice))
	switch {
	case now.refusal() != nil:
		h.refuses(err, now.refusal(), "")
	case now.owner && !now.agent && now.choice != "" && now.choice != vote.Invalid:
		h.refuses(err, voting.ErrOwnerHasAnswered, "")
	default:
		h.must(err)
		h.acted("agent", i, act{phone: true, owner: true, agent: true, choice: choice})
		h.seats[i].by = agent.ID
		if rapid.Bool().Draw(h.t, "and revoked") {
			h.revoked(i, at)
		}
	}
}

func (h *history) acted(effect string, i int, a act) {
	h.took[effect]++
	h.seats[i].acts = append(h.seats[i].acts, a)
}

// revoke takes an agent's grant back; what was cast under it stands. One for
// this motion alone is the agent's once it was used.
func (h *history) revoke() {
	i, at := h.draw()
	if h.seats[i].grant != "" {
		h.revoked(i, at)
	}
}

func (h *history) revoked(i int, at string) {
	used := slices.ContainsFunc(h.seats[i].acts, func(a act) bool { return a.phone && a.agent && !a.past })
	who := h.seats[i].principal
	if h.seats[i].only && used {
		h.refuses(h.Revoke(h.ctx, who, h.seats[i].grant), voting.ErrGrantUsed, "")
		h.took["grant used"]++
		who = h.seats[i].agent // may lay it down all the same
	}
	asked, err := h.MayCast(h.ctx, h.seats[i].agent, h.m.ID, h.voters[at])
	h.must(err)
	h.must(h.Revoke(h.ctx, who, h.seats[i].grant))
	_, err = h.Cast(h.ctx, h.seats[i].agent, asked, h.ballot(at, vote.Agree)) // was on the way
	h.refuses(err, voting.ErrNotYourBallot, "")
	_, err = h.try(h.seats[i].agent, h.ballot(at, vote.Agree))
	h.refuses(err, voting.ErrNotYourBallot, "")
	h.took["revoke"]++
	h.seats[i].agent, h.seats[i].grant = model.Caller{}, ""
	h.seats[i].acts = forgotten(h.seats[i].acts)
}

// forgotten keeps what an ended grant's agent cast from counting as a use of
// the next grant.
func forgotten(acts []act) []act {
	for i := range acts {
		acts[i].past = acts[i].past || acts[i].phone && acts[i].agent
	}
	return acts
}

// represented has somebody vote in an owner's place, on the phone or a paper,
// until the term is over or the office ends it.
func (h *history) represented() {
	i, at := h.draw()
	p := &h.seats[i].proxy
	if p.id == "" {
		h.appoint(p, at)
	}
	switch {
	case !h.clock.Now().Before(p.until):
		h.dismissed(i, "term over")
	case rapid.Bool().Draw(h.t, "later") && rapid.Bool().Draw(h.t, "end"):
		h.exec("UPDATE bindings SET status = 'ended' WHERE representation_id = ?", p.id)
		h.dismissed(i, "end")
	case rapid.Bool().Draw(h.t, "on paper"):
		h.typed(i, p.at, "paper of a representative", func(paper *voting.Paper) { paper.RepresentationID = p.id })
	default:
		h.stands(i)
	}
}

func (h *history) appoint(p *proxy, at string) {
	h.met++
	*p = proxy{Caller: h.known(fmt.Sprintf("199%08d", h.met)), id: store.NewID(), at: at}
	p.until = h.clock.Now().Add(time.Duration(rapid.IntRange(1, 30).Draw(h.t, "term")) * ms)
	tie := h.e.binding(p.Caller, at, model.RelationOwner, "")
	tie.RepresentationID, tie.UntilAt = p.id, &p.until
	h.insert([]model.Representation{{
		ID: p.id, EstateID: h.e.id, AreaCode: communityCode, PropertyID: h.e.properties[at], Basis: model.BasisGuardian,
		Status: model.RepresentationActive, ResidentID: p.ID, UntilAt: &p.until, EnteredBy: clerk.ID, EnteredAt: start, DecidedBy: colleague.ID, DecidedAt: &start,
	}}, []model.Binding{tie})
	h.took["represent"]++
}

func (h *history) dismissed(i int, why string) {
	p := &h.seats[i].proxy
	_, err := h.try(p.Caller, h.ballot(p.at, vote.Agree))
	h.refuses(err, voting.ErrNotYourBallot, "")
	h.took[why]++
	*p = proxy{}
}

// stands has a representative cast as the owner may.
func (h *history) stands(i int) {
	p := h.seats[i].proxy
	choice, now := anyChoice.Draw(h.t, "choice"), comesTo(h.seats[i].acts, h.double)
	_, err := h.try(p.Caller, h.ballot(p.at, choice))
	if refusal := now.refusal(); refusal != nil {
		h.refuses(err, refusal, "")
		return
	}
	h.must(err)
	h.acted("representative", i, act{phone: true, owner: true, proxy: true, choice: choice})
	h.seats[i].by = p.ID
}

// correction mends the published roll: a home's area, or whose it is.
func (h *history) correction() {
	i, at := h.draw()
	j := slices.IndexFunc(h.homes, func(x home) bool { return x.at == at })
	if rapid.Bool().Draw(h.t, "owners") && h.homes[j].tenure == "" && len(h.homes[j].owners) > 0 {
		h.corrected(i, j, at)
		return
	}
	area := quantity.Area(rapid.SampledFrom([]int64{1, 7999, 8000, 8001, 20000}).Draw(h.t, "mended"))
	if area == h.homes[j].area {
		return
	}
	h.mend(at, area)
	h.correct(at)
	h.took["correct area"]++
	h.seats[i].area += area - h.homes[j].area
	h.homes[j].area = area
}

// corrected gives a home to wholly other owners: to a new voter, who has not
// been heard yet; who is left without a home is struck.
func (h *history) corrected(i, j int, at string) {
	h.met++
	buyer := fmt.Sprintf("buyer %d", h.met)
	h.e.sell(at, buyer)
	h.homes[j].owners = []string{buyer}
	h.correct(at)
	h.took["correct owners"]++
	h.seats = append(h.seats, seat{household: household{homes: []string{at}, area: h.homes[j].area}})
	left := &h.seats[i]
	if left.proxy.at == at { // as the registry does when owners go
		h.exec("UPDATE bindings SET status = 'ended' WHERE representation_id = ?", left.proxy.id)
		left.proxy = proxy{}
	}
	left.area -= h.homes[j].area
	left.homes = slices.DeleteFunc(slices.Clone(left.homes), func(x string) bool { return x == at })
	if len(left.homes) > 0 {
		return
	}
	if comesTo(left.acts, h.double).choice != "" {
		h.took["strike a ballot"]++
	}
	h.seats = slices.Delete(h.seats, i, i+1)
}

// coOwner disputes what stands, withdraws, or has it settled.
func (h *history) coOwner() {
	i, at := h.draw()
	j := slices.IndexFunc(h.homes, func(x home) bool { return x.at == at })
	if len(h.homes[j].owners) == 0 {
		return
	}
	if comesTo(h.seats[i].acts, h.double).choice == "" {
		h.typed(i, at, "paper", asIs)
		h.seconded(i, at)
	}
	h.disagrees(i, j, at)
	for comesTo(h.seats[i].acts, h.double).contested && rapid.IntRange(0, 3).Draw(h.t, "and then") < 3 {
		h.disagrees(i, j, at)
	}
}

func asIs(*voting.Paper) {}

func (h *history) disagrees(i, j int, at string) {
	who, now := h.e.person(rapid.SampledFrom(h.homes[j].owners).Draw(h.t, "owner")), comesTo(h.seats[i].acts, h.double)
	e, err := h.MayCast(h.ctx, who, h.m.ID, h.voters[at])
	h.must(err)
	if now.contested {
		if rapid.Bool().Draw(h.t, "settle") {
			h.settles(i, at)
			return
		}
		err := h.Withdraw(h.ctx, who, e, h.m.ID, h.voters[at])
		if h.seats[i].disputer != who.ID {
			h.refuses(err, voting.ErrDisputeEnded, "")
			return
		}
		h.must(err)
		h.acted("withdraw", i, act{what: "withdraw"})
		return
	}
	channel := h.voter(at).Channel
	_, err = h.Dispute(h.ctx, who, e, h.m.ID, h.voters[at], "没有商量过")
	switch {
	case now.settled:
		h.refuses(err, voting.ErrBallotSettled, "")
	case now.choice == "" || now.choice == vote.Invalid:
		h.refuses(err, voting.ErrNothingToDispute, "")
	case h.seats[i].by == who.ID && channel == vote.Online:
		h.refuses(err, voting.ErrOwnBallot, "")
	default:
		h.must(err)
		h.acted("dispute", i, act{what: "dispute"})
		h.seats[i].disputer = who.ID
	}
}

// settles records an agreement; where papers are checked twice, a colleague
// confirms it at once.
func (h *history) settles(i int, at string) {
	all, err := h.DisputesOf(h.ctx, h.m.ID)
	h.must(err)
	open := slices.IndexFunc(all, func(d voting.Disagreement) bool {
		return d.VoterID == h.voters[at] && d.Status == model.DisputeOpen
	})
	choice := anyChoice.Draw(h.t, "choice")
	agreement := h.agreed(&all[open].Dispute, choice)
	if rapid.Bool().Draw(h.t, "by shares") {
		agreement.By, agreement.Shares = model.ByShares, [2]int64{1, 2}
		_, err = h.SettleDispute(h.ctx, clerk, agreement)
		h.refuses(err, voting.ErrSharesTooFew, "")
		agreement.Shares = [2]int64{2, 3}
		h.took["shares"]++
	}
	_, err = h.SettleDispute(h.ctx, clerk, agreement)
	h.must(err)
	if h.double {
		_, err = h.Confirm(h.ctx, colleague, h.m.ID, h.voters[at])
		h.must(err)
	}
	h.acted("settle", i, act{what: "settle", owner: true, choice: choice})
}

// ownersWord ends a conflict, before two named people.
func (h *history) ownersWord() {
	i, at := h.draw()
	if now := comesTo(h.seats[i].acts, h.double); now.choice != "" && !now.disputed && rapid.IntRange(0, 3).Draw(h.t, "another paper") < 3 {
		h.typed(i, at, "paper", asIs)
		h.seconded(i, at)
	}
	which, now := rapid.SampledFrom([]voting.Which{voting.PaperStands, voting.PhoneStands}).Draw(h.t, "which"), comesTo(h.seats[i].acts, h.double)
	_, err := h.SettleInPerson(h.ctx, clerk, h.m.ID, h.voters[at], which, []string{"甲某", "乙某"})
	switch {
	case now.contested:
		h.refuses(err, voting.ErrBallotDisputed, "")
	case !now.disputed:
		h.refuses(err, voting.ErrNoConflict, "")
	case now.raised && h.seats[i].entered.ID == clerk.ID:
		h.refuses(err, voting.ErrOwnEntry, "")
	default:
		h.must(err)
		what := map[voting.Which]string{voting.PaperStands: "take", voting.PhoneStands: "keep"}[which]
		h.acted(what, i, act{what: what})
	}
}

func (h *history) clerks() {
	switch rapid.IntRange(0, 6).Draw(h.t, "work") {
	case 0, 1:
		h.retract()
	case 2, 3, 4:
		h.paper()
	default:
		if h.double {
			h.confirm()
			return
		}
		h.paper()
	}
}

// retract takes back the paper that came last, and with it what was said on it;
// nothing else has been said since, so that there is no doubt which it is.
func (h *history) retract() {
	i, at := h.draw()
	if rapid.IntRange(0, 2).Draw(h.t, "as it is") > 0 {
		h.typed(i, at, "paper", asIs)
		if h.double && rapid.Bool().Draw(h.t, "checked") {
			h.seconded(i, at)
		}
	}
	acts := h.seats[i].acts
	last, now := len(acts)-1, comesTo(acts, h.double)
	if last >= 0 && acts[last].word {
		last--
	}
	papers := last >= 0 && !acts[last].phone && !acts[last].word && acts[last].what == ""
	if !papers && now.refusal() == nil {
		return
	}
	who := rapid.SampledFrom([]model.Caller{clerk, colleague}).Draw(h.t, "clerk")
	_, err := h.Retract(h.ctx, who, h.m.ID, h.voters[at], "录错了户")
	switch {
	case now.refusal() != nil:
		h.refuses(err, now.refusal(), "")
	case now.phone && !now.disputed && !now.unconfirmed:
		h.refuses(err, voting.ErrNothingToRetract, "")
	case h.double && acts[last].typist.ID == who.ID:
		h.refuses(err, voting.ErrOwnEntry, "")
	default:
		h.must(err)
		h.took["retract"]++
		if last < len(acts)-1 {
			h.took["retract a checked paper"]++
		}
		if now.disputed {
			h.took["retract one in conflict"]++
		}
		h.seats[i].acts = acts[:last:last]
		h.seats[i].entered = typistOf(h.seats[i].acts)
	}
}

func typistOf(acts []act) model.Caller {
	for _, a := range slices.Backward(acts) {
		if a.typist.ID != "" {
			return a.typist
		}
	}
	return model.Caller{}
}

// draw finds whose turn it is: mostly theirs to whom something just happened,
// so that acts follow on acts.
func (h *history) draw() (int, string) {
	i := h.last
	if i >= len(h.seats) || rapid.IntRange(0, 3).Draw(h.t, "another") == 0 {
		i = rapid.IntRange(0, len(h.seats)-1).Draw(h.t, "voter")
	}
	h.last = i
	return i, rapid.SampledFrom(h.seats[i].homes).Draw(h.t, "home")
}

var anyChoice = rapid.SampledFrom([]vote.Choice{vote.Agree, vote.Agree, vote.Oppose, vote.Abstain})

func (h *history) phone() {
	i, at := h.draw()
	choice, now := anyChoice.Draw(h.t, "choice"), comesTo(h.seats[i].acts, h.double)
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
	h.acted("phone", i, act{phone: true, owner: !tenant, choice: choice})
	h.seats[i].by = who.ID
}

func (h *history) paper() {
	i, at := h.draw()
	h.typed(i, at, "paper", func(p *voting.Paper) {
		if rapid.Bool().Draw(h.t, "agent") {
			p.Channel, p.Proxy = vote.Proxy, agent("某")
		}
	})
}

// typed has a clerk enter a paper.
func (h *history) typed(i int, at, effect string, change func(*voting.Paper)) {
	p := h.meeting.paper(at, anyChoice.Draw(h.t, "choice"))
	change(&p)
	if rapid.IntRange(0, 3).Draw(h.t, "invalid") == 0 {
		invalid(rapid.SampledFrom(model.Enterable).Draw(h.t, "reason"))(&p)
	}
	p.Reason = "更正"
	who := rapid.SampledFrom([]model.Caller{clerk, colleague}).Draw(h.t, "clerk")
	before := h.voter(at).Version
	_, err := h.Enter(h.ctx, who, p)
	if refusal := comesTo(h.seats[i].acts, h.double).refusal(); refusal != nil {
		h.refuses(err, refusal, "")
		return
	}
	h.must(err)
	if h.voter(at).Version == before {
		return // the same paper once more
	}
	h.acted(effect, i, act{owner: true, agent: p.Channel == vote.Proxy, proxy: p.RepresentationID != "", choice: p.Choice, reason: p.InvalidReason, typist: who})
	h.seats[i].entered = who
}

// seconded has whoever did not enter it confirm what waits.
func (h *history) seconded(i int, at string) {
	if now := comesTo(h.seats[i].acts, h.double); !now.unconfirmed || now.contested {
		return
	}
	who := clerk
	if h.seats[i].entered.ID == clerk.ID {
		who = colleague
	}
	_, err := h.Confirm(h.ctx, who, h.m.ID, h.voters[at])
	h.must(err)
	h.acted("second word", i, act{word: true})
}

func (h *history) confirm() {
	i, at := h.draw()
	who := rapid.SampledFrom([]model.Caller{clerk, colleague}).Draw(h.t, "clerk")
	_, err := h.Confirm(h.ctx, who, h.m.ID, h.voters[at])
	var want *fault.Error
	switch {
	case !comesTo(h.seats[i].acts, h.double).unconfirmed:
		want = voting.ErrNothingWaiting
	case comesTo(h.seats[i].acts, h.double).contested:
		want = voting.ErrBallotDisputed
	case h.seats[i].entered.ID == who.ID:
		want = voting.ErrOwnEntry
	default:
		h.acted("second word", i, act{word: true})
	}
	if want == nil && err != nil || want != nil && !errors.Is(err, want) {
		h.t.Fatalf("confirming says %v, want %v", err, want)
	}
}

func (h *history) words() []said {
	words := make([]said, 0, len(h.seats))
	for _, s := range h.seats {
		words = append(words, comesTo(s.acts, h.double))
	}
	return words
}

// verified wants the bundle to be sound, with what the roll was before its
// corrections.
func (h *history) verified() {
	var zip bytes.Buffer
	h.must(h.Bundle(h.ctx, street, h.m.ID, "复核", &zip))
	report, err := evidence.Verify(bytes.NewReader(zip.Bytes()), int64(zip.Len()), h.Key.Public())
	h.must(err)
	if !report.Sound() {
		h.t.Fatalf("the bundle says %+v", report.Findings)
	}
	if c := report.Sealed.Corrected; c != nil && c.Published != h.m.RollDigest {
		h.t.Fatalf("%+v does not lead back to %s", c, h.m.RollDigest)
	}
}

func (h *history) compare(got *voting.Tally) {
	want := tallied(h.households(), h.words())
	if got.Totals != want {
		h.t.Fatalf("counted %+v, the second count %+v", got.Totals, want)
	}
	if o := outcome(h.m.Kind, want); got.Result.Outcome != o || got.Result.Passed != passes(h.m.Kind, want, vote.Count{}) {
		h.t.Fatalf("judged %+v, the second count %s", got.Result, o)
	}
	h.compareApart(got)
	for i, said := range h.words() {
		row := h.voter(h.seats[i].homes[0])
		if row.Choice != said.choice || row.InvalidReason != said.reason || row.OpenConflict > 0 != said.disputed || row.Unconfirmed > 0 != said.unconfirmed {
			h.t.Fatalf("the roll says %+v, the second count %+v", row, said)
		}
	}
}

// compareApart wants agents and representatives counted apart.
func (h *history) compareApart(got *voting.Tally) {
	var agents, proxies, gotAgents, gotProxies int64
	for _, said := range h.words() {
		if said.choice == "" || said.choice == vote.Invalid {
			continue
		}
		if said.agent {
			agents++
		}
		if said.proxy {
			proxies++
		}
	}
	for _, c := range got.Channels {
		if c.Channel == vote.Proxy {
			gotAgents += c.Totals.Participating().Heads
		}
	}
	for _, b := range got.Bases {
		gotProxies += b.Heads
	}
	if gotAgents != agents || got.Open && gotProxies != proxies {
		h.t.Fatalf("%d by agents, the second count %d; %d by representatives, %d", gotAgents, agents, gotProxies, proxies)
	}
}

// sealed wants the evidence from the rows alone to come to the same.
func (h *history) sealed() {
	words, again := h.words(), h.recompose()
	h.verified()
	if sealed := h.sealedResult(); sealed.Ballots != again.Ballots || sealed.Roll != again.Roll || sealed.Result != again.Result {
		h.t.Fatalf("sealed %+v\nagain %+v", sealed, again)
	}
	if again.Tally.Totals() != tallied(h.households(), words) || again.Result.Outcome != outcome(h.m.Kind, again.Tally.Totals()) {
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
