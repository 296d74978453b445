package projects

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/project"
	"gongdi/service/audit"
	"gongdi/service/fault"
	"gongdi/service/registry"
	"gongdi/service/store"
	"gongdi/service/vault"
)

// What is refused of the ledger's entries.
var (
	ErrHasHistory    = fault.New(fault.Conflict, "project_has_history", "这个项目已有进度、问题、资料、施工安排、验收或者已完成的步骤，不能撤销")
	ErrProjectExists = fault.New(fault.Conflict, "project_exists", "项目编号已经使用，或者这个小区在同一批次已有项目")
)

const personField vault.Field = "project.person"

// Entry is what the ledger holds of a project; the responsible person is
// readable here.
type Entry struct {
	model.Project
	Works []model.ProjectWork
	Money map[model.InvestedSource]quantity.Fen
	Dates map[model.Milestone]model.ProjectDate
}

// Create opens a project for an estate (立项). Without a number it gets the next
// one of its batch.
func (s *Service) Create(ctx context.Context, caller model.Caller, e Entry) (*View, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*View, error) {
		if err := s.create(ctx, tx, caller, &e); err != nil {
			return nil, err
		}
		return s.view(tx, e.ID)
	})
}

func (s *Service) create(ctx context.Context, tx *gorm.DB, caller model.Caller, e *Entry) error {
	of, err := estate(tx, e.EstateID)
	if errors.Is(err, fault.ErrNotFound) || err == nil && !caller.Covers(of.AreaCode) {
		return fault.Unknown("body.estate_id", "没有找到这个小区")
	}
	if err != nil {
		return err
	}
	if err := s.check(tx, e); err != nil {
		return err
	}
	if e.Number == "" {
		if e.Number, err = nextNumber(tx, e.BatchYear); err != nil {
			return err
		}
	}
	if e.Name == "" {
		name := []rune(fmt.Sprintf("%s%d年老旧小区改造项目", of.Name, e.BatchYear))
		e.Name = string(name[:min(len(name), longestName)])
	}
	e.ID, e.AreaCode, e.CreatedBy, e.CreatedAt, e.UpdatedAt = store.NewID(), of.AreaCode, caller.ID, s.now(), s.now()
	row := e.Project
	row.ResponsiblePerson = s.seal(e.ResponsiblePerson)
	err = tx.Create(&row).Error
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return ErrProjectExists
	}
	if err != nil {
		return fmt.Errorf("write a project: %w", err)
	}
	if err := keepParts(tx, e); err != nil {
		return err
	}
	return s.noted(ctx, tx, caller, model.KeepProjects, &e.Project, "create", "")
}

const longestName = 100

func (s *Service) seal(person string) string {
	if person == "" {
		return ""
	}
	return s.Vault.Seal(personField, person)
}

func nextNumber(tx *gorm.DB, year int) (string, error) {
	var last []string
	err := tx.Raw("SELECT number FROM projects WHERE number LIKE ? ORDER BY number DESC LIMIT 1", fmt.Sprintf("%d-____", year)).Scan(&last).Error
	if err != nil {
		return "", fmt.Errorf("find the last project of %d: %w", year, err)
	}
	n := 0
	if len(last) > 0 {
		if _, err := fmt.Sscanf(last[0], fmt.Sprintf("%d-%%04d", year), &n); err != nil {
			n = 0
		}
	}
	return fmt.Sprintf("%d-%04d", year, n+1), nil
}

// Replace sets what the ledger holds of a project. Its estate stays.
func (s *Service) Replace(ctx context.Context, caller model.Caller, p *model.Project, e Entry) (*View, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*View, error) {
		if err := s.replace(ctx, tx, caller, p, &e, "change"); err != nil {
			return nil, err
		}
		return s.view(tx, p.ID)
	})
}

func (s *Service) replace(ctx context.Context, tx *gorm.DB, caller model.Caller, p *model.Project, e *Entry, verb string) error {
	if err := s.check(tx, e); err != nil {
		return err
	}
	held, err := s.hold(tx, p.ID)
	if err != nil {
		return err
	}
	row := e.Project
	row.ID, row.EstateID, row.AreaCode, row.CreatedBy, row.CreatedAt, row.UpdatedAt = held.ID, held.EstateID, held.AreaCode, held.CreatedBy, held.CreatedAt, s.now()
	row.Result, row.Opinion, row.ReportedOn, row.Receiver = held.Result, held.Opinion, held.ReportedOn, held.Receiver
	if row.Number == "" {
		row.Number = held.Number
	}
	if row.Name == "" {
		row.Name = held.Name
	}
	row.ResponsiblePerson = s.seal(e.ResponsiblePerson)
	err = tx.Select("*").Updates(&row).Error
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return ErrProjectExists
	}
	if err != nil {
		return fmt.Errorf("change project %s: %w", p.ID, err)
	}
	e.ID = row.ID
	if err := keepParts(tx, e); err != nil {
		return err
	}
	if err := s.follow(tx, &row); err != nil {
		return err
	}
	return s.noted(ctx, tx, caller, model.KeepProjects, &row, verb, e.OverrideReason)
}

