package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"sync"
	"time"

	"github.com/go-redis/redis_rate/v10"
	"github.com/redis/go-redis/v9"
	"golang.org/x/time/rate"
)

// Limiter decides how long a caller must wait; zero is not at all.
type Limiter interface {
	Take(ctx context.Context, key string) time.Duration
}

// burst lets an evening's queue behind one router through before the steady
// rate holds.
const burst = 4

// LocalLimits count within one process.
type LocalLimits struct {
	perSecond int
	mu        sync.Mutex
	callers   map[string]*rate.Limiter
	swept     time.Time
}

// NewLocalLimits allows so many requests a second to each caller.
func NewLocalLimits(perSecond int) *LocalLimits {
	return &LocalLimits{perSecond: perSecond, callers: map[string]*rate.Limiter{}, swept: time.Now()}
}

// sweepEvery bounds what is remembered of callers who have left.
const sweepEvery = time.Minute

// Take counts one request.
func (l *LocalLimits) Take(_ context.Context, key string) time.Duration {
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Sub(l.swept) > sweepEvery {
		for k, limiter := range l.callers {
			if limiter.TokensAt(now) >= float64(limiter.Burst()) {
				delete(l.callers, k)
			}
		}
		l.swept = now
	}
	limiter, ok := l.callers[key]
	if !ok {
		limiter = rate.NewLimiter(rate.Limit(l.perSecond), l.perSecond*burst)
		l.callers[key] = limiter
	}
	reservation := limiter.ReserveN(now, 1)
	wait := reservation.DelayFrom(now)
	if wait > 0 {
		reservation.CancelAt(now)
	}
	return wait
}

// SharedLimits count over all replicas, in Redis.
type SharedLimits struct {
	limiter *redis_rate.Limiter
	limit   redis_rate.Limit
}

// NewSharedLimits allows so many requests a second to each caller.
func NewSharedLimits(client *redis.Client, perSecond int) *SharedLimits {
	return &SharedLimits{
		limiter: redis_rate.NewLimiter(client),
		limit:   redis_rate.Limit{Rate: perSecond, Burst: perSecond * burst, Period: time.Second},
	}
}

// Take counts one request. While Redis does not answer nobody is refused:
// a vote is worth more than a limit.
func (s *SharedLimits) Take(ctx context.Context, key string) time.Duration {
	digest := sha256.Sum256([]byte(key))
	result, err := s.limiter.Allow(ctx, "gongdi:"+hex.EncodeToString(digest[:16]), s.limit)
	if err != nil {
		slog.WarnContext(ctx, "shared limits do not answer", "error", err)
		return 0
	}
	if result.Allowed > 0 {
		return 0
	}
	return max(result.RetryAfter, time.Millisecond)
}
