package audit_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/audit"
	"gongdi/service/fault"
	"gongdi/service/store"
	"gongdi/service/store/dbtest"
	"gongdi/service/vault"
)

var (
	clerk   = model.Caller{Kind: model.StaffSession, ID: "clerk", Role: model.RoleCommunity, AreaCode: "520523001002"}
	auditor = model.Caller{Kind: model.StaffSession, ID: "auditor", Role: model.RoleAuditor, AreaCode: "520523001"}
	distant = model.Caller{Kind: model.StaffSession, ID: "distant", Role: model.RoleAuditor, AreaCode: "520523002"}
)

func newLog(t *testing.T, db *store.DB) *audit.Log {
	t.Helper()
	v, err := vault.Open(filepath.Join(t.TempDir(), "data.key"), true)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 9, 18, 8, 0, 0, 123_456_789, time.UTC)
	return &audit.Log{DB: db, Vault: v, Now: func() time.Time { now = now.Add(time.Second); return now }}
}

func record(t *testing.T, l *audit.Log, e audit.Entry) {
	t.Helper()
	ctx := audit.WithRequest(context.Background(), "req-1")
	if err := store.Tx(ctx, l.DB, func(tx *gorm.DB) error { return l.Record(ctx, tx, e) }); err != nil {
		t.Fatal(err)
	}
}

func lines(t *testing.T, l *audit.Log, who model.Caller, f audit.Filter) []audit.Line {
	t.Helper()
	out, _, err := l.Lines(context.Background(), who, f)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestALineSaysWhoDidWhatWhereAndWhy(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		l := newLog(t, db)
		record(t, l, audit.Entry{
			Actor: clerk, Right: model.RevealPerson, Verb: "phone", ObjectType: "owner", ObjectID: "o1", Reason: "上门前联系",
		})
		got := lines(t, l, auditor, audit.Filter{})
		if len(got) != 1 {
			t.Fatalf("%d lines", len(got))
		}
		line := got[0]
		want := model.AuditEntry{
			ID: line.ID, At: line.At, Seal: line.Seal, ActorKind: "staff", ActorID: "clerk", Action: "person.reveal.phone",
			ObjectType: "owner", ObjectID: "o1", AreaCode: clerk.AreaCode, Outcome: model.AuditDone, Reason: "上门前联系", RequestID: "req-1",
		}
		if line.AuditEntry != want || !line.Sound {
			t.Errorf("got %+v", line)
		}
	})
}

func TestALineGoesWithItsCause(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		l, failed := newLog(t, db), errors.New("failed")
		err := store.Tx(context.Background(), db, func(tx *gorm.DB) error {
			return errors.Join(l.Record(context.Background(), tx, audit.Entry{Actor: clerk, Right: model.EditRegistry}), failed)
		})
		if !errors.Is(err, failed) {
			t.Fatal(err)
		}
		if got := lines(t, l, auditor, audit.Filter{}); len(got) != 0 {
			t.Errorf("a write that failed left %d lines", len(got))
		}
	})
}

func TestARefusalIsKeptOnItsOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		l := newLog(t, db)
		key := store.Key{Scope: "clerk", Key: "k", Digest: "d"}
		ctx, leave := context.WithCancel(store.WithKey(audit.WithRequest(context.Background(), "req-2"), key))
		leave()
		for range 2 {
			err := l.Refuse(ctx, audit.Entry{Actor: clerk, Right: model.ExportEvidence, ObjectType: "motion", ObjectID: strings.Repeat("长", 80) + "\xff", Code: "forbidden"})
			if err != nil {
				t.Fatal(err)
			}
		}
		got := lines(t, l, auditor, audit.Filter{Outcome: model.AuditRefused})
		if len(got) != 2 || got[0].Code != "forbidden" || got[0].RequestID != "req-2" || got[0].ObjectID != strings.Repeat("长", 64) || !got[0].Sound {
			t.Errorf("got %+v", got)
		}
	})
}

func TestWhatACallerMayNotDoIsKept(t *testing.T) {
	l := newLog(t, dbtest.SQLite(t))
	l.Refused(context.Background(), clerk, "roster.import", fault.ErrForbidden)
	got := lines(t, l, auditor, audit.Filter{Action: "roster.import"})
	if len(got) != 1 || got[0].ActorID != "clerk" || got[0].Outcome != model.AuditRefused || got[0].Code != "forbidden" {
		t.Errorf("got %+v", got)
	}
}

