package complaints

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/complaint"
	"gongdi/model/rule/term"
	"gongdi/service/calendar"
	"gongdi/service/store"
)

const dueNow = "SELECT id FROM complaints WHERE next_at <= ? ORDER BY next_at, id LIMIT 200"

// Tick does what falls due by the clock: it raises alerts, notes that nobody
// rated, and archives. Any replica may, at any time: under the case's lock each
// happens once.
func (s *Service) Tick(ctx context.Context) error {
	for ctx.Err() == nil {
		var ids []string
		if err := s.DB.Read(ctx).Raw(dueNow, s.now()).Scan(&ids).Error; err != nil {
			return fmt.Errorf("find cases that fall due: %w", err)
		}
		for _, id := range ids {
			if err := store.Tx(ctx, s.DB, func(tx *gorm.DB) error { return s.fallDue(ctx, tx, id) }); err != nil {
				return fmt.Errorf("let case %s fall due: %w", id, err)
			}
		}
		if len(ids) < 200 {
			return nil
		}
	}
	return nil
}

func (s *Service) fallDue(ctx context.Context, tx *gorm.DB, id string) error {
	c, err := read(tx, s.DB.Locked(caseByID), id)
	if err != nil {
		return err
	}
	now := s.now()
	if c.NextAt == nil || c.NextAt.After(now) {
		return nil // another replica came first
	}
	if c.Status.Open() {
		return s.alert(tx, c, now)
	}
	step := complaint.Archive
	if c.Status == complaint.Answered {
		step = complaint.Lapse
	}
	_, err = s.do(ctx, tx, model.Caller{}, id, Act{Step: step})
	return err
}

// alert raises the alerts that are due, each once for a deadline.
func (s *Service) alert(tx *gorm.DB, c *model.Complaint, now time.Time) error {
	cal, err := calendar.Of(tx, quantity.DateOf(c.DueFrom))
	if err != nil {
		return err
	}
	for c.Alerts < len(model.AlertKinds) && !alertAt(c, cal).After(now) {
		kind := model.AlertKinds[c.Alerts]
		c.Alerts++
		if kind == model.AlertDueSoon && now.After(c.DueAt) {
			continue // nobody needs to hear that it will be late
		}
		a := model.ComplaintAlert{ComplaintID: c.ID, DueAt: c.DueAt, Kind: kind, DepartmentCode: c.DepartmentCode, AreaCode: c.AreaCode, At: now}
		raised := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&a)
		if raised.Error != nil {
			return fmt.Errorf("raise an alert: %w", raised.Error)
		}
		if raised.RowsAffected == 0 {
			continue // this deadline had it before a correction of the calendar
		}
		if err := s.tellAlert(tx, c, kind, now); err != nil {
			return err
		}
	}
	schedule(c, cal)
	return save(tx, c)
}

// Recompute reckons the deadlines of open cases anew over a corrected calendar,
// and keeps what was promised first, with the reason.
func (s *Service) Recompute(_ context.Context, tx *gorm.DB, cal term.Calendar) error {
	var rows []model.Complaint
	if err := tx.Raw(s.DB.Locked("SELECT * FROM complaints WHERE status IN ? ORDER BY id"), openStates()).Scan(&rows).Error; err != nil {
		return fmt.Errorf("find open cases: %w", err)
	}
	for i := range rows {
		c := &rows[i]
		was, provisional, alerts := c.DueAt, c.Provisional, c.Alerts
		reckon(c, cal)
		if c.DueAt.Equal(was) {
			if c.Alerts = alerts; c.Provisional == provisional {
				continue
			}
			schedule(c, cal)
		}
		c.UpdatedAt = s.now()
		if err := save(tx, c); err != nil {
			return err
		}
		if c.DueAt.Equal(was) {
			continue
		}
		detail := "节假日安排更正，办结期限由" + day(was) + "改为" + day(c.DueAt)
		if err := s.note(tx, c, &model.ComplaintStep{Step: model.StepRecomputed, Detail: detail, OpenToResident: true}, ""); err != nil {
			return err
		}
	}
	return nil
}

func day(t time.Time) string { return string(quantity.DateOf(t)) }

// Alerted is an alert with the case that it is about.
type Alerted struct {
	model.ComplaintAlert
	Number, DepartmentName string
	Status                 complaint.State
}

// Alerts lists what the caller is reminded of, the latest first: a department
// of its own cases, the rest of the office of their area's.
func (s *Service) Alerts(ctx context.Context, caller model.Caller, kind model.AlertKind, offset, limit int) ([]Alerted, int64, error) {
	from := "FROM complaint_alerts a JOIN complaints c ON c.id = a.complaint_id WHERE a.area_code LIKE ? AND (? = '' OR a.kind = ?)"
	args := []any{caller.AreaCode + "%", kind, kind}
	if caller.Role == model.RoleDepartment {
		from += " AND a.department_code = ?"
		args = append(args, caller.Department)
	}
	return store.Page[Alerted](s.DB.Read(ctx), store.List{
		Of: "alerts", Columns: "a.*, c.number, c.department_name, c.status", From: from, Order: "a.at DESC, a.complaint_id", Args: args,
	}, offset, limit)
}
