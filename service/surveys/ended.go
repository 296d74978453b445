package surveys

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/opinion"
)

// Ended is a survey of a whole estate that is over, for what hangs on it.
type Ended struct {
	Survey       *model.Survey
	Answered     int64
	Satisfaction bool // asks how satisfied residents are
	EndedAt      time.Time
}

const (
	endedOfEstate = `SELECT * FROM surveys WHERE audience_type = 'estate' AND audience_id = ? AND stage = 'published' AND (closed_at IS NOT NULL OR closes_at <= ?)
ORDER BY closes_at DESC, id DESC`
	endedWithin = `SELECT v.* FROM surveys v WHERE v.stage = 'published' AND (v.closed_at IS NOT NULL OR v.closes_at <= @now) AND (v.audience_type = 'estate' AND v.audience_id = @estate
OR v.audience_type = 'building' AND v.audience_id IN (SELECT b.id FROM buildings b WHERE b.estate_id = @estate)
OR v.audience_type = 'unit' AND v.audience_id IN (SELECT u.id FROM units u WHERE u.estate_id = @estate)) ORDER BY v.closes_at, v.id`
	answeredOf = "SELECT (SELECT COUNT(*) FROM survey_responses WHERE survey_id = ?) + (SELECT COUNT(*) FROM survey_participants WHERE survey_id = ?)"
)

// EndedOf lists the surveys of a whole estate that are over, the latest first.
func EndedOf(tx *gorm.DB, estateID string, now time.Time) ([]Ended, error) {
	var rows []model.Survey
	if err := tx.Raw(endedOfEstate, estateID, now).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("list the surveys of estate %s: %w", estateID, err)
	}
	out := make([]Ended, 0, len(rows))
	for i := range rows {
		v := &rows[i]
		e := Ended{Survey: v, EndedAt: v.ClosesAt}
		if v.ClosedAt != nil && v.ClosedAt.Before(v.ClosesAt) {
			e.EndedAt = *v.ClosedAt
		}
		questions, err := Questions(v)
		if err != nil {
			return nil, err
		}
		e.Satisfaction = slices.ContainsFunc(questions, func(q opinion.Question) bool { return q.Type == opinion.Satisfaction })
		if err := tx.Raw(answeredOf, v.ID, v.ID).Scan(&e.Answered).Error; err != nil {
			return nil, fmt.Errorf("count the answers of survey %s: %w", v.ID, err)
		}
		out = append(out, e)
	}
	return out, nil
}

// EndedWithin lists the surveys of an estate, of its buildings and of its
// stairwells that are over, the earliest first.
func (s *Service) EndedWithin(ctx context.Context, estateID string) ([]model.Survey, error) {
	var rows []model.Survey
	if err := s.DB.Read(ctx).Raw(endedWithin, map[string]any{"estate": estateID, "now": s.now()}).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("list the surveys within estate %s: %w", estateID, err)
	}
	return rows, nil
}
