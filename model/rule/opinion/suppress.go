package opinion

import "slices"

// FewestShown is how many respondents a slice of an anonymous survey needs to
// be shown.
const FewestShown = 5

// Hidden says which slices of a whole that is shown are not: each of fewer
// than FewestShown, and, where those together could be had by subtraction, the
// next smallest with them. Rest are those of the whole who are in no slice. What
// is hidden together with them is nobody, or at least FewestShown.
func Hidden(sizes []int64, rest int64) []bool {
	hidden := make([]bool, len(sizes))
	order := make([]int, len(sizes))
	for i := range sizes {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return int(sizes[a] - sizes[b]) })
	together := rest
	for _, i := range order {
		if sizes[i] >= FewestShown && (together == 0 || together >= FewestShown) {
			break
		}
		hidden[i] = true
		together += sizes[i]
	}
	return hidden
}
