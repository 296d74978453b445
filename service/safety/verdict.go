package safety

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"gongdi/model"
	"gongdi/service/store"
	"gongdi/service/wechat"
)

// remembered is longer than a push is fresh, and than a verdict is waited for.
const remembered = 2 * time.Hour

// Take keeps a verdict that the platform pushes, and applies it when the
// picture is known by its trace; one that comes before the platform has
// answered with the trace is applied then. The same push again, and a verdict
// on what was decided, change nothing.
func (s *Service) Take(ctx context.Context, e wechat.Event) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		fresh, err := Remember(tx, e, s.now())
		if err != nil || !fresh || e.Name != wechat.MediaChecked {
			return err
		}
		var ids []string
		if err := tx.Raw("SELECT id FROM safety_checks WHERE trace_id = ?", e.Trace).Scan(&ids).Error; err != nil {
			return fmt.Errorf("find what a verdict is on: %w", err)
		}
		for _, id := range ids {
			if err := s.changeIn(tx, id, func(c *model.SafetyCheck) bool { return s.judge(c, e.Trace, e.Verdict) }); err != nil {
				return err
			}
		}
		return nil
	})
}

// Remember notes a push inside the transaction of what it causes, and says
// whether it is the first time.
func Remember(tx *gorm.DB, e wechat.Event, now time.Time) (fresh bool, err error) {
	row := model.PlatformEvent{EventKey: e.Key, TraceID: e.Trace, At: now}
	if e.Verdict != nil {
		row.Suggest, row.Label = string(e.Verdict.Suggest), e.Verdict.Label
	}
	done := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
	if done.Error != nil {
		return false, fmt.Errorf("keep an event of the platform: %w", done.Error)
	}
	return done.RowsAffected > 0, nil
}

// judge applies a verdict to a check that still waits for this one.
func (s *Service) judge(c *model.SafetyCheck, trace string, v *wechat.Verdict) bool {
	if c.State != model.SafetyPending || c.TraceID != trace {
		return false
	}
	if v == nil {
		s.forPerson(c, model.CauseNotJudged)
	} else {
		s.settle(c, *v)
	}
	return true
}

const unmatched = `SELECT c.id, e.trace_id, e.suggest, e.label FROM safety_checks c JOIN platform_events e ON e.trace_id = c.trace_id
WHERE c.state = 'pending' AND c.trace_id <> '' LIMIT 200`

// match brings together what came in either order, and forgets old events.
func (s *Service) match(ctx context.Context) error {
	var rows []struct {
		ID, TraceID, Suggest string
		Label                int
	}
	if err := s.DB.Read(ctx).Raw(unmatched).Scan(&rows).Error; err != nil {
		return fmt.Errorf("find verdicts that came early: %w", err)
	}
	for _, r := range rows {
		var v *wechat.Verdict
		if r.Suggest != "" {
			v = &wechat.Verdict{Suggest: wechat.Suggest(r.Suggest), Label: r.Label, TraceID: r.TraceID}
		}
		if err := s.change(ctx, r.ID, func(c *model.SafetyCheck) bool { return s.judge(c, r.TraceID, v) }); err != nil {
			return err
		}
	}
	return nil
}

// Forget removes events that are too old to be repeated or waited for.
func (s *Service) Forget(ctx context.Context) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		if err := tx.Exec("DELETE FROM platform_events WHERE at < ?", s.now().Add(-remembered)).Error; err != nil {
			return fmt.Errorf("forget events of the platform: %w", err)
		}
		return nil
	})
}
