package journey

import (
	"bytes"
	"context"
	"testing"

	"gongdi/api/apitest"
	"gongdi/model/quantity"
	list "gongdi/service/roster"
)

// people are the full names, numbers and phones of the demo's list.
func people(t *testing.T) []string {
	t.Helper()
	content := roster(t)
	var out []string
	_, err := list.Read(context.Background(), bytes.NewReader(content), int64(len(content)), list.Options{Today: quantity.Date("2026-01-01"), BuiltThrough: 2000},
		func(r list.Row) error {
			for _, o := range r.Owners {
				for _, text := range []string{o.Name, o.Document, o.Phone} {
					if len([]rune(text)) > 2 { // two characters may stand in any text
						out = append(out, text)
					}
				}
			}
			return nil
		})
	apitest.Check(t, err)
	if len(out) < 500 {
		t.Fatalf("only %d texts to search for", len(out))
	}
	return out
}
