package surveys

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/opinion"
	"gongdi/service/fault"
	"gongdi/service/files"
	"gongdi/service/store"
)

// Scans is what the scans of a response belong to.
func Scans(responseID string) model.About {
	return model.About{Type: "survey_response", ID: responseID}
}

// Answered is a household's answer as the office reads it.
type Answered struct {
	model.SurveyResponse
	Whole   opinion.Answers
	ScanIDs []string
}

// Response is what a home answered, with its scans: for whoever may read
// single answers, and logged. Nothing is found of an anonymous survey.
func (s *Service) Response(ctx context.Context, caller model.Caller, v *model.Survey, propertyID string) (*Answered, error) {
	db := s.DB.Read(ctx)
	var rows []model.SurveyResponse
	const query = "SELECT * FROM survey_responses WHERE survey_id = ? AND property_id = ? AND party_id = ?"
	if err := db.Raw(query, v.ID, propertyID, propertyID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read an answer of survey %s: %w", v.ID, err)
	}
	if len(rows) == 0 {
		return nil, fault.ErrNotFound
	}
	a := &Answered{SurveyResponse: rows[0], ScanIDs: []string{}}
	scans, err := files.Of(db, Scans(a.ID))
	if err != nil {
		return nil, err
	}
	for _, f := range scans {
		a.ScanIDs = append(a.ScanIDs, f.ID)
	}
	if a.Whole, err = s.answersOf(&a.SurveyResponse); err != nil {
		return nil, err
	}
	return a, store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		return s.record(ctx, tx, caller, v, model.ExportSurveys, "read response")
	})
}
