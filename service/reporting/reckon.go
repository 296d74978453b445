package reporting

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/vote"
	"gongdi/service/complaints"
	"gongdi/service/funds"
)

// anew replaces what is kept of the same key.
var anew = clause.OnConflict{UpdateAll: true}

const (
	took = "v.choice IN ('agree', 'oppose', 'abstain')"

	// Whoever was given the ballot, opened it on the phone, was met at the door
	// or left with the form was reached, and so was whoever took part.
	reachedOf = `SELECT COUNT(*) AS heads, COALESCE(SUM(v.area), 0) AS area FROM roll_voters v WHERE v.motion_id = ? AND (` + took + ` OR v.unconfirmed > 0
OR EXISTS (SELECT 1 FROM deliveries d WHERE d.motion_id = v.motion_id AND d.voter_id = v.id)
OR EXISTS (SELECT 1 FROM door_visits x WHERE x.motion_id = v.motion_id AND x.voter_id = v.id AND x.result IN ('met', 'left_form', 'refused')))`
	castOf = `SELECT b.cast_at, v.area FROM roll_voters v JOIN ballots b ON b.motion_id = v.motion_id AND b.voter_id = v.id AND b.version = v.current_version
WHERE v.motion_id = ? AND ` + took
)

func (s *Service) reckonMotion(ctx context.Context, id string) (put, string, error) {
	db := s.DB.Read(ctx)
	var m model.Motion
	var reached vote.Count
	var cast []struct {
		CastAt time.Time
		Area   quantity.Area
	}
	err := errors.Join(
		db.Raw("SELECT * FROM motions WHERE id = ?", id).Take(&m).Error,
		db.Raw(reachedOf, id).Scan(&reached).Error,
		db.Raw(castOf, id).Scan(&cast).Error,
	)
	if err != nil {
		return nil, "", fmt.Errorf("reckon motion %s: %w", id, err)
	}
	row := model.MotionFigures{
		MotionID: id, AreaCode: m.AreaCode, EstateID: m.EstateID, Stage: m.Stage, OpensAt: m.OpensAt, ClosesAt: m.ClosesAt, SealedAt: m.SealedAt,
		RollHeads: m.RollHeads, RollArea: m.RollArea, ReachedHeads: reached.Heads, ReachedArea: reached.Area,
	}
	days := map[quantity.Date]vote.Count{}
	for _, c := range cast {
		day := quantity.DateOf(c.CastAt)
		days[day] = days[day].Add(vote.Count{Heads: 1, Area: c.Area})
		row.PartHeads, row.PartArea = row.PartHeads+1, row.PartArea+c.Area
	}
	if err := s.judge(ctx, &m, &row); err != nil {
		return nil, "", err
	}
	gone := m.Stage != model.StagePublished && m.Stage != model.StageSealed
	return func(tx *gorm.DB) error {
		if err := tx.Exec("DELETE FROM motion_days WHERE motion_id = ?", id).Error; err != nil {
			return err
		}
		if gone {
			return tx.Exec("DELETE FROM motion_figures WHERE motion_id = ?", id).Error
		}
		for day, n := range days {
			if err := tx.Create(&model.MotionDay{MotionID: id, Day: day, AreaCode: m.AreaCode, Heads: n.Heads, Area: n.Area}).Error; err != nil {
				return err
			}
		}
		return tx.Clauses(anew).Create(&row).Error
	}, m.AreaCode, nil
}

// judge says what is missing: for the quorum, which participation alone
// decides, and only after the seal who agreed and what is missing to pass.
func (s *Service) judge(ctx context.Context, m *model.Motion, row *model.MotionFigures) error {
	part := vote.Count{Heads: row.PartHeads, Area: row.PartArea}
	roll := vote.Count{Heads: m.RollHeads, Area: m.RollArea}
	short := m.Rule().Decide(vote.Totals{Roll: roll, Abstain: part}).Shortfall
	row.QuorumHeads, row.QuorumArea = short.QuorumHeads, short.QuorumArea
	row.Missing = far(short.QuorumHeads, short.QuorumArea, roll)
	if m.Stage != model.StageSealed {
		return nil
	}
	t, err := s.Voting.Tally(ctx, m.ID)
	if err != nil {
		return err
	}
	row.PartHeads, row.PartArea = t.Totals.Participating().Heads, t.Totals.Participating().Area
	row.AgreeHeads, row.AgreeArea, row.Outcome = &t.Totals.Agree.Heads, &t.Totals.Agree.Area, string(t.Result.Outcome)
	short = t.Result.Shortfall
	row.QuorumHeads, row.QuorumArea = short.QuorumHeads, short.QuorumArea
	row.PassHeads, row.PassArea = &short.ToPassHeads, &short.ToPassArea
	row.Missing = far(short.ToPassHeads, short.ToPassArea, roll)
	return nil
}

// far is the larger of two needs in 0.01 % of the roll, rounded up: for the
// order of a list, never for a verdict.
func far(heads int64, area quantity.Area, roll vote.Count) int64 {
	return max(partOf(heads, roll.Heads), partOf(int64(area), int64(roll.Area)))
}

