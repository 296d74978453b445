package funds

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/fault"
	"gongdi/service/store"
)

// What is refused of rows of a bank's list.
var (
	ErrNothingEntered = fault.New(fault.Conflict, "nothing_entered", "没有一行可以登记，原因见各行")
	ErrOutgoing       = fault.New(fault.Conflict, "row_outgoing", "这一行是支出，不能登记为到账")
)

// BankChoice is a row that a clerk has matched to a pledge.
type BankChoice struct {
	Sheet    string // needed only where two sheets have the row
	Row      int
	PledgeID string
	Source   model.Source // empty for the pledge's only one, or the one that is filled
}

// BankEntered is what came of the rows.
type BankEntered struct {
	Entered []BankOutcome
	Refused []BankOutcome
}

// BankOutcome is what came of one row.
type BankOutcome struct {
	Sheet, Receipt, Code, Message string
	Row                           int
}

// told is what came of rows as a problem answer carries it.
func told(of []BankOutcome) []map[string]any {
	out := make([]map[string]any, 0, len(of))
	for _, o := range of {
		out = append(out, map[string]any{"sheet": o.Sheet, "row": o.Row, "code": o.Code, "message": o.Message, "receipt_id": o.Receipt})
	}
	return out
}

// chosen is a choice with what it is about.
type chosen struct {
	BankChoice
	movementID string
	pledge     *model.Pledge
}

// EnterBank enters rows of a list as receipts for pledges; another person
// checks them as any receipt. A movement that stands as a receipt, from this
// list, another or by hand, is refused in its row; the others are entered.
func (s *Service) EnterBank(ctx context.Context, caller model.Caller, list *model.BankList, choices []BankChoice) (*BankEntered, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*BankEntered, error) {
		rows, err := choose(tx, caller, list, choices)
		if err != nil {
			return nil, err
		}
		movements, err := s.holdBank(tx, rows)
		if err != nil {
			return nil, err
		}
		out := &BankEntered{Entered: []BankOutcome{}, Refused: []BankOutcome{}}
		for i := range rows {
			if err := s.enterRow(ctx, tx, caller, &rows[i], movements[rows[i].movementID], out); err != nil {
				return nil, err
			}
		}
		if len(out.Entered) == 0 {
			return nil, ErrNothingEntered.Carrying("refused", told(out.Refused))
		}
		return out, s.record(ctx, tx, caller, "book", aboutBank(list.ID), list.AreaCode, "")
	})
}

// choose finds the rows and the pledges that were named.
func choose(tx *gorm.DB, caller model.Caller, list *model.BankList, choices []BankChoice) ([]chosen, error) {
	var rows []model.BankRow
	if err := tx.Raw("SELECT * FROM bank_rows WHERE list_id = ?", list.ID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the rows of bank list %s: %w", list.ID, err)
	}
	by := map[int][]model.BankRow{}
	for _, r := range rows {
		by[r.Line] = append(by[r.Line], r)
	}
	pledges, err := pledgesBy(tx, caller, choices)
	if err != nil {
		return nil, err
	}
	out, taken := make([]chosen, 0, len(choices)), map[string]bool{}
	for i, c := range choices {
		at := fmt.Sprintf("body.rows[%d]", i)
		found := slices.DeleteFunc(slices.Clone(by[c.Row]), func(r model.BankRow) bool { return c.Sheet != "" && r.Sheet != c.Sheet })
		switch p := pledges[c.PledgeID]; {
		case len(found) == 0:
			return nil, fault.Unknown(at+".row", "这份流水中没有这一行，或者这一行无法读取")
		case len(found) > 1:
			return nil, fault.Unknown(at+".sheet", "有几个工作表都有这一行，请写明工作表")
		case taken[found[0].MovementID]:
			return nil, fault.Unknown(at+".row", "同一行只能登记一次")
		case p == nil:
			return nil, fault.Unknown(at+".pledge_id", "没有找到这笔认缴")
		default:
			taken[found[0].MovementID] = true
			c.Sheet = found[0].Sheet
			out = append(out, chosen{BankChoice: c, movementID: found[0].MovementID, pledge: p})
		}
	}
	return out, nil
}

func pledgesBy(tx *gorm.DB, caller model.Caller, choices []BankChoice) (map[string]*model.Pledge, error) {
	ids := make([]string, 0, len(choices))
	for _, c := range choices {
		ids = append(ids, c.PledgeID)
	}
	var rows []model.Pledge
	if err := tx.Raw("SELECT * FROM pledges WHERE id IN ?", ids).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("find the pledges of a bank's list: %w", err)
	}
	out := map[string]*model.Pledge{}
	for i := range rows {
		if caller.Covers(rows[i].AreaCode) {
			out[rows[i].ID] = &rows[i]
		}
	}
	return out, nil
}

