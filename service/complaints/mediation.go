package complaints

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/document"
	"gongdi/service/fault"
	"gongdi/service/store"
	"gongdi/service/vault"
)

const (
	mediationPresent   vault.Field = "mediation.present"
	mediationFacts     vault.Field = "mediation.facts"
	mediationAgreement vault.Field = "mediation.agreement"
	mediationFollowUp  vault.Field = "mediation.follow_up"
)

// What is refused of mediations.
var (
	ErrNoAgreement = fault.New(fault.Conflict, "mediation_not_agreed", "这次调解没有达成协议")
	ErrFollowedUp  = fault.New(fault.Conflict, "mediation_followed_up", "这次调解的履行情况已经回访")
)

// Session is one mediation to be noted, or readable.
type Session struct {
	model.Mediation
	Came         []string // who came, and as what
	Said, Agreed string   // the facts, the agreement
	Followed     string
}

// Mediate notes a session.
func (s *Service) Mediate(ctx context.Context, caller model.Caller, id string, m Session) error {
	switch {
	case m.HeldOn > quantity.DateOf(s.now()):
		return fault.ErrInvalid.At("body.held_on", "调解日期不能在将来")
	case m.Outcome == model.MediationAgreed && strings.TrimSpace(m.Agreed) == "":
		return fault.ErrInvalid.At("body.agreement", "达成协议的，请填写协议内容")
	}
	_, err := store.Do(ctx, s.DB, func(tx *gorm.DB) (string, error) {
		c, err := read(tx, s.DB.Locked(caseByID), id)
		if err != nil {
			return "", err
		}
		var last int
		if err := tx.Raw("SELECT COALESCE(MAX(number), 0) FROM mediations WHERE complaint_id = ?", id).Scan(&last).Error; err != nil {
			return "", fmt.Errorf("count the mediations of case %s: %w", id, err)
		}
		row := m.Mediation
		row.ID, row.ComplaintID, row.Number, row.StaffID, row.At = store.NewID(), id, last+1, caller.ID, s.now()
		row.Present = s.Vault.Seal(mediationPresent, strings.Join(m.Came, "\n"))
		row.Facts, row.Agreement = s.Vault.Seal(mediationFacts, m.Said), s.Vault.Seal(mediationAgreement, m.Agreed)
		if err := tx.Create(&row).Error; err != nil {
			return "", fmt.Errorf("note a mediation of case %s: %w", id, err)
		}
		return row.ID, s.record(ctx, tx, caller, model.MediateCases, c, "mediate", "")
	})
	return err
}

// Sessions are the mediations of a case, the first one first.
func (s *Service) Sessions(ctx context.Context, id string) ([]Session, error) {
	var rows []model.Mediation
	if err := s.DB.Read(ctx).Raw("SELECT * FROM mediations WHERE complaint_id = ? ORDER BY number", id).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the mediations of case %s: %w", id, err)
	}
	out := make([]Session, 0, len(rows))
	for _, row := range rows {
		m := Session{Mediation: row}
		came, errCame := s.Vault.Reveal(mediationPresent, row.Present)
		facts, errFacts := s.Vault.Reveal(mediationFacts, row.Facts)
		agreed, errAgreed := s.Vault.Reveal(mediationAgreement, row.Agreement)
		followed, errFollowed := s.Vault.Reveal(mediationFollowUp, row.FollowUp)
		if err := errors.Join(errCame, errFacts, errAgreed, errFollowed); err != nil {
			return nil, fmt.Errorf("read a mediation of case %s: %w", id, err)
		}
		m.Came, m.Said, m.Agreed, m.Followed = strings.Split(came, "\n"), facts, agreed, followed
		out = append(out, m)
	}
	return out, nil
}

// SessionOf is one mediation of a case.
func (s *Service) SessionOf(ctx context.Context, id, mediationID string) (Session, error) {
	all, err := s.Sessions(ctx, id)
	if err != nil {
		return Session{}, err
	}
	for _, m := range all {
		if m.ID == mediationID {
			return m, nil
		}
	}
	return Session{}, fault.ErrNotFound
}

// FollowUp notes whether an agreement is kept.
func (s *Service) FollowUp(ctx context.Context, caller model.Caller, c *model.Complaint, m Session, kept bool, words string) error {
	const update = "UPDATE mediations SET kept = ?, follow_up = ?, followed_at = ? WHERE id = ? AND followed_at IS NULL"
	if m.Outcome != model.MediationAgreed {
		return ErrNoAgreement
	}
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		done := tx.Exec(update, kept, s.Vault.Seal(mediationFollowUp, words), s.now(), m.ID)
		if done.Error != nil {
			return fmt.Errorf("follow a mediation up: %w", done.Error)
		}
		if done.RowsAffected == 0 {
			return ErrFollowedUp
		}
		return s.record(ctx, tx, caller, model.MediateCases, c, "follow_up", "")
	})
}

// Agreement prints what was agreed to, to be signed (人民调解协议书); that it was
// printed, with names, is logged.
func (s *Service) Agreement(ctx context.Context, caller model.Caller, c *model.Complaint, m Session, w io.Writer) error {
	if m.Outcome != model.MediationAgreed {
		return ErrNoAgreement
	}
	err := store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		return s.record(ctx, tx, caller, model.MediateCases, c, "print", "")
	})
	if err != nil {
		return err
	}
	return document.Mediation(w, document.MediationAgreement{
		Number: fmt.Sprintf("%s-%d", c.Number, m.Number), HeldOn: m.HeldOn, Place: m.Place, Present: m.Came, Facts: m.Said, Terms: m.Agreed, DueOn: m.DueOn,
	})
}
