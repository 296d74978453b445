package funds

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"

	"gongdi/model/quantity"
	rule "gongdi/model/rule/roster"
)

var (
	amountForm  = regexp.MustCompile(`^[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?$|^[+-]?[0-9]{1,18}(?:\.[0-9]{0,20})?$|^[+-]?[0-9](?:\.[0-9]{1,17})?E[+-]?[0-9]{1,2}$`)
	roundedForm = regexp.MustCompile(`^[0-9]\.?[0-9]*E\+?[0-9]{1,3}$`)
	dayForm     = regexp.MustCompile(`^([0-9]{4})[-/.年]?([0-9]{1,2})[-/.月]?([0-9]{1,2})日?(?:$|[T ]?[0-9:时分秒.]*$)`)
	serialForm  = regexp.MustCompile(`^([0-9]{5})(?:\.[0-9]+)?$`)
	currency    = strings.NewReplacer("人民币", "", "RMB", "", "CNY", "", "¥", "", "￥", "", "元", "", "，", ",")
)

// amountOf reads money as banks write it, 1,234.50 or ¥-500, or as a sheet
// keeps numbers, 13461.540000000001; what is in brackets is less than nothing.
// It refuses what is not whole fen.
func amountOf(text string) (quantity.Fen, bool) {
	s := currency.Replace(strings.ToUpper(rule.Compact(text)))
	if inner, ok := strings.CutPrefix(s, "("); ok && strings.HasSuffix(inner, ")") {
		s = "-" + strings.TrimSuffix(inner, ")")
	}
	if !amountForm.MatchString(s) {
		return 0, false
	}
	yuan, ok := new(big.Rat).SetString(strings.ReplaceAll(s, ",", ""))
	if !ok {
		return 0, false
	}
	fen := yuan.Mul(yuan, big.NewRat(100, 1))
	whole, ok := new(big.Int).SetString(fen.FloatString(0), 10)
	if !ok || !whole.IsInt64() {
		return 0, false
	}
	// A sheet's binary number is off by less than a millionth of a fen.
	if off := fen.Sub(fen, new(big.Rat).SetInt(whole)); off.Abs(off).Cmp(big.NewRat(1, 1_000_000)) > 0 {
		return 0, false
	}
	return quantity.Fen(whole.Int64()), true
}

// dayOf reads a day, with or without a time of day, or the number of days
// since 1899-12-30 that a sheet keeps.
func dayOf(text string) (quantity.Date, bool) {
	s := strings.TrimSpace(text)
	if m := serialForm.FindStringSubmatch(s); m != nil {
		days, err := strconv.Atoi(m[1])
		return quantity.Date(time.Date(1899, 12, 30+days, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)), err == nil
	}
	m := dayForm.FindStringSubmatch(strings.TrimSpace(rule.Clean(s, 40)))
	if m == nil {
		return "", false
	}
	two := func(s string) string { return strings.Repeat("0", 2-len(s)) + s }
	day, err := quantity.ParseDate(m[1] + "-" + two(m[2]) + "-" + two(m[3]))
	return day, err == nil
}

// referenceOf reads the bank's own number; rounded says that a sheet has taken
// it for a number and lost its last digits.
func referenceOf(text string) (reference string, rounded bool) {
	s := rule.Compact(text)
	if rule.IsBlank(s) {
		return "", false
	}
	if roundedForm.MatchString(strings.ToUpper(s)) {
		return "", true
	}
	return strings.TrimLeft(s, "'`"), false
}
