package document

import (
	"fmt"
	"io"

	"gongdi/model/quantity"
)

// Report is a paper of figures that goes upward: parts with tables, and bars
// beside them, with the day of its data and who made it.
type Report struct {
	Title, Scope string
	Parts        []ReportPart
	From         Provenance
}

// ReportPart is a table with what has to be said of it. A cell is a text, an
// int64, a quantity.Area in square metres, a quantity.Fen in yuan, a quantity.Amount
// of a unit that stands beside it, or a Share.
type ReportPart struct {
	Title, Note string
	Heads       []WorkHead
	Rows        [][]any
	Bars        []ReportBar
}

// Share is a part of a base; it is shown in per cent, rounded down.
type Share struct{ Part, Base int64 }

// ReportBar is a line of a chart: so much of a base.
type ReportBar struct {
	Label string
	Share
}

// ReportPDF writes a report: A4.
func ReportPDF(w io.Writer, r Report) error {
	s, err := newSheet(r.Scope + r.Title)
	if err != nil {
		return fmt.Errorf("write a report: %w", err)
	}
	s.title(r.Scope, r.Title)
	s.dated(r.From)
	for _, p := range r.Parts {
		s.heading(p.Title)
		t := table{}
		for i, h := range p.Heads {
			stand := centred
			if i == 0 {
				stand = flushLeft
			}
			t.columns = append(t.columns, column{h.Name, h.Share, stand})
		}
		for _, row := range p.Rows {
			cells := make([]string, 0, len(row))
			for _, cell := range row {
				cells = append(cells, printed(cell))
			}
			t.rows = append(t.rows, cells)
		}
		s.table(t)
		chart := make([]SurveyOption, 0, len(p.Bars))
		for _, b := range p.Bars {
			n, _ := basisPoints(b.Part, b.Base)
			chart = append(chart, SurveyOption{Label: b.Label, N: b.Part, Share: n})
		}
		s.bars(chart)
		if p.Note != "" {
			s.skip(smallLead / 3)
			s.note(p.Note)
		}
	}
	return s.finish(w)
}

func printed(cell any) string {
	switch v := cell.(type) {
	case Share:
		return percent(v.Part, v.Base)
	case quantity.Area:
		return v.String()
	case quantity.Fen:
		return v.String()
	case quantity.Amount:
		return v.String()
	default:
		return fmt.Sprint(v)
	}
}

// ReportBook writes the same report as .xlsx, a part to a sheet.
func ReportBook(w io.Writer, r Report) error {
	b := newBook(r.From)
	about := b.tab("说明", field{"项目", 20}, field{"内容", 60})
	about.add("名称", r.Scope+r.Title)
	about.facts(r.From)
	for _, p := range r.Parts {
		if p.Note != "" {
			about.add(p.Title, p.Note)
		}
	}
	about.end()
	for _, p := range r.Parts {
		fields := make([]field, 0, len(p.Heads))
		for i, h := range p.Heads {
			width := 14.0
			if i == 0 {
				width = 28
			}
			fields = append(fields, field{h.Name, width})
		}
		t := b.tab(p.Title, fields...)
		for _, row := range p.Rows {
			cells := make([]any, 0, len(row))
			for _, cell := range row {
				cells = append(cells, inBook(cell))
			}
			t.add(cells...)
		}
		t.end()
	}
	return b.finish(w)
}

func inBook(cell any) any {
	switch v := cell.(type) {
	case Share:
		return proportion{v.Part, v.Base}
	case quantity.Area:
		return squareMetres(v)
	case quantity.Fen:
		return hundredths(v)
	case quantity.Amount:
		if n, ok := v.Count(); ok {
			return n
		}
		return hundredths(v.Hundredths)
	default:
		return v
	}
}
