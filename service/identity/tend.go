package identity

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/store"
)

const (
	// seenEvery is how fine the last use of a session is noted.
	seenEvery = time.Minute
	// failuresFor is how long wrong tries are kept: longer than the longest
	// limit that counts them, which is a day.
	failuresFor = 48 * time.Hour
	// seenBatch bounds one transaction of noting.
	seenBatch = 200
)

// seen collects the sessions that were used, so that a request never waits for
// it to be written. The zero value holds none.
type seen struct {
	mu   sync.Mutex
	uses map[digest]use
}

type use struct {
	kind model.SessionKind
	at   time.Time
}

func (s *seen) note(d digest, kind model.SessionKind, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.uses == nil {
		s.uses = map[digest]use{}
	}
	s.uses[d] = use{kind: kind, at: at}
}

func (s *seen) take() map[digest]use {
	s.mu.Lock()
	defer s.mu.Unlock()
	uses := s.uses
	s.uses = nil
	return uses
}

// Tend writes down which sessions were used, which prolongs residents', and
// drops ended sessions and wrong tries that no longer count. Several replicas
// may do so at once.
func (s *Service) Tend(ctx context.Context) error {
	if err := s.noteUses(ctx); err != nil {
		return fmt.Errorf("note the use of sessions: %w", err)
	}
	err := store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		return tx.Exec("DELETE FROM sessions WHERE expires_at <= ?", s.now()).Error
	})
	if err != nil {
		return fmt.Errorf("drop ended sessions: %w", err)
	}
	err = store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		return tx.Exec("DELETE FROM failures WHERE at <= ?", s.now().Add(-failuresFor)).Error
	})
	if err != nil {
		return fmt.Errorf("drop old wrong tries: %w", err)
	}
	return nil
}

const (
	noteStaff    = "UPDATE sessions SET seen_at = ? WHERE token_hash = ? AND seen_at < ?"
	noteResident = "UPDATE sessions SET seen_at = ?, expires_at = ? WHERE token_hash = ? AND seen_at < ?"
)

func (s *Service) noteUses(ctx context.Context) error {
	uses := s.seen.take()
	// In one order everywhere, so that replicas do not lock crosswise.
	inOrder := slices.SortedFunc(maps.Keys(uses), func(a, b digest) int { return slices.Compare(a[:], b[:]) })
	for batch := range slices.Chunk(inOrder, seenBatch) {
		err := store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
			for _, d := range batch {
				if err := s.noteUse(tx, d, uses[d]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) noteUse(tx *gorm.DB, d digest, u use) error {
	if u.kind == model.StaffSession {
		return tx.Exec(noteStaff, u.at, d.String(), u.at).Error
	}
	return tx.Exec(noteResident, u.at, u.at.Add(s.residentSession()), d.String(), u.at).Error
}
