package project

import (
	"testing"

	"gongdi/model/quantity"
)

func TestWhichHomesShouldBeRenewedAndWhichWere(t *testing.T) {
	const day quantity.Date = "2026-03-01"
	for _, c := range []struct {
		says string
		of   Renewal
		due  bool
		done quantity.Date
	}{
		{"found eligible", Renewal{Verdict: Eligible}, true, ""},
		{"not looked at, or not to the end", Renewal{Verdict: Incomplete}, true, ""},
		{"found ineligible", Renewal{Verdict: NotEligible}, false, ""},
		{"of an excluded kind", Renewal{Verdict: Excluded}, false, ""},
		{"accepted and handed over", Renewal{Verdict: Eligible, Entered: true, Accepted: day}, true, day},
		{"accepted, its eligibility not looked at to the end", Renewal{Verdict: Incomplete, Accepted: day}, true, day},
		{"accepted although it is none of the policy's", Renewal{Verdict: NotEligible, Accepted: day}, false, ""},
		{"accepted although it is excluded", Renewal{Verdict: Excluded, Accepted: day}, false, ""},
		{"eligible when its project began, and no more", Renewal{Verdict: NotEligible, Entered: true}, true, ""},
		{"renewed, and no more eligible since", Renewal{Verdict: NotEligible, Entered: true, Accepted: day}, true, day},
		{"to be pulled down before it was renewed", Renewal{Verdict: Excluded, Entered: true}, false, ""},
		{"to be pulled down after it was renewed", Renewal{Verdict: Excluded, Entered: true, Accepted: day}, true, day},
	} {
		if due, done := c.of.Counts(); due != c.due || done != c.done {
			t.Errorf("%s: %t since %q, want %t since %q", c.says, due, done, c.due, c.done)
		}
	}
}

// TestOnlyTheYearSpeaksOfAnEstateNobodyLookedAt holds the fallback, whatever
// cases there are.
func TestOnlyTheYearSpeaksOfAnEstateNobodyLookedAt(t *testing.T) {
	for year := 1980; year < 2010; year++ {
		for _, cases := range []int64{0, 2, 3, 50} {
			verdict, _ := Judge(Estate{BuiltYear: &year, BuiltUntil: 2000, Cases: cases, Strong: 3})
			if due, _ := (Renewal{Verdict: verdict}).Counts(); due != (year <= 2000) {
				t.Errorf("built in %d, %d cases: %t", year, cases, due)
			}
		}
	}
	verdict, _ := Judge(Estate{BuiltUntil: 2000, Strong: 3})
	if due, _ := (Renewal{Verdict: verdict}).Counts(); !due {
		t.Error("an estate whose year is not known is left out")
	}
}
