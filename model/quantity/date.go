package quantity

import (
	"errors"
	"time"
)

// Shanghai is the zone in which the office's days begin and end.
var Shanghai = time.FixedZone("+08:00", 8*60*60)

// Date is a day in Asia/Shanghai, "2006-01-02". The zero value is no day.
// Dates compare as strings do.
type Date string

// ErrDateSyntax says that a text is not a day of the calendar.
var ErrDateSyntax = errors.New("not a day such as 2026-01-31")

// ParseDate reads "2006-01-02" and refuses days that do not exist.
func ParseDate(s string) (Date, error) {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return "", ErrDateSyntax
	}
	return Date(s), nil
}

// DateOf is the day on which an instant falls in Shanghai.
func DateOf(t time.Time) Date { return Date(t.In(Shanghai).Format(time.DateOnly)) }

// Start is the day's first instant. It is the zero time for no day.
func (d Date) Start() time.Time {
	t, err := time.ParseInLocation(time.DateOnly, string(d), Shanghai)
	if err != nil {
		return time.Time{}
	}
	return t
}

// AddDays moves by natural days.
func (d Date) AddDays(n int) Date { return DateOf(d.Start().AddDate(0, 0, n)) }
