package projects

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/project"
	"gongdi/service/fault"
	"gongdi/service/funds"
)

// View is a project as the ledger shows it.
type View struct {
	Entry
	Estate, Community, PartyName string
	Register                     Register
	Received                     map[model.MoneyGroup]quantity.Fen // for the estate
	SharedWith                   []string                          // numbers of the estate's other projects, to which it may belong, too
	Consents                     *Consents                         // of workbooks only
	Steps                        []model.ProjectStep
	OpenProblems, LateProblems   int
}

// Register is what the register knows of an estate.
type Register struct {
	BuiltYear                    *int
	Buildings, Units, Households int
	Area                         quantity.Area
}

// Stands is what the ledger says of an estate: the register, but for what was
// set otherwise.
func (v *View) Stands() Register {
	r := v.Register
	if v.BuiltYear != nil {
		r.BuiltYear = v.BuiltYear
	}
	for set, to := range map[*int]*int{v.Buildings: &r.Buildings, v.Units: &r.Units, v.Households: &r.Households} {
		if set != nil {
			*to = *set
		}
	}
	if v.Area != nil {
		r.Area = *v.Area
	}
	return r
}

// Done reports whether a step was completed.
func (v *View) Done(step project.Step) bool {
	return slices.ContainsFunc(v.Steps, func(d model.ProjectStep) bool { return d.Step == step })
}

// At is the step that a project is at; none when all are completed.
func (v *View) At() project.Step {
	for _, step := range project.Steps {
		if !v.Done(step) {
			return step
		}
	}
	return ""
}

// Planned is what is planned of a group of sources.
func (v *View) Planned(group model.MoneyGroup) quantity.Fen {
	sum := quantity.Fen(0)
	for _, source := range model.InvestedSources {
		if source.Group == group {
			sum += v.Money[source.Source]
		}
	}
	return sum
}

// Filter narrows the ledger; empty members take all.
type Filter struct {
	BatchYear int
	EstateID  string
	Step      project.Step
}

const (
	ledgerRows = `FROM projects p JOIN estates e ON e.id = p.estate_id WHERE p.area_code LIKE ? AND (? = '' OR p.party = ?) AND (? = 0 OR p.batch_year = ?) AND (? = '' OR p.estate_id = ?)
AND (? = '' OR NOT EXISTS (SELECT 1 FROM project_steps s WHERE s.project_id = p.id AND s.step = ?) AND (? = '' OR EXISTS (SELECT 1 FROM project_steps s WHERE s.project_id = p.id AND s.step = ?)))`
	shown = `SELECT p.*, e.name AS estate, e.built_year AS register_year, COALESCE((SELECT a.name FROM areas a WHERE a.code = e.area_code AND a.type = 'community'), '') AS community,
(SELECT COUNT(*) FROM buildings b WHERE b.estate_id = p.estate_id) AS register_buildings,
(SELECT COUNT(*) FROM units u WHERE u.estate_id = p.estate_id AND u.label <> '') AS register_units,
(SELECT COUNT(*) FROM properties h WHERE h.estate_id = p.estate_id AND h.property_use IN ('', 'residential', 'mixed')) AS register_households,
(SELECT COALESCE(SUM(h.area), 0) FROM properties h WHERE h.estate_id = p.estate_id) AS register_area,
(SELECT COUNT(*) FROM project_problems q WHERE q.project_id = p.id AND q.closed_at IS NULL) AS open_problems,
(SELECT COUNT(*) FROM project_problems q WHERE q.project_id = p.id AND q.closed_at IS NULL AND q.due_on < ?) AS late_problems,
COALESCE((SELECT MAX(d.name) FROM departments d WHERE d.code = p.party AND d.valid_until = ''), p.party) AS party_name `
)

// List lists the ledger of a member of staff: of their area, a department's own.
func (s *Service) List(ctx context.Context, caller model.Caller, f Filter, offset, limit int) ([]View, int64, error) {
	party := ""
	if caller.Role == model.RoleDepartment {
		if party = caller.Department; party == "" {
			return nil, 0, nil
		}
	}
	before, _ := f.Step.Before()
	args := []any{caller.AreaCode + "%", party, party, f.BatchYear, f.BatchYear, f.EstateID, f.EstateID, f.Step, f.Step, before, before}
	db := s.DB.Read(ctx)
	var total int64
	if err := db.Raw("SELECT COUNT(*) "+ledgerRows, args...).Scan(&total).Error; err != nil {
		return nil, 0, fmt.Errorf("count projects: %w", err)
	}
	views, err := s.load(db, shown+ledgerRows+" ORDER BY p.batch_year DESC, p.number, p.id LIMIT ? OFFSET ?", append(args, limit, offset), caller.AreaCode, "")
	return views, total, err
}

// Read is one project.
func (s *Service) Read(ctx context.Context, id string) (*View, error) {
	return s.view(s.DB.Read(ctx), id)
}

