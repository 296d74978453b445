package document

import (
	"io"
	"strings"
)

// QuestionnaireColumn is the head of a column and its width in characters.
type QuestionnaireColumn struct {
	Head  string
	Width float64
}

// Questionnaire writes a questionnaire as a workbook that somebody edits and
// gives back: a sheet of rows under the columns' heads, and one of notes.
func Questionnaire(w io.Writer, columns []QuestionnaireColumn, rows [][]string, notes []string, from Provenance) error {
	b := newBook(from)
	fields := make([]field, 0, len(columns))
	for _, c := range columns {
		fields = append(fields, field{c.Head, c.Width})
	}
	t := b.tab("问卷", fields...)
	for _, row := range rows {
		cells := make([]any, 0, len(row))
		for _, cell := range row {
			cells = append(cells, cell)
		}
		t.add(cells...)
	}
	t.end()
	t = b.tab("填写说明", field{"填写说明", 110})
	for _, note := range notes {
		t.add(note)
	}
	t.end()
	return b.finish(w)
}

// PlainText is what a cell held before SafeText guarded it.
func PlainText(cell string) string {
	if text, guarded := strings.CutPrefix(cell, "'"); guarded && SafeText(text) == cell {
		return text
	}
	return cell
}
