package assess

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"gongdi/model/quantity"
)

// A Period is a month or a quarter: its first and its last day.
type Period struct {
	Name        string // "2026-11", "2026-Q4"
	From, Until quantity.Date
}

// ErrPeriod says that a text names no period.
var ErrPeriod = errors.New("no month such as 2026-11, and no quarter such as 2026-Q4")

var periods = regexp.MustCompile(`^(20[0-9]{2})-(?:Q([1-4])|(0[1-9]|1[0-2]))$`)

// ParsePeriod reads "2026-11" or "2026-Q4".
func ParsePeriod(text string) (Period, error) {
	found := periods.FindStringSubmatch(text)
	if found == nil {
		return Period{}, ErrPeriod
	}
	year, errYear := strconv.Atoi(found[1])
	first, errFirst := strconv.Atoi(found[2] + found[3])
	if err := errors.Join(errYear, errFirst); err != nil {
		return Period{}, ErrPeriod
	}
	months := 1
	if found[2] != "" {
		first, months = first*3-2, 3
	}
	next, nextYear := first+months, year
	if next > 12 {
		next, nextYear = next-12, year+1
	}
	end := quantity.Date(fmt.Sprintf("%04d-%02d-01", nextYear, next))
	return Period{Name: text, From: quantity.Date(fmt.Sprintf("%04d-%02d-01", year, first)), Until: end.AddDays(-1)}, nil
}

// Words are what a period is called: 2026年11月, 2026年第4季度.
func (p Period) Words() string {
	if quarter, is := strings.CutPrefix(p.Name[4:], "-Q"); is {
		return p.Name[:4] + "年第" + quarter + "季度"
	}
	return p.Name[:4] + "年" + strings.TrimPrefix(p.Name[5:], "0") + "月"
}

// Over reports whether a period has ended before a day.
func (p Period) Over(day quantity.Date) bool { return p.Until < day }
