package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"gongdi/service/store"
	"gongdi/service/store/dbtest"
)

var errOwnFault = errors.New("own fault")

const addFailure = "INSERT INTO failures (id, subject, at) VALUES (?, ?, ?)"

// Writers share commits, and yet each stands for itself: one that fails or
// panics, or whose phone hangs up, takes nobody else's work with it.
func TestWritersAtOnceStandEachForItself(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		const writers, rounds = 24, 20
		acknowledged := make([][]string, writers)
		var group sync.WaitGroup
		for w := range writers {
			group.Go(func() {
				for i := range rounds {
					id, err := writeOnce(db, w, i)
					if err == nil {
						acknowledged[w] = append(acknowledged[w], id)
					}
					if failed := err != nil; failed != (w%4 != 0) && w%4 != 3 {
						t.Errorf("writer %d in round %d: %v", w, i, err)
					}
				}
			})
		}
		group.Wait()
		want := 0
		for _, ids := range acknowledged {
			want += len(ids)
			for _, id := range ids {
				var n int
				if err := db.Read(context.Background()).Raw("SELECT COUNT(*) FROM failures WHERE id = ?", id).Scan(&n).Error; err != nil || n != 1 {
					t.Fatalf("an acknowledged write is there %d times: %v", n, err)
				}
			}
		}
		var failed int
		if err := db.Read(context.Background()).Raw("SELECT COUNT(*) FROM failures WHERE subject <> 'given up' AND subject <> 'sound'").Scan(&failed).Error; err != nil || failed != 0 {
			t.Errorf("%d writes that failed are there: %v", failed, err)
		}
		if want < writers/4*rounds {
			t.Errorf("only %d writes were acknowledged", want)
		}
	})
}

// writeOnce is sound, fails, panics or is given up, by the writer's number.
func writeOnce(db *store.DB, writer, round int) (id string, err error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panicked: %v", p)
		}
	}()
	subject := []string{"sound", "failing", "panicking", "given up"}[writer%4]
	id = store.NewID()
	err = store.Tx(ctx, db, func(tx *gorm.DB) error {
		if err := tx.Exec(addFailure, id, subject, time.Now().UTC()).Error; err != nil {
			return err
		}
		switch subject {
		case "failing":
			return errOwnFault
		case "panicking":
			panic(fmt.Sprint("round ", round))
		case "given up":
			cancel()
		}
		return nil
	})
	return id, err
}

func TestWhoIsGoneBeforeTheTurnWritesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		err := store.Tx(ctx, db, func(tx *gorm.DB) error {
			return tx.Exec(addFailure, store.NewID(), "gone", time.Now().UTC()).Error
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}
