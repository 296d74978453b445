package complaints

import (
	"context"
	"errors"
	"fmt"
	"io"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/roster"
	"gongdi/service/store"
)

// What is refused of a file of the 12345 centre as a whole.
var (
	ErrNoTickets      = fault.New(fault.Invalid, "tickets_no_header", "没有找到表头：第一行应有“工单编号”和“诉求内容”")
	ErrTooManyTickets = fault.New(fault.TooLarge, "tickets_too_many", "一个文件最多 5000 行，请分成几个文件")
)

const mostTickets = 5000

// Tickets is what came of a file of the 12345 centre.
type Tickets struct {
	Rows     int
	Filed    []TicketFiled
	Known    int // were here already and were left as they are
	Errors   []TicketFinding
	Warnings []TicketFinding
}

// TicketFiled is a row that became a case.
type TicketFiled struct {
	Row    int
	Ticket string
	Case   model.Complaint
}

// TicketFinding is what is wrong with a cell, or only odd.
type TicketFinding struct {
	Sheet, Column, Code, Message string
	Row                          int
}

// errKnown says that a ticket is here already.
var errKnown = errors.New("the ticket is here")

// errDry undoes what a dry run has filed.
var errDry = errors.New("a dry run")

// ImportTickets files the rows of the 12345 centre's .xlsx, each in a
// transaction of its own and each ticket once: a file that is sent again, or
// was cut off, files only what is not here yet. The term runs from the time
// that the centre took the call.
func (s *Service) ImportTickets(ctx context.Context, caller model.Caller, src io.ReaderAt, size int64, dry bool) (Tickets, error) {
	rows, err := ticketRows(ctx, src, size)
	if err != nil {
		return Tickets{}, err
	}
	estates, categories, err := s.names(ctx, caller)
	if err != nil {
		return Tickets{}, err
	}
	out, seen := Tickets{Rows: len(rows)}, map[string]bool{}
	for _, r := range rows {
		f, wrong, odd := r.filing(s.now())
		if seen[f.Ticket] && f.Ticket != "" {
			wrong = append(wrong, r.find(ticketColumn, "repeated", "同一文件中已有这个工单编号"))
		}
		seen[f.Ticket] = true
		if name := r.text(estateColumn); name != "" {
			if f.EstateID = estates[name]; f.EstateID == "" {
				odd = append(odd, r.find(estateColumn, "estate_unknown", "没有这个小区，未关联小区"))
			}
		}
		if label := r.text(categoryColumn); label != "" {
			if f.Category = categories[label]; f.Category == "" {
				odd = append(odd, r.find(categoryColumn, "category_unknown", "没有这个分类，按内容分类"))
			}
		}
		if len(wrong) > 0 {
			out.Errors = append(out.Errors, wrong...)
			continue
		}
		filed, err := s.fileTicket(ctx, caller, f, dry)
		if errors.Is(err, errKnown) {
			out.Known++
			continue
		}
		if err != nil {
			return out, fmt.Errorf("file row %d: %w", r.number, err)
		}
		out.Warnings = append(out.Warnings, odd...)
		out.Filed = append(out.Filed, TicketFiled{Row: r.number, Ticket: f.Ticket, Case: filed.Case})
	}
	return out, nil
}

func (s *Service) fileTicket(ctx context.Context, caller model.Caller, f Filing, dry bool) (filed Filed, err error) {
	err = store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		var here int64
		if err := tx.Raw("SELECT COUNT(*) FROM hotline_tickets WHERE ticket = ?", f.Ticket).Scan(&here).Error; err != nil {
			return fmt.Errorf("look for a ticket: %w", err)
		}
		if here > 0 {
			return errKnown
		}
		if filed, err = s.file(ctx, tx, caller, f); err != nil {
			return err
		}
		err := tx.Exec("INSERT INTO hotline_tickets (ticket, complaint_id) VALUES (?, ?)", f.Ticket, filed.Case.ID).Error
		switch {
		case errors.Is(err, gorm.ErrDuplicatedKey):
			return errKnown // somebody else sent the file at this moment
		case err != nil:
			return fmt.Errorf("note a ticket: %w", err)
		case dry:
			return errDry
		}
		return nil
	})
	if errors.Is(err, errDry) {
		filed.Case.ID, filed.Case.Number = "", ""
		err = nil
	}
	return filed, err
}

// ticketRows reads the rows below the header of each sheet that has one.
func ticketRows(ctx context.Context, src io.ReaderAt, size int64) ([]row, error) {
	var rows []row
	columns, of, headers := map[column]int(nil), "", 0
	err := roster.Lines(ctx, src, size, func(sheet string, number int, cells []string) error {
		if sheet != of {
			columns, of = nil, sheet
		}
		if columns == nil {
			if found, there := header(cells); there {
				columns = found
				headers++
			}
			return nil
		}
		if len(rows) == mostTickets {
			return ErrTooManyTickets
		}
		if r := (row{sheet, number, columns, cells}); !r.blank() {
			rows = append(rows, r)
		}
		return nil
	})
	if err == nil && headers == 0 {
		err = ErrNoTickets
	}
	return rows, err
}

func (r row) blank() bool {
	for what := range r.columns {
		if r.text(what) != "" {
			return false
		}
	}
	return true
}

// names finds the caller's estates and the categories of today by name.
func (s *Service) names(ctx context.Context, caller model.Caller) (estates, categories map[string]string, err error) {
	var known []struct{ ID, Name string }
	if err := s.DB.Read(ctx).Raw("SELECT id, name FROM estates WHERE area_code LIKE ?", caller.AreaCode+"%").Scan(&known).Error; err != nil {
		return nil, nil, fmt.Errorf("read the estates: %w", err)
	}
	routed, err := s.Categories(ctx)
	if err != nil {
		return nil, nil, err
	}
	estates, categories = map[string]string{}, map[string]string{}
	for _, e := range known {
		estates[e.Name] = e.ID
	}
	for _, r := range routed {
		categories[r.Category.Label], categories[r.Category.Code] = r.Category.Code, r.Category.Code
	}
	return estates, categories, nil
}
