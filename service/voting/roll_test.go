package voting_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/voting"
)

// heads says each voter of a roll as its homes and its area.
func (b *meeting) heads() []string {
	b.t.Helper()
	places := map[string][]string{}
	for at, voter := range b.voters {
		places[voter] = append(places[voter], at)
	}
	var out []string
	for _, v := range b.roll() {
		slices.Sort(places[v.ID])
		out = append(out, fmt.Sprintf("%s: %s", strings.Join(places[v.ID], " "), v.Area))
	}
	return out
}

func TestWhoIsOneHeadWithWhichArea(t *testing.T) {
	shop := func(at string) home { return home{at: at, use: model.UseCommercial, area: 5000} }
	parking := home{at: "1-1-9", use: model.UseParking, area: 1200, owners: []string{"甲"}}
	including := func(uses ...model.Use) func(*voting.Draft) {
		return func(d *voting.Draft) { d.IncludeUses = uses }
	}
	for _, c := range []struct {
		name   string
		homes  []home
		change func(d *voting.Draft)
		want   []string
	}{
		{"one home is one head", flats(2), plainly, []string{"1-1-1: 80.00", "1-1-2: 80.00"}},
		{"an owner's homes in two buildings are one head with all their area",
			[]home{{at: "1-1-1", owners: []string{"甲"}}, {at: "1-1-2"}, {at: "2-1-1", area: 10050, owners: []string{"甲"}}},
			plainly, []string{"1-1-1 2-1-1: 180.50", "1-1-2: 80.00"}},
		{"the same co-owners in another order are one head",
			[]home{{at: "1-1-1", owners: []string{"甲", "乙"}}, {at: "1-1-2", owners: []string{"乙", "甲"}}},
			plainly, []string{"1-1-1 1-1-2: 160.00"}},
		{"a couple is another owner than one of them",
			[]home{{at: "1-1-1", owners: []string{"甲", "乙"}}, {at: "1-1-2", owners: []string{"甲"}}},
			plainly, []string{"1-1-1: 80.00", "1-1-2: 80.00"}},
		{"the developer's unsold and undelivered homes are one head",
			[]home{{at: "1-1-1", tenure: model.TenureDeveloperUnsold, owners: nobody}, {at: "1-1-2"},
				{at: "1-1-3", tenure: model.TenureDeveloperUndelivered, owners: []string{"丙"}}},
			plainly, []string{"1-1-1 1-1-3: 160.00", "1-1-2: 80.00"}},
		{"homes of unknown owners are heads of their own",
			[]home{{at: "1-1-1", owners: nobody}, {at: "1-1-2", owners: nobody}}, plainly, []string{"1-1-1: 80.00", "1-1-2: 80.00"}},
		{"without a document number nothing is joined",
			[]home{{at: "1-1-1", owners: []string{"?丁"}}, {at: "1-1-2", owners: []string{"?丁"}},
				{at: "1-1-3", owners: []string{"甲", "?丁"}}, {at: "1-1-4", owners: []string{"甲", "?丁"}}},
			plainly, []string{"1-1-1: 80.00", "1-1-2: 80.00", "1-1-3: 80.00", "1-1-4: 80.00"}},
		{"parking is left out", []home{{at: "1-1-1", owners: []string{"甲"}}, parking}, plainly, []string{"1-1-1: 80.00"}},
		{"parking is in where the motion includes it", []home{{at: "1-1-1", owners: []string{"甲"}}, parking},
			including(model.UseParking), []string{"1-1-1 1-1-9: 92.00"}},
		{"a shop votes with the owners", []home{{at: "1-1-1"}, shop("1-1-2")}, plainly, []string{"1-1-1: 80.00", "1-1-2: 50.00"}},
		{"a survey asks households, whoever owns them",
			[]home{{at: "1-1-1", owners: []string{"甲"}}, {at: "1-1-2", owners: []string{"甲"}}, {at: "1-1-3", use: model.UseMixed}, shop("1-1-4"), parking},
			survey, []string{"1-1-1: 80.00", "1-1-2: 80.00", "1-1-3: 80.00"}},
		{"a survey asks shops where the motion says so", []home{{at: "1-1-1"}, shop("1-1-2")},
			func(d *voting.Draft) { survey(d); including(model.UseCommercial)(d) }, []string{"1-1-1: 80.00", "1-1-2: 50.00"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(t *testing.T, o *office) {
				b := o.announce(o.build(c.homes...), c.change)
				if got := b.heads(); !slices.Equal(got, c.want) {
					t.Errorf("got %q, want %q", got, c.want)
				}
				var sum quantity.Area
				for _, v := range b.roll() {
					sum += v.Area
				}
				if b.m.RollArea != sum || b.m.RollHeads != int64(len(c.want)) {
					t.Errorf("the motion says %d heads, %s", b.m.RollHeads, b.m.RollArea)
				}
			})
		})
	}
}

