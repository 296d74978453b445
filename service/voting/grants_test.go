package voting_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"gongdi/model"
	"gongdi/model/rule/vote"
	"gongdi/service/fault"
	"gongdi/service/store"
	"gongdi/service/voting"
)

// known is a resident whose phone the platform vouched for, at home nowhere.
func (o *office) known(phone string) model.Caller {
	o.t.Helper()
	r := model.Resident{ID: store.NewID(), CreatedAt: start}
	if phone != "" {
		r.PhoneIndex = o.Vault.Index("resident.phone", phone)
	}
	o.insert([]model.Resident{r})
	return model.Caller{Kind: model.ResidentSession, ID: r.ID}
}

func (b *meeting) offer(at string, change ...func(*voting.Offer)) (voting.Granted, error) {
	b.t.Helper()
	o := voting.Offer{VoterID: b.voters[at], Until: b.m.CountUntil}
	for _, c := range change {
		c(&o)
	}
	return b.Grant(b.ctx, b.e.of(at), o)
}

// grantTo lets somebody cast for a home.
func (b *meeting) grantTo(agent model.Caller, at string, change ...func(*voting.Offer)) voting.Granted {
	b.t.Helper()
	g, err := b.offer(at, change...)
	b.must(err)
	_, err = b.Accept(b.ctx, agent, g.Token)
	b.must(err)
	return g
}

func TestAnAgentCastsForTheOwner(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(3)...))
		child := o.known("19900000001")
		_, err := b.MayCast(o.ctx, child, b.m.ID, b.voters["1-1-1"])
		o.refuses(err, voting.ErrNotYourBallot, "")
		b.grantTo(child, "1-1-1", func(f *voting.Offer) { f.AgentPhone = "199 0000 0001" })
		cast, err := b.try(child, b.ballot("1-1-1", vote.Agree))
		o.must(err)
		again, err := b.try(child, b.ballot("1-1-1", vote.Agree)) // tapped twice
		o.must(err)
		if cast.Receipt.Version != again.Receipt.Version {
			t.Error("a second tap is a second ballot")
		}
		_, err = b.try(child, b.ballot("1-1-1", vote.Oppose)) // thought better of it
		o.must(err)
		if v := b.voter("1-1-1"); v.Choice != vote.Oppose || v.Channel != vote.Proxy {
			t.Errorf("it counts as %s by %s", v.Choice, v.Channel)
		}
		if last := b.versions("1-1-1"); last[len(last)-1].Proof != model.ProofRosterPhone {
			t.Errorf("proven %s", last[len(last)-1].Proof)
		}
		if n := b.inbox(b.e.of("1-1-1"), "ballot_cast"); n != 2 {
			t.Errorf("the owner was told %d times", n)
		}
		mine, err := o.MineIn(o.ctx, child, []model.Motion{*b.m})
		o.must(err)
		if got := mine[b.m.ID]; len(got) != 1 || got[0].Voter.ID != b.voters["1-1-1"] || got[0].Standing == nil || len(got[0].Properties) != 1 {
			t.Errorf("the agent's voters are %+v", got)
		}
		if seen, total, err := o.ForResident(o.ctx, child, voting.Page{Limit: 10}); err != nil || total != 1 || len(seen) != 1 {
			t.Errorf("the agent sees %d motions: %v", total, err)
		}
		b.shall("1-1-1", vote.Agree, vote.Conflict, vote.Oppose) // as against any phone
		b.cast("1-1-1", vote.Agree)                              // the owner's own word
		_, err = b.try(child, b.ballot("1-1-1", vote.Oppose))
		o.refuses(err, voting.ErrOwnerHasAnswered, "")
		sealed := b.finish()
		if sealed.Totals.Agree.Heads != 1 {
			t.Errorf("sealed %+v", sealed.Totals)
		}
		b.bundle()
	})
}

func TestAGrantReachesWhatItSays(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		e := o.build(home{at: "1-1-1", owners: []string{"甲"}}, home{at: "1-1-2", owners: []string{"甲"}}, home{at: "1-1-3", owners: []string{"乙"}})
		b := o.open(e)
		later := o.announce(e)
		agent := o.known("19900000001")
		one := func(f *voting.Offer) { f.MotionID = b.m.ID }
		b.grantTo(agent, "1-1-1", one)
		allowed := func(m *meeting, at string) bool {
			_, err := m.MayCast(o.ctx, agent, m.m.ID, m.voters[at])
			return err == nil
		}
		if !allowed(b, "1-1-1") || !allowed(b, "1-1-2") || allowed(b, "1-1-3") || allowed(later, "1-1-1") {
			t.Error("a grant for one motion reaches another, or another's home")
		}
		_, err := later.offer("1-1-1", one)
		o.refuses(err, fault.ErrInvalid, "body.motion_id")
		later.grantTo(agent, "1-1-1", func(f *voting.Offer) { f.Until = o.clock.Now().Add(time.Hour) })
		if !allowed(later, "1-1-1") {
			t.Error("a grant for every motion does not reach one")
		}
		o.clock.set(o.clock.Now().Add(time.Hour))
		if allowed(later, "1-1-1") {
			t.Error("a grant outlasts its period")
		}
		o.exec("UPDATE bindings SET status = 'ended' WHERE resident_id = ?", e.people["甲"].ID)
		if allowed(b, "1-1-1") {
			t.Error("a grant outlasts its principal's own right")
		}
	})
}

