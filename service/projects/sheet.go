package projects

import (
	"context"
	"io"
	"slices"
	"strings"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/project"
	"gongdi/service/audit"
	"gongdi/service/document"
	"gongdi/service/roster"
	"gongdi/service/store"
)

// ledgerSheet is what was found in a file.
type ledgerSheet struct {
	rows    []ledgerRow
	works   map[string][]model.ProjectWork // by the project's number
	unknown []Finding                      // heads that no column has
	faults  []Finding                      // of lines of work
}

type ledgerRow struct {
	sheet string
	row   int
	cells map[int]string // by the place in columns
	heads map[int]head
}

type head struct {
	at                   int // in the sheet
	tenThousand, percent bool
}

func (r ledgerRow) text(head string) string {
	return r.cells[slices.IndexFunc(columns, func(c column) bool { return c.head == head })]
}

func readLedger(ctx context.Context, src io.ReaderAt, size int64) (*ledgerSheet, error) {
	out, of, heads, found := &ledgerSheet{works: map[string][]model.ProjectWork{}}, "", map[int]head(nil), false
	var works map[string]int
	err := roster.Lines(ctx, src, size, func(name string, number int, cells []string) error {
		if name != of {
			of, heads, works = name, nil, nil
		}
		switch {
		case works != nil:
			out.work(name, number, works, cells)
		case heads != nil:
			return out.add(ledgerRow{name, number, map[int]string{}, heads}, cells)
		default:
			if works = worksHead(cells); works != nil {
				return nil
			}
			var odd []string
			if heads, odd = ledgerHead(cells); heads != nil {
				found = true
				for _, o := range odd {
					out.unknown = append(out.unknown, Finding{name, o, "column_unknown", "没有这一列，未录入", number})
				}
			}
		}
		return nil
	})
	if err == nil && !found {
		err = ErrNoLedger
	}
	return out, err
}

// add keeps a row in which anything is written.
func (l *ledgerSheet) add(r ledgerRow, cells []string) error {
	filled := false
	for i, h := range r.heads {
		if h.at < len(cells) {
			r.cells[i] = cell(cells[h.at])
			filled = filled || r.cells[i] != ""
		}
	}
	if filled {
		l.rows = append(l.rows, r)
	}
	if len(l.rows) > mostRows {
		return ErrLedgerLong
	}
	return nil
}

// cell is a text as it was before it was guarded for a sheet.
func cell(text string) string {
	text = strings.TrimSpace(text)
	if inner, guarded := strings.CutPrefix(text, "'"); guarded && document.SafeText(inner) == text {
		return inner
	}
	return text
}

// ledgerHead finds the columns of a row of names; one without the number and
// the estate is none.
func ledgerHead(cells []string) (map[int]head, []string) {
	found, odd := map[int]head{}, []string(nil)
	for at, text := range cells {
		name, tenThousand, percent := named(text)
		if name == "" {
			continue
		}
		i := slices.IndexFunc(columns, func(c column) bool {
			own, _, _ := named(c.head)
			return own == name || slices.Contains(c.also, name)
		})
		if _, again := found[i]; i < 0 || again {
			odd = append(odd, text)
			continue
		}
		found[i] = head{at, tenThousand, percent}
	}
	has := func(name string) bool {
		_, there := found[slices.IndexFunc(columns, func(c column) bool { return c.head == name })]
		return there
	}
	if !has(numberHead) || !has(estateHead) {
		return nil, nil
	}
	return found, odd
}

var worksHeads = []string{numberHead, "类别", "内容", "单位", "数量", "完成"}

func worksHead(cells []string) map[string]int {
	found := map[string]int{}
	for at, text := range cells {
		if name, _, _ := named(text); slices.Contains(worksHeads, name) {
			found[name] = at
		}
	}
	if len(found) < len(worksHeads) {
		return nil
	}
	return found
}

func (l *ledgerSheet) work(sheet string, row int, heads map[string]int, cells []string) {
	of := func(name string) string {
		if at := heads[name]; at < len(cells) {
			return cell(cells[at])
		}
		return ""
	}
	number := of(numberHead)
	if number == "" {
		return
	}
	w := model.ProjectWork{Item: of("内容"), Unit: of("单位")}
	wrong := worded(of("类别"), model.WorkClasses, func(c model.WorkClass) { w.Class = c })
	at := "类别"
	for name, into := range map[string]*int64{"数量": &w.Quantity, "完成": &w.Done} {
		text := of(name)
		if text == "" {
			continue
		}
		n, err := project.Hundredths(text, 1)
		if err != nil {
			wrong, at = "应为最多两位小数的数字", name
		}
		*into = n
	}
	switch {
	case wrong == "" && (w.Class == "" || w.Item == "" || len([]rune(w.Item)) > 100 || len([]rune(w.Unit)) > 16):
		wrong, at = "没有写明，或者太长", "内容"
	case wrong == "":
		l.works[number] = append(l.works[number], w)
		return
	}
	l.faults = append(l.faults, Finding{sheet, at, "work_unreadable", wrong, row})
}

// Export writes the ledger as .xlsx in the shape that Load reads; that it was
// written is logged.
func (s *Service) Export(ctx context.Context, caller model.Caller, f Filter, w io.Writer) error {
	views, total, err := s.List(ctx, caller, f, 0, mostRows)
	if err != nil {
		return err
	}
	if total > mostRows {
		return ErrLedgerLong
	}
	err = store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		return s.record(ctx, tx, audit.Entry{Actor: caller, Right: model.ExportProjects, Verb: "export", ObjectType: "project", AreaCode: caller.AreaCode})
	})
	if err != nil {
		return err
	}
	ledger := document.Grid{Name: ledgerTab}
	for _, c := range columns {
		ledger.Heads = append(ledger.Heads, document.GridHead{Name: c.head, Width: c.width})
	}
	works := document.Grid{Name: worksTab}
	for i, name := range worksHeads {
		works.Heads = append(works.Heads, document.GridHead{Name: name, Width: []float64{14, 10, 30, 10, 14, 14}[i]})
	}
	for i := range views {
		row := make([]any, 0, len(columns))
		for _, c := range columns {
			row = append(row, c.show(&views[i]))
		}
		ledger.Rows = append(ledger.Rows, row)
		for _, work := range views[i].Works {
			works.Rows = append(works.Rows, []any{views[i].Number, model.WorkClasses[work.Class], work.Item, work.Unit, quantity.Fen(work.Quantity), quantity.Fen(work.Done)})
		}
	}
	return document.Grids(w, ledger, works)
}
