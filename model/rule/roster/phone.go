package roster

import (
	"regexp"
	"strings"
)

var (
	mobile    = regexp.MustCompile(`^1[3-9][0-9]{9}$`)
	landline  = regexp.MustCompile(`^(?:0(?:10|2[0-9]|[3-9][0-9]{2}))?[2-9][0-9]{6,7}$`)
	hotline   = regexp.MustCompile(`^[48]00[0-9]{7}$`)
	extension = regexp.MustCompile(`^(.*[0-9])(?:转|-|EXT\.?)([0-9]{1,6})$`)
	country   = regexp.MustCompile(`^(?:\+|00)86|^86(1[3-9][0-9]{9})$`)
)

// CleanPhone gives a telephone number as it is compared, digits only, and
// whether it can be one: a mobile number of the mainland, with +86 or without,
// or a landline with or without its area code, perhaps with an extension.
// What cannot be one is given back as it was written.
func CleanPhone(text string) (string, bool) {
	s := plainNumber(strings.ToUpper(fold(text)))
	if _, after, labelled := strings.Cut(s, ":"); labelled {
		s = after
	}
	if bare := digitsOf(s); soundPhone(bare) {
		return bare, true
	}
	if m := extension.FindStringSubmatch(s); m != nil {
		if bare := digitsOf(m[1]); soundPhone(bare) && !mobile.MatchString(bare) {
			return bare + "-" + m[2], true
		}
	}
	return Clean(text, 40), false
}

func digitsOf(s string) string {
	s = strings.NewReplacer("-", "", "(", "", ")", "", ".", "", "'", "").Replace(s)
	return country.ReplaceAllString(s, "$1")
}

func soundPhone(s string) bool {
	return mobile.MatchString(s) || landline.MatchString(s) || hotline.MatchString(s)
}

// IsMobile reports whether a cleaned number is a mobile one, which alone can
// take part in matching a phone.
func IsMobile(phone string) bool { return mobile.MatchString(phone) }
