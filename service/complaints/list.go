package complaints

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/complaint"
)

// Work is a list that the office works through.
type Work string

// The work lists.
const (
	AllWork      Work = ""
	WorkMine     Work = "mine" // what waits for the caller: to accept, assign, decide; or to take and answer
	WorkDueToday Work = "due_today"
	WorkOverdue  Work = "overdue"
	WorkReturned Work = "returned"
	WorkReopened Work = "reopened"
	WorkJoint    Work = "joint_meeting"
)

// Filter narrows a list of cases, and the statistics of the same.
type Filter struct {
	Status     complaint.State
	Department string
	Category   string
	EstateID   string
	Area       string // exactly this area, none below it
	Kind       model.CaseKind
	Overdue    *bool
	Work       Work
	Query      string // a number, a ticket of the 12345 centre, a block, a part of an estate's or department's name
	From       quantity.Date
	Until      quantity.Date // the last day
	Offset     int
	Limit      int
}

// A road is how a list reaches its cases.
type road struct {
	from string
	args []any
}

// roads are those to what the caller may see. A department's are two that
// never meet, what it leads and what it helps with: so each has its index.
func (s *Service) roads(caller model.Caller, f Filter) []road {
	from, args := s.selection(caller, f)
	all := road{"FROM complaints c WHERE " + from, args}
	if caller.Role != model.RoleDepartment {
		return []road{all}
	}
	own := append([]any{caller.Department}, args...)
	return []road{
		{"FROM complaints c WHERE c.department_code = ? AND " + from, own},
		{"FROM complaint_handlers h JOIN complaints c ON c.id = h.complaint_id WHERE h.department_code = ? AND h.lead_part = 0 AND " + from, own},
	}
}

// selection is what a list and the statistics over it have in common.
func (s *Service) selection(caller model.Caller, f Filter) (conditions string, args []any) {
	q := &where{}
	q.and("c.area_code LIKE ?", caller.AreaCode+"%")
	for _, c := range []struct{ column, value string }{
		{"c.status", string(f.Status)}, {"c.department_code", f.Department}, {"c.category_code", f.Category}, {"c.estate_id", f.EstateID}, {"c.area_code", f.Area}, {"c.kind", string(f.Kind)},
	} {
		if c.value != "" {
			q.and(c.column+" = ?", c.value)
		}
	}
	now := s.now()
	if f.Overdue != nil && *f.Overdue || f.Work == WorkOverdue {
		q.and("c.status IN ? AND c.due_at < ?", openStates(), now)
	} else if f.Overdue != nil {
		q.and("NOT (c.status IN ? AND c.due_at < ?)", openStates(), now)
	}
	q.search(f.Query)
	if f.From != "" {
		q.and("c.filed_at >= ?", f.From.Start().UTC())
	}
	if f.Until != "" {
		q.and("c.filed_at < ?", f.Until.AddDays(1).Start().UTC())
	}
	q.work(caller, f.Work, now)
	return strings.Join(q.parts, " AND "), q.args
}

type where struct {
	parts []string
	args  []any
}

func (w *where) and(part string, args ...any) {
	w.parts = append(w.parts, part)
	w.args = append(w.args, args...)
}

// search finds a number or a ticket; words in Chinese find the block, the
// estate or the department. What residents wrote is sealed and not searched.
func (w *where) search(query string) {
	switch {
	case query == "":
	case strings.IndexFunc(query, func(r rune) bool { return r > unicode.MaxASCII }) < 0:
		w.and("(c.number = ? OR c.ticket = ?)", query, query)
	default:
		w.and("(c.building = ? OR c.ticket = ? OR INSTR(c.department_name, ?) > 0 OR c.estate_id IN (SELECT e.id FROM estates e WHERE INSTR(e.name, ?) > 0))", query, query, query, query)
	}
}

