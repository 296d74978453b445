package voting

import (
	"encoding/json"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/vote"
)

// Stood is where the votes of a whole estate on one matter stand. The zero
// value is that there was none.
type Stood struct {
	MotionID string
	Stage    model.Stage
	Outcome  vote.Outcome // of a sealed one
	Totals   vote.Totals  // of a sealed one
}

const votesOfEstate = `SELECT m.id, m.stage, COALESCE(r.tally, '') AS tally FROM motions m LEFT JOIN results r ON r.motion_id = m.id
WHERE m.estate_id = ? AND m.scope_type = 'estate' AND m.kind IN ? AND (? = '' OR m.subject = ?) AND m.stage IN ('published', 'sealed') ORDER BY m.published_at DESC, m.id DESC`

// Passed finds the latest vote of a whole estate, of any of the kinds and on
// the subject if one is named, that passed; where none has, the latest one.
func Passed(tx *gorm.DB, estateID string, subject model.Subject, kinds ...model.MotionKind) (Stood, error) {
	var rows []struct {
		ID    string
		Stage model.Stage
		Tally string
	}
	if err := tx.Raw(votesOfEstate, estateID, kinds, subject, subject).Scan(&rows).Error; err != nil {
		return Stood{}, fmt.Errorf("find the votes of estate %s: %w", estateID, err)
	}
	var latest Stood
	for i, row := range rows {
		stood := Stood{MotionID: row.ID, Stage: row.Stage}
		if row.Tally != "" {
			var t Tally
			if err := json.Unmarshal([]byte(row.Tally), &t); err != nil {
				return Stood{}, fmt.Errorf("read the result of motion %s: %w", row.ID, err)
			}
			stood.Outcome, stood.Totals = t.Result.Outcome, t.Totals
		}
		if stood.Outcome == vote.Passed {
			return stood, nil
		}
		if i == 0 {
			latest = stood
		}
	}
	return latest, nil
}
