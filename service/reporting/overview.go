package reporting

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/vote"
	"gongdi/service/fault"
)

// Overview is the first page's figures of an area. They name no person, and
// nothing in them says what anybody chose before the seal.
type Overview struct {
	Area model.Area
	AsOf time.Time
	Sums
	Funnels      []Funnel // the nearest to the close, then the latest sealed
	Estates      []Funnel // those that are not there yet, the nearest first
	Turnout      []Day
	Satisfaction []Satisfaction
}

// Sums are the figures of an area that a daily snapshot keeps.
type Sums struct {
	Open   Stage // motions that are before the voters, or counted
	Sealed Stage
	Cases  []Cases // by department, the whole last
	Money  []Money // by source, the whole last
	Done   Progress
}

// Stage adds up the motions of one stage.
type Stage struct {
	Motions             int64
	Roll, Reached, Part vote.Count
	Agree               *vote.Count // nil before the seal
	Passed              int64
}

// Funnel is how far one motion has come: from the roll to those it reached,
// who took part, and who agreed.
type Funnel struct {
	MotionID, Title, EstateID, Estate, ScopeLabel string
	Kind                                          model.MotionKind
	Status                                        model.Status
	ClosesAt                                      time.Time
	Roll, Reached, Part                           vote.Count
	Agree                                         *vote.Count
	Outcome                                       string
	Quorum                                        vote.Count  // missing for it
	ToPass                                        *vote.Count // missing, nil before the seal
}

// Day is how many took part on one day.
type Day struct {
	Day quantity.Date
	vote.Count
}

// Cases are the complaints' own statistics of one department.
type Cases struct {
	Department, Label                                                     string
	Received, InTime, Late, Pending, Returned, Reopened, Rated, Satisfied int64
}

// Money is what one source comes to.
type Money struct {
	Source                   model.Source
	Pledged, Received, Spent quantity.Fen
}

// Progress is 应改造户数累计完成率: the households of estates that should be renewed,
// and of those that were, by rule/project's Renewal.
type Progress struct {
	Estates, DoneEstates       int64
	Households, DoneHouseholds int64
}

// Area is a part of the division that lies in the caller's, or not found.
func (s *Service) Area(ctx context.Context, caller model.Caller, code string) (model.Area, error) {
	if code == "" {
		code = caller.AreaCode
	}
	var rows []model.Area
	if err := s.DB.Read(ctx).Raw("SELECT * FROM areas WHERE code = ?", code).Scan(&rows).Error; err != nil {
		return model.Area{}, fmt.Errorf("find an area: %w", err)
	}
	if len(rows) == 0 || !caller.Covers(code) {
		return model.Area{}, fault.ErrNotFound
	}
	return rows[0], nil
}

// Overview is the first page of an area, as of now.
func (s *Service) Overview(ctx context.Context, area model.Area) (*Overview, error) {
	if err := s.CatchUp(ctx); err != nil {
		return nil, err
	}
	now := s.now()
	o := &Overview{Area: area, AsOf: now}
	sums, err := s.sums(ctx, area.Code, now)
	if err != nil {
		return nil, err
	}
	o.Sums = *sums
	if o.Funnels, o.Estates, err = s.funnels(ctx, area.Code, now); err != nil {
		return nil, err
	}
	if o.Turnout, err = s.turnout(ctx, area.Code, now); err != nil {
		return nil, err
	}
	o.Satisfaction, err = s.satisfaction(ctx, area.Code)
	return o, err
}

