package roster

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold gives a text in one spelling: compatibility forms resolved (NFKC), no
// white space or invisible characters, one sort of hyphen and bracket.
func fold(text string) string {
	if plain(text) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if r >= 'Ⅰ' && r <= 'Ⅻ' {
			b.WriteString(decimal(int(r-'Ⅰ') + 1))
			continue
		}
		b.WriteRune(r)
	}
	return strings.Map(foldRune, norm.NFKC.String(strings.ToValidUTF8(b.String(), "")))
}

func foldRune(r rune) rune {
	switch {
	case unicode.IsSpace(r), unicode.IsControl(r), unicode.Is(unicode.Cf, r):
		return -1
	case strings.ContainsRune("‐‑‒–—―−﹣", r):
		return '-'
	case r == '〜':
		return '~'
	case r == '【' || r == '〔' || r == '[':
		return '('
	case r == '】' || r == '〕' || r == ']':
		return ')'
	}
	return r
}

// plain reports whether fold has nothing to do: visible ASCII and the common
// ideographs, of which most cells consist.
func plain(s string) bool {
	for _, r := range s {
		common := r >= 0x4e00 && r <= 0x9fff || r == '、'
		if !common && (r <= ' ' || r >= 0x7f || r == '[' || r == ']') {
			return false
		}
	}
	return true
}

// Compact gives a text in one spelling of width, hyphens and brackets, without
// white space.
func Compact(text string) string { return fold(text) }

// Fold gives a text as headings and fixed words are compared:
// compact, and in lower case.
func Fold(text string) string { return strings.ToLower(fold(text)) }

// IsBlank reports whether a text says nothing: empty, or one of the marks that
// people put where there is nothing to say.
func IsBlank(text string) bool {
	if text != "" && text[0] >= '0' && text[0] <= '9' {
		return false
	}
	switch s := fold(text); s {
	case "无", "没有", "不详", "未知", "暂无", "空", "待补", "待查", "NULL", "null", "N/A", "n/a":
		return true
	default:
		return strings.Trim(s, "-/\\_.*。、,;:") == "" || strings.HasPrefix(s, "#N/A") || strings.HasPrefix(s, "#REF!")
	}
}

// Clean gives a text as it is kept: trimmed, without invisible characters,
// inner white space collapsed, at most limit characters.
func Clean(text string, limit int) string {
	if plain(text) && len(text) <= limit {
		return text
	}
	s := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > limit {
		s = strings.TrimSpace(string(r[:limit]))
	}
	return s
}

var wideBrackets = strings.NewReplacer("(", "（", ")", "）")

// PlaceName gives the name of an estate or a community in one spelling, with
// the full-width brackets that names are printed with.
func PlaceName(text string) string {
	s := wideBrackets.Replace(fold(text))
	if IsBlank(s) {
		return ""
	}
	return Clean(s, 60)
}

func withoutBrackets(s string) string {
	var b strings.Builder
	depth := 0
	for _, r := range s {
		switch {
		case r == '(' || r == '（':
			depth++
		case r == ')' || r == '）':
			depth = max(depth-1, 0)
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func allDigits(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}
