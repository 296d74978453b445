package notices

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/calendar"
	"gongdi/service/fault"
)

// Publish shows a draft to its audience, at once or from an instant on, and
// begins its publicity period. Everybody is told in the background.
func (s *Service) Publish(ctx context.Context, caller model.Caller, id string, at *time.Time) (*model.Notice, error) {
	return s.change(ctx, caller, id, "publish", "", func(tx *gorm.DB, n *model.Notice) error {
		return s.publish(tx, caller, n, at)
	})
}

func (s *Service) publish(tx *gorm.DB, caller model.Caller, n *model.Notice, at *time.Time) error {
	now := s.now()
	switch {
	case n.Stage != model.NoticeDraft:
		return ErrNotDraft
	case s.demandsReview(n) && n.ReviewedBy == "":
		return ErrReviewMissing
	case at != nil && at.After(now.AddDate(1, 0, 0)):
		return fault.Unknown("body.publish_at", "应在一年之内")
	}
	from := now
	if at != nil && at.After(now) {
		from = at.UTC().Truncate(time.Millisecond)
	}
	n.Stage, n.PublishedAt, n.PublishedBy = model.NoticePublished, &from, caller.ID
	return s.show(tx, n, caller, "", from)
}

// show makes the present text a version, from an instant on.
func (s *Service) show(tx *gorm.DB, n *model.Notice, caller model.Caller, reason string, from time.Time) error {
	n.Version++
	n.BeginsOn = quantity.DateOf(from)
	if n.PublicityDays > 0 {
		c, err := calendar.Of(tx, n.BeginsOn)
		if err != nil {
			return err
		}
		end := c.PublicityEnd(n.BeginsOn, n.PublicityDays)
		n.EndsOn, n.EndsProvisional = end.Date, end.Provisional
	}
	v := model.NoticeVersion{
		NoticeID: n.ID, Version: n.Version, Title: n.Title, Body: n.Body, HTML: n.HTML, Files: n.Files, Reason: reason,
		BeginsOn: n.BeginsOn, EndsOn: n.EndsOn, PublishedBy: caller.ID, PublishedAt: from,
	}
	if err := tx.Create(&v).Error; err != nil {
		return fmt.Errorf("keep version %d of notice %s: %w", n.Version, n.ID, err)
	}
	text := "新的" + KindWords[n.Kind] + "：" + n.Title
	if n.Version > 1 && !from.After(s.now()) {
		text = KindWords[n.Kind] + "有重要修改：" + n.Title
	}
	return s.broadcast(tx, n, text, from)
}

// Withdraw takes a published notice back, for a reason that stays visible.
func (s *Service) Withdraw(ctx context.Context, caller model.Caller, id, reason string) (*model.Notice, error) {
	return s.change(ctx, caller, id, "withdraw", reason, func(tx *gorm.DB, n *model.Notice) error {
		return s.withdraw(tx, n, reason)
	})
}

// withdraw tells those who could read it; what was never shown is dropped in silence.
func (s *Service) withdraw(tx *gorm.DB, n *model.Notice, reason string) error {
	if n.Stage != model.NoticePublished {
		return ErrNotPublished
	}
	now := s.now()
	n.Stage, n.WithdrawnAt, n.WithdrawnReason = model.NoticeWithdrawn, &now, reason
	if n.PublishedAt.After(now) {
		return dropBroadcasts(tx, n.ID)
	}
	return s.broadcast(tx, n, KindWords[n.Kind]+"已撤回："+n.Title+"。"+reason, now)
}
