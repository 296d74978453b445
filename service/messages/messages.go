// Package messages tells residents what concerns them. The inbox (消息) is the
// record; every other way to reach somebody is a hint at it.
package messages

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/store"
)

// Service reads inboxes.
type Service struct {
	DB  *store.DB
	Now func() time.Time
}

// News is what somebody is told. It holds no name, number or choice: phones
// are shared, and shown to others.
type News struct {
	Kind      string
	AboutType string
	AboutID   string
	Text      string
}

// textMost is the longest text of a message, in characters.
const textMost = 500

// Tell puts news into residents' inboxes inside the transaction of its cause.
func Tell(tx *gorm.DB, residents []string, news News, at time.Time) error {
	if len(residents) == 0 {
		return nil
	}
	if runes := []rune(news.Text); len(runes) > textMost {
		news.Text = string(runes[:textMost-1]) + "…"
	}
	tidings := make([]model.Tiding, 0, len(residents))
	for _, resident := range residents {
		tidings = append(tidings, model.Tiding{
			ID: store.NewID(), ResidentID: resident, Kind: news.Kind,
			AboutType: news.AboutType, AboutID: news.AboutID, Text: news.Text, At: at.UTC(),
		})
	}
	if err := tx.CreateInBatches(tidings, 500).Error; err != nil {
		return fmt.Errorf("tell residents of %s %s: %w", news.AboutType, news.AboutID, err)
	}
	return nil
}

// Inbox is a page of somebody's messages, with how many there are and how many
// of those are unread.
type Inbox struct {
	Messages []model.Tiding
	Total    int64
	Unread   int64
}

const (
	inboxCounts = "SELECT COUNT(*) AS total, COUNT(*) - COUNT(read_at) AS unread FROM resident_tidings WHERE resident_id = ?"
	inboxPage   = "SELECT * FROM resident_tidings WHERE resident_id = ? ORDER BY at DESC, id DESC LIMIT ? OFFSET ?"
)

// InboxOf reads a resident's messages, the newest first.
func (s *Service) InboxOf(ctx context.Context, residentID string, offset, limit int) (Inbox, error) {
	var in Inbox
	db := s.DB.Read(ctx)
	if err := db.Raw(inboxCounts, residentID).Row().Scan(&in.Total, &in.Unread); err != nil {
		return in, fmt.Errorf("count an inbox: %w", err)
	}
	if err := db.Raw(inboxPage, residentID, limit, offset).Scan(&in.Messages).Error; err != nil {
		return in, fmt.Errorf("read an inbox: %w", err)
	}
	return in, nil
}

const (
	messageThere = "SELECT COUNT(*) FROM resident_tidings WHERE id = ? AND resident_id = ?"
	markRead     = "UPDATE resident_tidings SET read_at = ? WHERE id = ? AND resident_id = ? AND read_at IS NULL"
)

// Has refuses, with not found, a message that is not in a resident's inbox.
func (s *Service) Has(ctx context.Context, residentID, id string) error {
	var n int64
	if err := s.DB.Read(ctx).Raw(messageThere, id, residentID).Scan(&n).Error; err != nil {
		return fmt.Errorf("find a message: %w", err)
	}
	if n == 0 {
		return fault.ErrNotFound
	}
	return nil
}

// Read notes that a message was read; the first time counts.
func (s *Service) Read(ctx context.Context, residentID, id string) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		if err := tx.Exec(markRead, s.Now().UTC().Truncate(time.Millisecond), id, residentID).Error; err != nil {
			return fmt.Errorf("note that a message was read: %w", err)
		}
		return nil
	})
}
