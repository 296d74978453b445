package voting

import (
	"context"
	"fmt"
	"slices"

	"gongdi/model"
	"gongdi/model/rule/vote"
	"gongdi/service/fault"
)

// DoorState is what is known of a home's door, never what was chosen there.
type DoorState string

// The states, the one that says most first.
const (
	DoorTookPart    DoorState = "took_part"
	DoorUnconfirmed DoorState = "unconfirmed" // a paper that a second person has yet to confirm
	DoorVisited     DoorState = "visited"     // somebody was met, or left the form
	DoorNobodyHome  DoorState = "nobody_home" // at the latest visit
	DoorDelivered   DoorState = "delivered"   // handed over, posted, or opened on the phone
	DoorUntouched   DoorState = "none"
)

// DoorPlan is one building of a motion as a grid of doors.
type DoorPlan struct {
	Building  string
	Buildings []string // that the caller may ask for, in walking order
	Units     []DoorUnit
}

// DoorUnit is a stairwell, its top floor first.
type DoorUnit struct {
	Unit   string
	Floors []DoorFloor
}

// DoorFloor is a floor of a stairwell. Homes whose floor is not known stand
// together on one without a number, the last.
type DoorFloor struct {
	Floor *int
	Homes []DoorHome
}

// DoorHome is a home on the roll.
type DoorHome struct {
	PropertyID, Label string
	State             DoorState
}

type doorRow struct {
	PropertyID, Label, Unit string
	Floor                   *int
	Choice                  vote.Choice
	Unconfirmed             int
	Delivered               int64
	Visit                   model.VisitResult
}

const (
	buildingsOfRoll = "SELECT building FROM roll_properties WHERE motion_id = ? GROUP BY building ORDER BY MIN(position)"
	doorsOfBuilding = `SELECT h.property_id, h.label, h.unit, p.floor, v.choice, v.unconfirmed,
(SELECT COUNT(*) FROM deliveries d WHERE d.motion_id = h.motion_id AND d.voter_id = h.voter_id) AS delivered,
COALESCE((SELECT x.result FROM door_visits x WHERE x.motion_id = h.motion_id AND x.voter_id = h.voter_id ORDER BY x.at DESC, x.id DESC LIMIT 1), '') AS visit
FROM roll_properties h JOIN roll_voters v ON v.motion_id = h.motion_id AND v.id = h.voter_id LEFT JOIN properties p ON p.id = h.property_id
WHERE h.motion_id = ? AND h.building = ? ORDER BY h.position`
)

// Doors shows a building of a motion door by door, as far as the caller may
// see; the first building where none is named. What is not on the roll is not
// there.
func (s *Service) Doors(ctx context.Context, caller model.Caller, m *model.Motion, building string) (*DoorPlan, error) {
	reach, err := s.reach(ctx, caller, m)
	if err != nil {
		return nil, err
	}
	db := s.DB.Read(ctx)
	plan := &DoorPlan{Building: building}
	if err := db.Raw(buildingsOfRoll, m.ID).Scan(&plan.Buildings).Error; err != nil {
		return nil, fmt.Errorf("find the buildings of motion %s: %w", m.ID, err)
	}
	if reach != nil {
		plan.Buildings = slices.DeleteFunc(plan.Buildings, func(b string) bool { return !slices.Contains(reach, b) })
	}
	switch {
	case building == "" && len(plan.Buildings) == 0:
		return plan, nil
	case building == "":
		plan.Building = plan.Buildings[0]
	case !slices.Contains(plan.Buildings, building):
		return nil, fault.Unknown("query.building", "名册上没有这一栋，或者不在您的网格内")
	}
	var rows []doorRow
	if err := db.Raw(doorsOfBuilding, m.ID, plan.Building).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("list the doors of motion %s: %w", m.ID, err)
	}
	for i := range rows {
		plan.add(&rows[i])
	}
	for _, u := range plan.Units {
		slices.SortStableFunc(u.Floors, func(a, b DoorFloor) int { return topFirst(a.Floor, b.Floor) })
	}
	return plan, nil
}

func topFirst(a, b *int) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	return *b - *a
}

func (p *DoorPlan) add(r *doorRow) {
	u := slices.IndexFunc(p.Units, func(u DoorUnit) bool { return u.Unit == r.Unit })
	if u < 0 {
		u = len(p.Units)
		p.Units = append(p.Units, DoorUnit{Unit: r.Unit})
	}
	unit := &p.Units[u]
	f := slices.IndexFunc(unit.Floors, func(f DoorFloor) bool {
		return f.Floor == nil && r.Floor == nil || f.Floor != nil && r.Floor != nil && *f.Floor == *r.Floor
	})
	if f < 0 {
		f = len(unit.Floors)
		unit.Floors = append(unit.Floors, DoorFloor{Floor: r.Floor})
	}
	unit.Floors[f].Homes = append(unit.Floors[f].Homes, DoorHome{PropertyID: r.PropertyID, Label: r.Label, State: r.state()})
}

func (r *doorRow) state() DoorState {
	switch {
	case r.Choice != "" && r.Choice != vote.Invalid:
		return DoorTookPart
	case r.Unconfirmed > 0:
		return DoorUnconfirmed
	case r.Visit == model.NobodyHome:
		return DoorNobodyHome
	case r.Visit != "":
		return DoorVisited
	case r.Delivered > 0:
		return DoorDelivered
	default:
		return DoorUntouched
	}
}
