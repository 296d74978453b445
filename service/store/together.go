package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"gorm.io/gorm"
)

// together lets writers that come at the same time share one commit, and so
// one wait for the disk: SQLite has one writer anyway, so those who wait for it
// may as well go into the transaction that is open. Each works within a
// savepoint of its own, and none is answered before the commit.
type together struct {
	write   *gorm.DB
	turn    sync.Mutex // who holds it works in the open transaction
	waiting atomic.Int32
	open    *shared // belongs to whoever holds the turn
}

// shared is one transaction of several writers.
type shared struct {
	tx      *gorm.DB
	writers int
	done    chan struct{}
	err     error // of the commit; read after done
}

// mostTogether bounds how long the first writer of a transaction waits for the
// last.
const mostTogether = 64

// run works in the transaction that is open, or opens one. A request that is
// given up is finished all the same: to interrupt a statement would undo the
// work of the others.
func (t *together) run(ctx context.Context, fn func(tx *gorm.DB) error) error {
	s, err := t.join(context.WithoutCancel(ctx), ctx.Err, fn)
	if s == nil {
		return err
	}
	<-s.done
	if s.err != nil {
		return errors.Join(s.err, err)
	}
	return err
}

func (t *together) join(ctx context.Context, gone func() error, fn func(tx *gorm.DB) error) (s *shared, err error) {
	t.waiting.Add(1)
	t.turn.Lock()
	t.waiting.Add(-1)
	defer t.turn.Unlock()
	if t.open == nil {
		if err := gone(); err != nil {
			return nil, err
		}
		if t.open, err = t.begin(ctx); err != nil {
			return nil, err
		}
	}
	s = t.open
	s.writers++
	// Also when fn panics: the others of this transaction wait for its end, and
	// then work again.
	intact := false
	defer func() {
		if !intact || t.waiting.Load() == 0 || s.writers >= mostTogether {
			t.open = nil
			s.end(intact)
		}
	}()
	if err := gone(); err != nil {
		intact = true
		return s, err
	}
	intact, err = s.within(ctx, fn)
	return s, err
}

func (t *together) begin(ctx context.Context) (*shared, error) {
	tx := t.write.WithContext(ctx).Begin()
	if tx.Error != nil {
		return nil, tx.Error
	}
	return &shared{tx: tx, done: make(chan struct{})}, nil
}

// errUndone answers the writers of a transaction that could not go on; each
// works again in another.
var errUndone = errors.New("the transaction was undone")

// within runs fn between savepoints. It reports whether the transaction is
// intact: when the engine has undone it on its own (a full disk), nobody else
// may go on in it.
func (s *shared) within(ctx context.Context, fn func(tx *gorm.DB) error) (intact bool, err error) {
	if err := s.say(ctx, "SAVEPOINT writer"); err != nil {
		return false, err
	}
	if err := fn(s.tx.WithContext(ctx)); err != nil {
		return s.back(ctx) == nil, err
	}
	err = s.say(ctx, "RELEASE writer")
	return err == nil, err
}

func (s *shared) back(ctx context.Context) error {
	if err := s.say(ctx, "ROLLBACK TO writer"); err != nil {
		return err
	}
	return s.say(ctx, "RELEASE writer")
}

func (s *shared) say(ctx context.Context, statement string) error {
	_, err := s.tx.Statement.ConnPool.ExecContext(ctx, statement)
	return err
}

func (s *shared) end(intact bool) {
	defer close(s.done)
	if !intact {
		s.err = errors.Join(errUndone, s.tx.Rollback().Error)
		return
	}
	if err := s.tx.Commit().Error; err != nil {
		s.err = fmt.Errorf("commit: %w", errors.Join(err, s.tx.Rollback().Error))
	}
}
