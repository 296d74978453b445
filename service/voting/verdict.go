package voting

import (
	"encoding/json"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/vote"
)

// Verdict is what a motion came to, for what hangs on it.
type Verdict string

// The verdicts. Undetermined is neither: what is argued about is not decided here.
const (
	VerdictNone         Verdict = "none"    // there is no motion
	VerdictPending      Verdict = "pending" // it is not sealed yet
	VerdictPassed       Verdict = "passed"
	VerdictNotPassed    Verdict = "not_passed" // failed, or cancelled
	VerdictUndetermined Verdict = "undetermined"
)

// VerdictOf is the verdict of a motion that is at a stage and, when sealed, has
// an outcome.
func VerdictOf(stage model.Stage, outcome vote.Outcome) Verdict {
	switch {
	case stage == model.StageCancelled:
		return VerdictNotPassed
	case stage != model.StageSealed:
		return VerdictPending
	case outcome == vote.Passed:
		return VerdictPassed
	case outcome == vote.Undetermined:
		return VerdictUndetermined
	}
	return VerdictNotPassed
}

// Outcome is what became of a motion: its stage, and the outcome when it is
// sealed.
func Outcome(tx *gorm.DB, motionID string) (model.Stage, vote.Outcome, error) {
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
