package voting_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"gongdi/model"
	"gongdi/model/rule/vote"
	"gongdi/service/fault"
	"gongdi/service/store"
	"gongdi/service/voting"
)

func TestAFaultyDraftNamesThePlace(t *testing.T) {
	third := &vote.Fraction{Num: 1, Den: 3}
	cases := []struct {
		name, location string
		change         func(d *voting.Draft)
	}{
		{"a scope that is not there", "body.scope.id", func(d *voting.Draft) { d.ScopeID = store.NewID() }},
		{"an estate's id as a building's", "body.scope.id", func(d *voting.Draft) { d.ScopeType = model.ScopeBuilding }},
		{"a scope of no known type", "body.scope.type", func(d *voting.Draft) { d.ScopeType = "street" }},
		{"it closes when it opens", "body.closes_at", func(d *voting.Draft) { d.ClosesAt = d.OpensAt }},
		{"it closes before it opens", "body.closes_at", func(d *voting.Draft) { d.ClosesAt = d.OpensAt.Add(-ms) }},
		{"no opening", "body.opens_at", func(d *voting.Draft) { d.OpensAt = time.Time{} }},
		{"a slip in the year of the close", "body.closes_at", func(d *voting.Draft) { d.ClosesAt = d.ClosesAt.AddDate(200, 0, 0) }},
		{"a slip in the year of counting", "body.count_until", func(d *voting.Draft) { d.CountUntil = new(d.ClosesAt.AddDate(200, 0, 0)) }},
		{"counting ends before the close", "body.count_until", func(d *voting.Draft) { d.CountUntil = new(d.ClosesAt.Add(-ms)) }},
		{"no such subject", "body.subject", func(d *voting.Draft) { d.Subject = "weather" }},
		{"a lift by the ordinary majority", "body.subject", func(d *voting.Draft) { d.Kind, d.Subject = model.Ordinary, "lift" }},
		{"use of funds by the special majority", "body.subject", func(d *voting.Draft) { d.Subject = "fund_use" }},
		{"an item twice", "body.items[1].code", func(d *voting.Draft) { d.Items = []model.Item{{Code: "a"}, {Code: "a"}} }},
		{"no such use", "body.include_uses[1]", func(d *voting.Draft) { d.IncludeUses = []model.Use{model.UseParking, "garden"} }},
		{"a use twice", "body.include_uses[1]", func(d *voting.Draft) { d.IncludeUses = []model.Use{model.UseParking, model.UseParking} }},
		{"a quorum other than the law's", "body.quorum", func(d *voting.Draft) { d.Quorum = third }},
		{"an approval other than the law's", "body.quorum", func(d *voting.Draft) { d.Approval = third }},
		{"a base other than the law's", "body.quorum", func(d *voting.Draft) { d.AgreeBase = vote.Roll }},
		{"more than all", "body.approval", func(d *voting.Draft) { survey(d); d.Approval = &vote.Fraction{Num: 3, Den: 2} }},
		{"a quorum of nobody", "body.approval", func(d *voting.Draft) { survey(d); d.Quorum = &vote.Fraction{Num: 0, Den: 2} }},
		{"no such base", "body.approval", func(d *voting.Draft) { survey(d); d.AgreeBase = "street" }},
	}
	each(t, func(t *testing.T, o *office) {
		e := o.build(flats(1)...)
		sound := o.draft(e)
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				o := o.during(t)
				d := o.proposal(e)
				c.change(&d)
				_, err := o.Write(o.ctx, clerk, d)
				o.refuses(err, fault.ErrInvalid, c.location)
				_, err = o.Rewrite(o.ctx, clerk, sound.ID, d)
				o.refuses(err, fault.ErrInvalid, c.location)
			})
		}
		_, err := o.Write(o.ctx, neighbour, o.proposal(e))
		o.refuses(err, fault.ErrInvalid, "body.scope.id")
		if n := o.number("SELECT COUNT(*) FROM motions"); n != 1 {
			t.Errorf("%d motions", n)
		}
	})
}

func TestWhatADraftLeavesOutIsSet(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		e := o.build(flats(1)...)
		unsaid := func(d *voting.Draft) { d.PaperCheck = "" }
		m := o.draft(e, unsaid)
		if m.LiveTally != model.LiveParticipation || m.PaperCheck != model.PaperDouble || m.Subject != "other" ||
			m.Convener != "测试社区居民委员会" || !m.CountUntil.Equal(m.ClosesAt.Add(3*day)) || m.AreaCode != communityCode {
			t.Errorf("got %+v", m)
		}
		if m := o.draft(e, survey, unsaid); m.PaperCheck != model.PaperSingle {
			t.Errorf("papers of a survey are checked %s", m.PaperCheck)
		}
		if rule := o.draft(e, survey).Rule(); rule != vote.DefaultWillingness {
			t.Errorf("a survey is decided by %+v", rule)
		}
		own := o.draft(e, survey, func(d *voting.Draft) {
			d.Quorum, d.Approval, d.AgreeBase = &vote.Fraction{Num: 1, Den: 2}, &vote.Fraction{Num: 4, Den: 5, Strict: true}, vote.Roll
			d.Convener, d.CountUntil = "筹备组", new(d.ClosesAt)
		})
		if rule := own.Rule(); rule.Quorum.Den != 2 || rule.Approval.Den != 5 || rule.Base != vote.Roll {
			t.Errorf("its own ratios: %+v", rule)
		}
		if own.Convener != "筹备组" || !own.CountUntil.Equal(own.ClosesAt) {
			t.Errorf("convener %s, counting until %v", own.Convener, own.CountUntil)
		}
	})
}

