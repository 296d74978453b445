package voting_test

import (
	"strings"
	"testing"
	"time"

	"gongdi/model"
	"gongdi/model/rule/vote"
	"gongdi/service/evidence"
	"gongdi/service/fault"
	"gongdi/service/store"
	"gongdi/service/voting"
)

func TestTheLatestOfABallotsVersionsCountsAndAllAreKept(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(2)...), wishes)
		var last voting.Cast
		for i, choice := range []vote.Choice{vote.Agree, vote.Oppose, vote.Abstain, vote.Agree} {
			o.clock.set(b.m.OpensAt.Add(time.Duration(i)*time.Second + 999*time.Microsecond))
			v := b.ballot("1-1-1", choice)
			v.Items, v.Comment = []string{"pipes", "lift"}, "希望尽快"
			var err error
			last, err = b.try(b.e.of("1-1-1"), v)
			o.must(err)
		}
		versions := b.versions("1-1-1")
		if len(versions) != 4 || versions[1].Choice != vote.Oppose || versions[3].Version != 4 || versions[3].Standing != vote.Counted {
			t.Fatalf("%d versions", len(versions))
		}
		kept := versions[3]
		if !kept.CastAt.Equal(b.m.OpensAt.Add(3*time.Second)) || kept.ResidentID != b.e.of("1-1-1").ID || kept.Relation != model.RelationOwner {
			t.Errorf("kept as %+v", kept)
		}
		if kept.Comment == "" || strings.Contains(kept.Comment, "希望") {
			t.Errorf("the comment is kept as %q", kept.Comment)
		}
		if text, err := o.Vault.Reveal("ballot.comment", kept.Comment); err != nil || text != "希望尽快" {
			t.Errorf("it says %q (%v)", text, err)
		}
		if err := last.Receipt.Verify(o.Key.Public()); err != nil || last.Receipt.Digest != kept.Digest || last.Receipt.Version != 4 || last.Receipt.Area != 8000 {
			t.Errorf("the receipt is %+v (%v)", last.Receipt, err)
		}
		if got := evidence.CommentDigest("希望尽快", kept.Salt); got != kept.CommentDigest {
			t.Error("the comment's digest is another one")
		}
		if v := b.voter("1-1-1"); v.Choice != vote.Agree || v.Version != 4 || v.CurrentVersion != 4 || b.voter("1-1-2").Version != 0 {
			t.Errorf("the roll says %+v", v)
		}
	})
}

func TestTheSameBallotAgainIsTheSameBallot(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(home{at: "1-1-1", owners: []string{"甲", "乙"}}), wishes)
		v := b.ballot("1-1-1", vote.Agree)
		v.Items, v.Comment = []string{"lift"}, "好"
		who := b.e.person("甲")
		first, err := b.try(who, v)
		o.must(err)
		o.clock.set(b.m.OpensAt.Add(time.Hour))
		again, err := b.try(who, v)
		o.must(err)
		if again.Receipt.Digest != first.Receipt.Digest || !again.CastAt.Equal(first.CastAt) || len(b.versions("1-1-1")) != 1 {
			t.Errorf("again %+v, first %+v", again, first)
		}
		for i, change := range []func(){
			func() { v.Comment = "很好" }, func() { v.Comment = "" }, func() { v.Items = nil },
			func() { v.Choice = vote.Oppose }, func() { who = b.e.person("乙") },
		} {
			change()
			if _, err := b.try(who, v); err != nil || len(b.versions("1-1-1")) != i+2 {
				t.Errorf("change %d: %d versions (%v)", i, len(b.versions("1-1-1")), err)
			}
		}
	})
}

func TestAFaultyBallotNamesThePlace(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(1)...), wishes)
		for _, items := range [][]string{{"lift", "roof"}, {"lift", "lift"}} {
			v := b.ballot("1-1-1", vote.Agree)
			v.Items = items
			_, err := b.try(b.e.of("1-1-1"), v)
			o.refuses(err, fault.ErrInvalid, "body.items[1]")
		}
		for _, v := range []voting.Vote{
			{MotionID: store.NewID(), VoterID: b.voters["1-1-1"], Choice: vote.Agree}, {MotionID: b.m.ID, VoterID: store.NewID(), Choice: vote.Agree},
		} {
			_, err := b.try(b.e.of("1-1-1"), v)
			o.refuses(err, fault.ErrNotFound, "")
			_, err = o.Cast(o.ctx, b.e.of("1-1-1"), voting.Entitlement{Relation: model.RelationOwner}, v)
			o.refuses(err, fault.ErrNotFound, "")
		}
		if n := o.number("SELECT COUNT(*) FROM ballots"); n != 0 {
			t.Errorf("%d ballots", n)
		}
	})
}

