package roster

import (
	"cmp"
	"errors"

	rule "gongdi/model/rule/roster"
)

// Lengths that the longest honest cell keeps within.
const (
	labelLimit       = 60
	certificateLimit = 200
	noteLimit        = 500
)

// judge makes a row of a record, says what is wrong with it, counts it and
// hands it over.
func (s *sheet) judge(r record) error {
	if s.report.Rows >= maxHomes {
		return ErrTooLarge
	}
	row, people := s.row(&r), s.people(&r)
	people.own(&row)
	if code, f := s.fault(&row, &r, people); code != "" {
		row.Finding = &Finding{Sheet: s.name, Row: r.number, Column: letters(s.column(f)), Code: code, Message: code.Message()}
	}
	s.judgeKind(s, estateName{row.Community, row.Estate})
	s.count(&row)
	s.caution(&row, people)
	return s.hand(row)
}

func (s *sheet) row(r *record) Row {
	place := r.text[room]
	if rule.IsBlank(place) {
		place = r.text[address]
	}
	home := rule.Place(r.text[building], r.text[unit], place)
	row := Row{
		Sheet: s.name, Number: r.number,
		Building: home.Building, Unit: home.Unit, Room: home.Room,
		Printed: rule.Home{
			Building: rule.Clean(r.text[building], labelLimit),
			Unit:     rule.Clean(r.text[unit], labelLimit),
			Room:     rule.Clean(place, labelLimit),
		},
		FloorLabel:  rule.Clean(r.text[floor], labelLimit),
		Use:         rule.UseOf(r.text[use]),
		AreaSource:  s.source(r),
		Certificate: text(r.text[certificate], certificateLimit),
		Tenure:      rule.TenureOf(r.text[tenure]),
		Note:        text(r.text[note], noteLimit),
		Key:         rule.Key(home.Building, home.Unit, home.Room),
	}
	row.Community, row.Estate = s.names(r)
	if n, ok := rule.Floor(r.text[floor]); ok {
		row.Floor = &n
	}
	if n, ok := rule.BuiltYear(r.text[builtYear]); ok {
		row.BuiltYear = &n
	}
	if a, err := rule.Area(s.area(r)); err == nil && a > 0 {
		row.Area = &a
	}
	return row
}

func text(s string, limit int) string {
	if rule.IsBlank(s) {
		return ""
	}
	return rule.Clean(s, limit)
}

// names are the community and the estate of a row.
func (s *sheet) names(r *record) (string, string) {
	return cmp.Or(rule.PlaceName(r.text[community]), s.heading.community),
		cmp.Or(rule.PlaceName(r.text[estate]), s.heading.estate)
}

// source is where the row says its area comes from, or else the heading
// above the areas (登记面积).
func (s *sheet) source(r *record) rule.AreaSource {
	source := rule.AreaSourceOf(r.text[areaSource])
	if source == "" {
		source = s.columns.source
	}
	s.sourced = s.sourced || source != ""
	return source
}

func (s *sheet) area(r *record) string {
	if s.columns.areaAt < 0 {
		return ""
	}
	return r.text[s.columns.areaKind]
}

// fault gives the first error that applies to a row, and the field it is in.
// A row without a room and the second one for a home come before the others:
// they are left out whatever else is wrong with them. The first row for a home
// keeps it, faulty or not.
func (s *sheet) fault(row *Row, r *record, people people) (Code, field) {
	if row.Room == "" {
		return RoomMissing, room
	}
	if s.repeated(row) {
		return DuplicateProperty, room
	}
	if code := areaFault(s.area(r)); code != "" {
		return code, s.columns.areaKind
	}
	return people.fault()
}

func areaFault(text string) Code {
	a, err := rule.Area(text)
	switch {
	case errors.Is(err, rule.ErrAreaBlank):
		return AreaMissing
	case err != nil:
		return AreaInvalid
	case a <= 0:
		return AreaNotPositive
	}
	return ""
}

// column is where a field stands in the sheet, or what stands for it.
func (s *sheet) column(f field) int {
	at := s.columns.at
	if f == s.columns.areaKind {
		return s.columns.areaAt
	}
	if f == room && at[room] < 0 {
		return at[address]
	}
	if f == owner && at[owner] < 0 {
		return at[household]
	}
	return at[f]
}

// caution warns of what does not stop a row.
func (s *sheet) caution(row *Row, people people) {
	if !people.phonesSound {
		s.warn(Finding{Sheet: s.name, Row: row.Number, Column: letters(s.column(phone)), Code: PhoneInvalid})
	}
	if row.BuiltYear != nil && *row.BuiltYear > s.options.BuiltThrough {
		s.warn(Finding{Sheet: s.name, Row: row.Number, Column: letters(s.column(builtYear)), Code: BuiltYearOutOfScope})
	}
}
