package identity_test

import (
	"path/filepath"
	"testing"
	"time"

	"gongdi/service/audit"
	"gongdi/service/identity"
	"gongdi/service/store/dbtest"
	"gongdi/service/vault"
)

func BenchmarkWho(b *testing.B) {
	v, err := vault.Open(filepath.Join(b.TempDir(), "data.key"), true)
	if err != nil {
		b.Fatal(err)
	}
	at, step := time.Date(2026, 9, 18, 8, 0, 0, 0, time.UTC), time.Duration(0)
	now := func() time.Time { at = at.Add(step); return at }
	db := dbtest.SQLite(b)
	s := &identity.Service{DB: db, Vault: v, Audit: &audit.Log{DB: db, Vault: v, Now: now}, Platform: platform{}, Now: now}
	pass, _, err := s.EnterWechat(ctx, "openid-1", "")
	if err != nil {
		b.Fatal(err)
	}
	for name, pause := range map[string]time.Duration{"asked a moment ago": 0, "asked anew": 2 * time.Second} {
		b.Run(name, func(b *testing.B) {
			step = pause
			for b.Loop() {
				if at.Sub(pass.Session.CreatedAt) > 24*time.Hour {
					at = pass.Session.CreatedAt
				}
				if _, err := s.Who(ctx, pass.Token); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