func TestOneOwnerOfSeveralHomesIsOneVoterWithAllTheirArea(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(home{at: "1-1-1", owners: []string{"甲"}}, home{at: "2-1-1", owners: []string{"甲"}}, home{at: "1-1-2"}), plainly)
		mine, err := o.MineIn(o.ctx, b.e.person("甲"), []model.Motion{*b.m})
		o.must(err)
		if got := mine[b.m.ID]; len(got) != 1 || len(got[0].Properties) != 2 || got[0].Voter.Area != 16000 || got[0].Standing != nil {
			t.Fatalf("one's own voters are %+v", got)
		}
		c := b.cast("2-1-1", vote.Agree)
		if c.Receipt.Area != 16000 || c.Receipt.Heads != 1 {
			t.Errorf("the receipt says %d heads, %s", c.Receipt.Heads, c.Receipt.Area)
		}
		mine, err = o.MineIn(o.ctx, b.e.person("甲"), []model.Motion{*b.m})
		o.must(err)
		if got := mine[b.m.ID][0].Standing; got == nil || got.Choice != vote.Agree || got.Receipt.Digest != c.Receipt.Digest {
			t.Errorf("what stands is %+v", got)
		}
		if got := b.count().Totals; got.Agree != (vote.Count{Heads: 1, Area: 16000}) || got.Roll.Heads != 2 {
			t.Errorf("counted as %+v", got)
		}
	})
}

func TestAnyCoOwnerMayCastAndTheOthersAreTold(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(home{at: "1-1-1", owners: []string{"甲", "乙", "丙"}}))
		told := func(name string) int64 {
			return o.number("SELECT COUNT(*) FROM resident_tidings WHERE resident_id = ? AND about_id = ?", b.e.person(name).ID, b.m.ID)
		}
		_, err := b.try(b.e.person("甲"), b.ballot("1-1-1", vote.Agree))
		o.must(err)
		_, err = b.try(b.e.person("乙"), b.ballot("1-1-1", vote.Oppose))
		o.must(err)
		_, err = b.try(b.e.person("乙"), b.ballot("1-1-1", vote.Oppose)) // no news
		o.must(err)
		if v := b.voter("1-1-1"); v.Choice != vote.Oppose || v.Version != 2 {
			t.Errorf("the roll says %+v", v)
		}
		if a, b, c := told("甲"), told("乙"), told("丙"); a != 1 || b != 1 || c != 2 {
			t.Errorf("told %d, %d and %d times", a, b, c)
		}
	})
}

func TestWhoMayCastForAVoter(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		e := o.build(home{at: "1-1-1"}, home{at: "1-1-2"}, home{at: "1-1-3", owners: nobody})
		e.bind("tenant", "1-1-1", model.RelationTenant)
		e.bind("relative", "1-1-1", model.RelationFamily)
		e.bind("known to the community", "1-1-1", model.RelationOwner)
		e.bind("owner found later", "1-1-3", model.RelationOwner)
		e.bind("not yet verified", "1-1-1", model.RelationOwner)
		o.exec("UPDATE bindings SET status = 'pending' WHERE resident_id = ?", e.person("not yet verified").ID)
		owners, households := o.announce(e), o.announce(e, survey)
		e.sell("1-1-2", "buyer")
		for _, c := range []struct {
			name, at          string
			owners, household bool
		}{
			{"owner of 1-1-1", "1-1-1", true, true},
			{"owner of 1-1-2", "1-1-1", false, false},
			{"tenant", "1-1-1", false, true},
			{"relative", "1-1-1", false, true},
			{"tenant", "1-1-2", false, false},
			{"known to the community", "1-1-1", true, true},
			{"owner found later", "1-1-3", true, true},
			{"not yet verified", "1-1-1", false, false},
			{"stranger", "1-1-1", false, false},
			{"owner of 1-1-2", "1-1-2", true, true},
			{"buyer", "1-1-2", false, false},
		} {
			for b, may := range map[*meeting]bool{owners: c.owners, households: c.household} {
				_, err := o.MayCast(o.ctx, e.person(c.name), b.m.ID, b.voters[c.at])
				if (err == nil) != may {
					t.Errorf("%s of %s in a %s vote: %v", c.name, c.at, b.m.Kind, err)
				}
				if !may {
					o.refuses(err, voting.ErrNotYourBallot, "")
				}
				mine, err := o.MineIn(o.ctx, e.person(c.name), []model.Motion{*b.m})
				o.must(err)
				var listed bool
				for _, v := range mine[b.m.ID] {
					listed = listed || v.Voter.ID == b.voters[c.at]
				}
				if listed != may {
					t.Errorf("%s of %s in a %s vote is listed: %v", c.name, c.at, b.m.Kind, listed)
				}
			}
		}
		_, err := o.MayCast(o.ctx, e.of("1-1-1"), owners.m.ID, store.NewID())
		o.refuses(err, fault.ErrNotFound, "")
	})
}

