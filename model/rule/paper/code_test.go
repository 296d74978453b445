package paper

import (
	"bytes"
	"crypto/rand"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func draw(t *rapid.T) Code {
	seed := rapid.SliceOfN(rapid.Byte(), 200, 200).Draw(t, "chance")
	code, err := New(bytes.NewReader(append(seed, make([]byte, 50)...)))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func TestASlipOfTheHandIsNoticed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := draw(t)
		typed := []byte(strings.ReplaceAll(string(code), "-", ""))
		at := rapid.IntRange(0, len(typed)-1).Draw(t, "at")
		wrong := bytes.Clone(typed)
		wrong[at] = rapid.SampledFrom([]byte(alphabet)).Draw(t, "typed")
		if _, err := Parse(string(wrong)); wrong[at] != typed[at] && err == nil {
			t.Fatalf("%s is taken for %s", wrong, code)
		}
		if at+1 < len(typed) && typed[at] != typed[at+1] {
			swapped := bytes.Clone(typed)
			swapped[at], swapped[at+1] = swapped[at+1], swapped[at]
			if _, err := Parse(string(swapped)); err == nil {
				t.Fatalf("%s is taken for %s", swapped, code)
			}
		}
	})
}

func TestACodeIsReadAsItIsTyped(t *testing.T) {
	code, err := New(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	plain := strings.ReplaceAll(string(code), "-", "")
	wide := strings.Map(func(r rune) rune { return r + '！' - '!' }, plain)
	for _, typed := range []string{string(code), plain, strings.ToLower(plain), " " + plain[:4] + " " + plain[4:] + " ", wide} {
		if got, err := Parse(typed); err != nil || got != code {
			t.Errorf("%q is read as %q: %v", typed, got, err)
		}
	}
	for _, typed := range []string{"", plain[:11], plain + "2", "O" + plain[1:], "票" + plain[1:], strings.Repeat("2", 12) + "0"} {
		if _, err := Parse(typed); err == nil {
			t.Errorf("%q is a code", typed)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("7K3M-Q9TX-2PFC")
	f.Fuzz(func(t *testing.T, text string) {
		if code, err := Parse(text); err == nil {
			if again, err := Parse(string(code)); err != nil || again != code {
				t.Errorf("%q becomes %q", code, again)
			}
		}
	})
}
