// Package server puts the services and the routes together. It is the one
// place that knows all of them.
package server

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"gongdi/api"
	"gongdi/api/public"
	"gongdi/api/resident"
	"gongdi/api/staff"
	"gongdi/config"
	"gongdi/model"
	"gongdi/service/assessment"
	"gongdi/service/audit"
	"gongdi/service/calendar"
	"gongdi/service/complaints"
	"gongdi/service/doorcode"
	"gongdi/service/evidence"
	"gongdi/service/exports"
	"gongdi/service/fault"
	"gongdi/service/files"
	"gongdi/service/forms"
	"gongdi/service/funds"
	"gongdi/service/identity"
	"gongdi/service/jobs"
	"gongdi/service/keeping"
	"gongdi/service/lifts"
	"gongdi/service/messages"
	"gongdi/service/notices"
	"gongdi/service/projects"
	"gongdi/service/registry"
	"gongdi/service/reporting"
	"gongdi/service/safety"
	"gongdi/service/schemes"
	"gongdi/service/search"
	"gongdi/service/store"
	"gongdi/service/surveys"
	"gongdi/service/vault"
	"gongdi/service/voting"
	"gongdi/service/wechat"
)

// Version is what this program calls itself.
const Version = "0.1.0"

// Options are what a server stands on.
type Options struct {
	Settings config.Settings
	DB       *store.DB
	Vault    *vault.Vault
	Platform Platform
	Limits   api.Limiter // nil for none
	Files    files.Place
	Now      func() time.Time
}

// Platform is the mini-program platform, as far as the product calls it.
type Platform interface {
	identity.Platform
	messages.Notifier
	doorcode.Platform
	safety.Judge
}

// Server answers requests, and carries the services for whoever works without one.
type Server struct {
	API        *api.API
	DB         *store.DB
	Audit      *audit.Log
	Identity   *identity.Service
	Files      *files.Service
	Registry   *registry.Service
	Voting     *voting.Service
	Keeping    *keeping.Service
	Calendar   *calendar.Service
	Notices    *notices.Service
	Complaints *complaints.Service
	Surveys    *surveys.Service
	Assessment *assessment.Service
	Messages   *messages.Service
	Codes      *doorcode.Service
	Safety     *safety.Service
	Desk       *wechat.Desk
	keys       *vault.Vault
	now        func() time.Time
	Lifts      *lifts.Service
	Funds      *funds.Service
	Reporting  *reporting.Service
	Projects   *projects.Service
	Forms      *forms.Service
	Schemes    *schemes.Service
	Jobs       *jobs.Service
	Search     *search.Service
}

