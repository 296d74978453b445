package cmd

import (
	"context"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"gongdi/config"
	"gongdi/service/store"
)

func ask(t *testing.T, l net.Listener, path string) (status int, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "http://"+l.Addr().String()+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

func TestAnOlderSchemaIsNeverReadyAndWaitedFor(t *testing.T) {
	ctx := context.Background()
	settings := config.Settings{Database: "sqlite:" + filepath.Join(t.TempDir(), "old.db")}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	ended := make(chan error, 1)
	go func() { ended <- awaitSchema(ctx, settings, listener) }()
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 503, "/api/v1/motions": 503} {
		if status, body := ask(t, listener, path); status != want {
			t.Errorf("%s: %d %s, want %d", path, status, body, want)
		}
	}
	db, err := store.Open(ctx, settings.Database)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Migrate(ctx, db); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-ended:
		if err != nil {
			t.Fatal(err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("it waits on a schema that is current")
	}
	served := &http.Server{Handler: http.NotFoundHandler(), ReadHeaderTimeout: time.Second}
	go func() { _ = served.Serve(listener) }()
	defer served.Close()
	http.DefaultClient.CloseIdleConnections()
	if status, _ := ask(t, listener, "/"); status != 404 {
		t.Errorf("the address is not given back: %d", status)
	}
}
