// Package calendar keeps the holidays of each year, by the State Council's
// notices, and reckons periods over them.
package calendar

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"

	"github.com/6tail/lunar-go/HolidayUtil"
	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/term"
	"gongdi/service/audit"
	"gongdi/service/fault"
	"gongdi/service/store"
)

// Service answers when periods end.
type Service struct {
	DB    *store.DB
	Audit *audit.Log
	// Changed recomputes what was reckoned as an estimate, in the transaction
	// that changes the calendar.
	Changed []Recompute
}

// Recompute reckons something anew over a changed calendar.
type Recompute func(ctx context.Context, tx *gorm.DB, c term.Calendar) error

// What is refused of a notice.
var (
	ErrUnreadable = fault.New(fault.Invalid, "holidays_unreadable", "不能读取这份节假日文件，应为 {year, days:[{name, date, isOffDay}]} 的 JSON")
	ErrNoYear     = fault.New(fault.Invalid, "holidays_no_year", "文件没有写明年份，或没有列出任何一天")
	ErrWrongDay   = fault.New(fault.Invalid, "holidays_wrong_day", "有的日期不存在、重复，或不属于这一年的通知")
)

const holidaysFrom = "SELECT * FROM holidays WHERE notice_year >= ? ORDER BY day"

// Of reads the calendar from the year of a day on. A day may be named by the
// notice of the year before or after its own.
func Of(tx *gorm.DB, from quantity.Date) (term.Calendar, error) {
	year, err := strconv.Atoi(string(from[:4]))
	if err != nil {
		return term.Calendar{}, fmt.Errorf("read the year of %s: %w", from, err)
	}
	var rows []model.Holiday
	if err := tx.Raw(holidaysFrom, year-1).Scan(&rows).Error; err != nil {
		return term.Calendar{}, fmt.Errorf("read the holidays: %w", err)
	}
	notices := map[int][]term.Day{}
	for _, h := range rows {
		notices[h.NoticeYear] = append(notices[h.NoticeYear], term.Day{Date: h.Day, Off: h.Off})
	}
	return term.NewCalendar(notices), nil
}

// WorkingDays is the last of n working days after a day.
func (s *Service) WorkingDays(ctx context.Context, from quantity.Date, n int) (term.End, error) {
	c, err := Of(s.DB.Read(ctx), from)
	return c.WorkingDays(from, n), err
}

// PublicityEnd is the last day of a publicity period that begins on a day.
func (s *Service) PublicityEnd(ctx context.Context, from quantity.Date, days int) (term.End, error) {
	c, err := Of(s.DB.Read(ctx), from)
	return c.PublicityEnd(from, days), err
}

// firstYear is the earliest that the office's periods reach into.
const firstYear = 2021

