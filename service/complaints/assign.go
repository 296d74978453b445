package complaints

import (
	"fmt"
	"slices"

	"gongdi/model"
	"gongdi/model/rule/complaint"
	"gongdi/model/rule/term"
	"gongdi/service/fault"
)

// assign gives the case to its lead and those who help, and copies what was
// promised: a term that changes later does not change this case.
func (d *doing) assign() error {
	c := d.c
	if d.act.Category != "" && d.act.Category != c.CategoryCode {
		if err := d.recategorise(); err != nil {
			return err
		}
	}
	category, there := d.r.category(c.CategoryCode)
	if !there { // the category has ended since
		category = model.Category{Code: c.CategoryCode, ContactDays: 2, ComplexDays: c.ResolveDays}
	}
	helpers, err := d.lead(category)
	if err != nil {
		return err
	}
	if d.act.Complex && c.Danger == model.NoDanger {
		c.ResolveDays = category.ComplexDays
		reckon(c, d.cal)
	}
	receipt := term.Receipt{Closes: c.Closes}
	contact, back := d.cal.Deadline(d.at, category.ContactDays, receipt).At.UTC(), d.cal.Deadline(d.at, 1, receipt).At.UTC()
	c.AssignedAt, c.ContactDueAt, c.ReturnDueAt = &d.at, &contact, &back
	c.Final = c.Returns >= complaint.MostReturned
	c.Promise = promised(c)
	d.step.Detail = "由" + c.DepartmentName + "办理，" + c.Promise
	d.step.DepartmentCode, d.step.DepartmentName = c.DepartmentCode, c.DepartmentName
	return d.share(helpers)
}

// lead settles the lead of an assignment, and gives those who help.
func (d *doing) lead(category model.Category) ([]string, error) {
	c := d.c
	if code := d.act.Department; code != "" && code != c.DepartmentCode {
		named, there := d.r.departments[code]
		if !there {
			return nil, fault.Unknown("body.department", "没有这个部门")
		}
		c.DepartmentCode, c.DepartmentName, c.Clause = named.Code, named.Name, named.Clause
	}
	helpers := d.act.Co
	if helpers == nil {
		for _, h := range d.r.co(category) {
			helpers = append(helpers, h.Code)
		}
		if c.Warranty && category.DepartmentCode != model.StreetDepartment {
			helpers = append(helpers, category.DepartmentCode)
		}
	}
	for i, code := range helpers {
		if _, there := d.r.departments[code]; !there {
			return nil, fault.Unknown(fmt.Sprintf("body.co[%d]", i), "没有这个部门")
		}
	}
	return helpers, nil
}

// share writes the parts of an assignment.
func (d *doing) share(helpers []string) error {
	c := d.c
	if err := d.tx.Exec("DELETE FROM complaint_handlers WHERE complaint_id = ?", c.ID).Error; err != nil {
		return fmt.Errorf("end the parts of case %s: %w", c.ID, err)
	}
	parts := []model.ComplaintHandler{{ComplaintID: c.ID, DepartmentCode: c.DepartmentCode, Round: c.Round, LeadPart: true, State: model.PartAssigned, At: d.at}}
	for _, code := range helpers {
		if !slices.ContainsFunc(parts, func(p model.ComplaintHandler) bool { return p.DepartmentCode == code }) {
			parts = append(parts, model.ComplaintHandler{ComplaintID: c.ID, DepartmentCode: code, Round: c.Round, State: model.PartAssigned, At: d.at})
		}
	}
	if err := d.tx.Create(&parts).Error; err != nil {
		return fmt.Errorf("assign case %s: %w", c.ID, err)
	}
	return nil
}
