package voting

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/fault"
)

// place is where a motion reaches.
type place struct {
	EstateID, AreaCode, Label string
	Convener                  string // the area's name, then who convenes there
	AreaType                  model.AreaType
}

// The three levels of 「一区一个方案、一栋一个方案、一单元一个方案」.
var scopeByID = map[model.ScopeType]string{
	model.ScopeEstate: `SELECT e.id AS estate_id, e.area_code, e.name AS label, a.name AS convener, a.type AS area_type
FROM estates e JOIN areas a ON a.code = e.area_code WHERE e.id = ?`,
	model.ScopeBuilding: `SELECT e.id AS estate_id, e.area_code, CONCAT(e.name, b.label) AS label, a.name AS convener, a.type AS area_type
FROM buildings b JOIN estates e ON e.id = b.estate_id JOIN areas a ON a.code = e.area_code WHERE b.id = ?`,
	model.ScopeUnit: `SELECT e.id AS estate_id, e.area_code, CONCAT(e.name, b.label, u.label) AS label, a.name AS convener, a.type AS area_type
FROM units u JOIN buildings b ON b.id = u.building_id JOIN estates e ON e.id = u.estate_id JOIN areas a ON a.code = e.area_code WHERE u.id = ?`,
}

// scope finds an estate, building or unit in the caller's area.
func (s *Service) scope(ctx context.Context, caller model.Caller, kind model.ScopeType, id string) (place, error) {
	unknown := fault.Unknown("body.scope.id", "没有找到这个小区、楼栋或单元")
	query, ok := scopeByID[kind]
	if !ok {
		return place{}, fault.Unknown("body.scope.type", "范围应为小区、楼栋或单元")
	}
	var p place
	err := s.DB.Read(ctx).Raw(query, id).Take(&p).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return place{}, unknown
	}
	if err != nil {
		return place{}, fmt.Errorf("find %s %s: %w", kind, id, err)
	}
	if !caller.Covers(p.AreaCode) {
		return place{}, unknown
	}
	p.Convener += Conveners[p.AreaType]
	return p, nil
}

// Conveners are, after the name of their area, who calls owners together where they have no committee of
// their own.
var Conveners = map[model.AreaType]string{model.Community: "居民委员会", model.Street: "办事处"}
