package projects

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/fault"
	"gongdi/service/files"
	"gongdi/service/store"
)

// ErrProblemClosed says that a problem was closed before.
var ErrProblemClosed = fault.New(fault.Conflict, "problem_closed", "这个问题已经销号")

// ReportPictures is what the pictures of a day's report belong to.
func ReportPictures(id string) model.About { return model.About{Type: "project_report", ID: id} }

// PaperPages is what the pages of a paper belong to.
func PaperPages(id string) model.About { return model.About{Type: "project_paper", ID: id} }

// Report notes how far works have come on a day, with pictures; the latest
// day's stands in the ledger.
func (s *Service) Report(ctx context.Context, caller model.Caller, p *model.Project, r model.ProjectReport, pictures []string) (*model.ProjectReport, error) {
	if r.OnDate > quantity.DateOf(s.now()) {
		return nil, fault.Unknown("body.on", "日期不能在将来")
	}
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.ProjectReport, error) {
		if _, err := s.hold(tx, p.ID); err != nil {
			return nil, err
		}
		r.ID, r.ProjectID, r.StaffID, r.Department, r.MadeAt = store.NewID(), p.ID, caller.ID, caller.Department, s.now()
		if err := tx.Create(&r).Error; err != nil {
			return nil, fmt.Errorf("write a report on project %s: %w", p.ID, err)
		}
		err := tx.Exec(`UPDATE projects SET works_done = ?, paid = ?, updated_at = ? WHERE id = ?
AND NOT EXISTS (SELECT 1 FROM project_reports r WHERE r.project_id = projects.id AND r.on_date > ?)`, r.WorksDone, r.Paid, r.MadeAt, p.ID, r.OnDate).Error
		if err != nil {
			return nil, fmt.Errorf("bring project %s forward: %w", p.ID, err)
		}
		if err := files.Attach(tx, caller, ReportPictures(r.ID), pictures, "body.file_ids"); err != nil {
			return nil, err
		}
		return &r, s.noted(ctx, tx, caller, model.ReportProjects, p, "report", "")
	})
}

// Reported is a report with its pictures.
type Reported struct {
	model.ProjectReport
	Files []string `gorm:"-"`
}

const picturesOfReports = `SELECT f.* FROM files f JOIN project_reports r ON r.id = f.about_id AND f.about_type = 'project_report' WHERE r.project_id = ? AND r.on_date >= ? AND r.on_date <= ?
ORDER BY f.created_at, f.id`

// Reports lists the reports on a project, the latest day first.
func (s *Service) Reports(ctx context.Context, projectID string, offset, limit int) ([]Reported, int64, error) {
	db := s.DB.Read(ctx)
	rows, total, err := store.Page[Reported](db, store.List{
		Of: "the reports on project " + projectID, Columns: "*", From: "FROM project_reports WHERE project_id = ?", Order: "on_date DESC, made_at DESC, id DESC",
		Args: []any{projectID},
	}, offset, limit)
	if err != nil || len(rows) == 0 {
		return nil, total, err
	}
	var pictures []model.File
	if err := db.Raw(picturesOfReports, projectID, rows[len(rows)-1].OnDate, rows[0].OnDate).Scan(&pictures).Error; err != nil {
		return nil, 0, fmt.Errorf("list the pictures of project %s: %w", projectID, err)
	}
	of := map[string][]string{}
	for _, f := range pictures {
		of[f.AboutID] = append(of[f.AboutID], f.ID)
	}
	for i := range rows {
		rows[i].Files = of[rows[i].ID]
	}
	return rows, total, nil
}

