package funds

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/store"
)

// Booked is a voucher as the ledger lists it (收支台账).
type Booked struct {
	model.Voucher
	At       time.Time
	In, Out  quantity.Fen
	Label    string // of the household's home
	Contrib  model.Contributor
	CalledBy string `gorm:"column:called"` // sealed
}

const (
	movements   = "FROM ledger_lines l WHERE l.account = 'assets' AND l.area_code LIKE ?"
	ofType      = " AND l.purpose_type = ?"
	ofPurpose   = " AND l.purpose_id = ?"
	bookedLines = "SELECT v.*, l.at, l.debit AS `in`, l.credit AS `out`, p.label, p.contributor AS contrib, p.name AS called FROM (SELECT l.voucher_id, l.at, l.debit, l.credit "
	inOrder     = " ORDER BY l.at, l.voucher_id"
	withPapers  = ") l JOIN vouchers v ON v.id = l.voucher_id LEFT JOIN pledges p ON p.id = v.pledge_id"
)

// Filter narrows a ledger; empty members take all.
type Filter struct {
	Purpose  model.Purpose
	Area     string
	EstateID string // with its lifts
}

// on narrows a query over ledger lines whose first place is the area's.
func (f Filter) on(query string) (string, []any) {
	args := []any{f.Area + "%"}
	if f.EstateID != "" {
		query, args = query+" AND l.estate_id = ?", append(args, f.EstateID)
	}
	if f.Purpose.Type != "" {
		query, args = query+ofType, append(args, f.Purpose.Type)
	}
	if f.Purpose.ID != "" {
		query, args = query+ofPurpose, append(args, f.Purpose.ID)
	}
	return query, args
}

// Ledger lists what came in and went out, in the order in which it was booked.
func (s *Service) Ledger(ctx context.Context, f Filter, offset, limit int) ([]Booked, int64, error) {
	db := s.DB.Read(ctx)
	lines, args := f.on(movements)
	var total int64
	if err := db.Raw("SELECT COUNT(*) "+lines, args...).Scan(&total).Error; err != nil {
		return nil, 0, fmt.Errorf("count a ledger: %w", err)
	}
	var rows []Booked
	err := db.Raw(bookedLines+lines+inOrder+" LIMIT ? OFFSET ?"+withPapers+inOrder, append(args, limit, offset)...).Scan(&rows).Error
	if err != nil {
		return nil, 0, fmt.Errorf("list a ledger: %w", err)
	}
	for i := range rows {
		if rows[i].CalledBy, err = s.Vault.Reveal(pledgeName, rows[i].CalledBy); err != nil {
			return nil, 0, fmt.Errorf("read who contributed: %w", err)
		}
		if rows[i].Payee, err = s.Vault.Reveal(voucherPayee, rows[i].Payee); err != nil {
			return nil, 0, fmt.Errorf("read whom was paid: %w", err)
		}
	}
	return rows, total, nil
}

// Total is what one source, estate, lift or month comes to.
type Total struct {
	Key     string
	In, Out quantity.Fen
}

// Balance is what is left.
func (t Total) Balance() quantity.Fen { return t.In - t.Out }

// By is what totals are by.
type By string

// The totals.
const (
	BySource By = "source"
	ByEstate By = "estate"
	ByLift   By = "lift"
	ByMonth  By = "month"
)

const totalOf = "COALESCE(SUM(l.debit), 0) AS `in`, COALESCE(SUM(l.credit), 0) AS `out` FROM ledger_lines l WHERE l.account = 'assets' AND l.area_code LIKE ?"

var totals = map[By]string{
	BySource: "SELECT l.source AS `key`, " + totalOf,
	ByEstate: "SELECT l.estate_id AS `key`, " + totalOf,
	ByLift:   "SELECT l.purpose_id AS `key`, " + totalOf + " AND l.purpose_type = 'lift'",
	ByMonth:  "SELECT SUBSTR(l.on_date, 1, 7) AS `key`, " + totalOf,
}

// Totals adds a ledger up.
func (s *Service) Totals(ctx context.Context, f Filter, by By) ([]Total, error) {
	return totalsOf(s.DB.Read(ctx), f, by)
}

const balancesOfPurpose = "SELECT l.source AS `key`, SUM(l.debit) AS `in`, SUM(l.credit) AS `out` FROM ledger_lines l WHERE l.purpose_type = ? AND l.purpose_id = ? AND l.account = 'assets' GROUP BY l.source ORDER BY l.source"

func totalsOf(db *gorm.DB, f Filter, by By) ([]Total, error) {
	query, args := balancesOfPurpose, []any{f.Purpose.Type, f.Purpose.ID}
	if by != BySource || f.Purpose.Type == "" || f.Purpose.ID == "" {
		query, args = f.on(totals[by])
		query += " GROUP BY 1 ORDER BY 1"
	}
	var rows []Total
	if err := db.Raw(query, args...).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("add up a ledger by %s: %w", by, err)
	}
	return rows, nil
}

// Overview is what everybody whom a purpose concerns may know: what is pledged
// and what came in stand side by side.
type Overview struct {
	Pledged quantity.Fen // by pledges that stand
	Pledges int
	Sources []Total // came in and went out
}

// OverviewOf adds up a purpose; how many pledges it has matters little.
func (s *Service) OverviewOf(ctx context.Context, of model.Purpose) (*Overview, error) {
	db := s.DB.Read(ctx)
	o, err := s.standingSum(db, of)
	if err != nil {
		return nil, err
	}
	o.Sources, err = totalsOf(db, Filter{Purpose: of}, BySource)
	return o, err
}

// Waiting lists vouchers that wait for their check, the oldest first.
func (s *Service) Waiting(ctx context.Context, caller model.Caller, offset, limit int) ([]model.Voucher, int64, error) {
	return store.Page[model.Voucher](s.DB.Read(ctx), store.List{
		Of: "vouchers", Columns: "*", From: "FROM vouchers WHERE area_code LIKE ? AND stage = 'entered'", Order: "entered_at, id",
		Args: []any{caller.AreaCode + "%"},
	}, offset, limit)
}

// VouchersOf lists the vouchers of a pledge, the oldest first.
func (s *Service) VouchersOf(ctx context.Context, pledgeID string) ([]model.Voucher, error) {
	var rows []model.Voucher
	err := s.DB.Read(ctx).Raw("SELECT * FROM vouchers WHERE pledge_id = ? ORDER BY entered_at, id", pledgeID).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("list the vouchers of pledge %s: %w", pledgeID, err)
	}
	return rows, nil
}

const unbalanced = `SELECT voucher_id FROM ledger_lines GROUP BY voucher_id HAVING SUM(debit) <> SUM(credit)
UNION SELECT v.id FROM vouchers v WHERE v.stage IN ('booked', 'reversed') AND NOT EXISTS (SELECT 1 FROM ledger_lines l WHERE l.voucher_id = v.id)
UNION SELECT l.voucher_id FROM ledger_lines l JOIN vouchers v ON v.id = l.voucher_id WHERE v.stage NOT IN ('booked', 'reversed')`

// Unbalanced lists vouchers whose lines do not balance, or are not what their
// stage says; there are none.
func (s *Service) Unbalanced(ctx context.Context) ([]string, error) {
	var ids []string
	if err := s.DB.Read(ctx).Raw(unbalanced).Scan(&ids).Error; err != nil {
		return nil, fmt.Errorf("prove the ledger: %w", err)
	}
	return ids, nil
}