func TestAnAuditorReadsTheirOwnAreaOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		l := newLog(t, db)
		record(t, l, audit.Entry{Actor: clerk, Right: model.EditRegistry})
		record(t, l, audit.Entry{Actor: clerk, Right: model.EditRegistry, AreaCode: "520523002"})
		for _, c := range []struct {
			name string
			who  model.Caller
			want int
		}{
			{"the street's", auditor, 1},
			{"another street's", distant, 1},
			{"a resident", model.Caller{Kind: model.ResidentSession, ID: "r", AreaCode: "520523001"}, 0},
			{"nobody", model.Caller{}, 0},
		} {
			if got := lines(t, l, c.who, audit.Filter{}); len(got) != c.want {
				t.Errorf("%s: %d lines, want %d", c.name, len(got), c.want)
			}
		}
	})
}

func TestFiltersAndPagesNarrowTheList(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		l := newLog(t, db)
		record(t, l, audit.Entry{Actor: clerk, Right: model.EditRegistry, ObjectType: "property", ObjectID: "p1"})
		record(t, l, audit.Entry{Actor: clerk, Right: model.ManageAccounts, Verb: "create", ObjectType: "staff", ObjectID: "s1"})
		record(t, l, audit.Entry{Actor: auditor, Right: model.ManageAccounts, Verb: "disable", ObjectType: "staff", ObjectID: "s1", Code: "forbidden"})
		second := lines(t, l, auditor, audit.Filter{})[1].At
		for _, c := range []struct {
			name string
			f    audit.Filter
			want string // the verbs' objects, newest first
		}{
			{"all", audit.Filter{}, "s1 s1 p1"},
			{"by actor", audit.Filter{ActorID: "auditor"}, "s1"},
			{"by right", audit.Filter{Action: "accounts.manage"}, "s1 s1"},
			{"by verb", audit.Filter{Action: "accounts.manage.create"}, "s1"},
			{"a wildcard is a letter", audit.Filter{Action: "%"}, ""},
			{"by object", audit.Filter{ObjectType: "property", ObjectID: "p1"}, "p1"},
			{"refusals", audit.Filter{Outcome: model.AuditRefused}, "s1"},
			{"from, inclusive", audit.Filter{From: second}, "s1 s1"},
			{"until, exclusive", audit.Filter{Until: second}, "p1"},
			{"second page", audit.Filter{Limit: 2, Offset: 2}, "p1"},
		} {
			var ids []string
			for _, line := range lines(t, l, auditor, c.f) {
				ids = append(ids, line.ObjectID)
			}
			if got := strings.Join(ids, " "); got != c.want {
				t.Errorf("%s: got %q, want %q", c.name, got, c.want)
			}
		}
		if _, total, err := l.Lines(context.Background(), auditor, audit.Filter{Limit: 1}); total != 3 || err != nil {
			t.Errorf("total %d, %v", total, err)
		}
	})
}

func TestAChangedLineShows(t *testing.T) {
	for column, value := range map[string]any{
		"actor_id": "other", "actor_kind": "resident", "action": "areas.read", "object_type": "x", "object_id": "x", "area_code": "520523001009",
		"outcome": "refused", "code": "x", "reason": "x", "request_id": "x", "at": time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), "seal": "",
	} {
		t.Run(column, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, db *store.DB) {
				l := newLog(t, db)
				record(t, l, audit.Entry{Actor: clerk, Right: model.EditRegistry})
				record(t, l, audit.Entry{Actor: clerk, Right: model.EditRegistry, ObjectID: "untouched"})
				id := lines(t, l, auditor, audit.Filter{})[1].ID
				err := store.Tx(context.Background(), db, func(tx *gorm.DB) error {
					return tx.Exec("UPDATE audit_log SET "+column+" = ? WHERE id = ?", value, id).Error
				})
				if err != nil {
					t.Fatal(err)
				}
				checked, changed, err := l.Check(context.Background())
				if err != nil || checked != 2 || len(changed) != 1 || changed[0] != id {
					t.Errorf("checked %d, changed %v, %v", checked, changed, err)
				}
			})
		})
	}
}
