package journey

import (
	"maps"
	"slices"
	"testing"

	"gorm.io/gorm"

	"gongdi/api/apitest"
	"gongdi/model/rule/complaint"
	"gongdi/service/store"
)

// roads leads a new case to each state, by what the office, the resident and
// the clock do.
var roads = map[complaint.State][]complaint.Step{
	complaint.Submitted:      {},
	complaint.Accepted:       {complaint.Accept},
	complaint.Refused:        {complaint.Refuse},
	complaint.Assigned:       {complaint.Accept, complaint.Assign},
	complaint.Returned:       {complaint.Accept, complaint.Assign, complaint.Return},
	complaint.Taken:          {complaint.Accept, complaint.Assign, complaint.Take},
	complaint.InProgress:     {complaint.Accept, complaint.Assign, complaint.Take, complaint.Contact},
	complaint.ExtensionAsked: {complaint.Accept, complaint.Assign, complaint.Take, complaint.Extend},
	complaint.Answered:       {complaint.Accept, complaint.Assign, complaint.Take, complaint.Answer},
	complaint.NotRated:       {complaint.Accept, complaint.Assign, complaint.Take, complaint.Answer, complaint.Lapse},
	complaint.Rated:          {complaint.Accept, complaint.Assign, complaint.Take, complaint.Answer, complaint.Rate},
	complaint.CalledBack:     {complaint.Accept, complaint.Assign, complaint.Take, complaint.Answer, complaint.CallBack},
	complaint.Archived:       {complaint.Accept, complaint.Assign, complaint.Take, complaint.Answer, complaint.Rate, complaint.Archive},
	complaint.Reopened:       {complaint.Accept, complaint.Assign, complaint.Take, complaint.Answer, complaint.Reopen},
	complaint.Merged:         {complaint.Merge},
}

// walk is one street's cases and who takes the steps with them.
type walk struct {
	*street
	resident, into string
}

func (w *walk) file() string {
	return w.Post(w.resident, "/api/v1/complaints", map[string]any{"text": "路灯不亮", "category": "other", "contact": "none"}).Want(201).Text("id")
}

// call is how a step is taken: by whom, where, with what.
func (w *walk) call(id string, step complaint.Step) (token, path string, body map[string]any) {
	switch step { //nolint:exhaustive // the others are called by their names
	case complaint.Rate:
		return w.resident, "/api/v1/complaints/" + id + "/rating", map[string]any{"stars": 4, "resolved": true}
	case complaint.Reopen:
		return w.resident, "/api/v1/complaints/" + id + "/reopen", map[string]any{"reason": "没修好"}
	case complaint.Refuse:
		return w.clerk, cases + id + "/refuse", word("reason", "repeated")
	case complaint.Merge:
		return w.clerk, cases + id + "/merge", word("into", w.into)
	}
	return w.clerk, cases + id + "/" + string(step), word()
}

func (w *walk) take(id string, step complaint.Step) {
	w.T.Helper()
	if step == complaint.Lapse {
		w.lapse(id)
		return
	}
	token, path, body := w.call(id, step)
	w.Post(token, path, body).Want(200)
}

// lapse lets a case's answer be eight days old.
func (w *walk) lapse(id string) {
	w.T.Helper()
	apitest.Check(w.T, store.Tx(w.T.Context(), w.DB, func(tx *gorm.DB) error {
		ago := w.Now().UTC().AddDate(0, 0, -complaint.RatingDays-1)
		return tx.Exec("UPDATE complaints SET answered_at = ?, next_at = ? WHERE id = ?", ago, ago, id).Error
	}))
	apitest.Check(w.T, w.Complaints.Tick(w.T.Context()))
}

// reach makes a case of a state.
func (w *walk) reach(state complaint.State) string {
	w.T.Helper()
	id := w.file()
	for _, step := range roads[state] {
		w.take(id, step)
	}
	if got := w.status(id); got != state {
		w.T.Fatalf("the road to %s ends at %s", state, got)
	}
	return id
}

func (w *walk) status(id string) complaint.State {
	w.T.Helper()
	return complaint.State(w.Get(w.clerk, cases+id).Want(200).Text("status"))
}

// absurd are bodies that no step is made for.
var absurd = []any{"", `{"text":5}`, `[]`, `{`, map[string]any{}, map[string]any{"text": "", "stars": 99}}

func TestEveryPairOfStateAndStep(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		w := &walk{street: s, resident: h.Resident("somebody")}
		w.into = w.file()
		for _, state := range complaint.States {
			still := w.reach(state)
			for _, step := range complaint.Steps {
				if step == complaint.Lapse {
					continue // the clock's alone
				}
				to, lawful := complaint.Table[state][step]
				if !lawful {
					w.refused(still, state, step)
					continue
				}
				if step == complaint.Assign || step == complaint.Answer || step == complaint.Reopen {
					token, path, _ := w.call(still, step)
					h.Post(token, path, map[string]any{"text": "", "reason": ""}).Code(422, "invalid_request")
				}
				id := w.reach(state)
				w.take(id, step)
				if got := w.status(id); got != to {
					t.Errorf("%s: %s leads to %s, want %s", state, step, got, to)
				}
			}
			if got := w.status(still); got != state {
				t.Errorf("what was refused moved %s to %s", state, got)
			}
		}
	})
}

// refused wants 409 with the steps that are lawful, whatever the body.
func (w *walk) refused(id string, state complaint.State, step complaint.Step) {
	w.T.Helper()
	token, path, body := w.call(id, step)
	want := slices.Sorted(maps.Keys(complaint.Table[state]))
	want = slices.DeleteFunc(want, func(s complaint.Step) bool { return s == complaint.Lapse })
	for _, b := range append(slices.Clone(absurd), body) {
		got := w.Post(token, path, b).Code(409, "step_not_allowed")
		allowed := []complaint.Step{}
		for i := range got.Items("allowed") {
			allowed = append(allowed, complaint.Step(got.Text("allowed", i)))
		}
		if slices.Sort(allowed); !slices.Equal(allowed, want) {
			w.T.Errorf("%s: %s names %v, want %v", state, step, allowed, want)
		}
	}
}
