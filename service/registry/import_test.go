package registry_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/registry"
	"gongdi/service/store"
)

var (
	li   = number(1)
	zhou = number(2)
	wu   = number(3)
)

func codes(r registry.Report) []string {
	var out []string
	for _, f := range r.Errors {
		out = append(out, f.Code)
	}
	return out
}

func TestAListWithErrorsIsRefusedWholeUnlessTheSoundRowsAreAccepted(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		faulty := home("102")
		faulty.area = ""
		rows := []row{home("101").owned("李某某", li), faulty.owned("周某某", zhou), home("101").owned("吴某某", wu)}
		refused, err := o.take(street, registry.ImportOptions{}, rows...)
		o.refuses(err, registry.ErrRosterHasErrors)
		if !slices.Equal(codes(refused), []string{"area_missing", "duplicate_property"}) || refused.Applied || refused.ID != "" {
			t.Errorf("%+v", refused)
		}
		if n := o.number("SELECT (SELECT COUNT(*) FROM properties) + (SELECT COUNT(*) FROM roster_imports) + (SELECT COUNT(*) FROM areas WHERE type = 'community')"); n != 0 {
			t.Errorf("a refused list left %d rows", n)
		}
		dry, err := o.take(street, registry.ImportOptions{DryRun: true}, rows...)
		o.must(err)
		taken, err := o.take(street, registry.ImportOptions{AcceptValid: true}, rows...)
		o.must(err)
		if dry.Estates[0].ID != "" || dry.Applied || taken.Estates[0].ID == "" || !taken.Applied || taken.ID == "" {
			t.Errorf("dry %+v, taken %+v", dry, taken)
		}
		for _, r := range []registry.Report{refused, dry, taken} {
			e := r.Estates[0]
			if r.Rows != 3 || r.Valid != 1 || r.Incomplete != 1 || e.Properties != 1 || e.Heads != 1 || e.Area != 8050 || e.Incomplete != 1 || r.Changes.Created != 2 {
				t.Errorf("%+v", r)
			}
		}
		if code := o.text("SELECT incomplete FROM properties WHERE room = '102'"); code != "area_missing" {
			t.Errorf("the faulty home is stored as %q", code)
		}
		if n := o.number("SELECT COUNT(*) FROM audit_log WHERE action = 'roster.import.apply' AND object_id = ?", taken.ID); n != 1 {
			t.Error("the import is not in the audit log")
		}
	})
}

func TestHeadsAreThoseOfTheLaw(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		unsold, sold := home("501"), home("502")
		unsold.tenure, sold.tenure = "建设单位未售", "已售未交付"
		parking := home("1")
		parking.unit, parking.room, parking.use = "", "车位1", "车位"
		e := o.enter(
			home("101").owned("李某某、周某某", li+"、"+zhou),
			home("102").owned("周某某、李某某", zhou+"、"+li), // the same couple
			home("201").owned("李某某", li),              // one of them is another head
			home("301").owned("吴某某", ""),              // unknown numbers join nothing
			home("302").owned("吴某某", ""),
			unsold.owned("某置业有限公司", ""), sold.owned("某置业有限公司", ""), // one head of the developer's
			parking.owned("李某某", li), // counted with its owner
		).Estates[0]
		if e.Heads != 5 || e.Properties != 8 || e.Area != 8*8050 {
			t.Errorf("%+v", e)
		}
	})
}

func TestTheSameListAgainChangesNothingAndALaterOneSaysWhatChanged(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		rows := []row{home("101").owned("李某某", li), home("102").owned("周某某", zhou), home("201").owned("吴某某", wu)}
		o.enter(rows...)
		before := o.text("SELECT GROUP_CONCAT(id) FROM (SELECT id FROM owners ORDER BY id) o")
		if c := o.enter(rows...).Changes; c != (registry.Changes{Unchanged: 3}) {
			t.Errorf("the same list again: %+v", c)
		}
		if after := o.text("SELECT GROUP_CONCAT(id) FROM (SELECT id FROM owners ORDER BY id) o"); after != before {
			t.Error("owners have other ids")
		}
		rows[0].area = "81.00"
		rows[1].phones = "19900000009"
		fourth := home("202").owned("郑某某", number(4))
		fourth.building = "２幢" // a new building
		changed := o.enter(rows[0], rows[1], fourth)
		if c := changed.Changes; c != (registry.Changes{Created: 1, Updated: 2, Missing: 1, Buildings: 1, Units: 1}) {
			t.Errorf("a later list: %+v", c)
		}
		if e := changed.Estates[0]; e.Properties != 4 || e.Area != 8100+3*8050 || e.Heads != 4 {
			t.Errorf("%+v", e)
		}
		if fields := o.text("SELECT fields FROM property_changes WHERE property_id = ?", o.door("1栋1单元101")); fields != "area_m2" {
			t.Errorf("history says %q", fields)
		}
		if id := o.text("SELECT id FROM owners WHERE property_id = ?", o.door("1栋1单元102")); !strings.Contains(before, id) {
			t.Error("a new phone made another owner")
		}
	})
}

