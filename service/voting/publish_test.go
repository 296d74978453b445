package voting_test

import (
	"errors"
	"reflect"
	"slices"
	"testing"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/vote"
	"gongdi/service/audit"
	"gongdi/service/evidence"
	"gongdi/service/fault"
	"gongdi/service/store"
	"gongdi/service/voting"
)

func codes(remarks []voting.Remark) []string {
	out := []string{}
	for _, r := range remarks {
		out = append(out, r.Code)
	}
	return out
}

func opensLate(d *voting.Draft) { d.OpensAt = d.OpensAt.Add(-ms) }

func TestPublishingMeetsWhatTheRollAndTheClockAllow(t *testing.T) {
	sound := flats(2)
	for _, c := range []struct {
		name              string
		homes             []home
		change            func(d *voting.Draft)
		missing, warnings []string
	}{
		{"a sound roll, 15 days' notice", sound, nil, nil, nil},
		{"1 ms less than 15 days' notice", sound, opensLate, nil, []string{"notice_short"}},
		{"a survey needs no notice", sound, func(d *voting.Draft) { survey(d); opensLate(d) }, nil, nil},
		{"no homes at all", nil, nil, []string{"roll_empty"}, nil},
		{"nothing but parking", []home{{at: "1-1-1", use: model.UseParking}}, nil, []string{"roll_empty"}, nil},
		{"a close that is now", sound, func(d *voting.Draft) { d.OpensAt, d.ClosesAt = start.Add(-day), start },
			[]string{"closes_at_past"}, []string{"notice_short"}},
		{"a close 1 ms ahead", sound, func(d *voting.Draft) { d.OpensAt, d.ClosesAt = start.Add(-day), start.Add(ms) },
			nil, []string{"notice_short"}},
		{"both at once", nil, func(d *voting.Draft) { survey(d); d.OpensAt, d.ClosesAt = start.Add(-day), start },
			[]string{"roll_empty", "closes_at_past"}, nil},
		{"an unknown area in an owners' vote", []home{{at: "1-1-1"}, {at: "1-1-2", area: unknownArea, incomplete: "area_missing"}}, nil,
			[]string{"area_unknown"}, []string{"roll_incomplete", "area_source_missing"}},
		{"an unknown area in a survey", []home{{at: "1-1-1", area: unknownArea, incomplete: "area_missing"}}, survey,
			nil, []string{"roll_incomplete"}},
		{"an unknown area that is not on the roll", append(slices.Clone(sound), home{at: "1-1-9", area: unknownArea, use: model.UseStorage, incomplete: "area_missing"}), nil,
			nil, nil},
		{"a declared area", []home{{at: "1-1-1", source: model.AreaDeclared}}, nil, nil, []string{"area_source_missing"}},
		{"an unknown owner", []home{{at: "1-1-1", owners: nobody, incomplete: "owner_missing"}}, nil,
			nil, []string{"roll_incomplete", "owner_unknown"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(t *testing.T, o *office) {
				e := o.build(c.homes...)
				if c.change == nil {
					c.change = func(*voting.Draft) {}
				}
				m := o.draft(e, c.change)
				found, err := o.Check(o.ctx, m)
				o.must(err)
				if !slices.Equal(codes(found.Missing), c.missing) || !slices.Equal(codes(found.Warnings), c.warnings) {
					t.Errorf("the check finds %v and warns of %v", codes(found.Missing), codes(found.Warnings))
				}
				if n := o.number("SELECT COUNT(*) FROM roll_voters"); n != 0 {
					t.Errorf("the check left %d voters", n)
				}
				p, err := o.Publish(o.ctx, clerk, m.ID)
				if c.missing == nil {
					o.must(err)
					if !slices.Equal(codes(p.Warnings), c.warnings) {
						t.Errorf("publishing warns of %v", codes(p.Warnings))
					}
					return
				}
				o.refuses(err, voting.ErrNotReady, "")
				var refusal *fault.Error
				errors.As(err, &refusal)
				if remarks, ok := refusal.Extra["missing"].([]voting.Remark); !ok || !slices.Equal(codes(remarks), c.missing) {
					t.Errorf("refused with %v", refusal.Extra)
				}
				if kept, err := o.Of(o.ctx, clerk, m.ID); err != nil || kept.Stage != model.StageDraft {
					t.Errorf("the draft is %v (%v)", kept, err)
				}
			})
		})
	}
}

func TestAMotionWhoseOpeningIsPastOpensWhenItIsPublished(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		m := o.draft(o.build(flats(1)...), func(d *voting.Draft) { d.OpensAt = start.Add(-day) })
		o.clock.set(start.Add(5 * ms))
		p, err := o.Publish(o.ctx, clerk, m.ID)
		o.must(err)
		if got := p.Motion; !got.OpensAt.Equal(start.Add(5*ms)) || !got.PublishedAt.Equal(got.OpensAt) || got.StatusAt(o.clock.Now()) != model.StatusOpen {
			t.Errorf("opens %v, published %v", got.OpensAt, got.PublishedAt)
		}
	})
}

