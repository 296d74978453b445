package registry_test

import (
	"slices"
	"testing"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/registry"
)

var all = registry.Page{Limit: 200}

// block enters two buildings of one estate and a home of another community.
func (o *office) block() (estateID string) {
	o.t.Helper()
	var rows []row
	for _, at := range [][3]string{{"10栋", "1单元", "101"}, {"2栋", "2单元", "1001"}, {"2栋", "2单元", "201"}, {"2栋", "1单元", "101"}} {
		r := home(at[2]).owned("李某某", li)
		r.building, r.unit, r.room = at[0], at[1], at[2]
		r.floor = at[2][:len(at[2])-2]
		rows = append(rows, r)
	}
	shop := home("1").owned("周某某", "")
	shop.building, shop.unit, shop.room, shop.use, shop.area = "2栋", "", "商铺1", "商铺", ""
	far := home("101").owned("吴某某", wu)
	far.community, far.estate = "河滨社区", "河滨(北苑)"
	return o.enter(append(rows, shop, far)...).Estates[0].ID
}

func TestResidentsFindTheirHome(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		id := o.block()
		estates, total, err := o.Estates(o.ctx, "", all)
		o.must(err)
		if total != 2 || estates[1].Name != "甲园" && estates[0].Name != "甲园" {
			t.Errorf("%+v", estates)
		}
		for q, want := range map[string]int64{"河滨（北": 1, " 北苑 ": 1, "园": 1, "%": 0, "_": 0, "'": 0} {
			if _, total, err := o.Estates(o.ctx, q, all); err != nil || total != want {
				t.Errorf("%q: %d, %v", q, total, err)
			}
		}
		doors, total, err := o.Doors(o.ctx, registry.Homes{EstateID: id, Page: all})
		o.must(err)
		var labels []string
		for _, d := range doors {
			labels = append(labels, d.Label)
		}
		want := []string{"2栋商铺1", "2栋1单元101", "2栋2单元201", "2栋2单元1001", "10栋1单元101"}
		if total != 5 || !slices.Equal(labels, want) {
			t.Errorf("walking order %v", labels)
		}
		page, total, err := o.Doors(o.ctx, registry.Homes{EstateID: id, Building: "2号楼", Unit: "二单元", Page: registry.Page{Offset: 1, Limit: 1}})
		o.must(err)
		if total != 2 || len(page) != 1 || page[0].Room != "1001" || page[0].Building != "2栋" || page[0].Unit != "2单元" || *page[0].Floor != 10 {
			t.Errorf("%+v", page)
		}
		if page[0].Certificate != "" || page[0].Area != nil || page[0].Incomplete != "" {
			t.Error("more than a door says")
		}
		_, _, err = o.Doors(o.ctx, registry.Homes{EstateID: "none", Page: all})
		o.refuses(err, fault.ErrNotFound)
	})
}

func TestTheOfficeSeesItsOwnArea(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		id := o.block()
		clerk := clerkOf(firstCode)
		estates, total, err := o.EstatesOf(o.ctx, clerk, "", all)
		o.must(err)
		e := estates[0]
		if total != 1 || e.ID != id || e.Community != "新城社区" || e.Homes != 5 || e.Incomplete != 1 || e.Area != 4*8050 || *e.BuiltYear != 1996 {
			t.Errorf("%+v", estates)
		}
		if _, total, err := o.EstatesOf(o.ctx, street, "", all); err != nil || total != 2 {
			t.Errorf("the street sees %d (%v)", total, err)
		}
		if _, total, err := o.EstatesOf(o.ctx, street, "北苑", all); err != nil || total != 1 {
			t.Errorf("the street finds %d (%v)", total, err)
		}
		buildings, total, err := o.Buildings(o.ctx, id, all)
		o.must(err)
		if total != 2 || buildings[0].Building != "2栋" || buildings[0].Units != 2 || buildings[0].Homes != 4 || buildings[1].Building != "10栋" {
			t.Errorf("%+v", buildings)
		}
		units, total, err := o.Units(o.ctx, id, all)
		o.must(err)
		if total != 3 || units[1].Unit != "2单元" || units[1].Building != "2栋" || units[1].Floors != 10 || units[1].Homes != 2 {
			t.Errorf("%+v", units)
		}
		lacking, total, err := o.HomesOf(o.ctx, clerk, registry.Homes{Incomplete: registry.Any, Page: all})
		o.must(err)
		if total != 1 || lacking[0].Room != "商铺1" || lacking[0].Incomplete != "area_missing" || lacking[0].Use != model.UseCommercial {
			t.Errorf("%+v", lacking)
		}
		if _, total, err := o.HomesOf(o.ctx, clerk, registry.Homes{Incomplete: "owner_missing", Page: all}); err != nil || total != 0 {
			t.Errorf("%d (%v)", total, err)
		}
		outsider := clerkOf("520523001002")
		o.refuses(o.HasEstate(o.ctx, outsider, id), fault.ErrNotFound)
		o.refuses(o.HasProperty(o.ctx, outsider, lacking[0].ID), fault.ErrNotFound)
		_, err = o.Home(o.ctx, outsider, lacking[0].ID)
		o.refuses(err, fault.ErrNotFound)
		o.must(o.HasEstate(o.ctx, clerk, id))
	})
}

func TestImportsAreListedWithTheirReports(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.block()
		imports, total, err := o.ImportsOf(o.ctx, street, all)
		o.must(err)
		if total != 1 || imports[0].Rows != 6 || imports[0].StaffID != "street" || len(imports[0].Errors) != 1 || imports[0].Estates[0].Area != 4*8050 {
			t.Errorf("%+v", imports)
		}
		one, err := o.ImportOf(o.ctx, street, imports[0].ID)
		o.must(err)
		if !one.Applied || one.ID != imports[0].ID {
			t.Errorf("%+v", one)
		}
		_, err = o.ImportOf(o.ctx, clerkOf(firstCode), one.ID)
		o.refuses(err, fault.ErrNotFound)
	})
}
