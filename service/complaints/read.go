package complaints

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/complaint"
	"gongdi/service/files"
)

// Of is a case as a member of staff may see it: in their area, and for a
// department only when it has a part in it.
func (s *Service) Of(ctx context.Context, caller model.Caller, id string) (*model.Complaint, error) {
	db := s.DB.Read(ctx)
	c, err := read(db, caseByID, id)
	if err != nil {
		return nil, err
	}
	d := &doing{Service: s, ctx: ctx, tx: db, caller: caller, c: c}
	return c, d.own()
}

// Mine is a resident's own case.
func (s *Service) Mine(ctx context.Context, caller model.Caller, id string) (*model.Complaint, error) {
	return s.Of(ctx, caller, id)
}

// Opened is a case with all that its reader may see of it.
type Opened struct {
	model.Complaint
	Said, Where  string
	Contact      string // name, masked for who is not to see it whole
	Phone        string // masked
	RatingSaid   string
	Estate       string
	CategoryName string
	Files        []model.File
	Steps        []OpenedStep
	Handlers     []OpenedHandler
	Numbers      []model.EmergencyNumber
	Joined       int64
	Allowed      []complaint.Step
}

// OpenedStep is a step, readable.
type OpenedStep struct {
	model.ComplaintStep
	Said  string
	Files []string
}

// OpenedHandler is a department's part, by name.
type OpenedHandler struct {
	model.ComplaintHandler
	Name string
}

// Open shows a case to its reader: to its resident the public part, to a
// department what it needs, masked.
func (s *Service) Open(ctx context.Context, caller model.Caller, c *model.Complaint) (Opened, error) {
	db := s.DB.Read(ctx)
	o := Opened{Complaint: *c, Allowed: c.Facts().Allowed(s.now())}
	if err := s.unseal(caller, &o); err != nil {
		return o, fmt.Errorf("read case %s: %w", c.ID, err)
	}
	var err error
	if o.Files, err = files.Of(db, Papers(c.ID)); err != nil {
		return o, err
	}
	if o.Numbers, err = numbersFor(db, c.Danger); err != nil {
		return o, err
	}
	if o.Steps, err = s.steps(db, caller, c.ID); err != nil {
		return o, err
	}
	r, err := routingOn(db, quantity.DateOf(s.now()))
	if err != nil {
		return o, err
	}
	if category, there := r.category(c.CategoryCode); there {
		o.CategoryName = category.Label
	}
	var parts []model.ComplaintHandler
	err = errors.Join(
		db.Raw("SELECT * FROM complaint_handlers WHERE complaint_id = ? ORDER BY lead_part DESC, department_code", c.ID).Scan(&parts).Error,
		db.Raw("SELECT COUNT(*) FROM complaint_joins WHERE complaint_id = ?", c.ID).Scan(&o.Joined).Error,
		db.Raw("SELECT COALESCE((SELECT name FROM estates WHERE id = ?), '')", c.EstateID).Scan(&o.Estate).Error,
	)
	if err != nil {
		return o, fmt.Errorf("read what belongs to case %s: %w", c.ID, err)
	}
	for _, p := range parts {
		o.Handlers = append(o.Handlers, OpenedHandler{ComplaintHandler: p, Name: r.departments[p.DepartmentCode].Name})
	}
	return o, nil
}

func (s *Service) steps(db *gorm.DB, caller model.Caller, id string) ([]OpenedStep, error) {
	var rows []model.ComplaintStep
	var papers []model.File
	err := errors.Join(
		db.Raw("SELECT * FROM complaint_steps WHERE complaint_id = ? ORDER BY number", id).Scan(&rows).Error,
		db.Raw(stepFiles, id).Scan(&papers).Error,
	)
	if err != nil {
		return nil, fmt.Errorf("read the steps of case %s: %w", id, err)
	}
	out := make([]OpenedStep, 0, len(rows))
	for _, row := range rows {
		if caller.Kind == model.ResidentSession && !row.OpenToResident {
			continue
		}
		step := OpenedStep{ComplaintStep: row, Files: []string{}}
		if caller.Kind != model.ResidentSession || !slices.Contains(unspoken, row.Step) {
			if step.Said, err = s.Vault.Reveal(stepWords, row.Words); err != nil {
				return nil, fmt.Errorf("read a step of case %s: %w", id, err)
			}
			for _, f := range papers {
				if f.AboutID == row.ID {
					step.Files = append(step.Files, f.ID)
				}
			}
		}
		if caller.Role == model.RoleDepartment {
			step.Said = mask(step.Said)
		}
		out = append(out, step)
	}
	return out, nil
}

const stepFiles = `SELECT f.* FROM files f JOIN complaint_steps s ON f.about_type = 'complaint_step' AND f.about_id = s.id
WHERE s.complaint_id = ? ORDER BY f.created_at, f.id`

// FileAbout finds what a file of a case belongs to, as far as the reader may
// see it: the case, or one of its steps.
func (s *Service) FileAbout(ctx context.Context, caller model.Caller, c *model.Complaint, fileID string) (model.About, error) {
	steps, err := s.steps(s.DB.Read(ctx), caller, c.ID)
	if err != nil {
		return model.About{}, err
	}
	for _, step := range steps {
		if slices.Contains(step.Files, fileID) {
			return StepPapers(step.ID), nil
		}
	}
	return Papers(c.ID), nil
}
