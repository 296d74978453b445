package messages

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/store"
)

// The platform's events about subscribe messages.
const (
	EventPopup  = "subscribe_msg_popup_event"  // somebody answered when asked
	EventChange = "subscribe_msg_change_event" // somebody changed their settings
	EventSent   = "subscribe_msg_sent_event"   // what became of a message that was sent
)

// Event is what the platform pushed about somebody's subscribe messages, after
// the push's signature was verified and its body decrypted.
type Event struct {
	Name   string
	OpenID string    // FromUserName
	At     time.Time // CreateTime
	Items  []EventItem
}

// EventItem is what the event says of one template.
type EventItem struct {
	TemplateID string
	Status     string // SubscribeStatusString: accept, reject, ban
	MsgID      string // of a message that was sent
	ErrorCode  int64  // zero: it arrived
}

// Heed takes an event into account. The same event again changes nothing; one
// of somebody unknown, or of another kind, neither.
func (s *Service) Heed(ctx context.Context, e Event) error {
	var residents []string
	query := "SELECT resident_id FROM wechat_accounts WHERE app_id = ? AND open_id = ?"
	if err := s.DB.Read(ctx).Raw(query, s.AppID, e.OpenID).Scan(&residents).Error; err != nil {
		return fmt.Errorf("find whom an event is about: %w", err)
	}
	if len(residents) == 0 {
		return nil
	}
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		for i, item := range e.Items {
			if _, ours := s.templateNamed(item.TemplateID); !ours {
				continue
			}
			if err := s.heed(tx, residents[0], e, i); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) heed(tx *gorm.DB, resident string, e Event, i int) error {
	item := e.Items[i]
	c := consentChange{resident, item.TemplateID, model.ConsentAccepted, e.At.UTC()}
	switch {
	case e.Name == EventPopup && item.Status == "accept":
		return s.accept(tx, c, model.ConsentByPlatform, fmt.Sprintf("%s:%d:%d", resident, e.At.Unix(), i))
	case e.Name == EventPopup && item.Status == "ban", e.Name == EventChange && item.Status == "reject":
		c.reason = model.ConsentRevoked
		return s.zero(tx, c)
	case e.Name == EventSent:
		return s.arrived(tx, resident, item)
	}
	return nil
}

const (
	hintByMsgID = "SELECT * FROM resident_tidings WHERE resident_id = ? AND push_msgid = ? AND push_state IN ('sent', 'refused')"
	// The platform's number is not known of a hint whose answer did not come.
	hintUnanswered = "SELECT * FROM resident_tidings WHERE resident_id = ? AND push_state IN ('unknown', 'sending') AND push_msgid = '' ORDER BY at LIMIT 20"
	setArrived     = "UPDATE resident_tidings SET push_state = ?, push_after = NULL, push_code = ?, push_msgid = ? WHERE id = ?"
)

// arrived notes what the platform says of a message: so a hint whose answer
// was lost is known to have arrived, and is not sent again.
func (s *Service) arrived(tx *gorm.DB, resident string, item EventItem) error {
	var rows []model.Tiding
	if err := tx.Raw(hintByMsgID, resident, item.MsgID).Scan(&rows).Error; err != nil {
		return fmt.Errorf("find the message that was sent: %w", err)
	}
	state := pushSent
	if item.ErrorCode != 0 {
		state = pushRefused
	}
	if len(rows) == 0 {
		var open []model.Tiding
		if err := tx.Raw(s.DB.Locked(hintUnanswered), resident).Scan(&open).Error; err != nil {
			return fmt.Errorf("find a message without an answer: %w", err)
		}
		for _, t := range open {
			if template, known := s.templateOf(t.Kind); known && template.ID == item.TemplateID {
				rows = append(rows, t)
				break
			}
		}
	}
	if len(rows) == 0 {
		return nil
	}
	if err := tx.Exec(setArrived, state, item.ErrorCode, item.MsgID, rows[0].ID).Error; err != nil {
		return fmt.Errorf("note what became of message %s: %w", rows[0].ID, err)
	}
	return nil
}
