package document

import (
	"bytes"
	"testing"
	"time"
)

// TestACircularPrintsEveryPlaceAndWhyItIs prints both kinds, items by hand and
// a unit without data.
func TestACircularPrintsEveryPlaceAndWhyItIs(t *testing.T) {
	mark := AssessedMark{Label: "诉求按期办结率", NumLabel: "按期答复", DenLabel: "按期答复与逾期之和", Weight: 35, Num: 2, Den: 3, Percent: 66_66, Score: 23_33}
	a := Assessment{
		Period: "2026-Q4", From: "2026-10-01", Until: "2026-12-31", Day: "2027-01-04", AsOf: time.Date(2027, 1, 4, 2, 0, 0, 0, time.UTC), Issuer: "鼓场街道办事处", Version: 2, Reason: "异议成立", Ranked: 2,
		Units: []AssessedUnit{
			{Place: 1, Name: "县水务局", Score: 21_08, Measured: 35, Marks: []AssessedMark{mark, {Label: "一次办结率", Weight: 15}}, Items: []AssessedItem{{-2_25, "迟报材料"}}},
			{Place: 2, Name: "河滨社区", Community: true, Score: 5, Measured: 35, Marks: []AssessedMark{mark}},
			{Name: "县财政局", Marks: []AssessedMark{mark}},
		},
	}
	var out bytes.Buffer
	if err := AssessmentBulletin(&out, a); err != nil {
		t.Fatal(err)
	}
	for n, want := range map[int64]string{-225: "-2.25", 5: "0.05", 10000: "100.00", -5: "-0.05"} {
		if got := points(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
	if !bytes.HasPrefix(out.Bytes(), []byte("%PDF")) || out.Len() < 5000 {
		t.Errorf("%d bytes", out.Len())
	}
}
