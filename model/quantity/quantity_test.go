package quantity

import (
	"encoding/json"
	"errors"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestAreaIsReadExactly(t *testing.T) {
	for _, c := range []struct {
		in   string
		want Area
		err  error
	}{
		{"104.94", 10494, nil},
		{"80", 8000, nil},
		{"80.5", 8050, nil},
		{"0.01", 1, nil},
		{"66.630", 6663, nil},
		{"-52.35", -5235, nil},
		{"0", 0, nil},
		{"104.945", 0, ErrAreaFraction},
		{"1e3", 0, ErrAreaSyntax},
		{"", 0, ErrAreaSyntax},
		{".5", 0, ErrAreaSyntax},
		{"5.", 0, ErrAreaSyntax},
		{"--5", 0, ErrAreaSyntax},
		{"99999999999", 0, ErrAreaRange},
		{"99999999999999999999999", 0, ErrAreaRange},
	} {
		got, err := ParseArea(c.in)
		if got != c.want || !errors.Is(err, c.err) {
			t.Errorf("ParseArea(%q) = %d, %v; want %d, %v", c.in, got, err, c.want, c.err)
		}
	}
}

func TestAreaSurvivesText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := Area(rapid.Int64Range(-math.MaxInt64/2, math.MaxInt64/2).Draw(t, "area"))
		b, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		var back Area
		if err := json.Unmarshal(b, &back); err != nil || back != a {
			t.Fatalf("%d became %s became %d (%v)", a, b, back, err)
		}
	})
}

func TestDaysBeginInShanghai(t *testing.T) {
	at := time.Date(2026, 9, 17, 16, 0, 0, 0, time.UTC)
	if got := DateOf(at); got != "2026-09-18" {
		t.Errorf("16:00 UTC is the next day in Shanghai, got %s", got)
	}
	if got := DateOf(at.Add(-time.Millisecond)); got != "2026-09-17" {
		t.Errorf("a millisecond earlier is still the day before, got %s", got)
	}
	if !Date("2026-09-18").Start().Equal(at) {
		t.Error("the day starts at that instant")
	}
	if got := Date("2024-02-28").AddDays(2); got != "2024-03-01" {
		t.Errorf("leap year: got %s", got)
	}
	if _, err := ParseDate("2026-02-30"); !errors.Is(err, ErrDateSyntax) {
		t.Error("30 February does not exist")
	}
}
