package notices

import (
	"context"
	"fmt"

	"gongdi/model"
	"gongdi/service/store"
)

// Listing narrows a list of notices.
type Listing struct {
	Kind          model.NoticeKind
	Offset, Limit int
}

// ForStaff lists the notices of the caller's area and those of the whole
// street that reach it, the newest first.
func (s *Service) ForStaff(ctx context.Context, caller model.Caller, l Listing) ([]model.Notice, int64, error) {
	const from = "FROM notices WHERE (area_code LIKE ? OR area_code = ? AND stage <> 'draft') AND (? = '' OR kind = ?)"
	return s.list(ctx, from, []any{caller.AreaCode + "%", model.StreetOf(caller.AreaCode), l.Kind, l.Kind}, "created_at DESC", l)
}

func (s *Service) list(ctx context.Context, from string, args []any, order string, l Listing) ([]model.Notice, int64, error) {
	return store.Page[model.Notice](s.DB.Read(ctx), store.List{Of: "notices", Columns: "*", From: from, Order: order + ", id DESC", Args: args}, l.Offset, l.Limit)
}

// Versions are a notice's texts, the first one first.
func (s *Service) Versions(ctx context.Context, id string) ([]model.NoticeVersion, error) {
	var rows []model.NoticeVersion
	if err := s.DB.Read(ctx).Raw("SELECT * FROM notice_versions WHERE notice_id = ? ORDER BY version", id).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the versions of notice %s: %w", id, err)
	}
	return rows, nil
}