func TestAMotionReachesAsFarAsItsScope(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		e := o.build(home{at: "1-1-1", owners: []string{"甲"}}, home{at: "1-2-1", owners: []string{"甲"}}, home{at: "2-1-1", owners: []string{"甲"}})
		for kind, scope := range map[model.ScopeType][2]string{
			model.ScopeEstate: {e.id, "1-1-1 1-2-1 2-1-1: 240.00"}, model.ScopeBuilding: {e.buildings["1栋"], "1-1-1 1-2-1: 160.00"},
			model.ScopeUnit: {e.units["1栋2单元"], "1-2-1: 80.00"},
		} {
			b := o.announce(e, func(d *voting.Draft) { d.ScopeType, d.ScopeID = kind, scope[0] })
			if got := b.heads(); !slices.Equal(got, []string{scope[1]}) {
				t.Errorf("%s: %q", kind, got)
			}
		}
	})
}

func TestDoorsAreListedInWalkingOrderWithWhoTookPartAndNeverWhat(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		b := o.open(o.build(home{at: "1-1-1"}, home{at: "1-2-1"}, home{at: "2-1-1"}, home{at: "10-1-1"}, home{at: "10-1-2"}, home{at: "10-1-3"}))
		b.cast("1-1-1", "agree")
		b.enter("1-2-1", "oppose")
		b.enter("2-1-1", "agree", func(p *voting.Paper) { p.Channel, p.Proxy = "proxy", agent("某") })
		b.enter("10-1-1", "invalid")
		b.cast("10-1-2", "agree")
		b.enter("10-1-2", "oppose")
		for _, c := range []struct {
			ask  voting.Doors
			want []string
		}{
			{voting.Doors{}, []string{"1栋1单元1 online", "1栋2单元1 paper", "2栋1单元1 proxy", "10栋1单元1 none", "10栋1单元2 online", "10栋1单元3 none"}},
			{voting.Doors{Participation: voting.NotYet}, []string{"10栋1单元1 none", "10栋1单元3 none"}},
			{voting.Doors{Participation: voting.OnPhone}, []string{"1栋1单元1 online", "10栋1单元2 online"}},
			{voting.Doors{Participation: voting.OnPaper}, []string{"1栋2单元1 paper"}},
			{voting.Doors{Participation: voting.ByProxy}, []string{"2栋1单元1 proxy"}},
			{voting.Doors{Participation: voting.Disputed}, []string{"10栋1单元2 online"}},
			{voting.Doors{Participation: voting.Waiting}, nil},
			{voting.Doors{Building: "1栋"}, []string{"1栋1单元1 online", "1栋2单元1 paper"}},
			{voting.Doors{Building: "1栋", Unit: "2单元"}, []string{"1栋2单元1 paper"}},
			{voting.Doors{Offset: 4, Limit: 1}, []string{"10栋1单元2 online"}},
		} {
			c.ask.MotionID = b.m.ID
			paged := c.ask.Limit > 0
			if !paged {
				c.ask.Limit = 50
			}
			doors, total, err := o.DoorsOf(o.ctx, c.ask)
			o.must(err)
			var got []string
			for _, d := range doors {
				got = append(got, d.Properties[0].Label+" "+string(d.Participation))
			}
			if !slices.Equal(got, c.want) || !paged && int(total) != len(c.want) {
				t.Errorf("%+v: %q of %d", c.ask, got, total)
			}
		}
		visits, err := o.VisitsFor(o.ctx, clerk, b.m)
		o.must(err)
		want := []voting.Visit{{Building: "1栋", Unit: "1单元", Doors: 1}, {Building: "1栋", Unit: "2单元", Doors: 1}, {Building: "2栋", Unit: "1单元", Doors: 1}, {Building: "10栋", Unit: "1单元", Doors: 3, Left: 2}}
		if !slices.Equal(visits, want) {
			t.Errorf("visits %+v", visits)
		}
	})
}
