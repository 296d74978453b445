package voting

import (
	"context"
	"sync"
	"time"

	"gongdi/model"
)

// seen keeps for a second that a resident may see a motion, because a phone
// that watches a tally asks again and again. Who moves out ends within it, as a
// revoked session does.
type seen struct {
	mu    sync.RWMutex
	until map[sight]time.Time
}

type sight struct{ resident, motion string }

const (
	keepSight  = time.Second
	mostSights = 20_000
)

func (k *seen) has(s sight, now time.Time) bool {
	k.mu.RLock()
	defer k.mu.RUnlock()
	until, ok := k.until[s]
	return ok && now.Before(until) && !now.Before(until.Add(-keepSight))
}

func (k *seen) keep(s sight, now time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.until == nil || len(k.until) >= mostSights {
		k.until = map[sight]time.Time{}
	}
	k.until[s] = now.Add(keepSight)
}

// MaySee refuses, with not found, a motion that Sees would not find. Its
// answer may be a second old.
func (s *Service) MaySee(ctx context.Context, caller model.Caller, motionID string) error {
	at, now := sight{caller.ID, motionID}, s.now()
	if s.seen.has(at, now) {
		return nil
	}
	if _, err := s.Sees(ctx, caller, motionID); err != nil {
		return err
	}
	s.seen.keep(at, now)
	return nil
}
