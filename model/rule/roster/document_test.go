package roster

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gongdi/model/quantity"
)

const today = quantity.Date("2026-09-18")

func TestResidentNumbersKeepGB11643(t *testing.T) {
	for _, c := range []struct {
		name, number string
		sound        bool
	}{
		{"the standard's own example", "11010519491231002X", true},
		{"a digit for a check character", "440524188001010014", true},
		{"another check character", "110105194912310021", false},
		{"the old number of 15 digits", "110105491231002", false},
		{"a day that does not exist", resident("52242419990230001"), false},
		{"a day to come", resident("52242420260919001"), false},
		{"born today", resident("52242420260918001"), true},
		{"a leap day", resident("52242420000229001"), true},
		{"a residence permit", resident("81000019900101001"), true},
		{"lower case is for the cleaner", "11010519491231002x", false},
		{"letters", "1101051949123100AX", false},
		{"nothing", "", false},
	} {
		if got := SoundResident(c.number, today); got != c.sound {
			t.Errorf("%s: sound = %v", c.name, got)
		}
	}
}

// resident adds the check character by the definition: the weighted sum of all
// 18, the last with weight 1 and X for ten, is 1 modulo 11.
func resident(first17 string) string {
	for value := range 11 {
		sum := value
		for i, r := range first17 {
			sum += int(r-'0') * (1 << (17 - i) % 11)
		}
		if sum%11 == 1 {
			return first17 + strings.Split("0 1 2 3 4 5 6 7 8 9 X", " ")[value]
		}
	}
	return ""
}

func TestOrganisationCodesKeepGB32100(t *testing.T) {
	for _, c := range []struct {
		name, code string
		sound      bool
	}{
		{"a company", "91350100M000100Y43", true},
		{"a sum that divides evenly", "91110000101623741K", true},
		{"digits only", "911101066976941872", true},
		{"another check character", "91350100M000100Y44", false},
		{"a letter outside the alphabet", "9135010OM000100Y43", false},
		{"too short", "91350100M000100Y4", false},
	} {
		if got := SoundOrganisation(c.code); got != c.sound {
			t.Errorf("%s: sound = %v", c.name, got)
		}
	}
}

func TestAnyOneWrongDigitIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := resident("52242419" + rapid.StringMatching(`[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{3}`).Draw(t, "rest"))
		if !SoundResident(number, today) {
			t.Fatalf("%s was made by the definition", number)
		}
		at, digit := rapid.IntRange(0, 16).Draw(t, "at"), rapid.StringMatching(`[0-9]`).Draw(t, "digit")
		if wrong := number[:at] + digit + number[at+1:]; wrong != number && SoundResident(wrong, today) {
			t.Fatalf("%s passed for %s", wrong, number)
		}
	})
}

func TestTheNumberSaysWhoseItIs(t *testing.T) {
	for _, c := range []struct {
		name, number, owner string
		kind                Kind
		sound               bool
	}{
		{"a person's number", "11010519491231002X", "张三", Person, true},
		{"a body's code", "91350100M000100Y43", "某某公司", Organisation, true},
		{"a body's code beside a short name", "91350100M000100Y43", "张三", Organisation, true},
		{"no number, a company's name", "", "金沙县某某开发有限公司", Organisation, false},
		{"no number, an office's name", "", "金沙县粮食局", Organisation, false},
		{"no number, a person's name", "", "张三", Person, false},
		{"no number, a longer person's name", "", "欧阳小局", Person, false},
	} {
		kind, sound := DocumentKind(c.number, c.owner, today)
		if kind != c.kind || sound != c.sound {
			t.Errorf("%s: %s, %v", c.name, kind, sound)
		}
	}
}

func TestDocumentNumbersAreCleaned(t *testing.T) {
	for in, want := range map[string]string{
		" 11010519491231002x ":   "11010519491231002X",
		"１１０１０５19491231002Ｘ":     "11010519491231002X",
		"'11010519491231002X":    "11010519491231002X",
		"身份证：11010519491231002X": "11010519491231002X",
		"无":                      "",
		"/":                      "",
		"110105 19491231 002X":   "11010519491231002X",
	} {
		if got := CleanDocument(in); got != want {
			t.Errorf("CleanDocument(%q) = %q, want %q", in, got, want)
		}
	}
}