func (s *Service) view(tx *gorm.DB, id string) (*View, error) {
	p, err := projectOf(tx, projectByID, id)
	if err != nil {
		return nil, err
	}
	views, err := s.load(tx, shown+"FROM projects p JOIN estates e ON e.id = p.estate_id WHERE p.id = ?", []any{id}, "", p.EstateID)
	if err == nil && len(views) == 0 {
		err = fault.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return &views[0], nil
}

type shownRow struct {
	model.Project
	Estate, Community, PartyName                         string
	RegisterYear                                         *int
	RegisterBuildings, RegisterUnits, RegisterHouseholds int
	RegisterArea                                         quantity.Area
	OpenProblems, LateProblems                           int
}

// load reads projects with all that belongs to them, some hundred at a time.
func (s *Service) load(tx *gorm.DB, query string, args []any, area, estateID string) ([]View, error) {
	var rows []shownRow
	if err := tx.Raw(query, append([]any{quantity.DateOf(s.now())}, args...)...).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("list projects: %w", err)
	}
	received, err := funds.Received(tx, area, estateID)
	if err != nil {
		return nil, err
	}
	shared, err := sharing(tx, area, estateID)
	if err != nil {
		return nil, err
	}
	views, at := make([]View, 0, len(rows)), map[string]*View{}
	for i := range rows {
		r := &rows[i]
		v := View{
			Entry:  Entry{Project: r.Project, Money: map[model.InvestedSource]quantity.Fen{}, Dates: map[model.Milestone]model.ProjectDate{}},
			Estate: r.Estate, Community: r.Community, PartyName: r.PartyName, Received: map[model.MoneyGroup]quantity.Fen{}, OpenProblems: r.OpenProblems, LateProblems: r.LateProblems,
			Register: Register{r.RegisterYear, r.RegisterBuildings, r.RegisterUnits, r.RegisterHouseholds, r.RegisterArea},
		}
		if v.ResponsiblePerson, err = s.Vault.Reveal(personField, r.ResponsiblePerson); err != nil {
			return nil, fmt.Errorf("read project %s: %w", r.ID, err)
		}
		for source, fen := range received[r.EstateID] {
			v.Received[model.GroupOf(source)] += fen
		}
		for _, number := range shared[r.EstateID] {
			if number != r.Number {
				v.SharedWith = append(v.SharedWith, number)
			}
		}
		views = append(views, v)
	}
	for i := range views {
		at[views[i].ID] = &views[i]
	}
	const some = 500
	for from := 0; from < len(views); from += some {
		var ids []string
		for _, v := range views[from:min(from+some, len(views))] {
			ids = append(ids, v.ID)
		}
		if err := parts(tx, ids, at); err != nil {
			return nil, err
		}
	}
	return views, nil
}

const several = `SELECT estate_id, number FROM projects WHERE area_code LIKE ? AND (? = '' OR estate_id = ?)
AND estate_id IN (SELECT estate_id FROM projects GROUP BY estate_id HAVING COUNT(*) > 1) ORDER BY number`

// sharing are the numbers of projects, by estate, where it has several: the
// ledger of money knows estates.
func sharing(tx *gorm.DB, area, estateID string) (map[string][]string, error) {
	var rows []struct{ EstateID, Number string }
	if err := tx.Raw(several, area+"%", estateID, estateID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("find estates with several projects: %w", err)
	}
	out := map[string][]string{}
	for _, r := range rows {
		out[r.EstateID] = append(out[r.EstateID], r.Number)
	}
	return out, nil
}

func parts(tx *gorm.DB, ids []string, at map[string]*View) error {
	var works []model.ProjectWork
	var money []model.ProjectMoney
	var dates []model.ProjectDate
	var steps []model.ProjectStep
	err := errors.Join(
		tx.Raw("SELECT * FROM project_works WHERE project_id IN ? ORDER BY project_id, position", ids).Scan(&works).Error,
		tx.Raw("SELECT * FROM project_money WHERE project_id IN ?", ids).Scan(&money).Error,
		tx.Raw("SELECT * FROM project_dates WHERE project_id IN ?", ids).Scan(&dates).Error,
		tx.Raw("SELECT * FROM project_steps WHERE project_id IN ? ORDER BY done_at", ids).Scan(&steps).Error,
	)
	if err != nil {
		return fmt.Errorf("read what belongs to projects: %w", err)
	}
	for _, w := range works {
		at[w.ProjectID].Works = append(at[w.ProjectID].Works, w)
	}
	for _, m := range money {
		at[m.ProjectID].Money[m.Source] = m.Planned
	}
	for _, d := range dates {
		at[d.ProjectID].Dates[d.Milestone] = d
	}
	for _, d := range steps {
		at[d.ProjectID].Steps = append(at[d.ProjectID].Steps, d)
	}
	return nil
}

func datesOf(tx *gorm.DB, projectID string) (map[model.Milestone]model.ProjectDate, error) {
	var rows []model.ProjectDate
	if err := tx.Raw("SELECT * FROM project_dates WHERE project_id = ?", projectID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the dates of project %s: %w", projectID, err)
	}
	out := map[model.Milestone]model.ProjectDate{}
	for _, d := range rows {
		out[d.Milestone] = d
	}
	return out, nil
}

func stepsOf(tx *gorm.DB, projectID string) ([]model.ProjectStep, error) {
	var rows []model.ProjectStep
	if err := tx.Raw("SELECT * FROM project_steps WHERE project_id = ?", projectID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the steps of project %s: %w", projectID, err)
	}
	return rows, nil
}