// holdBank holds what is booked in one order, so that two clerks wait for one
// another: the movements, then the ledgers.
func (s *Service) holdBank(tx *gorm.DB, rows []chosen) (map[string]*model.BankMovement, error) {
	ids := make([]string, 0, len(rows))
	var ledgers []model.Purpose
	for _, r := range rows {
		ids = append(ids, r.movementID)
		ledgers = append(ledgers, model.Purpose{Type: r.pledge.PurposeType, ID: r.pledge.PurposeID})
	}
	var found []model.BankMovement
	if err := tx.Raw(s.DB.Locked("SELECT * FROM bank_movements WHERE id IN ? ORDER BY id"), ids).Scan(&found).Error; err != nil {
		return nil, fmt.Errorf("hold the rows of a bank's list: %w", err)
	}
	out := map[string]*model.BankMovement{}
	for i := range found {
		out[found[i].ID] = &found[i]
	}
	slices.SortFunc(ledgers, func(a, b model.Purpose) int { return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.ID, b.ID)) })
	for _, l := range slices.Compact(ledgers) {
		if err := s.hold(tx, l); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// enterRow enters one row, or notes why it is refused; only what is no refusal
// ends the others.
func (s *Service) enterRow(ctx context.Context, tx *gorm.DB, caller model.Caller, c *chosen, m *model.BankMovement, out *BankEntered) error {
	receipt, err := s.enterMovement(ctx, tx, caller, c, m)
	var refused *fault.Error
	switch {
	case err == nil:
		out.Entered = append(out.Entered, BankOutcome{Sheet: c.Sheet, Row: c.Row, Receipt: receipt})
		return nil
	case !errors.As(err, &refused):
		return err
	}
	o := BankOutcome{Sheet: c.Sheet, Row: c.Row, Code: refused.Code, Message: refused.Detail}
	if id, known := refused.Extra["id"].(string); known {
		o.Receipt = id
	}
	if len(refused.Fields) > 0 {
		o.Message = refused.Fields[0].Message
	}
	out.Refused = append(out.Refused, o)
	return nil
}

func (s *Service) enterMovement(ctx context.Context, tx *gorm.DB, caller model.Caller, c *chosen, m *model.BankMovement) (string, error) {
	if m.Direction != model.MoneyIn {
		return "", ErrOutgoing
	}
	if err := notEntered(tx, m); err != nil {
		return "", err
	}
	source, err := s.sourceFor(tx, c, m)
	if err != nil {
		return "", err
	}
	v := s.voucher(caller, model.Receipt, Entry{Source: source, Amount: m.Amount, OnDate: m.OnDate, Reference: cmp.Or(m.Reference, "银行流水-"+m.Slot[:16])})
	if err := s.enterIn(ctx, tx, caller, c.pledge.ID, v, nil, s.receivable); err != nil {
		return "", err
	}
	if err := tx.Exec("UPDATE bank_movements SET voucher_id = ? WHERE id = ?", v.ID, m.ID).Error; err != nil {
		return "", fmt.Errorf("note the receipt of bank movement %s: %w", m.ID, err)
	}
	return v.ID, nil
}

// notEntered refuses a movement for which a receipt stands.
func notEntered(tx *gorm.DB, m *model.BankMovement) error {
	var standing []string
	if err := tx.Raw("SELECT id FROM vouchers WHERE id = ? AND stage IN ('entered', 'booked')", m.VoucherID).Scan(&standing).Error; err != nil {
		return fmt.Errorf("look for the receipt of bank movement %s: %w", m.ID, err)
	}
	if len(standing) > 0 {
		return ErrKnownReceipt.Carrying("id", standing[0])
	}
	if !telling(m.Reference) {
		return nil
	}
	known, err := papers(tx, []string{m.Reference})
	for i := range known {
		if known[i].is(m) {
			return ErrKnownReceipt.Carrying("id", known[i].ID)
		}
	}
	return err
}

// sourceFor is the part of a pledge that a row fills when the clerk names none.
func (s *Service) sourceFor(tx *gorm.DB, c *chosen, m *model.BankMovement) (model.Source, error) {
	if c.Source != "" {
		return c.Source, nil
	}
	p, _, err := s.stand(tx, c.pledge)
	if err != nil {
		return "", err
	}
	open := openPledge{Pledged: p, left: map[model.Source]quantity.Fen{}}
	for _, part := range p.Parts {
		open.left[part.Source] = part.Amount - p.Standing.BySource[part.Source]
	}
	return open.source(m.Amount), nil
}
