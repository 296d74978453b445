// Package scheme says what a renovation scheme's contents mean for one another:
// how two versions differ, and whether what comes last is paid before what
// comes first.
package scheme

import (
	"slices"

	"gongdi/model/quantity"
)

// State is what a scheme says of one content (改造内容).
type State string

// The states. A content that a scheme does not name is one that nobody has
// looked at.
const (
	Planned  State = "planned"  // 纳入本次改造
	Deferred State = "deferred" // 需要改造，暂缓
	Sound    State = "sound"    // 现状完好，不需改造
)

// Line is one content of a scheme.
type Line struct {
	Code     string
	State    State
	Quantity int64 // in hundredths of its unit
	Estimate quantity.Fen
	Note     string
}

// Change is one content on which two versions differ; Before or After is nil
// where a version does not name it.
type Change struct {
	Code          string
	Before, After *Line
}

// Diff lists where two versions differ: first what the later one names, in its
// order, then what it leaves out. Each version names a content once.
func Diff(before, after []Line) []Change {
	var out []Change
	for i := range after {
		was := find(before, after[i].Code)
		if was == nil || *was != after[i] {
			out = append(out, Change{after[i].Code, was, &after[i]})
		}
	}
	for i := range before {
		if find(after, before[i].Code) == nil {
			out = append(out, Change{before[i].Code, &before[i], nil})
		}
	}
	return out
}

func find(lines []Line, code string) *Line {
	at := slices.IndexFunc(lines, func(l Line) bool { return l.Code == code })
	if at < 0 {
		return nil
	}
	return &lines[at]
}