// Seed fills in the years that a maintained library knows and the table does
// not; what the office has uploaded stays.
func (s *Service) Seed(ctx context.Context) error {
	var years []int
	if err := s.DB.Read(ctx).Raw("SELECT DISTINCT notice_year FROM holidays").Scan(&years).Error; err != nil {
		return fmt.Errorf("read the years of the calendar: %w", err)
	}
	var rows []model.Holiday
	for year := firstYear; ; year++ {
		days := published(year)
		if len(days) == 0 {
			break
		}
		if !slices.Contains(years, year) {
			rows = append(rows, days...)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	err := store.Tx(ctx, s.DB, func(tx *gorm.DB) error { return tx.CreateInBatches(rows, 200).Error })
	if errors.Is(err, gorm.ErrDuplicatedKey) { // another replica came first
		return nil
	}
	if err != nil {
		return fmt.Errorf("seed the calendar: %w", err)
	}
	return nil
}

func published(year int) []model.Holiday {
	var days []model.Holiday
	for e := HolidayUtil.GetHolidaysByYear(year).Front(); e != nil; e = e.Next() {
		if h, ok := e.Value.(*HolidayUtil.Holiday); ok {
			days = append(days, model.Holiday{Day: quantity.Date(h.GetDay()), NoticeYear: year, Name: h.GetName(), Off: !h.IsWork()})
		}
	}
	return days
}

// Change is what a notice changed.
type Change struct {
	Year                    int
	Added, Changed, Removed []model.Holiday
}

// largestNotice is far above a year's, in bytes.
const largestNotice = 1 << 20

// Publish takes a year's notice: what it does not list follows the week again.
// It is in effect at once, and what was an estimate is reckoned anew.
func (s *Service) Publish(ctx context.Context, caller model.Caller, from io.Reader) (Change, error) {
	year, days, err := read(from)
	if err != nil {
		return Change{}, err
	}
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (Change, error) {
		change, err := replace(tx, year, days)
		if err != nil {
			return Change{}, err
		}
		c, err := Of(tx, quantity.Date(fmt.Sprintf("%04d-01-01", firstYear)))
		if err != nil {
			return Change{}, err
		}
		for _, recompute := range s.Changed {
			if err := recompute(ctx, tx, c); err != nil {
				return Change{}, err
			}
		}
		return change, s.Audit.Record(ctx, tx, audit.Entry{
			Actor: caller, Right: model.EditCalendar, Verb: "publish", ObjectType: "calendar", ObjectID: strconv.Itoa(year), AreaCode: caller.AreaCode,
		})
	})
}

func read(from io.Reader) (int, []model.Holiday, error) {
	text, err := io.ReadAll(io.LimitReader(from, largestNotice+1))
	if err != nil {
		return 0, nil, fmt.Errorf("read a notice of holidays: %w", err)
	}
	var notice struct {
		Year int `json:"year"`
		Days []struct {
			Name string `json:"name"`
			Date string `json:"date"`
			Off  *bool  `json:"isOffDay"`
		} `json:"days"`
	}
	if len(text) > largestNotice || json.Unmarshal(bytes.TrimPrefix(text, []byte("\ufeff")), &notice) != nil {
		return 0, nil, ErrUnreadable
	}
	if notice.Year < firstYear || notice.Year > 2100 || len(notice.Days) == 0 {
		return 0, nil, ErrNoYear
	}
	seen := map[quantity.Date]bool{}
	days := make([]model.Holiday, 0, len(notice.Days))
	for _, d := range notice.Days {
		date, err := quantity.ParseDate(d.Date)
		first, last := fmt.Sprintf("%04d-12-01", notice.Year-1), fmt.Sprintf("%04d-01-31", notice.Year+1)
		if err != nil || seen[date] || string(date) < first || string(date) > last || len([]rune(d.Name)) > 64 || d.Off == nil {
			return 0, nil, ErrWrongDay.At("body.file", d.Date)
		}
		seen[date] = true
		days = append(days, model.Holiday{Day: date, NoticeYear: notice.Year, Name: d.Name, Off: *d.Off})
	}
	return notice.Year, days, nil
}

const (
	ofNotice    = "SELECT * FROM holidays WHERE notice_year = ? OR day IN ?"
	dropHoliday = "DELETE FROM holidays WHERE notice_year = ? OR day IN ?"
)

func replace(tx *gorm.DB, year int, days []model.Holiday) (Change, error) {
	dates := make([]quantity.Date, 0, len(days))
	for _, d := range days {
		dates = append(dates, d.Day)
	}
	var rows []model.Holiday
	if err := tx.Raw(ofNotice, year, dates).Scan(&rows).Error; err != nil {
		return Change{}, fmt.Errorf("read the notice of %d: %w", year, err)
	}
	if err := tx.Exec(dropHoliday, year, dates).Error; err != nil {
		return Change{}, fmt.Errorf("replace the notice of %d: %w", year, err)
	}
	if err := tx.CreateInBatches(days, 200).Error; err != nil {
		return Change{}, fmt.Errorf("keep the notice of %d: %w", year, err)
	}
	return differ(year, rows, days), nil
}

func differ(year int, before, after []model.Holiday) Change {
	c := Change{Year: year}
	was := map[quantity.Date]model.Holiday{}
	for _, d := range before {
		was[d.Day] = d
	}
	for _, d := range after {
		old, there := was[d.Day]
		switch {
		case !there:
			c.Added = append(c.Added, d)
		case old.Off != d.Off || old.Name != d.Name:
			c.Changed = append(c.Changed, d)
		}
		delete(was, d.Day)
	}
	c.Removed = slices.SortedFunc(maps.Values(was), func(a, b model.Holiday) int { return cmp.Compare(a.Day, b.Day) })
	return c
}

// Year lists what the notice of a year names.
func (s *Service) Year(ctx context.Context, year int) ([]model.Holiday, error) {
	var rows []model.Holiday
	if err := s.DB.Read(ctx).Raw("SELECT * FROM holidays WHERE notice_year = ? ORDER BY day", year).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the notice of %d: %w", year, err)
	}
	return rows, nil
}
