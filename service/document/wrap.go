package document

import "strings"

// Characters that may not begin a line, and those that may not end one
// (避头尾, GB/T 15834-2011 and JIS X 4051 practice).
const (
	neverFirst = "，。、；：？！）》」』】〉〕］｝”’…—～·％%℃°㎡㎥‰％,.;:?!)]}>/"
	neverLast  = "（《「『【〈〔［｛“‘([{<￥¥$№"
)

// A line is a piece of text that fits its measure. Ends marks the last line
// of a paragraph, which is not stretched.
type line struct {
	text string
	ends bool
}

// A measure is the space for a text: the width of a line and by how much the
// first is shorter, in points. With a separator, lines end only after it.
type measure struct {
	width, indent float64
	separator     rune
	of            func(rune) float64
}

// wrap breaks a text into lines; each newline begins a paragraph. A word or
// number is torn only if it is longer than a line.
func (m measure) wrap(text string) []line {
	var lines []line
	for paragraph := range strings.SplitSeq(text, "\n") {
		rest := []rune(strings.TrimRight(paragraph, " \u3000"))
		indent := m.indent
		for {
			n := m.fit(rest, m.width-indent)
			if n == len(rest) {
				lines = append(lines, line{string(rest), true})
				break
			}
			lines = append(lines, line{strings.TrimRight(string(rest[:n]), " "), false})
			rest = []rune(strings.TrimLeft(string(rest[n:]), " "))
			indent = 0
		}
	}
	return lines
}

// fit is how many characters go into a line of this width, at least one.
func (m measure) fit(text []rune, width float64) int {
	used, stop := 0.0, 0
	for i, r := range text {
		if i > 0 && m.mayBreak(text[i-1], r) {
			stop = i
		}
		used += m.of(r)
		if r == ' ' || used <= width+0.01 {
			continue
		}
		if stop == 0 {
			stop = max(i, 1)
		}
		return stop
	}
	return len(text)
}

func (m measure) length(text string) float64 {
	sum := 0.0
	for _, r := range text {
		sum += m.of(r)
	}
	return sum
}

// mayBreak reports whether a line may end between two characters.
func (m measure) mayBreak(before, after rune) bool {
	if m.separator != 0 {
		return before == m.separator
	}
	if after == ' ' || strings.ContainsRune(neverFirst, after) || strings.ContainsRune(neverLast, before) {
		return false
	}
	return !inWord(before) || !inWord(after)
}

func inWord(r rune) bool { return r > ' ' && r < 0x2000 }
