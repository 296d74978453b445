package safety

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/audit"
	"gongdi/service/fault"
	"gongdi/service/messages"
	"gongdi/service/store"
)

// ErrDecided says that a check has that end already.
var ErrDecided = fault.New(fault.Conflict, "check_decided", "这条内容已经审核过")

// Listing narrows the list of checks. An empty state is what waits for a
// person: what the platform doubts, did not judge, or gives no answer on.
type Listing struct {
	State         model.SafetyState
	Offset, Limit int
}

// Checked is a check, readable.
type Checked struct {
	model.SafetyCheck
	Said string
}

const (
	checksOf  = "FROM safety_checks WHERE area_code LIKE ? AND state = ?"
	checksFor = "FROM safety_checks WHERE area_code LIKE ? AND (state IN ('review', 'risky') OR state = 'pending' AND cause = ?)"
)

// Checks lists those of the caller's area, the oldest first.
func (s *Service) Checks(ctx context.Context, caller model.Caller, l Listing) ([]Checked, int64, error) {
	from, args := checksOf, []any{caller.AreaCode + "%", any(l.State)}
	if l.State == "" {
		from, args[1] = checksFor, model.CauseDown
	}
	rows, total, err := store.Page[model.SafetyCheck](s.DB.Read(ctx), store.List{Of: "checks", Columns: "*", From: from, Order: "made_at, id", Args: args}, l.Offset, l.Limit)
	if err != nil {
		return nil, 0, err
	}
	out := make([]Checked, 0, len(rows))
	for _, row := range rows {
		said, err := s.Vault.Reveal(checkedWords, row.Words)
		if err != nil {
			return nil, 0, fmt.Errorf("read check %s: %w", row.ID, err)
		}
		out = append(out, Checked{SafetyCheck: row, Said: said})
	}
	return out, total, nil
}

// Of is a check as a member of staff may see it: in their area.
func (s *Service) Of(ctx context.Context, caller model.Caller, id string) (*model.SafetyCheck, error) {
	var rows []model.SafetyCheck
	if err := s.DB.Read(ctx).Raw(checkByID, id).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read check %s: %w", id, err)
	}
	if len(rows) == 0 || !caller.Covers(rows[0].AreaCode) {
		return nil, fault.ErrNotFound
	}
	return &rows[0], nil
}

// Pass lets it be shown, whatever the platform says.
func (s *Service) Pass(ctx context.Context, caller model.Caller, id string) error {
	return s.decide(ctx, caller, id, model.SafetyPass, "")
}

// Refuse lets it be shown no more, though it may have passed, and tells the
// author why. It is kept, and stays visible to its author and the office.
func (s *Service) Refuse(ctx context.Context, caller model.Caller, id, reason string) error {
	return s.decide(ctx, caller, id, model.SafetyRefused, reason)
}

func (s *Service) decide(ctx context.Context, caller model.Caller, id string, to model.SafetyState, reason string) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		var was model.SafetyCheck
		now := s.now()
		err := s.changeIn(tx, id, func(c *model.SafetyCheck) bool {
			was = *c
			if c.State == to {
				return false
			}
			c.State, c.NextAt, c.DecidedAt, c.DecidedBy, c.Reason = to, nil, &now, caller.ID, reason
			return true
		})
		if err != nil {
			return err
		}
		if was.State == to {
			return ErrDecided
		}
		if to == model.SafetyRefused && was.AuthorID != "" {
			news := messages.News{Kind: "safety", AboutType: was.AboutType, AboutID: was.AboutID, Text: "您提交的内容没有通过审核，不会向其他居民公开：" + reason}
			if err := messages.Tell(tx, []string{was.AuthorID}, news, now); err != nil {
				return err
			}
		}
		return s.Audit.Record(ctx, tx, audit.Entry{
			Actor: caller, Right: model.CheckContent, Verb: string(to), ObjectType: "safety_check", ObjectID: id, AreaCode: was.AreaCode, Reason: reason,
		})
	})
}