func TestWhatAGrantRefuses(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		e := o.build(flats(2)...)
		tenant := e.bind("tenant", "1-1-1", model.RelationTenant)
		b := o.open(e)
		now := o.clock.Now()
		for _, c := range []struct {
			name     string
			who      model.Caller
			offer    voting.Offer
			want     *fault.Error
			location string
		}{
			{"an unknown voter", e.of("1-1-1"), voting.Offer{VoterID: "nobody", Until: now.Add(day)}, fault.ErrInvalid, "body.voter_id"},
			{"somebody else's", e.of("1-1-2"), voting.Offer{VoterID: b.voters["1-1-1"], Until: now.Add(day)}, voting.ErrNotYourBallot, ""},
			{"a tenant's", tenant, voting.Offer{VoterID: b.voters["1-1-1"], Until: now.Add(day)}, voting.ErrNotYourBallot, ""},
			{"until now", e.of("1-1-1"), voting.Offer{VoterID: b.voters["1-1-1"], Until: now}, voting.ErrGrantUntil, "body.until"},
			{"for ever", e.of("1-1-1"), voting.Offer{VoterID: b.voters["1-1-1"], Until: now.AddDate(4, 0, 0)}, voting.ErrGrantUntil, "body.until"},
			{"to no number", e.of("1-1-1"), voting.Offer{VoterID: b.voters["1-1-1"], AgentPhone: "12", Until: now.Add(day)}, fault.ErrInvalid, "body.agent_phone"},
		} {
			t.Run(c.name, func(t *testing.T) {
				_, err := o.Grant(o.ctx, c.who, c.offer)
				o.during(t).refuses(err, c.want, c.location)
			})
		}
		g, err := b.offer("1-1-1", func(f *voting.Offer) { f.AgentPhone = "19900000001" })
		o.must(err)
		_, err = o.Accept(o.ctx, o.known("19900000002"), g.Token)
		o.refuses(err, voting.ErrGrantForOther, "")
		_, err = o.Accept(o.ctx, o.known("19900000001"), "guess")
		o.refuses(err, fault.ErrNotFound, "")
		open, err := b.offer("1-1-1")
		o.must(err)
		_, err = o.Accept(o.ctx, o.known(""), open.Token)
		o.refuses(err, voting.ErrAgentNotVerified, "")
		o.insert([]model.Resident{{ID: e.of("1-1-1").ID, PhoneIndex: "x", CreatedAt: start}})
		_, err = o.Accept(o.ctx, e.of("1-1-1"), open.Token)
		o.refuses(err, voting.ErrOwnGrant, "")
		agent := o.known("19900000001")
		_, err = o.Accept(o.ctx, agent, open.Token)
		o.must(err)
		_, err = o.Accept(o.ctx, o.known("19900000003"), open.Token)
		o.refuses(err, voting.ErrGrantEnded, "")
		// An agent has no right to pass on.
		_, err = o.Grant(o.ctx, agent, voting.Offer{VoterID: b.voters["1-1-1"], Until: now.Add(day)})
		o.refuses(err, voting.ErrNotYourBallot, "")
	})
}

func TestThreePrincipalsAndNoFourth(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(5)...))
		agent := o.known("19900000001")
		tokens := make([]string, 0, 4)
		for _, at := range []string{"1-1-1", "1-1-2", "1-1-3", "1-1-4"} {
			g, err := b.offer(at)
			o.must(err)
			tokens = append(tokens, g.Token)
		}
		var accepting sync.WaitGroup
		var mu sync.Mutex
		accepted, refused := 0, 0
		for _, token := range tokens {
			accepting.Go(func() {
				_, err := o.Accept(o.ctx, agent, token)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					accepted++
				} else if errors.Is(err, voting.ErrTooManyPrincipals) {
					refused++
				}
			})
		}
		accepting.Wait()
		if accepted != 3 || refused != 1 {
			t.Errorf("%d were accepted, %d refused", accepted, refused)
		}
	})
}

func TestAGrantIsRevocableUntilItIsUsed(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(2)...))
		agent := o.known("19900000001")
		one := func(f *voting.Offer) { f.MotionID = b.m.ID }
		unused := b.grantTo(agent, "1-1-1", one)
		o.must(o.Revoke(o.ctx, b.e.of("1-1-1"), unused.ID))
		o.must(o.Revoke(o.ctx, b.e.of("1-1-1"), unused.ID))
		_, err := b.try(agent, b.ballot("1-1-1", vote.Agree))
		o.refuses(err, voting.ErrNotYourBallot, "")
		used := b.grantTo(agent, "1-1-1", one)
		_, err = b.try(agent, b.ballot("1-1-1", vote.Agree))
		o.must(err)
		o.refuses(o.Revoke(o.ctx, b.e.of("1-1-1"), used.ID), voting.ErrGrantUsed, "")
		o.must(o.Revoke(o.ctx, agent, used.ID)) // the agent may always step back
		if v := b.voter("1-1-1"); v.Choice != vote.Agree {
			t.Errorf("what was cast counts as %s", v.Choice)
		}
		o.refuses(o.HasGrant(o.ctx, b.e.of("1-1-2"), used.ID), fault.ErrNotFound, "")
	})
}

