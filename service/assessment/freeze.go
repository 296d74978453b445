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
	"gongdi/service/store"
)

// errAgain asks why a table that is frozen is to be frozen again; it may have
// been frozen by another meanwhile.
var errAgain = fault.ErrInvalid.At("body.reason", "这一期已经定稿，重新定稿须说明理由")

// Freeze keeps a period's table as it is now (定稿): every figure with what it
// was counted from. Freezing again needs a reason and makes another version;
// the earlier ones stay as they were.
func (s *Service) Freeze(ctx context.Context, caller model.Caller, p assess.Period, reason string) error {
	if !p.Over(s.today()) {
		return ErrRunning
	}
	area := tableArea(caller)
	t, err := s.live(ctx, s.DB.Read(ctx), p, area)
	if err != nil {
		return err
	}
	err = store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		var versions int
		if err := tx.Raw("SELECT COALESCE(MAX(version), 0) FROM assessments WHERE period = ? AND area_code = ?", p.Name, area).Scan(&versions).Error; err != nil {
			return fmt.Errorf("count the versions of %s: %w", p.Name, err)
		}
		if versions > 0 && reason == "" {
			return errAgain
		}
		t.ID, t.Version, t.Reason, t.FrozenBy = store.NewID(), versions+1, reason, caller.ID
		if err := t.keep(tx); err != nil {
			return err
		}
		return s.record(ctx, tx, caller, audit.Entry{Verb: "freeze", ObjectType: "assessment", ObjectID: t.ID, AreaCode: area, Reason: reason})
	})
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return errAgain
	}
	return err
}

func (t *Table) keep(tx *gorm.DB) error {
	standings, marks := make([]model.AssessmentStanding, 0, len(t.Lines)), []model.AssessmentMark{}
	for _, l := range t.Lines {
		l.AssessmentID = t.ID
		standings = append(standings, l.AssessmentStanding)
		for _, m := range l.Marks {
			m.AssessmentID, m.UnitPosition = t.ID, l.Position
			marks = append(marks, m)
		}
	}
	if err := tx.Create(&t.Assessment).Error; err != nil {
		return fmt.Errorf("freeze %s: %w", t.Period, err)
	}
	if len(standings) == 0 {
		return nil
	}
	if err := errors.Join(tx.CreateInBatches(standings, 100).Error, tx.CreateInBatches(marks, 100).Error); err != nil {
		return fmt.Errorf("keep the figures of %s: %w", t.Period, err)
	}
	return nil
}

const (
	frozenTable = "SELECT * FROM assessments WHERE period = ? AND area_code = ? AND (? = 0 OR version = ?) ORDER BY version DESC LIMIT 1"
	standingsOf = "SELECT * FROM assessment_standings WHERE assessment_id = ? ORDER BY position"
	marksOf     = "SELECT * FROM assessment_marks WHERE assessment_id = ? ORDER BY unit_position, position"
)

// frozen reads a table as it was kept.
func frozen(db *gorm.DB, p assess.Period, area string, version int) (*Table, error) {
	t := &Table{Span: p, Weights: map[assess.Kind]map[string]int64{}}
	err := db.Raw(frozenTable, p.Name, area, version, version).Take(&t.Assessment).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, fault.ErrNotFound
	}
	var standings []model.AssessmentStanding
	var marks []model.AssessmentMark
	if err == nil {
		err = errors.Join(db.Raw(standingsOf, t.ID).Scan(&standings).Error, db.Raw(marksOf, t.ID).Scan(&marks).Error)
	}
	if err != nil {
		return nil, fmt.Errorf("read the table of %s: %w", p.Name, err)
	}
	for _, standing := range standings {
		if standing.Place > 0 {
			t.Ranked++
		}
		t.Lines = append(t.Lines, Line{AssessmentStanding: standing})
	}
	for _, m := range marks {
		l := &t.Lines[m.UnitPosition-1]
		l.Marks = append(l.Marks, m)
		if m.Indicator != "" {
			if t.Weights[l.UnitKind] == nil {
				t.Weights[l.UnitKind] = map[string]int64{}
			}
			t.Weights[l.UnitKind][m.Indicator] = m.Weight
		}
	}
	return t, nil
}