const historyOf = `SELECT (SELECT COUNT(*) FROM project_steps s WHERE s.project_id = p.id) + (SELECT COUNT(*) FROM project_reports r WHERE r.project_id = p.id)
+ (SELECT COUNT(*) FROM project_problems q WHERE q.project_id = p.id) + (SELECT COUNT(*) FROM project_papers a WHERE a.project_id = p.id)
+ (SELECT COUNT(*) FROM project_days d WHERE d.project_id = p.id) + (CASE WHEN p.result = '' THEN 0 ELSE 1 END) FROM projects p WHERE p.id = ?`

// Withdraw takes a project that was made by mistake out of the ledger, for a
// reason that the log keeps. One on which anything was noted stays.
func (s *Service) Withdraw(ctx context.Context, caller model.Caller, p *model.Project, reason string) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		held, err := s.hold(tx, p.ID)
		if err != nil {
			return err
		}
		var noted int
		if err := tx.Raw(historyOf, p.ID).Scan(&noted).Error; err != nil {
			return fmt.Errorf("count what was noted on project %s: %w", p.ID, err)
		}
		if noted > 0 {
			return ErrHasHistory
		}
		if err := keepParts(tx, &Entry{Project: *held}); err != nil {
			return err
		}
		if err := tx.Exec("DELETE FROM projects WHERE id = ?", p.ID).Error; err != nil {
			return fmt.Errorf("withdraw project %s: %w", p.ID, err)
		}
		return s.noted(ctx, tx, caller, model.KeepProjects, held, "withdraw", held.Number+"："+reason)
	})
}

// hold keeps others from a project while it is changed.
func (s *Service) hold(tx *gorm.DB, id string) (*model.Project, error) {
	return projectOf(tx, s.DB.Locked(projectByID), id)
}

const projectByID = "SELECT * FROM projects WHERE id = ?"

func projectOf(tx *gorm.DB, query, id string) (*model.Project, error) {
	return store.One[model.Project](tx, "project "+id, query, id)
}

// Of is a project that a member of staff may see: in their area, and for a
// department only when it carries the project out.
func (s *Service) Of(ctx context.Context, caller model.Caller, id string) (*model.Project, error) {
	p, err := projectOf(s.DB.Read(ctx), projectByID, id)
	if err != nil {
		return nil, err
	}
	if !caller.Covers(p.AreaCode) || caller.Role == model.RoleDepartment && (caller.Department == "" || p.Party != caller.Department) {
		return nil, fault.ErrNotFound
	}
	return p, nil
}

func (s *Service) noted(ctx context.Context, tx *gorm.DB, caller model.Caller, right model.Right, p *model.Project, verb, reason string) error {
	return s.record(ctx, tx, audit.Entry{Actor: caller, Right: right, Verb: verb, ObjectType: "project", ObjectID: p.ID, AreaCode: p.AreaCode, Reason: reason})
}

const (
	firstBatch = 1990
	mostYears  = 10 // ahead
)

// check refuses what cannot be; texts and numbers within their limits come so.
func (s *Service) check(tx *gorm.DB, e *Entry) error {
	year := s.now().In(quantity.Shanghai).Year()
	overrides := e.BuiltYear != nil || e.Buildings != nil || e.Units != nil || e.Households != nil || e.Area != nil
	switch {
	case e.BatchYear < firstBatch || e.BatchYear > year+mostYears:
		return fault.Unknown("body.batch_year", "批次年份不对")
	case e.BuiltYear != nil && (*e.BuiltYear < 1800 || *e.BuiltYear > year):
		return fault.Unknown("body.built_year", "年份不对")
	case (e.Longitude == nil) != (e.Latitude == nil) || e.Longitude != nil && !quantity.InChina(*e.Longitude, *e.Latitude):
		return fault.Unknown("body.longitude", "经度和纬度应一并填写，为我国境内的位置（GCJ-02），经度在前")
	case overrides && e.OverrideReason == "":
		return fault.Unknown("body.override_reason", "与房屋档案不同的，请写明理由")
	}
	if err := checkDates(e.Dates, quantity.DateOf(s.now())); err != nil {
		return err
	}
	for i, w := range e.Works {
		if _, known := model.WorkClasses[w.Class]; !known || strings.TrimSpace(w.Item) == "" {
			return fault.Unknown(fmt.Sprintf("body.works[%d]", i), "请写明内容和类别")
		}
	}
	if e.Party == "" {
		return nil
	}
	return s.isDepartment(tx, e.Party)
}

func (s *Service) isDepartment(tx *gorm.DB, code string) error {
	var n int
	if err := tx.Raw("SELECT COUNT(*) FROM departments WHERE code = ?", code).Scan(&n).Error; err != nil {
		return fmt.Errorf("find department %s: %w", code, err)
	}
	if n == 0 {
		return fault.Unknown("body.party", "没有这个部门")
	}
	return nil
}

