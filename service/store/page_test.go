package store_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"gorm.io/gorm"

	"gongdi/service/store"
	"gongdi/service/store/dbtest"
)

func TestAPageIsPartOfAListThatIsCountedWhole(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		var all []string
		err := store.Tx(ctx, db, func(tx *gorm.DB) error {
			for i, subject := range []string{"mine", "other", "mine", "mine", "other", "mine", "mine"} {
				id := fmt.Sprintf("%026d", i)
				if subject == "mine" {
					all = append(all, id)
				}
				if err := tx.Exec("INSERT INTO failures (id, subject, at) VALUES (?, ?, ?)", id, subject, time.Now().UTC()).Error; err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		slices.Reverse(all)
		spare := append(make([]any, 0, 8), "mine")
		for name, l := range map[string]store.List{
			"by place": {Columns: "id", From: "FROM failures WHERE subject = ?", Order: "id DESC", Args: spare},
			"by name":  {Columns: "id", From: "FROM failures WHERE subject = @who OR subject = @who", Order: "id DESC", Args: []any{map[string]any{"who": "mine"}}},
			"empty":    {Columns: "id", From: "FROM failures WHERE 1 = 0", Order: "id DESC"},
		} {
			want := all
			if name == "empty" {
				want = nil
			}
			for offset := range len(all) + 2 {
				for limit := range len(all) + 2 {
					from := min(offset, len(want))
					rows, total, err := store.Page[string](db.Read(ctx), l, offset, limit)
					if err != nil || total != int64(len(want)) || !slices.Equal(rows, want[from:min(from+limit, len(want))]) {
						t.Errorf("%s, %d from %d: got %v of %d, %v", name, limit, offset, rows, total, err)
					}
				}
			}
		}
		if full := spare[:cap(spare)]; full[1] != nil {
			t.Errorf("a page wrote into its caller's arguments: %v", full)
		}
		if _, _, err := store.Page[string](db.Read(ctx), store.List{Of: "nothing", Columns: "id", From: "FROM nowhere", Order: "id"}, 0, 1); err == nil {
			t.Error("a list of a table that is not there was read")
		}
	})
}
