package funds

import (
	"slices"
	"testing"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/lifts"
	"gongdi/service/voting"
)

// TestAPledgeLapsesExactlyWhenItsConditionFails has each cause one step before
// it fails and where it fails.
func TestAPledgeLapsesExactlyWhenItsConditionFails(t *testing.T) {
	fen := func(f quantity.Fen) *quantity.Fen { return &f }
	number := func(n int) *int { return &n }
	type lift struct {
		stage   model.LiftStage
		verdict voting.Verdict
		version int
		shares  []quantity.Fen // of the homes; the pledging home's is the first
	}
	sound := lift{model.LiftOpen, voting.VerdictNone, 3, []quantity.Fen{30_000_00, 1, 1, 1, 1, 1, 1, 1, 0}}
	with := func(change func(*lift)) lift {
		l := sound
		l.shares = slices.Clone(sound.shares)
		change(&l)
		return l
	}
	for _, c := range []struct {
		name   string
		pledge model.Pledge
		lift   lift
		want   Lapse
	}{
		{"nothing is said", model.Pledge{}, sound, ""},
		{"the vote is under way", model.Pledge{}, with(func(l *lift) { l.verdict = voting.VerdictPending }), ""},
		{"the vote cannot be told", model.Pledge{}, with(func(l *lift) { l.verdict = voting.VerdictUndetermined }), ""},
		{"the vote passed", model.Pledge{}, with(func(l *lift) { l.verdict = voting.VerdictPassed }), ""},
		{"the vote failed", model.Pledge{}, with(func(l *lift) { l.verdict = voting.VerdictNotPassed }), LapseMotion},
		{"a later version", model.Pledge{}, with(func(l *lift) { l.version = 4 }), LapseChanged},
		{"a later version on which nothing is voted, after a vote failed", model.Pledge{}, with(func(l *lift) { l.version, l.verdict = 4, voting.VerdictNotPassed }), LapseChanged},
		{"the variant is withdrawn", model.Pledge{}, with(func(l *lift) { l.stage = model.LiftWithdrawn }), LapseWithdrawn},
		{"the share is what was said", model.Pledge{Most: fen(30_000_00)}, sound, ""},
		{"the share is a fen above it", model.Pledge{Most: fen(30_000_00)}, with(func(l *lift) { l.shares[0]++ }), LapseShare},
		{"nothing at all may be paid", model.Pledge{Most: fen(0)}, with(func(l *lift) { l.shares[0] = 0 }), ""},
		{"as many homes pay as were asked for", model.Pledge{LeastHomes: number(8)}, sound, ""},
		{"one home fewer pays", model.Pledge{LeastHomes: number(8)}, with(func(l *lift) { l.shares[7] = 0 }), LapseHomes},
		{"a condition that nobody made", model.Pledge{}, with(func(l *lift) { l.shares = []quantity.Fen{99_999_00} }), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, state := c.pledge, &lifts.State{Verdict: c.lift.verdict, Plan: &lifts.Plan{}}
			p.PurposeType, p.PlanVersion, p.PropertyID, p.Stage = model.ForLift, 3, "a", model.PledgeMade
			state.Plan.Plan.Stage, state.Plan.As.Version = c.lift.stage, c.lift.version
			for i, share := range c.lift.shares {
				state.Homes = append(state.Homes, lifts.HomeState{Share: model.LiftShare{PropertyID: string(rune('a' + i)), Fen: share}})
			}
			got := standing(&p, []model.PledgePart{{Amount: 1}}, &planState{state}, sums{})
			if got.Because != c.want || (got.Status == StatusLapsed) != (c.want != "") {
				t.Errorf("%s because %q, want %q", got.Status, got.Because, c.want)
			}
			if c.want != "" && !slices.Contains(got.LapsesIf, c.want) {
				t.Errorf("nobody was told that it lapses by %s", c.want)
			}
			p.Stage = model.PledgeWithdrawn
			if got := standing(&p, nil, &planState{state}, sums{}); got.Status != StatusWithdrawn {
				t.Errorf("what was taken back is %s", got.Status)
			}
		})
	}
	works := model.Pledge{PurposeType: model.ForEstate, Stage: model.PledgeMade}
	if got := standing(&works, []model.PledgePart{{Amount: 1}}, nil, sums{}); got.Status != StatusPledged || len(got.LapsesIf) != 0 {
		t.Errorf("an estate's works hang on nothing: %+v", got)
	}
}