func wrapped(err error, doing string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// part refuses with not found what is no part of a project.
func (s *Service) part(ctx context.Context, query string, args ...any) error {
	var n int
	if err := s.DB.Read(ctx).Raw(query, args...).Scan(&n).Error; err != nil {
		return fmt.Errorf("find a part of a project: %w", err)
	}
	if n == 0 {
		return fault.ErrNotFound
	}
	return nil
}

// HasReport refuses with not found a report that is not on the project.
func (s *Service) HasReport(ctx context.Context, projectID, id string) error {
	return s.part(ctx, "SELECT COUNT(*) FROM project_reports WHERE project_id = ? AND id = ?", projectID, id)
}

// HasProblem refuses with not found a problem that is not the project's.
func (s *Service) HasProblem(ctx context.Context, projectID, id string) error {
	return s.part(ctx, "SELECT COUNT(*) FROM project_problems WHERE project_id = ? AND id = ?", projectID, id)
}

// HasPaper refuses with not found a paper that is not the project's.
func (s *Service) HasPaper(ctx context.Context, projectID, id string) error {
	return s.part(ctx, "SELECT COUNT(*) FROM project_papers WHERE project_id = ? AND id = ?", projectID, id)
}

// Raise notes something to be put right, by whom and by when.
func (s *Service) Raise(ctx context.Context, caller model.Caller, p *model.Project, q model.ProjectProblem) (*model.ProjectProblem, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.ProjectProblem, error) {
		q.ID, q.ProjectID, q.OpenedBy, q.OpenedAt = store.NewID(), p.ID, caller.ID, s.now()
		if err := tx.Create(&q).Error; err != nil {
			return nil, fmt.Errorf("note a problem of project %s: %w", p.ID, err)
		}
		return &q, s.noted(ctx, tx, caller, model.ReportProjects, p, "raise", "")
	})
}

// Solve closes a problem (销号), with what was done about it.
func (s *Service) Solve(ctx context.Context, caller model.Caller, p *model.Project, id, words string) (*model.ProjectProblem, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.ProjectProblem, error) {
		var q model.ProjectProblem
		if err := tx.Raw(s.DB.Locked("SELECT * FROM project_problems WHERE id = ? AND project_id = ?"), id, p.ID).Take(&q).Error; err != nil {
			return nil, fmt.Errorf("read problem %s: %w", id, err)
		}
		if q.ClosedAt != nil {
			return nil, ErrProblemClosed
		}
		now := s.now()
		q.ClosedWords, q.ClosedBy, q.ClosedAt = words, caller.ID, &now
		err := tx.Exec("UPDATE project_problems SET closed_words = ?, closed_by = ?, closed_at = ? WHERE id = ?", words, caller.ID, now, id).Error
		if err != nil {
			return nil, fmt.Errorf("close problem %s: %w", id, err)
		}
		return &q, s.noted(ctx, tx, caller, model.ReportProjects, p, "solve", "")
	})
}

// Problems lists what is to be put right: open ones first, by deadline.
func (s *Service) Problems(ctx context.Context, projectID string, offset, limit int) ([]model.ProjectProblem, int64, error) {
	return store.Page[model.ProjectProblem](s.DB.Read(ctx), store.List{
		Of: "the problems of project " + projectID, Columns: "*", From: "FROM project_problems WHERE project_id = ?",
		Order: "CASE WHEN closed_at IS NULL THEN 0 ELSE 1 END, due_on, id", Args: []any{projectID},
	}, offset, limit)
}

// FilePaper adds a paper with its pages.
func (s *Service) FilePaper(ctx context.Context, caller model.Caller, p *model.Project, paper model.ProjectPaper, pages []string) (*model.ProjectPaper, error) {
	if paper.OnDate > quantity.DateOf(s.now()) {
		return nil, fault.Unknown("body.on", "日期不能在将来")
	}
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.ProjectPaper, error) {
		paper.ID, paper.ProjectID, paper.StaffID, paper.EnteredAt = store.NewID(), p.ID, caller.ID, s.now()
		if err := tx.Create(&paper).Error; err != nil {
			return nil, fmt.Errorf("file a paper of project %s: %w", p.ID, err)
		}
		if err := files.Attach(tx, caller, PaperPages(paper.ID), pages, "body.file_ids"); err != nil {
			return nil, err
		}
		return &paper, s.noted(ctx, tx, caller, model.KeepProjects, p, "paper", "")
	})
}

