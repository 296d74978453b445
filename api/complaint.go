package api

import (
	"context"
	"time"

	"gongdi/model"
	"gongdi/model/rule/complaint"
	"gongdi/service/complaints"
	"gongdi/service/files"
)

// DepartmentBody names who handles something.
type DepartmentBody struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// NumberBody is whom to call in a danger.
type NumberBody struct {
	Number string `json:"number"`
	Label  string `json:"label"`
}

// CategoryBody is what can be reported, who handles it, and why.
type CategoryBody struct {
	Code        string           `json:"code"`
	Label       string           `json:"label"`
	Department  DepartmentBody   `json:"department"`
	Co          []DepartmentBody `json:"co"`
	Clause      string           `json:"clause" doc:"of 金府办〔2021〕140号"`
	ResolveDays int              `json:"resolve_working_days"`
}

// Category shows a category.
func Category(r complaints.Routed) CategoryBody {
	body := CategoryBody{
		Code: r.Category.Code, Label: r.Category.Label, Department: DepartmentBody{r.Department.Code, r.Department.Name}, Co: []DepartmentBody{},
		Clause: r.Clause, ResolveDays: r.Category.ResolveDays,
	}
	for _, d := range r.Co {
		body.Co = append(body.Co, DepartmentBody{d.Code, d.Name})
	}
	return body
}

// CaseBody is a case in a list, for its resident and for the office.
type CaseBody struct {
	ID          string         `json:"id"`
	Number      string         `json:"number" doc:"to be said on the phone"`
	Kind        string         `json:"kind" enum:"complaint,help,consultation,suggestion"`
	Category    string         `json:"category"`
	CategoryBy  string         `json:"category_reason,omitempty" doc:"the word by which it was found"`
	Department  DepartmentBody `json:"department"`
	Clause      string         `json:"clause"`
	Status      string         `json:"status"`
	Danger      string         `json:"danger,omitempty" enum:"gas,electric,falling,lift,fire"`
	Warranty    bool           `json:"under_warranty"`
	Estate      string         `json:"estate,omitempty"`
	EstateID    string         `json:"estate_id,omitempty"`
	Building    string         `json:"building,omitempty"`
	FiledAt     time.Time      `json:"filed_at"`
	DueAt       time.Time      `json:"due_at" doc:"the last instant of the term, counted from filing"`
	Provisional bool           `json:"provisional" doc:"the calendar of that year is not out"`
	Overdue     bool           `json:"overdue"`
	Reopened    int            `json:"reopened"`
	AnsweredAt  *time.Time     `json:"answered_at,omitempty"`
	Stars       int            `json:"stars,omitempty"`
	Resolved    *bool          `json:"resolved,omitempty"`
}

// Case shows a case at an instant.
func Case(c *model.Complaint, estate string, now time.Time) CaseBody {
	body := CaseBody{
		ID: c.ID, Number: c.Number, Kind: string(c.Kind), Category: c.CategoryCode, CategoryBy: c.CategoryBy,
		Department: DepartmentBody{c.DepartmentCode, c.DepartmentName}, Clause: c.Clause, Status: string(c.Status), Danger: string(c.Danger), Warranty: c.Warranty,
		Estate: estate, EstateID: c.EstateID, Building: c.Building, FiledAt: Time(c.FiledAt), DueAt: Time(c.DueAt), Provisional: c.Provisional,
		Overdue: c.Overdue(now), Reopened: c.Reopened, AnsweredAt: TimeOf(c.AnsweredAt), Stars: c.Stars,
	}
	if c.RatedAt != nil {
		resolved := c.Resolved
		body.Resolved = &resolved
	}
	return body
}

// FiledBody is a case that was taken.
type FiledBody struct {
	CaseBody
	Numbers []NumberBody `json:"emergency_numbers" doc:"to be called at once, in a danger"`
}

