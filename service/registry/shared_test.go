package registry_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"gongdi/service/registry"
)

type expectation struct {
	Rows, Valid, Incomplete int
	Errors                  []struct{}
	Properties              map[string]int   `json:"properties_by_estate"`
	Hundredths              map[string]int64 `json:"area_hundredths_by_estate"`
	Heads                   map[string]int   `json:"headcount_by_estate"`
}

// The list that the office gave, where it is at hand, is stored to the last
// square metre and head.
func TestTheOfficesOwnListIsStoredExactly(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "shared", "data")
	list, err := os.ReadFile(filepath.Join(dir, "roster.xlsx"))
	if err != nil {
		t.Skip("the office's list is not here")
	}
	told, err := os.ReadFile(filepath.Join(dir, "roster.expect.json"))
	if err != nil {
		t.Skip("what must be found in it is not here")
	}
	var want expectation
	if err := json.Unmarshal(told, &want); err != nil {
		t.Fatal(err)
	}
	each(t, func(t *testing.T, o *office) {
		take := func(options registry.ImportOptions) (registry.Report, error) {
			return o.ImportRoster(o.ctx, street, bytes.NewReader(list), int64(len(list)), options)
		}
		dry, err := take(registry.ImportOptions{DryRun: true})
		o.must(err)
		want.check(t, dry)
		_, err = take(registry.ImportOptions{})
		o.refuses(err, registry.ErrRosterHasErrors)
		if n := o.number("SELECT COUNT(*) FROM estates"); n != 0 {
			t.Fatalf("%d estates stored by a refused list", n)
		}
		first, err := take(registry.ImportOptions{AcceptValid: true})
		o.must(err)
		want.check(t, first)
		if stored := int(o.number("SELECT COUNT(*) FROM properties")); stored != want.Valid+want.Incomplete || first.Changes.Created != stored {
			t.Errorf("%d stored, %+v", stored, first.Changes)
		}
		again, err := take(registry.ImportOptions{AcceptValid: true})
		o.must(err)
		want.check(t, again)
		if c := again.Changes; c != (registry.Changes{Unchanged: want.Valid + want.Incomplete}) {
			t.Errorf("the same list again changes something: %+v", c)
		}
	})
}

func (want expectation) check(t *testing.T, r registry.Report) {
	t.Helper()
	if r.Rows != want.Rows || r.Valid != want.Valid || r.Incomplete != want.Incomplete || len(r.Errors) != len(want.Errors) {
		t.Errorf("%d rows, %d sound, %d incomplete, %d errors", r.Rows, r.Valid, r.Incomplete, len(r.Errors))
	}
	if len(r.Estates) != len(want.Properties) {
		t.Errorf("%d estates", len(r.Estates))
	}
	for _, e := range r.Estates {
		if e.Properties != want.Properties[e.Name] || int64(e.Area) != want.Hundredths[e.Name] || e.Heads != want.Heads[e.Name] {
			t.Errorf("%s: %d homes, %s m², %d heads; want %d, %d, %d", e.Name, e.Properties, e.Area, e.Heads,
				want.Properties[e.Name], want.Hundredths[e.Name], want.Heads[e.Name])
		}
	}
}
