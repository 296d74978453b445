package complaints

import (
	"testing"
	"time"

	"github.com/6tail/lunar-go/HolidayUtil"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/complaint"
	"gongdi/model/rule/term"
)

// published is the calendar of 2021 to 2026, and beside it whether a day is
// worked, found day by day.
func published() (cal term.Calendar, worked func(time.Time) bool) {
	named, years := map[string]bool{}, map[int][]term.Day{}
	for year := 2021; year <= 2026; year++ {
		years[year] = nil
		for e := HolidayUtil.GetHolidaysByYear(year).Front(); e != nil; e = e.Next() {
			if h, ok := e.Value.(*HolidayUtil.Holiday); ok {
				named[h.GetDay()] = h.IsWork()
				years[year] = append(years[year], term.Day{Date: quantity.Date(h.GetDay()), Off: !h.IsWork()})
			}
		}
	}
	return term.NewCalendar(years), func(day time.Time) bool {
		if work, is := named[day.Format(time.DateOnly)]; is {
			return work
		}
		return day.Weekday() != time.Saturday && day.Weekday() != time.Sunday
	}
}

// lastSecond walks from the day after an instant until so many worked days
// have passed: the second implementation.
func lastSecond(at time.Time, n, closes int, worked func(time.Time) bool) time.Time {
	at = at.In(quantity.Shanghai)
	day := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, quantity.Shanghai)
	step := func() {
		for day = day.AddDate(0, 0, 1); !worked(day); day = day.AddDate(0, 0, 1) {
			continue
		}
	}
	if closes > 0 && (!worked(day) || at.Hour()*60+at.Minute() >= closes) {
		step()
	}
	for range n {
		step()
	}
	return day.AddDate(0, 0, 1).Add(-time.Second)
}

func TestDeadlinesOfCasesOverEveryDayOfSixYears(t *testing.T) {
	cal, worked := published()
	checks := 0
	for day := time.Date(2021, 1, 1, 0, 0, 0, 0, quantity.Shanghai); day.Before(time.Date(2026, 11, 20, 0, 0, 0, 0, quantity.Shanghai)); day = day.AddDate(0, 0, 1) {
		for _, minute := range []int{0, 9 * 60, 17*60 + 29, 17*60 + 30, 23*60 + 59} {
			at := day.Add(time.Duration(minute) * time.Minute)
			for _, closes := range []int{0, 17*60 + 30} {
				c := &model.Complaint{Status: complaint.Assigned, DueFrom: at, ResolveDays: 5, ExtensionDays: minute % 11, Closes: closes}
				reckon(c, cal)
				if want := lastSecond(at, 1, closes, worked); !c.AcceptDueAt.Equal(want) {
					t.Fatalf("filed %s, office closes at %d: accept by %s, counted out %s", at, closes, c.AcceptDueAt, want)
				}
				due := lastSecond(at, 5+minute%11, closes, worked)
				if !c.DueAt.Equal(due) || c.Provisional {
					t.Fatalf("filed %s, office closes at %d: due %s, counted out %s", at, closes, c.DueAt, due)
				}
				ladder := []time.Time{due.AddDate(0, 0, -1), due.Add(time.Millisecond), lastSecond(due, 1, 0, worked), lastSecond(due, 3, 0, worked)}
				for c.Alerts = range model.AlertKinds {
					if got := alertAt(c, cal); !got.Equal(ladder[c.Alerts]) {
						t.Fatalf("due %s: %s at %s, counted out %s", due, model.AlertKinds[c.Alerts], got, ladder[c.Alerts])
					}
				}
				checks++
			}
		}
	}
	if checks < 20_000 {
		t.Errorf("only %d deadlines were compared", checks)
	}
}

func TestADangerIsReckonedInHours(t *testing.T) {
	cal, _ := published()
	at := time.Date(2026, 10, 3, 22, 0, 0, 0, quantity.Shanghai) // in the holidays, at night
	c := &model.Complaint{Status: complaint.Submitted, DueFrom: at, ResolveDays: 5, Danger: model.GasDanger}
	reckon(c, cal)
	if !c.DueAt.Equal(at.Add(2*time.Hour)) || !c.NextAt.Equal(at.Add(time.Hour)) {
		t.Errorf("due %s, looked at %s", c.DueAt, c.NextAt)
	}
	last := at
	for c.Alerts = range model.AlertKinds {
		if next := alertAt(c, cal); !next.After(last) {
			t.Errorf("%s at %s, not after %s", model.AlertKinds[c.Alerts], next, last)
		} else {
			last = next
		}
	}
}

func TestTheClockLooksAgainExactlyWhenSomethingIsDue(t *testing.T) {
	cal, _ := published()
	answered := time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
	for state, want := range map[complaint.State]time.Time{
		complaint.Answered: answered.AddDate(0, 0, 7), complaint.Rated: answered.AddDate(0, 0, 15).Add(time.Millisecond),
		complaint.CalledBack: answered.AddDate(0, 0, 15).Add(time.Millisecond), complaint.NotRated: answered.AddDate(0, 0, 15).Add(time.Millisecond),
		complaint.Archived: {}, complaint.Refused: {}, complaint.Merged: {},
	} {
		c := &model.Complaint{Status: state, AnsweredAt: &answered}
		schedule(c, cal)
		if want.IsZero() != (c.NextAt == nil) || c.NextAt != nil && !c.NextAt.Equal(want) {
			t.Errorf("%s: %v, want %s", state, c.NextAt, want)
		}
	}
	c := &model.Complaint{Status: complaint.Taken, DueFrom: answered, ResolveDays: 5}
	reckon(c, cal)
	if c.Alerts = len(model.AlertKinds); c.NextAt == nil {
		t.Error("an open case is never looked at")
	}
	if schedule(c, cal); c.NextAt != nil {
		t.Errorf("every alert was raised, and it is looked at %s", c.NextAt)
	}
}
