package roster

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	saidFloor  = regexp.MustCompile(`第(-?[0-9]+)(?:层|楼)`)
	floorStart = regexp.MustCompile(`^(?:F)?(B|-|负|地下)?(?:F)?([0-9]{1,6})(?:层|楼|F)?($|[-/~至到跃+、,;及和东西左右商门铺住])`)
)

// Floor reads a floor (楼层) as the office wrote it: 3, 3层, 三楼, 5F; -1, 负1,
// B1, 地下一层; 2/7, the second of seven; 5-6, a maisonette, counts where it
// begins. False when the text does not say a number: 顶层, 架空层, 吊一层 depend
// on the slope. A floor is never read out of a room number.
func Floor(text string) (int, bool) {
	s := plainNumber(withoutBrackets(strings.ToUpper(fold(text))))
	s = numeralRun.ReplaceAllStringFunc(s, numeral)
	if m := saidFloor.FindStringSubmatch(s); m != nil {
		n, err := strconv.Atoi(m[1])
		return n, err == nil
	}
	if s == "底层" || s == "底楼" || s == "首层" {
		return 1, true
	}
	m := floorStart.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(m[2])
	if m[1] != "" {
		n = -n
	}
	return n, err == nil
}
