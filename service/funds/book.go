package funds

import (
	"errors"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
)

// side is one side of a booking before it has its place.
type side struct {
	account       model.Account
	debit, credit quantity.Fen
}

// sides are the two sides of a kind of voucher: what comes in is an asset and
// somebody's contribution, what goes back lessens both, what is spent is no
// longer there.
func sides(kind model.VoucherKind, amount quantity.Fen) []side {
	switch kind {
	case model.Receipt:
		return []side{{model.Assets, amount, 0}, {model.Funds, 0, amount}}
	case model.Refund:
		return []side{{model.Funds, amount, 0}, {model.Assets, 0, amount}}
	case model.Expense:
		return []side{{model.Spent, amount, 0}, {model.Assets, 0, amount}}
	case model.Reversal:
	}
	return nil
}

// book adds the lines of a voucher to the ledger. The purpose's ledger is held.
func (s *Service) book(tx *gorm.DB, v *model.Voucher) error {
	what := sides(v.Kind, v.Amount)
	if v.Kind == model.Reversal {
		var err error
		if what, err = s.backwards(tx, v); err != nil {
			return err
		}
	}
	if err := s.permitted(tx, v, what); err != nil {
		return err
	}
	lines := make([]model.LedgerLine, 0, len(what))
	for i, one := range what {
		lines = append(lines, model.LedgerLine{
			VoucherID: v.ID, Position: i + 1, PurposeType: v.PurposeType, PurposeID: v.PurposeID, EstateID: v.EstateID, AreaCode: v.AreaCode, Account: one.account,
			Source: v.Source, Debit: one.debit, Credit: one.credit, OnDate: v.OnDate, PledgeID: v.PledgeID, At: s.now(),
		})
	}
	if err := tx.Create(&lines).Error; err != nil {
		return fmt.Errorf("book voucher %s: %w", v.ID, err)
	}
	return nil
}

// permitted looks again at what may have changed since a voucher was entered:
// nothing is given out that is not there, and the maintenance fund's account
// of a home is drawn, or filled again, by what is booked.
func (s *Service) permitted(tx *gorm.DB, v *model.Voucher, what []side) error {
	drawn := quantity.Fen(0) // what comes in
	for _, one := range what {
		if one.account == model.Assets {
			drawn += one.debit - one.credit
		}
	}
	if drawn < 0 {
		if err := enough(tx, v); err != nil {
			return err
		}
	}
	if v.Source != model.MaintenanceFund || v.PledgeID == "" {
		return nil
	}
	balance, err := s.balance(tx, v.PropertyID)
	switch {
	case errors.Is(err, errNoBalance):
		return ErrAboveBalance.Carrying("at_most_fen", 0)
	case err != nil:
		return err
	case drawn > balance:
		return ErrAboveBalance.Carrying("at_most_fen", int64(balance))
	}
	if err := tx.Exec("UPDATE maintenance_balances SET balance = balance - ? WHERE property_id = ?", drawn, v.PropertyID).Error; err != nil {
		return fmt.Errorf("draw on the maintenance fund of home %s: %w", v.PropertyID, err)
	}
	return nil
}

// backwards are the sides that take back a booked voucher, which then stands
// as reversed; its paper may be entered anew.
func (s *Service) backwards(tx *gorm.DB, v *model.Voucher) ([]side, error) {
	first, err := voucherOf(tx, s.DB.Locked(voucherByID), v.Reverses)
	if err != nil {
		return nil, err
	}
	if first.Stage != model.VoucherBooked {
		return nil, ErrNotBooked
	}
	err = tx.Exec("UPDATE vouchers SET stage = ?, slot = id WHERE id = ?", model.VoucherReversed, first.ID).Error
	if err != nil {
		return nil, fmt.Errorf("reverse voucher %s: %w", first.ID, err)
	}
	var out []side
	for _, one := range sides(first.Kind, first.Amount) {
		out = append(out, side{one.account, one.credit, one.debit})
	}
	return out, nil
}
