package notices

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/audience"
	"gongdi/service/fault"
	"gongdi/service/files"
	"gongdi/service/store"
)

// Draft is what a notice is written from.
type Draft struct {
	Kind           model.NoticeKind
	Subject        string
	Title, Body    string
	AudienceType   model.AudienceType
	AudienceID     string
	PublicityDays  int
	AboutType      string
	AboutID        string
	AboutVersion   int
	From, Until    *time.Time // when works, an outage or a meeting take place
	Pinned, Urgent bool
	Files          []string
	Picture        string // one of the caller's files; shown large
	Neighbours     *bool  // whether the rest of the building or estate is heard; a lift's are unless said otherwise
}

// Write makes a draft.
func (s *Service) Write(ctx context.Context, caller model.Caller, d Draft) (*model.Notice, error) {
	now := s.now()
	n := &model.Notice{ID: store.NewID(), Stage: model.NoticeDraft, CreatedBy: caller.ID, CreatedAt: now}
	if err := s.fill(ctx, caller, n, d); err != nil {
		return nil, err
	}
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.Notice, error) {
		return n, s.keep(ctx, tx, caller, n, d)
	})
}

func (s *Service) keep(ctx context.Context, tx *gorm.DB, caller model.Caller, n *model.Notice, d Draft) error {
	if err := attach(tx, caller, n.ID, d); err != nil {
		return err
	}
	if err := gorm.G[model.Notice](tx).Create(ctx, n); err != nil {
		return fmt.Errorf("write a notice: %w", err)
	}
	return s.record(ctx, tx, caller, n, "write", "")
}

const letGo = "UPDATE files SET about_type = '', about_id = '' WHERE about_type = 'notice' AND about_id = ? AND id NOT IN ?"

// attach makes a draft's files the notice's, and no others.
func attach(tx *gorm.DB, caller model.Caller, id string, d Draft) error {
	if err := files.Attach(tx, caller, About(id), d.Files, "body.file_ids"); err != nil {
		return err
	}
	if d.Picture != "" {
		var pictures int
		if err := tx.Raw("SELECT COUNT(*) FROM files WHERE id = ? AND media_type LIKE 'image/%'", d.Picture).Scan(&pictures).Error; err != nil {
			return fmt.Errorf("find a picture: %w", err)
		}
		if pictures == 0 {
			return fault.Unknown("body.picture_id", "没有找到上传的图片")
		}
		if err := files.Attach(tx, caller, About(id), []string{d.Picture}, "body.picture_id"); err != nil {
			return err
		}
	}
	if err := tx.Exec(letGo, id, slices.Concat([]string{"", d.Picture}, d.Files)).Error; err != nil {
		return fmt.Errorf("let go of files of notice %s: %w", id, err)
	}
	return nil
}

// Rewrite changes a draft as a whole; a review of before no longer holds.
func (s *Service) Rewrite(ctx context.Context, caller model.Caller, id string, d Draft) (*model.Notice, error) {
	return s.change(ctx, caller, id, "rewrite", "", func(tx *gorm.DB, n *model.Notice) error {
		if n.Stage != model.NoticeDraft {
			return ErrNotDraft
		}
		n.ReviewedBy = ""
		if err := s.fill(ctx, caller, n, d); err != nil {
			return err
		}
		return attach(tx, caller, n.ID, d)
	})
}

func (s *Service) fill(ctx context.Context, caller model.Caller, n *model.Notice, d Draft) error {
	place, err := audience.Find(ctx, s.DB, caller, d.AudienceType, d.AudienceID)
	if err != nil {
		return err
	}
	if d.Subject == "" {
		d.Subject = "other"
	}
	switch known := slices.ContainsFunc(Terms, func(t Term) bool { return t.Subject == d.Subject }); {
	case !known:
		return fault.Unknown("body.subject", "没有这类公示")
	case d.Until != nil && (d.From == nil || d.Until.Before(*d.From)):
		return fault.Unknown("body.until", "结束不能早于开始")
	case d.Kind != model.Publicity && d.PublicityDays > 0:
		return fault.Unknown("body.publicity_days", "只有公示有公示期")
	case d.Kind == model.Publicity && d.PublicityDays == 0:
		d.PublicityDays = s.least(d.Subject)
	case d.Kind == model.Publicity && d.PublicityDays < s.least(d.Subject):
		return ErrPeriodShort.At("body.publicity_days", fmt.Sprintf("至少 %d 日", s.least(d.Subject)))
	}
	if n.Body = tamed(d.Body); strings.TrimSpace(n.Body) == "" {
		return fault.Unknown("body.body", "正文没有可以显示的内容")
	}
	if n.Title = strings.TrimSpace(d.Title); n.Title == "" {
		return fault.Unknown("body.title", "请填写标题")
	}
	if n.HTML, err = rendered(n.Body); err != nil {
		return err
	}
	n.HearsID = ""
	if d.Kind == model.Publicity && (d.Neighbours == nil && d.Subject == "lift_scheme" || d.Neighbours != nil && *d.Neighbours) {
		n.HearsID = place.Around
	}
	n.PictureID, n.Files = d.Picture, model.Files(d.Files...)
	n.AreaCode, n.AudienceType, n.AudienceID, n.AudienceLabel = place.AreaCode, d.AudienceType, place.ID, place.Label
	n.Kind, n.Subject, n.PublicityDays = d.Kind, d.Subject, d.PublicityDays
	n.AboutType, n.AboutID, n.AboutVersion = d.AboutType, d.AboutID, d.AboutVersion
	n.HappensFrom, n.HappensUntil = instant(d.From), instant(d.Until)
	n.Pinned, n.Urgent, n.UpdatedAt = d.Pinned, d.Urgent, s.now()
	return nil
}

func instant(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	at := t.UTC().Truncate(time.Millisecond)
	return &at
}

// Discard deletes a draft.
func (s *Service) Discard(ctx context.Context, caller model.Caller, id string) error {
	_, err := s.change(ctx, caller, id, "discard", "", func(tx *gorm.DB, n *model.Notice) error {
		if n.Stage != model.NoticeDraft {
			return ErrNotDraft
		}
		if err := files.Discard(tx, About(id)); err != nil {
			return err
		}
		if err := tx.Exec("UPDATE meetings SET minutes_id = '' WHERE minutes_id = ?", id).Error; err != nil {
			return fmt.Errorf("let go of minutes %s: %w", id, err)
		}
		return tx.Exec("DELETE FROM notices WHERE id = ?", id).Error
	})
	return err
}
