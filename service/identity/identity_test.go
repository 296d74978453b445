package identity_test

import (
	"context"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/audit"
	"gongdi/service/identity"
	"gongdi/service/store"
	"gongdi/service/store/dbtest"
	"gongdi/service/vault"
	"gongdi/service/wechat"
)

// platform takes a code for the openid or the number that it stands for.
type platform struct{}

func (platform) Login(_ context.Context, code string) (wechat.Session, error) {
	if code == "" {
		return wechat.Session{}, wechat.ErrCodeInvalid
	}
	return wechat.Session{OpenID: code}, nil
}

func (platform) Phone(_ context.Context, code string) (string, error) {
	if code == "" {
		return "", wechat.ErrPhoneCodeInvalid
	}
	return code, nil
}

// clock is moved by hand.
type clock struct {
	mu    sync.Mutex
	at    time.Time
	ticks time.Duration
}

// tick gives each line of the audit log an instant of its own.
func (c *clock) tick() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ticks += time.Millisecond
	return c.at.Add(c.ticks)
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

var (
	ctx    = context.Background()
	county = identity.Place{Code: "520523", Name: "金沙县"}
	street = identity.Place{Code: "520523001", Name: "鼓场街道"}
)

// bench is a service on a seeded database.
type bench struct {
	*identity.Service
	*clock
	t  *testing.T
	db *store.DB
}

func each(t *testing.T, test func(t *testing.T, b *bench)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		b := &bench{t: t, db: db, clock: &clock{at: time.Date(2026, 9, 18, 8, 0, 0, 0, time.UTC)}}
		b.Service = b.replica(filepath.Join(t.TempDir(), "data.key"))
		b.must(b.SeedAreas(ctx, county, street))
		test(t, b)
	})
}

func (b *bench) replica(keyFile string) *identity.Service {
	b.t.Helper()
	v, err := vault.Open(keyFile, true)
	b.must(err)
	return b.another(v)
}

// another is a second process on the same database.
func (b *bench) another(v *vault.Vault) *identity.Service {
	return &identity.Service{
		DB: b.db, Vault: v, Audit: &audit.Log{DB: b.db, Vault: v, Now: b.tick}, Platform: platform{}, AppID: "wx0", Now: b.now,
		Cost: identity.Cost{MemoryKiB: 8, Passes: 1, Lanes: 1},
	}
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) resident(openID string) (identity.Pass, model.Resident) {
	b.t.Helper()
	pass, resident, err := b.EnterWechat(ctx, openID, "手机")
	b.must(err)
	return pass, resident
}

const password = "Correct-horse-7"

func (b *bench) account(username string, role model.Role) identity.Account {
	b.t.Helper()
	account, err := b.CreateStaff(ctx, identity.Console, identity.NewStaff{
		Username: username, Role: role, AreaCode: street.Code, Name: "赵测试", Password: password,
	})
	b.must(err)
	return account
}

func (b *bench) enter(username, password string) (identity.Pass, error) {
	pass, _, err := b.EnterStaff(ctx, identity.Credentials{Username: username, Password: password}, "电脑")
	return pass, err
}

func (b *bench) staff(username string) (identity.Pass, model.Caller) {
	b.t.Helper()
	pass, err := b.enter(username, password)
	b.must(err)
	caller, err := b.Who(ctx, pass.Token)
	b.must(err)
	return pass, caller
}

func (b *bench) count(query string, args ...any) int64 {
	b.t.Helper()
	var n int64
	b.must(b.db.Read(ctx).Raw(query, args...).Scan(&n).Error)
	return n
}

func (b *bench) exec(query string, args ...any) {
	b.t.Helper()
	b.must(store.Tx(ctx, b.db, func(tx *gorm.DB) error { return tx.Exec(query, args...).Error }))
}

// actions lists what the audit log holds, oldest first.
func (b *bench) actions() string {
	b.t.Helper()
	lines, _, err := b.Audit.Lines(ctx, model.Caller{Kind: model.StaffSession, AreaCode: county.Code}, audit.Filter{Limit: 1000})
	b.must(err)
	var out []string
	for _, line := range lines {
		word := line.Action
		if line.Code != "" {
			word += "=" + line.Code
		}
		out = append([]string{word}, out...)
	}
	return strings.Join(out, " ")
}
