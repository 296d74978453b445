package share

import (
	"cmp"
	"strings"
)

// Before orders homes as one walks past them: by building, stairwell, floor and
// room as numbers. A floor that is not known comes after those that are.
func Before(a, b Home) int {
	return cmp.Or(
		natural(a.Building, b.Building), natural(a.Unit, b.Unit), byLevel(a.Floor, b.Floor), natural(a.Room, b.Room), strings.Compare(a.ID, b.ID),
	)
}

func byLevel(a, b *int) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	return cmp.Compare(*a, *b)
}

// natural compares labels with their runs of digits as numbers: 2栋 before 10栋.
func natural(a, b string) int {
	for a != "" && b != "" {
		na, nb := digits(a), digits(b)
		if na == 0 || nb == 0 {
			if a[0] != b[0] {
				return cmp.Compare(a[0], b[0])
			}
			a, b = a[1:], b[1:]
			continue
		}
		x, y := strings.TrimLeft(a[:na], "0"), strings.TrimLeft(b[:nb], "0")
		if c := cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y)); c != 0 {
			return c
		}
		a, b = a[na:], b[nb:]
	}
	return cmp.Compare(len(a), len(b))
}

func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}
