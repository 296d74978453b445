// Package audience says whom something of the office is for: a street, a
// community, an estate, a building or a unit, and the homes in it.
package audience

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/store"
)

// Place is where something reaches: its area, what it is called, and the
// building or estate around it.
type Place struct{ ID, AreaCode, Label, Around string }

var places = map[model.AudienceType]string{
	model.ToStreet:    "SELECT code AS id, code AS area_code, name AS label, '' AS around FROM areas WHERE code = ? AND type = 'street'",
	model.ToCommunity: "SELECT code AS id, code AS area_code, name AS label, '' AS around FROM areas WHERE code = ? AND type = 'community'",
	model.ToEstate:    "SELECT id, area_code, name AS label, '' AS around FROM estates WHERE id = ?",
	model.ToBuilding:  "SELECT b.id, e.area_code, CONCAT(e.name, b.label) AS label, e.id AS around FROM buildings b JOIN estates e ON e.id = b.estate_id WHERE b.id = ?",
	model.ToUnit: `SELECT u.id, e.area_code, CONCAT(e.name, b.label, u.label) AS label, b.id AS around FROM units u
JOIN buildings b ON b.id = u.building_id JOIN estates e ON e.id = u.estate_id WHERE u.id = ?`,
}

// Find is the place that a member of staff names as an audience, inside their
// area.
func Find(ctx context.Context, db *store.DB, caller model.Caller, kind model.AudienceType, id string) (Place, error) {
	query, known := places[kind]
	if !known {
		return Place{}, fault.Unknown("body.audience.type", "范围应为街道、社区、小区、楼栋或单元")
	}
	var p Place
	err := db.Read(ctx).Raw(query, id).Take(&p).Error
	if errors.Is(err, gorm.ErrRecordNotFound) || err == nil && !caller.Covers(p.AreaCode) {
		return Place{}, fault.Unknown("body.audience.id", "没有找到这个范围，或者不在您的辖区之内")
	}
	if err != nil {
		return Place{}, fmt.Errorf("find an audience: %w", err)
	}
	return p, nil
}

// HomesJoined are homes p with their estates e.
const HomesJoined = "FROM properties p JOIN estates e ON e.id = p.estate_id "

// HomesOf narrows homes p of estates e to an audience; it takes the audience's id.
var HomesOf = map[model.AudienceType]string{
	model.ToStreet:    "e.area_code LIKE CONCAT(?, '%')",
	model.ToCommunity: "e.area_code = ?",
	model.ToEstate:    "p.estate_id = ?",
	model.ToBuilding:  "p.building_id = ?",
	model.ToUnit:      "p.unit_id = ?",
}

// Own narrows homes p of estates e to those that a member of staff looks
// after: their area's, and of the grid its buildings'. It takes OwnOf.
const Own = " AND e.area_code LIKE ? AND (? = '' OR p.building_id IN (SELECT building_id FROM staff_buildings WHERE staff_id = ?))"

// OwnOf are what Own takes.
func OwnOf(caller model.Caller) []any {
	grid := ""
	if caller.Role == model.RoleGrid {
		grid = caller.ID
	}
	return []any{caller.AreaCode + "%", grid, grid}
}

// Tends refuses, with not found, a thing outside the caller's area.
func Tends(caller model.Caller, areaCode string) error {
	if !caller.Covers(areaCode) {
		return fault.ErrNotFound
	}
	return nil
}

// Reads refuses, with not found, a thing that neither lies in the caller's
// area nor was published to one that theirs is part of.
func Reads(caller model.Caller, areaCode string, published bool) error {
	if published && model.Within(caller.AreaCode, areaCode) {
		return nil
	}
	return Tends(caller, areaCode)
}