// Paper is a paper with its pages.
type Paper struct {
	model.ProjectPaper
	Files []string `gorm:"-"`
}

const pagesOfPapers = `SELECT f.* FROM files f JOIN project_papers p ON p.id = f.about_id AND f.about_type = 'project_paper' WHERE p.project_id = ? ORDER BY f.created_at, f.id`

// Papers lists the papers of a project as they came.
func (s *Service) Papers(ctx context.Context, projectID string) ([]Paper, error) {
	db := s.DB.Read(ctx)
	var rows []Paper
	if err := db.Raw("SELECT * FROM project_papers WHERE project_id = ? ORDER BY on_date, entered_at, id", projectID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("list the papers of project %s: %w", projectID, err)
	}
	var pages []model.File
	if err := db.Raw(pagesOfPapers, projectID).Scan(&pages).Error; err != nil {
		return nil, fmt.Errorf("list the pages of project %s: %w", projectID, err)
	}
	for i := range rows {
		for _, f := range pages {
			if f.AboutID == rows[i].ID {
				rows[i].Files = append(rows[i].Files, f.ID)
			}
		}
	}
	return rows, nil
}

// mostDays is how far ahead works of a day are announced.
const mostDays = 60

// Announce says what is worked on a day, in a stairwell, a building or all of
// the estate. What was said of the same day and place before is replaced.
func (s *Service) Announce(ctx context.Context, caller model.Caller, p *model.Project, d model.ProjectDay) (*model.ProjectDay, error) {
	if today := quantity.DateOf(s.now()); d.OnDate < today || d.OnDate > today.AddDays(mostDays) {
		return nil, fault.Unknown("body.on", "请选择今天起 60 天以内的日期")
	}
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.ProjectDay, error) {
		if err := place(tx, p.EstateID, &d); err != nil {
			return nil, err
		}
		d.ID, d.ProjectID, d.EstateID, d.StaffID, d.EnteredAt = store.NewID(), p.ID, p.EstateID, caller.ID, s.now()
		err := tx.Exec("DELETE FROM project_days WHERE project_id = ? AND on_date = ? AND building_id = ? AND unit_id = ?", p.ID, d.OnDate, d.BuildingID, d.UnitID).Error
		if err == nil {
			err = tx.Create(&d).Error
		}
		if err != nil {
			return nil, fmt.Errorf("announce works of project %s: %w", p.ID, err)
		}
		return &d, s.noted(ctx, tx, caller, model.ReportProjects, p, "announce", "")
	})
}

// place finds the building of a stairwell, and refuses what lies elsewhere.
func place(tx *gorm.DB, estateID string, d *model.ProjectDay) error {
	query, id, at := "", "", ""
	switch {
	case d.UnitID != "":
		query, id, at = "SELECT building_id FROM units WHERE id = ? AND estate_id = ?", d.UnitID, "body.unit_id"
	case d.BuildingID != "":
		query, id, at = "SELECT id FROM buildings WHERE id = ? AND estate_id = ?", d.BuildingID, "body.building_id"
	default:
		return nil
	}
	var found []string
	if err := tx.Raw(query, id, estateID).Scan(&found).Error; err != nil {
		return fmt.Errorf("find where works are: %w", err)
	}
	if len(found) == 0 || d.BuildingID != "" && found[0] != d.BuildingID {
		return fault.Unknown(at, "这个小区没有这个楼栋或者单元")
	}
	d.BuildingID = found[0]
	return nil
}

// Day is what is worked where on a day.
type Day struct {
	model.ProjectDay
	Place string
}