func TestSpellingsOfOnePlaceAreOnePlace(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.enter(home("101").owned("李某某", li))
		other := home("101").owned("李某某", li)
		other.community, other.estate, other.building, other.unit, other.room = "新城社区居委会", " 甲 园", "１号楼", "一单元", "１０１室"
		if c := o.enter(other).Changes; c != (registry.Changes{Unchanged: 1}) {
			t.Errorf("%+v", c)
		}
		bare := home("101").owned("李某某", li)
		bare.community = ""
		if c := o.enter(bare).Changes; c.Unchanged != 1 || c.Created != 0 {
			t.Errorf("a list without the community: %+v", c)
		}
	})
}

func TestAFaultyRowNeverWipesWhatTheOfficeCompleted(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		without, unsound := home("101").owned("李某某", li), home("102").owned("周某某", "110105194912310021")
		without.area, without.source = "", ""
		o.enter(without, unsound, home("103").owned("吴某某", wu))
		o.correct("1栋1单元101", registry.Correction{Area: ptr(areaOf("99.99")), AreaSource: ptr(model.AreaSurveyed)})
		o.correct("1栋1单元102", registry.Correction{Owners: []registry.OwnerCorrection{{Name: "周某某", Document: ptr(zhou)}}})
		if n := o.number("SELECT COUNT(*) FROM properties WHERE incomplete <> ''"); n != 0 {
			t.Fatalf("%d homes are still incomplete", n)
		}
		same := o.enter(without, unsound, home("103").owned("吴某某", wu))
		without.phones, unsound.phones = "19900000003", "19900000004" // other lines, with the old faults
		silent := home("103").owned("吴某某", "")                        // no number is no fault, and wipes none
		later := o.enter(without, unsound, silent)
		for _, r := range []registry.Report{same, later} {
			if e := r.Estates[0]; e.Properties != 3 || e.Area != 9999+2*8050 || e.Incomplete != 0 || e.Heads != 3 || r.Incomplete != 2 {
				t.Errorf("%+v", r)
			}
		}
		if n := o.number("SELECT COUNT(*) FROM owners WHERE document_index <> ''"); n != 3 {
			t.Errorf("%d owners have a sound number", n)
		}
		if n := o.number("SELECT COUNT(*) FROM properties WHERE area = 9999 AND area_source = 'survey'"); n != 1 {
			t.Error("the area that the office found is gone")
		}
	})
}

func TestWhatCannotBeToldApartIsKeptForTheOffice(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		two := home("101").owned("李某某、周某某", li)
		none := home("102").owned("", wu)
		many := home("103").owned("吴某某", wu)
		many.phones = "0857-7230000、19900000001、19900000002"
		o.enter(two, none, many)
		for label, want := range map[string][]string{
			"1栋1单元101": {"owner_id_mismatch", li}, "1栋1单元102": {"owner_missing", wu}, "1栋1单元103": {"", "08577230000、19900000002"},
		} {
			id := o.door(label)
			sheet, err := o.Home(o.ctx, street, id)
			o.must(err)
			full, err := o.Reveal(o.ctx, street, id, "核对")
			o.must(err)
			all := full.Note
			for _, owner := range full.Owners {
				all += owner.Document + owner.Phone
			}
			if sheet.Incomplete != want[0] || !strings.Contains(all, want[1]) {
				t.Errorf("%s: %q", label, sheet.Incomplete)
			}
		}
	})
}

func TestACommunityImportsItsOwnHomesOnly(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.enter(home("101").owned("李某某", li)) // makes 新城社区
		clerk := clerkOf(firstCode)
		own := home("102").owned("周某某", zhou)
		own.community = ""
		r, err := o.take(clerk, registry.ImportOptions{}, own)
		o.must(err)
		if r.Changes.Created != 1 || r.Changes.Estates != 0 || r.Estates[0].Community != "新城社区" {
			t.Errorf("%+v", r)
		}
		other := home("103").owned("吴某某", wu)
		other.community = "河滨社区"
		for _, options := range []registry.ImportOptions{{}, {DryRun: true}} {
			_, err = o.take(clerk, options, other, home("104").owned("", "")) // whatever else is wrong
			o.refuses(err, registry.ErrOutsideArea)
		}
		if n := o.number("SELECT COUNT(*) FROM areas WHERE type = 'community'"); n != 1 {
			t.Errorf("%d communities", n)
		}
	})
}

