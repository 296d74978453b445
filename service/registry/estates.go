package registry

import (
	"context"
	"fmt"
	"strings"

	"gongdi/model"
	"gongdi/model/quantity"
	rule "gongdi/model/rule/roster"
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
	rows, total, err := list[EstateName](s.DB.Read(ctx), listing{
		columns: "e.id, e.name, COALESCE(a.name, '') AS community", from: estatesNamed + where, order: "e.name, e.id", args: args,
	}, p)
	if err != nil {
		return nil, 0, fmt.Errorf("list estates: %w", err)
	}
	return rows, total, nil
}

// EstatesOf lists the estates in the caller's area.
func (s *Service) EstatesOf(ctx context.Context, caller model.Caller, q string, p Page) ([]Estate, int64, error) {
	where, args := named("e.area_code LIKE ?", []any{caller.AreaCode + "%"}, q)
	rows, total, err := list[Estate](s.DB.Read(ctx), listing{
		columns: estateCounts, from: estatesNamed + where, order: "e.area_code, e.name, e.id", args: args,
	}, p)
	if err != nil {
		return nil, 0, fmt.Errorf("list estates: %w", err)
	}
	return rows, total, nil
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
	rows, total, err := list[Building](s.DB.Read(ctx), listing{
		columns: buildingColumns, from: buildingsFrom, order: "b.sort_key, b.id", args: []any{estateID},
	}, p)
	if err != nil {
		return nil, 0, fmt.Errorf("list the buildings of estate %s: %w", estateID, err)
	}
	return rows, total, nil
}

// Units lists the stairwells of an estate in their order. Homes without one,
// shops on the street say, are in none of them.
func (s *Service) Units(ctx context.Context, estateID string, p Page) ([]Unit, int64, error) {
	rows, total, err := list[Unit](s.DB.Read(ctx), listing{
		columns: unitColumns, from: unitsFrom, order: "b.sort_key, u.sort_key, u.id", args: []any{estateID},
	}, p)
	if err != nil {
		return nil, 0, fmt.Errorf("list the units of estate %s: %w", estateID, err)
	}
	return rows, total, nil
}
