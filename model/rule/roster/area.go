package roster

import (
	"errors"
	"regexp"
	"strings"

	"gongdi/model/quantity"
)

// ErrAreaBlank says that nothing is written where an area should be.
var ErrAreaBlank = errors.New("no area is given")

var (
	areaUnits   = []string{"平方米", "平米", "平方", "M2", "M^2", "米2", "SQM", "平"}
	thousands   = regexp.MustCompile(`^-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$`)
	longDecimal = regexp.MustCompile(`^(-?)([0-9]{1,12})\.([0-9]{2})([0-9]{4,})$`)
)

// Area reads an area (专有部分面积) as the office wrote it: full-width digits,
// ㎡ or 平方米 after the number, 1,234.5. More than two decimals are an error
// (quantity.ErrAreaFraction), save where they are the noise of a cell that
// kept the number as a binary fraction, 104.93999999999999: what lies within
// a millionth of a square metre of a hundredth is that hundredth.
func Area(text string) (quantity.Area, error) {
	s := strings.ToUpper(fold(text))
	if strings.Trim(s, "-/\\") == "" {
		return 0, ErrAreaBlank
	}
	for _, unit := range areaUnits {
		if core, ok := strings.CutSuffix(s, unit); ok {
			s = core
			break
		}
	}
	if thousands.MatchString(s) {
		s = strings.ReplaceAll(s, ",", "")
	}
	return quantity.ParseArea(withoutNoise(plainNumber(s)))
}

// withoutNoise works on the digits: four nines or zeros after the hundredths
// are less than a millionth away.
func withoutNoise(s string) string {
	m := longDecimal.FindStringSubmatch(s)
	if m == nil {
		return s
	}
	switch {
	case strings.HasPrefix(m[4], "0000"):
		return m[1] + m[2] + "." + m[3]
	case strings.HasPrefix(m[4], "9999"):
		up := increment(m[2] + m[3])
		return m[1] + up[:len(up)-2] + "." + up[len(up)-2:]
	}
	return s
}

func increment(digits string) string {
	b := []byte(digits)
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] < '9' {
			b[i]++
			return string(b)
		}
		b[i] = '0'
	}
	return "1" + string(b)
}
