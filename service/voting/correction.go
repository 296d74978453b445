package voting

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/evidence"
	"gongdi/service/fault"
	"gongdi/service/files"
	"gongdi/service/identity"
	"gongdi/service/store"
)

// What is refused of a correction of a published roll.
var (
	ErrCorrectionEmpty    = fault.New(fault.Conflict, "correction_empty", "名册与房屋登记一致，没有可更正的内容；请先更正房屋登记")
	ErrCorrectionOutdated = fault.New(fault.Conflict, "correction_outdated", "提出之后房屋登记或名册又有变动，请重新提出更正")
	ErrCorrectionDecided  = fault.New(fault.Conflict, "correction_decided", "这项更正已经处理过")
	ErrOwnCorrection      = fault.New(fault.Forbidden, "own_correction", "不能确认自己提出的更正，请由另一名工作人员确认")
)

// Correcting is a correction as the office reads it.
type Correcting struct {
	model.RollCorrection
	Files []string
	// LostBallots is how many voters whom it strikes have taken part so far.
	LostBallots int
}

// ProposeCorrection plans to bring homes of a published roll to what the
// registry now says. Nothing changes until another member of staff applies it.
func (s *Service) ProposeCorrection(ctx context.Context, caller model.Caller, motionID string, homes []string, reason string, papers []string) (Correcting, error) {
	var out Correcting
	_, err := s.alone(ctx, motionID, func(tx *gorm.DB, m *model.Motion) error {
		if err := s.correctable(m); err != nil {
			return err
		}
		plan, err := planCorrection(tx, m, homes)
		if err == nil && len(plan.changes) < len(homes) { // what is right already plays no part
			plan, err = planCorrection(tx, m, homesIn(plan.changes))
		}
		if err != nil {
			return err
		}
		if out.LostBallots, err = plan.lostBallots(tx); err != nil {
			return err
		}
		out.RollCorrection = model.RollCorrection{
			ID: store.NewID(), MotionID: m.ID, Status: model.CorrectionProposed, Reason: reason, Changes: plan.changes,
			LinesBefore: "[]", LinesAfter: "[]", ProposedBy: caller.ID, ProposedAt: s.now(),
		}
		out.Files = append([]string{}, papers...)
		if err := files.Attach(tx, caller, correctionPapers(out.ID), papers, "body.file_ids"); err != nil {
			return err
		}
		if err := gorm.G[model.RollCorrection](tx).Create(ctx, &out.RollCorrection); err != nil {
			return fmt.Errorf("propose a correction of motion %s: %w", m.ID, err)
		}
		return s.record(ctx, tx, caller, m, model.ConductMotions, "propose_correction", reason)
	})
	return out, err
}

func correctionPapers(id string) model.About { return model.About{Type: "roll_correction", ID: id} }

func (s *Service) correctable(m *model.Motion) error {
	switch m.StatusAt(s.now()) {
	case model.StatusScheduled, model.StatusOpen, model.StatusCounting:
		return nil
	case model.StatusDraft:
		return ErrMotionNotPublished
	case model.StatusClosed, model.StatusCancelled:
	}
	return ErrMotionClosed
}

// ApplyCorrection puts a correction that somebody else proposed into effect:
// the roll gets a new fingerprint, and the lines of before and after are kept
// for the proof.
func (s *Service) ApplyCorrection(ctx context.Context, caller model.Caller, motionID, id string) error {
	_, err := s.alone(ctx, motionID, func(tx *gorm.DB, m *model.Motion) error {
		c, err := s.openCorrection(tx, caller, m, id)
		if err != nil {
			return err
		}
		plan, err := s.sameAsProposed(tx, m, c)
		if err != nil {
			return err
		}
		before, err := rolled(tx, m.ID)
		if err != nil {
			return err
		}
		if err := s.carryOut(tx, plan, c.ID); err != nil {
			return err
		}
		after, err := rolled(tx, m.ID)
		if err != nil {
			return err
		}
		if err := errors.Join(s.keepCorrection(tx, caller, m, c, before, after), s.follow(tx, m)); err != nil {
			return err
		}
		if err := tellOfCorrection(tx, m, c, *c.DecidedAt); err != nil {
			return err
		}
		return s.note(ctx, tx, caller, m, model.MotionEvent{Kind: model.EventCorrected, Reason: c.Reason, Detail: c.DigestAfter})
	})
	return err
}

