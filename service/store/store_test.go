package store_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"gongdi/service/store"
	"gongdi/service/store/dbtest"
)

func TestReplicasMayMigrateAtOnce(t *testing.T) {
	address := "sqlite:" + filepath.Join(t.TempDir(), "new.db")
	var starters sync.WaitGroup
	for range 4 {
		starters.Go(func() {
			db, err := store.Open(context.Background(), address)
			if err != nil {
				t.Error(err)
				return
			}
			defer db.Close()
			if err := store.Migrate(context.Background(), db); err != nil {
				t.Error(err)
			}
			if ok, err := store.Current(context.Background(), db); !ok || err != nil {
				t.Errorf("after migrating the schema is current: %v %v", ok, err)
			}
		})
	}
	starters.Wait()
}

func TestAnInstantSurvivesToTheMillisecond(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		at := time.Date(2026, 9, 18, 23, 59, 59, 990_000_000, time.UTC)
		err := store.Tx(ctx, db, func(tx *gorm.DB) error {
			return tx.Exec("INSERT INTO failures (id, subject, at) VALUES (?, ?, ?)", store.NewID(), "s", at).Error
		})
		if err != nil {
			t.Fatal(err)
		}
		var row struct{ At time.Time }
		if err := db.Read(ctx).Raw("SELECT at FROM failures WHERE at <= ? AND at > ?", at, at.Add(-time.Millisecond)).Take(&row).Error; err != nil {
			t.Fatal(err)
		}
		if !row.At.Equal(at) {
			t.Errorf("got %v, want %v", row.At, at)
		}
	})
}

func TestARepeatedRequestIsAnsweredAsTheFirst(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		write := func(digest string) (string, error) {
			ctx := store.WithKey(context.Background(), store.Key{Scope: "resident", Key: "k1", Digest: digest})
			return store.Do(ctx, db, func(tx *gorm.DB) (string, error) {
				id := store.NewID()
				return id, tx.Exec("INSERT INTO failures (id, subject, at) VALUES (?, ?, ?)", id, "s", time.Now().UTC()).Error
			})
		}
		answers := make([]string, 16)
		var phones sync.WaitGroup
		for i := range answers {
			phones.Go(func() {
				answer, err := write("same")
				if err != nil {
					t.Error(err)
				}
				answers[i] = answer
			})
		}
		phones.Wait()
		for _, answer := range answers {
			if answer != answers[0] {
				t.Fatalf("two answers to one request: %v", answers)
			}
		}
		var n int64
		if err := db.Read(context.Background()).Raw("SELECT COUNT(*) FROM failures").Scan(&n).Error; err != nil || n != 1 {
			t.Errorf("written %d times (%v)", n, err)
		}
		if _, err := write("another"); !errors.Is(err, store.ErrKeyReused) {
			t.Errorf("the same key with another body: %v", err)
		}
	})
}

func TestADuplicateIsNamedAlike(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		insert := func() error {
			return store.Tx(context.Background(), db, func(tx *gorm.DB) error {
				return tx.Exec("INSERT INTO areas (code, name, type, parent, created_at) VALUES ('1', 'a', 'county', '', ?)", time.Now().UTC()).Error
			})
		}
		if err := insert(); err != nil {
			t.Fatal(err)
		}
		if err := insert(); !errors.Is(err, gorm.ErrDuplicatedKey) {
			t.Errorf("got %v", err)
		}
	})
}

func TestIDsSortByTime(t *testing.T) {
	first := store.NewID()
	time.Sleep(2 * time.Millisecond)
	if second := store.NewID(); len(first) != 26 || first >= second {
		t.Errorf("%s then %s", first, second)
	}
}
