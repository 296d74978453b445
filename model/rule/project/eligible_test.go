package project

import "testing"

// surveyed is an estate of the policy: built in 1995, all of it looked at.
func surveyed(change func(*Estate)) Estate {
	year := 1995
	e := Estate{BuiltYear: &year, BuiltUntil: 1999, Cases: 3, Strong: 3, Found: map[Aspect]Answer{}}
	for _, r := range Rules {
		if !r.Counted {
			e.Found[r.Aspect] = map[bool]Answer{true: No, false: Yes}[r.Excludes]
		}
	}
	change(&e)
	return e
}

func TestJudge(t *testing.T) {
	year := func(y int) *int { return &y }
	for _, c := range []struct {
		name    string
		change  func(*Estate)
		verdict Verdict
		missing []Aspect
	}{
		{"all conditions are met", func(*Estate) {}, Eligible, nil},
		{"nobody has looked at one of them", func(e *Estate) { delete(e.Found, Worn) }, Incomplete, []Aspect{Worn}},
		{"one does not hold", func(e *Estate) { e.Found[PoorConditions] = No }, NotEligible, []Aspect{PoorConditions}},
		{"an unknown one beside one that does not hold", func(e *Estate) { e.Found[PoorConditions] = No; delete(e.Found, Worn) }, NotEligible, []Aspect{PoorConditions, Worn}},
		{"in the shanty town plan", func(e *Estate) { e.Found[ShantyTown] = Yes }, Excluded, []Aspect{ShantyTown}},
		{"to be rebuilt, and too young", func(e *Estate) { e.BuiltYear = year(2003); e.Found[Rebuilding] = Yes }, Excluded, []Aspect{BuiltBefore, Rebuilding}},
		{"self-built", func(e *Estate) { e.Found[SelfBuilt] = Yes }, Excluded, []Aspect{SelfBuilt}},
		{"a village in the town", func(e *Estate) { e.Found[UrbanVillage] = Yes }, Excluded, []Aspect{UrbanVillage}},
		{"whether it is excluded is not known", func(e *Estate) { delete(e.Found, SelfBuilt) }, Incomplete, []Aspect{SelfBuilt}},
		{"no year", func(e *Estate) { e.BuiltYear = nil }, Incomplete, []Aspect{BuiltBefore}},
		{"1999 is before 2000", func(e *Estate) { e.BuiltYear = year(1999) }, Eligible, nil},
		{"2000 is not, strictly", func(e *Estate) { e.BuiltYear = year(2000) }, NotEligible, []Aspect{BuiltBefore}},
		{"2000 is, where the street says so", func(e *Estate) { e.BuiltYear, e.BuiltUntil = year(2000), 2000 }, Eligible, nil},
		{"2001 never", func(e *Estate) { e.BuiltYear, e.BuiltUntil = year(2001), 2000 }, NotEligible, []Aspect{BuiltBefore}},
		{"few cases say nothing", func(e *Estate) { e.Cases = 2 }, Incomplete, []Aspect{StrongComplaints}},
		{"few cases, and a finding says where residents spoke", func(e *Estate) { e.Cases = 0; e.Found[StrongComplaints] = Yes }, Eligible, nil},
		{"many cases outweigh a finding", func(e *Estate) { e.Found[StrongComplaints] = No }, Eligible, nil},
		{"few cases and a finding that there are none", func(e *Estate) { e.Cases = 0; e.Found[StrongComplaints] = No }, NotEligible, []Aspect{StrongComplaints}},
	} {
		verdict, points := Judge(surveyed(c.change))
		if verdict != c.verdict {
			t.Errorf("%s: %s, want %s", c.name, verdict, c.verdict)
		}
		var missing []Aspect
		for _, p := range points {
			if p.Why == "" || p.Clause == "" {
				t.Errorf("%s: %s says nothing", c.name, p.Aspect)
			}
			if !p.Met() {
				missing = append(missing, p.Aspect)
			}
		}
		if len(missing) != len(c.missing) {
			t.Errorf("%s: missing %v, want %v", c.name, missing, c.missing)
			continue
		}
		for i := range missing {
			if missing[i] != c.missing[i] {
				t.Errorf("%s: missing %v, want %v", c.name, missing, c.missing)
			}
		}
	}
}
