package roster

import (
	"regexp"
	"strings"
)

// What ends the number of a building, a stairwell or a home; longer words
// first.
var (
	buildingWords = []string{"号楼栋", "号楼", "#楼", "号栋", "号幢", "#栋", "#幢", "栋楼", "幢楼", "栋", "幢", "#", "座", "号", "楼"}
	unitWords     = []string{"号单元", "单元号", "单元", "号梯", "号门", "门洞", "梯"}
	roomWords     = []string{"号房", "号室", "室", "号", "房", "户", "#"}
)

const sides = "甲乙丙丁戊己庚辛东南西北中左右"

var (
	numbered = regexp.MustCompile(`^(.*?)([0-9]+|[` + numeralRunes + `]+|[A-Z]|[` + sides + `])$`)
	// numberedPart may stand before the A of 1期A栋; 城 of 城东楼 may not.
	numberedPart = regexp.MustCompile(`^(?:.*[期区号])?[-0-9A-Z.]*$`)
	simple       = regexp.MustCompile(`^(?:[A-Z]?[0-9]+(?:[-.][0-9]+)?[A-Z甲乙丙丁]?|[A-Z]|[` + sides + `]|[` + numeralRunes + `]+)$`)
)

// Building gives the one word for a building (楼栋): 1栋 for 1幢, 1号楼, 1#, 一栋
// or a bare 1; A栋 for a座. A building with a name of its own keeps it.
func Building(text string) string { return ordinal(text, buildingWords, "栋") }

// Unit gives the one word for a stairwell (单元): 1单元 for 一单元 or a bare 1.
// It is empty where there is none.
func Unit(text string) string {
	if normal(text, "单元") {
		return text
	}
	s := strings.ToUpper(fold(text))
	if s == "0" || strings.HasPrefix(s, "无单元") {
		return ""
	}
	if rest, ok := strings.CutPrefix(s, "单元"); ok && simple.MatchString(rest) {
		s = rest
	}
	return ordinal(s, unitWords, "单元")
}

func ordinal(text string, words []string, word string) string {
	if normal(text, word) {
		return text
	}
	if IsBlank(text) {
		return ""
	}
	s := label(text)
	core, cut := cutWord(strings.TrimPrefix(s, "第"), words)
	if !cut && !simple.MatchString(core) {
		return s
	}
	m := numbered.FindStringSubmatch(core)
	if m == nil || !numberedPart.MatchString(m[1]) && !allDigits(numeral(m[2])) {
		return s
	}
	return numeralsToDigits(m[1]) + withoutZeros(m[1], numeral(m[2])) + word
}

// normal reports whether a label is its own one word already, as in most lists.
func normal(text, word string) bool {
	digits, ok := strings.CutSuffix(text, word)
	return ok && len(digits) <= 10 && allDigits(digits) && digits[0] != '0'
}

// label folds, and keeps labels to a length that fits a door.
func label(text string) string {
	s := wholeNumber(strings.ToUpper(fold(text)))
	if r := []rune(s); len(r) > 40 {
		s = string(r[:40])
	}
	return s
}

func cutWord(s string, words []string) (string, bool) {
	for _, w := range words {
		if core, ok := strings.CutSuffix(s, w); ok && core != "" {
			return core, true
		}
	}
	return s, false
}

// withoutZeros drops the zeros of 01栋, but not those of a compound number.
func withoutZeros(before, digits string) string {
	if strings.HasSuffix(before, "-") || strings.HasSuffix(before, ".") {
		return digits
	}
	if short := strings.TrimLeft(digits, "0"); short != "" {
		return short
	}
	return digits
}

// Room gives the one word for a home within its stairwell (房号): 101 for 101室,
// １０１, 一〇一 or the number 101. Words such as 商铺1 or 501跃 stay.
func Room(text string) string {
	if normal(text, "") {
		return text
	}
	if IsBlank(text) {
		return ""
	}
	s := strings.TrimPrefix(numeralsToDigits(label(text)), "#")
	for range 2 {
		core, cut := cutWord(s, roomWords)
		if !cut || !endsLikeNumber(core) {
			break
		}
		s = numeralsToDigits(core)
	}
	return s
}

func endsLikeNumber(s string) bool {
	if numeral(s) != s {
		return true
	}
	last := lastRune(s)
	return last >= "0" && last <= "9" || last >= "A" && last <= "Z" || strings.Contains("甲乙丙丁号", last)
}

// Key identifies a home within its estate. Two labels that mean the same door
// give the same key.
func Key(building, unit, room string) string { return building + "/" + unit + "/" + room }

// SortKey orders labels as people do: 2栋 before 10栋. It compares as bytes.
func SortKey(label string) string {
	var b strings.Builder
	for i := 0; i < len(label); {
		j := i
		for j < len(label) && label[j] >= '0' && label[j] <= '9' {
			j++
		}
		if j == i {
			b.WriteByte(label[i])
			i++
			continue
		}
		digits := strings.TrimLeft(label[i:j], "0")
		b.WriteString(strings.Repeat("0", max(10-len(digits), 0)) + digits)
		i = j
	}
	return b.String()
}
