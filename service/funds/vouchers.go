package funds

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/fault"
	"gongdi/service/files"
	"gongdi/service/identity"
	"gongdi/service/store"
)

// What is refused of vouchers.
var (
	ErrKnownReceipt  = fault.New(fault.Conflict, "receipt_known", "这笔凭证已经登记")
	ErrAbovePledge   = fault.New(fault.Conflict, "above_pledge", "登记的金额超过认缴金额")
	ErrAboveReceived = fault.New(fault.Conflict, "above_received", "退还的金额超过到账金额")
	ErrAboveAssets   = fault.New(fault.Conflict, "above_assets", "支出超过这一来源的结余")
	ErrNotEntered    = fault.New(fault.Conflict, "voucher_checked", "这张凭证已经复核")
	ErrNotBooked     = fault.New(fault.Conflict, "voucher_not_booked", "只有已入账的凭证可以冲销")
	ErrOwnVoucher    = fault.New(fault.Forbidden, "own_voucher", "不能复核自己登记的凭证")
)

// Entry is what somebody enters of a paper.
type Entry struct {
	Source    model.Source // empty for the only one of a pledge
	Amount    quantity.Fen
	OnDate    quantity.Date
	Reference string
	Note      string
	Payee     string
	Files     []string
}

// Receive enters money that came in for a pledge. It is booked when another
// person has checked it; the same paper is entered once.
func (s *Service) Receive(ctx context.Context, caller model.Caller, of *model.Pledge, e Entry) (*model.Voucher, error) {
	return s.enterFor(ctx, caller, of, model.Receipt, e, s.receivable)
}

// Refund enters money that went back to who pledged.
func (s *Service) Refund(ctx context.Context, caller model.Caller, of *model.Pledge, e Entry) (*model.Voucher, error) {
	return s.enterFor(ctx, caller, of, model.Refund, e, refundable)
}

type allowed func(tx *gorm.DB, p *Pledged, part model.PledgePart, v *model.Voucher) error

func (s *Service) enterFor(ctx context.Context, caller model.Caller, of *model.Pledge, kind model.VoucherKind, e Entry, allow allowed) (*model.Voucher, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.Voucher, error) {
		if err := s.hold(tx, model.Purpose{Type: of.PurposeType, ID: of.PurposeID}); err != nil {
			return nil, err
		}
		v := s.voucher(caller, kind, e)
		return v, s.enterIn(ctx, tx, caller, of.ID, v, e.Files, allow)
	})
}

// enterIn enters a voucher of a pledge whose ledger is held.
func (s *Service) enterIn(ctx context.Context, tx *gorm.DB, caller model.Caller, pledgeID string, v *model.Voucher, scans []string, allow allowed) error {
	row, err := pledge(tx, pledgeByID, pledgeID)
	if err != nil {
		return err
	}
	p, _, err := s.stand(tx, row)
	if err != nil {
		return err
	}
	part, err := partFor(p, v.Source)
	if err != nil {
		return err
	}
	v.Slot = fmt.Sprintf("%s|%s|%s|%s", v.Kind, p.ID, part.Source, v.Reference)
	v.PurposeType, v.PurposeID, v.EstateID, v.AreaCode = p.PurposeType, p.PurposeID, p.EstateID, p.AreaCode
	v.Source, v.PledgeID, v.PropertyID, v.Ground = part.Source, p.ID, p.PropertyID, p.Ground
	if err := s.fresh(tx, v); err != nil {
		return err
	}
	if err := allow(tx, p, part, v); err != nil {
		return err
	}
	return s.keepVoucher(ctx, tx, caller, v, scans)
}

func (s *Service) voucher(caller model.Caller, kind model.VoucherKind, e Entry) *model.Voucher {
	v := &model.Voucher{
		ID: store.NewID(), Kind: kind, Source: e.Source, Amount: e.Amount, OnDate: e.OnDate, Reference: e.Reference, Note: e.Note,
		Stage: model.VoucherEntered, EnteredBy: caller.ID, EnteredAt: s.now(),
	}
	if e.Payee != "" {
		v.Payee = s.Vault.Seal(voucherPayee, e.Payee)
	}
	return v
}

// fresh refuses a paper that was entered before, and a day that has not come.
func (s *Service) fresh(tx *gorm.DB, v *model.Voucher) error {
	if v.OnDate > quantity.DateOf(s.now()) {
		return fault.Unknown("body.received_on", "日期不能在将来")
	}
	var known []string
	if err := tx.Raw("SELECT id FROM vouchers WHERE slot = ?", v.Slot).Scan(&known).Error; err != nil {
		return fmt.Errorf("look for an earlier voucher: %w", err)
	}
	if len(known) > 0 {
		return ErrKnownReceipt.Carrying("id", known[0])
	}
	return nil
}