// FiledCase shows a case that was taken.
func FiledCase(f complaints.Filed, now time.Time) FiledBody {
	return FiledBody{CaseBody: Case(&f.Case, "", now), Numbers: Numbers(f.Numbers)}
}

// Numbers shows whom to call.
func Numbers(rows []model.EmergencyNumber) []NumberBody {
	out := make([]NumberBody, 0, len(rows))
	for _, n := range rows {
		out = append(out, NumberBody{n.Number, n.Label})
	}
	return out
}

// CaseFile is a picture or the voice note of a case.
type CaseFile struct {
	ID        string `json:"id"`
	MediaType string `json:"media_type"`
}

// CasePaper asks for a picture or the voice note of a case.
type CasePaper struct {
	ID     string `path:"id"`
	FileID string `path:"file_id"`
	Sized
}

// Show reads a picture or the voice note of the case that the route found, as
// far as the caller may see it.
func (p CasePaper) Show(ctx context.Context, c *complaints.Service, f *files.Service) (*File, error) {
	about, err := c.FileAbout(ctx, Caller(ctx), Found[*model.Complaint](ctx), p.FileID)
	if err != nil {
		return nil, err
	}
	kept, content, err := p.Sized.Show(ctx, f, about, p.FileID)
	if err != nil {
		return nil, err
	}
	return Shown(kept, content), nil
}

// CaseStep is a step of a case.
type CaseStep struct {
	Step       string    `json:"step"`
	Status     string    `json:"status" doc:"after it"`
	By         string    `json:"by" enum:"resident,staff,clock"`
	Department string    `json:"department,omitempty"`
	Detail     string    `json:"detail,omitempty"`
	Text       string    `json:"text,omitempty"`
	Files      []string  `json:"file_ids"`
	At         time.Time `json:"at"`
}

// OpenedCase is a case with what its reader may see of it.
type OpenedCase struct {
	CaseBody
	Text         string           `json:"text"`
	Place        string           `json:"place,omitempty"`
	CategoryName string           `json:"category_label"`
	Files        []CaseFile       `json:"files"`
	Steps        []CaseStep       `json:"steps"`
	Co           []DepartmentBody `json:"co"`
	Promise      string           `json:"promise,omitempty"`
	RatingText   string           `json:"rating_text,omitempty"`
	Joined       int64            `json:"me_too"`
	Numbers      []NumberBody     `json:"emergency_numbers"`
	MergedInto   string           `json:"merged_into,omitempty"`
}

// Opened shows a case that its reader opened.
func Opened(o complaints.Opened, now time.Time) OpenedCase {
	body := OpenedCase{
		CaseBody: Case(&o.Complaint, o.Estate, now), Text: o.Said, Place: o.Where, CategoryName: o.CategoryName, Files: []CaseFile{}, Steps: []CaseStep{},
		Co: []DepartmentBody{}, Promise: o.Promise, RatingText: o.RatingSaid, Joined: o.Joined, Numbers: Numbers(o.Numbers), MergedInto: o.MergedInto,
	}
	for _, f := range o.Files {
		body.Files = append(body.Files, CaseFile{ID: f.ID, MediaType: f.MediaType})
	}
	for _, s := range o.Steps {
		by := s.ActorKind
		if by == "" {
			by = "clock"
		}
		body.Steps = append(body.Steps, CaseStep{
			Step: string(s.Step), Status: string(s.Status), By: by, Department: s.DepartmentName, Detail: s.Detail, Text: s.Said, Files: s.Files, At: Time(s.At),
		})
	}
	for _, h := range o.Handlers {
		if !h.LeadPart {
			body.Co = append(body.Co, DepartmentBody{h.DepartmentCode, h.Name})
		}
	}
	return body
}

// StepNames shows steps by their names.
func StepNames(steps []complaint.Step) []string {
	out := make([]string, 0, len(steps))
	for _, s := range steps {
		out = append(out, string(s))
	}
	return out
}
