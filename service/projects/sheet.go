package projects

import (
	"context"
	"io"
	"slices"
	"strings"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/project"
	"gongdi/service/audit"
	"gongdi/service/document"
	"gongdi/service/identity"
	"gongdi/service/roster"
	"gongdi/service/store"
)

// ledgerSheet is what was found in a file.
type ledgerSheet struct {
	rows   []ledgerRow
	works  map[string][]model.ProjectWork // by the project's number
	odd    []Finding                      // what was not read, or as what
	faults []Finding                      // of lines of work
}

type ledgerRow struct {
	sheet string
	row   int
	cells map[int]string // by the place in columns
	heads map[int]head
}

func (r ledgerRow) text(head string) string {
	return r.cells[columnNamed(head)]
}

func readLedger(ctx context.Context, src io.ReaderAt, size int64) (*ledgerSheet, error) {
	r := ledgerReader{out: &ledgerSheet{works: map[string][]model.ProjectWork{}}}
	err := roster.Spread(ctx, src, size, r.take)
	if err == nil && !r.found {
		err = ErrNoLedger
	}
	return r.out, err
}

// add keeps a row in which a project is written. A row without number and
// estate, as of sums and signatures, is none.
func (l *ledgerSheet) add(r ledgerRow, cells, spread []string) error {
	of := func(cells []string, at int) string {
		if at < len(cells) {
			return cell(cells[at])
		}
		return ""
	}
	for i, h := range r.heads {
		if r.cells[i] = of(cells, h.at); r.cells[i] == "" && columns[i].falls() {
			r.cells[i] = of(spread, h.at)
		}
	}
	number := r.heads[numberColumn].at
	if above := of(spread, number); r.text(numberHead) == "" && above != "" {
		l.odd = append(l.odd, Finding{r.sheet, numberHead, "row_continued", "合并单元格的续行未录入，改造内容请写在“改造内容”表中", r.row})
		return nil
	}
	if name := r.text(numberHead) + r.text(estateHead); name == "" || isSum(r.text(numberHead)) || isSum(r.text(estateHead)) {
		return nil
	}
	if l.rows = append(l.rows, r); len(l.rows) > mostRows {
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

var worksHeads = []string{numberHead, "类别", "内容", "单位", "数量", "完成"}

func worksHead(cells []string) map[string]int {
	found := map[string]int{}
	for at, text := range cells {
		if name, _ := named(text); slices.Contains(worksHeads, name) {
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
	estates := make([]string, 0, len(views))
	for _, v := range views {
		estates = append(estates, v.EstateID)
	}
	said, err := s.consentsOf(ctx, estates)
	if err != nil {
		return err
	}
	ledger := document.Grid{Name: ledgerTab}
	for _, part := range sections {
		for _, c := range part.columns {
			ledger.Heads = append(ledger.Heads, document.GridHead{Group: part.name, Name: c.head, Width: c.width})
		}
	}
	works := document.Grid{Name: worksTab}
	for i, name := range worksHeads {
		works.Heads = append(works.Heads, document.GridHead{Name: name, Width: []float64{14, 10, 30, 10, 14, 14}[i]})
	}
	for i := range views {
		views[i].Consents = said[views[i].EstateID]
		row := make([]any, 0, len(columns))
		for _, c := range columns {
			row = append(row, c.show(&views[i]))
		}
		ledger.Rows = append(ledger.Rows, row)
		for _, work := range views[i].Works {
			works.Rows = append(works.Rows, []any{views[i].Number, model.WorkClasses[work.Class], work.Item, work.Unit, work.Planned(), work.Finished()})
		}
	}
	from, err := identity.Maker(s.DB.Read(ctx), s.Vault, caller.ID, s.now())
	if err != nil {
		return err
	}
	return document.Grids(w, from, ledger, works)
}
