package quantity

import (
	"strconv"
	"strings"
	"unicode"
)

// Amount is so much of works (工程量): hundredths of a unit, whose name is
// anybody's. The zero value is none of no unit.
type Amount struct {
	Hundredths int64
	Unit       string // 个, 部, 户, 米, 平方米
}

// measures are what units have in their names that measure: lengths, areas,
// volumes, weights, money. Latin letters do so too (m², kW, t).
const measures = "米里丈尺㎡㎥㎞㎜㎝亩顷吨斤克升元%％"

// Count is the number of things, where the unit counts things and there is no
// part of one.
func (a Amount) Count() (n int64, ok bool) {
	measuring := func(r rune) bool { return strings.ContainsRune(measures, r) || unicode.Is(unicode.Latin, r) }
	if a.Hundredths%100 != 0 || strings.TrimSpace(a.Unit) == "" || strings.ContainsFunc(a.Unit, measuring) {
		return 0, false
	}
	return a.Hundredths / 100, true
}

// String gives the number as it is printed, without its unit: things counted
// as "45", all else with exactly two decimals, "45.00".
func (a Amount) String() string {
	if n, ok := a.Count(); ok {
		return strconv.FormatInt(n, 10)
	}
	return Area(a.Hundredths).String()
}
