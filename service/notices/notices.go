// Package notices lets the committee and the street speak to an audience, runs
// publicity periods, and takes what residents say to them.
package notices

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/audience"
	"gongdi/service/audit"
	"gongdi/service/fault"
	"gongdi/service/safety"
	"gongdi/service/store"
	"gongdi/service/vault"
)

// Service keeps notices.
type Service struct {
	DB    *store.DB
	Vault *vault.Vault
	Audit *audit.Log
	Now   func() time.Time
	// Safety checks what residents write before others see it.
	Safety *safety.Service
	// Reviewed are the kinds that another person must review before they are
	// published.
	Reviewed []model.NoticeKind
	// Least is the fewest days of a publicity period by its subject; what is
	// not named has the shipped ones.
	Least map[string]int
	// AnswerDays is within how many working days an objection is answered, 5
	// unless set.
	AnswerDays int
}

// What is refused of notices.
var (
	ErrNotDraft      = fault.New(fault.Conflict, "notice_not_draft", "只有草稿可以修改、删除或发布")
	ErrNotPublished  = fault.New(fault.Conflict, "notice_not_published", "这份公告没有发布，或已经撤回")
	ErrPeriodShort   = fault.New(fault.Invalid, "publicity_short", "公示天数少于规定的最低天数")
	ErrReviewMissing = fault.New(fault.Conflict, "review_needed", "这类公告须由另一名工作人员审核后发布")
	ErrOwnReview     = fault.New(fault.Forbidden, "own_review", "不能审核自己起草的公告")
	ErrOver          = fault.New(fault.Conflict, "publicity_over", "公示期已经结束")
)

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Millisecond) }

// About is what the attachments of a notice belong to.
func About(id string) model.About { return model.About{Type: "notice", ID: id} }

const noticeByID = "SELECT * FROM notices WHERE id = ?"

func notice(tx *gorm.DB, query, id string) (*model.Notice, error) {
	return store.One[model.Notice](tx, "notice "+id, query, id)
}

func (s *Service) change(ctx context.Context, caller model.Caller, id, verb, reason string, fn func(*gorm.DB, *model.Notice) error) (*model.Notice, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.Notice, error) {
		n, err := notice(tx, s.DB.Locked(noticeByID), id)
		if err != nil {
			return nil, err
		}
		if err := fn(tx, n); err != nil {
			return nil, err
		}
		n.UpdatedAt = s.now()
		if err := tx.Select("*").Where("id = ?", id).UpdateColumns(n).Error; err != nil {
			return nil, fmt.Errorf("save notice %s: %w", id, err)
		}
		return n, s.record(ctx, tx, caller, n, verb, reason)
	})
}

func (s *Service) record(ctx context.Context, tx *gorm.DB, caller model.Caller, n *model.Notice, verb, reason string) error {
	return s.Audit.Record(ctx, tx, audit.Entry{
		Actor: caller, Right: model.WriteNotices, Verb: verb, ObjectType: "notice", ObjectID: n.ID, AreaCode: n.AreaCode, Reason: reason,
	})
}

// Of is a notice as a member of staff may tend it: in their area.
func (s *Service) Of(ctx context.Context, caller model.Caller, id string) (*model.Notice, error) {
	n, err := notice(s.DB.Read(ctx), noticeByID, id)
	if err == nil {
		err = audience.Tends(caller, n.AreaCode)
	}
	return n, err
}

// Shown is a notice as a member of staff may read it: in their area, or
// published to the whole street that their area is part of.
func (s *Service) Shown(ctx context.Context, caller model.Caller, id string) (*model.Notice, error) {
	n, err := notice(s.DB.Read(ctx), noticeByID, id)
	if err == nil {
		err = audience.Reads(caller, n.AreaCode, n.Stage != model.NoticeDraft)
	}
	return n, err
}
