package registry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/audit"
	"gongdi/service/roster"
	"gongdi/service/store"
)

// ImportOptions say how a list is taken.
type ImportOptions struct {
	DryRun      bool   // report, and store nothing
	AcceptValid bool   // store what is sound, and faulty rows that name a home as incomplete
	FileName    string // names the estate when nothing in the workbook does
}

// importAttempts bounds how often an import starts again because somebody else
// changed the same homes meanwhile.
const importAttempts = 4

// ImportRoster reads a list of owners (名册导入) into the registry, all of it or
// nothing. With errors in it and without AcceptValid it is ErrRosterHasErrors,
// with the report. The same list again changes nothing; a home that is not in
// the list is kept. Rolls that votes have frozen are copies and stay as they are.
func (s *Service) ImportRoster(ctx context.Context, caller model.Caller, src io.ReaderAt, size int64, o ImportOptions) (Report, error) {
	p, err := s.read(ctx, src, size, o)
	if err != nil {
		return Report{}, fmt.Errorf("read a list: %w", err)
	}
	sum, err := digestOf(src, size)
	if err != nil {
		return Report{}, err
	}
	if refused := len(p.report.Errors) > 0 && !o.AcceptValid; o.DryRun || refused {
		return s.rehearse(ctx, caller, p, refused && !o.DryRun)
	}
	for attempt := 0; ; attempt++ {
		report, err := s.store(ctx, caller, p, sum, o)
		if !errors.Is(err, gorm.ErrDuplicatedKey) || attempt == importAttempts {
			return report, err
		}
	}
}

// rehearse reports what an import would do.
func (s *Service) rehearse(ctx context.Context, caller model.Caller, p *paper, refused bool) (Report, error) {
	e := s.entry(ctx, s.DB.Read(ctx), caller, p)
	if err := e.run(); err != nil {
		return Report{}, err
	}
	if refused {
		return e.report, ErrRosterHasErrors
	}
	return e.report, nil
}

func digestOf(src io.ReaderAt, size int64) (string, error) {
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(src, 0, size)); err != nil {
		return "", fmt.Errorf("read a list: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

const streetRow = "SELECT code FROM areas WHERE code = ?"

// store imports in one transaction. Imports of one street come one after the
// other, so that two never name the same community or home.
func (s *Service) store(ctx context.Context, caller model.Caller, p *paper, sum string, o ImportOptions) (Report, error) {
	var report Report
	err := store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		var row struct{ Code string }
		if err := tx.Raw(s.DB.Locked(streetRow), model.StreetOf(caller.AreaCode)).Take(&row).Error; err != nil {
			return fmt.Errorf("hold the street: %w", err)
		}
		e := s.entry(ctx, tx, caller, p)
		e.id = store.NewID()
		err := e.run()
		report = e.report
		if err != nil {
			return err
		}
		if len(report.Errors) > 0 && !o.AcceptValid { // found only beside what is stored
			report.ID, report.Applied = "", false
			return ErrRosterHasErrors
		}
		return e.keep(sum, &report)
	})
	return report, err
}

// entry is one run of a list over the registry. Without an id nothing is written.
type entry struct {
	*Service
	ctx    context.Context
	tx     *gorm.DB
	caller model.Caller
	paper  *paper
	id     string
	at     time.Time
	report Report
}

func (s *Service) entry(ctx context.Context, tx *gorm.DB, caller model.Caller, p *paper) *entry {
	return &entry{Service: s, ctx: ctx, tx: tx, caller: caller, paper: p, at: s.now(), report: p.report}
}

func (e *entry) writes() bool { return e.id != "" }

// run takes the list estate by estate.
func (e *entry) run() error {
	d, err := divisionOf(e.tx, e.caller)
	if err != nil {
		return err
	}
	e.report.Errors = append([]Finding{}, e.paper.report.Errors...)
	e.report.Estates = []EstateFigures{}
	for i := range e.paper.lines {
		l := &e.paper.lines[i]
		taken, err := d.take(l)
		if err != nil {
			return err
		}
		if !taken {
			e.repeat(l)
		}
	}
	if err := e.enterAreas(d); err != nil {
		return err
	}
	for _, site := range d.used {
		if err := e.enterSite(site); err != nil {
			return fmt.Errorf("import estate %s: %w", site.estate.ID, err)
		}
	}
	return nil
}

// repeat reports a second row for one home, which only shows when two spellings
// of its estate turn out to be one.
func (e *entry) repeat(l *line) {
	code := roster.DuplicateProperty
	if l.home.Incomplete == "" {
		e.report.Valid--
	} else {
		e.report.Incomplete--
	}
	e.report.Errors = append(e.report.Errors, Finding{
		Sheet: l.sheet, Row: l.number, Code: string(code), Message: code.Message(),
	})
}

// enterAreas adds the communities and estates that the list brings.
func (e *entry) enterAreas(d *division) error {
	for i := range d.fresh {
		d.fresh[i].CreatedAt = e.at
	}
	var estates []model.Estate
	for _, site := range d.used {
		if site.fresh {
			site.estate.BuiltYear, site.estate.CreatedAt, site.estate.UpdatedAt = site.builtYear(), e.at, e.at
			estates = append(estates, site.estate)
		}
	}
	e.report.Changes.Communities, e.report.Changes.Estates = len(d.fresh), len(estates)
	return errors.Join(insert(e, d.fresh), insert(e, estates))
}

// batch keeps a statement below every engine's limits.
const batch = 250

func insert[T any](e *entry, rows []T) error {
	if !e.writes() || len(rows) == 0 {
		return nil
	}
	return e.tx.CreateInBatches(rows, batch).Error
}

// findingsKept bounds what is kept of a report; whoever imported was given all.
const findingsKept = 2000

// keep stores the report of an import beside it, and the line in the audit log.
func (e *entry) keep(sum string, report *Report) error {
	report.ID, report.Applied = e.id, true
	short := *report
	short.Errors, short.Warnings = short.Errors[:min(len(short.Errors), findingsKept)], short.Warnings[:min(len(short.Warnings), findingsKept)]
	text, err := json.Marshal(short)
	if err != nil {
		return fmt.Errorf("write the report of an import: %w", err)
	}
	err = e.tx.Create(&model.RosterImport{
		ID: e.id, StaffID: e.caller.ID, AreaCode: e.caller.AreaCode, FileDigest: sum, RowCount: report.Rows,
		ValidCount: report.Valid, IncompleteCount: report.Incomplete, Report: string(text), At: e.at,
	}).Error
	if err != nil {
		return fmt.Errorf("keep an import: %w", err)
	}
	return e.Audit.Record(e.ctx, e.tx, audit.Entry{
		Actor: e.caller, Right: model.ImportRoster, Verb: "apply", ObjectType: "roster_import", ObjectID: e.id,
	})
}
