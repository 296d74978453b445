package roster

import "gongdi/model/quantity"

// A Report says what a list holds. Rows counts the rows under a header that
// hold a home: sound ones (Valid), faulty ones that still name a home
// (Incomplete), and those that are left out.
type Report struct {
	Rows       int
	Valid      int
	Incomplete int
	Errors     []Finding
	Warnings   []Finding
	Estates    []Figures // in the order of their first rows
}

// Figures are those of one estate in the file. Properties and Area count the
// sound rows.
type Figures struct {
	Community  string
	Estate     string
	Properties int
	Area       quantity.Area
	Incomplete int
}

type estateName struct{ community, estate string }

// count adds a judged row.
func (r *reader) count(row *Row) {
	r.report.Rows++
	if row.Finding != nil {
		r.report.Errors = append(r.report.Errors, *row.Finding)
	}
	name := estateName{row.Community, row.Estate}
	at, known := r.figures[name]
	if !known {
		at = len(r.report.Estates)
		r.figures[name] = at
		r.report.Estates = append(r.report.Estates, Figures{Community: row.Community, Estate: row.Estate})
	}
	f := &r.report.Estates[at]
	switch {
	case row.Sound():
		r.report.Valid++
		f.Properties++
		f.Area += *row.Area
	case row.Incomplete():
		r.report.Incomplete++
		f.Incomplete++
	}
}

func (r *reader) warn(f Finding) {
	f.Message = f.Code.Message()
	r.report.Warnings = append(r.report.Warnings, f)
}
