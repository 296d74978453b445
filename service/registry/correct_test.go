package registry_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/registry"
)

func TestCompletingAHomeMendsItAndKeepsItsHistory(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		bare := home("101").owned("", "")
		bare.area, bare.source = "待测", ""
		o.enter(bare, home("102").owned("周某某", zhou))
		before, err := o.Home(o.ctx, street, o.door(door))
		o.must(err)
		half := o.correct(door, registry.Correction{Area: ptr(areaOf("78.12")), AreaSource: ptr(model.AreaContracted)})
		done := o.correct(door, registry.Correction{
			Owners: []registry.OwnerCorrection{
				{Name: "李某某", Document: ptr(" " + strings.ToLower(li)), Phone: ptr("+86 199-0000-0001"), Share: ptr("1/3")},
				{Name: "吴某某", Share: ptr("2/3")},
			},
			Floor: ptr(-1), Use: ptr(model.UseMixed),
		})
		if before.Incomplete != "area_invalid" || half.Incomplete != "owner_missing" || done.Incomplete != "" {
			t.Errorf("incomplete: %q, %q, %q", before.Incomplete, half.Incomplete, done.Incomplete)
		}
		first := done.Owners[0]
		if done.Version != 3 || *done.Area != 7812 || *done.Floor != -1 || done.Use != model.UseMixed || len(done.Owners) != 2 ||
			first.Name != "李*某" || first.Document != "110105********"+li[14:] || first.Phone != "199****0001" || !first.Sound || first.ShareNum != 1 || first.ShareDen != 3 {
			t.Errorf("%+v", done)
		}
		changes, total, err := o.HistoryOf(o.ctx, o.door(door), registry.Page{Limit: 10})
		o.must(err)
		if total != 2 || changes[0].Version != 3 || strings.Join(changes[0].Fields, ",") != "floor,use,owners,incomplete" ||
			changes[0].Reason != "补正" || changes[0].StaffID != "street" || *changes[1].After.Area != 7812 || changes[1].Before.Area != nil {
			t.Errorf("%+v", changes)
		}
		text, err := json.Marshal(changes)
		o.must(err)
		if strings.Contains(string(text), "李某某") || strings.Contains(string(text), li) {
			t.Error("the history shows who")
		}
		if n := o.number("SELECT COUNT(*) FROM audit_log WHERE action = 'registry.edit.correct' AND reason = '补正' AND area_code = '520523001001'"); n != 2 {
			t.Errorf("%d lines in the audit log", n)
		}
		homes, _, err := o.HomesOf(o.ctx, street, registry.Homes{Page: registry.Page{Limit: 10}})
		o.must(err)
		if len(homes) != 2 || homes[0].Room != "101" {
			t.Error("below the others")
		}
	})
}

func TestWhoStaysAnOwnerKeepsTheirTieAndWhatWasNotGiven(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.settle()
		who := o.resident()
		b, err := o.bind(who, door, "李某某", li[12:])
		o.must(err)
		sheet := o.correct(door, registry.Correction{Owners: []registry.OwnerCorrection{
			{ID: o.owner(door, 2), Name: "阿依古丽"}, {Name: "李某某"}, // another order, a name corrected
		}})
		if sheet.Owners[0].ID == sheet.Owners[1].ID || !sheet.Owners[0].Sound || sheet.Owners[1].Phone != "199****0001" {
			t.Errorf("%+v", sheet.Owners)
		}
		sold := o.correct(door, registry.Correction{Owners: []registry.OwnerCorrection{{Name: "李某某", Document: ptr(""), Phone: ptr("")}}})
		if len(sold.Owners) != 1 || sold.Owners[0].Document != "" || sold.Owners[0].Phone != "" || sold.Incomplete != "" {
			t.Errorf("%+v", sold)
		}
		if status := o.text("SELECT status FROM bindings WHERE id = ?", b.ID); status != "verified" {
			t.Errorf("the owner who stayed is %s", status)
		}
		o.correct(door, registry.Correction{Owners: []registry.OwnerCorrection{{Name: "吴某某", Document: ptr(wu)}}})
		if status := o.text("SELECT status FROM bindings WHERE id = ?", b.ID); status != "pending" {
			t.Errorf("the owner who left is %s", status)
		}
	})
}

