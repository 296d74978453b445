package project

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

func TestHundredths(t *testing.T) {
	for _, c := range []struct {
		text  string
		scale int64
		want  int64
		sound bool
	}{
		{"80.05", 1, 8005, true}, {"1,234,567.89", 1, 123456789, true}, {"12", 1, 1200, true}, {"0", 1, 0, true},
		{"104.93999999999999", 1, 10494, true}, {"104.94000000000001", 1, 10494, true}, {"1.005", 1, 0, false},
		{"12.5", 10_000, 12_500_000, true}, {"3.1415926", 10_000, 3_141_593, false}, {"", 1, 0, false}, {"-5", 1, 0, false}, {"约5", 1, 0, false}, {".5", 1, 0, false},
		{"99999999999999", 1, 0, false},
	} {
		got, err := Hundredths(c.text, c.scale)
		if (err == nil) != c.sound || c.sound && got != c.want {
			t.Errorf("%q × %d: %d %v, want %d", c.text, c.scale, got, err, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(0, 1_000_000_000_000).Draw(t, "fen")
		if got, err := Hundredths(fmt.Sprintf("%d.%02d", n/100, n%100), 1); err != nil || got != n {
			t.Fatalf("%d came back as %d %v", n, got, err)
		}
		if got, err := Hundredths(fmt.Sprint(float64(n)/100), 1); err == nil && got != n {
			t.Fatalf("%d came back as %d from a binary fraction", n, got)
		}
	})
}

func TestDaysOfASheet(t *testing.T) {
	for text, want := range map[string]string{
		"2021-03-05": "2021-03-05", "2021/3/5": "2021-03-05", "2021.3.5": "2021-03-05", "2021年3月5日": "2021-03-05", "44260": "2021-03-05", "44260.0": "2021-03-05",
		"2021-02-30": "", "2021年3月": "", "3": "", "下月": "",
	} {
		if got, err := Day(text); string(got) != want || (err == nil) != (want != "") {
			t.Errorf("%q is %q %v, want %q", text, got, err, want)
		}
	}
}

func TestWholeNumbersOfASheet(t *testing.T) {
	for text, want := range map[string]int{"12": 12, "12栋": 12, "1,200 户": 1200, "12.0": 12, "12.5": -1, "": -1, "若干": -1} {
		if got, err := Whole(text); err == nil && got != want || err != nil && want >= 0 {
			t.Errorf("%q is %d %v, want %d", text, got, err, want)
		}
	}
}
