package cmd

import (
	"context"
	"log/slog"
	"time"

	"gongdi/cmd/county"
	"gongdi/model/quantity"
)

// The demo's county has a second street, made up, with a year behind it.
const (
	pastEstates = 20
	pastHomes   = 80
	pastDays    = 365
	pastEvery   = 5 * time.Millisecond // between estates and days, so that the demo answers meanwhile
)

// remember gives the demo's county a year of history and an assessment of the
// last month, after it is ready. It ends with the context.
func (s *street) remember(ctx context.Context) {
	err := s.fillYear(ctx)
	if err == nil {
		err = s.assess(ctx)
	}
	if err != nil && ctx.Err() == nil {
		slog.ErrorContext(ctx, "the demo has no history", "error", err)
	}
}

func (s *street) fillYear(ctx context.Context) error {
	now := s.clock.now()
	history, err := county.Fill(ctx, s.db, county.Size{
		County: streetCode[:6], First: 2, Streets: 1, StreetName: "示例街道", Estates: pastEstates, Homes: pastHomes, Until: now, Seed: 2,
	}, func(int) { time.Sleep(pastEvery) })
	if err != nil {
		return err
	}
	if err := s.Reporting.Rebuild(ctx); err != nil { // what was made up changed in the past
		return err
	}
	today := quantity.DateOf(now)
	for ago := pastDays; ago > 0; ago-- {
		for _, area := range history.Areas() {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			day := today.AddDays(-ago)
			if ago > 1 || area != streetCode[:6] { // the county's yesterday holds the other street too
				if err := s.Reporting.KeepSums(ctx, area, day, history.On(area, day)); err != nil {
					return err
				}
			}
		}
		time.Sleep(pastEvery)
	}
	return nil
}