const (
	sumStages = `SELECT stage, COUNT(*) AS motions, SUM(roll_heads) AS roll_heads, SUM(roll_area) AS roll_area, SUM(reached_heads) AS reached_heads,
SUM(reached_area) AS reached_area, SUM(part_heads) AS part_heads, SUM(part_area) AS part_area, SUM(agree_heads) AS agree_heads, SUM(agree_area) AS agree_area,
SUM(CASE WHEN outcome = 'passed' THEN 1 ELSE 0 END) AS passed
FROM motion_figures WHERE area_code LIKE @area AND opens_at <= @now GROUP BY stage`
	sumCases = `SELECT department_code AS department, MAX(label) AS label, SUM(received) AS received, SUM(in_time) AS in_time, SUM(late) AS late, SUM(pending) AS pending,
SUM(returned) AS returned, SUM(reopened) AS reopened, SUM(rated) AS rated, SUM(satisfied) AS satisfied
FROM case_figures WHERE area_code LIKE @area GROUP BY department_code ORDER BY SUM(received) DESC, department_code`
	sumMoney = `SELECT source, SUM(pledged) AS pledged, SUM(received) AS received, SUM(spent) AS spent FROM purpose_figures
WHERE area_code LIKE @area GROUP BY source ORDER BY source`
	sumProgress = `SELECT COUNT(*) AS estates, COALESCE(SUM(CASE WHEN f.renewed_on <> '' THEN 1 ELSE 0 END), 0) AS done_estates,
COALESCE(SUM(f.households), 0) AS households, COALESCE(SUM(CASE WHEN f.renewed_on <> '' THEN f.households ELSE 0 END), 0) AS done_households
FROM estates e JOIN estate_figures f ON f.estate_id = e.id WHERE e.area_code LIKE @area AND f.due = 1`
)

type stageRow struct {
	Stage                              model.Stage
	Motions, Passed                    int64
	RollHeads, ReachedHeads, PartHeads int64
	RollArea, ReachedArea, PartArea    quantity.Area
	AgreeHeads                         *int64
	AgreeArea                          *quantity.Area
}

// sums adds up an area from what is kept.
func (s *Service) sums(ctx context.Context, area string, now time.Time) (*Sums, error) {
	db, values := s.DB.Read(ctx), map[string]any{"area": area + "%", "now": now}
	var out Sums
	var stages []stageRow
	err := errors.Join(
		db.Raw(sumStages, values).Scan(&stages).Error,
		db.Raw(sumCases, values).Scan(&out.Cases).Error,
		db.Raw(sumMoney, values).Scan(&out.Money).Error,
		db.Raw(sumProgress, values).Scan(&out.Done).Error,
	)
	if err != nil {
		return nil, fmt.Errorf("add up area %s: %w", area, err)
	}
	for _, r := range stages {
		stage := Stage{
			Motions: r.Motions, Passed: r.Passed, Roll: vote.Count{Heads: r.RollHeads, Area: r.RollArea},
			Reached: vote.Count{Heads: r.ReachedHeads, Area: r.ReachedArea}, Part: vote.Count{Heads: r.PartHeads, Area: r.PartArea},
		}
		if r.Stage == model.StageSealed {
			stage.Agree = counted(r.AgreeHeads, r.AgreeArea)
			out.Sealed = stage
		} else {
			out.Open = stage
		}
	}
	whole, money := Cases{Label: "合计"}, Money{}
	for _, c := range out.Cases {
		whole.add(c)
	}
	for _, m := range out.Money {
		money.Pledged, money.Received, money.Spent = money.Pledged+m.Pledged, money.Received+m.Received, money.Spent+m.Spent
	}
	out.Cases, out.Money = append(out.Cases, whole), append(out.Money, money)
	return &out, nil
}

func counted(heads *int64, area *quantity.Area) *vote.Count {
	if heads == nil || area == nil {
		return nil
	}
	return &vote.Count{Heads: *heads, Area: *area}
}

func (c *Cases) add(o Cases) {
	c.Received, c.InTime, c.Late, c.Pending = c.Received+o.Received, c.InTime+o.InTime, c.Late+o.Late, c.Pending+o.Pending
	c.Returned, c.Reopened, c.Rated, c.Satisfied = c.Returned+o.Returned, c.Reopened+o.Reopened, c.Rated+o.Rated, c.Satisfied+o.Satisfied
}

// mostShown is how many motions a page names; the sums are of all.
const mostShown = 50