// New wires a server. The database has been migrated and knows its areas.
func New(ctx context.Context, o Options) (*Server, error) {
	key, err := evidence.LoadKey(ctx, o.DB, o.Vault)
	if err != nil {
		return nil, err
	}
	streetCode, street, err := config.Division(o.Settings.Area, 9)
	if err != nil {
		return nil, fmt.Errorf("the street's name: %w", err)
	}
	_, county, err := config.Division(o.Settings.County, 6)
	if err != nil {
		return nil, fmt.Errorf("the county's name: %w", err)
	}
	log := &audit.Log{DB: o.DB, Vault: o.Vault, Now: o.Now}
	s := &Server{DB: o.DB, Audit: log, keys: o.Vault, now: o.Now}
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
		Terms:      voting.Terms{NoticeDays: o.Settings.NoticeDays, CountingDays: o.Settings.CountingDays, Principals: o.Settings.Principals},
		Objections: notices.Unsettled,
	}
	s.Codes = &doorcode.Service{DB: o.DB, Public: o.Settings.PublicURL, Platform: o.Platform, Now: o.Now}
	if s.Messages, err = inboxes(o); err != nil {
		return nil, err
	}
	s.Files = &files.Service{DB: o.DB, Vault: o.Vault, Place: o.Files, Now: o.Now, Drawing: make(chan struct{}, 2)}
	s.Safety = &safety.Service{
		DB: o.DB, Vault: o.Vault, Audit: log, Files: s.Files, Judge: o.Platform, AppID: o.Settings.Wechat.AppID, Public: o.Settings.PublicURL, Now: o.Now,
	}
	s.Desk = &wechat.Desk{AppID: o.Settings.Wechat.AppID, Token: o.Settings.Wechat.Token, AESKey: o.Settings.Wechat.AESKey, Now: o.Now}
	s.Notices = &notices.Service{DB: o.DB, Vault: o.Vault, Audit: log, Safety: s.Safety, Now: o.Now, Least: o.Settings.PublicityDays, AnswerDays: o.Settings.ObjectionDays}
	if err := notices.CheckLeast(o.Settings.PublicityDays); err != nil {
		return nil, fmt.Errorf("GONGDI_PUBLICITY_DAYS: %w", err)
	}
	for _, kind := range o.Settings.NoticeReview {
		known, there := model.NoticeKinds[kind]
		if !there {
			return nil, fmt.Errorf("GONGDI_NOTICE_REVIEW: there is no kind %q", kind)
		}
		s.Notices.Reviewed = append(s.Notices.Reviewed, known)
	}
	s.Complaints = &complaints.Service{DB: o.DB, Vault: o.Vault, Audit: log, Now: o.Now, Street: streetCode}
	s.Surveys = &surveys.Service{DB: o.DB, Vault: o.Vault, Audit: log, Now: o.Now}
	s.Forms = forms.Tie(o.DB, s.Voting, s.Surveys)
	s.Assessment = &assessment.Service{DB: o.DB, Vault: o.Vault, Audit: log, Complaints: s.Complaints, Surveys: s.Surveys, Now: o.Now}
	s.Calendar = &calendar.Service{DB: o.DB, Audit: log, Changed: []calendar.Recompute{s.Notices.Recompute, s.Complaints.Recompute}}
	s.Lifts = &lifts.Service{DB: o.DB, Vault: o.Vault, Audit: log, Key: key, Now: o.Now, ObjectionsPass: o.Settings.LiftObjectionsPass}
	s.Funds = &funds.Service{DB: o.DB, Vault: o.Vault, Audit: log, Lifts: s.Lifts, Now: o.Now}
	s.Projects = &projects.Service{
		DB: o.DB, Vault: o.Vault, Audit: log, Surveys: s.Surveys, Now: o.Now, BuiltUntil: o.Settings.BuiltUntil, StrongCases: o.Settings.StrongCases,
		Office: street + "办事处", County: county,
	}
	s.Schemes = &schemes.Service{DB: o.DB, Audit: log, Voting: s.Voting, Notices: s.Notices, Surveys: s.Surveys, Now: o.Now}
	s.Reporting = &reporting.Service{
		DB: o.DB, Vault: o.Vault, Audit: log, Voting: s.Voting, Complaints: s.Complaints, Surveys: s.Surveys, Funds: s.Funds, Projects: s.Projects, Schemes: s.Schemes, Safety: s.Safety, Now: o.Now,
	}
	s.Search = &search.Service{DB: o.DB, Registry: s.Registry, Complaints: s.Complaints}
	s.Jobs = &jobs.Service{DB: o.DB, Vault: o.Vault, Audit: log, Files: s.Files, Now: o.Now}
	(&exports.Service{Identity: s.Identity, Registry: s.Registry, Voting: s.Voting, Complaints: s.Complaints, Surveys: s.Surveys, Funds: s.Funds}).Offer(s.Jobs)
	s.Reporting.Offer(s.Jobs)
	if err := s.Lifts.Seed(ctx); err != nil {
		return nil, err
	}
	if err := s.Calendar.Seed(ctx); err != nil {
		return nil, err
	}
	s.Keeping = &keeping.Service{DB: o.DB, Vault: o.Vault, Audit: log, Now: o.Now, Retention: time.Duration(o.Settings.RetentionDays) * 24 * time.Hour}
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

// inboxes reads which kinds of news the mini-program's account has a template
// for, and when no phone rings.
func inboxes(o Options) (*messages.Service, error) {
	w := o.Settings.Wechat
	templates, err := messages.ReadTemplates(w.Templates, w.BaseURL != "")
	if err != nil {
		return nil, err
	}
	quiet, err := messages.ReadQuiet(w.Quiet, w.BaseURL != "")
	if err != nil {
		return nil, err
	}
	return &messages.Service{DB: o.DB, Now: o.Now, AppID: w.AppID, Platform: o.Platform, Templates: templates, Quiet: quiet}, nil
}

