package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/store"
)

type callerInContext struct{}

// Caller is whoever the request comes from; the zero value on a public route.
func Caller(ctx context.Context) model.Caller {
	caller, _ := ctx.Value(callerInContext{}).(model.Caller)
	return caller
}

type foundInContext struct{}

// Found is what the route's Thing came upon while judging, so that the
// handler need not look it up again.
func Found[T any](ctx context.Context) T {
	found, _ := ctx.Value(foundInContext{}).(T)
	return found
}

// admit judges the token, the right, and the right on the thing, in that
// order and before anything of the body is read.
func (a *API) admit(r Route) func(huma.Context, func(huma.Context)) {
	return func(hc huma.Context, next func(huma.Context)) {
		ctx := hc.Context()
		caller, err := a.identify(ctx, r, hc.Header("Authorization"))
		ctx = context.WithValue(ctx, callerInContext{}, caller)
		if err == nil && r.Thing != nil {
			var found any
			found, err = r.Thing(ctx, caller, hc.Param)
			ctx = context.WithValue(ctx, foundInContext{}, found)
		}
		if err != nil {
			a.recordRefusal(ctx, r, err)
			write(humagin.Unwrap(hc), problemOf(ctx, err))
			return
		}
		next(huma.WithContext(hc, ctx))
	}
}

func (a *API) identify(ctx context.Context, r Route, header string) (model.Caller, error) {
	if r.Who == Anyone {
		return model.Caller{}, nil
	}
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return model.Caller{}, ErrNoToken
	}
	caller, err := a.sessions.Who(ctx, token)
	if err != nil {
		return model.Caller{}, err
	}
	return caller, allowed(r, caller)
}

func allowed(r Route, caller model.Caller) error {
	switch {
	case r.Who == Resident && caller.Kind != model.ResidentSession,
		r.Who == Staff && caller.Kind != model.StaffSession,
		r.Who == Staff && !caller.Role.May(r.Right):
		return fault.ErrForbidden
	case caller.MustChange && !r.Renewing:
		return ErrPasswordChange
	case caller.MustEnrol && !r.Renewing:
		return ErrTOTPEnrolment
	}
	return nil
}

// recordRefusal keeps in the audit log what staff were not allowed to do.
func (a *API) recordRefusal(ctx context.Context, r Route, err error) {
	caller := Caller(ctx)
	var refusal *fault.Error
	if a.ledger == nil || caller.Kind != model.StaffSession || !errors.As(err, &refusal) {
		return
	}
	if refusal.Kind == fault.Forbidden || refusal.Kind == fault.NotFound {
		a.ledger.Refused(ctx, caller, string(r.Right), refusal)
	}
}

// receive reads the whole body within its limit, so that nothing after it can
// fail halfway, and notes the idempotency key that came with it.
func (a *API) receive(r Route) func(huma.Context, func(huma.Context)) {
	return func(hc huma.Context, next func(huma.Context)) {
		c := humagin.Unwrap(hc)
		c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, r.MaxBody)
		if strings.HasPrefix(c.ContentType(), "multipart/") {
			// Kept in memory, as the limit allows: no part of an upload goes into a temporary file.
			if err := c.Request.ParseMultipartForm(r.MaxBody); err != nil {
				write(c, problemOf(hc.Context(), bodyFault(err)))
				return
			}
			next(hc)
			return
		}
		body, err := io.ReadAll(c.Request.Body)
		if err == nil && !utf8.Valid(body) {
			err = ErrUnreadable
		}
		if err != nil {
			write(c, problemOf(hc.Context(), bodyFault(err)))
			return
		}
		c.Request.Body = io.NopCloser(bytes.NewReader(body))
		key, err := idempotencyKey(c, Caller(hc.Context()), body)
		if err != nil {
			write(c, problemOf(hc.Context(), err))
			return
		}
		if key != nil {
			hc = huma.WithContext(hc, store.WithKey(hc.Context(), *key))
		}
		next(hc)
	}
}

func bodyFault(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return ErrTooLarge
	}
	return ErrUnreadable
}

const longestKey = 128

func idempotencyKey(c *gin.Context, caller model.Caller, body []byte) (*store.Key, error) {
	text := c.GetHeader("Idempotency-Key")
	if text == "" || c.Request.Method == http.MethodGet || caller.ID == "" {
		return nil, nil
	}
	visible := func(r rune) bool { return r > ' ' && r <= '~' }
	if len(text) > longestKey || strings.IndexFunc(text, func(r rune) bool { return !visible(r) }) >= 0 {
		return nil, ErrIdempotencyKey
	}
	h := sha256.New()
	_, _ = io.WriteString(h, c.Request.Method+"\n"+c.Request.URL.RequestURI()+"\n")
	_, _ = h.Write(body)
	return &store.Key{
		Scope: string(caller.Kind) + ":" + caller.ID, Key: text, Digest: hex.EncodeToString(h.Sum(nil)),
	}, nil
}
