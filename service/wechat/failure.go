package wechat

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"regexp"

	"github.com/silenceper/wechat/v2/util"

	"gongdi/service/fault"
)

// failure is why a call was of no use, in words that hold nothing secret: the
// platform's number and reference, or a reason from a fixed list. The text of
// the SDK, of the transport and of the platform is dropped, since it repeats
// addresses with their secrets and pieces of answers.
type failure struct {
	api    string
	code   int64  // the platform's errcode; 0 when there was none
	rid    string // the platform's reference for its support desk
	reason string
	cause  error // only the context's own errors
}

func (f *failure) Error() string {
	text := "wechat " + f.api + ": " + f.reason
	if f.code != 0 {
		text = fmt.Sprintf("wechat %s: errcode %d", f.api, f.code)
		if f.reason != "" {
			text += " (" + f.reason + ")"
		}
	}
	if f.rid != "" {
		text += ", rid " + f.rid
	}
	return text
}

func (f *failure) Unwrap() error { return f.cause }

// hints say what whoever runs the office can do about a code.
var hints = map[int64]string{
	busy:    "the platform is busy",
	40013:   "the appid is not the platform's",
	40125:   "the secret is wrong",
	40164:   "this server's address is not on the mini-program's list",
	45009:   "the quota is used up",
	45011:   "called too often",
	48001:   "the mini-program has no right to this call",
	1400001: "the quota of phone numbers is used up",
}

var reference = regexp.MustCompile(`rid: ?([0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8})`)

// scrub keeps of an error what may be logged and returned; nil stays nil.
func scrub(api string, err error) error {
	var known *failure
	var refused *util.CommonError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return known
	case errors.As(err, &refused):
		f := &failure{api: api, code: refused.ErrCode, reason: hints[refused.ErrCode]}
		if m := reference.FindStringSubmatch(refused.ErrMsg); m != nil {
			f.rid = m[1]
		}
		return f
	case errors.Is(err, context.Canceled):
		return &failure{api: api, reason: "the caller went away", cause: context.Canceled}
	case errors.Is(err, context.DeadlineExceeded):
		return &failure{api: api, reason: "no answer in time", cause: context.DeadlineExceeded}
	}
	return &failure{api: api, reason: mishap(err)}
}

// mishap names what went wrong on the line.
func mishap(err error) string {
	var status statusError
	var line *net.OpError
	var slow net.Error
	var large *http.MaxBytesError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &status):
		return status.Error()
	case errors.As(err, &certificate):
		return "the certificate is not trusted"
	case errors.As(err, &slow) && slow.Timeout():
		return "no answer in time"
	case errors.As(err, &line) && line.Op == "dial":
		return "cannot be reached"
	case errors.As(err, &line), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection broke"
	case errors.As(err, &large):
		return "the answer is too large"
	case errors.Is(err, errNoPassport):
		return "a call outside a client"
	}
	return "the answer cannot be read"
}

// codeOf is the platform's errcode, 0 when there is none.
func codeOf(err error) int64 {
	var f *failure
	if errors.As(err, &f) {
		return f.code
	}
	return 0
}

// judge says what the person is told. What is not theirs is logged.
func (c *Client) judge(ctx context.Context, err error, refusals map[int64]*fault.Error) error {
	if told, ok := refusals[codeOf(err)]; ok {
		return told
	}
	level := slog.LevelWarn
	if errors.Is(err, context.Canceled) {
		level = slog.LevelDebug
	}
	c.log.LogAttrs(ctx, level, "wechat gave no help", slog.String("reason", err.Error()))
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}
