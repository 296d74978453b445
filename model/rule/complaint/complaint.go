// Package complaint says which step may be taken with a case (诉求) in which
// state, as a table. It knows no clock beyond the instants it is given.
package complaint

import (
	"slices"
	"time"
)

// State is where a case stands.
type State string

// The states, in the order of a case's life.
const (
	Submitted      State = "submitted"       // 已提交
	Accepted       State = "accepted"        // 已受理
	Refused        State = "refused"         // 不予受理
	Assigned       State = "assigned"        // 已派单
	Returned       State = "returned"        // 已退单
	Taken          State = "taken"           // 已签收
	InProgress     State = "in_progress"     // 办理中
	ExtensionAsked State = "extension_asked" // 申请延期
	Answered       State = "answered"        // 已答复，待评价
	NotRated       State = "not_rated"       // 逾期未评价，不视为满意
	Rated          State = "rated"           // 已评价
	CalledBack     State = "called_back"     // 已回访
	Archived       State = "archived"        // 已归档
	Reopened       State = "reopened"        // 重办
	Merged         State = "merged"          // 已并入另一件
)

// States lists every state.
var States = []State{
	Submitted, Accepted, Refused, Assigned, Returned, Taken, InProgress, ExtensionAsked,
	Answered, NotRated, Rated, CalledBack, Archived, Reopened, Merged,
}

// Step is what somebody, or the clock, does with a case.
type Step string

// The steps. Lapse is the clock's: seven days without a rating.
const (
	Accept          Step = "accept"
	Refuse          Step = "refuse"
	Assign          Step = "assign"
	Take            Step = "take"
	Return          Step = "return"
	Contact         Step = "contact"
	Extend          Step = "extend"
	DecideExtension Step = "decide-extension"
	Answer          Step = "answer"
	Rate            Step = "rate"
	Lapse           Step = "lapse"
	CallBack        Step = "call-back"
	Archive         Step = "archive"
	Reopen          Step = "reopen"
	Merge           Step = "merge"
)

// Steps lists every step.
var Steps = []Step{Accept, Refuse, Assign, Take, Return, Contact, Extend, DecideExtension, Answer, Rate, Lapse, CallBack, Archive, Reopen, Merge}

// Table says which step leads from which state to which; what is not in it is
// not lawful.
//
// Choice: whoever comes second to assign or to take is refused, so that two
// people at once cannot undo each other.
var Table = map[State]map[Step]State{
	Submitted:      {Accept: Accepted, Refuse: Refused, Merge: Merged},
	Accepted:       {Assign: Assigned, Merge: Merged},
	Assigned:       {Take: Taken, Return: Returned, Merge: Merged},
	Returned:       {Assign: Assigned, Merge: Merged},
	Taken:          {Contact: InProgress, Extend: ExtensionAsked, Answer: Answered, Merge: Merged},
	InProgress:     {Contact: InProgress, Extend: ExtensionAsked, Answer: Answered, Merge: Merged},
	ExtensionAsked: {DecideExtension: InProgress, Answer: Answered},
	Answered:       {Rate: Rated, Lapse: NotRated, CallBack: CalledBack, Reopen: Reopened},
	NotRated:       {Rate: Rated, CallBack: CalledBack, Archive: Archived, Reopen: Reopened},
	Rated:          {CallBack: CalledBack, Archive: Archived, Reopen: Reopened},
	CalledBack:     {Rate: CalledBack, Archive: Archived, Reopen: Reopened},
	Archived:       {Reopen: Reopened},
	Reopened:       {Assign: Assigned, Take: Taken, Merge: Merged},
}

// Limits of a case's life.
const (
	// MostReopened and ReopenDays bound how often, and for how many natural days
	// after the answer, a resident may have a case taken up again.
	MostReopened = 2
	ReopenDays   = 15
	// MostReturned: after so many returns the street's next assignment is final.
	MostReturned = 2
	// RatingDays of silence after an answer are «not rated».
	RatingDays = 7
)

// Facts are what beside the state decides whether a step is lawful.
type Facts struct {
	State      State
	Final      bool      // the street has designated the department for good
	ReturnDue  time.Time // the last instant at which the department may return it
	Extended   bool      // an extension was asked for before
	Rated      bool
	Reopened   int
	AnsweredAt time.Time // the latest answer
}

// Next is the state after a step at an instant, and whether the step is lawful.
func (f Facts) Next(step Step, at time.Time) (State, bool) {
	to, ok := Table[f.State][step]
	if !ok {
		return f.State, false
	}
	switch step {
	case Return:
		ok = !f.Final && !at.After(f.ReturnDue)
	case Extend:
		ok = !f.Extended
	case Rate:
		ok = !f.Rated
	case Lapse:
		ok = !at.Before(f.AnsweredAt.AddDate(0, 0, RatingDays))
	case Reopen:
		ok = f.Reopened < MostReopened && !at.After(f.AnsweredAt.AddDate(0, 0, ReopenDays))
	case Accept, Refuse, Assign, Take, Contact, DecideExtension, Answer, CallBack, Archive, Merge:
	}
	if !ok {
		return f.State, false
	}
	return to, true
}

// Allowed lists the steps that are lawful at an instant, in the order of Steps.
func (f Facts) Allowed(at time.Time) []Step {
	allowed := []Step{}
	for _, step := range Steps {
		if _, ok := f.Next(step, at); ok && step != Lapse {
			allowed = append(allowed, step)
		}
	}
	return allowed
}

// Open reports whether the office still owes an answer.
func (s State) Open() bool {
	return slices.Contains([]State{Submitted, Accepted, Assigned, Returned, Taken, InProgress, ExtensionAsked, Reopened}, s)
}
