package assessment

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/assess"
	"gongdi/service/audit"
	"gongdi/service/fault"
	"gongdi/service/store"
)

const weightsAt = "SELECT * FROM assessment_weights WHERE unit_kind = ? AND valid_from <= ? AND (valid_until = '' OR valid_until >= ?)"

// weightsOn are those that hold on a day; an indicator without a row weighs
// nothing.
func weightsOn(db *gorm.DB, kind assess.Kind, day quantity.Date) (map[string]int64, error) {
	var rows []model.AssessmentWeight
	if err := db.Raw(weightsAt, kind, day, day).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the weights of a %s: %w", kind, err)
	}
	out := map[string]int64{}
	for _, i := range assess.Of(kind) {
		out[i.Code] = 0
	}
	for _, r := range rows {
		if _, known := out[r.Indicator]; known {
			out[r.Indicator] = r.Weight
		}
	}
	return out, nil
}

// Weights lists every weight that held, holds or will, by kind and date.
func (s *Service) Weights(ctx context.Context) ([]model.AssessmentWeight, error) {
	var rows []model.AssessmentWeight
	if err := s.DB.Read(ctx).Raw("SELECT * FROM assessment_weights ORDER BY unit_kind, valid_from, weight DESC, indicator").Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("list weights: %w", err)
	}
	return rows, nil
}

// SetWeights sets what a kind is measured by from a day on, of the periods
// that begin then or later: so a unit knows before a period by what it is
// judged. They are those of every indicator and sum to 100.
func (s *Service) SetWeights(ctx context.Context, caller model.Caller, kind assess.Kind, from quantity.Date, weights map[string]int64) error {
	if assess.Sound(kind, weights) != nil {
		return fault.ErrInvalid.At("body.weights", "须包括该类单位的全部指标，每项0至100分，合计100分")
	}
	if from < s.today() {
		return fault.ErrInvalid.At("body.from", "不能早于今天")
	}
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		err := errors.Join(
			tx.Exec("DELETE FROM assessment_weights WHERE unit_kind = ? AND valid_from >= ?", kind, from).Error,
			tx.Exec("UPDATE assessment_weights SET valid_until = ? WHERE unit_kind = ? AND (valid_until = '' OR valid_until >= ?)", from.AddDays(-1), kind, from).Error,
		)
		if err != nil {
			return fmt.Errorf("end the weights of a %s: %w", kind, err)
		}
		rows := make([]model.AssessmentWeight, 0, len(weights))
		for _, i := range assess.Of(kind) {
			rows = append(rows, model.AssessmentWeight{UnitKind: kind, Indicator: i.Code, ValidFrom: from, Weight: weights[i.Code]})
		}
		if err := tx.Create(&rows).Error; err != nil {
			return fmt.Errorf("set the weights of a %s: %w", kind, err)
		}
		return s.record(ctx, tx, caller, audit.Entry{Verb: "weigh", ObjectType: "assessment_weight", ObjectID: string(kind)})
	})
}
