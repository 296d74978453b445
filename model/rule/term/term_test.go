package term_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"gongdi/model/quantity"
	"gongdi/model/rule/term"
)

// published are the State Council's notices, copied by hand: holidays, and
// after the bar weekend days that are worked. 2022-12-31 is the notice of
// 2023's, and so is listed under it.
var published = map[int]string{
	2021: "2021-01-01:03 2021-02-11:17 2021-04-03:05 2021-05-01:05 2021-06-12:14 2021-09-19:21 2021-10-01:07 | 2021-02-07 2021-02-20 2021-04-25 2021-05-08 2021-09-18 2021-09-26 2021-10-09",
	2022: "2022-01-01:03 2022-01-31:31 2022-02-01:06 2022-04-03:05 2022-04-30:30 2022-05-01:04 2022-06-03:05 2022-09-10:12 2022-10-01:07 | 2022-01-29 2022-01-30 2022-04-02 2022-04-24 2022-05-07 2022-10-08 2022-10-09",
	2023: "2022-12-31:31 2023-01-01:02 2023-01-21:27 2023-04-05:05 2023-04-29:30 2023-05-01:03 2023-06-22:24 2023-09-29:30 2023-10-01:06 | 2023-01-28 2023-01-29 2023-04-23 2023-05-06 2023-06-25 2023-10-07 2023-10-08",
	2024: "2023-12-30:31 2024-01-01:01 2024-02-10:17 2024-04-04:06 2024-05-01:05 2024-06-08:10 2024-09-15:17 2024-10-01:07 | 2024-02-04 2024-02-18 2024-04-07 2024-04-28 2024-05-11 2024-09-14 2024-09-29 2024-10-12",
	2025: "2025-01-01:01 2025-01-28:31 2025-02-01:04 2025-04-04:06 2025-05-01:05 2025-05-31:31 2025-06-01:02 2025-10-01:08 | 2025-01-26 2025-02-08 2025-04-27 2025-09-28 2025-10-11",
	2026: "2026-01-01:03 2026-02-15:23 2026-04-04:06 2026-05-01:05 2026-06-19:21 2026-09-25:27 2026-10-01:07 | 2026-01-04 2026-02-14 2026-02-28 2026-05-09 2026-09-20 2026-10-10",
}

func notices(t *testing.T) map[int][]term.Day {
	t.Helper()
	out := map[int][]term.Day{}
	for year, text := range published {
		off, worked, _ := strings.Cut(text, "|")
		for _, span := range strings.Fields(off) {
			var from, to int
			if _, err := fmt.Sscanf(span[8:], "%d:%d", &from, &to); err != nil {
				t.Fatal(err)
			}
			for ; from <= to; from++ {
				out[year] = append(out[year], term.Day{Date: quantity.Date(fmt.Sprintf("%s%02d", span[:8], from)), Off: true})
			}
		}
		for _, day := range strings.Fields(worked) {
			out[year] = append(out[year], term.Day{Date: quantity.Date(day)})
		}
	}
	return out
}

func TestVectors(t *testing.T) {
	text, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Vectors []struct {
			Kind        string
			From, Ends  quantity.Date
			Days        int
			Provisional bool
			Says        string
		}
	}
	if err := json.Unmarshal(text, &file); err != nil || len(file.Vectors) < 25 {
		t.Fatal(len(file.Vectors), err)
	}
	c := term.NewCalendar(notices(t))
	reckon := map[string]func(quantity.Date, int) term.End{"working": c.WorkingDays, "publicity": c.PublicityEnd}
	for _, v := range file.Vectors {
		if got, want := reckon[v.Kind](v.From, v.Days), (term.End{Date: v.Ends, Provisional: v.Provisional}); got != want {
			t.Errorf("%s and %d days (%s): %+v, want %+v. %s", v.From, v.Days, v.Kind, got, want, v.Says)
		}
	}
}

// days is the calendar counted out: every day from 2021 to 2027 in a row, and
// whether it rests. The week is counted from Friday, 1 January 2021.
func days(t *testing.T) (dates []quantity.Date, rests []bool) {
	t.Helper()
	named := map[quantity.Date]bool{}
	for _, of := range notices(t) {
		for _, d := range of {
			named[d.Date] = d.Off
		}
	}
	lengths := []int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}
	for year := 2021; year <= 2028; year++ {
		for month, length := range lengths {
			if month == 1 && year%4 == 0 {
				length++
			}
			for day := 1; day <= length; day++ {
				date := quantity.Date(fmt.Sprintf("%d-%02d-%02d", year, month+1, day))
				week := (len(dates) + 4) % 7 // 0 is Monday
				off, is := named[date]
				dates, rests = append(dates, date), append(rests, is && off || !is && week >= 5)
			}
		}
	}
	return dates, rests
}

// TestEveryPeriodOfTheYearsEndsAsCountedOut counts each period on a list of
// all days, from every day of 2021 to 2026.
func TestEveryPeriodOfTheYearsEndsAsCountedOut(t *testing.T) {
	c := term.NewCalendar(notices(t))
	dates, rests := days(t)
	var worked []int // places of the working days
	for i, rest := range rests {
		if !rest {
			worked = append(worked, i)
		}
	}
	const lastKnown = "2026-12-31"
	for i, from := range dates {
		if from > lastKnown {
			break
		}
		if rest, provisional := c.Rest(from); rest != rests[i] || provisional {
			t.Errorf("%s: rest %v, provisional %v; it is published as %v", from, rest, provisional, rests[i])
		}
		next, _ := slices.BinarySearch(worked, i+1)
		for _, n := range []int{1, 2, 3, 5, 7, 10, 15, 30, 365, 366} {
			want := dates[worked[next+n-1]]
			if got := c.WorkingDays(from, n); got.Date != want || got.Provisional != (want > lastKnown) {
				t.Errorf("%s and %d working days: %+v, counted out %s", from, n, got, want)
			}
			end := i + n
			for rests[end] {
				end++
			}
			if got := c.PublicityEnd(from, n); got.Date != dates[end] || got.Provisional != (dates[end] > lastKnown) {
				t.Errorf("%s and %d days of publicity: %+v, counted out %s", from, n, got, dates[end])
			}
		}
	}
}

// TestAnEstimateEndsWithTheNotice reckons the same periods before and after a
// year's notice, and one whose December days the next year's notice names.
func TestAnEstimateEndsWithTheNotice(t *testing.T) {
	known := notices(t)
	before := term.NewCalendar(known)
	known[2027] = []term.Day{{Date: "2026-12-31", Off: true}, {Date: "2027-01-01", Off: true}, {Date: "2027-01-02"}}
	after := term.NewCalendar(known)
	for _, c := range []struct {
		before, after term.End
	}{
		{before.WorkingDays("2026-12-30", 1), after.WorkingDays("2026-12-30", 1)},
		{before.PublicityEnd("2026-12-25", 7), after.PublicityEnd("2026-12-25", 7)},
	} {
		if c.after.Provisional || c.after.Date != "2027-01-02" {
			t.Errorf("%+v, and with the notice %+v", c.before, c.after)
		}
	}
	if got := before.PublicityEnd("2026-12-25", 7); got != (term.End{Date: "2027-01-01", Provisional: true}) {
		t.Errorf("%+v", got)
	}
}
