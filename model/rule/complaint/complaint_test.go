package complaint_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	. "gongdi/model/rule/complaint"
)

var noon = time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)

// plain are facts under which nothing but the state stands in the way.
func plain(s State) Facts {
	return Facts{State: s, ReturnDue: noon.Add(time.Hour), AnsweredAt: noon.AddDate(0, 0, -7)}
}

// lawful is the table in another hand: step, from, to.
const lawful = `
accept submitted accepted
refuse submitted refused
merge submitted merged
assign accepted assigned
merge accepted merged
take assigned taken
return assigned returned
merge assigned merged
assign returned assigned
merge returned merged
contact taken in_progress
extend taken extension_asked
answer taken answered
merge taken merged
contact in_progress in_progress
extend in_progress extension_asked
answer in_progress answered
merge in_progress merged
decide-extension extension_asked in_progress
answer extension_asked answered
rate answered rated
lapse answered not_rated
call-back answered called_back
reopen answered reopened
rate not_rated rated
call-back not_rated called_back
archive not_rated archived
reopen not_rated reopened
call-back rated called_back
archive rated archived
reopen rated reopened
rate called_back called_back
archive called_back archived
reopen called_back reopened
reopen archived reopened
assign reopened assigned
take reopened taken
merge reopened merged
`

func TestEveryPairOfStateAndStep(t *testing.T) {
	want := map[string]string{}
	for line := range strings.Lines(strings.TrimSpace(lawful)) {
		w := strings.Fields(line)
		want[w[1]+" "+w[0]] = w[2]
	}
	if len(States) != 15 || len(Steps) != 15 {
		t.Fatalf("%d states, %d steps", len(States), len(Steps))
	}
	for _, state := range States {
		for _, step := range Steps {
			to, ok := plain(state).Next(step, noon)
			expected, lawful := want[string(state)+" "+string(step)]
			if ok != lawful || ok && string(to) != expected || !ok && to != state {
				t.Errorf("%s from %s: %s %v, want %q", step, state, to, ok, expected)
			}
		}
	}
}

func TestWhatElseStandsInTheWay(t *testing.T) {
	due := noon
	for _, c := range []struct {
		name string
		step Step
		f    Facts
		at   time.Time
		want bool
	}{
		{"a return at the last instant", Return, Facts{State: Assigned, ReturnDue: due}, due, true},
		{"a return after it", Return, Facts{State: Assigned, ReturnDue: due}, due.Add(time.Millisecond), false},
		{"a return of what was designated for good", Return, Facts{State: Assigned, ReturnDue: due, Final: true}, due, false},
		{"a first extension", Extend, Facts{State: Taken}, noon, true},
		{"a second extension", Extend, Facts{State: InProgress, Extended: true}, noon, false},
		{"a first rating after the call-back", Rate, Facts{State: CalledBack}, noon, true},
		{"a second rating", Rate, Facts{State: CalledBack, Rated: true}, noon, false},
		{"seven days of silence", Lapse, Facts{State: Answered, AnsweredAt: noon.AddDate(0, 0, -7)}, noon, true},
		{"a moment less", Lapse, Facts{State: Answered, AnsweredAt: noon.AddDate(0, 0, -7)}, noon.Add(-time.Millisecond), false},
		{"reopened a second time on the fifteenth day", Reopen, Facts{State: Rated, Reopened: 1, AnsweredAt: noon.AddDate(0, 0, -15)}, noon, true},
		{"a third time", Reopen, Facts{State: Rated, Reopened: 2, AnsweredAt: noon}, noon, false},
		{"after the fifteenth day", Reopen, Facts{State: Rated, AnsweredAt: noon.AddDate(0, 0, -15)}, noon.Add(time.Millisecond), false},
	} {
		if _, ok := c.f.Next(c.step, c.at); ok != c.want {
			t.Errorf("%s: %v", c.name, ok)
		}
	}
}

func TestTheStepsThatAreAllowedAreNamedInOrder(t *testing.T) {
	for state, want := range map[State]string{
		Submitted: "[accept refuse merge]", Assigned: "[take return merge]", Refused: "[]", Answered: "[rate call-back reopen]", Merged: "[]",
	} {
		if got := fmt.Sprint(plain(state).Allowed(noon)); got != want {
			t.Errorf("%s: %s, want %s", state, got, want)
		}
	}
}

func TestAnAnswerIsOwedUntilItIsGiven(t *testing.T) {
	owed := []State{Submitted, Accepted, Assigned, Returned, Taken, InProgress, ExtensionAsked, Reopened}
	for _, s := range States {
		if s.Open() != slices.Contains(owed, s) {
			t.Errorf("%s: %v", s, s.Open())
		}
	}
}
