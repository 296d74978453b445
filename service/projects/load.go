package projects

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/fault"
	"gongdi/service/store"
)

// What is refused of a ledger in Excel as a whole.
var (
	ErrNoLedger   = fault.New(fault.Invalid, "ledger_no_header", "没有找到表头：应有“项目编号”和“小区”两列")
	ErrLedgerLong = fault.New(fault.TooLarge, "ledger_too_long", "台账太长：一次最多 2000 个项目，请按批次分开")
)

const (
	mostRows  = 2000
	worksTab  = "改造内容"
	ledgerTab = "项目台账"
)

// Loaded is what came of an existing ledger.
type Loaded struct {
	Rows, Created, Changed, Unchanged int
	Errors, Warnings                  []Finding
}

// Finding is what is wrong with a cell, or only odd.
type Finding struct {
	Sheet, Column, Code, Message string
	Row                          int
}

// Load reads an existing ledger from .xlsx: columns in any order under a head
// that is found, one project to a row, named by its number. Only the columns
// that are there are changed; a row that is as the ledger has it changes
// nothing. Faulty rows are named and left out, the others kept.
func (s *Service) Load(ctx context.Context, caller model.Caller, src io.ReaderAt, size int64, dry bool) (*Loaded, error) {
	sheet, err := readLedger(ctx, src, size)
	if err != nil {
		return nil, err
	}
	said, err := s.saidIn(ctx, caller, sheet)
	if err != nil {
		return nil, err
	}
	var out *Loaded
	err = store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		l, err := s.loader(tx, caller, sheet, said)
		if err != nil {
			return err
		}
		for _, r := range sheet.rows {
			if err := l.take(ctx, r); err != nil {
				return err
			}
		}
		out = l.out
		if dry {
			return errDry
		}
		return nil
	})
	if errors.Is(err, errDry) {
		err = nil
	}
	return out, err
}

// errDry undoes what a dry run has written.
var errDry = errors.New("a dry run")

// loader takes the rows of one file.
type loader struct {
	*Service
	tx      *gorm.DB
	caller  model.Caller
	sheet   *ledgerSheet
	known   map[string]*View  // by number
	places  map[string][]site // estates by name
	parties map[string]string
	seen    map[string]bool
	out     *Loaded
}

type site struct {
	ID, Name, Community                    string
	BuiltYear                              *int
	Buildings, Units, Households, AreaSize int64
}

const sites = `SELECT e.id, e.name, e.built_year, COALESCE(a.name, '') AS community,
(SELECT COUNT(*) FROM buildings b WHERE b.estate_id = e.id) AS buildings,
(SELECT COUNT(*) FROM units u WHERE u.estate_id = e.id AND u.label <> '') AS units,
(SELECT COUNT(*) FROM properties h WHERE h.estate_id = e.id AND h.property_use IN ('', 'residential', 'mixed')) AS households,
(SELECT COALESCE(SUM(h.area), 0) FROM properties h WHERE h.estate_id = e.id) AS area_size
FROM estates e LEFT JOIN areas a ON a.code = e.area_code AND a.type = 'community' WHERE e.area_code LIKE ?`

// saidIn reads what residents of a file's projects said, if it has such columns.
func (s *Service) saidIn(ctx context.Context, caller model.Caller, sheet *ledgerSheet) (map[string]*Consents, error) {
	var numbers []string
	for _, r := range sheet.rows {
		for i := range r.heads {
			if slices.ContainsFunc(consentColumns, func(c column) bool { return c.head == columns[i].head }) {
				numbers = append(numbers, r.text(numberHead))
				break
			}
		}
	}
	var estates []string
	if len(numbers) > 0 {
		err := s.DB.Read(ctx).Raw("SELECT DISTINCT estate_id FROM projects WHERE area_code LIKE ? AND number IN ?", caller.AreaCode+"%", numbers).Scan(&estates).Error
		if err != nil {
			return nil, fmt.Errorf("find the estates of a ledger: %w", err)
		}
	}
	return s.consentsOf(ctx, estates)
}

