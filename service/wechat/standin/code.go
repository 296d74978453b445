package standin

import (
	"crypto/rand"
	"encoding/hex"
	"time"
)

type kind int

const (
	loginCode kind = iota + 1
	phoneCode
)

// codesKept bounds what a hard-driven platform remembers at once.
const codesKept = 1_000_000

// code stands for a person, or for a person's number, until it is used.
type code struct {
	kind    kind
	openID  string
	phone   string
	expires time.Time
	used    bool
}

// codes remembers each code for its five minutes, a used one too, so that it
// can be told from one that never was. All live equally long, hence the oldest
// is the next to go.
type codes struct {
	byText map[string]*code
	order  []string
}

func newCodes() codes { return codes{byText: map[string]*code{}} }

func (c *codes) issue(made code, now time.Time) string {
	c.forget(now)
	size := 16
	if made.kind == phoneCode {
		size = 32
	}
	text := randomHex(size)
	made.expires = now.Add(codeLife)
	c.byText[text] = &made
	c.order = append(c.order, text)
	return text
}

func (c *codes) forget(now time.Time) {
	for len(c.order) > 0 {
		oldest := c.order[0]
		if len(c.order) < codesKept && now.Before(c.byText[oldest].expires) {
			return
		}
		delete(c.byText, oldest)
		c.order = c.order[1:]
	}
}

// redeem uses a code up.
func (c *codes) redeem(text string, k kind, now time.Time) (*code, *refusal) {
	found := c.byText[text]
	switch {
	case found == nil || found.kind != k || !now.Before(found.expires):
		return nil, refuse(40029)
	case found.used:
		return nil, refuse(40163)
	}
	found.used = true
	return found, nil
}

// randomHex cannot fail: crypto/rand ends the program rather than give less.
func randomHex(size int) string {
	b := make([]byte, size)
	_, _ = rand.Read(b)
	return hex.EncodeToString(b)
}