func TestARetriedPublishingIsAnsweredAsTheFirst(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		m := o.draft(o.build(flats(2)...), opensLate, wishes)
		key := store.WithKey(o.ctx, store.Key{Scope: "clerk", Key: "k", Digest: "d"})
		first, err := o.Publish(key, clerk, m.ID)
		o.must(err)
		again, err := o.Publish(key, clerk, m.ID)
		o.must(err)
		if !reflect.DeepEqual(first, again) || len(again.Warnings) != 1 {
			t.Errorf("first %+v\nagain %+v", first, again)
		}
		if n := o.number("SELECT COUNT(*) FROM roll_voters"); n != 2 {
			t.Errorf("%d voters", n)
		}
	})
}

// fingerprint computes a roll's digest again from what is kept.
func (b *meeting) fingerprint() string {
	b.t.Helper()
	return evidence.RollDigest(b.m.ID, b.rollLines())
}

func (b *meeting) rollLines() []evidence.RollLine {
	b.t.Helper()
	own := map[string][]model.RollProperty{}
	for _, p := range b.properties() {
		own[p.VoterID] = append(own[p.VoterID], p)
	}
	var lines []evidence.RollLine
	for _, v := range b.roll() {
		lines = append(lines, evidence.RollLine{
			Ref: v.Ref, Heads: 1, Area: evidence.Area(v.Area), Incomplete: v.Incomplete, Parts: evidence.PartsDigest(own[v.ID]),
		})
	}
	return lines
}

func TestTheRollIsFrozenWhenTheMotionIsPublished(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		e := o.build(home{at: "1-1-1", owners: []string{"甲"}}, home{at: "1-1-2", owners: []string{"甲"}}, home{at: "2-1-1", owners: nobody, incomplete: "owner_missing"})
		b := o.open(e)
		m, voters, properties := b.reread(), b.roll(), b.properties()
		if m.RollDigest != b.fingerprint() || m.RollHeads != 2 || m.RollArea != 24000 || m.RollIncomplete != 1 {
			t.Errorf("frozen as %d heads, %s m², %d incomplete", m.RollHeads, m.RollArea, m.RollIncomplete)
		}
		e.add(home{at: "1-1-3"})
		e.sell("1-1-2", "乙")
		o.exec("UPDATE properties SET area = 1, label = 'x', property_use = 'parking' WHERE estate_id = ? AND room <> '3'", e.id)
		o.exec("UPDATE buildings SET label = 'x' WHERE id = ?", e.buildings["1栋"])
		if !slices.Equal(voters, b.roll()) || len(properties) != len(b.properties()) || m.RollDigest != b.fingerprint() {
			t.Error("the roll moved")
		}
		b.cast("1-1-1", vote.Agree)
		tally := b.finish()
		if tally.Totals.Roll != (vote.Count{Heads: 2, Area: 24000}) || tally.Totals.Agree != (vote.Count{Heads: 1, Area: 16000}) {
			t.Errorf("counted as %+v", tally.Totals)
		}
		if sealed := b.sealedResult(); sealed.Roll.Digest != m.RollDigest || sealed.Roll.Incomplete != 1 {
			t.Errorf("sealed as %+v", sealed.Roll)
		}
	})
}

func TestARollOfManyHomesIsFrozenInWalkingOrder(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		homes := flats(1203)
		slices.Reverse(homes)
		b := o.announce(o.build(homes...))
		roll := b.properties()
		if len(roll) != 1203 || roll[0].Label != "1栋1单元1" || roll[9].Label != "1栋1单元10" || roll[1202].Position != 1203 {
			t.Errorf("%d homes", len(roll))
		}
		if b.m.RollArea != quantity.Area(1203*8000) || b.m.RollDigest != b.fingerprint() {
			t.Error("its fingerprint is another one")
		}
	})
}

func TestWhatTheOfficeDoesToAMotionIsOnRecord(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(flats(1)...))
		_, err := o.Extend(o.ctx, clerk, b.m.ID, b.m.ClosesAt.Add(day), "下雨")
		o.must(err)
		b.enter("1-1-1", vote.Agree)
		_, err = o.Close(o.ctx, street, b.m.ID, "全部已投")
		o.must(err)
		auditor := model.Caller{Kind: model.StaffSession, Role: model.RoleAuditor, AreaCode: streetCode}
		lines, _, err := o.Audit.Lines(o.ctx, auditor, audit.Filter{ObjectID: b.m.ID})
		o.must(err)
		got := map[string]string{}
		for _, l := range lines {
			got[l.Action+" by "+l.ActorID] = l.Reason
		}
		for action, reason := range map[string]string{
			"motions.draft.write by clerk": "", "motions.conduct.published by clerk": "", "motions.conduct.extended by clerk": "下雨",
			"paper.enter.enter by clerk": "", "motions.conduct.closed by street": "全部已投",
		} {
			if r, ok := got[action]; !ok || r != reason {
				t.Errorf("%s: %q, there is %v", action, r, got)
			}
		}
	})
}
