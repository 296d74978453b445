package messages

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/store"
)

// Progress is how far the outbox has come: of Total messages Drained are done
// with, one way or another.
type Progress struct {
	Total, Drained int64
	States         map[string]int64
}

const (
	weekByState = "SELECT push_state AS state, COUNT(*) AS n FROM resident_tidings WHERE at > ? GROUP BY push_state"
	ofOneThing  = "SELECT push_state AS state, COUNT(*) AS n FROM resident_tidings WHERE about_id = ? AND about_type = ? GROUP BY push_state"
)

// ProgressOf counts the messages about one thing by their state, or with a
// zero About the last week's.
func (s *Service) ProgressOf(ctx context.Context, about model.About) (Progress, error) {
	query := s.DB.Read(ctx).Raw(weekByState, s.now().AddDate(0, 0, -7))
	if about.ID != "" {
		query = s.DB.Read(ctx).Raw(ofOneThing, about.ID, about.Type)
	}
	var rows []struct {
		State string
		N     int64
	}
	if err := query.Scan(&rows).Error; err != nil {
		return Progress{}, fmt.Errorf("count the pushes: %w", err)
	}
	p := Progress{States: map[string]int64{
		"waiting": 0, pushSending: 0, pushRetry: 0, pushSent: 0, pushNone: 0, pushExpired: 0, pushRefused: 0, pushDead: 0, pushUnknown: 0,
	}}
	for _, r := range rows {
		p.Total += r.N
		switch r.State {
		case pushNew:
			p.States["waiting"] = r.N
		case pushRetry, pushSending:
			p.States[r.State] = r.N
		default:
			p.States[r.State] = r.N
			p.Drained += r.N
		}
	}
	return p, nil
}

// Dead lists the messages that could not be pushed or nobody knows whether they
// were, the newest first.
func (s *Service) Dead(ctx context.Context, offset, limit int) ([]model.Tiding, int64, error) {
	return store.Page[model.Tiding](s.DB.Read(ctx), store.List{
		Of: "dead letters", Columns: "*", From: "FROM resident_tidings WHERE push_state IN ('dead', 'unknown')", Order: "at DESC, id DESC",
	}, offset, limit)
}

// ErrNotDead says that a message waits for nobody to send it again.
var ErrNotDead = fault.New(fault.Conflict, "message_not_dead", "这条消息不需要重新发送")

const (
	sendAgain = "UPDATE resident_tidings SET push_state = 'retry', push_tries = 0, push_after = ?, push_until = ?, push_granted = 0 "
	oneDead   = sendAgain + "WHERE id = ? AND push_state IN ('dead', 'unknown')"
	// Those that may have arrived are sent again one by one, by who has looked.
	everyDead = sendAgain + "WHERE push_state = 'dead'"
)

// Resend puts a dead letter into the outbox again, for a day.
func (s *Service) Resend(ctx context.Context, id string) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		now := s.now()
		done := tx.Exec(oneDead, now, now.Add(usefulFor), id)
		if done.Error != nil {
			return fmt.Errorf("send message %s again: %w", id, done.Error)
		}
		if done.RowsAffected == 0 {
			return ErrNotDead
		}
		return nil
	})
}

// ResendAll puts every dead letter into the outbox again: after a mistake of
// the settings, or a day without the platform.
func (s *Service) ResendAll(ctx context.Context) (n int64, err error) {
	err = store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		now := s.now()
		done := tx.Exec(everyDead, now, now.Add(usefulFor))
		n = done.RowsAffected
		return done.Error
	})
	if err != nil {
		return 0, fmt.Errorf("send the dead letters again: %w", err)
	}
	return n, nil
}
