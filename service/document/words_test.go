package document

import (
	"bytes"
	"image/png"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestRatiosAreNamedAsTheLawNamesThem(t *testing.T) {
	for want, r := range map[string]Ratio{
		"三分之二以上": {2, 3, false}, "四分之三以上": {3, 4, false}, "过半数": {1, 2, true}, "二分之一以上": {1, 2, false},
		"超过四分之三": {3, 4, true}, "百分之八十五以上": {85, 100, false}, "二十分之十七以上": {17, 20, false},
		"全部": {1, 1, false}, "137/200以上": {137, 200, false},
	} {
		if got := r.String(); got != want {
			t.Errorf("%+v is named %s, want %s", r, got, want)
		}
	}
}

func TestTheLeastNumberIsTheFirstOfWhichTheRatioHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		den := rapid.Int64Range(1, 100).Draw(t, "den")
		r := Ratio{rapid.Int64Range(0, den).Draw(t, "num"), den, rapid.Bool().Draw(t, "strict")}
		base := rapid.Int64Range(0, 1e12).Draw(t, "base")
		holds := func(n int64) bool {
			c := new(big.Int).Mul(big.NewInt(n), big.NewInt(r.Den)).Cmp(new(big.Int).Mul(big.NewInt(base), big.NewInt(r.Num)))
			return c > 0 || c == 0 && !r.Strict
		}
		if n := r.least(base); !holds(n) || n > 0 && holds(n-1) {
			t.Fatalf("%v of %d is %d", r, base, n)
		}
	})
}

func TestPercentagesAreRoundedDown(t *testing.T) {
	for _, c := range []struct {
		part, base int64
		want       string
	}{
		{2, 3, "66.66%"}, {1, 3, "33.33%"}, {3, 3, "100.00%"}, {999_999, 1_000_000, "99.99%"},
		{0, 5, "0.00%"}, {0, 0, "—"}, {1, 20_000, "0.00%"}, {2_000_000_000_000, 3_000_000_000_000, "66.66%"},
	} {
		if got := percent(c.part, c.base); got != c.want {
			t.Errorf("%d of %d is %s, want %s", c.part, c.base, got, c.want)
		}
	}
}

func TestNumeralsAreChinese(t *testing.T) {
	for n, want := range map[int64]string{1: "一", 10: "十", 11: "十一", 20: "二十", 99: "九十九", 100: "100", 0: "0"} {
		if got := numeral(n); got != want {
			t.Errorf("%d is %s", n, got)
		}
	}
}

func TestACodeIsASquarePicture(t *testing.T) {
	file, err := QR("https://gongdi.example.cn/m/1", 256)
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(file))
	if err != nil || picture.Bounds().Dx() != 256 || picture.Bounds().Dy() != 256 {
		t.Errorf("%v, %v", picture, err)
	}
	if _, err := QR(strings.Repeat("长", 2000), 256); err == nil {
		t.Error("a text beyond any code is drawn")
	}
	r := liftMotion()
	r.CheckURL = strings.Repeat("长", 2000)
	if err := ResultPDF(&bytes.Buffer{}, r); err == nil {
		t.Error("an announcement lacks its code and nobody is told")
	}
}