const funnelOf = `SELECT f.*, m.title, m.kind, m.scope_label, m.count_until, e.name AS estate
FROM motion_figures f JOIN motions m ON m.id = f.motion_id JOIN estates e ON e.id = f.estate_id `

// A list finds the motions that it shows by their keys and reads only those
// whole.
const (
	funnelsOpen   = shown + "stage = 'published' ORDER BY closes_at, motion_id" + most + "f.closes_at, f.motion_id"
	funnelsSealed = shown + "stage = 'sealed' ORDER BY sealed_at DESC, motion_id" + most + "f.sealed_at DESC, f.motion_id"
	funnelsNear   = shown + "outcome <> 'passed' ORDER BY missing, closes_at DESC, motion_id" + most + "f.missing, f.closes_at DESC, f.motion_id"

	shown = funnelOf + "JOIN (SELECT motion_id FROM motion_figures WHERE area_code LIKE @area AND opens_at <= @now AND "
	most  = " LIMIT @most) s ON s.motion_id = f.motion_id ORDER BY "
)

type funnelRow struct {
	model.MotionFigures
	Title, ScopeLabel, Estate string
	Kind                      model.MotionKind
	CountUntil                time.Time
}

func (r *funnelRow) funnel(now time.Time) Funnel {
	m := model.Motion{Stage: r.Stage, OpensAt: r.OpensAt, ClosesAt: r.ClosesAt, CountUntil: r.CountUntil}
	return Funnel{
		MotionID: r.MotionID, Title: r.Title, EstateID: r.EstateID, Estate: r.Estate, ScopeLabel: r.ScopeLabel, Kind: r.Kind, Status: m.StatusAt(now), ClosesAt: r.ClosesAt,
		Roll: vote.Count{Heads: r.RollHeads, Area: r.RollArea}, Reached: vote.Count{Heads: r.ReachedHeads, Area: r.ReachedArea},
		Part: vote.Count{Heads: r.PartHeads, Area: r.PartArea}, Agree: counted(r.AgreeHeads, r.AgreeArea), Outcome: r.Outcome,
		Quorum: vote.Count{Heads: r.QuorumHeads, Area: r.QuorumArea}, ToPass: counted(r.PassHeads, r.PassArea),
	}
}

// funnels lists motions one by one, and the estates that are nearest to what
// they miss: one line an estate.
func (s *Service) funnels(ctx context.Context, area string, now time.Time) (all, near []Funnel, err error) {
	db, values := s.DB.Read(ctx), map[string]any{"area": area + "%", "now": now, "most": mostShown}
	lists := [3][]funnelRow{}
	for i, query := range []string{funnelsOpen, funnelsSealed, funnelsNear} {
		if err := db.Raw(query, values).Scan(&lists[i]).Error; err != nil {
			return nil, nil, fmt.Errorf("list the motions of area %s: %w", area, err)
		}
	}
	for _, list := range lists[:2] {
		for i := range list {
			all = append(all, list[i].funnel(now))
		}
	}
	seen := map[string]bool{}
	for i := range lists[2] {
		r := &lists[2][i]
		if !seen[r.EstateID] {
			near, seen[r.EstateID] = append(near, r.funnel(now)), true
		}
	}
	return all, near, nil
}

// daysShown is how far back a page shows the turnout.
const daysShown = 30

const turnoutOf = `SELECT d.day, SUM(d.heads) AS heads, SUM(d.area) AS area
FROM areas a JOIN turnout_days d ON d.area_code = a.code AND d.day > ? AND d.day <= ? WHERE a.code LIKE ? GROUP BY d.day ORDER BY d.day`

func (s *Service) turnout(ctx context.Context, area string, now time.Time) ([]Day, error) {
	today := quantity.DateOf(now)
	var rows []Day
	if err := s.DB.Read(ctx).Raw(turnoutOf, today.AddDays(-daysShown), today, area+"%").Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the turnout of area %s: %w", area, err)
	}
	return rows, nil
}
