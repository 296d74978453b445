package projects

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/project"
)

const completedOf = `SELECT t.step, t.done_at, t.lacked, d.actual AS accepted_on FROM project_steps t JOIN projects p ON p.id = t.project_id
LEFT JOIN project_dates d ON d.project_id = p.id AND d.milestone = @accepted WHERE p.estate_id = @estate AND t.step IN (@survey, @acceptance)`

// RenewalOf is what an estate comes to in 应改造户数累计完成率, by what was found of
// it and by the steps that its projects have completed. An acceptance that the
// county let pass without a day has that of its step.
func (s *Service) RenewalOf(ctx context.Context, estateID string) (project.Renewal, error) {
	db := s.DB.Read(ctx)
	var r project.Renewal
	judged, err := s.judge(db, oneEstate, estateID)
	if err != nil || len(judged) == 0 {
		return r, err
	}
	r.Verdict = judged[0].Verdict
	var completed []struct {
		Step       project.Step
		DoneAt     time.Time
		Lacked     []project.Gap  `gorm:"serializer:json"`
		AcceptedOn *quantity.Date // nil, or empty, for none
	}
	values := map[string]any{"estate": estateID, "accepted": model.Accepted, "survey": project.Survey, "acceptance": project.Acceptance}
	if err := db.Raw(completedOf, values).Scan(&completed).Error; err != nil {
		return r, fmt.Errorf("read the steps of estate %s: %w", estateID, err)
	}
	for _, c := range completed {
		if c.Step == project.Survey {
			r.Entered = r.Entered || !slices.ContainsFunc(c.Lacked, func(g project.Gap) bool { return g.Code == project.GapEligibility })
			continue
		}
		day := quantity.DateOf(c.DoneAt)
		if c.AcceptedOn != nil && *c.AcceptedOn != "" {
			day = *c.AcceptedOn
		}
		if r.Accepted == "" || day < r.Accepted {
			r.Accepted = day
		}
	}
	return r, nil
}

// Criteria name the settings that estates are judged by: what was judged by
// others is out of date.
func (s *Service) Criteria() string { return fmt.Sprintf("%d/%d", s.BuiltUntil, s.strong()) }