func (s *Service) keepVoucher(ctx context.Context, tx *gorm.DB, caller model.Caller, v *model.Voucher, scans []string) error {
	err := gorm.G[model.Voucher](tx).Create(ctx, v)
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return ErrKnownReceipt
	}
	if err != nil {
		return fmt.Errorf("keep a voucher: %w", err)
	}
	if err := files.Attach(tx, caller, Scans(v.ID), scans, "body.file_ids"); err != nil {
		return err
	}
	return s.record(ctx, tx, caller, "enter", Scans(v.ID), v.AreaCode, "")
}

// Scans is what the pictures of a voucher belong to.
func Scans(id string) model.About { return model.About{Type: "voucher", ID: id} }

func partFor(p *Pledged, source model.Source) (model.PledgePart, error) {
	for _, part := range p.Parts {
		if part.Source == source || source == "" && len(p.Parts) == 1 {
			return part, nil
		}
	}
	return model.PledgePart{}, fault.Unknown("body.source", "请写明这笔认缴中的资金来源")
}

// waiting is what is entered of a part and not checked yet.
func waiting(tx *gorm.DB, v *model.Voucher) (quantity.Fen, error) {
	var sum quantity.Fen
	err := tx.Raw("SELECT COALESCE(SUM(amount), 0) FROM vouchers WHERE pledge_id = ? AND stage = 'entered' AND source = ? AND kind = ?", v.PledgeID, v.Source, v.Kind).Scan(&sum).Error
	if err != nil {
		return 0, fmt.Errorf("add up what waits of pledge %s: %w", v.PledgeID, err)
	}
	return sum, nil
}

// receivable refuses money for a pledge that no longer stands, more than was
// pledged, and what the law ties to a vote or a ground that is not there.
func (s *Service) receivable(tx *gorm.DB, p *Pledged, part model.PledgePart, v *model.Voucher) error {
	if p.Standing.over() {
		return ErrPledgeOver.Carrying("status", string(p.Standing.Status))
	}
	held, err := waiting(tx, v)
	if err != nil {
		return err
	}
	if left := part.Amount - p.Standing.BySource[part.Source] - held; v.Amount > left {
		return ErrAbovePledge.Carrying("at_most_fen", int64(max(left, 0)))
	}
	return s.lawful(tx, v)
}

func (s *Service) lawful(tx *gorm.DB, v *model.Voucher) error {
	switch v.Source {
	case model.Fiscal:
		if v.Ground == "" {
			return ErrFiscalGround
		}
	case model.MaintenanceFund:
		var err error
		v.MotionID, err = fundMotion(tx, v.PropertyID)
		return err
	default:
	}
	return nil
}

func refundable(tx *gorm.DB, p *Pledged, part model.PledgePart, v *model.Voucher) error {
	held, err := waiting(tx, v)
	if err != nil {
		return err
	}
	if left := p.Standing.BySource[part.Source] - held; v.Amount > left {
		return ErrAboveReceived.Carrying("at_most_fen", int64(max(left, 0)))
	}
	return nil
}

// Spend enters what was paid for a purpose (支出).
func (s *Service) Spend(ctx context.Context, caller model.Caller, p *Purpose, e Entry) (*model.Voucher, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.Voucher, error) {
		if err := s.hold(tx, p.Purpose); err != nil {
			return nil, err
		}
		v := s.voucher(caller, model.Expense, e)
		v.Slot = fmt.Sprintf("%s|%s|%s|%s", v.Kind, p.ID, v.Source, e.Reference)
		v.PurposeType, v.PurposeID, v.EstateID, v.AreaCode = p.Type, p.ID, p.EstateID, p.AreaCode
		if err := s.fresh(tx, v); err != nil {
			return nil, err
		}
		if err := enough(tx, v); err != nil {
			return nil, err
		}
		return v, s.keepVoucher(ctx, tx, caller, v, e.Files)
	})
}

const assetsOfSource = "SELECT COALESCE(SUM(debit) - SUM(credit), 0) FROM ledger_lines WHERE purpose_type = ? AND purpose_id = ? AND account = 'assets' AND source = ?"

// enough refuses to give out more of a source than there is.
func enough(tx *gorm.DB, v *model.Voucher) error {
	var there quantity.Fen
	if err := tx.Raw(assetsOfSource, v.PurposeType, v.PurposeID, v.Source).Scan(&there).Error; err != nil {
		return fmt.Errorf("add up the assets of %s %s: %w", v.PurposeType, v.PurposeID, err)
	}
	if v.Amount > there {
		return ErrAboveAssets.Carrying("at_most_fen", int64(there))
	}
	return nil
}

