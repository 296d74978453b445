package notices

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/files"
	"gongdi/service/identity"
)

// ErrNothingToReview says that a published notice has no revision that waits.
var ErrNothingToReview = fault.New(fault.Conflict, "nothing_to_review", "没有待审核的修改")

func (s *Service) demandsReview(n *model.Notice) bool { return slices.Contains(s.Reviewed, n.Kind) }

// Review lets a draft be published, or makes a material edit a new version, by
// somebody who did not write it.
func (s *Service) Review(ctx context.Context, caller model.Caller, id string) (*model.Notice, error) {
	return s.change(ctx, caller, id, "review", "", func(tx *gorm.DB, n *model.Notice) error {
		switch n.Stage {
		case model.NoticePublished:
			return s.reviewRevision(tx, caller, n)
		case model.NoticeWithdrawn:
			return ErrNotDraft
		case model.NoticeDraft:
		}
		if err := identity.OtherThan(tx, caller, n.CreatedBy, ErrOwnReview); err != nil {
			return err
		}
		n.ReviewedBy = caller.ID
		return nil
	})
}

func (s *Service) reviewRevision(tx *gorm.DB, caller model.Caller, n *model.Notice) error {
	var r model.NoticeRevision
	err := tx.Raw("SELECT * FROM notice_revisions WHERE notice_id = ?", n.ID).Take(&r).Error
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		return ErrNothingToReview
	case err != nil:
		return fmt.Errorf("read the revision of notice %s: %w", n.ID, err)
	}
	if err := identity.OtherThan(tx, caller, r.ProposedBy, ErrOwnReview); err != nil {
		return err
	}
	if err := tx.Exec("DELETE FROM notice_revisions WHERE notice_id = ?", n.ID).Error; err != nil {
		return fmt.Errorf("take the revision of notice %s: %w", n.ID, err)
	}
	n.ReviewedBy = caller.ID
	return s.revise(tx, caller, n, r)
}

// Revision is a material edit.
type Revision struct {
	Title, Body, Reason string
	Files               []string // all of the new version; nil for those of the present one
}

// Revise changes a published notice materially: a new version, and a
// publicity period begins anew. Earlier versions stay readable, with the files
// that they had. Where the kind demands a review, the edit waits for it.
func (s *Service) Revise(ctx context.Context, caller model.Caller, id string, d Revision) (*model.Notice, error) {
	return s.change(ctx, caller, id, "revise", d.Reason, func(tx *gorm.DB, n *model.Notice) error {
		if err := s.revisable(n); err != nil {
			return err
		}
		r := model.NoticeRevision{
			NoticeID: n.ID, Title: strings.TrimSpace(d.Title), Body: tamed(d.Body), Files: n.Files, Reason: d.Reason, ProposedBy: caller.ID, At: s.now(),
		}
		if r.Title == "" || strings.TrimSpace(r.Body) == "" {
			return fault.Unknown("body.body", "标题和正文没有可以显示的内容")
		}
		if d.Files != nil {
			if err := files.Attach(tx, caller, About(n.ID), d.Files, "body.file_ids"); err != nil {
				return err
			}
			r.Files = model.Files(d.Files...)
		}
		if !s.demandsReview(n) {
			return s.revise(tx, caller, n, r)
		}
		if err := tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&r).Error; err != nil {
			return fmt.Errorf("propose a revision of notice %s: %w", n.ID, err)
		}
		return nil
	})
}

func (s *Service) revisable(n *model.Notice) error {
	switch n.StatusAt(s.now()) {
	case model.NoticeHasEnded:
		return ErrOver
	case model.NoticeIsDraft, model.NoticeIsWithdrawn:
		return ErrNotPublished
	case model.NoticeIsScheduled, model.NoticeIsPublished:
	}
	return nil
}

func (s *Service) revise(tx *gorm.DB, caller model.Caller, n *model.Notice, r model.NoticeRevision) (err error) {
	if err := s.revisable(n); err != nil {
		return err
	}
	n.Title, n.Body, n.Files = r.Title, r.Body, r.Files
	if n.HTML, err = rendered(r.Body); err != nil {
		return err
	}
	from := s.now()
	if n.PublishedAt.After(from) {
		from = *n.PublishedAt
	}
	return s.show(tx, n, caller, r.Reason, from)
}

// RevisionOf is the material edit that waits for review; nil for none.
func (s *Service) RevisionOf(ctx context.Context, id string) (*model.NoticeRevision, error) {
	var rows []model.NoticeRevision
	if err := s.DB.Read(ctx).Raw("SELECT * FROM notice_revisions WHERE notice_id = ?", id).Scan(&rows).Error; err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}
