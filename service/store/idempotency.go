package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"gongdi/service/fault"
)

// ErrKeyReused answers a request that carries the key of another one.
var ErrKeyReused = fault.New(fault.Conflict, "idempotency_key_reused", "这个请求编号已经用于另一项操作，请返回重新提交")

// Key is what a phone sends along so that a repeated request is one: whose it
// is, the key, and the digest of what was asked.
type Key struct {
	Scope, Key, Digest string
}

type keyInContext struct{}

// WithKey makes the transactions under ctx repeatable.
func WithKey(ctx context.Context, key Key) context.Context {
	return context.WithValue(ctx, keyInContext{}, key)
}

func keyOf(ctx context.Context) (Key, bool) {
	key, ok := ctx.Value(keyInContext{}).(Key)
	return key, ok
}

const keepKey = "INSERT INTO idempotency_keys (scope, idempotency_key, digest, answer, created_at) VALUES (?, ?, ?, ?, ?)"

func (k Key) keep(tx *gorm.DB, outcome any) error {
	answer, err := json.Marshal(outcome)
	if err != nil {
		return fmt.Errorf("keep the answer of a repeatable request: %w", err)
	}
	return tx.Exec(keepKey, k.Scope, k.Key, k.Digest, string(answer), time.Now().UTC().Truncate(time.Millisecond)).Error
}

const recallKey = "SELECT digest, answer FROM idempotency_keys WHERE scope = ? AND idempotency_key = ?"

// recall answers a request that failed: as the first one under its key was
// answered, if there was one, and else with its own failure.
func recall[T any](ctx context.Context, db *DB, key Key, out T, failure error) (T, error) {
	var kept struct{ Digest, Answer string }
	err := db.Read(ctx).Raw(recallKey, key.Scope, key.Key).Take(&kept).Error
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		return out, failure
	case err != nil:
		return out, errors.Join(failure, fmt.Errorf("look up a repeated request: %w", err))
	case kept.Digest != key.Digest:
		return out, ErrKeyReused
	}
	var first T
	if err := json.Unmarshal([]byte(kept.Answer), &first); err != nil {
		return out, fmt.Errorf("read the answer of a repeated request: %w", err)
	}
	return first, nil
}

// ForgetKeys drops the keys kept before an instant; a phone that has not
// repeated by then will not.
func ForgetKeys(ctx context.Context, db *DB, before time.Time) error {
	return Tx(ctx, db, func(tx *gorm.DB) error {
		return tx.Exec("DELETE FROM idempotency_keys WHERE created_at < ?", before.UTC()).Error
	})
}
