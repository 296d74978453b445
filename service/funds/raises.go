package funds

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/fault"
	"gongdi/service/identity"
	"gongdi/service/store"
)

// ErrNoRaiseMotion says that nobody has allowed the fund to be raised.
var ErrNoRaiseMotion = fault.New(fault.Conflict, "raise_motion_needed", "续筹、补建维修资金须先经有关业主表决通过（特别事项：筹集维修资金）")

// RaiseEntry is what somebody enters of money that came into a home's account.
type RaiseEntry struct {
	Entry
	MotionID string // empty for the newest that passed
}

const raisingMotions = `SELECT COUNT(*) FROM motions m WHERE m.id = ? AND m.kind = 'special' AND m.subject = 'fund_raise' AND m.estate_id = ?`

// Raise enters money that the owner of a home paid into the maintenance fund.
// The home's account holds it when another person has checked it.
//
// Law: Civil Code art. 278 para. 1 (6), by the special majority of the owners
// who draw on the fund.
func (s *Service) Raise(ctx context.Context, caller model.Caller, propertyID string, e RaiseEntry) (*model.FundRaise, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.FundRaise, error) {
		r := s.raise(caller, propertyID, e.Entry)
		err := tx.Raw("SELECT e.id, e.area_code FROM properties p JOIN estates e ON e.id = p.estate_id WHERE p.id = ?", propertyID).Row().Scan(&r.EstateID, &r.AreaCode)
		if err != nil {
			return nil, fmt.Errorf("find home %s: %w", propertyID, err)
		}
		if e.OnDate > quantity.DateOf(s.now()) {
			return nil, fault.Unknown("body.received_on", "日期不能在将来")
		}
		if e.MotionID != "" {
			var n int
			if err := tx.Raw(raisingMotions, e.MotionID, r.EstateID).Scan(&n).Error; err != nil {
				return nil, fmt.Errorf("find motion %s: %w", e.MotionID, err)
			}
			if n == 0 {
				return nil, fault.Unknown("body.motion_id", "应为本小区筹集维修资金的表决（特别事项）")
			}
		}
		if r.MotionID, err = raiseMotion(tx, propertyID, e.MotionID); err != nil {
			return nil, err
		}
		return r, s.keepRaise(ctx, tx, caller, r)
	})
}

// raiseMotion is the passed vote that lets the maintenance fund of a home be
// raised; only names one of them.
func raiseMotion(tx *gorm.DB, propertyID, only string) (string, error) {
	return passedMotion(tx, propertyID, model.Special, "fund_raise", only, ErrNoRaiseMotion)
}

func (s *Service) raise(caller model.Caller, propertyID string, e Entry) *model.FundRaise {
	return &model.FundRaise{
		ID: store.NewID(), Slot: propertyID + "|" + e.Reference, PropertyID: propertyID, Amount: e.Amount, OnDate: e.OnDate, Reference: e.Reference,
		Note: e.Note, Stage: model.VoucherEntered, EnteredBy: caller.ID, EnteredAt: s.now(),
	}
}

func (s *Service) keepRaise(ctx context.Context, tx *gorm.DB, caller model.Caller, r *model.FundRaise) error {
	if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(r).Error; err != nil {
		return fmt.Errorf("keep money for home %s: %w", r.PropertyID, err)
	}
	var kept string
	if err := tx.Raw("SELECT id FROM fund_raises WHERE slot = ?", r.Slot).Scan(&kept).Error; err != nil {
		return fmt.Errorf("keep money for home %s: %w", r.PropertyID, err)
	}
	if kept != r.ID {
		return ErrKnownReceipt.Carrying("id", kept)
	}
	return s.record(ctx, tx, caller, "enter", aboutRaise(r.ID), r.AreaCode, "")
}

func aboutRaise(id string) model.About { return model.About{Type: "fund_raise", ID: id} }

const raiseByID = "SELECT * FROM fund_raises WHERE id = ?"

func raiseIn(tx *gorm.DB, query, id string) (*model.FundRaise, error) {
	return store.One[model.FundRaise](tx, "raised money "+id, query, id)
}

// RaiseOf is an entry in the area of a member of staff.
func (s *Service) RaiseOf(ctx context.Context, caller model.Caller, id string) (*model.FundRaise, error) {
	r, err := raiseIn(s.DB.Read(ctx), raiseByID, id)
	if err == nil && !caller.Covers(r.AreaCode) {
		return nil, fault.ErrNotFound
	}
	return r, err
}

// Raises lists what came into the account of a home, the oldest first.
func (s *Service) Raises(ctx context.Context, propertyID string, offset, limit int) ([]model.FundRaise, int64, error) {
	return store.Page[model.FundRaise](s.DB.Read(ctx), store.List{
		Of: "what was raised for home " + propertyID, Columns: "*", From: "FROM fund_raises WHERE property_id = ?", Order: "entered_at, id",
		Args: []any{propertyID},
	}, offset, limit)
}

