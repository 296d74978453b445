package standin

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // the platform signs with it
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	originalID   = "gh_standin"
	pushTries    = 3
	pushPatience = 5 * time.Second
)

// PushTo says where the office listens, and asks there whether it is the
// office: it must echo what it is given.
func (p *Platform) PushTo(ctx context.Context, address string) error {
	echo, q := randomHex(8), p.signature("", randomHex(5))
	q.Set("echostr", echo)
	said, err := p.ask(ctx, http.MethodGet, address+"?"+q.Encode(), nil)
	if err != nil {
		return err
	}
	if said != echo {
		return errors.New("the office does not echo: its token differs")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pushTo = address
	return nil
}

// PushOnceThere is PushTo in the background, again each second until the office
// is there.
func (p *Platform) PushOnceThere(address string) {
	p.later(0, func(ctx context.Context) {
		turn := time.NewTicker(time.Second)
		defer turn.Stop()
		for p.PushTo(ctx, address) != nil {
			select {
			case <-ctx.Done():
				return
			case <-turn.C:
			}
		}
	})
}

// signature is what comes in the address of a push.
func (p *Platform) signature(sealed, nonce string) url.Values {
	at := strconv.FormatInt(p.cfg.Now().Unix(), 10)
	q := url.Values{"timestamp": {at}, "nonce": {nonce}, "signature": {signed(p.cfg.Token, at, nonce)}}
	if sealed != "" {
		q.Set("encrypt_type", "aes")
		q.Set("msg_signature", signed(p.cfg.Token, at, nonce, sealed))
	}
	return q
}

func signed(parts ...string) string {
	slices.Sort(parts)
	sum := sha1.Sum([]byte(strings.Join(parts, ""))) //nolint:gosec // see above
	return hex.EncodeToString(sum[:])
}

// Sealed is an event as it travels: the address's query and the body.
func (p *Platform) Sealed(event any) (url.Values, []byte, error) {
	message, err := json.Marshal(event)
	if err != nil {
		return nil, nil, fmt.Errorf("write an event: %w", err)
	}
	var random [16]byte
	_, _ = rand.Read(random[:]) // never fails since Go 1.24
	secret, err := seal(random, message, p.cfg.AppID, p.cfg.AESKey)
	if err != nil {
		return nil, nil, err
	}
	body, err := json.Marshal(map[string]string{"ToUserName": originalID, "Encrypt": secret})
	return p.signature(secret, randomHex(5)), body, err
}

// paddedTo is the block of the padding, twice that of the cipher.
const paddedTo = 32

// seal encrypts as the platform does: sixteen bytes of chance, the length, the
// message and the appid, AES-256-CBC with the key's first half as its start.
func seal(random [16]byte, message []byte, appID, aesKey string) (string, error) {
	key, err := base64.StdEncoding.DecodeString(aesKey + "=")
	if err != nil || len(key) != 32 {
		return "", errors.New("the AES key must be 43 characters")
	}
	plain := append(random[:], binary.BigEndian.AppendUint32(nil, uint32(len(message)))...) //nolint:gosec // events are short
	plain = append(append(plain, message...), appID...)
	padding := paddedTo - len(plain)%paddedTo
	plain = append(plain, bytes.Repeat([]byte{byte(padding)}, padding)...)
	block, err := aes.NewCipher(key)
	if err != nil {
		return "", fmt.Errorf("prepare the cipher: %w", err)
	}
	cipher.NewCBCEncrypter(block, key[:aes.BlockSize]).CryptBlocks(plain, plain)
	return base64.StdEncoding.EncodeToString(plain), nil
}

// Push sends an event to the office, as often as the platform tries: the same
// message again until it is answered "success" or with nothing.
func (p *Platform) Push(ctx context.Context, event any) error { return p.deliver(ctx, event) }

func (p *Platform) deliver(ctx context.Context, event any) (err error) {
	p.mu.Lock()
	address := p.pushTo
	p.mu.Unlock()
	if address == "" {
		return errors.New("nobody listens: POST /_standin/push names the office's address")
	}
	for range pushTries {
		q, body, sealing := p.Sealed(event)
		if sealing != nil {
			return sealing
		}
		said, failed := p.ask(ctx, http.MethodPost, address+"?"+q.Encode(), body)
		if err = failed; err == nil && (said == "success" || said == "") {
			return nil
		}
		if err == nil {
			err = errors.New("the office does not answer success")
		}
	}
	return err
}

func (p *Platform) ask(ctx context.Context, method, address string, body []byte) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, pushPatience)
	defer cancel()
	ask, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body)) //nolint:gosec // where the driver said that the office is
	if err != nil {
		return "", fmt.Errorf("push: %w", err)
	}
	ask.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(ask) //nolint:gosec // where the driver said that the office is
	if err != nil {
		return "", fmt.Errorf("push: %w", err)
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(io.LimitReader(answer.Body, orderLimit))
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("push: status %d", answer.StatusCode)
	}
	return string(said), err
}

// later does something after a while, unless the platform closes before.
func (p *Platform) later(wait time.Duration, do func(context.Context)) {
	p.background.Go(func() {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-p.closed.Done():
		case <-timer.C:
			do(p.closed)
		}
	})
}

// Close ends what the platform still does in the background, and waits for it.
func (p *Platform) Close() {
	p.close()
	p.background.Wait()
}

// pushOrder says where the office listens.
type pushOrder struct {
	URL string `json:"url"`
}

func (p *Platform) orderPush(o pushOrder) (any, error) {
	return map[string]bool{"ok": true}, p.PushTo(p.closed, o.URL)
}

func (p *Platform) orderMedia(m MediaMode) (any, error) {
	if m.DelayMS < 0 || m.DelayMS > longDelay {
		return nil, errors.New("delay_ms must be between 0 and 60000")
	}
	p.Media(m)
	return map[string]bool{"ok": true}, nil
}

func (p *Platform) listTraces(w http.ResponseWriter, _ *http.Request) {
	tell(w, http.StatusOK, p.Traces())
}

// orderVerdict pushes a verdict now.
func (p *Platform) orderVerdict(w http.ResponseWriter, r *http.Request) {
	order(func(j judgement) (any, error) {
		return map[string]bool{"ok": true}, p.Verdict(r.Context(), r.PathValue("trace"), j.Suggest, j.Label)
	}).ServeHTTP(w, r)
}
