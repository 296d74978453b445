package api

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"gongdi/service/fault"
)

func TestInstantsOutOfTheCalendarAreNamed(t *testing.T) {
	type part struct {
		At    time.Time  `json:"at"`
		Until *time.Time `json:"until,omitempty"`
	}
	type sent struct {
		From time.Time `query:"from"`
		Body struct {
			part
			Opens time.Time `json:"opens_at"`
			Later time.Time `json:"later,omitempty"`
			Parts []part    `json:"parts"`
		}
	}
	day := func(year int) time.Time { return time.Date(year, 6, 1, 0, 0, 0, 0, time.UTC) }
	if !holdsInstant(reflect.TypeFor[sent](), map[reflect.Type]bool{}) || holdsInstant(reflect.TypeFor[struct{ A []string }](), map[reflect.Type]bool{}) {
		t.Error("what holds an instant is not told from what holds none")
	}
	var in sent
	in.Body.Opens = day(2026)
	if err := refuseStray(&in); err != nil {
		t.Errorf("what is left out is refused: %v", err)
	}
	bad := day(1899)
	in.From, in.Body.Opens, in.Body.Later = day(2200), time.Time{}, day(0)
	in.Body.Parts = []part{{At: day(1900)}, {At: day(2199), Until: &bad}}
	var refusal *fault.Error
	if err := refuseStray(&in); !errors.As(err, &refusal) {
		t.Fatal(err)
	}
	want := []string{"query.from", "body.opens_at", "body.later", "body.parts[1].until"}
	got := make([]string, 0, len(want))
	for _, f := range refusal.Fields {
		got = append(got, f.Location)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
