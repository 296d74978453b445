package notices

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/audience"
	"gongdi/service/messages"
	"gongdi/service/store"
)

const (
	// Those bound to a home of the audience, in the order of their ids.
	nextResidents = `SELECT DISTINCT b.resident_id FROM bindings b JOIN properties p ON p.id = b.property_id JOIN estates e ON e.id = p.estate_id
WHERE b.status = 'verified' AND %s AND b.resident_id > ? ORDER BY b.resident_id LIMIT 500`
	openBroadcasts = "SELECT id FROM broadcasts WHERE done_at IS NULL AND made_at <= ? ORDER BY made_at LIMIT 20"
	broadcastByID  = "SELECT * FROM broadcasts WHERE id = ?"
)

// broadcast leaves word for the whole audience in the transaction of the
// cause: one row, however many there are. It takes the place of earlier word
// that has not reached everybody.
func (s *Service) broadcast(tx *gorm.DB, n *model.Notice, text string, from time.Time) error {
	if err := dropBroadcasts(tx, n.ID); err != nil {
		return err
	}
	b := model.Broadcast{ID: store.NewID(), NoticeID: n.ID, Text: clip(text, 200), MadeAt: from}
	if err := tx.Create(&b).Error; err != nil {
		return fmt.Errorf("leave word of notice %s: %w", n.ID, err)
	}
	return nil
}

func dropBroadcasts(tx *gorm.DB, noticeID string) error {
	if err := tx.Exec("DELETE FROM broadcasts WHERE notice_id = ? AND done_at IS NULL", noticeID).Error; err != nil {
		return fmt.Errorf("drop word of notice %s: %w", noticeID, err)
	}
	return nil
}

// news is what the audience of a notice is told.
func news(n *model.Notice, text string) messages.News {
	return messages.News{
		Kind: "notice", AboutType: "notice", AboutID: n.ID, Text: text, Hint: n.Title,
		Fields: map[string]string{"title": n.Title, "category": KindWords[n.Kind], "estate": n.AudienceLabel},
	}
}

// KindWords are the kinds in the office's words.
var KindWords = map[model.NoticeKind]string{
	model.Announcement: "公告", model.Publicity: "公示", model.PolicyNotice: "政策解读",
	model.WorksNotice: "施工通知", model.OutageNotice: "停水停电通知", model.CallToMeet: "会议通知",
}

// Deliver tells those who are still to be told, some hundreds at a time; each
// once, whatever replicas do it and whenever one dies: how far it has come is
// kept with the messages themselves.
func (s *Service) Deliver(ctx context.Context) error {
	var ids []string
	if err := s.DB.Read(ctx).Raw(openBroadcasts, s.now()).Scan(&ids).Error; err != nil {
		return fmt.Errorf("find whom to tell: %w", err)
	}
	for _, id := range ids {
		for more := true; more && ctx.Err() == nil; {
			var err error
			if more, err = s.deliverSome(ctx, id); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

func (s *Service) deliverSome(ctx context.Context, id string) (more bool, err error) {
	err = store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		var b model.Broadcast
		err := tx.Raw(s.DB.Locked(broadcastByID), id).Take(&b).Error
		if errors.Is(err, gorm.ErrRecordNotFound) || err == nil && b.DoneAt != nil { // dropped, or done by another
			more = false
			return nil
		}
		if err != nil {
			return fmt.Errorf("hold broadcast %s: %w", id, err)
		}
		n, err := notice(tx, noticeByID, b.NoticeID)
		if err != nil {
			return err
		}
		var residents []string
		if err := tx.Raw(fmt.Sprintf(nextResidents, audience.HomesOf[n.AudienceType]), n.AudienceID, b.Reached).Scan(&residents).Error; err != nil {
			return fmt.Errorf("find whom to tell of notice %s: %w", n.ID, err)
		}
		now := s.now()
		if err := messages.Tell(tx, residents, news(n, b.Text), now); err != nil {
			return err
		}
		if more = len(residents) == 500; more || len(residents) > 0 {
			b.Reached, b.Told = residents[len(residents)-1], b.Told+len(residents)
		}
		if !more {
			b.DoneAt = &now
		}
		return tx.Exec("UPDATE broadcasts SET reached = ?, told = ?, done_at = ? WHERE id = ?", b.Reached, b.Told, b.DoneAt, b.ID).Error
	})
	return more, err
}

// Progress is how far the news of a notice has come.
type Progress struct {
	Told int
	Done bool
}

// ProgressOf adds up what was told of a notice's latest version.
func (s *Service) ProgressOf(ctx context.Context, noticeID string) (Progress, error) {
	var rows []model.Broadcast
	if err := s.DB.Read(ctx).Raw("SELECT * FROM broadcasts WHERE notice_id = ? ORDER BY made_at DESC, id DESC LIMIT 1", noticeID).Scan(&rows).Error; err != nil {
		return Progress{}, fmt.Errorf("read how far notice %s has come: %w", noticeID, err)
	}
	if len(rows) == 0 {
		return Progress{}, nil
	}
	return Progress{Told: rows[0].Told, Done: rows[0].DoneAt != nil}, nil
}

func clip(s string, runes int) string {
	if r := []rune(s); len(r) > runes {
		return string(r[:runes-1]) + "…"
	}
	return s
}