func (o *office) owner(label string, position int) string {
	o.t.Helper()
	return o.text("SELECT id FROM owners WHERE property_id = ? AND position = ?", o.door(label), position)
}

func TestWhatACorrectionMustSay(t *testing.T) {
	owners := func(given ...registry.OwnerCorrection) registry.Correction {
		return registry.Correction{Owners: given, Reason: "补正"}
	}
	cases := map[string]registry.Correction{
		"body.reason":             {Floor: ptr(1)},
		"body":                    {Reason: "补正"},
		"body.area_m2":            {Area: ptr(areaOf("0")), Reason: "补正"},
		"body.area_source":        {AreaSource: ptr(model.AreaSource("hearsay")), Reason: "补正"},
		"body.use":                {Use: ptr(model.Use("castle")), Reason: "补正"},
		"body.owners":             owners(registry.OwnerCorrection{Name: "甲", Share: ptr("2/3")}, registry.OwnerCorrection{Name: "乙", Share: ptr("1/2")}),
		"body.owners[0].name":     owners(registry.OwnerCorrection{Name: " "}),
		"body.owners[1].document": owners(registry.OwnerCorrection{Name: "甲"}, registry.OwnerCorrection{Name: "乙", Document: ptr("110105194912310021")}),
		"body.owners[0].phone":    owners(registry.OwnerCorrection{Name: "甲", Phone: ptr("12")}),
		"body.owners[0].share":    owners(registry.OwnerCorrection{Name: "甲", Share: ptr("3/2")}),
		"body.owners[0].id":       owners(registry.OwnerCorrection{ID: "none", Name: "甲"}),
	}
	each(t, func(t *testing.T, o *office) {
		o.settle()
		for location, c := range cases {
			_, err := o.Correct(o.ctx, street, o.door(door), c)
			o.refusesAt(err, location)
		}
		_, err := o.Correct(o.ctx, street, o.door(door), registry.Correction{Owners: []registry.OwnerCorrection{}, Reason: "补正"})
		o.refusesAt(err, "body.owners")
		_, err = o.Correct(o.ctx, clerkOf("520523001009"), o.door(door), registry.Correction{Floor: ptr(1), Reason: "补正"})
		o.refuses(err, fault.ErrNotFound)
		_, err = o.Correct(o.ctx, street, o.door(door), registry.Correction{Floor: ptr(2), Reason: "补正", Version: ptr(7)})
		o.refuses(err, registry.ErrPropertyChanged)
		if n := o.number("SELECT COUNT(*) FROM property_changes"); n != 0 {
			t.Errorf("%d changes kept", n)
		}
	})
}

func TestChangesAtOnceAreNeverLost(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.settle()
		var desks sync.WaitGroup
		desks.Go(func() { o.correct(door, registry.Correction{Floor: ptr(2)}) })
		desks.Go(func() { o.correct(door, registry.Correction{Area: ptr(areaOf("70"))}) })
		desks.Go(func() { o.correct(door, registry.Correction{Use: ptr(model.UseOffice)}) })
		desks.Wait()
		sheet, err := o.Home(o.ctx, street, o.door(door))
		o.must(err)
		if sheet.Version != 4 || *sheet.Floor != 2 || *sheet.Area != 7000 || sheet.Use != model.UseOffice {
			t.Errorf("%+v", sheet.Property)
		}
	})
}

func TestARevealIsLoggedWithItsReason(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.settle()
		clerk := clerkOf(firstCode)
		_, err := o.Reveal(o.ctx, clerk, o.door(door), "")
		o.refusesAt(err, "body.reason")
		full, err := o.Reveal(o.ctx, clerk, o.door(door), "电话核实")
		o.must(err)
		if len(full.Owners) != 2 || full.Owners[0].Name != "李某某" || full.Owners[0].Document != li || full.Owners[0].Phone != phoneOfLi {
			t.Errorf("%+v", full)
		}
		if n := o.number("SELECT COUNT(*) FROM audit_log WHERE action = 'person.reveal.owners' AND actor_id = ? AND reason = '电话核实'", clerk.ID); n != 1 {
			t.Error("not in the audit log")
		}
		_, err = o.Reveal(o.ctx, clerkOf("520523001009"), o.door(door), "好奇")
		o.refuses(err, fault.ErrNotFound)
	})
}
