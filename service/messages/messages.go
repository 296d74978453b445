// Package messages tells residents and staff what concerns them. The inbox
// (消息) is the record; every other way to reach somebody is a hint at it.
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

// Service reads inboxes, and hints at them by subscribe messages (订阅消息).
type Service struct {
	DB  *store.DB
	Now func() time.Time
	// Platform sends the hints; AppID is whose openids are good there, and
	// Templates are the account's, by the kind of news. Without any the inbox
	// stands alone.
	Platform  Notifier
	AppID     string
	Templates map[string]Template
	Quiet     Quiet
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Millisecond) }

// News is what residents are told. A capability that has something to tell
// makes one call, inside the transaction of the cause:
//
//	messages.Tell(tx, residents, messages.News{
//		Kind: "complaint_progress", AboutType: "complaint", AboutID: c.ID,
//		Text: "您反映的问题已受理：" + words, Hint: "您反映的问题有了进展",
//		Fields: map[string]string{"status": "已受理"},
//	}, now)
//
// The inbox then has it, and the outbox hints at it on the phones of those who
// allow that: nothing else is to be set up. The account's templates are
// configured by Kind; a kind without its own takes the one of "*".
type News struct {
	Kind      string // at most 32 characters
	AboutType string
	AboutID   string
	// Text stands in the inbox, in full.
	Text string
	// Hint and Fields are what the phone may show, to whoever looks at it: no
	// name, number, home or choice, and nothing that somebody wrote about their
	// affairs. Hint is one line, best within 20 characters; Fields are the values
	// that templates may take by meaning (title, estate, closes, …), instants
	// written by Instant.
	Hint   string
	Fields map[string]string
	// Until is from when the hint is of no use; the zero value is after a day.
	Until time.Time
}

// textMost is the longest text of a message, in characters.
const textMost = 500

// Tell puts news into residents' inboxes, and so into the outbox, inside the
// transaction of its cause. For a whole audience leave word of the cause in one
// row, and call Tell in the background by some hundreds.
func Tell(tx *gorm.DB, residents []string, news News, at time.Time) error {
	if len(residents) == 0 {
		return nil
	}
	tiding := news.tiding(at.UTC())
	tidings := make([]model.Tiding, 0, len(residents))
	for _, resident := range residents {
		tiding.ID, tiding.ResidentID = store.NewID(), resident
		tidings = append(tidings, tiding)
	}
	if err := tx.CreateInBatches(tidings, 500).Error; err != nil {
		return fmt.Errorf("tell residents of %s %s: %w", news.AboutType, news.AboutID, err)
	}
	return nil
}

// tiding is the message without whom it is for.
func (n News) tiding(at time.Time) model.Tiding {
	tiding := model.Tiding{
		Kind: n.Kind, AboutType: n.AboutType, AboutID: n.AboutID, Text: clip(n.Text, textMost), At: at, PushAfter: &at, PushFields: n.fields(),
	}
	if !n.Until.IsZero() {
		until := n.Until.UTC()
		tiding.PushUntil = &until
	}
	return tiding
}

// Inbox is a page of somebody's messages, with how many there are and how many
// of those are unread.
type Inbox struct {
	Messages []model.Tiding
	Total    int64
	Unread   int64
}

const (
	inboxCounts = "SELECT COUNT(*) AS total, COUNT(*) - COUNT(read_at) AS unread FROM resident_tidings WHERE "
	inboxPage   = "SELECT * FROM resident_tidings WHERE "
	newestFirst = " ORDER BY at DESC, id DESC LIMIT ? OFFSET ?"
)

// ofReader says whose messages a caller reads: their own, and as an account of
// the office none of those that they have as a resident.
func ofReader(caller model.Caller) string {
	if caller.Kind == model.StaffSession {
		return "staff_id = ?"
	}
	return "resident_id = ? AND staff_id = ''"
}

// InboxOf reads the caller's messages, the newest first.
func (s *Service) InboxOf(ctx context.Context, caller model.Caller, offset, limit int) (Inbox, error) {
	var in Inbox
	db, own := s.DB.Read(ctx), ofReader(caller)
	if err := db.Raw(inboxCounts+own, caller.ID).Row().Scan(&in.Total, &in.Unread); err != nil {
		return in, fmt.Errorf("count an inbox: %w", err)
	}
	if err := db.Raw(inboxPage+own+newestFirst, caller.ID, limit, offset).Scan(&in.Messages).Error; err != nil {
		return in, fmt.Errorf("read an inbox: %w", err)
	}
	return in, nil
}

const (
	messageThere = "SELECT COUNT(*) FROM resident_tidings WHERE id = ? AND "
	markRead     = "UPDATE resident_tidings SET read_at = ? WHERE id = ? AND read_at IS NULL AND "
	markAllRead  = "UPDATE resident_tidings SET read_at = ? WHERE read_at IS NULL AND at <= ? AND "
)

// Has refuses, with not found, a message that is not in the caller's inbox.
func (s *Service) Has(ctx context.Context, caller model.Caller, id string) error {
	var n int64
	if err := s.DB.Read(ctx).Raw(messageThere+ofReader(caller), id, caller.ID).Scan(&n).Error; err != nil {
		return fmt.Errorf("find a message: %w", err)
	}
	if n == 0 {
		return fault.ErrNotFound
	}
	return nil
}

// Read notes that a message was read; the first time counts.
func (s *Service) Read(ctx context.Context, caller model.Caller, id string) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		if err := tx.Exec(markRead+ofReader(caller), s.now(), id, caller.ID).Error; err != nil {
			return fmt.Errorf("note that a message was read: %w", err)
		}
		return nil
	})
}

// ReadAll notes that everything was read that is in the inbox by now.
func (s *Service) ReadAll(ctx context.Context, caller model.Caller) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		now := s.now()
		if err := tx.Exec(markAllRead+ofReader(caller), now, now, caller.ID).Error; err != nil {
			return fmt.Errorf("note that all messages were read: %w", err)
		}
		return nil
	})
}
