package identity

import (
	"sync"
	"time"

	"gongdi/model"
)

// recentFor is how long an answer about a token is kept, and so how long a
// session may outlive its end in another replica.
const recentFor = time.Second

// recentAtMost bounds what is kept; beyond it the answers are asked for anew.
const recentAtMost = 20_000

// recent keeps the last answers about tokens. The zero value keeps none yet.
type recent struct {
	mu      sync.RWMutex
	answers map[digest]answer
	gen     uint64
}

type answer struct {
	caller           model.Caller
	at, sessionUntil time.Time
}

func (r *recent) find(d digest, now time.Time) (model.Caller, bool) {
	r.mu.RLock()
	a, ok := r.answers[d]
	r.mu.RUnlock()
	age := now.Sub(a.at)
	return a.caller, ok && age >= 0 && age < recentFor && now.Before(a.sessionUntil)
}

// generation is taken before the database is asked: an answer from before a
// revocation is not kept after it.
func (r *recent) generation() uint64 {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.gen
}

func (r *recent) keep(d digest, f standing, now time.Time, generation uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.gen != generation {
		return
	}
	if r.answers == nil || len(r.answers) >= recentAtMost {
		r.answers = map[digest]answer{}
	}
	r.answers[d] = answer{caller: f.caller, at: now, sessionUntil: f.expiresAt}
}

// forget drops everything, after something was revoked. Asking again costs
// each session one query.
func (r *recent) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.gen++
	clear(r.answers)
}
