package calendar_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/term"
	"gongdi/service/audit"
	"gongdi/service/calendar"
	"gongdi/service/fault"
	"gongdi/service/store"
	"gongdi/service/store/dbtest"
	"gongdi/service/vault"
)

func open(t *testing.T, db *store.DB) *calendar.Service {
	t.Helper()
	keys, err := vault.Open(t.TempDir()+"/data.key", true)
	if err != nil {
		t.Fatal(err)
	}
	s := &calendar.Service{DB: db, Audit: &audit.Log{DB: db, Vault: keys, Now: time.Now}}
	for range 2 { // a second start changes nothing
		if err := s.Seed(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func each(t *testing.T, test func(t *testing.T, s *calendar.Service)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, db *store.DB) { test(t, open(t, db)) })
}

func TestPeriodsEndWhereTheLawSays(t *testing.T) {
	each(t, func(t *testing.T, s *calendar.Service) {
		for _, c := range []struct {
			reckon      func(context.Context, quantity.Date, int) (term.End, error)
			from        quantity.Date
			days        int
			want        quantity.Date
			provisional bool
		}{
			{s.WorkingDays, "2026-09-18", 5, "2026-09-24", false},
			{s.WorkingDays, "2026-09-30", 5, "2026-10-13", false},
			{s.WorkingDays, "2026-02-12", 5, "2026-02-26", false},
			{s.WorkingDays, "2026-04-30", 15, "2026-05-25", false},
			{s.WorkingDays, "2026-11-23", 5, "2026-11-30", false},
			{s.WorkingDays, "2026-12-30", 1, "2026-12-31", false},
			{s.WorkingDays, "2026-12-30", 5, "2027-01-06", true},
			{s.PublicityEnd, "2026-09-24", 7, "2026-10-08", false},
			{s.PublicityEnd, "2026-09-16", 10, "2026-09-28", false},
			{s.PublicityEnd, "2026-09-13", 7, "2026-09-20", false},
			{s.PublicityEnd, "2026-11-21", 7, "2026-11-30", false},
			{s.PublicityEnd, "2026-12-28", 7, "2027-01-04", true},
		} {
			got, err := c.reckon(t.Context(), c.from, c.days)
			if err != nil || got.Date != c.want || got.Provisional != c.provisional {
				t.Errorf("%s and %d days: %+v %v, want %s %v", c.from, c.days, got, err, c.want, c.provisional)
			}
		}
	})
}

// notices are the State Council's, copied by hand: holidays, and after the bar
// weekend days that are worked.
var notices = map[int]string{
	2021: "01-01:03 02-11:17 04-03:05 05-01:05 06-12:14 09-19:21 10-01:07 | 02-07 02-20 04-25 05-08 09-18 09-26 10-09",
	2022: "01-01:03 01-31:31 02-01:06 04-03:05 04-30:30 05-01:04 06-03:05 09-10:12 10-01:07 12-31:31 | 01-29 01-30 04-02 04-24 05-07 10-08 10-09",
	2023: "01-01:02 01-21:27 04-05:05 04-29:30 05-01:03 06-22:24 09-29:30 10-01:06 12-30:31 | 01-28 01-29 04-23 05-06 06-25 10-07 10-08",
	2024: "01-01:01 02-10:17 04-04:06 05-01:05 06-08:10 09-15:17 10-01:07 | 02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
	2025: "01-01:01 01-28:31 02-01:04 04-04:06 05-01:05 05-31:31 06-01:02 10-01:08 | 01-26 02-08 04-27 09-28 10-11",
	2026: "01-01:03 02-15:23 04-04:06 05-01:05 06-19:21 09-25:27 10-01:07 | 01-04 02-14 02-28 05-09 09-20 10-10",
}

func TestEveryDayOfTheYearsIsAsPublished(t *testing.T) {
	s := open(t, dbtest.SQLite(t))
	c, err := calendar.Of(s.DB.Read(t.Context()), "2021-01-01")
	if err != nil {
		t.Fatal(err)
	}
	for year, text := range notices {
		off, work, _ := strings.Cut(text, "|")
		named := map[quantity.Date]bool{}
		for _, span := range strings.Fields(off) {
			var month, from, to int
			if _, err := fmt.Sscanf(span, "%d-%d:%d", &month, &from, &to); err != nil {
				t.Fatal(err)
			}
			for day := from; day <= to; day++ {
				named[quantity.Date(fmt.Sprintf("%d-%02d-%02d", year, month, day))] = true
			}
		}
		for _, day := range strings.Fields(work) {
			named[quantity.Date(fmt.Sprintf("%d-%s", year, day))] = false
		}
		first := quantity.Date(fmt.Sprintf("%d-01-01", year))
		for d := first; d[:4] == first[:4]; d = d.AddDays(1) {
			want, isNamed := named[d]
			if !isNamed {
				week := d.Start().Weekday()
				want = week == time.Saturday || week == time.Sunday
			}
			if rest, provisional := c.Rest(d); rest != want || provisional {
				t.Errorf("%s: rest %v (provisional %v), want %v", d, rest, provisional, want)
			}
		}
	}
}

// TestDeadlinesOverEveryHoliday reckons from every day around every holiday and
// counts the working days again by hand.
func TestDeadlinesOverEveryHoliday(t *testing.T) {
	s := open(t, dbtest.SQLite(t))
	c, err := calendar.Of(s.DB.Read(t.Context()), "2021-01-01")
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for year := 2021; year <= 2026; year++ {
		days, err := s.Year(t.Context(), year)
		if err != nil {
			t.Fatal(err)
		}
		for _, holiday := range days {
			for before := range 4 {
				from := holiday.Day.AddDays(-before)
				if from < "2021-01-01" {
					continue
				}
				for _, n := range []int{1, 2, 5, 10, 15} {
					checked++
					judge(t, c, from, n)
				}
			}
		}
	}
	if checked < 4000 {
		t.Errorf("only %d were checked", checked)
	}
}

func judge(t *testing.T, c term.Calendar, from quantity.Date, n int) {
	t.Helper()
	at := from.Start().Add(20 * time.Hour)
	got := c.Deadline(at, n, term.Receipt{})
	last := quantity.DateOf(got.At)
	worked := 0
	for d := from.AddDays(1); d <= last; d = d.AddDays(1) {
		if rest, _ := c.Rest(d); !rest {
			worked++
		}
	}
	if rest, _ := c.Rest(last); rest || worked != n || !got.At.Equal(last.AddDays(1).Start().Add(-time.Second)) || got.Provisional != (last > "2026-12-31") {
		t.Errorf("%s and %d working days: %s, %d worked, provisional %v", from, n, got.At, worked, got.Provisional)
	}
	late := c.Deadline(at, n, term.Receipt{Closes: 17*60 + 30})
	next := c.WorkingDays(from, 1).Date
	if want := c.Deadline(next.Start(), n, term.Receipt{}); !late.At.Equal(want.At) {
		t.Errorf("%s after hours and %d working days: %s, want %s", from, n, late.At, want.At)
	}
	if early := c.Deadline(from.Start().Add(17*time.Hour+29*time.Minute), n, term.Receipt{Closes: 17*60 + 30}); rested(c, from) == early.At.Equal(got.At) && !late.At.Equal(got.At) {
		t.Errorf("%s before the office closes: %s, %s", from, early.At, got.At)
	}
}

func rested(c term.Calendar, d quantity.Date) bool {
	rest, _ := c.Rest(d)
	return rest
}

func TestAYearsNoticeTakesEffectAtOnceAndSaysWhatChanges(t *testing.T) {
	each(t, func(t *testing.T, s *calendar.Service) {
		recomputed := 0
		s.Changed = append(s.Changed, func(_ context.Context, _ *gorm.DB, c term.Calendar) error {
			recomputed++
			if rest, _ := c.Rest("2027-01-04"); !rest {
				t.Error("the new notice is not in the calendar that is handed over")
			}
			return nil
		})
		street := model.Caller{Kind: model.StaffSession, ID: "street", Role: model.RoleStreet, AreaCode: "520523001"}
		const notice = `{"year":2027,"papers":[],"days":[{"name":"元旦","date":"2027-01-01","isOffDay":true},{"name":"元旦","date":"2027-01-04","isOffDay":true}]}`
		change, err := s.Publish(t.Context(), street, strings.NewReader(notice))
		if err != nil || change.Year != 2027 || len(change.Added) != 2 || len(change.Changed)+len(change.Removed) != 0 || recomputed != 1 {
			t.Errorf("%+v %v, %d", change, err, recomputed)
		}
		if got, err := s.WorkingDays(t.Context(), "2026-12-30", 5); err != nil || got.Date != "2027-01-08" || got.Provisional {
			t.Errorf("%+v %v", got, err)
		}
		change, err = s.Publish(t.Context(), street, strings.NewReader("\ufeff"+strings.Replace(notice, `{"name":"元旦","date":"2027-01-01","isOffDay":true},`, "", 1)))
		if err != nil || len(change.Removed) != 1 || len(change.Added)+len(change.Changed) != 0 {
			t.Errorf("%+v %v", change, err)
		}
		for text, want := range map[string]*fault.Error{
			"":                        calendar.ErrUnreadable,
			"[]":                      calendar.ErrUnreadable,
			`{"days":[]}`:             calendar.ErrNoYear,
			`{"year":2027,"days":[]}`: calendar.ErrNoYear,
			`{"year":2028,"days":[{"name":"x","date":"2028-02-30","isOffDay":true}]}`:                                                   calendar.ErrWrongDay,
			`{"year":2028,"days":[{"name":"x","date":"2026-02-03","isOffDay":true}]}`:                                                   calendar.ErrWrongDay,
			`{"year":2028,"days":[{"name":"x","date":"2028-02-03"}]}`:                                                                   calendar.ErrWrongDay,
			`{"year":2028,"days":[{"name":"x","date":"2028-02-03","isOffDay":true},{"name":"x","date":"2028-02-03","isOffDay":false}]}`: calendar.ErrWrongDay,
		} {
			if _, err := s.Publish(t.Context(), street, strings.NewReader(text)); !want.Is(err) {
				t.Errorf("%s: %v, want %s", text, err, want.Code)
			}
		}
	})
}

func FuzzANotice(f *testing.F) {
	f.Add(`{"year":2027,"days":[{"name":"元旦","date":"2027-01-01","isOffDay":true}]}`)
	f.Add(`{"year":1e9}`)
	db := dbtest.SQLite(f)
	keys, err := vault.Open(f.TempDir()+"/data.key", true)
	if err != nil {
		f.Fatal(err)
	}
	s := &calendar.Service{DB: db, Audit: &audit.Log{DB: db, Vault: keys, Now: time.Now}}
	f.Fuzz(func(t *testing.T, text string) {
		var refused *fault.Error
		if _, err := s.Publish(t.Context(), model.Caller{}, strings.NewReader(text)); err != nil && !errors.As(err, &refused) {
			t.Fatalf("%q: %v", text, err)
		}
	})
}