func checkDates(dates map[model.Milestone]model.ProjectDate, today quantity.Date) error {
	for _, m := range model.Milestones {
		d := dates[m.Milestone]
		if d.Actual > today {
			return fault.Unknown("body.dates."+string(m.Milestone)+".actual", m.Name+"的实际日期不能在将来")
		}
	}
	begun, done := dates[model.Started].Actual, dates[model.Finished].Actual
	if begun != "" && done != "" && done < begun {
		return fault.Unknown("body.dates.finished.actual", "完工不能早于开工")
	}
	if done != "" && dates[model.Accepted].Actual != "" && dates[model.Accepted].Actual < done {
		return fault.Unknown("body.dates.accepted.actual", "验收不能早于完工")
	}
	return nil
}

// keepParts writes the lines of a project anew.
func keepParts(tx *gorm.DB, e *Entry) error {
	for _, table := range []string{"project_works", "project_money"} {
		if err := tx.Exec("DELETE FROM "+table+" WHERE project_id = ?", e.ID).Error; err != nil {
			return fmt.Errorf("empty %s of project %s: %w", table, e.ID, err)
		}
	}
	works := slices.Clone(e.Works)
	for i := range works {
		works[i].ProjectID, works[i].Position = e.ID, i+1
	}
	var money []model.ProjectMoney
	for _, source := range model.InvestedSources {
		if fen := e.Money[source.Source]; fen > 0 {
			money = append(money, model.ProjectMoney{ProjectID: e.ID, Source: source.Source, Planned: fen})
		}
	}
	if len(works) > 0 {
		if err := tx.Create(&works).Error; err != nil {
			return fmt.Errorf("write the works of project %s: %w", e.ID, err)
		}
	}
	if len(money) > 0 {
		if err := tx.Create(&money).Error; err != nil {
			return fmt.Errorf("write the money of project %s: %w", e.ID, err)
		}
	}
	return keepDates(tx, e.ID, e.Dates)
}

func keepDates(tx *gorm.DB, projectID string, dates map[model.Milestone]model.ProjectDate) error {
	if err := tx.Exec("DELETE FROM project_dates WHERE project_id = ?", projectID).Error; err != nil {
		return fmt.Errorf("empty the dates of project %s: %w", projectID, err)
	}
	var rows []model.ProjectDate
	for _, m := range model.Milestones {
		if d := dates[m.Milestone]; d.Planned != "" || d.Actual != "" {
			rows = append(rows, model.ProjectDate{ProjectID: projectID, Milestone: m.Milestone, Planned: d.Planned, Actual: d.Actual})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	if err := tx.Create(&rows).Error; err != nil {
		return fmt.Errorf("write the dates of project %s: %w", projectID, err)
	}
	return nil
}

// Milestone is what is said of a milestone: of a day that is nil, nothing.
type Milestone struct{ Planned, Actual *quantity.Date }

func (m Milestone) on(d model.ProjectDate) model.ProjectDate {
	if m.Planned != nil {
		d.Planned = *m.Planned
	}
	if m.Actual != nil {
		d.Actual = *m.Actual
	}
	return d
}

// Date sets when milestones were planned and came, those that are named. Whoever
// carries a project out does not say when it was accepted or handed over, and
// does not move a plan that stands: it is assessed by it.
func (s *Service) Date(ctx context.Context, caller model.Caller, p *model.Project, dates map[model.Milestone]Milestone) (*View, error) {
	for m := range dates {
		if caller.Role == model.RoleDepartment && (m == model.Accepted || m == model.HandedOver) {
			return nil, fault.ErrForbidden
		}
	}
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*View, error) {
		held, err := s.hold(tx, p.ID)
		if err != nil {
			return nil, err
		}
		all, err := datesOf(tx, p.ID)
		if err != nil {
			return nil, err
		}
		for m, said := range dates {
			was := all[m]
			all[m] = said.on(was)
			if caller.Role == model.RoleDepartment && was.Planned != "" && all[m].Planned != was.Planned {
				return nil, fault.ErrForbidden
			}
		}
		if err := checkDates(all, quantity.DateOf(s.now())); err != nil {
			return nil, err
		}
		if err := keepDates(tx, p.ID, all); err != nil {
			return nil, err
		}
		if err := s.follow(tx, held); err != nil {
			return nil, err
		}
		if err := s.noted(ctx, tx, caller, model.ReportProjects, held, "date", ""); err != nil {
			return nil, err
		}
		return s.view(tx, p.ID)
	})
}

// follow keeps the estate's day of acceptance that of its project, once the
// acceptance was completed.
func (s *Service) follow(tx *gorm.DB, p *model.Project) error {
	done, err := stepsOf(tx, p.ID)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(done, func(d model.ProjectStep) bool { return d.Step == project.Acceptance }) {
		return nil
	}
	return errors.Join(acceptEstate(tx, p), registry.Touch(tx, p.EstateID, s.now()))
}
