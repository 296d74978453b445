package registry

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/audit"
	"gongdi/service/fault"
	"gongdi/service/store"
)

// Dates are an estate's years that its list does not hold, or has wrong; a nil
// field stays as it is.
type Dates struct {
	BuiltYear  *int           // 建成年份
	AcceptedOn *quantity.Date // 竣工验收日, from which warranty runs; empty takes it back
	Reason     string
}

const setDates = "UPDATE estates SET built_year = ?, accepted_on = ?, updated_at = ? WHERE id = ?"

// DateEstate sets when an estate was built and when its renovation was accepted.
func (s *Service) DateEstate(ctx context.Context, caller model.Caller, id string, d Dates) (*model.Estate, error) {
	reason, err := because(d.Reason)
	if err != nil {
		return nil, err
	}
	if err := d.check(s.now()); err != nil {
		return nil, err
	}
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.Estate, error) {
		var e model.Estate
		if err := tx.Raw(s.DB.Locked("SELECT * FROM estates WHERE id = ?"), id).Take(&e).Error; err != nil {
			return nil, fmt.Errorf("read estate %s: %w", id, err)
		}
		if d.BuiltYear != nil {
			e.BuiltYear = d.BuiltYear
		}
		if d.AcceptedOn != nil {
			e.AcceptedOn = *d.AcceptedOn
		}
		if err := tx.Exec(setDates, e.BuiltYear, e.AcceptedOn, s.now(), id).Error; err != nil {
			return nil, fmt.Errorf("date estate %s: %w", id, err)
		}
		return &e, s.Audit.Record(ctx, tx, audit.Entry{
			Actor: caller, Right: model.EditRegistry, Verb: "date", ObjectType: "estate", ObjectID: id, AreaCode: e.AreaCode, Reason: reason,
		})
	})
}

const firstYear = 1800

func (d Dates) check(now time.Time) error {
	if d.BuiltYear != nil && (*d.BuiltYear < firstYear || *d.BuiltYear > now.In(quantity.Shanghai).Year()) {
		return fault.Unknown("body.built_year", "年份不对")
	}
	if d.AcceptedOn == nil || *d.AcceptedOn == "" {
		return nil
	}
	day, err := quantity.ParseDate(string(*d.AcceptedOn))
	if err != nil || day > quantity.DateOf(now) {
		return fault.Unknown("body.accepted_on", "日期不对，也不能在将来")
	}
	return nil
}

// Accept notes the day on which an estate's renovation was accepted, in the
// transaction of what says so; warranty runs from it.
func Accept(tx *gorm.DB, estateID string, day quantity.Date) error {
	if err := tx.Exec("UPDATE estates SET accepted_on = ? WHERE id = ?", day, estateID).Error; err != nil {
		return fmt.Errorf("note the acceptance of estate %s: %w", estateID, err)
	}
	return nil
}

// Touch notes that what figures of an estate are reckoned from has changed, in
// the transaction of the change.
func Touch(tx *gorm.DB, estateID string, at time.Time) error {
	if err := tx.Exec("UPDATE estates SET updated_at = ? WHERE id = ?", at, estateID).Error; err != nil {
		return fmt.Errorf("note that estate %s has changed: %w", estateID, err)
	}
	return nil
}
