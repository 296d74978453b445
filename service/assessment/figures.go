package assessment

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/assess"
	"gongdi/model/rule/opinion"
	"gongdi/service/complaints"
	"gongdi/service/surveys"
)

// fact is what was counted of one unit, and the calls that show it.
type fact struct {
	assess.Share
	shown []string
}

func (f fact) routes() string { return strings.Join(f.shown, "\n") }

// facts are those of every unit, by indicator and the unit's code: codes of
// areas are numbers and those of departments words, so they never meet.
type facts map[string]map[string]fact

func (f facts) add(code, unit string, num, den int64, route string) {
	if f[code] == nil {
		f[code] = map[string]fact{}
	}
	was := f[code][unit]
	was.Num, was.Den = was.Num+num, was.Den+den
	if !slices.Contains(was.shown, route) {
		was.shown = append(was.shown, route)
	}
	f[code][unit] = was
}

const office = "GET /api/v1/staff/"

// gather counts everything of a period in an area, with a handful of sums for
// all units together.
func (s *Service) gather(ctx context.Context, db *gorm.DB, p assess.Period, area string) (facts, error) {
	f := facts{}
	err := errors.Join(s.cases(ctx, f, p, area), s.kept(db, f, p, area), s.votes(db, f, p, area), s.content(ctx, db, f, p, area), s.progress(db, f, p, area), s.promises(db, f, p, area))
	return f, err
}

// cases are the complaints' own statistics: of what was filed in the period.
func (s *Service) cases(ctx context.Context, f facts, p assess.Period, area string) error {
	reader := model.Caller{Kind: model.StaffSession, Role: model.RoleCounty, AreaCode: area}
	for _, by := range []complaints.By{complaints.ByCommunity, complaints.ByDepartment} {
		rows, err := s.Complaints.Figures(ctx, reader, complaints.Filter{From: p.From, Until: p.Until}, by)
		if err != nil {
			return err
		}
		route := fmt.Sprintf("%scomplaint-statistics?by=%s&from=%s&until=%s", office, by, p.From, p.Until)
		for _, r := range rows[:len(rows)-1] {
			f.add(assess.CasesInTime, r.Part, r.InTime, r.InTime+r.Late, route)
			f.add(assess.CasesSatisfied, r.Part, r.Satisfied, r.Rated, route)
			f.add(assess.CasesFirstTime, r.Part, r.Answered-r.Reopened, r.Answered, route)
			f.add(assess.CasesCalled, r.Part, r.CalledBack, r.Settled, route)
		}
	}
	return nil
}

// bounds are what every sum over a period asks for.
func (s *Service) bounds(p assess.Period, area string) map[string]any {
	return map[string]any{
		"from": p.From.Start().UTC(), "until": p.Until.AddDays(1).Start().UTC(), "now": s.now(),
		"first": p.From, "last": p.Until, "today": s.today(), "area": area + "%", "of": area,
	}
}

// counted is one line of a sum.
type counted struct {
	Unit, ID          string
	Num, Den, Reached int64
}

// keptCases are the cases that were assigned to a department in a period, and
// those of them that it did not give back in it.
const keptCases = `SELECT given.department_code AS unit, COUNT(*) AS den,
SUM(CASE WHEN EXISTS (SELECT 1 FROM complaint_steps r WHERE r.complaint_id = given.complaint_id AND r.step = 'return'
AND r.department_code = given.department_code AND r.at >= @from AND r.at < @until) THEN 0 ELSE 1 END) AS num
FROM (SELECT DISTINCT s.department_code, s.complaint_id FROM complaint_steps s JOIN complaints c ON c.id = s.complaint_id
WHERE s.step = 'assign' AND s.at >= @from AND s.at < @until AND c.area_code LIKE @area) given GROUP BY given.department_code`

func (s *Service) kept(db *gorm.DB, f facts, p assess.Period, area string) error {
	var rows []counted
	if err := db.Raw(keptCases, s.bounds(p, area)).Scan(&rows).Error; err != nil {
		return fmt.Errorf("count what was returned: %w", err)
	}
	for _, r := range rows {
		f.add(assess.CasesKept, r.Unit, r.Num, r.Den, office+"complaints?department="+r.Unit)
	}
	return nil
}

// votes are the rolls of the motions whose casting ended in the period: who
// took part, and whose door was reached. Nobody's choice is read.
const votes = `SELECT m.area_code AS unit, m.id AS id, COUNT(*) AS den,
SUM(CASE WHEN v.choice IN ('agree', 'oppose', 'abstain') THEN 1 ELSE 0 END) AS num,
SUM(CASE WHEN v.choice <> '' OR EXISTS (SELECT 1 FROM deliveries d WHERE d.motion_id = v.motion_id AND d.voter_id = v.id)
OR EXISTS (SELECT 1 FROM door_visits w WHERE w.motion_id = v.motion_id AND w.voter_id = v.id) THEN 1 ELSE 0 END) AS reached
FROM motions m JOIN roll_voters v ON v.motion_id = m.id
WHERE m.stage IN ('published', 'sealed') AND m.closes_at >= @from AND m.closes_at < @until AND m.closes_at <= @now AND m.area_code LIKE @area
GROUP BY m.area_code, m.id ORDER BY m.id`

