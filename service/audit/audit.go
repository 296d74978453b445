// Package audit keeps the append-only log (审计日志) of what the office wrote,
// revealed, exported and was refused. It adds lines and reads them; nothing
// here, or anywhere, changes or removes one, and each carries a keyed digest,
// so that a line changed behind the program's back shows.
package audit

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/store"
	"gongdi/service/vault"
)

// Log is the audit log of one database.
type Log struct {
	DB    *store.DB
	Vault *vault.Vault
	Now   func() time.Time
}

// Entry is what a line says. It names things by their identifiers and never
// holds a person's name, number or phone.
type Entry struct {
	Actor model.Caller
	// Right is what the actor used, or lacked.
	Right model.Right
	// Verb tells apart what one right allows, such as "create"; it may be empty.
	Verb       string
	ObjectType string
	ObjectID   string
	// AreaCode is where the object lies; the actor's own area when empty. An
	// auditor reads the lines of their part of the division.
	AreaCode string
	// Code is the error's code of a refusal; empty for what was done.
	Code   string
	Reason string
}

// Record adds a line inside the transaction of its cause: both are kept or
// neither. An entry with a Code is kept as a refusal.
func (l *Log) Record(ctx context.Context, tx *gorm.DB, e Entry) error {
	line := l.line(ctx, e)
	if err := gorm.G[model.AuditEntry](tx).Create(ctx, &line); err != nil {
		return fmt.Errorf("record in the audit log: %w", err)
	}
	return nil
}

// Refuse adds the line of a refusal that has no transaction of its own.
// It is not called inside one: on the embedded engine the two would wait for
// each other.
func (l *Log) Refuse(ctx context.Context, e Entry) error {
	ctx, cancel := Apart(ctx)
	defer cancel()
	return store.Tx(ctx, l.DB, func(tx *gorm.DB) error { return l.Record(ctx, tx, e) })
}

// Refused adds a line for what a caller was not allowed to do. A line that
// cannot be written is logged: the answer is a refusal all the same.
func (l *Log) Refused(ctx context.Context, caller model.Caller, action string, refusal *fault.Error) {
	err := l.Refuse(ctx, Entry{Actor: caller, Right: model.Right(action), Code: refusal.Code})
	if err != nil {
		slog.ErrorContext(ctx, "record a refusal", "error", err)
	}
}

// apartTimeout bounds what goes on after the person who caused it has left.
const apartTimeout = 5 * time.Second

// Apart is a context for what is kept whatever becomes of the request: it
// does not end with it, and an idempotency key, which belongs to the request's
// own answer, stays behind.
func Apart(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(WithRequest(context.Background(), RequestOf(ctx)), apartTimeout)
}

func (l *Log) line(ctx context.Context, e Entry) model.AuditEntry {
	line := model.AuditEntry{
		ID:         store.NewID(),
		At:         l.Now().UTC().Truncate(time.Millisecond),
		ActorKind:  string(e.Actor.Kind),
		ActorID:    e.Actor.ID,
		Action:     action(e),
		ObjectType: clip(e.ObjectType, 24),
		ObjectID:   clip(e.ObjectID, 64),
		AreaCode:   e.AreaCode,
		Outcome:    model.AuditDone,
		Code:       clip(e.Code, 64),
		Reason:     clip(e.Reason, 2000),
		RequestID:  clip(RequestOf(ctx), 64),
	}
	if line.AreaCode == "" {
		line.AreaCode = e.Actor.AreaCode
	}
	if line.Code != "" {
		line.Outcome = model.AuditRefused
	}
	line.Seal = l.seal(&line)
	return line
}

func action(e Entry) string {
	if e.Verb == "" {
		return string(e.Right)
	}
	return string(e.Right) + "." + e.Verb
}

// clip keeps what a column can hold of a text that may have come from outside.
func clip(text string, characters int) string {
	text = strings.ToValidUTF8(text, "")
	if runes := []rune(text); len(runes) > characters {
		return string(runes[:characters])
	}
	return text
}

const sealed vault.Field = "audit.line"

func (l *Log) seal(e *model.AuditEntry) string {
	var b strings.Builder
	for _, part := range []string{
		e.ID, strconv.FormatInt(e.At.UnixMilli(), 10), e.ActorKind, e.ActorID, e.Action, e.ObjectType,
		e.ObjectID, e.AreaCode, string(e.Outcome), e.Code, e.Reason, e.RequestID,
	} {
		fmt.Fprintf(&b, "%d:%s", len(part), part)
	}
	return l.Vault.Index(sealed, b.String())
}

type requestInContext struct{}

// WithRequest makes the lines under ctx carry the request's id, by which the
// program's own log finds them.
func WithRequest(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestInContext{}, id)
}

// RequestOf is the id of the request that ctx belongs to; none outside of one.
func RequestOf(ctx context.Context) string {
	id, _ := ctx.Value(requestInContext{}).(string)
	return id
}