const (
	daysOf = `SELECT d.*, CONCAT(COALESCE(b.label, ''), COALESCE(u.label, '')) AS place FROM project_days d
LEFT JOIN buildings b ON b.id = d.building_id LEFT JOIN units u ON u.id = d.unit_id WHERE d.project_id = ? AND d.on_date >= ? ORDER BY d.on_date, b.sort_key, u.sort_key, d.id LIMIT 1000`
	daysNear = `SELECT d.*, CONCAT(COALESCE(b.label, ''), COALESCE(u.label, '')) AS place FROM project_days d
LEFT JOIN buildings b ON b.id = d.building_id LEFT JOIN units u ON u.id = d.unit_id WHERE d.estate_id = ? AND d.on_date >= ? AND (d.building_id = ''
OR EXISTS (SELECT 1 FROM bindings t JOIN properties h ON h.id = t.property_id WHERE t.resident_id = ? AND t.status = 'verified' AND (t.until_at IS NULL OR t.until_at > ?)
 AND h.building_id = d.building_id AND (d.unit_id = '' OR h.unit_id = d.unit_id))) ORDER BY d.on_date, b.sort_key, u.sort_key, d.id LIMIT 200`
)

// Days lists what is worked from today on.
func (s *Service) Days(ctx context.Context, projectID string) ([]Day, error) {
	var rows []Day
	err := s.DB.Read(ctx).Raw(daysOf, projectID, quantity.DateOf(s.now())).Scan(&rows).Error
	return rows, wrapped(err, "list the days of project "+projectID)
}

// Site is what residents see of the works in their estate.
type Site struct {
	View    *View // nil while there is no project
	Days    []Day // from today on, of the own stairwells and the whole estate
	Reports []Reported
}

const (
	tiesToEstate = `SELECT COUNT(*) FROM bindings WHERE resident_id = ? AND estate_id = ? AND status = 'verified' AND (until_at IS NULL OR until_at > ?)`
	latestOf     = "SELECT id FROM projects WHERE estate_id = ? ORDER BY batch_year DESC, id DESC LIMIT 1"
)

// Lives refuses with not found unless a resident is bound to a home of an estate.
func (s *Service) Lives(ctx context.Context, caller model.Caller, estateID string) error {
	return s.part(ctx, tiesToEstate, caller.ID, estateID, s.now())
}

// SiteOf shows a resident the works of an estate.
func (s *Service) SiteOf(ctx context.Context, caller model.Caller, estateID string) (*Site, error) {
	db := s.DB.Read(ctx)
	site := &Site{}
	var latest []string
	if err := db.Raw(latestOf, estateID).Scan(&latest).Error; err != nil {
		return nil, fmt.Errorf("find the project of estate %s: %w", estateID, err)
	}
	if len(latest) == 0 {
		return site, nil
	}
	var err error
	if site.View, err = s.view(db, latest[0]); err != nil {
		return nil, err
	}
	if err := db.Raw(daysNear, estateID, quantity.DateOf(s.now()), caller.ID, s.now()).Scan(&site.Days).Error; err != nil {
		return nil, fmt.Errorf("list the works in estate %s: %w", estateID, err)
	}
	const few = 10
	site.Reports, _, err = s.Reports(ctx, latest[0], 0, few)
	return site, err
}

// PictureOf is the report that a picture of works in an estate belongs to.
func (s *Service) PictureOf(ctx context.Context, estateID, fileID string) (model.About, error) {
	var found []string
	err := s.DB.Read(ctx).Raw(`SELECT f.about_id FROM files f JOIN project_reports r ON r.id = f.about_id JOIN projects p ON p.id = r.project_id
WHERE f.id = ? AND f.about_type = 'project_report' AND p.estate_id = ?`, fileID, estateID).Scan(&found).Error
	if err != nil {
		return model.About{}, fmt.Errorf("find picture %s: %w", fileID, err)
	}
	if len(found) == 0 {
		return model.About{}, fault.ErrNotFound
	}
	return ReportPictures(found[0]), nil
}

// midnight is the first instant after a day.
func midnight(d quantity.Date) time.Time { return d.AddDays(1).Start().UTC() }
