// Package assessment says how communities and departments do (考核): scores
// with the figures behind each, frozen by period; what was found on the spot
// (督查); what joint meetings decided (联席会议).
//
// Law: 金府办〔2021〕140号 五(五).
package assessment

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/assess"
	"gongdi/service/audit"
	"gongdi/service/complaints"
	"gongdi/service/fault"
	"gongdi/service/store"
	"gongdi/service/surveys"
	"gongdi/service/vault"
)

// Service keeps assessments, and reads the figures of others.
type Service struct {
	DB         *store.DB
	Vault      *vault.Vault
	Audit      *audit.Log
	Complaints *complaints.Service
	Surveys    *surveys.Service
	Now        func() time.Time
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Millisecond) }

func (s *Service) today() quantity.Date { return quantity.DateOf(s.now()) }

// What is refused of an assessment.
var (
	ErrRunning   = fault.New(fault.Conflict, "period_running", "这一期还没有结束")
	ErrNotFrozen = fault.New(fault.Conflict, "assessment_not_frozen", "这一期考核还没有定稿")
)

// Table is the assessment of a period: live until it is frozen.
type Table struct {
	model.Assessment
	Span    assess.Period
	Ranked  int // units that have a place
	Lines   []Line
	Weights map[assess.Kind]map[string]int64
}

// Line is one unit of a table, with what its score is made of.
type Line struct {
	model.AssessmentStanding
	Marks     []model.AssessmentMark
	Objection *Objection
}

// Period finds the period that a path names: one that has begun.
func (s *Service) Period(name string) (assess.Period, error) {
	p, err := assess.ParsePeriod(name)
	if err != nil || s.today() < p.From {
		return p, fault.ErrNotFound
	}
	return p, nil
}

// tableArea is whose table a caller reads: a county's its own, of everybody
// else their street's.
func tableArea(caller model.Caller) string {
	if street := model.StreetOf(caller.AreaCode); street != "" {
		return street
	}
	return caller.AreaCode
}

// own is the unit whose line a caller may see; whoever assesses sees all.
func own(caller model.Caller) (unit model.Assessed, all bool) {
	switch caller.Role {
	case model.RoleCommunity:
		return model.Assessed{UnitKind: assess.Community, UnitCode: caller.AreaCode}, false
	case model.RoleDepartment:
		return model.Assessed{UnitKind: assess.Department, UnitCode: caller.Department}, false
	case model.RoleStreet, model.RoleCounty:
		return model.Assessed{}, true
	case model.RoleGrid, model.RoleAuditor, model.RoleAdmin:
	}
	return model.Assessed{}, false
}

// Table shows a period to a caller, a unit its own line alone: the latest
// frozen version or the one that is asked for, else the figures of now.
func (s *Service) Table(ctx context.Context, caller model.Caller, p assess.Period, version int) (*Table, error) {
	db, area := s.DB.Read(ctx), tableArea(caller)
	t, err := frozen(db, p, area, version)
	if errors.Is(err, fault.ErrNotFound) && version == 0 {
		t, err = s.live(ctx, db, p, area)
	}
	if err != nil {
		return nil, err
	}
	if err := s.withObjections(db, t); err != nil {
		return nil, err
	}
	if unit, all := own(caller); !all {
		t.Lines = only(t.Lines, unit)
	}
	return t, nil
}

func only(lines []Line, unit model.Assessed) []Line {
	out := []Line{}
	for _, l := range lines {
		if l.Assessed == unit {
			out = append(out, l)
		}
	}
	return out
}

// live reckons a table from the rows as they are.
func (s *Service) live(ctx context.Context, db *gorm.DB, p assess.Period, area string) (*Table, error) {
	t := &Table{Assessment: model.Assessment{Period: p.Name, AreaCode: area, AsOf: s.now()}, Span: p, Weights: map[assess.Kind]map[string]int64{}}
	units, err := s.units(db, p, area)
	if err != nil {
		return nil, err
	}
	for _, kind := range assess.Kinds {
		if t.Weights[kind], err = weightsOn(db, kind, p.From); err != nil {
			return nil, err
		}
	}
	facts, err := s.gather(ctx, db, p, area)
	if err != nil {
		return nil, err
	}
	items, err := itemsOf(db, p.Name, area)
	if err != nil {
		return nil, err
	}
	for _, u := range units {
		t.Lines = append(t.Lines, line(u, t.Weights[u.UnitKind], facts, items[u.Assessed]))
	}
	t.rank()
	return t, nil
}