func TestCommunitiesGetTheNextFreeNumbersEvenAtOnce(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		var offices sync.WaitGroup
		for i, name := range []string{"甲社区", "乙社区", "丙社区", "甲社区"} {
			r := home("101").owned("李某某", li)
			r.community, r.estate = name, "小区"+string(rune('A'+i))
			list := []row{r}
			offices.Go(func() { o.enter(list...) })
		}
		offices.Wait()
		codes := o.text("SELECT GROUP_CONCAT(code) FROM (SELECT code FROM areas WHERE type = 'community' ORDER BY code) a")
		if codes != "520523001001,520523001002,520523001003" {
			t.Errorf("codes %s", codes)
		}
		if n := o.number("SELECT COUNT(*) FROM estates"); n != 4 {
			t.Errorf("%d estates", n)
		}
	})
}

func TestTheSameListFromTwoDesksAtOnceIsStoredOnce(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		var desks sync.WaitGroup
		for range 4 {
			desks.Go(func() { o.enter(home("101").owned("李某某", li), home("102").owned("周某某", zhou)) })
		}
		desks.Wait()
		if n := o.number("SELECT COUNT(*) FROM properties"); n != 2 {
			t.Errorf("%d homes", n)
		}
	})
}

func TestAFrozenRollStaysWhenTheRegistryChanges(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.enter(home("101").owned("李某某", li))
		frozen := model.RollProperty{MotionID: "m", PropertyID: o.door("1栋1单元101"), VoterID: "v", Area: ptr(areaOf("80.50"))}
		o.must(store.Tx(o.ctx, o.db, createIn(&frozen)))
		changed := home("101").owned("周某某", zhou)
		changed.area = "90"
		o.enter(changed)
		if n := o.number("SELECT area FROM roll_properties"); n != 8050 {
			t.Errorf("the roll has %d", n)
		}
	})
}

func TestABoundOwnerWhoIsGoneIsPendingAgainAndTold(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.enter(home("101").owned("李某某、周某某", li+"、"+zhou))
		seller, spouse := o.resident(), o.resident()
		for who, name := range map[model.Caller][2]string{seller: {"李某某", li}, spouse: {"周某某", zhou}} {
			b, err := o.bind(who, "1栋1单元101", name[0], name[1][12:])
			o.must(err)
			if b.Status != model.BindingVerified {
				t.Fatal("not verified")
			}
		}
		o.enter(home("101").owned("周某某、吴某某", zhou+"、"+wu))
		for who, want := range map[model.Caller]model.BindingStatus{seller: model.BindingPending, spouse: model.BindingVerified} {
			ties, err := o.BindingsOf(o.ctx, who.ID)
			o.must(err)
			if len(ties) != 1 || ties[0].Status != want {
				t.Errorf("%+v, want %s", ties, want)
			}
		}
		if n := o.number("SELECT COUNT(*) FROM resident_tidings WHERE resident_id = ? AND kind = 'binding_reopened'", seller.ID); n != 1 {
			t.Error("the former owner was not told")
		}
	})
}

func TestNothingPersonalIsReadableInTheDatabase(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		r := home("101").owned("欧阳某某", li)
		r.phones = phoneOfLi + "、" + phoneOfZhou
		o.enter(r)
		r.numbers = zhou
		o.enter(r)
		for _, table := range []string{"owners", "properties", "property_changes", "roster_imports", "audit_log"} {
			var rows []map[string]any
			o.must(store.Tx(o.ctx, o.db, func(tx *gorm.DB) error { return tx.Table(table).Find(&rows).Error }))
			for _, row := range rows {
				for column, value := range row {
					text, _ := value.(string)
					for _, secret := range []string{"欧阳某某", li, zhou, phoneOfLi, phoneOfZhou} {
						if strings.Contains(text, secret) {
							t.Errorf("%s.%s can be read", table, column)
						}
					}
				}
			}
		}
	})
}

func TestAStreetHasNoMoreThan999Communities(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.must(store.Tx(o.ctx, o.db, func(tx *gorm.DB) error {
			areas := make([]model.Area, 0, 999)
			for n := range 999 {
				areas = append(areas, model.Area{
					Code: fmt.Sprintf("%s%03d", streetCode, n+1), Name: fmt.Sprintf("第%d社区", n+1), Type: model.Community, Parent: streetCode, CreatedAt: o.Now(),
				})
			}
			return tx.CreateInBatches(areas, 300).Error
		}))
		_, err := o.take(street, registry.ImportOptions{}, home("101").owned("李某某", li))
		o.refuses(err, registry.ErrAreaFull)
	})
}
