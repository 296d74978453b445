package voting

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gongdi/model"
	"gongdi/model/rule/vote"
)

// Participation says whether and how a voter took part, never what was chosen.
type Participation string

// The participations. An invalid paper takes no part: that door is still to be
// visited.
const (
	NotYet   Participation = "none"
	OnPhone  Participation = "online"
	OnPaper  Participation = "paper"
	ByProxy  Participation = "proxy"
	Waiting  Participation = "unconfirmed" // a paper that a second person has yet to confirm
	Disputed Participation = "conflict"    // a paper that differs from the phone

	toRemind Participation = "to_remind" // has not answered, on paper either
)

// Door is a voter as whoever goes from door to door needs it.
type Door struct {
	model.RollVoter
	Participation Participation
	Properties    []model.RollProperty
}

// Doors asks for a page of a roll; empty fields do not narrow it.
type Doors struct {
	MotionID      string
	Participation Participation
	Building      string
	Unit          string
	Buildings     []string // no others, unless nil
	Offset, Limit int
}

const takesPart = "choice IN ('agree', 'oppose', 'abstain')"

// A page is first found by an index alone and only then read, so that the last
// page of a long roll costs what the first does.
const (
	doorPage = "SELECT id FROM roll_voters WHERE %s ORDER BY position LIMIT ? OFFSET ?"
	doorRows = `SELECT motion_id, id, position, building, unit, owners_masked, area, incomplete, choice, channel, version,
open_conflict, unconfirmed FROM roll_voters WHERE motion_id = ? AND id IN ?`
)

var doorFilters = map[Participation]string{
	NotYet:   "choice IN ('', 'invalid')",
	OnPhone:  takesPart + " AND channel = 'online'",
	OnPaper:  takesPart + " AND channel = 'paper'",
	ByProxy:  takesPart + " AND channel = 'proxy'",
	Waiting:  "unconfirmed > 0",
	Disputed: "open_conflict > 0",
	toRemind: "choice IN ('', 'invalid') AND unconfirmed = 0",
}

func (d Doors) where() (string, []any) {
	terms, args := []string{"motion_id = ?"}, []any{d.MotionID}
	if filter, ok := doorFilters[d.Participation]; ok {
		terms = append(terms, filter)
	}
	if d.Buildings != nil {
		terms, args = append(terms, "building IN ?"), append(args, d.Buildings)
	}
	if d.Building != "" {
		terms, args = append(terms, "building = ?"), append(args, d.Building)
	}
	if d.Unit != "" {
		terms, args = append(terms, "unit = ?"), append(args, d.Unit)
	}
	return strings.Join(terms, " AND "), args
}

// DoorsFor is DoorsOf as far as the caller may see: the grid its own buildings.
func (s *Service) DoorsFor(ctx context.Context, caller model.Caller, m *model.Motion, d Doors) ([]Door, int64, error) {
	buildings, err := s.reach(ctx, caller, m)
	if err != nil {
		return nil, 0, err
	}
	d.Buildings = buildings
	return s.DoorsOf(ctx, d)
}

// DoorsOf lists voters in walking order: building, unit, floor, room.
func (s *Service) DoorsOf(ctx context.Context, d Doors) ([]Door, int64, error) {
	where, args := d.where()
	db := s.DB.Read(ctx)
	var total int64
	count := "SELECT COUNT(*) FROM roll_voters WHERE " + where
	if len(args) == 1 && d.Participation == "" { // all of them
		count = "SELECT roll_heads FROM motions WHERE id = ?"
	}
	if err := db.Raw(count, args...).Scan(&total).Error; err != nil {
		return nil, 0, fmt.Errorf("count the doors of motion %s: %w", d.MotionID, err)
	}
	var ids []string
	if err := db.Raw(fmt.Sprintf(doorPage, where), append(args, d.Limit, d.Offset)...).Scan(&ids).Error; err != nil {
		return nil, 0, fmt.Errorf("find the doors of motion %s: %w", d.MotionID, err)
	}
	var voters []model.RollVoter
	if len(ids) > 0 {
		if err := db.Raw(doorRows, d.MotionID, ids).Scan(&voters).Error; err != nil {
			return nil, 0, fmt.Errorf("list the doors of motion %s: %w", d.MotionID, err)
		}
	}
	slices.SortFunc(voters, func(a, b model.RollVoter) int { return a.Position - b.Position })
	properties, err := s.propertiesOf(ctx, d.MotionID, voters)
	if err != nil {
		return nil, 0, err
	}
	doors := make([]Door, 0, len(voters))
	for _, v := range voters {
		doors = append(doors, Door{RollVoter: v, Participation: ParticipationOf(&v), Properties: properties[v.ID]})
	}
	return doors, total, nil
}

const propertiesOfVoters = "SELECT * FROM roll_properties WHERE voter_id IN ? ORDER BY position"

func (s *Service) propertiesOf(ctx context.Context, motionID string, voters []model.RollVoter) (map[string][]model.RollProperty, error) {
	if len(voters) == 0 {
		return nil, nil
	}
	ids := make([]string, 0, len(voters))
	for _, v := range voters {
		ids = append(ids, v.ID)
	}
	var rows []model.RollProperty
	if err := s.DB.Read(ctx).Raw(propertiesOfVoters, ids).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the properties of motion %s: %w", motionID, err)
	}
	properties := make(map[string][]model.RollProperty, len(voters))
	for _, p := range rows {
		properties[p.VoterID] = append(properties[p.VoterID], p)
	}
	return properties, nil
}

// ParticipationOf says whether and how a voter took part, never what was chosen.
func ParticipationOf(v *model.RollVoter) Participation {
	if v.Choice == "" || v.Choice == vote.Invalid {
		return NotYet
	}
	return Participation(v.Channel)
}

// Visit is one building or unit with how many doors there are and are left.
type Visit struct {
	Building, Unit string
	Doors, Left    int64
}

const visits = `SELECT building, unit, COUNT(*) AS doors, SUM(CASE WHEN choice IN ('', 'invalid') THEN 1 ELSE 0 END) AS ` + "`left`" + `
FROM roll_voters WHERE motion_id = ? GROUP BY building, unit ORDER BY MIN(position)`

// VisitsFor sums the doors to visit by building and unit, in walking order, as
// far as the caller may see.
func (s *Service) VisitsFor(ctx context.Context, caller model.Caller, m *model.Motion) ([]Visit, error) {
	buildings, err := s.reach(ctx, caller, m)
	if err != nil {
		return nil, err
	}
	var rows []Visit
	if err := s.DB.Read(ctx).Raw(visits, m.ID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("sum the doors of motion %s: %w", m.ID, err)
	}
	if buildings != nil {
		rows = slices.DeleteFunc(rows, func(v Visit) bool { return !slices.Contains(buildings, v.Building) })
	}
	return rows, nil
}
