package cmd

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
	"golang.org/x/net/netutil"

	"gongdi/config"
)

type serveCommand struct {
	NoMigrate bool `help:"Do not migrate first; never ready on an older schema."`
}

// Help shows an example.
func (serveCommand) Help() string {
	return "Example:\n  GONGDI_LISTEN=127.0.0.1:8080 gongdi serve\n\nSIGTERM finishes the requests under way and exits 0."
}

// Run serves until the context ends.
func (c serveCommand) Run(s *surroundings) error {
	settings, err := s.settings()
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(s, "tcp", settings.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	if c.NoMigrate {
		if err := awaitSchema(s, settings, listener); err != nil || s.Err() != nil {
			return errors.Join(err, listener.Close())
		}
	}
	h, err := open(s, settings, !c.NoMigrate, s.now)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	slog.InfoContext(s, "serving", "address", listener.Addr().String())
	return errors.Join(serve(s, h, listener, settings), h.close())
}

// Limits of one process: enough for an estate's evening, and no more than a
// small server can hold.
const (
	maxConnections = 2048
	headerTimeout  = 5 * time.Second
	readTimeout    = time.Minute
	writeTimeout   = 2 * time.Minute
	idleTimeout    = 2 * time.Minute
	maxHeader      = 32 << 10
	graceful       = 30 * time.Second
)

// serve answers until ctx ends, then lets the requests under way finish.
func serve(ctx context.Context, h *house, listener net.Listener, settings config.Settings) error {
	main := &http.Server{
		Handler: h.API.Handler(), ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout,
		WriteTimeout: writeTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
		ErrorLog: slog.NewLogLogger(slog.Default().Handler(), slog.LevelDebug),
	}
	working, stop := context.WithCancel(context.WithoutCancel(ctx))
	var background sync.WaitGroup
	background.Go(func() { h.Tend(working) })
	background.Go(func() { h.Check(working) })
	failed := make(chan error, 2)
	background.Go(func() { failed <- main.Serve(netutil.LimitListener(listener, maxConnections)) })
	metrics, err := serveMetrics(ctx, settings.MetricsListen, failed, &background)
	if err == nil {
		select {
		case <-ctx.Done():
		case err = <-failed:
		}
	}
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), graceful)
	defer cancel()
	err = errors.Join(err, main.Shutdown(closing), metrics.Shutdown(closing))
	stop()
	background.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// serveMetrics answers Prometheus on an address of its own, when one is set.
func serveMetrics(ctx context.Context, address string, failed chan<- error, background *sync.WaitGroup) (*http.Server, error) {
	s := &http.Server{Handler: promhttp.Handler(), ReadHeaderTimeout: headerTimeout}
	if address == "" {
		return s, nil
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return s, fmt.Errorf("listen for metrics: %w", err)
	}
	background.Go(func() { failed <- s.Serve(listener) })
	return s, nil
}
