package registry

import (
	"context"
	"strings"

	"gongdi/model"
	"gongdi/model/quantity"
	rule "gongdi/model/rule/roster"
	"gongdi/service/store"
)

// EstateName is an estate as a resident looks for it.
type EstateName struct {
	ID, Name, Community string
}

// Estate is an estate as the office sees it: with what is stored of it.
type Estate struct {
	model.Estate
	Community  string
	Homes      int64
	Incomplete int64
	Area       quantity.Area // of the homes whose area is known
}

const (
	estatesNamed = "FROM estates e LEFT JOIN areas a ON a.code = e.area_code AND a.type = 'community' WHERE "
	estateCounts = `e.id, e.area_code, e.name, e.built_year, e.accepted_on, e.created_at, COALESCE(a.name, '') AS community,
(SELECT COUNT(*) FROM properties p WHERE p.estate_id = e.id) AS homes,
(SELECT COUNT(*) FROM properties p WHERE p.estate_id = e.id AND p.incomplete <> '') AS incomplete,
(SELECT COALESCE(SUM(p.area), 0) FROM properties p WHERE p.estate_id = e.id) AS area`
)

// named narrows a list of estates to those whose name holds a text.
func named(where string, args []any, q string) (string, []any) {
	if q = strings.TrimSpace(q); q == "" {
		return where, args
	}
	if folded := rule.PlaceName(q); folded != "" {
		q = folded
	}
	return where + " AND INSTR(e.name, ?) > 0", append(args, q)
}

// Estates lists the estates of the street by name, for whoever looks for
// their home.
func (s *Service) Estates(ctx context.Context, q string, p Page) ([]EstateName, int64, error) {
	where, args := named("1 = 1", nil, q)
	return store.Page[EstateName](s.DB.Read(ctx), store.List{
		Of: "estates", Columns: "e.id, e.name, COALESCE(a.name, '') AS community", From: estatesNamed + where, Order: "e.name, e.id", Args: args,
	}, p.Offset, p.Limit)
}

// EstatesOf lists the estates in the caller's area.
func (s *Service) EstatesOf(ctx context.Context, caller model.Caller, q string, p Page) ([]Estate, int64, error) {
	where, args := named("e.area_code LIKE ?", []any{caller.AreaCode + "%"}, q)
	return store.Page[Estate](s.DB.Read(ctx), store.List{
		Of: "estates", Columns: estateCounts, From: estatesNamed + where, Order: "e.area_code, e.name, e.id", Args: args,
	}, p.Offset, p.Limit)
}

// Building is a block with how many stairwells and homes it has.
type Building struct {
	ID, Building string
	Units, Homes int64
}

// Unit is a stairwell. Floors is its highest floor; where none is known, 0.
type Unit struct {
	ID, BuildingID, Building, Unit string
	Floors, Homes                  int64
}

const (
	buildingColumns = `b.id, b.label AS building,
(SELECT COUNT(*) FROM units u WHERE u.building_id = b.id AND u.label <> '') AS units,
(SELECT COUNT(*) FROM properties p WHERE p.estate_id = b.estate_id AND p.building_id = b.id) AS homes`
	buildingsFrom = "FROM buildings b WHERE b.estate_id = ?"

	unitColumns = `u.id, u.building_id, b.label AS building, u.label AS unit,
(SELECT CASE WHEN MAX(p.floor) > 0 THEN MAX(p.floor) ELSE COUNT(DISTINCT p.floor) END FROM properties p WHERE p.unit_id = u.id) AS floors,
(SELECT COUNT(*) FROM properties p WHERE p.unit_id = u.id) AS homes`
	unitsFrom = "FROM units u JOIN buildings b ON b.id = u.building_id WHERE u.estate_id = ? AND u.label <> ''"
)

// Buildings lists the blocks of an estate in their order.
func (s *Service) Buildings(ctx context.Context, estateID string, p Page) ([]Building, int64, error) {
	return store.Page[Building](s.DB.Read(ctx), store.List{
		Of: "the buildings of estate " + estateID, Columns: buildingColumns, From: buildingsFrom, Order: "b.sort_key, b.id", Args: []any{estateID},
	}, p.Offset, p.Limit)
}

// Units lists the stairwells of an estate in their order. Homes without one,
// shops on the street say, are in none of them.
func (s *Service) Units(ctx context.Context, estateID string, p Page) ([]Unit, int64, error) {
	return store.Page[Unit](s.DB.Read(ctx), store.List{
		Of: "the units of estate " + estateID, Columns: unitColumns, From: unitsFrom, Order: "b.sort_key, u.sort_key, u.id", Args: []any{estateID},
	}, p.Offset, p.Limit)
}
