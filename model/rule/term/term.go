// Package term reckons periods of the law over a calendar of holidays and
// make-up working days: working days, and publicity periods in natural days.
// The two are never mixed.
package term

import (
	"strconv"
	"time"

	"gongdi/model/quantity"
)

// Calendar knows which days the State Council's notices make holidays or
// working days; other days follow the week.
type Calendar struct {
	off   map[quantity.Date]bool
	known map[int]bool // years that have a notice
}

// Day is one that a notice names.
type Day struct {
	Date quantity.Date
	Off  bool // a holiday; else a weekend day that is worked (调休)
}

// NewCalendar is the calendar of some notices, by the years that they are for.
func NewCalendar(notices map[int][]Day) Calendar {
	c := Calendar{off: map[quantity.Date]bool{}, known: map[int]bool{}}
	for year, days := range notices {
		c.known[year] = true
		for _, d := range days {
			c.off[d.Date] = d.Off
		}
	}
	return c
}

// Rest reports whether a day is no working day, and whether that is an
// estimate, because the day's year has no notice yet.
func (c Calendar) Rest(d quantity.Date) (rest, provisional bool) {
	year, _ := strconv.Atoi(string(d[:4]))
	if off, named := c.off[d]; named {
		return off, false
	}
	week := d.Start().Weekday()
	return week == time.Saturday || week == time.Sunday, !c.known[year]
}

// End is the last day of a period, which runs until 24:00.
type End struct {
	Date        quantity.Date
	Provisional bool // some day of it lies in a year without a notice
}

// WorkingDays is the last of n working days. The day on which the period
// begins is not counted.
//
// Law: Civil Code art. 201 para. 1, 「开始的当日不计入，自下一日开始计算」.
func (c Calendar) WorkingDays(from quantity.Date, n int) End {
	end := End{Date: from}
	for n > 0 {
		end.Date = end.Date.AddDays(1)
		rest, provisional := c.Rest(end.Date)
		end.Provisional = end.Provisional || provisional
		if !rest {
			n--
		}
	}
	return end
}

// PublicityEnd is the last day of a publicity period (公示期) of natural days.
// The first day is not counted; an end on a rest day moves to the day after
// the rest, and a weekend day that is worked is none.
//
// Law: Civil Code arts 200–204; art. 203, 「期间的最后一日是法定休假日的，以法定休假日
// 结束的次日为期间的最后一日」.
func (c Calendar) PublicityEnd(from quantity.Date, days int) End {
	end := End{Date: from.AddDays(days)}
	for {
		rest, provisional := c.Rest(end.Date)
		end.Provisional = end.Provisional || provisional
		if !rest {
			return end
		}
		end.Date = end.Date.AddDays(1)
	}
}

// Receipt is how the day on which something comes in is found.
type Receipt struct {
	// Closes is when the office closes, in minutes after midnight; what comes
	// later, or on a rest day, counts as come on the next working day. Zero:
	// the day is the one of the calendar.
	Closes int
}

// Deadline is the last instant of a period of working days.
type Deadline struct {
	At          time.Time
	Provisional bool // some day of it lies in a year without a notice
}

// Deadline is the last second of the n-th working day after an instant.
//
// Law: Civil Code art. 201 para. 1, 「开始的当日不计入，自下一日开始计算」; art. 203
// para. 2, 「期间的最后一日的截止时间为二十四时；有业务时间的，停止业务活动的时间为截止时间」.
// Choice: the day's end, which a resident understands; offices answer on the
// phone after they have closed.
func (c Calendar) Deadline(from time.Time, n int, r Receipt) Deadline {
	day, provisional := c.received(from, r)
	end := c.WorkingDays(day, n)
	return Deadline{At: end.Date.AddDays(1).Start().Add(-time.Second), Provisional: end.Provisional || provisional}
}

func (c Calendar) received(at time.Time, r Receipt) (quantity.Date, bool) {
	day := quantity.DateOf(at)
	if r.Closes == 0 {
		return day, false
	}
	rest, provisional := c.Rest(day)
	if !rest && at.Before(day.Start().Add(time.Duration(r.Closes)*time.Minute)) {
		return day, provisional
	}
	next := c.WorkingDays(day, 1)
	return next.Date, next.Provisional || provisional
}