func (s *Server) routes() {
	resident.Register(s.API, resident.Services{
		Identity: s.Identity, Files: s.Files, Messages: s.Messages, Registry: s.Registry,
		Voting: s.Voting, Keeping: s.Keeping, Notices: s.Notices, Complaints: s.Complaints,
		Lifts: s.Lifts, Funds: s.Funds, Surveys: s.Surveys, Forms: s.Forms,
		Schemes: s.Schemes, Projects: s.Projects,
	})
	staff.Register(s.API, staff.Services{
		Identity: s.Identity, Files: s.Files, Audit: s.Audit, Registry: s.Registry,
		Voting: s.Voting, Keeping: s.Keeping, Calendar: s.Calendar, Notices: s.Notices,
		Complaints: s.Complaints, Messages: s.Messages, Codes: s.Codes, Safety: s.Safety,
		Lifts: s.Lifts, Funds: s.Funds, Surveys: s.Surveys, Reporting: s.Reporting,
		Projects: s.Projects, Forms: s.Forms, Schemes: s.Schemes, Assessment: s.Assessment,
		Jobs: s.Jobs, Search: s.Search,
	})
	public.Register(s.API, public.Services{
		Identity: s.Identity, Voting: s.Voting, Safety: s.Safety, Codes: s.Codes,
		Desk: s.Desk, Hear: s.hear, Surveys: s.Surveys,
	})
	s.API.Engine().GET("/healthz", func(c *gin.Context) { c.JSON(http.StatusOK, gin.H{"status": "ok"}) })
	s.API.Engine().GET("/readyz", s.ready)
	s.API.Engine().GET("/d/:scene", s.door)
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
// counting is over, forgets what has expired, and beside that empties the
// outbox and reads the keys, so that slow work holds neither up. Every replica may do it.
func (s *Server) Tend(ctx context.Context) {
	var beside sync.WaitGroup
	beside.Go(func() { s.Messages.Work(ctx) })
	beside.Go(func() { s.readKeys(ctx) })
	beside.Go(func() { s.Jobs.Work(ctx) })
	defer beside.Wait()
	turn := time.NewTicker(10 * time.Second)
	defer turn.Stop()
	for {
		for name, work := range map[string]func(context.Context) error{
			"seal motions":    s.Voting.SealDue,
			"tend sessions":   s.Identity.Tend,
			"forget answers":  s.forgetAnswers,
			"end terms":       s.Registry.EndExpired,
			"key last fours":  s.Registry.KeyEnds,
			"tell audiences":  s.Notices.Deliver,
			"tell of surveys": s.Surveys.Deliver,
			"keep figures":    s.Surveys.CatchUp,
			"remind voters":   s.Voting.Remind,
			"cases":           s.Complaints.Tick,
			"erase":           s.Keeping.Erase,
			"keep the day":    s.Reporting.KeepDay,
			"sweep uploads":   s.Files.Sweep,
			"expire exports":  s.Jobs.Expire,
			"forget events":   s.Safety.Forget,
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

// readKeys takes up keys that were added to the key file, however long other
// work takes: whoever changes the key waits twice this long.
func (s *Server) readKeys(ctx context.Context) {
	turn := time.NewTicker(5 * time.Second)
	defer turn.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-turn.C:
			if err := s.keys.Refresh(); err != nil {
				slog.ErrorContext(ctx, "work of the clock failed", "work", "read the keys", "error", err)
			}
		}
	}
}

// hear takes what the platform tells; what concerns nobody here is let pass, so
// that it is not told again.
func (s *Server) hear(ctx context.Context, e wechat.Event) error {
	if e.Name == wechat.MediaChecked {
		return s.Safety.Take(ctx, e)
	}
	if len(e.Items) == 0 {
		slog.DebugContext(ctx, "the platform told of something else", "event", e.Name)
		return nil
	}
	told := messages.Event{Name: e.Name, OpenID: e.From, At: e.At}
	for _, item := range e.Items {
		told.Items = append(told.Items, messages.EventItem(item))
	}
	return s.Messages.Heed(ctx, told)
}

// checkEvery is how soon what somebody wrote is put to the platform.
const checkEvery = 2 * time.Second

// Check has what residents wrote judged, until ctx ends. It is apart from Tend,
// because it waits for the platform. Every replica may do it.
func (s *Server) Check(ctx context.Context) {
	turn := time.NewTicker(checkEvery)
	defer turn.Stop()
	for earlier := false; ; {
		if !earlier {
			err := s.Notices.CheckEarlier(ctx)
			if earlier = err == nil; !earlier && ctx.Err() == nil {
				slog.ErrorContext(ctx, "what was written before there were checks is not put to one", "error", err)
			}
		}
		if err := s.Safety.Work(ctx); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "checks of content failed", "error", err)
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
