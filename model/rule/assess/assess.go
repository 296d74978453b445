// Package assess scores units of work (考核): what was counted of each, by how
// much it weighs, and who stands before whom. Whole numbers only.
//
// Law: 金府办〔2021〕140号 五(五), 「将老旧小区改造工作列入目标考核，建立监督考核制度」；
// it names no indicator and no weight. Choice: docs/adr/0017.
package assess

import (
	"cmp"
	"errors"
	"slices"
)

// Hundredths are 0.01 of a point, or of a per cent.
type Hundredths int64

// Full is the most that a unit can have: 100 points.
const Full Hundredths = 100_00

// A Share is what was counted: Num of Den. Without a Den there is no data, and
// that is neither good nor bad.
type Share struct{ Num, Den int64 }

// Known reports whether there is anything to judge by.
func (s Share) Known() bool { return s.Den > 0 }

// Percent is the share in 0.01 per cent, rounded down; 0 without data.
func (s Share) Percent() Hundredths {
	if !s.Known() {
		return 0
	}
	return Hundredths(s.Num * 100_00 / s.Den)
}

// Score is the share of a weight in points, rounded half up to 0.01 point
// (四舍五入). What has no data scores nothing: never the full weight.
func (s Share) Score(weight int64) Hundredths {
	if !s.Known() {
		return 0
	}
	return Hundredths((2*s.Num*weight*100 + s.Den) / (2 * s.Den))
}

// Total adds up scores and items entered by hand, within 0 and Full.
func Total(scores []Hundredths, items Hundredths) Hundredths {
	for _, s := range scores {
		items += s
	}
	return min(max(items, 0), Full)
}

// Ranks gives each score its place, the highest first: equal scores share a
// place, and the next one counts all before it (1, 2, 2, 4). Nil has none.
func Ranks(scores []*Hundredths) []int {
	var sorted []Hundredths
	for _, s := range scores {
		if s != nil {
			sorted = append(sorted, *s)
		}
	}
	slices.SortFunc(sorted, func(a, b Hundredths) int { return cmp.Compare(b, a) })
	ranks := make([]int, len(scores))
	for i, s := range scores {
		if s != nil {
			ranks[i] = slices.Index(sorted, *s) + 1
		}
	}
	return ranks
}

// ErrWeights says that weights are not those of every indicator, or not 100.
var ErrWeights = errors.New("weights of every indicator, 0 to 100, that sum to 100")

// Sound refuses weights that are not one for each indicator of a kind, each
// from 0 to 100 points, together 100.
func Sound(kind Kind, weights map[string]int64) error {
	of, sum := Of(kind), int64(0)
	for _, i := range of {
		w, there := weights[i.Code]
		if !there || w < 0 || w > 100 {
			return ErrWeights
		}
		sum += w
	}
	if len(weights) != len(of) || sum != 100 {
		return ErrWeights
	}
	return nil
}
