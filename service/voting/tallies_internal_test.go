package voting

import (
	"fmt"
	"testing"
	"time"
)

func TestACountBegunBeforeABallotIsNotKeptAfterIt(t *testing.T) {
	now := time.Date(2026, 9, 1, 1, 0, 0, 0, time.UTC)
	var k tallies
	_, turn := k.recall("m", now)
	k.forget("m") // a ballot, while we count
	k.keep("m", &Tally{}, turn, now.Add(keepTally))
	if kept, _ := k.recall("m", now); kept != nil {
		t.Error("a stale count is kept")
	}
	_, turn = k.recall("m", now)
	k.keep("m", &Tally{}, turn, now.Add(keepTally))
	if kept, _ := k.recall("m", now.Add(keepTally-1)); kept == nil {
		t.Error("an unchanged count is not kept")
	}
	if kept, _ := k.recall("m", now.Add(keepTally)); kept != nil {
		t.Error("it is kept for more than a second")
	}
}

func TestKeptTalliesAreBounded(t *testing.T) {
	now := time.Date(2026, 9, 1, 1, 0, 0, 0, time.UTC)
	var k tallies
	for i := range 3 * mostKept {
		k.keep(fmt.Sprint(i), &Tally{}, 0, now.Add(keepTally))
		if len(k.kept) > mostKept {
			t.Fatalf("%d are kept", len(k.kept))
		}
	}
}
