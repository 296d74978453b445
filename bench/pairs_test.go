package bench

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// arm is one way of doing a job; i is different at every call.
type arm struct {
	name string
	do   func(worker int, i int64) error
}

const (
	rounds   = 7
	perRound = 400 * time.Millisecond
)

// compare runs the arms in turn, so many rounds, and reports each arm's rate
// and its ratio to the first arm's within the round.
func compare(b *testing.B, workers int, arms ...arm) {
	b.Helper()
	rates := make([][]float64, len(arms))
	slow := make([]time.Duration, len(arms))
	var seq atomic.Int64
	for i := range arms {
		drive(b, arms[i], workers, perRound/4, &seq)
	}
	b.ResetTimer()
	for range b.N {
		for round := range rounds {
			for k := range arms {
				i := (k + round) % len(arms)
				rate, p99 := drive(b, arms[i], workers, perRound, &seq)
				rates[i] = append(rates[i], rate)
				slow[i] = max(slow[i], p99)
			}
		}
	}
	for i := range arms {
		b.ReportMetric(median(rates[i]), arms[i].name+"/s")
		if i > 0 {
			b.ReportMetric(median(divide(rates[i], rates[0])), arms[i].name+"-ratio")
		}
		b.ReportMetric(float64(slow[i].Microseconds())/1000, arms[i].name+"-p99ms")
	}
}

func drive(b *testing.B, a arm, workers int, d time.Duration, seq *atomic.Int64) (rate float64, p99 time.Duration) {
	b.Helper()
	var group sync.WaitGroup
	var mu sync.Mutex
	var took []time.Duration
	start := time.Now()
	end := start.Add(d)
	for worker := range workers {
		group.Go(func() {
			var own []time.Duration
			for before := time.Now(); before.Before(end); {
				if err := a.do(worker, seq.Add(1)); err != nil {
					b.Error(a.name, err)
					return
				}
				now := time.Now()
				own = append(own, now.Sub(before))
				before = now
			}
			mu.Lock()
			defer mu.Unlock()
			took = append(took, own...)
		})
	}
	group.Wait()
	if len(took) == 0 {
		return 0, 0
	}
	slices.Sort(took)
	return float64(len(took)) / time.Since(start).Seconds(), took[len(took)*99/100]
}

func median(x []float64) float64 {
	s := slices.Sorted(slices.Values(x))
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}

func divide(a, b []float64) []float64 {
	out := make([]float64, len(a))
	for i := range a {
		out[i] = a[i] / b[i]
	}
	return out
}
