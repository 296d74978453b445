package voting_test

import (
	"fmt"
	"strings"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/store"
)

// home is what a test says of one property; what it leaves out is a dwelling of
// 80.00 m², registered, of an owner of its own.
type home struct {
	at         string // "1-2-301" is 1栋2单元301
	area       quantity.Area
	source     model.AreaSource
	use        model.Use
	tenure     model.Tenure
	owners     []string // "?" before a name: no document number
	incomplete string
}

const unknownArea quantity.Area = -1

// nobody owns a home whose owner the list does not give.
var nobody = []string{}

// estate is a registry that a test has built. Every owner is a resident bound
// to each of their homes.
type estate struct {
	o          *office
	id         string
	buildings  map[string]string
	units      map[string]string
	properties map[string]string            // by place
	owners     map[string]map[string]string // ids by place and name
	people     map[string]model.Caller      // by name
	first      map[string]string            // the first owner's name by place
}

// build makes an estate of homes.
func (o *office) build(homes ...home) *estate {
	o.t.Helper()
	e := &estate{
		o: o, id: store.NewID(), buildings: map[string]string{}, units: map[string]string{}, properties: map[string]string{},
		owners: map[string]map[string]string{}, people: map[string]model.Caller{}, first: map[string]string{},
	}
	o.insert(&model.Estate{ID: e.id, AreaCode: communityCode, Name: "测试小区" + e.id, CreatedAt: start})
	e.add(homes...)
	return e
}

// flats are n homes of one stairwell, 1-1-1 to 1-1-n.
func flats(n int) []home {
	homes := make([]home, 0, n)
	for i := range n {
		homes = append(homes, home{at: fmt.Sprintf("1-1-%d", i+1)})
	}
	return homes
}

// add registers homes, also after a roll was frozen.
func (e *estate) add(homes ...home) {
	e.o.t.Helper()
	var rows struct {
		buildings  []model.Building
		units      []model.Unit
		properties []model.Property
		owners     []model.Owner
		bindings   []model.Binding
	}
	for _, h := range homes {
		building, unit, room := places(h.at)
		if e.buildings[building] == "" {
			e.buildings[building] = store.NewID()
			rows.buildings = append(rows.buildings, model.Building{ID: e.buildings[building], EstateID: e.id, Label: building, SortKey: building})
		}
		if e.units[building+unit] == "" {
			e.units[building+unit] = store.NewID()
			rows.units = append(rows.units, model.Unit{
				ID: e.units[building+unit], EstateID: e.id, BuildingID: e.buildings[building], Label: unit, SortKey: unit,
			})
		}
		p := e.property(h, building, unit, room)
		rows.properties = append(rows.properties, p)
		owners, bindings := e.owned(h, p.ID)
		rows.owners, rows.bindings = append(rows.owners, owners...), append(rows.bindings, bindings...)
	}
	e.o.insert(rows.buildings, rows.units, rows.properties, rows.owners, rows.bindings)
}

func places(at string) (building, unit, room string) {
	parts := strings.Split(at, "-")
	return parts[0] + "栋", parts[1] + "单元", parts[2]
}

func (e *estate) property(h home, building, unit, room string) model.Property {
	p := model.Property{
		ID: store.NewID(), EstateID: e.id, BuildingID: e.buildings[building], UnitID: e.units[building+unit],
		Room: room, Label: building + unit + room, Use: h.use, AreaSource: h.source, Tenure: h.tenure,
		Incomplete: h.incomplete, CreatedAt: start, UpdatedAt: start,
	}
	var numbers [3]int
	_, err := fmt.Sscanf(h.at, "%d-%d-%d", &numbers[0], &numbers[1], &numbers[2])
	e.o.must(err)
	p.SortKey = fmt.Sprintf("%06d", numbers)
	if p.Use == "" {
		p.Use = model.UseResidential
	}
	if h.area == 0 {
		h.area = 8000
	}
	if h.area != unknownArea {
		p.Area = &h.area
		if h.source == "" {
			p.AreaSource = model.AreaRegistered
		}
	}
	e.properties[h.at] = p.ID
	return p
}

func (e *estate) owned(h home, propertyID string) ([]model.Owner, []model.Binding) {
	if h.owners == nil {
		h.owners = []string{"owner of " + h.at}
	}
	e.owners[h.at] = map[string]string{}
	var owners []model.Owner
	var bindings []model.Binding
	for i, name := range h.owners {
		o := model.Owner{ID: store.NewID(), PropertyID: propertyID, Position: i + 1, Kind: model.OwnerPerson, NameMasked: "某" + fmt.Sprint(i)}
		if !strings.HasPrefix(name, "?") {
			o.DocumentIndex = "index of " + name
		}
		owners = append(owners, o)
		e.owners[h.at][name] = o.ID
		if i == 0 {
			e.first[h.at] = name
		}
		bindings = append(bindings, e.binding(e.person(name), h.at, model.RelationOwner, o.ID))
	}
	return owners, bindings
}

// person is the resident of a name.
func (e *estate) person(name string) model.Caller {
	if _, known := e.people[name]; !known {
		e.people[name] = model.Caller{Kind: model.ResidentSession, ID: store.NewID()}
	}
	return e.people[name]
}

// of is the first owner of a home.
func (e *estate) of(at string) model.Caller { return e.people[e.first[at]] }

func (e *estate) binding(who model.Caller, at string, relation model.Relation, ownerID string) model.Binding {
	return model.Binding{
		ID: store.NewID(), ResidentID: who.ID, PropertyID: e.properties[at], EstateID: e.id, OwnerID: ownerID,
		Relation: relation, Status: model.BindingVerified, Proof: model.ProofDocument, CreatedAt: start,
	}
}

// bind ties somebody to a home without being its owner on the list.
func (e *estate) bind(name, at string, relation model.Relation) model.Caller {
	e.o.t.Helper()
	e.o.insert([]model.Binding{e.binding(e.person(name), at, relation, "")})
	return e.people[name]
}

// sell gives a home to somebody else.
func (e *estate) sell(at, buyer string) model.Caller {
	e.o.t.Helper()
	e.o.exec("DELETE FROM owners WHERE property_id = ?", e.properties[at])
	owners, bindings := e.owned(home{at: at, owners: []string{buyer}}, e.properties[at])
	e.o.insert(owners, bindings)
	return e.people[buyer]
}

// insert writes rows; a list may be empty.
func (o *office) insert(rows ...any) {
	o.t.Helper()
	o.must(store.Tx(o.ctx, o.db, func(tx *gorm.DB) error {
		for _, r := range rows {
			if err := tx.CreateInBatches(r, 200).Error; err != nil {
				return err
			}
		}
		return nil
	}))
}

func (o *office) exec(statement string, args ...any) {
	o.t.Helper()
	o.must(store.Tx(o.ctx, o.db, func(tx *gorm.DB) error { return tx.Exec(statement, args...).Error }))
}
