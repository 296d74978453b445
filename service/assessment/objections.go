package assessment

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/assess"
	"gongdi/service/audit"
	"gongdi/service/fault"
	"gongdi/service/messages"
	"gongdi/service/store"
	"gongdi/service/vault"
)

const (
	objectionWords  vault.Field = "assessment_objection.words"
	objectionAnswer vault.Field = "assessment_objection.answer"
)

// What is refused of objections.
var (
	ErrObjected = fault.New(fault.Conflict, "objection_made", "贵单位本期已经提出过异议")
	ErrAnswered = fault.New(fault.Conflict, "objection_answered", "这一异议已经答复")
)

// Objection is a unit's, readable.
type Objection struct {
	model.AssessmentObjection
	Said, Reply string
}

// Object takes what a unit has against its own line: once, when the period is
// over.
func (s *Service) Object(ctx context.Context, caller model.Caller, p assess.Period, words string) error {
	if !p.Over(s.today()) {
		return ErrRunning
	}
	unit, _ := own(caller)
	area := tableArea(caller)
	o := model.AssessmentObjection{
		ID: store.NewID(), Period: p.Name, AreaCode: area, Assessed: unit, Words: s.Vault.Seal(objectionWords, words), StaffID: caller.ID, At: s.now(),
	}
	err := store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		if err := tx.Create(&o).Error; err != nil {
			return err
		}
		news := messages.News{Kind: "assessment_objection", AboutType: "assessment", AboutID: p.Name, Text: p.Name + "考核：有单位提出异议，请答复", Hint: "考核有一件异议"}
		if err := messages.TellDesks(tx, []string{model.StreetDepartment}, area, news, o.At); err != nil {
			return err
		}
		return s.record(ctx, tx, caller, audit.Entry{Right: model.ObjectAssessments, ObjectType: "assessment_objection", ObjectID: o.ID, AreaCode: area})
	})
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return ErrObjected
	}
	return err
}

// withObjections puts each unit's objection beside its line.
func (s *Service) withObjections(db *gorm.DB, t *Table) error {
	rows, err := s.objectionsOf(db, t.Period, t.AreaCode)
	if err != nil {
		return err
	}
	for i := range rows {
		for j := range t.Lines {
			if t.Lines[j].Assessed == rows[i].Assessed {
				t.Lines[j].Objection = &rows[i]
			}
		}
	}
	return nil
}

func (s *Service) objectionsOf(db *gorm.DB, period, area string) ([]Objection, error) {
	var rows []model.AssessmentObjection
	if err := db.Raw("SELECT * FROM assessment_objections WHERE period = ? AND area_code = ? ORDER BY at, id", period, area).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the objections of %s: %w", period, err)
	}
	out := make([]Objection, 0, len(rows))
	for _, r := range rows {
		said, errSaid := s.Vault.Reveal(objectionWords, r.Words)
		reply, errReply := s.Vault.Reveal(objectionAnswer, r.Answer)
		if err := errors.Join(errSaid, errReply); err != nil {
			return nil, fmt.Errorf("read an objection of %s: %w", period, err)
		}
		out = append(out, Objection{r, said, reply})
	}
	return out, nil
}

// ObjectionOf finds an objection of a caller's table.
func (s *Service) ObjectionOf(ctx context.Context, caller model.Caller, p assess.Period, id string) (*Objection, error) {
	rows, err := s.objectionsOf(s.DB.Read(ctx), p.Name, tableArea(caller))
	if err != nil {
		return nil, err
	}
	for i := range rows {
		if rows[i].ID == id {
			return &rows[i], nil
		}
	}
	return nil, fault.ErrNotFound
}

// Answer answers an objection for good. What it changes is entered by hand, and
// counts in the version that is frozen next.
func (s *Service) Answer(ctx context.Context, caller model.Caller, o *Objection, words string, upheld bool) error {
	const answer = "UPDATE assessment_objections SET answer = ?, upheld = ?, answered_by = ?, answered_at = ? WHERE id = ? AND answered_at IS NULL"
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		done := tx.Exec(answer, s.Vault.Seal(objectionAnswer, words), upheld, caller.ID, s.now(), o.ID)
		if done.Error != nil {
			return fmt.Errorf("answer objection %s: %w", o.ID, done.Error)
		}
		if done.RowsAffected == 0 {
			return ErrAnswered
		}
		news := messages.News{Kind: "assessment_answer", AboutType: "assessment", AboutID: o.Period, Text: o.Period + "考核：贵单位的异议已答复", Hint: "考核异议已答复"}
		if err := tellUnit(tx, o.Assessed, o.AreaCode, news, s.now()); err != nil {
			return err
		}
		return s.record(ctx, tx, caller, audit.Entry{Verb: "answer_objection", ObjectType: "assessment_objection", ObjectID: o.ID, AreaCode: o.AreaCode})
	})
}
