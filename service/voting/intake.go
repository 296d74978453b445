package voting

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/store"
	"gongdi/service/vault"
)

// Intake is that papers came in (收票登记): out of a box, at a door, over the
// counter or by post, taken by named people.
type Intake struct {
	MotionID   string
	Way        string
	Place      string
	Sheets     int
	Collectors []string
	ReceivedAt time.Time
}

const receiptCollectors vault.Field = "paper_receipt.collectors"

// Receive notes that papers came in. What came after the close is refused with
// ErrPaperLate: it is not counted, however early it was signed.
func (s *Service) Receive(ctx context.Context, caller model.Caller, in Intake) (*model.PaperReceipt, error) {
	names, err := s.sealNames(receiptCollectors, in.Collectors, "body.collectors")
	if err != nil {
		return nil, err
	}
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.PaperReceipt, error) {
		m, err := motion(tx, s.DB.Shared(motionByID), in.MotionID)
		if err != nil {
			return nil, err
		}
		w := &window{Motion: *m, now: s.now()}
		if status := m.StatusAt(w.now); status != model.StatusOpen && status != model.StatusCounting {
			return nil, ErrMotionNotOpen
		}
		received := instant(in.ReceivedAt)
		switch {
		case received.After(w.now):
			return nil, fault.Unknown("body.received_at", "收到时间不能在将来")
		case !w.inTime(received):
			return nil, ErrPaperLate.At("body.received_at", "应在发布后、截止前")
		}
		r := &model.PaperReceipt{
			ID: store.NewID(), MotionID: m.ID, Way: in.Way, Place: strings.TrimSpace(in.Place), Sheets: in.Sheets,
			Collectors: names, ReceivedAt: received, StaffID: caller.ID, At: w.now,
		}
		if err := gorm.G[model.PaperReceipt](tx).Create(ctx, r); err != nil {
			return nil, fmt.Errorf("note papers of motion %s: %w", m.ID, err)
		}
		return r, s.record(ctx, tx, caller, m, model.EnterPaper, "receive", "")
	})
}

// ErrReceiptStruck says that a slip in the log was taken out before.
var ErrReceiptStruck = fault.New(fault.Conflict, "receipt_struck", "这条收票登记已经作废")

const receiptOfMotion = "SELECT * FROM paper_receipts WHERE motion_id = ? AND id = ?"

// Strike takes a slip in the log out of its sums, for a reason (作废); the line
// stays and is printed. What was right is noted anew.
func (s *Service) Strike(ctx context.Context, caller model.Caller, motionID, id, reason string) (*Received, error) {
	var line Received
	err := store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		m, err := motion(tx, s.DB.Locked(motionByID), motionID)
		if err != nil {
			return err
		}
		if status := m.StatusAt(s.now()); status != model.StatusOpen && status != model.StatusCounting {
			return ErrMotionNotOpen
		}
		var rows []model.PaperReceipt
		if err := tx.Raw(receiptOfMotion, motionID, id).Scan(&rows).Error; err != nil {
			return fmt.Errorf("find papers of motion %s: %w", motionID, err)
		}
		switch {
		case len(rows) == 0:
			return fault.ErrNotFound
		case rows[0].StruckAt != nil:
			return ErrReceiptStruck
		}
		now := s.now()
		line.PaperReceipt = rows[0]
		line.StruckAt, line.StruckBy, line.StruckReason = &now, caller.ID, reason
		if err := tx.Select("*").Where("id = ?", id).UpdateColumns(&line.PaperReceipt).Error; err != nil {
			return fmt.Errorf("strike papers of motion %s: %w", motionID, err)
		}
		if line.Names, err = s.names(receiptCollectors, line.Collectors); err != nil {
			return err
		}
		return s.record(ctx, tx, caller, m, model.EnterPaper, "strike_receipt", reason)
	})
	return &line, err
}

// Received is a line of the log of papers, with who took them.
type Received struct {
	model.PaperReceipt
	Names []string
}

const receiptsOfMotion = "SELECT * FROM paper_receipts WHERE motion_id = ? ORDER BY received_at, id"

// IntakeOf is the log of papers that came in for a motion.
func (s *Service) IntakeOf(ctx context.Context, motionID string) ([]Received, error) {
	var rows []model.PaperReceipt
	if err := s.DB.Read(ctx).Raw(receiptsOfMotion, motionID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the papers of motion %s: %w", motionID, err)
	}
	out := make([]Received, 0, len(rows))
	for _, r := range rows {
		names, err := s.names(receiptCollectors, r.Collectors)
		if err != nil {
			return nil, err
		}
		out = append(out, Received{PaperReceipt: r, Names: names})
	}
	return out, nil
}

const longestName = 50

// sealNames seals the names of people who were there: each once, none empty.
func (s *Service) sealNames(field vault.Field, names []string, location string) (string, error) {
	var trimmed []string
	for i, name := range names {
		name = strings.TrimSpace(name)
		if name == "" || len([]rune(name)) > longestName || slices.Contains(trimmed, name) {
			return "", fault.Unknown(fmt.Sprintf("%s[%d]", location, i), "姓名不能为空、重复或超过50个字")
		}
		trimmed = append(trimmed, name)
	}
	text, err := json.Marshal(trimmed)
	if err != nil {
		return "", fmt.Errorf("write %s: %w", field, err)
	}
	return s.Vault.Seal(field, string(text)), nil
}

// names opens a sealed list of names.
func (s *Service) names(field vault.Field, sealed string) ([]string, error) {
	text, err := s.Vault.Reveal(field, sealed)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", field, err)
	}
	var names []string
	if err := json.Unmarshal([]byte(text), &names); err != nil {
		return nil, fmt.Errorf("read %s: %w", field, err)
	}
	return names, nil
}