func (s *Service) loader(tx *gorm.DB, caller model.Caller, sheet *ledgerSheet, said map[string]*Consents) (*loader, error) {
	l := &loader{
		Service: s, tx: tx, caller: caller, sheet: sheet, known: map[string]*View{}, places: map[string][]site{}, parties: map[string]string{}, seen: map[string]bool{},
		out: &Loaded{Rows: len(sheet.rows), Errors: slices.Clone(sheet.faults), Warnings: slices.Clone(sheet.odd)},
	}
	views, err := s.load(tx, shown+"FROM projects p JOIN estates e ON e.id = p.estate_id WHERE p.area_code LIKE ?", []any{caller.AreaCode + "%"}, caller.AreaCode, "")
	if err != nil {
		return nil, err
	}
	for i := range views {
		views[i].Consents = said[views[i].EstateID]
		l.known[views[i].Number] = &views[i]
	}
	var places []site
	var parties []struct{ Code, Name string }
	err = errors.Join(
		tx.Raw(sites, caller.AreaCode+"%").Scan(&places).Error,
		tx.Raw("SELECT code, name FROM departments ORDER BY valid_from").Scan(&parties).Error,
	)
	if err != nil {
		return nil, fmt.Errorf("read what a ledger names: %w", err)
	}
	for _, p := range places {
		l.places[p.Name] = append(l.places[p.Name], p)
	}
	for _, p := range parties {
		l.parties[p.Name], l.parties[p.Code] = p.Code, p.Code
	}
	return l, nil
}

func (l *loader) fault(r ledgerRow, column, code, message string) {
	l.out.Errors = append(l.out.Errors, Finding{r.sheet, column, code, message, r.row})
}

// estate finds the estate that a row is about.
func (l *loader) estate(r ledgerRow) (site, bool) {
	found := l.places[r.text(estateHead)]
	if community := r.text("社区"); community != "" && len(found) > 1 {
		found = slices.DeleteFunc(slices.Clone(found), func(p site) bool { return p.Community != community })
	}
	switch {
	case len(found) == 0:
		l.fault(r, estateHead, "estate_unknown", "没有这个小区")
	case len(found) > 1:
		l.fault(r, estateHead, "estate_ambiguous", "有几个同名的小区，请写明社区")
	default:
		return found[0], true
	}
	return site{}, false
}

func (l *loader) take(ctx context.Context, r ledgerRow) error {
	number := r.text(numberHead)
	switch {
	case number == "":
		l.fault(r, numberHead, "missing", "没有填写项目编号")
		return nil
	case len([]rune(number)) > 32:
		l.fault(r, numberHead, "too_long", "最多 32 个字")
		return nil
	case l.seen[number]:
		l.fault(r, numberHead, "repeated", "同一文件中已有这个项目编号")
		return nil
	}
	l.seen[number] = true
	place, found := l.estate(r)
	if !found {
		return nil
	}
	old := l.known[number]
	if old != nil && old.EstateID != place.ID {
		l.fault(r, estateHead, "estate_differs", "这个项目编号是"+old.Estate+"的")
		return nil
	}
	entry, sound := l.entry(r, number, place, old)
	if !sound {
		return nil
	}
	return l.keep(ctx, r, entry, old)
}

// entry reads a row over what the ledger has.
func (l *loader) entry(r ledgerRow, number string, place site, old *View) (*Entry, bool) {
	e := &Entry{Project: model.Project{EstateID: place.ID}, Money: map[model.InvestedSource]quantity.Fen{}, Dates: map[model.Milestone]model.ProjectDate{}}
	register := registerOf(place)
	stands := register
	if old != nil {
		*e = copied(&old.Entry)
		stands = old.Stands()
	}
	e.Number = number
	sound := true
	reads := &reading{entry: e, register: register, stands: stands, parties: l.parties}
	for i, c := range columns {
		h, there := r.heads[i]
		if !there {
			continue
		}
		if c.read == nil {
			l.reckoned(r, i, old)
			continue
		}
		reads.units = h.units
		if wrong := c.read(reads, r.cells[i]); wrong != "" {
			l.fault(r, c.head, "unreadable", wrong)
			sound = false
		}
	}
	if works := l.sheet.works[number]; len(works) > 0 {
		e.Works = works
	}
	overridden := e.BuiltYear != nil || e.Buildings != nil || e.Units != nil || e.Households != nil || e.Area != nil
	if overridden && e.OverrideReason == "" {
		e.OverrideReason = "按原项目台账"
	}
	return e, sound
}

