package api

import (
	"gongdi/model"
	"gongdi/model/rule/project"
	"gongdi/service/projects"
)

// WorkBody is one line of work; quantities are in hundredths of the unit.
type WorkBody struct {
	Class    string `json:"class" enum:"basic,complete,upgrade"`
	Item     string `json:"item" minLength:"1" maxLength:"100"`
	Unit     string `json:"unit" maxLength:"16"`
	Quantity int64  `json:"quantity_hundredths" minimum:"0" maximum:"100000000000"`
	Done     int64  `json:"done_hundredths,omitempty" minimum:"0" maximum:"100000000000"`
}

// Works shapes the lines of work of a project.
func Works(of []model.ProjectWork) []WorkBody {
	out := make([]WorkBody, 0, len(of))
	for _, w := range of {
		out = append(out, WorkBody{string(w.Class), w.Item, w.Unit, w.Quantity, w.Done})
	}
	return out
}

// MilestoneBody is when a milestone was planned, and when it came.
type MilestoneBody struct {
	Planned string `json:"planned,omitempty" format:"date"`
	Actual  string `json:"actual,omitempty" format:"date"`
}

// Dates shapes the milestones of a project.
func Dates(of map[model.Milestone]model.ProjectDate) map[string]MilestoneBody {
	out := map[string]MilestoneBody{}
	for m, d := range of {
		out[string(m)] = MilestoneBody{string(d.Planned), string(d.Actual)}
	}
	return out
}

// WarrantyBody is how long what was renewed is under warranty.
type WarrantyBody struct {
	Waterproofing string `json:"waterproofing_until" format:"date" doc:"five years from acceptance"`
	Equipment     string `json:"equipment_until" format:"date" doc:"two years: pipes, wires, equipment, fittings"`
}

// Warranty shapes the warranty of a project; nothing before its acceptance.
func Warranty(v *projects.View) *WarrantyBody {
	w := project.WarrantyFrom(v.Dates[model.Accepted].Actual)
	if w.Equipment == "" || v.Result != model.Qualified {
		return nil
	}
	return &WarrantyBody{string(w.Waterproofing), string(w.Equipment)}
}

// DayBody is what is worked on a day.
type DayBody struct {
	ID         string `json:"id"`
	On         string `json:"on" format:"date"`
	BuildingID string `json:"building_id,omitempty"`
	UnitID     string `json:"unit_id,omitempty"`
	Place      string `json:"place" doc:"the building or stairwell; empty for the whole estate"`
	Text       string `json:"text"`
}

// WorksDay shapes the works of a day.
func WorksDay(d projects.Day) DayBody {
	return DayBody{d.ID, string(d.OnDate), d.BuildingID, d.UnitID, d.Place, d.Words}
}

// ReportBody is how far works had come on a day.
type ReportBody struct {
	ID        string   `json:"id"`
	On        string   `json:"on" format:"date"`
	WorksDone int      `json:"works_done_bp" doc:"形象进度 in hundredths of a percent"`
	Paid      *int     `json:"paid_bp,omitempty" doc:"支付进度 in hundredths of a percent; for the office"`
	Text      string   `json:"text"`
	Party     string   `json:"party,omitempty" doc:"the department that reported it; empty for the office"`
	Files     []string `json:"file_ids"`
}

// WorksReport shapes a report for residents.
func WorksReport(r projects.Reported) ReportBody {
	return ReportBody{ID: r.ID, On: string(r.OnDate), WorksDone: r.WorksDone, Text: r.Words, Party: r.Department, Files: append([]string{}, r.Files...)}
}