// RefuseCorrection ends a proposal; who made it may withdraw it so.
func (s *Service) RefuseCorrection(ctx context.Context, caller model.Caller, motionID, id, answer string) error {
	_, err := s.alone(ctx, motionID, func(tx *gorm.DB, m *model.Motion) error {
		c, err := correction(tx, m.ID, id)
		if err != nil {
			return err
		}
		if c.Status != model.CorrectionProposed {
			return ErrCorrectionDecided
		}
		now := s.now()
		c.Status, c.DecidedBy, c.DecidedAt, c.Answer = model.CorrectionRefused, caller.ID, &now, answer
		if err := saveCorrection(tx, c); err != nil {
			return err
		}
		return s.record(ctx, tx, caller, m, model.ConductMotions, "refuse_correction", answer)
	})
	return err
}

func (s *Service) openCorrection(tx *gorm.DB, caller model.Caller, m *model.Motion, id string) (*model.RollCorrection, error) {
	c, err := correction(tx, m.ID, id)
	if err != nil {
		return nil, err
	}
	if c.Status != model.CorrectionProposed {
		return nil, ErrCorrectionDecided
	}
	if err := identity.OtherThan(tx, caller, c.ProposedBy, ErrOwnCorrection); err != nil {
		return nil, err
	}
	return c, s.correctable(m)
}

func saveCorrection(tx *gorm.DB, c *model.RollCorrection) error {
	if err := tx.Select("*").Where("id = ?", c.ID).UpdateColumns(c).Error; err != nil {
		return fmt.Errorf("save correction %s: %w", c.ID, err)
	}
	return nil
}

func correction(tx *gorm.DB, motionID, id string) (*model.RollCorrection, error) {
	var rows []model.RollCorrection
	if err := tx.Raw("SELECT * FROM roll_corrections WHERE id = ? AND motion_id = ?", id, motionID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read correction %s: %w", id, err)
	}
	if len(rows) == 0 {
		return nil, fault.ErrNotFound
	}
	return &rows[0], nil
}

// HasCorrection refuses, with not found, a correction of another motion.
func (s *Service) HasCorrection(ctx context.Context, motionID, id string) error {
	_, err := correction(s.DB.Read(ctx), motionID, id)
	return err
}

// PapersOfCorrection is what the papers of a correction belong to.
func (s *Service) PapersOfCorrection(id string) model.About { return correctionPapers(id) }

const correctionsOfMotion = "SELECT * FROM roll_corrections WHERE motion_id = ? ORDER BY proposed_at, id"

// CorrectionsOf lists the corrections of a roll, proposed, applied and refused.
func (s *Service) CorrectionsOf(ctx context.Context, motionID string) ([]Correcting, error) {
	db := s.DB.Read(ctx)
	var rows []model.RollCorrection
	if err := db.Raw(correctionsOfMotion, motionID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("list the corrections of motion %s: %w", motionID, err)
	}
	out := make([]Correcting, 0, len(rows))
	for _, row := range rows {
		papers, err := files.Of(db, correctionPapers(row.ID))
		if err != nil {
			return nil, err
		}
		c := Correcting{RollCorrection: row, Files: []string{}}
		for _, f := range papers {
			c.Files = append(c.Files, f.ID)
		}
		out = append(out, c)
	}
	return out, nil
}

const appliedOfMotion = "SELECT * FROM roll_corrections WHERE motion_id = ? AND status = 'applied' ORDER BY number"

func appliedTo(tx *gorm.DB, motionID string) ([]model.RollCorrection, error) {
	var rows []model.RollCorrection
	if err := tx.Raw(appliedOfMotion, motionID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the corrections of motion %s: %w", motionID, err)
	}
	return rows, nil
}

// correctionLines are the applied corrections as they are proven.
func correctionLines(tx *gorm.DB, motionID string) ([]evidence.Correction, error) {
	rows, err := appliedTo(tx, motionID)
	if err != nil {
		return nil, err
	}
	out := make([]evidence.Correction, 0, len(rows))
	for _, c := range rows {
		line := evidence.Correction{
			Number: c.Number, At: *c.DecidedAt, Reason: c.Reason, DigestBefore: c.DigestBefore, DigestAfter: c.DigestAfter,
		}
		err := errors.Join(json.Unmarshal([]byte(c.LinesBefore), &line.Before), json.Unmarshal([]byte(c.LinesAfter), &line.After))
		if err != nil {
			return nil, fmt.Errorf("read the lines of correction %s: %w", c.ID, err)
		}
		out = append(out, line)
	}
	return out, nil
}
