package notices

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/term"
)

// Term is the least length of a publicity period, with its source.
type Term struct {
	Subject, Words string
	Days           int
	Citation       string
}

// Terms are the shipped lengths; a street may set others.
var Terms = []Term{
	{"vote", "业主表决事项", 15, "《物业管理条例》第十四条：应当于会议召开15日以前通知全体业主"},
	{"lift_scheme", "加装电梯方案", 10, "各地通行不少于10日（上海、杭州、广州），由街道设定"},
	{"renovation_scheme", "改造方案", 7, "推荐值，由街道设定"},
	{"result", "表决、调查结果", 7, "推荐值，由街道设定"},
	{"other", "其他", 1, "由街道设定"},
}

// CheckLeast refuses lengths of a subject that there is none of.
func CheckLeast(days map[string]int) error {
	for _, subject := range slices.Sorted(maps.Keys(days)) {
		if !slices.ContainsFunc(Terms, func(t Term) bool { return t.Subject == subject }) {
			known := make([]string, 0, len(Terms))
			for _, t := range Terms {
				known = append(known, t.Subject)
			}
			return fmt.Errorf("there is no subject %q; there are %s", subject, strings.Join(known, ", "))
		}
	}
	return nil
}

func (s *Service) least(subject string) int {
	if days, set := s.Least[subject]; set {
		return days
	}
	i := slices.IndexFunc(Terms, func(t Term) bool { return t.Subject == subject })
	return Terms[i].Days
}

const (
	runningPeriods  = "SELECT * FROM notices WHERE stage = 'published' AND publicity_days > 0 AND (ends_provisional = ? OR ends_on >= ?)"
	openDeadlines   = "SELECT * FROM objections WHERE status NOT IN ('settled', 'withdrawn', 'unsettled') AND (due_provisional = ? OR due_on >= ?)"
	moveEnd         = "UPDATE notices SET ends_on = ?, ends_provisional = ? WHERE id = ?"
	moveVersionsEnd = "UPDATE notice_versions SET ends_on = ? WHERE notice_id = ? AND version = ?"
	moveDeadline    = "UPDATE objections SET due_on = ?, due_provisional = ? WHERE id = ?"
)

// Recompute reckons anew, when a notice of holidays comes, the publicity
// periods and the deadlines of objections that were estimates or still run.
func (s *Service) Recompute(_ context.Context, tx *gorm.DB, c term.Calendar) error {
	today := quantity.DateOf(s.now())
	var periods []model.Notice
	var deadlines []model.Objection
	err := errors.Join(tx.Raw(runningPeriods, true, today).Scan(&periods).Error, tx.Raw(openDeadlines, true, today).Scan(&deadlines).Error)
	if err != nil {
		return fmt.Errorf("find what the calendar moves: %w", err)
	}
	for _, n := range periods {
		end := c.PublicityEnd(n.BeginsOn, n.PublicityDays)
		if end.Date == n.EndsOn && end.Provisional == n.EndsProvisional {
			continue
		}
		err := errors.Join(tx.Exec(moveEnd, end.Date, end.Provisional, n.ID).Error, tx.Exec(moveVersionsEnd, end.Date, n.ID, n.Version).Error)
		if err != nil {
			return fmt.Errorf("recompute the end of notice %s: %w", n.ID, err)
		}
	}
	for _, o := range deadlines {
		end := c.WorkingDays(quantity.DateOf(o.At), o.DueDays)
		if end.Date == o.DueOn && end.Provisional == o.DueProvisional {
			continue
		}
		if err := tx.Exec(moveDeadline, end.Date, end.Provisional, o.ID).Error; err != nil {
			return fmt.Errorf("recompute the deadline of objection %s: %w", o.ID, err)
		}
	}
	return nil
}
