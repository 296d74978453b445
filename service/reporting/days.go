package reporting

import (
	"context"
	"encoding/json"
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/store"
)

const (
	areasWithout = `SELECT a.* FROM areas a WHERE NOT EXISTS (SELECT 1 FROM overview_days d WHERE d.area_code = a.code AND d.day = ?) ORDER BY a.code LIMIT 200`
	daysOf       = "SELECT * FROM overview_days WHERE area_code = ? AND day >= ? AND day <= ? ORDER BY day LIMIT 400"
)

// KeepDay keeps, once a day and for every area, what its figures were when the
// day before ended; first it reckons them anew from the rows, so that no slip
// lasts longer than a day. Every replica may do it: the first to keep an area's
// day has kept it.
func (s *Service) KeepDay(ctx context.Context) error {
	day := quantity.DateOf(s.now()).AddDays(-1)
	s.daily.Lock()
	defer s.daily.Unlock()
	if s.kept == day {
		return nil
	}
	for first := true; ; first = false {
		var areas []model.Area
		if err := s.DB.Read(ctx).Raw(areasWithout, day).Scan(&areas).Error; err != nil {
			return fmt.Errorf("find areas whose day is not kept: %w", err)
		}
		if len(areas) == 0 {
			s.kept = day
			return nil
		}
		if first {
			if err := s.Rebuild(ctx); err != nil {
				return err
			}
		}
		for _, a := range areas {
			if err := s.keepDay(ctx, a.Code, day); err != nil {
				return err
			}
		}
	}
}

func (s *Service) keepDay(ctx context.Context, area string, day quantity.Date) error {
	now := s.now()
	sums, err := s.sums(ctx, area, now)
	if err != nil {
		return err
	}
	return s.KeepSums(ctx, area, day, sums)
}

// KeepSums keeps the figures of an area for a day that has none yet.
func (s *Service) KeepSums(ctx context.Context, area string, day quantity.Date, sums *Sums) error {
	text, err := json.Marshal(sums)
	if err != nil {
		return fmt.Errorf("keep the day of area %s: %w", area, err)
	}
	row := model.OverviewDay{AreaCode: area, Day: day, Figures: string(text), At: s.now()}
	err = store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		return tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error
	})
	if err != nil {
		return fmt.Errorf("keep the day of area %s: %w", area, err)
	}
	return nil
}

// Kept are the figures of an area as they were at the end of a day.
type Kept struct {
	Day quantity.Date
	Sums
}

// Days reads the figures of an area, day by day, a year at most.
func (s *Service) Days(ctx context.Context, area string, from, until quantity.Date) ([]Kept, error) {
	var rows []model.OverviewDay
	if err := s.DB.Read(ctx).Raw(daysOf, area, from, until).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the days of area %s: %w", area, err)
	}
	out := make([]Kept, len(rows))
	for i, r := range rows {
		out[i].Day = r.Day
		if err := json.Unmarshal([]byte(r.Figures), &out[i].Sums); err != nil {
			return nil, fmt.Errorf("read the day %s of area %s: %w", r.Day, area, err)
		}
	}
	return out, nil
}
