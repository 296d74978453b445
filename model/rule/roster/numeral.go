package roster

import (
	"regexp"
	"strconv"
	"strings"
)

const numeralRunes = "〇零一二三四五六七八九十百千两壹贰叁肆伍陆柒捌玖拾"

var numeralValues = map[rune]int{
	'〇': 0, '零': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9,
	'壹': 1, '贰': 2, '叁': 3, '肆': 4, '伍': 5, '陆': 6, '柒': 7, '捌': 8, '玖': 9,
	'十': 10, '拾': 10, '百': 100, '千': 1000,
}

// numeral reads a Chinese numeral, by place (十二, 一百零三) or digit by digit
// (一〇一), and gives its decimal digits. Anything else is returned as it is.
func numeral(s string) string {
	digits := ""
	for _, r := range s {
		v, ok := numeralValues[r]
		switch {
		case !ok:
			return s
		case v >= 10:
			return byPlace(s)
		}
		digits += strconv.Itoa(v)
	}
	return digits
}

func byPlace(s string) string {
	sum, digit, smallest := 0, -1, 10000
	for _, r := range s {
		v, ok := numeralValues[r]
		switch {
		case !ok:
			return s
		case v == 0:
			digit = -1
		case v < 10 && digit >= 0:
			return s
		case v < 10:
			digit = v
		case v >= smallest:
			return s
		default:
			sum += v * max(digit, 1)
			digit, smallest = -1, v
		}
	}
	return strconv.Itoa(sum + max(digit, 0))
}

var (
	countedNoun  = regexp.MustCompile(`[` + numeralRunes + `]+(号|层|楼|室|单元|栋|幢|座|期|区|组)`)
	numberedNoun = regexp.MustCompile(`(商铺|门面|铺面|商业|车位|车库|储藏室|储物间|杂物间|地下室|附|负)[` + numeralRunes + `]+$`)
	numeralRun   = regexp.MustCompile(`[` + numeralRunes + `]+`)
)

// numeralsToDigits rewrites the numerals that count something, 三号门面 or
// 门面三, and leaves those that are part of a word.
func numeralsToDigits(s string) string {
	if !strings.ContainsAny(s, numeralRunes) {
		return s
	}
	if whole := numeral(s); whole != s {
		return whole
	}
	inside := func(m string) string { return numeralRun.ReplaceAllStringFunc(m, numeral) }
	return numberedNoun.ReplaceAllStringFunc(countedNoun.ReplaceAllStringFunc(s, inside), inside)
}

func decimal(n int) string { return strconv.Itoa(n) }

var exponent = regexp.MustCompile(`^(-?)(\d+)(?:\.(\d+))?[eE]([+-]?\d{1,2})$`)

// plainNumber writes out a number as cells hold it, 1.99E10 or 101.0, without
// ever passing through a binary fraction. Other texts are returned as they are.
func plainNumber(s string) string {
	if m := exponent.FindStringSubmatch(s); m != nil {
		s = shifted(m[1], m[2], m[3], m[4])
	}
	return wholeNumber(s)
}

// wholeNumber drops the .0 that some programs write after whole numbers.
func wholeNumber(s string) string {
	whole, fraction, dotted := strings.Cut(s, ".")
	if dotted && fraction != "" && strings.Trim(fraction, "0") == "" && allDigits(strings.TrimPrefix(whole, "-")) {
		return whole
	}
	return s
}

func shifted(sign, whole, fraction, power string) string {
	n, err := strconv.Atoi(power)
	if err != nil {
		return sign + whole + "." + fraction
	}
	if n >= 0 {
		fraction += strings.Repeat("0", max(n-len(fraction), 0))
		whole, fraction = whole+fraction[:n], fraction[n:]
	} else {
		whole = strings.Repeat("0", max(-n-len(whole)+1, 0)) + whole
		whole, fraction = whole[:len(whole)+n], whole[len(whole)+n:]+fraction
	}
	whole = strings.TrimLeft(whole, "0")
	if whole == "" {
		whole = "0"
	}
	if fraction == "" {
		return sign + whole
	}
	return sign + whole + "." + fraction
}