func TestAMotionMayDemandAProof(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		e := o.build(flats(3)...)
		for at, proof := range map[string]model.Proof{"1-1-1": model.ProofRosterPhone, "1-1-2": model.ProofDocument, "1-1-3": model.ProofInPerson} {
			o.exec("UPDATE bindings SET proof = ? WHERE property_id = ?", proof, e.properties[at])
		}
		b := o.announce(e, func(d *voting.Draft) { d.DemandProof = model.ProofDocument })
		o.clock.set(b.m.OpensAt)
		_, err := b.try(e.of("1-1-1"), b.ballot("1-1-1", vote.Agree))
		o.refuses(err, voting.ErrProofTooWeak, "")
		b.cast("1-1-2", vote.Agree)
		b.cast("1-1-3", vote.Agree)
		b.shall("1-1-1", vote.Agree, vote.Counted, vote.Agree) // a signed paper always may
	})
}

func TestWhoeverIsBarredCastsForNobodyFromThen(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(3)...), shown)
		agent := o.known("19900000031")
		until := b.m.CountUntil
		var held []model.Caller
		for _, at := range []string{"1-1-1", "1-1-2"} {
			g, err := o.Grant(o.ctx, b.e.of(at), voting.Offer{VoterID: b.voters[at], Until: until})
			o.must(err)
			_, err = o.Accept(o.ctx, agent, g.Token)
			o.must(err)
			held = append(held, b.e.of(at))
		}
		_, err := b.try(agent, b.ballot("1-1-1", vote.Agree))
		o.must(err)
		onTheWay, err := b.MayCast(o.ctx, agent, b.m.ID, b.voters["1-1-2"])
		o.must(err)
		_, err = o.Bar(o.ctx, clerk, "物业某", "19900000031", "property_company")
		o.must(err)
		_, err = b.Cast(o.ctx, agent, onTheWay, b.ballot("1-1-2", vote.Agree))
		o.refuses(err, voting.ErrNotYourBallot, "")
		_, err = b.try(agent, b.ballot("1-1-1", vote.Oppose)) // used, and ended all the same
		o.refuses(err, voting.ErrNotYourBallot, "")
		if v := b.voter("1-1-1"); v.Choice != vote.Agree {
			t.Errorf("what was cast stands: %s", v.Choice)
		}
		for _, who := range held {
			if n := b.inbox(who, "grant_ended"); n != 1 {
				t.Errorf("a principal was told %d times", n)
			}
		}
	})
}

func TestAnAgentWhoJoinsTheOfficeCastsNoMore(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(3)...), shown)
		agent := o.known("19900000032")
		g, err := o.Grant(o.ctx, b.e.of("1-1-1"), voting.Offer{VoterID: b.voters["1-1-1"], Until: b.m.CountUntil})
		o.must(err)
		_, err = o.Accept(o.ctx, agent, g.Token)
		o.must(err)
		staff := model.Staff{ID: store.NewID(), Username: "joined", Role: model.RoleCommunity, AreaCode: communityCode, PasswordAt: start, CreatedAt: start}
		o.insert(&staff)
		o.exec("INSERT INTO wechat_accounts (app_id, open_id, resident_id, created_at) VALUES (?, ?, ?, ?)", "app", "open", agent.ID, start)
		o.exec("INSERT INTO staff_wechat (app_id, open_id, staff_id, linked_at) VALUES (?, ?, ?, ?)", "app", "open", staff.ID, start)
		_, err = b.try(agent, b.ballot("1-1-1", vote.Agree))
		o.refuses(err, voting.ErrAgentBarred, "")
	})
}

// A principal who grants again is one principal still, on the phone and on paper.
func TestPrincipalsAreCountedAndNotTheirGrants(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(6)...), shown)
		o.known("19900000033")
		onPaper := func(at, motion string) error {
			g, err := o.EnterGrant(o.ctx, clerk, voting.PaperGrant{
				VoterID: b.voters[at], MotionID: motion, Principal: "某", Agent: "代某", AgentPhone: "19900000033", Scope: "表决",
				Until: b.m.CountUntil, Pictures: []string{o.scan(clerk)},
			})
			o.must(err)
			_, err = o.DecideGrant(o.ctx, colleague, g.ID, true, "")
			return err
		}
		for _, at := range []string{"1-1-1", "1-1-2", "1-1-3"} {
			o.must(onPaper(at, ""))
		}
		o.must(onPaper("1-1-3", b.m.ID))
		o.refuses(onPaper("1-1-4", ""), voting.ErrTooManyPrincipals, "")
	})
}
