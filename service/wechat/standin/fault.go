package standin

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
)

const (
	faultsKept = 1000
	longDelay  = 60_000 // milliseconds
)

// Fault is a failure ordered for the next calls to a path. A delay comes first;
// then the connection is closed, or the status or the errcode answered. With
// a delay alone the call is served, late.
type Fault struct {
	Path    string `json:"path"`
	Errcode int    `json:"errcode"`
	HTTP    int    `json:"http"`
	DelayMS int    `json:"delay_ms"`
	Close   bool   `json:"close"`
	// Times is how many calls fail; zero is one.
	Times int `json:"times"`
}

func (f Fault) check() error {
	switch {
	case !strings.HasPrefix(f.Path, "/") || strings.HasPrefix(f.Path, "/_standin"):
		return errors.New("path must be one of the platform's, such as /sns/jscode2session")
	case f.Errcode == 0 && f.HTTP == 0 && f.DelayMS == 0 && !f.Close:
		return errors.New("one of errcode, http, delay_ms and close is needed")
	case f.HTTP != 0 && (f.HTTP < 200 || f.HTTP > 599):
		return errors.New("http must be between 200 and 599")
	case f.DelayMS < 0 || f.DelayMS > longDelay:
		return errors.New("delay_ms must be between 0 and 60000")
	case f.Times < 0:
		return errors.New("times must not be negative")
	}
	return nil
}

// Fail orders a fault, after those already ordered for its path.
func (p *Platform) Fail(f Fault) error {
	if err := f.check(); err != nil {
		return err
	}
	f.Times = max(f.Times, 1)
	p.mu.Lock()
	defer p.mu.Unlock()
	ordered := 0
	for _, queue := range p.faults {
		ordered += len(queue)
	}
	if ordered >= faultsKept {
		return errors.New("too many faults are ordered already")
	}
	p.faults[f.Path] = append(p.faults[f.Path], f)
	return nil
}

// Heal withdraws every fault.
func (p *Platform) Heal() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults = map[string][]Fault{}
}

// nextFault counts the call and uses one turn of the fault ordered for it.
func (p *Platform) nextFault(path string) (Fault, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, ok := endpoints[path]; ok {
		p.calls[path]++
	}
	queue := p.faults[path]
	if len(queue) == 0 {
		return Fault{}, false
	}
	next := queue[0]
	if queue[0].Times--; queue[0].Times == 0 {
		queue = queue[1:]
	}
	if p.faults[path] = queue; len(queue) == 0 {
		delete(p.faults, path)
	}
	return next, true
}

// strike does what was ordered and says whether that was the answer.
func (f Fault) strike(w http.ResponseWriter, r *http.Request) bool {
	if f.DelayMS > 0 {
		timer := time.NewTimer(time.Duration(f.DelayMS) * time.Millisecond)
		defer timer.Stop()
		select {
		case <-r.Context().Done():
		case <-timer.C:
		}
	}
	switch {
	case f.Close:
		hangUp(w)
	case f.HTTP != 0:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(f.HTTP)
		_, _ = io.WriteString(w, "<html><body>"+http.StatusText(f.HTTP)+"</body></html>")
	case f.Errcode != 0:
		reply(w, refuse(f.Errcode))
	default:
		return false
	}
	return true
}

// hangUp breaks the connection without an answer.
func hangUp(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	_ = conn.Close()
}
