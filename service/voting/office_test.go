package voting_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"gongdi/model"
	"gongdi/service/audit"
	"gongdi/service/evidence"
	"gongdi/service/fault"
	"gongdi/service/store"
	"gongdi/service/store/dbtest"
	"gongdi/service/vault"
	"gongdi/service/voting"
)

// start is nine in the morning in Shanghai; every office opens then.
var start = time.Date(2026, 9, 1, 1, 0, 0, 0, time.UTC)

const (
	day = 24 * time.Hour
	ms  = time.Millisecond

	streetCode    = "520523001"
	communityCode = "520523001001"
)

var (
	street    = model.Caller{Kind: model.StaffSession, ID: "street", Role: model.RoleStreet, AreaCode: streetCode}
	clerk     = model.Caller{Kind: model.StaffSession, ID: "clerk", Role: model.RoleCommunity, AreaCode: communityCode}
	colleague = model.Caller{Kind: model.StaffSession, ID: "colleague", Role: model.RoleCommunity, AreaCode: communityCode}
	neighbour = model.Caller{Kind: model.StaffSession, ID: "neighbour", Role: model.RoleCommunity, AreaCode: "520523001002"}
	county    = model.Caller{Kind: model.StaffSession, ID: "county", Role: model.RoleCounty, AreaCode: "520523"}
)

// tester is what a test and a run of a property have in common.
type tester interface {
	Helper()
	Errorf(format string, args ...any)
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// clock is a time that stands until a test moves it.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = t
}

// office is the voting service of one community on one database.
type office struct {
	t     tester
	ctx   context.Context
	db    *store.DB
	clock *clock
	*voting.Service
}

func each(t *testing.T, test func(t *testing.T, o *office)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, db *store.DB) { test(t, newOffice(t, db)) })
}

func newOffice(t *testing.T, db *store.DB) *office {
	t.Helper()
	o := &office{t: t, ctx: context.Background(), db: db, clock: &clock{at: start}}
	v, err := vault.Open(filepath.Join(t.TempDir(), "data.key"), true)
	o.must(err)
	key, err := evidence.LoadKey(o.ctx, db, v)
	o.must(err)
	o.Service = &voting.Service{
		DB: db, Vault: v, Audit: &audit.Log{DB: db, Vault: v, Now: o.clock.Now}, Key: key, Now: o.clock.Now,
		Terms: voting.Terms{NoticeDays: 15, CountingDays: 3},
	}
	o.insert(&[]model.Area{
		{Code: streetCode, Name: "测试街道", Type: model.Street, Parent: "520523", CreatedAt: start},
		{Code: communityCode, Name: "测试社区", Type: model.Community, Parent: streetCode, CreatedAt: start},
	})
	return o
}

// replica is another process of the same office.
func (o *office) replica() *office {
	r := *o
	r.Service = &voting.Service{DB: o.DB, Vault: o.Vault, Audit: o.Audit, Key: o.Key, Now: o.Now, Terms: o.Terms}
	return &r
}

// during is the office as one run of a property sees it.
func (o *office) during(t tester) *office {
	r := *o
	r.t = t
	return &r
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

// refuses wants one refusal, and where it names a place, that place.
func (o *office) refuses(err error, want *fault.Error, location string) {
	o.t.Helper()
	var got *fault.Error
	if !errors.As(err, &got) || !errors.Is(got, want) {
		o.t.Fatalf("got %v, want %s", err, want.Code)
	}
	if location != "" && (len(got.Fields) != 1 || got.Fields[0].Location != location || got.Fields[0].Message == "") {
		o.t.Fatalf("fields %+v, want %s", got.Fields, location)
	}
}

// number reads one whole number from the database.
func (o *office) number(query string, args ...any) int64 {
	o.t.Helper()
	var n int64
	o.must(o.db.Read(o.ctx).Raw(query, args...).Scan(&n).Error)
	return n
}
