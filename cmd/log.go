package cmd

import (
	"context"
	"fmt"
	"log/slog"
	"os"

	"gongdi/service/audit"
)

// startLog writes structured lines to standard error, each with the id of the
// request it belongs to.
func startLog(text string) error {
	var level slog.Level
	if err := level.UnmarshalText([]byte(text)); err != nil {
		return fmt.Errorf("GONGDI_LOG_LEVEL: %w", err)
	}
	slog.SetDefault(slog.New(requestLines{slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: level})}))
	return nil
}

type requestLines struct{ slog.Handler }

func (h requestLines) Handle(ctx context.Context, line slog.Record) error {
	if id := audit.RequestOf(ctx); id != "" {
		line.AddAttrs(slog.String("request_id", id))
	}
	return h.Handler.Handle(ctx, line)
}

func (h requestLines) WithAttrs(attrs []slog.Attr) slog.Handler {
	return requestLines{h.Handler.WithAttrs(attrs)}
}

func (h requestLines) WithGroup(name string) slog.Handler {
	return requestLines{h.Handler.WithGroup(name)}
}
