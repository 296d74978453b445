package complaints

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"gongdi/model"
	"gongdi/service/document"
	"gongdi/service/identity"
)

// Figures are the statistics of one part of the cases.
type Figures struct {
	Part, Label               string
	Received, InTime, Late    int64
	Open, Returned, Reopened  int64
	Rated, Satisfied          int64 // the base, and of it four stars or more
	Answered                  int64
	CalledBack, Settled       int64 // called back, of those answered and not taken up again
	MedianDays, NinetiethDays int64 // natural days until the answer, of those answered
}

// By is what statistics are parted by.
type By string

// The ways to part cases.
const (
	ByCategory   By = "category"
	ByDepartment By = "department"
	ByEstate     By = "estate"
	ByMonth      By = "month"
	ByCommunity  By = "community"
)

// A parting is a column, the query for its labels, and the office's word.
var partings = map[By]struct{ column, labels, word string }{
	ByCategory:   {"c.category_code", "SELECT code, label FROM complaint_categories ORDER BY valid_from", "分类"},
	ByDepartment: {"c.department_code", "SELECT code, name AS label FROM departments ORDER BY valid_from", "主办部门"},
	ByEstate:     {"c.estate_id", "SELECT id AS code, name AS label FROM estates", "小区"},
	ByCommunity:  {"c.area_code", "SELECT code, name AS label FROM areas", "社区"},
	ByMonth:      {"c.filed_month", "SELECT DISTINCT filed_month AS code, filed_month AS label FROM complaints", "月份"},
}

const sums = `COUNT(*) AS received,
SUM(CASE WHEN c.status IN ? THEN 1 ELSE 0 END) AS open,
SUM(CASE WHEN c.status NOT IN ? AND c.answered_at IS NOT NULL AND c.answered_at <= c.due_at THEN 1 ELSE 0 END) AS in_time,
SUM(CASE WHEN c.status NOT IN ? AND c.answered_at > c.due_at OR c.status IN ? AND c.due_at < ? THEN 1 ELSE 0 END) AS late,
SUM(CASE WHEN c.returns > 0 THEN 1 ELSE 0 END) AS returned,
SUM(CASE WHEN c.reopened > 0 THEN 1 ELSE 0 END) AS reopened,
SUM(CASE WHEN c.status NOT IN ? AND c.answered_at IS NOT NULL THEN 1 ELSE 0 END) AS settled,
SUM(CASE WHEN c.status NOT IN ? AND c.answered_at IS NOT NULL AND c.call_back <> '' THEN 1 ELSE 0 END) AS called_back,
SUM(CASE WHEN c.stars > 0 THEN 1 ELSE 0 END) AS rated,
SUM(CASE WHEN c.stars > 3 THEN 1 ELSE 0 END) AS satisfied `

// Figures adds up the cases of a list, by the list's own query, part by part;
// the last is the whole.
func (s *Service) Figures(ctx context.Context, caller model.Caller, f Filter, by By) ([]Figures, error) {
	selected, args := s.selection(caller, f)
	from := "FROM complaints c WHERE " + selected
	db, open, parting := s.DB.Read(ctx), openStates(), partings[by]
	values := append([]any{open, open, open, open, s.now(), open, open}, args...)
	var rows []Figures
	var days []taken
	var labels []struct{ Code, Label string }
	err := errors.Join(
		db.Raw("SELECT "+parting.column+" AS part, "+sums+from+" GROUP BY "+parting.column, values...).Scan(&rows).Error,
		db.Raw("SELECT "+parting.column+" AS part, c.days_taken AS days, COUNT(*) AS cases "+from+" AND c.answered_at IS NOT NULL GROUP BY "+parting.column+", c.days_taken", args...).Scan(&days).Error,
		db.Raw(parting.labels).Scan(&labels).Error,
	)
	if err != nil {
		return nil, fmt.Errorf("add up cases: %w", err)
	}
	whole := Figures{Label: "合计"}
	for i := range rows {
		r := &rows[i]
		r.Label = cmp.Or(r.Part, "未填写")
		for _, l := range labels {
			if l.Code == r.Part && l.Label != "" {
				r.Label = l.Label
			}
		}
		r.measure(slices.DeleteFunc(slices.Clone(days), func(t taken) bool { return t.Part != r.Part }))
		whole.add(*r)
	}
	whole.measure(days)
	slices.SortFunc(rows, func(a, b Figures) int {
		return cmp.Or(cmp.Compare(b.Received, a.Received), cmp.Compare(a.Part, b.Part))
	})
	return append(rows, whole), nil
}

// taken is how many cases were answered within so many days.
type taken struct {
	Part        string
	Days, Cases int64
}

// measure finds the median and the ninetieth percentile: the first day by
// which at least that share was answered.
func (f *Figures) measure(days []taken) {
	slices.SortStableFunc(days, func(a, b taken) int { return cmp.Compare(a.Days, b.Days) })
	f.Answered = 0
	for _, t := range days {
		f.Answered += t.Cases
	}
	f.MedianDays, f.NinetiethDays = percentile(days, f.Answered, 50), percentile(days, f.Answered, 90)
}

func percentile(days []taken, all, share int64) int64 {
	var so int64
	for _, t := range days {
		if so += t.Cases; so*100 >= all*share {
			return t.Days
		}
	}
	return 0
}

func (f *Figures) add(o Figures) {
	f.Received, f.InTime, f.Late, f.Open = f.Received+o.Received, f.InTime+o.InTime, f.Late+o.Late, f.Open+o.Open
	f.Returned, f.Reopened, f.Rated, f.Satisfied = f.Returned+o.Returned, f.Reopened+o.Reopened, f.Rated+o.Rated, f.Satisfied+o.Satisfied
	f.CalledBack, f.Settled = f.CalledBack+o.CalledBack, f.Settled+o.Settled
}

// FiguresSheet writes the statistics as they are on the screen.
func (s *Service) FiguresSheet(ctx context.Context, caller model.Caller, f Filter, by By, w io.Writer) error {
	rows, err := s.Figures(ctx, caller, f, by)
	if err != nil {
		return err
	}
	lines := make([]document.CaseFigures, 0, len(rows))
	for _, r := range rows {
		lines = append(lines, document.CaseFigures{
			Label: r.Label, Received: r.Received, InTime: r.InTime, Late: r.Late, Open: r.Open, Returned: r.Returned, Reopened: r.Reopened,
			CalledBack: r.CalledBack, Settled: r.Settled, Satisfied: r.Satisfied, Rated: r.Rated, Median: r.MedianDays, Ninetieth: r.NinetiethDays,
		})
	}
	from, err := identity.Maker(s.DB.Read(ctx), s.Vault, caller.ID, s.now())
	if err != nil {
		return err
	}
	return document.CaseStatistics(w, partings[by].word, lines, from)
}
