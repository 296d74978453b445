package cmd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"

	"gongdi/config"
	"gongdi/service/wechat/standin"
)

type standinCommand struct {
	Listen string `help:"Loopback address to serve on." default:"127.0.0.1:8090"`
	Push   string `help:"Address of the office, http://HOST:PORT, that verdicts on pictures are pushed to; asked once it serves. GONGDI_PUBLIC_URL unless given."`
}

// Help shows an example.
func (standinCommand) Help() string {
	return "Example:\n  gongdi wechat-standin --listen 127.0.0.1:8090\n  GONGDI_WECHAT_BASE_URL=http://127.0.0.1:8090 gongdi serve\n\nIt takes appid, secret, token and AES key from GONGDI_WECHAT_*."
}

var errNotLoopback = errors.New("the stand-in serves on a loopback address only")

// Run serves until the context ends.
func (c standinCommand) Run(s *surroundings) error {
	settings, err := s.settings()
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(s, "tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	if address, ok := listener.Addr().(*net.TCPAddr); !ok || !address.IP.IsLoopback() {
		return errors.Join(errNotLoopback, listener.Close())
	}
	if _, err := fmt.Fprintf(s.out, "WeChat stand-in on http://%s\n", listener.Addr()); err != nil {
		return err
	}
	platform := newStandin(settings, s)
	defer platform.Close()
	if office := cmp.Or(c.Push, settings.PublicURL); office != "" {
		platform.PushOnceThere(strings.TrimSuffix(office, "/") + pushPath)
	}
	return serveUntil(s, &http.Server{Handler: platform, ReadHeaderTimeout: headerTimeout}, listener)
}

// pushPath is where the office listens for what the platform pushes.
const pushPath = "/api/v1/public/wechat/push"

func newStandin(settings config.Settings, s *surroundings) *standin.Platform {
	return standin.New(standin.Config{
		AppID: settings.Wechat.AppID, Secret: settings.Wechat.Secret, Token: settings.Wechat.Token,
		AESKey: settings.Wechat.AESKey, Now: s.now,
	})
}

// serveUntil serves until ctx ends, then lets the requests under way finish.
func serveUntil(ctx context.Context, server *http.Server, listener net.Listener) error {
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), graceful)
	defer cancel()
	if err := server.Shutdown(closing); err != nil {
		return err
	}
	if err := <-done; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