const voucherByID = "SELECT * FROM vouchers WHERE id = ?"

func voucherOf(tx *gorm.DB, query, id string) (*model.Voucher, error) {
	return store.One[model.Voucher](tx, "voucher "+id, query, id)
}

// VoucherOf is a voucher in the area of a member of staff.
func (s *Service) VoucherOf(ctx context.Context, caller model.Caller, id string) (*model.Voucher, error) {
	v, err := voucherOf(s.DB.Read(ctx), voucherByID, id)
	if err == nil && !caller.Covers(v.AreaCode) {
		return nil, fault.ErrNotFound
	}
	return v, err
}

// settle holds the ledger and a voucher in it while it is decided.
func (s *Service) settle(ctx context.Context, caller model.Caller, of *model.Voucher, verb, reason string, decide func(*gorm.DB, *model.Voucher) (*model.Voucher, error)) (*model.Voucher, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.Voucher, error) {
		if err := s.hold(tx, model.Purpose{Type: of.PurposeType, ID: of.PurposeID}); err != nil {
			return nil, err
		}
		v, err := voucherOf(tx, s.DB.Locked(voucherByID), of.ID)
		if err != nil {
			return nil, err
		}
		out, err := decide(tx, v)
		if err != nil {
			return nil, err
		}
		return out, s.record(ctx, tx, caller, verb, Scans(v.ID), v.AreaCode, reason)
	})
}

// Check books a voucher that another person entered: its lines are added in
// the same transaction, and balance.
func (s *Service) Check(ctx context.Context, caller model.Caller, of *model.Voucher) (*model.Voucher, error) {
	return s.settle(ctx, caller, of, "check", "", func(tx *gorm.DB, v *model.Voucher) (*model.Voucher, error) {
		if v.Stage != model.VoucherEntered {
			return nil, ErrNotEntered.Carrying("status", string(v.Stage))
		}
		if err := identity.OtherThan(tx, caller, v.EnteredBy, ErrOwnVoucher); err != nil {
			return nil, err
		}
		if err := s.book(tx, v); err != nil {
			return nil, err
		}
		return v, s.decided(tx, v, caller, model.VoucherBooked)
	})
}

// Reject sends back a voucher that does not agree with its paper.
func (s *Service) Reject(ctx context.Context, caller model.Caller, of *model.Voucher, reason string) (*model.Voucher, error) {
	return s.settle(ctx, caller, of, "reject", reason, func(tx *gorm.DB, v *model.Voucher) (*model.Voucher, error) {
		if v.Stage != model.VoucherEntered {
			return nil, ErrNotEntered.Carrying("status", string(v.Stage))
		}
		v.Slot = v.ID // the paper may be entered anew
		return v, s.decided(tx, v, caller, model.VoucherRejected)
	})
}

func (s *Service) decided(tx *gorm.DB, v *model.Voucher, caller model.Caller, stage model.VoucherStage) error {
	now := s.now()
	v.Stage, v.CheckedBy, v.CheckedAt = stage, caller.ID, &now
	err := tx.Exec("UPDATE vouchers SET stage = ?, slot = ?, motion_id = ?, checked_by = ?, checked_at = ? WHERE id = ?", stage, v.Slot, v.MotionID, caller.ID, now, v.ID).Error
	if err != nil {
		return fmt.Errorf("decide on voucher %s: %w", v.ID, err)
	}
	return nil
}

// Reverse enters the correction of a booked voucher: when another person has
// checked it, its lines take back those of the first (冲销). Nothing is
// changed or removed.
func (s *Service) Reverse(ctx context.Context, caller model.Caller, of *model.Voucher, reason string) (*model.Voucher, error) {
	return s.settle(ctx, caller, of, "reverse", reason, func(tx *gorm.DB, v *model.Voucher) (*model.Voucher, error) {
		if v.Stage != model.VoucherBooked || v.Kind == model.Reversal {
			return nil, ErrNotBooked
		}
		back := *v
		back.ID, back.Slot, back.Kind, back.Reverses, back.Note = store.NewID(), "reversal|"+v.ID, model.Reversal, v.ID, reason
		back.Stage, back.EnteredBy, back.EnteredAt, back.CheckedBy, back.CheckedAt = model.VoucherEntered, caller.ID, s.now(), "", nil
		back.OnDate = quantity.DateOf(s.now())
		if err := s.fresh(tx, &back); err != nil {
			return nil, err
		}
		return &back, s.keepVoucher(ctx, tx, caller, &back, nil)
	})
}