func TestTheScopeIsNamedDownToTheStairwell(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		e := o.build(home{at: "3-1-101"})
		name := "测试小区" + e.id
		for kind, want := range map[model.ScopeType][2]string{
			model.ScopeEstate: {e.id, name}, model.ScopeBuilding: {e.buildings["3栋"], name + "3栋"}, model.ScopeUnit: {e.units["3栋1单元"], name + "3栋1单元"},
		} {
			m := o.draft(e, func(d *voting.Draft) { d.ScopeType, d.ScopeID = kind, want[0] })
			if m.ScopeLabel != want[1] || m.EstateID != e.id {
				t.Errorf("%s is called %s", kind, m.ScopeLabel)
			}
		}
		o.exec("UPDATE estates SET name = ? WHERE id = ?", strings.Repeat("长", 100), e.id)
		o.exec("UPDATE buildings SET label = ? WHERE id = ?", strings.Repeat("栋", 64), e.buildings["3栋"])
		o.exec("UPDATE units SET label = ? WHERE id = ?", strings.Repeat("元", 64), e.units["3栋1单元"])
		long := o.draft(e, func(d *voting.Draft) { d.ScopeType, d.ScopeID = model.ScopeUnit, e.units["3栋1单元"] })
		if n := len([]rune(long.ScopeLabel)); n != 200 {
			t.Errorf("the longest name has %d characters", n)
		}
	})
}

func TestADraftCanBeChangedCopiedAndDeleted(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		e := o.build(flats(1)...)
		m := o.draft(e, wishes)
		o.clock.set(start.Add(time.Hour))
		d := o.proposal(e)
		d.Kind, d.Title, d.Items, d.IncludeUses = model.Willingness, "改造意愿调查", nil, []model.Use{model.UseCommercial}
		changed, err := o.Rewrite(o.ctx, colleague, m.ID, d)
		o.must(err)
		kept, err := o.Of(o.ctx, clerk, m.ID)
		o.must(err)
		if kept.Title != d.Title || len(kept.Items) != 0 || kept.CreatedBy != clerk.ID || !kept.UpdatedAt.Equal(start.Add(time.Hour)) {
			t.Errorf("kept %+v", kept)
		}
		copied, err := o.Copy(o.ctx, colleague, m.ID)
		o.must(err)
		if copied.ID == m.ID || copied.CreatedBy != colleague.ID || !reflect.DeepEqual(voting.DraftOf(copied), voting.DraftOf(changed)) {
			t.Errorf("copied as %+v", copied)
		}
		o.must(o.Discard(o.ctx, clerk, m.ID))
		_, err = o.Of(o.ctx, clerk, m.ID)
		o.refuses(err, fault.ErrNotFound, "")
		o.refuses(o.Discard(o.ctx, clerk, m.ID), fault.ErrNotFound, "")
		if _, err := o.Of(o.ctx, clerk, copied.ID); err != nil {
			t.Errorf("the copy is gone too: %v", err)
		}
	})
}

func TestWhatIsPublishedIsCopiedButNotChangedOrDeleted(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.announce(o.build(flats(1)...), wishes)
		b.finish()
		_, err := o.Rewrite(o.ctx, clerk, b.m.ID, o.proposal(b.e))
		o.refuses(err, voting.ErrMotionNotDraft, "")
		o.refuses(o.Discard(o.ctx, clerk, b.m.ID), voting.ErrMotionNotDraft, "")
		_, err = o.Publish(o.ctx, clerk, b.m.ID)
		o.refuses(err, voting.ErrMotionNotDraft, "")
		m, err := o.Copy(o.ctx, clerk, b.m.ID)
		o.must(err)
		if m.Stage != model.StageDraft || m.PublishedAt != nil || m.SealedAt != nil || m.RollDigest != "" || len(m.Items) != 2 {
			t.Errorf("the copy is %+v", m)
		}
	})
}

func TestDraftsAreForThoseWhoMayWriteThemAndMotionsForTheirArea(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		e := o.build(flats(1)...)
		draft := o.draft(e).ID
		o.clock.set(start.Add(ms))
		published := o.announce(e).m.ID
		for who, want := range map[*model.Caller][]string{
			&street: {published, draft}, &clerk: {published, draft}, &county: {published}, &neighbour: nil,
		} {
			rows, total, err := o.ForStaff(o.ctx, *who, voting.Page{Limit: 10})
			o.must(err)
			var got []string
			for _, m := range rows {
				got = append(got, m.ID)
			}
			if !slices.Equal(got, want) || int(total) != len(want) {
				t.Errorf("%s is shown %v of %d, want %v", who.ID, got, total, want)
			}
			for _, id := range []string{draft, published} {
				if _, err := o.Of(o.ctx, *who, id); (err == nil) != slices.Contains(want, id) {
					t.Errorf("%s: %v", who.ID, err)
				}
			}
		}
		_, err := o.Tally(o.ctx, draft)
		o.refuses(err, fault.ErrNotFound, "")
	})
}
