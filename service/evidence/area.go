package evidence

import (
	"errors"
	"strconv"
	"strings"

	"gongdi/model/quantity"
	"gongdi/model/rule/vote"
)

// Area is an area in units of 0.01 m² as the files write it: a number of square
// metres with exactly two decimals. Unlike quantity.Area it may be the sum of a
// whole roll.
type Area quantity.Area

// String gives square metres with exactly two decimals.
func (a Area) String() string { return quantity.Area(a).String() }

// MarshalJSON gives a number of square metres with two decimals.
func (a Area) MarshalJSON() ([]byte, error) { return []byte(a.String()), nil }

var errArea = errors.New("not an area with two decimals")

// UnmarshalJSON reads what MarshalJSON gives and nothing else.
func (a *Area) UnmarshalJSON(b []byte) error {
	n, err := strconv.ParseInt(strings.Replace(string(b), ".", "", 1), 10, 64)
	if err != nil || Area(n).String() != string(b) {
		return errArea
	}
	*a = Area(n)
	return nil
}

// Count is a number of voters and the area of their exclusive parts.
type Count struct {
	Heads int64 `json:"heads"`
	Area  Area  `json:"area_m2"`
}

func countOf(c vote.Count) Count { return Count{Heads: c.Heads, Area: Area(c.Area)} }

func (c Count) vote() vote.Count { return vote.Count{Heads: c.Heads, Area: quantity.Area(c.Area)} }

func (c Count) String() string {
	return strconv.FormatInt(c.Heads, 10) + " 人、" + c.Area.String() + " 平方米"
}
