package notices

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/store"
)

// Objected is an objection with its dated steps, readable.
type Objected struct {
	model.Objection
	Label, From, Said string
	Papers            []string
	Steps             []Stepped
}

// Stepped is one step, readable.
type Stepped struct {
	model.ObjectionStep
	Said string
}

// ObjectionsTo lists the objections to a notice, the oldest first; those of one
// resident alone when one is named.
func (s *Service) ObjectionsTo(ctx context.Context, noticeID, residentID string) ([]Objected, error) {
	db := s.DB.Read(ctx)
	var rows []struct {
		model.Objection
		Label string
	}
	err := db.Raw(`SELECT o.*, COALESCE(p.label, '') AS label FROM objections o LEFT JOIN properties p ON p.id = o.property_id
WHERE o.notice_id = ? AND (? = '' OR o.resident_id = ?) ORDER BY o.at, o.id`, noticeID, residentID, residentID).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("list the objections to notice %s: %w", noticeID, err)
	}
	out, ids := make([]Objected, 0, len(rows)), make([]string, 0, len(rows))
	for _, row := range rows {
		said, errWords := s.Vault.Reveal(objectionWords, row.Words)
		from, errName := s.Vault.Reveal(objectionName, row.Name)
		if err := errors.Join(errWords, errName); err != nil {
			return nil, fmt.Errorf("read objection %s: %w", row.ID, err)
		}
		out, ids = append(out, Objected{Objection: row.Objection, Label: row.Label, Said: said, From: from, Papers: []string{}}), append(ids, row.ID)
	}
	return out, s.withSteps(db, out, ids)
}

// withSteps adds the steps and papers of objections.
func (s *Service) withSteps(db *gorm.DB, to []Objected, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	var steps []model.ObjectionStep
	var papers []model.File
	err := errors.Join(
		db.Raw("SELECT * FROM objection_steps WHERE objection_id IN ? ORDER BY objection_id, number", ids).Scan(&steps).Error,
		db.Raw("SELECT * FROM files WHERE about_type = 'objection' AND about_id IN ? ORDER BY created_at, id", ids).Scan(&papers).Error,
	)
	if err != nil {
		return fmt.Errorf("read the steps of objections: %w", err)
	}
	for _, f := range papers {
		of := &to[slices.Index(ids, f.AboutID)]
		of.Papers = append(of.Papers, f.ID)
	}
	for _, step := range steps {
		words, err := s.Vault.Reveal(stepWords, step.Words)
		if err != nil {
			return fmt.Errorf("read a step of objection %s: %w", step.ObjectionID, err)
		}
		of := &to[slices.Index(ids, step.ObjectionID)]
		of.Steps = append(of.Steps, Stepped{ObjectionStep: step, Said: words})
	}
	return nil
}

// OpenObjection is one that waits for the office.
type OpenObjection struct {
	model.Objection
	Title, Label string
	Overdue      bool `gorm:"-"` // its last working day is past
}

const objectionsOpen = `FROM objections o JOIN notices n ON n.id = o.notice_id LEFT JOIN properties p ON p.id = o.property_id
WHERE n.area_code LIKE ? AND o.status NOT IN ('settled', 'withdrawn', 'unsettled')`

// OpenObjections lists what the caller's area has still to settle, the most
// urgent first.
func (s *Service) OpenObjections(ctx context.Context, caller model.Caller, offset, limit int) ([]OpenObjection, int64, error) {
	rows, total, err := store.Page[OpenObjection](s.DB.Read(ctx), store.List{
		Of: "open objections", Columns: "o.*, n.title, COALESCE(p.label, '') AS label", From: objectionsOpen, Order: "o.due_on, o.at, o.id",
		Args: []any{caller.AreaCode + "%"},
	}, offset, limit)
	today := quantity.DateOf(s.now())
	for i := range rows {
		rows[i].Overdue = rows[i].DueOn < today
	}
	return rows, total, err
}

// ObjectionCount is how many objections a notice has drawn.
func (s *Service) ObjectionCount(ctx context.Context, noticeID string) (count int, err error) {
	if err := s.DB.Read(ctx).Raw("SELECT COUNT(*) FROM objections WHERE notice_id = ?", noticeID).Scan(&count).Error; err != nil {
		return 0, fmt.Errorf("count the objections to notice %s: %w", noticeID, err)
	}
	return count, nil
}
