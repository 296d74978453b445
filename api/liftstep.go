package api

import (
	"gongdi/model"
	"gongdi/service/lifts"
)

// LiftStepBody is an official step of a lift.
type LiftStepBody struct {
	Step       string          `json:"step"`
	Name       string          `json:"name"`
	Department string          `json:"department"`
	Status     string          `json:"status" enum:"waiting,under_way,done"`
	BegunOn    string          `json:"begun_on,omitempty" format:"date"`
	DoneOn     string          `json:"done_on,omitempty" format:"date"`
	Note       string          `json:"note,omitempty"`
	Needs      []string        `json:"needs" doc:"paper, motion, agreement, publicity, objections"`
	After      []string        `json:"after" doc:"steps that are done before"`
	Unmet      []LiftUnmetBody `json:"unmet" doc:"what is still missing"`
	Files      []string        `json:"file_ids"`
}

// LiftUnmetBody is a gate that is not met.
type LiftUnmetBody struct {
	Gate string `json:"gate" enum:"paper,motion,agreement,publicity,objections,step_before"`
	Why  string `json:"why"`
}

// LiftSteps shows the steps of a variant.
func LiftSteps(all []lifts.Walked, err error) (*Body[List[LiftStepBody]], error) {
	if err != nil {
		return nil, err
	}
	return Answer(AllOf(all, liftStep)), nil
}

func liftStep(w lifts.Walked) LiftStepBody {
	b := LiftStepBody{
		Step: string(w.Code), Name: w.Name, Department: w.Department, Status: "waiting", BegunOn: string(w.Row.BegunOn), DoneOn: string(w.Row.DoneOn), Note: w.Row.Note,
		Needs: stepWords(w.Gates), After: stepWords(w.After), Unmet: []LiftUnmetBody{}, Files: []string{},
	}
	switch {
	case b.DoneOn != "":
		b.Status = "done"
	case b.BegunOn != "":
		b.Status = "under_way"
	}
	for _, u := range w.Unmet {
		b.Unmet = append(b.Unmet, LiftUnmetBody{Gate: string(u.Gate), Why: u.Why})
	}
	for _, f := range w.Files {
		b.Files = append(b.Files, f.ID)
	}
	return b
}

func stepWords[T model.Gate | model.Step](of []T) []string {
	out := make([]string, 0, len(of))
	for _, one := range of {
		out = append(out, string(one))
	}
	return out
}
