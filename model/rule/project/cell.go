package project

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"gongdi/model/quantity"
)

// ErrCell says that a cell of a ledger cannot be read as what it should be.
var ErrCell = errors.New("a cell that cannot be read")

var plain = strings.NewReplacer(",", "", "，", "", " ", "", "　", "", "￥", "", "¥", "", "元", "", "㎡", "", "m²", "", "平方米", "")

// Hundredths reads a number of at most two decimals, times scale, into
// hundredths: money in yuan, areas, percentages. What lies within a millionth of
// a hundredth is that hundredth: cells keep numbers as binary fractions.
func Hundredths(text string, scale int64) (int64, error) {
	whole, fraction, _ := strings.Cut(plain.Replace(text), ".")
	fraction += "00000000000000"
	const kept = 8
	digits := whole + fraction[:kept]
	if whole == "" || len(whole) > 11 || strings.IndexFunc(digits+fraction, func(r rune) bool { return r < '0' || r > '9' }) >= 0 {
		return 0, ErrCell
	}
	n, err := strconv.ParseInt(digits, 10, 64) // a hundred-millionth each
	if err != nil || n > (1<<62)/max(scale, 1) {
		return 0, ErrCell
	}
	const unit = 1_000_000
	noise := 100 + 2*scale
	n *= scale
	half := (n + unit/2) / unit
	if off := n - half*unit; off > noise || off < -noise {
		return 0, ErrCell
	}
	return half, nil
}

// Whole reads a whole number, whatever is counted.
func Whole(text string) (int, error) {
	n, err := Hundredths(strings.TrimRight(text, "栋幢个单元户套年"), 1)
	if err != nil || n%100 != 0 || n > 1_000_000_00 {
		return 0, ErrCell
	}
	return int(n / 100), nil
}

var dayForms = []string{"2006-1-2", "2006/1/2", "2006.1.2", "2006年1月2日", "20060102"}

// Day reads a day, written or as the number of days since 1899-12-30 that a
// sheet keeps.
func Day(text string) (quantity.Date, error) {
	text = strings.TrimSpace(text)
	for _, form := range dayForms {
		if at, err := time.Parse(form, text); err == nil {
			return quantity.Date(at.Format(time.DateOnly)), nil
		}
	}
	const first, last = 20_000, 80_000 // 1954 to 2119
	days, err := strconv.Atoi(strings.TrimSuffix(text, ".0"))
	if err != nil || days < first || days > last {
		return "", ErrCell
	}
	return quantity.Date(time.Date(1899, 12, 30+days, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)), nil
}
