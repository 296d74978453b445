package voting

import (
	"context"
	"fmt"
	"io"

	"gongdi/model"
	"gongdi/service/document"
)

// NoticeOf writes the notice by which a published motion is announced (表决公告).
func (s *Service) NoticeOf(ctx context.Context, m *model.Motion, w io.Writer) error {
	if m.Stage == model.StageDraft {
		return ErrMotionNotPublished
	}
	db := s.DB.Read(ctx)
	r, err := s.announced(db, m)
	if err != nil {
		return err
	}
	if err := db.Raw(incompleteOf, m.ID).Scan(&r.Incomplete).Error; err != nil {
		return fmt.Errorf("list the incomplete homes of motion %s: %w", m.ID, err)
	}
	return document.VoteNotice(w, r)
}

// AuthorisationOf writes a power of attorney for a motion, to be filled in (授权委托书).
func (s *Service) AuthorisationOf(ctx context.Context, m *model.Motion, w io.Writer) error {
	if m.Stage == model.StageDraft {
		return ErrMotionNotPublished
	}
	r, err := s.announced(s.DB.Read(ctx), m)
	if err != nil {
		return err
	}
	return document.AuthorisationForm(w, r)
}
