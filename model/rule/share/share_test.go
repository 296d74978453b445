package share

import (
	"errors"
	"math"
	"testing"

	"gongdi/model/quantity"
)

func TestHomesComeAsOneWalksPastThem(t *testing.T) {
	floor := func(n int) *int { return &n }
	sorted := []Home{
		{Building: "2栋", Unit: "1单元", Floor: floor(1), Room: "101"},
		{Building: "2栋", Unit: "2单元", Floor: floor(1), Room: "101"},
		{Building: "2栋", Unit: "10单元", Floor: floor(-1), Room: "负101"},
		{Building: "2栋", Unit: "10单元", Floor: floor(2), Room: "99"},
		{Building: "2栋", Unit: "10单元", Floor: floor(2), Room: "0201"},
		{Building: "2栋", Unit: "10单元", Floor: floor(2), Room: "202"},
		{Building: "2栋", Unit: "10单元", Floor: floor(2), Room: "202A"},
		{Building: "2栋", Unit: "10单元", Floor: floor(10), Room: "1001", ID: "a"},
		{Building: "2栋", Unit: "10单元", Floor: floor(10), Room: "1001", ID: "b"},
		{Building: "2栋", Unit: "10单元", Room: "101"},
		{Building: "10栋", Unit: "1单元", Floor: floor(1), Room: "101"},
	}
	for i, a := range sorted {
		for j, b := range sorted {
			if got := Before(a, b); (got < 0) != (i < j) || (got == 0) != (i == j) {
				t.Errorf("%v against %v: %d", a, b, got)
			}
		}
	}
}

func TestWeightsBeyondSixtyFourBitsAreRefused(t *testing.T) {
	for name, weights := range map[string][]int64{"negative": {1, -1}, "sum": {math.MaxInt64, math.MaxInt64, math.MaxInt64}} {
		if _, err := Apportion(1, weights); !errors.Is(err, map[string]error{"negative": ErrNegative, "sum": ErrTooLarge}[name]) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Apportion(-1, []int64{1}); !errors.Is(err, ErrNegative) {
		t.Error(err)
	}
	floor, coefficient := 1, int64(math.MaxInt64)
	_, err := Divide(1, Sharing{Mode: CoefficientArea}, []Home{{Floor: &floor, Area: 2, Coefficient: &coefficient}})
	if !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
	parts, err := Apportion(quantity.MaxFen, []int64{math.MaxInt64, math.MaxInt64})
	if err != nil || parts[0] != quantity.MaxFen/2 || parts[1] != quantity.MaxFen/2 {
		t.Error(parts, err)
	}
}

// TestARefusalSaysWhere names the home and the floor, the lowest of several.
func TestARefusalSaysWhere(t *testing.T) {
	one, two := 1, 2
	homes := []Home{{ID: "b", Floor: &two, Area: 1}, {ID: "a", Floor: &one, Area: 1}}
	var r *Refusal
	_, err := Divide(1, Sharing{Mode: Coefficient}, homes)
	if !errors.As(err, &r) || r.Code != "floor_not_set" || r.Home != "a" || *r.Floor != 1 || r.Error() != "floor_not_set: floor 1" {
		t.Errorf("%v", err)
	}
	_, err = Divide(1, Sharing{Mode: PercentByFloor, Percents: map[int]int64{7: 5000, 8: 5000}}, homes)
	if !errors.As(err, &r) || r.Code != "floor_without_payer" || *r.Floor != 7 {
		t.Errorf("%v", err)
	}
}

func TestBuyingInAsksForTheSameWhole(t *testing.T) {
	shares := []Share{{Home: Home{ID: "a"}, Fen: 6}, {Home: Home{ID: "b"}, Fen: 4}}
	for name, paid := range map[string]map[string]quantity.Fen{
		"another whole": {"a": 9},
		"other terms":   {"a": 2, "b": 8},
	} {
		if _, err := BuyIn(paid, shares); !errors.Is(err, ErrFixedNotWhole) {
			t.Errorf("%s: %v", name, err)
		}
	}
	moves, err := BuyIn(map[string]quantity.Fen{"a": 10}, shares)
	if err != nil || moves[0] != (Move{HomeID: "a", Back: 4}) || moves[1] != (Move{HomeID: "b", Pays: 4}) {
		t.Error(moves, err)
	}
}
