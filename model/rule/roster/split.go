package roster

import (
	"slices"
	"strings"
	"unicode"
)

// cellLimit bounds what one cell is split into; no home has so many owners.
const cellLimit = 4000

// separated splits at the marks that people put between entries of a list.
func separated(text string) []string {
	if len(text) > cellLimit {
		text = strings.ToValidUTF8(text[:cellLimit], "")
	}
	parts := strings.FieldsFunc(text, func(r rune) bool {
		return strings.ContainsRune("、,，;；/／|｜\n\r﹑､؛", r)
	})
	return slices.DeleteFunc(parts, IsBlank)
}

// Names splits the owners in one cell (产权人). Commas and the like part them;
// a space does only between names that are whole, and not within 张 三 or John
// Smith. count, when above zero, is how many document numbers stand beside.
func Names(text string, count int) []string {
	var names []string
	for _, part := range separated(text) {
		names = append(names, bySpaces(part, count)...)
	}
	return names
}

func bySpaces(part string, count int) []string {
	fields := strings.Fields(Clean(part, cellLimit))
	odd := func(f string) bool { return !chineseName(f) }
	whole := len(fields) > 1 && count != 1 && !slices.ContainsFunc(fields, odd)
	if whole && (count == len(fields) || !slices.Contains(compoundSurnames, fields[0])) {
		return fields
	}
	return []string{joined(fields)}
}

// chineseName allows for two to four characters.
func chineseName(s string) bool {
	n := 0
	for _, r := range s {
		if !unicode.Is(unicode.Han, r) {
			return false
		}
		n++
	}
	return n >= 2 && n <= 4
}

// joined closes the spaces that only pad Chinese characters.
func joined(fields []string) string {
	var b strings.Builder
	for i, f := range fields {
		if i > 0 && (isLatin(lastRune(fields[i-1])) || isLatin(f)) {
			b.WriteByte(' ')
		}
		b.WriteString(f)
	}
	return Clean(b.String(), 100)
}

func isLatin(s string) bool {
	for _, r := range s {
		return r < 0x250 && unicode.IsLetter(r)
	}
	return false
}

// Documents splits the document numbers in one cell (证件号码) and cleans each.
// Spaces inside one number are closed; spaces between whole numbers part them.
func Documents(text string) []string {
	var numbers []string
	for _, part := range separated(text) {
		fields := strings.Fields(Clean(part, cellLimit))
		short := func(f string) bool { return len([]rune(f)) < 15 }
		if len(fields) == 1 || slices.ContainsFunc(fields, short) {
			fields = []string{strings.Join(fields, "")}
		}
		for _, f := range fields {
			if n := CleanDocument(f); n != "" {
				numbers = append(numbers, Clean(n, 64))
			}
		}
	}
	return numbers
}

// Phones splits the telephone numbers in one cell (联系电话) and cleans each;
// sound is false when one of them cannot be a telephone's.
func Phones(text string) (phones []string, sound bool) {
	sound = true
	for _, part := range separated(text) {
		whole, ok := CleanPhone(part)
		fields := strings.Fields(Clean(part, cellLimit))
		if ok || len(fields) < 2 {
			phones, sound = append(phones, whole), sound && ok
			continue
		}
		for _, f := range fields {
			one, ok := CleanPhone(f)
			phones, sound = append(phones, one), sound && ok
		}
	}
	return phones, sound
}