// line scores one unit: by its indicators, then by what was entered by hand.
func line(u namedUnit, weights map[string]int64, facts facts, items []model.AssessmentItem) Line {
	l := Line{AssessmentStanding: model.AssessmentStanding{Assessed: u.Assessed, UnitName: u.Name}}
	var scores []assess.Hundredths
	for i, indicator := range assess.Of(u.UnitKind) {
		f, weight := facts[indicator.Code][u.UnitCode], weights[indicator.Code]
		m := model.AssessmentMark{
			Position: i + 1, Indicator: indicator.Code, Label: indicator.Label, NumLabel: indicator.Num, DenLabel: indicator.Den,
			Weight: weight, Num: f.Num, Den: f.Den, Score: f.Score(weight), Routes: f.routes(),
		}
		if f.Known() {
			l.Measured += weight
		}
		scores = append(scores, m.Score)
		l.Marks = append(l.Marks, m)
	}
	var extra assess.Hundredths
	for _, item := range items {
		extra += item.Points
		l.Marks = append(l.Marks, model.AssessmentMark{Position: len(l.Marks) + 1, Label: item.Reason, Score: item.Points})
	}
	l.Score = assess.Total(scores, extra)
	return l
}

// rank gives the places, the first ones first; a unit of which nothing is
// known has none and stands last.
func (t *Table) rank() {
	scores := make([]*assess.Hundredths, len(t.Lines))
	for i := range t.Lines {
		if t.Lines[i].Measured > 0 {
			scores[i] = &t.Lines[i].Score
			t.Ranked++
		}
	}
	for i, place := range assess.Ranks(scores) {
		t.Lines[i].Place = place
	}
	inOrder(t.Lines)
}

// namedUnit is a unit by its name on the period's last day.
type namedUnit struct {
	model.Assessed `gorm:"embedded"`
	Name           string
}

const (
	communitiesIn = "SELECT code AS unit_code, name FROM areas WHERE type = 'community' AND code LIKE ? ORDER BY code"
	departmentsAt = "SELECT code AS unit_code, name FROM departments WHERE valid_from <= ? AND (valid_until = '' OR valid_until >= ?) ORDER BY duty_row, code"
)

func (s *Service) units(db *gorm.DB, p assess.Period, area string) ([]namedUnit, error) {
	day := min(p.Until, s.today())
	var communities, departments []namedUnit
	err := errors.Join(
		db.Raw(communitiesIn, area+"%").Scan(&communities).Error,
		db.Raw(departmentsAt, day, day).Scan(&departments).Error,
	)
	if err != nil {
		return nil, fmt.Errorf("find who is assessed: %w", err)
	}
	for i := range communities {
		communities[i].UnitKind = assess.Community
	}
	for i := range departments {
		departments[i].UnitKind = assess.Department
	}
	return append(communities, departments...), nil
}

const (
	communityThere  = "SELECT COUNT(*) FROM areas WHERE type = 'community' AND code = ? AND code LIKE ?"
	departmentThere = "SELECT COUNT(*) FROM departments WHERE code = ? AND valid_from <= ?"
)

// has refuses a unit that is not in a table's area.
func (s *Service) has(db *gorm.DB, area string, unit model.Assessed, at string) error {
	query, second := communityThere, area+"%"
	if unit.UnitKind == assess.Department {
		query, second = departmentThere, string(s.today())
	}
	var n int64
	if err := db.Raw(query, unit.UnitCode, second).Scan(&n).Error; err != nil {
		return fmt.Errorf("find a unit: %w", err)
	}
	if n == 0 {
		return fault.Unknown(at, "没有这个单位")
	}
	return nil
}

// record notes what a caller did, under the right to conduct assessments
// unless another is named.
func (s *Service) record(ctx context.Context, tx *gorm.DB, caller model.Caller, e audit.Entry) error {
	e.Actor = caller
	if e.Right == "" {
		e.Right = model.ConductAssessments
	}
	return s.Audit.Record(ctx, tx, e)
}
