package voting

import (
	"encoding/json"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/vote"
)

// Verdict is what became of a motion, for what hangs on it: its stage, and the
// outcome when it is sealed.
func Verdict(tx *gorm.DB, motionID string) (model.Stage, vote.Outcome, error) {
	m, err := motion(tx, motionByID, motionID)
	switch {
	case err != nil:
		return "", "", err
	case m.Stage != model.StageSealed:
		return m.Stage, "", nil
	}
	var row model.Result
	if err := tx.Raw(resultOfMotion, motionID).Take(&row).Error; err != nil {
		return "", "", fmt.Errorf("read the result of motion %s: %w", motionID, err)
	}
	var t Tally
	if err := json.Unmarshal([]byte(row.Tally), &t); err != nil {
		return "", "", fmt.Errorf("read the result of motion %s: %w", motionID, err)
	}
	return m.Stage, t.Result.Outcome, nil
}
