package complaints

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/roster"
	"gongdi/service/audit"
	"gongdi/service/fault"
	"gongdi/service/store"
	"gongdi/service/vault"
)

const (
	departmentContact vault.Field = "department.contact_name"
	departmentPhone   vault.Field = "department.contact_phone"
)

// DepartmentChange is what the street sets of a department from today on.
type DepartmentChange struct {
	Code, Name, Clause, Contact, Phone string
}

// SetDepartment names a department anew from today on, or adds one; what was
// routed before keeps the name that it had.
func (s *Service) SetDepartment(ctx context.Context, caller model.Caller, d DepartmentChange) error {
	phone := ""
	if d.Phone != "" {
		clean, sound := roster.CleanPhone(d.Phone)
		if !sound {
			return fault.ErrInvalid.At("body.contact_phone", "请填写正确的电话号码")
		}
		phone = clean
	}
	today := quantity.DateOf(s.now())
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		r, err := routingOn(tx, today)
		if err != nil {
			return err
		}
		row, there := r.departments[d.Code]
		if !there {
			row = model.Department{Code: d.Code}
		}
		row.Name = d.Name
		if d.Clause != "" {
			row.Clause = d.Clause
		}
		row.ContactName, row.ContactPhone = s.Vault.Seal(departmentContact, d.Contact), s.Vault.Seal(departmentPhone, phone)
		if err := succeed(tx, "departments", d.Code, today); err != nil {
			return err
		}
		row.ValidFrom, row.ValidUntil = today, ""
		if err := tx.Create(&row).Error; err != nil {
			return fmt.Errorf("set department %s: %w", d.Code, err)
		}
		return s.set(ctx, tx, caller, "department", d.Code)
	})
}

// succeed ends the row that holds, so that another can follow from a day on:
// one of the same day is replaced.
func succeed(tx *gorm.DB, table, code string, from quantity.Date) error {
	err := errors.Join(
		tx.Exec("DELETE FROM "+table+" WHERE code = ? AND valid_from >= ?", code, from).Error,
		tx.Exec("UPDATE "+table+" SET valid_until = ? WHERE code = ? AND (valid_until = '' OR valid_until >= ?)", from.AddDays(-1), code, from).Error,
	)
	if err != nil {
		return fmt.Errorf("end what held of %s: %w", code, err)
	}
	return nil
}

func (s *Service) set(ctx context.Context, tx *gorm.DB, caller model.Caller, what, code string) error {
	return s.Audit.Record(ctx, tx, audit.Entry{Actor: caller, Right: model.SetRouting, Verb: "set", ObjectType: what, ObjectID: code, AreaCode: caller.AreaCode})
}

// CategoryChange is what the street sets of a category from today on; what is
// nil stays.
type CategoryChange struct {
	Code          string
	Label         string
	Department    string
	Co            []string
	ResolveDays   *int
	ComplexDays   *int
	ExtensionDays *int
	Closes        *int
}

// SetCategory changes who handles a category, and its terms, from today on.
// Cases that were filed before keep what they were promised.
func (s *Service) SetCategory(ctx context.Context, caller model.Caller, ch CategoryChange) error {
	today := quantity.DateOf(s.now())
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		r, err := routingOn(tx, today)
		if err != nil {
			return err
		}
		c, there := r.category(ch.Code)
		if !there {
			return fault.ErrNotFound
		}
		if err := ch.onto(&c, r); err != nil {
			return err
		}
		if err := succeed(tx, "complaint_categories", ch.Code, today); err != nil {
			return err
		}
		c.ValidFrom, c.ValidUntil = today, ""
		if err := tx.Create(&c).Error; err != nil {
			return fmt.Errorf("set category %s: %w", ch.Code, err)
		}
		return s.set(ctx, tx, caller, "category", ch.Code)
	})
}

func (ch CategoryChange) onto(c *model.Category, r *routing) error {
	if ch.Label != "" {
		c.Label = ch.Label
	}
	if ch.Department != "" {
		if _, there := r.departments[ch.Department]; !there {
			return fault.Unknown("body.department", "没有这个部门")
		}
		c.DepartmentCode = ch.Department
	}
	if ch.Co != nil {
		for i, code := range ch.Co {
			if _, there := r.departments[code]; !there {
				return fault.Unknown(fmt.Sprintf("body.co[%d]", i), "没有这个部门")
			}
		}
		c.Co = strings.Join(ch.Co, " ")
	}
	for _, n := range []struct {
		from *int
		to   *int
	}{{ch.ResolveDays, &c.ResolveDays}, {ch.ComplexDays, &c.ComplexDays}, {ch.ExtensionDays, &c.ExtensionDays}, {ch.Closes, &c.Closes}} {
		if n.from != nil {
			*n.to = *n.from
		}
	}
	return nil
}

// SetNumber sets whom to call in a danger, the gas company above all.
func (s *Service) SetNumber(ctx context.Context, caller model.Caller, n model.EmergencyNumber) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		err := errors.Join(
			tx.Exec("DELETE FROM emergency_numbers WHERE danger = ? AND label = ?", n.Danger, n.Label).Error,
			tx.Exec("INSERT INTO emergency_numbers (danger, number, label, sort) VALUES (?, ?, ?, 9)", n.Danger, n.Number, n.Label).Error,
		)
		if err != nil {
			return fmt.Errorf("set an emergency number: %w", err)
		}
		return s.set(ctx, tx, caller, "emergency", string(n.Danger))
	})
}

// KnownDepartment is a department with its contact, readable.
type KnownDepartment struct {
	model.Department
	Contact, Phone string
}

// Contacts lists the departments of today, each with its contact (联络员).
func (s *Service) Contacts(ctx context.Context) ([]KnownDepartment, error) {
	rows, err := s.Departments(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]KnownDepartment, 0, len(rows))
	for _, d := range rows {
		contact, errName := s.Vault.Reveal(departmentContact, d.ContactName)
		phone, errPhone := s.Vault.Reveal(departmentPhone, d.ContactPhone)
		if err := errors.Join(errName, errPhone); err != nil {
			return nil, fmt.Errorf("read the contact of department %s: %w", d.Code, err)
		}
		out = append(out, KnownDepartment{Department: d, Contact: contact, Phone: phone})
	}
	return out, nil
}
