package quantity

import (
	"testing"

	"pgregory.net/rapid"
)

func TestThingsAreCountedAndTheRestIsMeasured(t *testing.T) {
	for _, c := range []struct {
		hundredths int64
		unit, want string
	}{
		{4500, "个", "45"}, {4500, "部", "45"}, {300_000, "户", "3000"}, {100, "处", "1"}, {0, "盏", "0"}, {-200, "台", "-2"}, {500, " 组 ", "5"}, {700, "项", "7"},
		{4550, "个", "45.50"}, {1, "套", "0.01"},
		{4500, "平方米", "45.00"}, {4500, "㎡", "45.00"}, {4500, "m²", "45.00"}, {4500, "米", "45.00"}, {4550, "延米", "45.50"}, {4500, "公里", "45.00"}, {4500, "KM", "45.00"},
		{4500, "立方米", "45.00"}, {4500, "吨", "45.00"}, {4500, "亩", "45.00"}, {4500, "万元", "45.00"}, {4500, "kW", "45.00"}, {4500, "", "45.00"}, {4500, "　", "45.00"},
	} {
		if got := (Amount{c.hundredths, c.unit}).String(); got != c.want {
			t.Errorf("%d hundredths of %q are %s, want %s", c.hundredths, c.unit, got, c.want)
		}
	}
}

// TestNoAmountLosesWhatItIs reads back what was printed, of whatever unit.
func TestNoAmountLosesWhatItIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := Amount{rapid.Int64Range(-1<<53, 1<<53).Draw(t, "hundredths"), rapid.SampledFrom([]string{"个", "米", "", "户", "平方米"}).Draw(t, "unit")}
		if back, err := parse(a.String()); err != nil || int64(back) != a.Hundredths {
			t.Fatalf("%+v is printed as %s: %d, %v", a, a, back, err)
		}
	})
}
