package cmd

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"gongdi/config"
	"gongdi/service/store"
)

// awaitSchema answers on the listener, alive and never ready, until somebody
// has migrated the database or ctx ends. It gives the listener back open.
func awaitSchema(ctx context.Context, settings config.Settings, listener net.Listener) error {
	db, err := store.Open(ctx, settings.Database)
	if err != nil {
		return err
	}
	migrated := func() bool {
		current, err := store.Current(ctx, db)
		return err == nil && current
	}
	if migrated() {
		return db.Close()
	}
	slog.WarnContext(ctx, "the database's schema is older than this program: run gongdi migrate")
	waiting := &http.Server{Handler: unready(), ReadHeaderTimeout: headerTimeout, MaxHeaderBytes: maxHeader}
	ended := make(chan error, 1)
	go func() { ended <- waiting.Serve(lent{listener}) }()
	turn := time.NewTicker(time.Second)
	defer turn.Stop()
	for ctx.Err() == nil && !migrated() {
		select {
		case <-turn.C:
		case <-ctx.Done():
		}
	}
	err = errors.Join(waiting.Shutdown(context.WithoutCancel(ctx)), db.Close())
	if served := <-ended; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return errors.Join(err, until(listener, time.Time{}))
}

func unready() http.Handler {
	pages := http.NewServeMux()
	answer := func(status int, kind, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			_, _ = w.Write([]byte(text)) // who has gone away needs no answer
		}
	}
	pages.HandleFunc("GET /healthz", answer(http.StatusOK, "application/json", `{"status":"ok"}`))
	pages.HandleFunc("/", answer(http.StatusServiceUnavailable, "application/problem+json",
		`{"type":"about:blank","title":"Service Unavailable","status":503,"detail":"系统正在准备，请稍候","code":"not_ready"}`))
	return pages
}

// lent is a listener that whoever closes it only stops listening on.
type lent struct{ net.Listener }

// Close ends the waiting for connections and keeps the address.
func (l lent) Close() error { return until(l.Listener, time.Now()) }

// until sets the instant at which a listener gives up waiting; the zero time is never.
func until(l net.Listener, at time.Time) error {
	timed, ok := l.(interface{ SetDeadline(time.Time) error })
	if !ok {
		return fmt.Errorf("a listener of %T has no deadline", l)
	}
	return timed.SetDeadline(at)
}