func partOf(part, whole int64) int64 {
	if whole <= 0 {
		return 0
	}
	return (part*10_000 + whole - 1) / whole
}

const (
	dropDays = "DELETE FROM turnout_days WHERE area_code = ?"
	addDays  = `INSERT INTO turnout_days (area_code, day, heads, area)
SELECT area_code, day, SUM(heads), SUM(area) FROM motion_days WHERE area_code = ? GROUP BY area_code, day`
)

func sumDays(tx *gorm.DB, area string) error {
	if err := errors.Join(tx.Exec(dropDays, area).Error, tx.Exec(addDays, area).Error); err != nil {
		return fmt.Errorf("add up the turnout of %s: %w", area, err)
	}
	return nil
}

// reckonCases asks the complaints' own statistics of one area.
func (s *Service) reckonCases(ctx context.Context, area string) (put, error) {
	everywhere := model.Caller{Kind: model.StaffSession, Role: model.RoleCounty, AreaCode: area}
	rows, err := s.Complaints.Figures(ctx, everywhere, complaints.Filter{Area: area}, complaints.ByDepartment)
	if err != nil {
		return nil, err
	}
	kept := make([]model.CaseFigures, 0, len(rows))
	for _, r := range rows[:len(rows)-1] { // the last is the whole
		kept = append(kept, model.CaseFigures{
			AreaCode: area, DepartmentCode: r.Part, Label: r.Label, Received: r.Received, InTime: r.InTime, Late: r.Late, Pending: r.Open,
			Returned: r.Returned, Reopened: r.Reopened, Rated: r.Rated, Satisfied: r.Satisfied,
		})
	}
	return func(tx *gorm.DB) error {
		if err := tx.Exec("DELETE FROM case_figures WHERE area_code = ?", area).Error; err != nil || len(kept) == 0 {
			return err
		}
		return tx.Create(&kept).Error
	}, nil
}

const placeOfMoney = `SELECT area_code, estate_id FROM pledges WHERE purpose_type = ? AND purpose_id = ?
UNION SELECT area_code, estate_id FROM ledger_lines WHERE purpose_type = ? AND purpose_id = ?`

// reckonPurpose asks the funds what is pledged to a purpose by pledges that
// stand, and what came in and went out.
func (s *Service) reckonPurpose(ctx context.Context, id string) (put, error) {
	kind, rest, _ := strings.Cut(id, ":")
	of := model.Purpose{Type: model.PurposeType(kind), ID: rest}
	var places []struct{ AreaCode, EstateID string }
	if err := s.DB.Read(ctx).Raw(placeOfMoney, of.Type, of.ID, of.Type, of.ID).Scan(&places).Error; err != nil {
		return nil, fmt.Errorf("find where %s lies: %w", id, err)
	}
	sources := map[model.Source]*model.PurposeFigures{}
	at := func(source model.Source) *model.PurposeFigures {
		if sources[source] == nil {
			sources[source] = &model.PurposeFigures{PurposeType: of.Type, PurposeID: of.ID, Source: source, AreaCode: places[0].AreaCode, EstateID: places[0].EstateID}
		}
		return sources[source]
	}
	if len(places) > 0 {
		pledged, err := s.Funds.PledgedTo(ctx, of)
		if err != nil {
			return nil, err
		}
		for source, sum := range pledged {
			at(source).Pledged = sum
		}
		totals, err := s.Funds.Totals(ctx, funds.Filter{Purpose: of}, funds.BySource)
		if err != nil {
			return nil, err
		}
		for _, t := range totals {
			row := at(model.Source(t.Key))
			row.Received, row.Spent = t.In, t.Out
		}
	}
	return func(tx *gorm.DB) error {
		if err := tx.Exec("DELETE FROM purpose_figures WHERE purpose_type = ? AND purpose_id = ?", of.Type, of.ID).Error; err != nil {
			return err
		}
		for _, row := range sources {
			if err := tx.Create(row).Error; err != nil {
				return err
			}
		}
		return nil
	}, nil
}

const homesOfEstate = `SELECT COUNT(DISTINCT p.building_id) AS buildings, COUNT(DISTINCT p.unit_id) AS units, COUNT(*) AS homes,
COALESCE(SUM(CASE WHEN p.property_use IN ('', 'residential', 'mixed') THEN 1 ELSE 0 END), 0) AS households, COALESCE(SUM(p.area), 0) AS area
FROM properties p WHERE p.estate_id = ?`

// reckonEstate counts the homes of an estate, and asks the projects whether
// they should be renewed and were.
func (s *Service) reckonEstate(ctx context.Context, id string) (put, error) {
	var row model.EstateFigures
	if err := s.DB.Read(ctx).Raw(homesOfEstate, id).Scan(&row).Error; err != nil {
		return nil, fmt.Errorf("count the homes of estate %s: %w", id, err)
	}
	renewal, err := s.Projects.RenewalOf(ctx, id)
	if err != nil {
		return nil, err
	}
	row.EstateID, row.JudgedBy = id, s.Projects.Criteria()
	row.Due, row.RenewedOn = renewal.Counts()
	return func(tx *gorm.DB) error { return tx.Clauses(anew).Create(&row).Error }, nil
}