// CheckRaise adds what another person entered to the home's account, or takes
// back what a correction undoes. Both hold the account's row, so that nothing
// is added twice.
func (s *Service) CheckRaise(ctx context.Context, caller model.Caller, id string) (*model.FundRaise, error) {
	return s.settleRaise(ctx, caller, id, "check", "", func(tx *gorm.DB, r *model.FundRaise) (*model.FundRaise, error) {
		if r.Stage != model.VoucherEntered {
			return nil, ErrNotEntered.Carrying("status", string(r.Stage))
		}
		if err := identity.OtherThan(tx, caller, r.EnteredBy, ErrOwnVoucher); err != nil {
			return nil, err
		}
		add := s.addToBalance
		if r.Reverses != "" {
			add = s.takeBack
		}
		if err := add(tx, caller, r); err != nil {
			return nil, err
		}
		return r, s.decideRaise(tx, caller, r, model.VoucherBooked)
	})
}

// addToBalance adds to a home's account; one that was not recorded begins with
// what came in.
func (s *Service) addToBalance(tx *gorm.DB, caller model.Caller, r *model.FundRaise) error {
	row := model.MaintenanceBalance{PropertyID: r.PropertyID, AsOf: r.OnDate, UpdatedBy: caller.ID, UpdatedAt: s.now()}
	if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error; err != nil {
		return fmt.Errorf("open the maintenance fund of home %s: %w", r.PropertyID, err)
	}
	err := tx.Exec("UPDATE maintenance_balances SET balance = balance + ?, updated_by = ?, updated_at = ? WHERE property_id = ?", r.Amount, caller.ID, s.now(), r.PropertyID).Error
	if err != nil {
		return fmt.Errorf("raise the maintenance fund of home %s: %w", r.PropertyID, err)
	}
	return nil
}

func (s *Service) takeBack(tx *gorm.DB, caller model.Caller, r *model.FundRaise) error {
	first, err := raiseIn(tx, s.DB.Locked(raiseByID), r.Reverses)
	if err != nil {
		return err
	}
	if first.Stage != model.VoucherBooked {
		return ErrNotBooked
	}
	balance, err := s.balance(tx, r.PropertyID)
	if err != nil && !errors.Is(err, errNoBalance) {
		return err
	}
	if balance < r.Amount {
		return ErrAboveBalance.Carrying("at_most_fen", int64(balance))
	}
	back := *r
	back.Amount = -r.Amount
	if err := s.addToBalance(tx, caller, &back); err != nil {
		return err
	}
	if err := tx.Exec("UPDATE fund_raises SET stage = ?, slot = id WHERE id = ?", model.VoucherReversed, first.ID).Error; err != nil {
		return fmt.Errorf("reverse raised money %s: %w", first.ID, err)
	}
	return nil
}

// RejectRaise sends back an entry that does not agree with its paper.
func (s *Service) RejectRaise(ctx context.Context, caller model.Caller, id, reason string) (*model.FundRaise, error) {
	return s.settleRaise(ctx, caller, id, "reject", reason, func(tx *gorm.DB, r *model.FundRaise) (*model.FundRaise, error) {
		if r.Stage != model.VoucherEntered {
			return nil, ErrNotEntered.Carrying("status", string(r.Stage))
		}
		r.Slot = r.ID // the paper may be entered anew
		return r, s.decideRaise(tx, caller, r, model.VoucherRejected)
	})
}

// ReverseRaise enters the correction of money that was added (冲销); another
// person checks it.
func (s *Service) ReverseRaise(ctx context.Context, caller model.Caller, id, reason string) (*model.FundRaise, error) {
	return s.settleRaise(ctx, caller, id, "reverse", reason, func(tx *gorm.DB, r *model.FundRaise) (*model.FundRaise, error) {
		if r.Stage != model.VoucherBooked || r.Reverses != "" {
			return nil, ErrNotBooked
		}
		back := s.raise(caller, r.PropertyID, Entry{Amount: r.Amount, OnDate: quantity.DateOf(s.now()), Reference: r.Reference, Note: reason})
		back.Slot, back.Reverses, back.EstateID, back.AreaCode, back.MotionID = "reversal|"+r.ID, r.ID, r.EstateID, r.AreaCode, r.MotionID
		return back, s.keepRaise(ctx, tx, caller, back)
	})
}

func (s *Service) settleRaise(ctx context.Context, caller model.Caller, id, verb, reason string, decide func(*gorm.DB, *model.FundRaise) (*model.FundRaise, error)) (*model.FundRaise, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.FundRaise, error) {
		r, err := raiseIn(tx, s.DB.Locked(raiseByID), id)
		if err != nil {
			return nil, err
		}
		out, err := decide(tx, r)
		if err != nil {
			return nil, err
		}
		return out, s.record(ctx, tx, caller, verb, aboutRaise(r.ID), r.AreaCode, reason)
	})
}

func (s *Service) decideRaise(tx *gorm.DB, caller model.Caller, r *model.FundRaise, stage model.VoucherStage) error {
	now := s.now()
	r.Stage, r.CheckedBy, r.CheckedAt = stage, caller.ID, &now
	err := tx.Exec("UPDATE fund_raises SET stage = ?, slot = ?, checked_by = ?, checked_at = ? WHERE id = ?", stage, r.Slot, caller.ID, now, r.ID).Error
	if err != nil {
		return fmt.Errorf("decide on raised money %s: %w", r.ID, err)
	}
	return nil
}
