package messages

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/store"
	"gongdi/service/wechat"
)

// Notifier sends subscribe messages.
type Notifier interface {
	Notify(ctx context.Context, n wechat.Note) (msgID string, err error)
}

// The states of a hint. The row of the message is its place in the outbox,
// written in the transaction of the cause.
const (
	pushNew     = ""
	pushSending = "sending" // a worker holds it until its push_after
	pushRetry   = "retry"
	pushSent    = "sent"
	pushNone    = "none"    // no template, no consent, or nobody to send it to
	pushExpired = "expired" // of no use any more
	pushRefused = "refused" // the platform says that no consent is left
	pushDead    = "dead"    // wrong, or tried too often: for the office to see
	pushUnknown = "unknown" // the platform was asked and did not answer in time: for the office to see
)

const (
	usefulFor = 24 * time.Hour // unless the cause says until when
	held      = 5 * time.Minute
	margin    = 30 * time.Second // no sending begins later before the hold lapses
	claimed   = 100              // at once by one worker
	senders   = 8                // of one worker
	looked    = 400
)

// backoff is how long a hint waits after each try that did nothing; after the
// last it is dead.
var backoff = []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour}

// Quiet are the hours in which nobody's phone rings for the office, in
// Shanghai; the zero value is none.
type Quiet struct{ From, To int }

// Holds says whether t lies in the quiet hours. From is the first quiet hour,
// To the first that is not.
func (q Quiet) Holds(t time.Time) bool {
	hour := t.In(quantity.Shanghai).Hour()
	if q.From <= q.To {
		return hour >= q.From && hour < q.To
	}
	return hour >= q.From || hour < q.To
}

// ReadQuiet reads the setting GONGDI_WECHAT_QUIET_HOURS: "22-8" or "none".
// Left empty it means 22-8, or before a stand-in none.
func ReadQuiet(text string, beforeStandIn bool) (Quiet, error) {
	switch {
	case text == "none", text == "" && beforeStandIn:
		return Quiet{}, nil
	case text == "":
		return Quiet{From: 22, To: 8}, nil
	}
	from, to, two := strings.Cut(text, "-")
	first, err1 := strconv.Atoi(from)
	next, err2 := strconv.Atoi(to)
	if !two || err1 != nil || err2 != nil || min(first, next) < 0 || max(first, next) > 23 {
		return Quiet{}, errors.New("GONGDI_WECHAT_QUIET_HOURS must be two hours such as 22-8, or none")
	}
	return Quiet{From: first, To: next}, nil
}

// Work empties the outbox until ctx ends; what is being sent then is finished,
// what is only held is given back. Any number of replicas may work at once.
func (s *Service) Work(ctx context.Context) {
	turn := time.NewTicker(time.Second)
	defer turn.Stop()
	for {
		if err := s.Push(ctx); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "work of the clock failed", "work", "push messages", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-turn.C:
		}
	}
}

// Push sends the hints that are due.
func (s *Service) Push(ctx context.Context) error {
	for ctx.Err() == nil && !s.Quiet.Holds(s.now()) {
		ids, err := s.due(ctx)
		if err != nil || len(ids) == 0 {
			return err
		}
		mine, err := s.claim(ctx, ids)
		if err != nil {
			return err
		}
		if err := s.send(ctx, mine); err != nil {
			return err
		}
	}
	return ctx.Err()
}

const dueHints = `SELECT * FROM (SELECT id FROM resident_tidings WHERE push_state = '' AND push_after <= @now ORDER BY push_after LIMIT @most) fresh
UNION ALL SELECT * FROM (SELECT id FROM resident_tidings WHERE push_state = 'retry' AND push_after <= @now ORDER BY push_after LIMIT @most) again
UNION ALL SELECT * FROM (SELECT id FROM resident_tidings WHERE push_state = 'sending' AND push_after <= @now ORDER BY push_after LIMIT @most) lapsed`

// due finds some of the hints to send, by chance among the first, so that
// workers seldom reach for the same.
func (s *Service) due(ctx context.Context) ([]string, error) {
	var ids []string
	if err := s.DB.Read(ctx).Raw(dueHints, map[string]any{"now": s.now(), "most": looked}).Scan(&ids).Error; err != nil {
		return nil, fmt.Errorf("find messages to push: %w", err)
	}
	if len(ids) > claimed {
		from := rand.N(len(ids) - claimed + 1)
		ids = ids[from : from+claimed]
	}
	return ids, nil
}

// letter is a hint that this worker holds.
type letter struct {
	model.Tiding
	template Template
	note     wechat.Note
}

const (
	holdHints = `UPDATE resident_tidings SET push_state = 'sending', push_claim = ?, push_after = ?, push_tries = push_tries + 1
WHERE id IN ? AND push_state IN ('', 'retry', 'sending') AND push_after <= ?`
	heldHints  = "SELECT * FROM resident_tidings WHERE id IN ? AND push_claim = ? ORDER BY at, id"
	setAside   = "UPDATE resident_tidings SET push_state = ?, push_tries = push_tries - 1 WHERE id IN ?"
	noteGrants = "UPDATE resident_tidings SET push_granted = 1 WHERE id IN ?"
	openIDsOf  = "SELECT resident_id, open_id FROM wechat_accounts WHERE app_id = ? AND resident_id IN ?"
)

