package notices

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/fault"
	"gongdi/service/files"
	"gongdi/service/store"
)

// Posted is a sheet that was posted, with its pictures.
type Posted struct {
	model.Posting
	Pictures []string
}

func postingPictures(id string) model.About { return model.About{Type: "notice_posting", ID: id} }

// Post records that a notice's sheet hangs on a wall, with pictures as proof.
func (s *Service) Post(ctx context.Context, caller model.Caller, n *model.Notice, p Posted) (Posted, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (Posted, error) {
		now := s.now()
		switch {
		case n.Stage != model.NoticePublished || !shown(n, now):
			return p, ErrNotPublished
		case p.PostedOn > quantity.DateOf(now) || p.PostedOn < quantity.DateOf(*n.PublishedAt):
			return p, fault.Unknown("body.posted_on", "张贴日期应在发布之后，且不能在将来")
		case strings.TrimSpace(p.Place) == "":
			return p, fault.Unknown("body.place", "请填写张贴地点")
		}
		p.Posting = model.Posting{ID: store.NewID(), NoticeID: n.ID, Version: n.Version, Place: strings.TrimSpace(p.Place), PostedOn: p.PostedOn, StaffID: caller.ID, At: now}
		if err := tx.Create(&p.Posting).Error; err != nil {
			return p, fmt.Errorf("note a posted sheet of notice %s: %w", n.ID, err)
		}
		if err := files.Attach(tx, caller, postingPictures(p.ID), p.Pictures, "body.file_ids"); err != nil {
			return p, err
		}
		return p, s.record(ctx, tx, caller, n, "post", "")
	})
}

// Postings are where a notice's sheets hang, the first one first.
func (s *Service) Postings(ctx context.Context, noticeID string) ([]Posted, error) {
	db := s.DB.Read(ctx)
	var rows []model.Posting
	if err := db.Raw("SELECT * FROM notice_postings WHERE notice_id = ? ORDER BY at, id", noticeID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("list the posted sheets of notice %s: %w", noticeID, err)
	}
	out, ids := make([]Posted, 0, len(rows)), make([]string, 0, len(rows))
	for _, row := range rows {
		out, ids = append(out, Posted{Posting: row, Pictures: []string{}}), append(ids, row.ID)
	}
	if len(ids) == 0 {
		return out, nil
	}
	var pictures []model.File
	if err := db.Raw("SELECT * FROM files WHERE about_type = 'notice_posting' AND about_id IN ? ORDER BY created_at, id", ids).Scan(&pictures).Error; err != nil {
		return nil, fmt.Errorf("list the pictures of posted sheets of notice %s: %w", noticeID, err)
	}
	for _, f := range pictures {
		of := &out[slices.Index(ids, f.AboutID)]
		of.Pictures = append(of.Pictures, f.ID)
	}
	return out, nil
}

const fileUnder = `SELECT about_type AS type, about_id AS id FROM files WHERE id = ? AND (about_type = 'notice' AND about_id = ?
OR about_type = 'notice_posting' AND about_id IN (SELECT id FROM notice_postings WHERE notice_id = ?)
OR about_type = 'objection' AND about_id IN (SELECT id FROM objections WHERE notice_id = ?))`

// FileAbout finds what a file under a notice belongs to: the notice, a sheet
// that was posted, or an objection, which only those see who tend the notice.
func (s *Service) FileAbout(ctx context.Context, caller model.Caller, n *model.Notice, fileID string) (model.About, error) {
	var found []model.About
	if err := s.DB.Read(ctx).Raw(fileUnder, fileID, n.ID, n.ID, n.ID).Scan(&found).Error; err != nil {
		return model.About{}, fmt.Errorf("find a file of notice %s: %w", n.ID, err)
	}
	if len(found) == 0 || found[0].Type == "objection" && (!caller.Role.May(model.WriteNotices) || !caller.Covers(n.AreaCode)) {
		return model.About{}, fault.ErrNotFound
	}
	return found[0], nil
}
