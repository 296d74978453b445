package evidence

import (
	"fmt"
	"strconv"
)

// Finding is one thing that does not match, or that is worth knowing.
type Finding struct {
	Code    string `json:"code"`
	Where   string `json:"where"` // file, or file:line
	Message string `json:"message"`
}

// Report is what checking a bundle came to.
type Report struct {
	Sealed   Sealed    // as the bundle claims it
	Tally    Tally     // as it comes out of roll and ballots
	Result   Result    // the same, judged by the rule
	Pinned   bool      // checked with a key from elsewhere
	Findings []Finding // what does not match, at most maxFindings of them
	Further  int       // how many more there were
	Remarks  []Finding // what matches but can be objected to, or cannot be known
}

// Sound reports whether everything matches. Without a key from elsewhere that
// says only that the bundle agrees with itself.
func (r Report) Sound() bool { return len(r.Findings) == 0 }

// maxFindings is how many findings, and how many remarks, are told one by one.
const maxFindings = 200

type findings struct {
	list    []Finding
	further int
}

func (f *findings) add(code, where, format string, args ...any) {
	if len(f.list) == maxFindings {
		f.further++
		return
	}
	f.list = append(f.list, Finding{Code: code, Where: where, Message: fmt.Sprintf(format, args...)})
}

// line names a line of a file, from 1.
func line(file string, number int) string { return file + ":" + strconv.Itoa(number) }
