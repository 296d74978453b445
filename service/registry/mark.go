package registry

import (
	"context"
	"fmt"
	"io"

	"gongdi/service/roster"
)

// Mark writes a copy of a list with the findings in it marked. It stores
// nothing, and knows only what the list itself shows.
func (s *Service) Mark(ctx context.Context, src io.ReaderAt, size int64, o ImportOptions, w io.Writer) error {
	report, err := roster.Read(ctx, src, size, s.reading(o), func(roster.Row) error { return nil })
	if err != nil {
		return fmt.Errorf("read a list: %w", err)
	}
	if err := roster.Mark(ctx, src, size, append(report.Errors, report.Warnings...), w); err != nil {
		return fmt.Errorf("mark a list: %w", err)
	}
	return nil
}
