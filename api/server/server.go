// Package server puts the services and the routes together. It is the one
// place that knows all of them.
package server

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"gongdi/api"
	"gongdi/api/public"
	"gongdi/api/resident"
	"gongdi/api/staff"
	"gongdi/config"
	"gongdi/service/audit"
	"gongdi/service/evidence"
	"gongdi/service/fault"
	"gongdi/service/files"
	"gongdi/service/identity"
	"gongdi/service/messages"
	"gongdi/service/registry"
	"gongdi/service/store"
	"gongdi/service/vault"
	"gongdi/service/voting"
)

// Version is what this program calls itself.
const Version = "0.1.0"

// Options are what a server stands on.
type Options struct {
	Settings config.Settings
	DB       *store.DB
	Vault    *vault.Vault
	Platform identity.Platform
	Limits   api.Limiter // nil for none
	Files    *files.Folder
	Now      func() time.Time
}

// Server answers requests, and carries the services for whoever works without one.
type Server struct {
	API      *api.API
	DB       *store.DB
	Audit    *audit.Log
	Identity *identity.Service
	Files    *files.Service
	Registry *registry.Service
	Voting   *voting.Service
	now      func() time.Time
}

// New wires a server. The database has been migrated and knows its areas.
func New(ctx context.Context, o Options) (*Server, error) {
	key, err := evidence.LoadKey(ctx, o.DB, o.Vault)
	if err != nil {
		return nil, err
	}
	_, street, err := config.Division(o.Settings.Area, 9)
	if err != nil {
		return nil, fmt.Errorf("the street's name: %w", err)
	}
	_, county, err := config.Division(o.Settings.County, 6)
	if err != nil {
		return nil, fmt.Errorf("the county's name: %w", err)
	}
	log := &audit.Log{DB: o.DB, Vault: o.Vault, Now: o.Now}
	s := &Server{DB: o.DB, Audit: log, now: o.Now}
	s.Identity = &identity.Service{
		DB: o.DB, Vault: o.Vault, Audit: log, Platform: o.Platform, AppID: o.Settings.Wechat.AppID, Now: o.Now,
		Office:       identity.Office{Name: county + street + "办事处", Contact: o.Settings.OfficeContact},
		StaffSession: o.Settings.StaffSession, StaffIdle: o.Settings.StaffIdle,
		RequireTOTP: o.Settings.StaffTOTP == config.TOTPRequired,
	}
	s.Registry = &registry.Service{
		DB: o.DB, Vault: o.Vault, Audit: log, Identity: s.Identity, Now: o.Now, BuiltUntil: o.Settings.BuiltUntil,
	}
	s.Voting = &voting.Service{
		DB: o.DB, Vault: o.Vault, Audit: log, Key: key, Now: o.Now,
		Terms: voting.Terms{NoticeDays: o.Settings.NoticeDays, CountingDays: o.Settings.CountingDays},
	}
	s.Files = &files.Service{DB: o.DB, Vault: o.Vault, Folder: o.Files, Now: o.Now, Drawing: make(chan struct{}, 2)}
	s.API, err = api.New(api.Options{
		Sessions: s.Identity, Ledger: log, Limits: o.Limits,
		TrustedProxies: o.Settings.TrustedProxies, Version: Version,
	})
	if err != nil {
		return nil, err
	}
	s.routes()
	return s, nil
}

func (s *Server) routes() {
	resident.Register(s.API, resident.Services{Identity: s.Identity, Files: s.Files, Messages: &messages.Service{DB: s.DB, Now: s.now}, Registry: s.Registry, Voting: s.Voting})
	staff.Register(s.API, staff.Services{Identity: s.Identity, Files: s.Files, Audit: s.Audit, Registry: s.Registry, Voting: s.Voting})
	public.Register(s.API, public.Services{Identity: s.Identity, Voting: s.Voting})
	s.API.Engine().GET("/healthz", func(c *gin.Context) { c.JSON(http.StatusOK, gin.H{"status": "ok"}) })
	s.API.Engine().GET("/readyz", s.ready)
}

var errNotReady = fault.New(fault.Unavailable, "not_ready", "系统正在准备，请稍候")

func (s *Server) ready(c *gin.Context) {
	ctx, cancel := context.WithTimeout(c.Request.Context(), 2*time.Second)
	defer cancel()
	if current, err := store.Current(ctx, s.DB); err != nil || !current {
		api.WriteFault(c, errNotReady)
		return
	}
	c.JSON(http.StatusOK, gin.H{"status": "ready"})
}

// Tend does what falls due by the clock, until ctx ends: it seals motions whose
// counting is over and forgets what has expired. Every replica may do it.
func (s *Server) Tend(ctx context.Context) {
	turn := time.NewTicker(10 * time.Second)
	defer turn.Stop()
	for {
		for name, work := range map[string]func(context.Context) error{
			"seal motions":   s.Voting.SealDue,
			"tend sessions":  s.Identity.Tend,
			"forget answers": s.forgetAnswers,
			"sweep uploads":  s.Files.Sweep,
		} {
			if err := work(ctx); err != nil && ctx.Err() == nil {
				slog.ErrorContext(ctx, "work of the clock failed", "work", name, "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-turn.C:
		}
	}
}

// answersKept is how long a phone may repeat a request.
const answersKept = 48 * time.Hour

func (s *Server) forgetAnswers(ctx context.Context) error {
	return store.ForgetKeys(ctx, s.DB, s.now().Add(-answersKept))
}
