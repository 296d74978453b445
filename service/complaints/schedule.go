package complaints

import (
	"time"

	"gongdi/model"
	"gongdi/model/rule/complaint"
	"gongdi/model/rule/term"
)

// schedule sets when the clock has next to look at a case.
func schedule(c *model.Complaint, cal term.Calendar) {
	var next *time.Time
	at := func(t time.Time) { t = t.UTC(); next = &t }
	switch {
	case c.Status.Open() && c.Alerts < len(model.AlertKinds):
		at(alertAt(c, cal))
	case c.Status == complaint.Answered:
		at(c.AnsweredAt.AddDate(0, 0, complaint.RatingDays))
	case c.Status == complaint.Rated || c.Status == complaint.NotRated || c.Status == complaint.CalledBack:
		at(c.AnsweredAt.AddDate(0, 0, complaint.ReopenDays).Add(time.Millisecond))
	}
	c.NextAt = next
}

// Working days after a deadline until a late case goes to the street, and to
// the joint meeting's list.
//
// Choice: one and three; the policy names the joint meeting (五(五)) and no term.
const (
	streetAfter = 1
	jointAfter  = 3
)

// alertAt is when the next alert of a case falls due. In a danger hours count,
// and there is no day before.
func alertAt(c *model.Complaint, cal term.Calendar) time.Time {
	danger := c.Danger != model.NoDanger && c.ExtensionDays == 0
	switch model.AlertKinds[c.Alerts] {
	case model.AlertDueSoon:
		if danger {
			return c.DueAt.Add(-model.DangerDue / 2)
		}
		return c.DueAt.AddDate(0, 0, -1)
	case model.AlertOverdue:
		return c.DueAt.Add(time.Millisecond)
	case model.AlertStreet:
		if danger {
			return c.DueAt.Add(time.Hour)
		}
		return cal.Deadline(c.DueAt, streetAfter, term.Receipt{}).At
	case model.AlertJoint:
		if danger {
			return c.DueAt.AddDate(0, 0, 1)
		}
		return cal.Deadline(c.DueAt, jointAfter, term.Receipt{}).At
	}
	return c.DueAt
}
