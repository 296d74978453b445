package registry

import (
	"errors"
	"testing"

	"gongdi/model/quantity"
	"gongdi/service/fault"
)

func TestAnEstatesDatesAreThoseOfTheCalendar(t *testing.T) {
	year := func(n int) *int { return &n }
	day := func(s quantity.Date) *quantity.Date { return &s }
	now := quantity.Date("2026-06-30").Start()
	for name, c := range map[string]struct {
		dates Dates
		sound bool
	}{
		"nothing is set":               {Dates{}, true},
		"built this year":              {Dates{BuiltYear: year(2026)}, true},
		"built next year":              {Dates{BuiltYear: year(2027)}, false},
		"built before any list":        {Dates{BuiltYear: year(1799)}, false},
		"accepted today":               {Dates{AcceptedOn: day("2026-06-30")}, true},
		"accepted tomorrow":            {Dates{AcceptedOn: day("2026-07-01")}, false},
		"the acceptance taken back":    {Dates{AcceptedOn: day("")}, true},
		"a day that does not exist":    {Dates{AcceptedOn: day("2026-02-30")}, false},
		"what is no day of a calendar": {Dates{AcceptedOn: day("去年")}, false},
	} {
		if err := c.dates.check(now); (err == nil) != c.sound || err != nil && !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