// claim takes hints for this worker alone, with the consents that they use up,
// and sets aside what is not to be sent.
func (s *Service) claim(ctx context.Context, ids []string) (mine []letter, err error) {
	err = store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		mine = nil
		now, claim := s.now(), store.NewID()
		if err := tx.Exec(holdHints, claim, now.Add(held), ids, now).Error; err != nil {
			return fmt.Errorf("hold messages: %w", err)
		}
		var rows []model.Tiding
		if err := tx.Raw(heldHints, ids, claim).Scan(&rows).Error; err != nil || len(rows) == 0 {
			return err
		}
		openIDs, err := s.openIDs(tx, rows)
		if err != nil {
			return err
		}
		aside := map[string][]string{}
		for _, row := range rows {
			template, known := s.templateOf(row.Kind)
			switch to := openIDs[row.ResidentID]; {
			case expired(&row, now):
				aside[pushExpired] = append(aside[pushExpired], row.ID)
			case !known || to == "":
				aside[pushNone] = append(aside[pushNone], row.ID)
			default:
				note := wechat.Note{To: to, Template: template.ID, Page: template.pageOf(&row), Data: template.fill(&row)}
				mine = append(mine, letter{row, template, note})
			}
		}
		var without []string
		if mine, without, err = s.useConsents(tx, mine, now); err != nil {
			return err
		}
		if len(without) > 0 {
			aside[pushNone] = append(aside[pushNone], without...)
		}
		for state, ids := range aside {
			if err := tx.Exec(setAside, state, ids).Error; err != nil {
				return fmt.Errorf("set messages aside: %w", err)
			}
		}
		return nil
	})
	return mine, err
}

func (s *Service) openIDs(tx *gorm.DB, rows []model.Tiding) (map[string]string, error) {
	residents := make([]string, 0, len(rows))
	for _, row := range rows {
		residents = append(residents, row.ResidentID)
	}
	var accounts []struct{ ResidentID, OpenID string }
	if err := tx.Raw(openIDsOf, s.AppID, residents).Scan(&accounts).Error; err != nil {
		return nil, fmt.Errorf("find whom to push to: %w", err)
	}
	out := map[string]string{}
	for _, a := range accounts {
		out[a.ResidentID] = a.OpenID
	}
	return out, nil
}

// send sends what was claimed. When ctx ends, or the hold is about to lapse,
// the rest is given back.
func (s *Service) send(ctx context.Context, mine []letter) error {
	until := s.now().Add(held - margin)
	work := make(chan *letter)
	failed := make([]error, senders)
	var sending sync.WaitGroup
	for i := range senders {
		sending.Go(func() {
			for l := range work {
				failed[i] = errors.Join(failed[i], s.sendOne(ctx, l, until))
			}
		})
	}
	for i := range mine {
		work <- &mine[i]
	}
	close(work)
	sending.Wait()
	return errors.Join(failed...)
}

const (
	giveBack = "UPDATE resident_tidings SET push_after = ?, push_tries = push_tries - 1 WHERE id = ? AND push_claim = ? AND push_state = 'sending'"
	settle   = `UPDATE resident_tidings SET push_state = ?, push_after = ?, push_code = ?, push_msgid = ?, push_granted = ?
WHERE id = ? AND push_claim = ? AND push_state = 'sending'`
)

// sendOne asks the platform and notes what came of it. An end of the process
// in between leaves the hint held; when the hold lapses it is sent again.
func (s *Service) sendOne(ctx context.Context, l *letter, until time.Time) error {
	finish := context.WithoutCancel(ctx)
	if ctx.Err() != nil || !s.now().Before(until) {
		return store.Tx(finish, s.DB, func(tx *gorm.DB) error {
			return tx.Exec(giveBack, s.now(), l.ID, l.PushClaim).Error
		})
	}
	msgID, failed := s.Platform.Notify(finish, l.note)
	now := s.now()
	state, after := judge(l.PushTries, failed, now)
	if state == pushDead {
		slog.WarnContext(ctx, "a message cannot be pushed", "message", l.ID, "kind", l.Kind, "errcode", wechat.Code(failed))
	}
	refund := l.PushGranted && (state == pushRetry || state == pushDead)
	return store.Tx(finish, s.DB, func(tx *gorm.DB) error {
		done := tx.Exec(settle, state, after, wechat.Code(failed), msgID, l.PushGranted && !refund, l.ID, l.PushClaim)
		switch {
		case done.Error != nil:
			return fmt.Errorf("note the push of message %s: %w", l.ID, done.Error)
		case done.RowsAffected == 0:
			return nil // the platform has told already, or another worker holds it
		case refund:
			return s.change(tx, consentChange{l.ResidentID, l.template.ID, model.ConsentRefunded, now}, 1)
		case state == pushRefused:
			return s.zero(tx, consentChange{l.ResidentID, l.template.ID, model.ConsentUsedUp, now})
		}
		return nil
	})
}

// judge says what becomes of a hint after its so-many-th try. What may have
// arrived is not sent again.
func judge(tries int, failed error, now time.Time) (state string, after *time.Time) {
	switch {
	case failed == nil:
		return pushSent, nil
	case errors.Is(failed, wechat.ErrNoGrant):
		return pushRefused, nil
	case errors.Is(failed, wechat.ErrUnsure):
		return pushUnknown, nil
	case errors.Is(failed, wechat.ErrNoteWrong) || tries > len(backoff):
		return pushDead, nil
	}
	next := now.Add(backoff[max(tries, 1)-1])
	return pushRetry, &next
}

func expired(t *model.Tiding, now time.Time) bool {
	until := t.At.Add(usefulFor)
	if t.PushUntil != nil {
		until = *t.PushUntil
	}
	return !now.Before(until)
}
