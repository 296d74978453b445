package quantity

import (
	"math"
	"testing"
)

func TestFenArePrintedInYuan(t *testing.T) {
	for fen, want := range map[Fen]string{
		0: "0.00", 5: "0.05", 100: "1.00", 99_999: "999.99", 100_000: "1,000.00", 1_346_154: "13,461.54", 35_000_000: "350,000.00",
		123_456_789_012: "1,234,567,890.12", -150: "-1.50", -100_000: "-1,000.00", math.MinInt64: "-92,233,720,368,547,758.08",
	} {
		if got := fen.String(); got != want {
			t.Errorf("%d fen are %s, want %s", int64(fen), got, want)
		}
	}
}
