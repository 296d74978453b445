package audit

import (
	"context"
	"crypto/subtle"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
)

// Filter narrows what an auditor reads; an empty field narrows nothing.
type Filter struct {
	ActorID    string
	Action     string // with all that begins with it: "accounts.manage" finds "accounts.manage.create"
	ObjectType string
	ObjectID   string
	Outcome    model.AuditOutcome
	From       time.Time // inclusive
	Until      time.Time // exclusive
	Offset     int
	Limit      int // the lines of a page; zero is 50
}

// Line is a line of the log with what its seal says about it.
type Line struct {
	model.AuditEntry
	// Sound is false for a line that is not as it was written.
	Sound bool
}

// Lines lists what lies in the auditor's part of the division, the newest
// first, and how many lines there are in all.
func (l *Log) Lines(ctx context.Context, auditor model.Caller, f Filter) ([]Line, int64, error) {
	if f.Limit <= 0 {
		f.Limit = 50
	}
	query := f.narrow(l.DB.Read(ctx).Model(&model.AuditEntry{}), auditor)
	var total int64
	if err := query.Session(&gorm.Session{}).Count(&total).Error; err != nil {
		return nil, 0, fmt.Errorf("count the audit log: %w", err)
	}
	var entries []model.AuditEntry
	err := query.Order("at DESC, id DESC").Offset(f.Offset).Limit(f.Limit).Find(&entries).Error
	if err != nil {
		return nil, 0, fmt.Errorf("read the audit log: %w", err)
	}
	lines := make([]Line, len(entries))
	for i, e := range entries {
		lines[i] = Line{AuditEntry: e, Sound: l.sound(&e)}
	}
	return lines, total, nil
}

func (f Filter) narrow(query *gorm.DB, auditor model.Caller) *gorm.DB {
	if auditor.Kind != model.StaffSession || auditor.AreaCode == "" {
		return query.Where("1 = 0")
	}
	query = query.Where("area_code LIKE ?", auditor.AreaCode+"%")
	for column, value := range map[string]string{
		"actor_id": f.ActorID, "object_type": f.ObjectType, "object_id": f.ObjectID, "outcome": string(f.Outcome),
	} {
		if value != "" {
			query = query.Where(column+" = ?", value)
		}
	}
	if f.Action != "" {
		query = query.Where("action LIKE ? ESCAPE '!'", literal.Replace(f.Action)+"%")
	}
	if !f.From.IsZero() {
		query = query.Where("at >= ?", f.From.UTC())
	}
	if !f.Until.IsZero() {
		query = query.Where("at < ?", f.Until.UTC())
	}
	return query
}

var literal = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

func (l *Log) sound(e *model.AuditEntry) bool {
	return subtle.ConstantTimeCompare([]byte(e.Seal), []byte(l.seal(e))) == 1
}

// batch is how many lines are held at once while the log is checked.
const batch = 500

// Check reads every line again and names those that are not as they were
// written. It cannot tell that a line was removed whole.
func (l *Log) Check(ctx context.Context) (checked int, changed []string, err error) {
	for last := ""; ; {
		var entries []model.AuditEntry
		err := l.DB.Read(ctx).Where("id > ?", last).Order("id").Limit(batch).Find(&entries).Error
		if err != nil {
			return checked, changed, fmt.Errorf("check the audit log: %w", err)
		}
		for _, e := range entries {
			if !l.sound(&e) {
				changed = append(changed, e.ID)
			}
			last = e.ID
		}
		checked += len(entries)
		if len(entries) < batch {
			return checked, changed, nil
		}
	}
}