func TestAnOwnersAnswerReplacesTheHouseholdsAndNotTheOtherWay(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		e := o.build(flats(3)...)
		for _, at := range []string{"1-1-1", "1-1-2", "1-1-3"} {
			e.bind("tenant of "+at, at, model.RelationTenant)
		}
		b := o.open(e, survey)
		tenant := func(at string, choice vote.Choice) error {
			_, err := b.try(e.person("tenant of "+at), b.ballot(at, choice))
			return err
		}
		o.must(tenant("1-1-1", vote.Oppose))
		o.must(tenant("1-1-1", vote.Abstain))
		if v := b.voter("1-1-1"); v.ByOwner || v.Choice != vote.Abstain {
			t.Errorf("before the owner %+v", v)
		}
		b.cast("1-1-1", vote.Agree)
		o.refuses(tenant("1-1-1", vote.Oppose), voting.ErrOwnerHasAnswered, "")
		o.refuses(tenant("1-1-1", vote.Agree), voting.ErrOwnerHasAnswered, "")
		if v := b.voter("1-1-1"); !v.ByOwner || v.Choice != vote.Agree || v.Version != 3 {
			t.Errorf("after the owner %+v", v)
		}
		b.enter("1-1-2", vote.Agree)
		o.refuses(tenant("1-1-2", vote.Oppose), voting.ErrOwnerHasAnswered, "")
		b.enter("1-1-3", vote.Invalid) // is no answer
		o.must(tenant("1-1-3", vote.Agree))
		if got := b.finish().Totals; got.Agree.Heads != 3 {
			t.Errorf("counted as %+v", got)
		}
	})
}

func TestATenantIsNotShownTheOwnersChoice(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		e := o.build(flats(1)...)
		tenant := e.bind("tenant", "1-1-1", model.RelationTenant)
		b := o.open(e, survey)
		standing := func(who model.Caller) *voting.Cast {
			mine, err := o.MineIn(o.ctx, who, []model.Motion{*b.m})
			o.must(err)
			return mine[b.m.ID][0].Standing
		}
		_, err := b.try(tenant, b.ballot("1-1-1", vote.Oppose))
		o.must(err)
		if standing(tenant) == nil || standing(e.of("1-1-1")) == nil {
			t.Error("a tenant's own answer is shown to both")
		}
		b.cast("1-1-1", vote.Agree)
		if standing(tenant) != nil || standing(e.of("1-1-1")) == nil {
			t.Error("the owner's answer is shown to the owner alone")
		}
	})
}

func TestResidentsSeeTheirOwnEstatesMotions(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b, other := o.open(o.build(flats(1)...)), o.build(flats(1)...)
		other.bind("tenant", "1-1-1", model.RelationTenant)
		b.e.bind("tenant", "1-1-1", model.RelationTenant)
		o.draft(b.e)
		list := func(who model.Caller, status model.Status) int64 {
			_, n, err := o.ForResident(o.ctx, who, voting.Page{Status: status, Limit: 10})
			o.must(err)
			return n
		}
		if list(b.e.of("1-1-1"), "") != 1 || list(b.e.of("1-1-1"), model.StatusOpen) != 1 || list(b.e.of("1-1-1"), model.StatusDraft) != 0 || list(other.of("1-1-1"), "") != 0 {
			t.Error("others' motions, or drafts, are listed")
		}
		_, err := o.Sees(o.ctx, other.of("1-1-1"), b.m.ID)
		o.refuses(err, fault.ErrNotFound, "")
		_, err = o.Sees(o.ctx, b.e.person("tenant"), b.m.ID)
		o.must(err)
		o.must(o.OnRoll(o.ctx, b.e.of("1-1-1"), b.m.ID))
		o.refuses(o.OnRoll(o.ctx, b.e.person("tenant"), b.m.ID), fault.ErrForbidden, "")
		o.refuses(o.OnRoll(o.ctx, other.of("1-1-1"), b.m.ID), fault.ErrNotFound, "")
	})
}
