package voting

import (
	"time"

	"gongdi/model"
)

// statusFilter narrows a list to a status at an instant, as Motion.StatusAt
// derives it.
func statusFilter(status model.Status, now time.Time) (string, []any) {
	switch status {
	case model.StatusDraft:
		return " AND stage = 'draft'", nil
	case model.StatusScheduled:
		return " AND stage = 'published' AND opens_at > ?", []any{now}
	case model.StatusOpen:
		return " AND stage = 'published' AND opens_at <= ? AND closes_at > ?", []any{now, now}
	case model.StatusCounting:
		return " AND stage = 'published' AND closes_at <= ? AND count_until > ?", []any{now, now}
	case model.StatusClosed:
		return " AND (stage = 'sealed' OR stage = 'published' AND count_until <= ?)", []any{now}
	case model.StatusCancelled:
		return " AND stage = 'cancelled'", nil
	default:
		return "", nil
	}
}
