package roster

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	rule "gongdi/model/rule/roster"
)

type expectation struct {
	Rows, Valid, Incomplete int
	Errors, Warnings        []expectedFinding
	Properties              map[string]int   `json:"properties_by_estate"`
	Hundredths              map[string]int64 `json:"area_hundredths_by_estate"`
	Heads                   map[string]int   `json:"headcount_by_estate"`
	Households              map[string]int   `json:"households_by_estate"`
}

type expectedFinding struct {
	Sheet string
	Row   int
	Kind  Code
}

// The list that the office gave, where it is at hand, is read to the last
// square metre.
func TestTheOfficesOwnListIsReadExactly(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "shared", "data")
	list, err := os.ReadFile(filepath.Join(dir, "roster.xlsx"))
	if err != nil {
		t.Skip("the office's list is not here")
	}
	var want expectation
	told, err := os.ReadFile(filepath.Join(dir, "roster.expect.json"))
	if err != nil {
		t.Skip("what must be found in it is not here")
	}
	if err := json.Unmarshal(told, &want); err != nil {
		t.Fatal(err)
	}
	got := expectation{Properties: map[string]int{}, Hundredths: map[string]int64{}, Heads: map[string]int{}, Households: map[string]int{}}
	heads := map[string]map[string]bool{}
	report, err := Read(t.Context(), bytes.NewReader(list), int64(len(list)), Options{Today: "2026-09-18"}, func(r Row) error {
		if r.Sound() || r.Incomplete() {
			if slices.Contains([]rule.Use{"", rule.Residential, rule.Mixed}, r.Use) {
				got.Households[r.Estate]++
			}
		}
		if r.Sound() {
			got.Properties[r.Estate]++
			got.Hundredths[r.Estate] += int64(*r.Area)
			if heads[r.Estate] == nil {
				heads[r.Estate] = map[string]bool{}
			}
			heads[r.Estate][headOf(r)] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for estate, set := range heads {
		got.Heads[estate] = len(set)
	}
	if report.Rows != want.Rows || report.Valid != want.Valid || report.Incomplete != want.Incomplete {
		t.Errorf("%d rows, %d sound, %d incomplete; want %d, %d, %d", report.Rows, report.Valid, report.Incomplete, want.Rows, want.Valid, want.Incomplete)
	}
	sourceless := func(f Finding) bool { return f.Code == AreaSourceMissing }
	if f := slices.IndexFunc(report.Warnings, sourceless); f < 0 || report.Warnings[f].Row != 2 || report.Warnings[f].Sheet != "粮食局家属院" {
		t.Error("no row says where its area comes from: told once, at the first header")
	}
	report.Warnings = slices.DeleteFunc(report.Warnings, sourceless)
	sameFindings(t, "errors", report.Errors, want.Errors)
	sameFindings(t, "warnings", report.Warnings, want.Warnings)
	if !maps.Equal(got.Properties, want.Properties) || !maps.Equal(got.Hundredths, want.Hundredths) {
		t.Errorf("properties %v, areas %v", got.Properties, got.Hundredths)
	}
	if !maps.Equal(got.Heads, want.Heads) || !maps.Equal(got.Households, want.Households) {
		t.Errorf("heads %v, households %v", got.Heads, got.Households)
	}
	for _, f := range report.Estates {
		if f.Properties != want.Properties[f.Estate] || int64(f.Area) != want.Hundredths[f.Estate] {
			t.Errorf("the report's own figures: %+v", f)
		}
	}
}

// headOf is who a sound home counts to: the developer, the set of its owners
// when all of them have numbers, else a head of its own.
func headOf(r Row) string {
	if r.Tenure.Developer() {
		return "developer"
	}
	var numbers []string
	for _, o := range r.Owners {
		if !o.DocumentSound {
			return r.Key
		}
		numbers = append(numbers, o.Document)
	}
	slices.Sort(numbers)
	return strings.Join(numbers, " ")
}

func sameFindings(t *testing.T, what string, got []Finding, want []expectedFinding) {
	t.Helper()
	var have []expectedFinding
	for _, f := range got {
		have = append(have, expectedFinding{f.Sheet, f.Row, f.Code})
	}
	for _, w := range want {
		if !slices.Contains(have, w) {
			t.Errorf("%s lack %+v", what, w)
		}
	}
	for _, h := range have {
		if !slices.Contains(want, h) {
			t.Errorf("%s have too much: %+v", what, h)
		}
	}
}