func (s *Service) votes(db *gorm.DB, f facts, p assess.Period, area string) error {
	var rows []counted
	if err := db.Raw(votes, s.bounds(p, area)).Scan(&rows).Error; err != nil {
		return fmt.Errorf("count who took part: %w", err)
	}
	for _, r := range rows {
		f.add(assess.Participation, r.Unit, r.Num, r.Den, office+"motions/"+r.ID+"/tally")
		f.add(assess.DoorsReached, r.Unit, r.Reached, r.Den, office+"motions/"+r.ID+"/voters")
	}
	return nil
}

// surveysOver are those of a community's homes whose answers ended in the
// period.
const surveysOver = `SELECT * FROM surveys WHERE stage = 'published' AND area_code LIKE @area AND COALESCE(closed_at, closes_at) >= @from
AND COALESCE(closed_at, closes_at) < @until AND COALESCE(closed_at, closes_at) <= @now ORDER BY id`

// content adds up the satisfaction questions of surveys as their own figures
// have them: who is satisfied, of the valid answers. Too few answers of an
// anonymous survey are no data.
func (s *Service) content(ctx context.Context, db *gorm.DB, f facts, p assess.Period, area string) error {
	var rows []model.Survey
	if err := db.Raw(surveysOver, s.bounds(p, area)).Scan(&rows).Error; err != nil {
		return fmt.Errorf("find the surveys of a period: %w", err)
	}
	for i := range rows {
		v := &rows[i]
		results, err := s.Surveys.Results(ctx, v, surveys.Unsliced)
		if err != nil {
			return err
		}
		for _, q := range results.Questions {
			if q.Question.Type == opinion.Satisfaction {
				f.add(assess.SurveyContent, v.AreaCode, satisfied(q, v.FairlyCounts), q.Valid, office+"surveys/"+v.ID+"/results")
			}
		}
	}
	return nil
}

func satisfied(q opinion.Figure, fairly bool) int64 {
	steps := 2
	if fairly {
		steps = 3
	}
	var n int64
	for _, c := range q.Counts[:min(steps, len(q.Counts))] {
		n += c.N
	}
	return n
}

// planned are the milestones of projects whose planned day lies in the period
// and is past, or that came already: of the community where the estate lies, and
// of whoever carries the project out.
const planned = `SELECT p.id, p.area_code AS unit, p.party, COUNT(*) AS den, SUM(CASE WHEN d.actual <> '' AND d.actual <= d.planned THEN 1 ELSE 0 END) AS num
FROM project_dates d JOIN projects p ON p.id = d.project_id WHERE d.planned >= @first AND d.planned <= @last AND (d.actual <> '' OR d.planned < @today)
AND p.area_code LIKE @area GROUP BY p.id, p.area_code, p.party ORDER BY p.id`

func (s *Service) progress(db *gorm.DB, f facts, p assess.Period, area string) error {
	var rows []struct {
		ID, Unit, Party string
		Num, Den        int64
	}
	if err := db.Raw(planned, s.bounds(p, area)).Scan(&rows).Error; err != nil {
		return fmt.Errorf("count what was planned of projects: %w", err)
	}
	for _, r := range rows {
		for _, unit := range []string{r.Unit, r.Party} {
			if unit != "" {
				f.add(assess.Progress, unit, r.Num, r.Den, office+"projects/"+r.ID)
			}
		}
	}
	return nil
}

// What a joint meeting decided and what a visit found, of which the day came in
// the period and is past, or which is done already; of the county's too.
const (
	promised = "SELECT x.unit_code AS unit, COUNT(*) AS den, SUM(CASE WHEN x.done_on <> '' AND x.done_on <= x.due_on THEN 1 ELSE 0 END) AS num FROM "
	dueIn    = ` x WHERE x.due_on >= @first AND x.due_on <= @last AND (x.done_on <> '' OR x.due_on < @today)
AND (x.area_code LIKE @area OR SUBSTR(@of, 1, LENGTH(x.area_code)) = x.area_code) GROUP BY x.unit_code`
	dueDecisions = promised + "joint_decisions" + dueIn
	faultsToMend = promised + "supervision_visits" + dueIn
)

func (s *Service) promises(db *gorm.DB, f facts, p assess.Period, area string) error {
	for _, of := range []struct{ code, query, path string }{{assess.DecisionsDone, dueDecisions, "joint-decisions"}, {assess.FaultsMended, faultsToMend, "supervision-visits"}} {
		var rows []counted
		if err := db.Raw(of.query, s.bounds(p, area)).Scan(&rows).Error; err != nil {
			return fmt.Errorf("count %s: %w", of.code, err)
		}
		for _, r := range rows {
			f.add(of.code, r.Unit, r.Num, r.Den, fmt.Sprintf("%s%s?unit=%s&from=%s&until=%s", office, of.path, r.Unit, p.From, p.Until))
		}
	}
	return nil
}

// inOrder puts lines by their place, those without one last.
func inOrder(lines []Line) {
	last := func(place int) int {
		if place == 0 {
			return len(lines) + 1
		}
		return place
	}
	slices.SortStableFunc(lines, func(a, b Line) int {
		return cmp.Or(cmp.Compare(last(a.Place), last(b.Place)), cmp.Compare(a.UnitKind, b.UnitKind), cmp.Compare(a.UnitCode, b.UnitCode))
	})
	for i := range lines {
		lines[i].Position = i + 1
	}
}
