package roster

import (
	"gongdi/model/quantity"
	rule "gongdi/model/rule/roster"
)

// An Owner is one of those who own a home together. Document and Phone are
// normalised and may be empty; only a sound document number joins homes of the
// same owner. Phone is kept as written when it cannot be a telephone's.
type Owner struct {
	Kind          rule.Kind
	Name          string
	Document      string
	DocumentSound bool
	Phone         string
}

// A Row is one line of the list that holds a home (专有部分). Building, Unit and
// Room are the normalised words, Printed the cells as they stand. Area is nil
// when it is missing or wrong.
type Row struct {
	Sheet      string
	Number     int // the spreadsheet's own row, from 1
	Community  string
	Estate     string
	Building   string
	Unit       string
	Room       string
	Printed    rule.Home
	Floor      *int
	FloorLabel string
	Use        rule.Use
	Area       *quantity.Area
	AreaSource rule.AreaSource

	Certificate string
	Owners      []Owner
	RawDocument string   // the cell, when a number is unsound or none can be told to whom it belongs
	SparePhones []string // beyond one for each owner
	Tenure      rule.Tenure
	BuiltYear   *int
	Note        string

	Key     string   // the home within its estate
	Finding *Finding // the error, nil for a sound row
}

// Sound reports whether nothing is wrong with the row.
func (r *Row) Sound() bool { return r.Finding == nil }

// Incomplete reports whether the row is faulty and still names a home: it may
// be stored, for the office to complete.
func (r *Row) Incomplete() bool { return r.Finding != nil && !r.Finding.Code.LeavesOut() }

// Label is the home as it is called: 1栋1单元101.
func (r *Row) Label() string { return r.Building + r.Unit + r.Room }
