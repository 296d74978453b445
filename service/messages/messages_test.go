package messages_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/messages"
	"gongdi/service/store"
	"gongdi/service/store/dbtest"
)

func TestWhoeverIsToldFindsItInTheirInboxAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, now := context.Background(), time.Now().UTC().Truncate(time.Millisecond)
		s := &messages.Service{DB: db, Now: func() time.Time { return now }}
		li, wang := model.Caller{Kind: model.ResidentSession, ID: "li"}, model.Caller{Kind: model.ResidentSession, ID: "wang"}
		tell := func(at time.Time, text string, who ...string) {
			t.Helper()
			err := store.Tx(ctx, db, func(tx *gorm.DB) error {
				return messages.Tell(tx, who, messages.News{Kind: "k", AboutType: "motion", AboutID: "m", Text: text}, at)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		tell(now.Add(-time.Hour), "早", "li", "wang")
		tell(now, strings.Repeat("长", 600), "li")
		tell(now, "无人")

		in, err := s.InboxOf(ctx, li, 0, 50)
		if err != nil {
			t.Fatal(err)
		}
		if in.Total != 2 || in.Unread != 2 || len([]rune(in.Messages[0].Text)) != 500 || in.Messages[1].Text != "早" {
			t.Errorf("%d messages, %d unread: %+v", in.Total, in.Unread, in.Messages)
		}
		early := in.Messages[1].ID
		if err := s.Has(ctx, wang, early); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("somebody else's message: %v", err)
		}
		for range 2 {
			if err := s.Read(ctx, li, early); err != nil {
				t.Fatal(err)
			}
			now = now.Add(time.Minute)
		}
		if in, err = s.InboxOf(ctx, li, 1, 1); err != nil || in.Unread != 1 || in.Messages[0].ReadAt == nil || !in.Messages[0].ReadAt.Equal(now.Add(-2*time.Minute)) {
			t.Errorf("%+v, %v", in, err)
		}
		if in, err = s.InboxOf(ctx, wang, 0, 50); err != nil || in.Total != 1 || in.Unread != 1 {
			t.Errorf("the neighbour's inbox: %+v, %v", in, err)
		}
	})
}
