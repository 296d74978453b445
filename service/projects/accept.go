package projects

import (
	"context"
	"fmt"
	"io"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/project"
	"gongdi/service/document"
	"gongdi/service/fault"
	"gongdi/service/identity"
	"gongdi/service/store"
)

// ErrNotAccepted says that there is no acceptance to write of yet.
var ErrNotAccepted = fault.New(fault.Conflict, "project_not_accepted", "还没有登记验收")

// Accepting is what an acceptance came to, and what followed it.
type Accepting struct {
	On         quantity.Date
	Result     model.AcceptanceResult
	Opinion    string
	ReportedOn quantity.Date // to 县政府办公室
	HandedOn   quantity.Date // to the street
	Receiver   string
}

// Accept notes the acceptance (验收), the report to the county's government
// office, and the handover to the street, as far as they have come.
func (s *Service) Accept(ctx context.Context, caller model.Caller, p *model.Project, a Accepting) (*View, error) {
	today := quantity.DateOf(s.now())
	for at, day := range map[string]quantity.Date{"on": a.On, "reported_on": a.ReportedOn, "handed_over_on": a.HandedOn} {
		if day > today || day != "" && day < a.On {
			return nil, fault.Unknown("body."+at, "日期不能在将来，也不能早于验收")
		}
	}
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*View, error) {
		held, err := s.hold(tx, p.ID)
		if err != nil {
			return nil, err
		}
		dates, err := datesOf(tx, p.ID)
		if err != nil {
			return nil, err
		}
		for m, day := range map[model.Milestone]quantity.Date{model.Accepted: a.On, model.HandedOver: a.HandedOn} {
			d := dates[m]
			d.Actual = day
			dates[m] = d
		}
		if err := checkDates(dates, today); err != nil {
			return nil, err
		}
		if err := keepDates(tx, p.ID, dates); err != nil {
			return nil, err
		}
		err = tx.Exec("UPDATE projects SET result = ?, opinion = ?, reported_on = ?, receiver = ?, updated_at = ? WHERE id = ?",
			a.Result, a.Opinion, a.ReportedOn, a.Receiver, s.now(), p.ID).Error
		if err != nil {
			return nil, fmt.Errorf("note the acceptance of project %s: %w", p.ID, err)
		}
		if err := s.follow(tx, held); err != nil {
			return nil, err
		}
		if err := s.noted(ctx, tx, caller, model.KeepProjects, held, "accept", ""); err != nil {
			return nil, err
		}
		return s.view(tx, p.ID)
	})
}

// PrintAcceptance writes the report on the acceptance to 县政府办公室, A4.
func (s *Service) PrintAcceptance(ctx context.Context, caller model.Caller, v *View, w io.Writer) error {
	paper, err := s.paper(ctx, caller, v)
	if err != nil {
		return err
	}
	return document.AcceptanceReport(w, paper)
}

// PrintHandover writes the record of the handover to the street, A4.
func (s *Service) PrintHandover(ctx context.Context, caller model.Caller, v *View, w io.Writer) error {
	paper, err := s.paper(ctx, caller, v)
	if err != nil {
		return err
	}
	return document.HandoverRecord(w, paper)
}

// Accepted reports whether there is an acceptance to write of.
func (v *View) Accepted() bool {
	return v.Dates[model.Accepted].Actual != "" && v.Result != model.NotAccepted
}

func (s *Service) paper(ctx context.Context, caller model.Caller, v *View) (document.ProjectPaper, error) {
	accepted := v.Dates[model.Accepted].Actual
	if !v.Accepted() {
		return document.ProjectPaper{}, ErrNotAccepted
	}
	papers, err := s.Papers(ctx, v.ID)
	if err != nil {
		return document.ProjectPaper{}, err
	}
	from, err := identity.Maker(s.DB.Read(ctx), s.Vault, caller.ID, s.now())
	if err != nil {
		return document.ProjectPaper{}, err
	}
	stands, warranty := v.Stands(), project.WarrantyFrom(accepted)
	p := document.ProjectPaper{
		Number: v.Number, Name: v.Name, Estate: v.Estate, Community: v.Community, Address: v.Address, Office: s.Office, County: s.County,
		Buildings: stands.Buildings, Units: stands.Units, Households: stands.Households, Area: stands.Area, Total: v.Total,
		Party: v.PartyName, Contractor: v.Contractor, Supervisor: v.Supervisor, Designer: v.Designer, Started: v.Dates[model.Started].Actual, Finished: v.Dates[model.Finished].Actual,
		Accepted: accepted, Qualified: v.Result == model.Qualified, Opinion: v.Opinion, HandedOver: v.Dates[model.HandedOver].Actual, Receiver: v.Receiver,
		Waterproofing: warranty.Waterproofing, Equipment: warranty.Equipment, OpenProblems: v.OpenProblems, SharedWith: v.SharedWith, WrittenOn: quantity.DateOf(s.now()), From: from,
	}
	for _, work := range v.Works {
		p.Works = append(p.Works, document.ProjectWork{Class: model.WorkClasses[work.Class], Item: work.Item, Planned: work.Planned(), Done: work.Finished()})
	}
	for _, g := range model.MoneyGroups {
		if planned, received := v.Planned(g.Group), v.Received[g.Group]; planned != 0 || received != 0 {
			p.Money = append(p.Money, document.ProjectMoney{Name: g.Name, Planned: planned, Received: received})
		}
	}
	for _, one := range papers {
		p.Papers = append(p.Papers, one.Title)
	}
	return p, nil
}