func (w *where) work(caller model.Caller, work Work, now time.Time) {
	switch work {
	case WorkMine:
		w.mine(caller)
	case WorkDueToday:
		today := quantity.DateOf(now)
		w.and("c.status IN ? AND c.due_at >= ? AND c.due_at < ?", openStates(), today.Start().UTC(), today.AddDays(1).Start().UTC())
	case WorkReturned:
		w.and("c.status = ?", complaint.Returned)
	case WorkReopened:
		w.and("c.reopened > 0 AND c.status IN ?", openStates())
	case WorkJoint:
		w.and("c.status IN ? AND c.alerts >= ?", openStates(), len(model.AlertKinds))
	case AllWork, WorkOverdue:
	}
}

func (w *where) mine(caller model.Caller) {
	switch caller.Role {
	case model.RoleDepartment:
		w.and("c.status IN ?", openStates())
		w.and("EXISTS (SELECT 1 FROM complaint_handlers p WHERE p.complaint_id = c.id AND p.department_code = ? AND p.state <> 'answered')", caller.Department)
	case model.RoleCommunity:
		w.and("c.status IN ?", []complaint.State{complaint.Rated, complaint.NotRated})
	case model.RoleStreet, model.RoleGrid, model.RoleCounty, model.RoleAuditor, model.RoleAdmin:
		w.and("(c.status IN ? OR c.status IN ? AND c.department_code = ?)",
			[]complaint.State{complaint.Submitted, complaint.Accepted, complaint.Returned, complaint.ExtensionAsked, complaint.Reopened},
			[]complaint.State{complaint.Assigned, complaint.Taken, complaint.InProgress}, model.StreetDepartment)
	}
}

func openStates() []complaint.State {
	return slices.DeleteFunc(slices.Clone(complaint.States), func(s complaint.State) bool { return !s.Open() })
}

// Listed is a case in a list. Its words are shown by Open alone.
type Listed struct {
	model.Complaint
	Estate string
}

// List is a page of what the caller may see: what is late first where a list
// is worked through, else the newest first.
func (s *Service) List(ctx context.Context, caller model.Caller, f Filter) ([]Listed, int64, error) {
	order := "c.filed_at DESC, c.id DESC"
	if f.Work != AllWork || f.Overdue != nil || f.Status.Open() {
		order = "c.due_at, c.id"
	}
	return s.list(ctx, s.roads(caller, f), order, f)
}

// ListMine is a page of a resident's own cases, the newest first.
func (s *Service) ListMine(ctx context.Context, caller model.Caller, offset, limit int) ([]Listed, int64, error) {
	own := road{"FROM complaints c WHERE c.resident_id = ?", []any{caller.ID}}
	return s.list(ctx, []road{own}, "c.filed_at DESC, c.id DESC", Filter{Offset: offset, Limit: limit})
}

func (s *Service) list(ctx context.Context, roads []road, order string, f Filter) ([]Listed, int64, error) {
	db := s.DB.Read(ctx)
	var total int64
	var firsts []string
	var args []any
	for _, r := range roads {
		var n int64
		if err := db.Raw("SELECT COUNT(*) "+r.from, r.args...).Scan(&n).Error; err != nil {
			return nil, 0, fmt.Errorf("count cases: %w", err)
		}
		total += n
		firsts = append(firsts, fmt.Sprintf("SELECT * FROM (SELECT c.id AS id %s ORDER BY %s LIMIT ?) road%d", r.from, order, len(firsts)))
		args = append(append(args, r.args...), f.Offset+f.Limit)
	}
	page := "SELECT c.*, COALESCE((SELECT e.name FROM estates e WHERE e.id = c.estate_id), '') AS estate FROM (" +
		strings.Join(firsts, " UNION ALL ") + ") found JOIN complaints c ON c.id = found.id ORDER BY " + order + " LIMIT ? OFFSET ?"
	var rows []Listed
	if err := db.Raw(page, append(args, f.Limit, f.Offset)...).Scan(&rows).Error; err != nil {
		return nil, 0, fmt.Errorf("list cases: %w", err)
	}
	return rows, total, nil
}
