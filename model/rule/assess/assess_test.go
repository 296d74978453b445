package assess_test

import (
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"gongdi/model/quantity"
	"gongdi/model/rule/assess"
)

func TestScoresRoundHalfUpAndNoDataScoresNothing(t *testing.T) {
	for _, c := range []struct {
		says           string
		share          assess.Share
		weight         int64
		score, percent assess.Hundredths
	}{
		{"all of it", assess.Share{Num: 7, Den: 7}, 35, 35_00, 100_00},
		{"two of three", assess.Share{Num: 2, Den: 3}, 10, 6_67, 66_66},
		{"one of eight of a point is 0.125", assess.Share{Num: 1, Den: 8}, 1, 13, 12_50},
		{"one of two hundred is half a hundredth", assess.Share{Num: 1, Den: 200}, 1, 1, 50},
		{"just below half a hundredth", assess.Share{Num: 1, Den: 201}, 1, 0, 49},
		{"none of it", assess.Share{Num: 0, Den: 9}, 35, 0, 0},
		{"no data is not full", assess.Share{}, 35, 0, 0},
		{"no weight", assess.Share{Num: 3, Den: 3}, 0, 0, 100_00},
	} {
		if got := c.share.Score(c.weight); got != c.score {
			t.Errorf("%s: score %d, want %d", c.says, got, c.score)
		}
		if got := c.share.Percent(); got != c.percent {
			t.Errorf("%s: percent %d, want %d", c.says, got, c.percent)
		}
	}
}

// TestScoresAreThoseOfFractions compares with exact fractions.
func TestScoresAreThoseOfFractions(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		den := random.Int64N(5000) + 1
		s, weight := assess.Share{Num: random.Int64N(den + 1), Den: den}, random.Int64N(101)
		exact := new(big.Rat).Add(big.NewRat(s.Num*weight*100, den), big.NewRat(1, 2))
		want := new(big.Int).Quo(exact.Num(), exact.Denom()).Int64()
		if got := s.Score(weight); int64(got) != want || got > assess.Hundredths(weight*100) {
			t.Fatalf("%d of %d, weight %d: %d, want %d", s.Num, s.Den, weight, got, want)
		}
	}
}

func TestATotalStaysWithinNothingAndAHundred(t *testing.T) {
	for _, c := range []struct {
		scores      []assess.Hundredths
		items, want assess.Hundredths
	}{{nil, 0, 0}, {[]assess.Hundredths{60_00, 30_50}, 2_00, 92_50}, {[]assess.Hundredths{99_00}, 5_00, 100_00}, {[]assess.Hundredths{1_00}, -5_00, 0}} {
		if got := assess.Total(c.scores, c.items); got != c.want {
			t.Errorf("%v and %d: %d, want %d", c.scores, c.items, got, c.want)
		}
	}
}

func TestTiesShareARank(t *testing.T) {
	of := func(n assess.Hundredths) *assess.Hundredths { return &n }
	for _, c := range []struct {
		scores []*assess.Hundredths
		want   []int
	}{
		{[]*assess.Hundredths{of(80), of(90), of(80), of(70)}, []int{2, 1, 2, 4}},
		{[]*assess.Hundredths{of(1), nil, of(1)}, []int{1, 0, 1}},
		{[]*assess.Hundredths{nil, nil}, []int{0, 0}},
		{nil, []int{}},
	} {
		if got := assess.Ranks(c.scores); !slices.Equal(got, c.want) {
			t.Errorf("ranks %v, want %v", got, c.want)
		}
	}
}

func TestWeightsSumToAHundred(t *testing.T) {
	for _, kind := range assess.Kinds {
		sound := map[string]int64{}
		for _, i := range assess.Of(kind) {
			if i.Label == "" || i.Num == "" || i.Den == "" {
				t.Errorf("%s is not explained", i.Code)
			}
			sound[i.Code] = 0
		}
		sound[assess.CasesInTime], sound[assess.FaultsMended] = 60, 40
		if err := assess.Sound(kind, sound); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		for _, spoil := range []func(map[string]int64){
			func(w map[string]int64) { w[assess.CasesInTime] = 61 },
			func(w map[string]int64) { w[assess.CasesInTime], w[assess.FaultsMended] = 110, -10 },
			func(w map[string]int64) { delete(w, assess.CasesSatisfied) },
			func(w map[string]int64) { w["unknown"] = 0 },
		} {
			weights := map[string]int64{}
			for k, v := range sound {
				weights[k] = v
			}
			if spoil(weights); assess.Sound(kind, weights) == nil {
				t.Errorf("%s: %v is sound", kind, weights)
			}
		}
	}
}

func TestPeriodsAreMonthsAndQuarters(t *testing.T) {
	for text, want := range map[string][2]quantity.Date{
		"2026-11": {"2026-11-01", "2026-11-30"}, "2026-12": {"2026-12-01", "2026-12-31"}, "2024-02": {"2024-02-01", "2024-02-29"},
		"2026-Q1": {"2026-01-01", "2026-03-31"}, "2026-Q4": {"2026-10-01", "2026-12-31"},
	} {
		p, err := assess.ParsePeriod(text)
		if err != nil || p.From != want[0] || p.Until != want[1] || p.Name != text {
			t.Errorf("%s: %+v, %v", text, p, err)
		}
		if p.Over(want[1]) || !p.Over(want[1].AddDays(1)) {
			t.Errorf("%s is over on the wrong day", text)
		}
	}
	for text, want := range map[string]string{"2026-11": "2026年11月", "2026-02": "2026年2月", "2026-Q4": "2026年第4季度"} {
		if p, err := assess.ParsePeriod(text); err != nil || p.Words() != want {
			t.Errorf("%s is called %q: %v", text, p.Words(), err)
		}
	}
	for _, text := range []string{"", "2026", "2026-13", "2026-00", "2026-Q5", "2026-Q0", "1999-01", "2026-1", "2026-Q", "2026-11-01", "２０２６-11"} {
		if p, err := assess.ParsePeriod(text); err == nil {
			t.Errorf("%q is %+v", text, p)
		}
	}
}