// reckoned notes, once for a sheet, a column whose cells say other than what
// the program reckons: they are not read.
func (l *loader) reckoned(r ledgerRow, i int, old *View) {
	c, text := columns[i], r.cells[i]
	noted := slices.ContainsFunc(l.out.Warnings, func(f Finding) bool { return f.Sheet == r.sheet && f.Column == c.head && f.Code == "column_reckoned" })
	if noted || text == "" || old != nil && shows(text, c.show(old)) {
		return
	}
	l.out.Warnings = append(l.out.Warnings, Finding{r.sheet, c.head, "column_reckoned", "这一列由系统计算，表中的内容未录入", r.row})
}

func (l *loader) keep(ctx context.Context, r ledgerRow, e *Entry, old *View) error {
	var err error
	switch {
	case old == nil:
		if err = l.create(ctx, l.tx, l.caller, e); err == nil {
			l.out.Created++
		}
	case same(e, &old.Entry):
		l.out.Unchanged++
	default:
		if err = l.replace(ctx, l.tx, l.caller, &old.Project, e, "import"); err == nil {
			l.out.Changed++
		}
	}
	var refusal *fault.Error
	if !errors.As(err, &refusal) {
		return err
	}
	column, message := numberHead, refusal.Detail
	for _, f := range refusal.Fields {
		column, message = columnAt(f.Location), f.Message
	}
	l.fault(r, column, refusal.Code, message)
	return nil
}

// columnAt names the column that holds what a refusal is about.
func columnAt(location string) string {
	for _, m := range model.Milestones {
		if location == "body.dates."+string(m.Milestone)+".actual" {
			return m.Name + "实际"
		}
	}
	heads := map[string]string{"body.batch_year": "批次年份", "body.built_year": "建成年份", "body.override_reason": "数据更正理由", "body.longitude": "经度", "body.party": "代建单位"}
	return cmp.Or(heads[location], numberHead)
}

func registerOf(p site) Register {
	return Register{p.BuiltYear, int(p.Buildings), int(p.Units), int(p.Households), quantity.Area(p.AreaSize)}
}

// copied is an entry that can be changed without changing the one it is of.
func copied(e *Entry) Entry {
	out := *e
	out.Money, out.Dates = map[model.InvestedSource]quantity.Fen{}, map[model.Milestone]model.ProjectDate{}
	for k, v := range e.Money {
		out.Money[k] = v
	}
	for k, v := range e.Dates {
		out.Dates[k] = v
	}
	out.Works = slices.Clone(e.Works)
	return out
}

// same reports whether two entries say the same, however they were written.
func same(a, b *Entry) bool {
	return reflect.DeepEqual(plainOf(a), plainOf(b))
}

func plainOf(e *Entry) Entry {
	out := copied(e)
	for k, v := range out.Money {
		if v == 0 {
			delete(out.Money, k)
		}
	}
	for k, d := range out.Dates {
		if out.Dates[k] = (model.ProjectDate{Planned: d.Planned, Actual: d.Actual}); d.Planned == "" && d.Actual == "" {
			delete(out.Dates, k)
		}
	}
	works := make([]model.ProjectWork, 0, len(out.Works))
	for _, w := range out.Works {
		w.ProjectID, w.Position = "", 0
		works = append(works, w)
	}
	out.Works = works
	return out
}
