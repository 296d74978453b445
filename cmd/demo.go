package cmd

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"gongdi/config"
	"gongdi/service/identity"
	"gongdi/service/wechat/standin"
)

type demoCommand struct {
	Listen string `help:"Address of the API; a busy port is replaced by a free one." default:"127.0.0.1:8080"`
}

// Help shows an example.
func (demoCommand) Help() string {
	return "Example:\n  go run . demo\n\nEverything lies in a temporary folder and is gone when the demo ends."
}

// Run seeds a street and serves it until the context ends.
func (c demoCommand) Run(s *surroundings) (err error) {
	if err := startLog("error"); err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "gongdi-demo")
	if err != nil {
		return fmt.Errorf("make the demo's folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	platform, platformAddress, stop, err := playPlatform(s)
	if err != nil {
		return err
	}
	defer stop()
	clock := &clock{now: s.now}
	settings := demoSettings(folder, platformAddress)
	h, err := open(s, settings, true, clock.read)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	h.Identity.Cost = identity.Cost{MemoryKiB: 8 << 10, Passes: 1, Lanes: 1} // the passwords are printed below
	if err := h.db.Hasten(s); err != nil {
		return err
	}
	street := &street{house: h, platform: platform, clock: clock}
	if err := street.settle(s); err != nil {
		return fmt.Errorf("seed the demo: %w", explained(err))
	}
	listener, err := listenNear(s, c.Listen)
	if err != nil {
		return err
	}
	office := "http://" + listener.Addr().String()
	h.Safety.Public = office
	platform.PushOnceThere(office + pushPath)
	if err := street.greet(s.out, listener.Addr().String(), platformAddress); err != nil {
		return err
	}
	past, forget := context.WithCancel(s)
	remembered := make(chan struct{})
	go func() {
		defer close(remembered)
		street.remember(past)
	}()
	err = serve(s, h, listener, settings)
	forget()
	<-remembered
	return err
}

func demoSettings(folder, platform string) config.Settings {
	return config.Settings{
		Env: config.Development, Database: "sqlite:" + filepath.Join(folder, "gongdi.db"), DataKeyFile: filepath.Join(folder, "data.key"), Files: "file:" + filepath.Join(folder, "files"),
		Area: "520523001 鼓场街道", County: "520523 金沙县", RateLimit: 50, StaffTOTP: config.TOTPOptional,
		StaffSession: 12 * time.Hour, StaffIdle: 12 * time.Hour, NoticeDays: 15, CountingDays: 3, BuiltUntil: 2000,
		Wechat: config.Wechat{AppID: "wx-demo", Secret: "demo", Token: "demo", AESKey: demoAESKey, BaseURL: platform},
	}
}

// demoAESKey opens what the demo's own platform pushes.
const demoAESKey = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY" //nolint:gosec // of a platform that lives as long as the demo

// playPlatform serves the stand-in for WeChat beside the demo.
func playPlatform(s *surroundings) (*standin.Platform, string, func(), error) {
	platform := standin.New(standin.Config{AppID: "wx-demo", Secret: "demo", Token: "demo", AESKey: demoAESKey, Now: s.now})
	listener, err := (&net.ListenConfig{}).Listen(s, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", nil, fmt.Errorf("listen: %w", err)
	}
	server := &http.Server{Handler: platform, ReadHeaderTimeout: headerTimeout}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			slog.Error("the stand-in ended", "error", err)
		}
	}()
	stop := func() {
		if err := server.Close(); err != nil {
			slog.Error("the stand-in did not close", "error", err)
		}
		<-done
		platform.Close()
	}
	return platform, "http://" + listener.Addr().String(), stop, nil
}

// listenNear takes the address, or any free port of its host when it is busy.
func listenNear(ctx context.Context, address string) (net.Listener, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err == nil {
		return listener, nil
	}
	host, _, splitErr := net.SplitHostPort(address)
	if splitErr != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	return (&net.ListenConfig{}).Listen(ctx, "tcp", net.JoinHostPort(host, "0"))
}

// clock can be turned back, so that a demo has a past.
type clock struct {
	now  func() time.Time
	back atomic.Int64 // nanoseconds
}

func (c *clock) read() time.Time { return c.now().Add(-time.Duration(c.back.Load())) }

// daysAgo turns the clock to so many days ago; a negative number is ahead.
func (c *clock) daysAgo(days float64) { c.back.Store(int64(days * 24 * float64(time.Hour))) }
