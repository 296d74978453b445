package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	mysqldriver "github.com/go-sql-driver/mysql"
	"gorm.io/gorm"
	sqlite "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// attempts bounds how often a transaction that lost a deadlock is run again.
const attempts = 8

// Tx runs fn in one transaction. After a deadlock or a lock timeout fn runs
// again, so it touches nothing outside tx.
func Tx(ctx context.Context, db *DB, fn func(tx *gorm.DB) error) error {
	_, err := run(ctx, db, func(tx *gorm.DB) (struct{}, error) { return struct{}{}, fn(tx) })
	return err
}

// Do is Tx for the one transaction that is what a request asked for. When the
// context carries an idempotency key the outcome commits with it, and the same
// request again is given the outcome of the first, read back from JSON.
func Do[T any](ctx context.Context, db *DB, fn func(tx *gorm.DB) (T, error)) (T, error) {
	key, repeatable := keyOf(ctx)
	out, err := run(ctx, db, func(tx *gorm.DB) (T, error) {
		out, err := fn(tx)
		if err == nil && repeatable {
			err = key.keep(tx, out)
		}
		return out, err
	})
	if err == nil || !repeatable {
		return out, err
	}
	return recall(ctx, db, key, out, err)
}

func run[T any](ctx context.Context, db *DB, fn func(tx *gorm.DB) (T, error)) (out T, err error) {
	for attempt := range attempts {
		err = db.transact(ctx, func(tx *gorm.DB) error {
			out, err = fn(tx)
			return err
		})
		if err == nil || !passing(err) {
			return out, err
		}
		if wait(ctx, attempt) != nil {
			break
		}
	}
	return out, fmt.Errorf("transaction: %w", err)
}

func (d *DB) transact(ctx context.Context, fn func(tx *gorm.DB) error) error {
	if d.together != nil {
		return d.together.run(ctx, fn)
	}
	return d.write.WithContext(ctx).Transaction(fn)
}

// wait backs off a little longer each time, by chance, so that two losers do
// not meet again.
func wait(ctx context.Context, attempt int) error {
	pause := time.NewTimer(rand.N(time.Duration(attempt+1) * 20 * time.Millisecond))
	defer pause.Stop()
	select {
	case <-pause.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Server error numbers after which the same transaction may succeed.
const (
	mysqlLockTimeout  = 1205
	mysqlDeadlock     = 1213
	tidbWriteConflict = 9007
	tidbRetryable     = 8022
	recordChanged     = 1020
)

func passing(err error) bool {
	var m *mysqldriver.MySQLError
	if errors.As(err, &m) {
		switch m.Number {
		case mysqlLockTimeout, mysqlDeadlock, tidbWriteConflict, tidbRetryable, recordChanged:
			return true
		}
	}
	var s *sqlite.Error
	return errors.Is(err, errUndone) || errors.As(err, &s) && (s.Code()&0xff == sqlite3.SQLITE_BUSY || s.Code()&0xff == sqlite3.SQLITE_LOCKED)
}

// Locks of one row, for the engines that have them: nobody else may write it,
// or nobody may until we are done. SQLite has one writer and needs neither.
const (
	forUpdate = " FOR UPDATE"
	forShare  = " LOCK IN SHARE MODE"
)

// Locked appends an exclusive row lock to a query of one transaction.
func (d *DB) Locked(query string) string { return d.lock(query, forUpdate) }

// Shared appends a shared row lock to a query of one transaction.
func (d *DB) Shared(query string) string { return d.lock(query, forShare) }

func (d *DB) lock(query, mode string) string {
	if d.engine == engineSQLite {
		return query
	}
	return query + mode
}
