package registry

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/roster"
)

// someHome draws a home as a list or the office might have it.
func someHome(t *rapid.T, name string) home {
	h := home{
		AreaSource: rapid.SampledFrom([]model.AreaSource{"", model.AreaRegistered, model.AreaSurveyed}).Draw(t, name+" source"),
		Use:        rapid.SampledFrom([]model.Use{"", model.UseResidential, model.UseOther}).Draw(t, name+" use"),
	}
	if area := quantity.Area(rapid.IntRange(0, 2).Draw(t, name+" area")); area > 0 {
		h.Area = &area
	}
	names := rapid.Permutation([]string{"甲", "乙", "丙"}).Draw(t, name+" owners")
	numbers := rapid.Permutation([]string{"", "1", "2", "3", "x"}).Draw(t, name+" numbers")
	for i := range rapid.IntRange(0, 3).Draw(t, name+" how many") {
		p := person{
			Kind: model.OwnerPerson, Name: names[i], Document: numbers[i],
			Phone: rapid.SampledFrom([]string{"", "4", "5"}).Draw(t, name+" phone"),
		}
		p.Sound = p.Document != "" && p.Document != "x"
		h.Owners = append(h.Owners, p)
	}
	h.assess()
	return h
}

func stored(h home) home {
	h.Owners = slices.Clone(h.Owners)
	for i := range h.Owners {
		if h.Owners[i].ID == "" {
			h.Owners[i].ID = string(rune('a' + i))
		}
	}
	return h
}

func TestALineMergedTwiceIsMergedOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, said := stored(someHome(t, "stored")), someHome(t, "line")
		once := stored(merge(before, said))
		if twice := merge(once, said); len(changed(once, twice)) > 0 {
			t.Fatalf("%+v then %+v: %v", once, twice, changed(once, twice))
		}
	})
}

func TestALineNeverMakesACompleteHomeIncomplete(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, said := stored(someHome(t, "stored")), someHome(t, "line")
		after := merge(before, said)
		if (before.Incomplete == "" || said.Incomplete == "") && after.Incomplete != "" {
			t.Fatalf("%+v", after)
		}
		if before.Area != nil && after.Area == nil || len(before.Owners) > 0 && len(after.Owners) == 0 {
			t.Fatalf("lost: %+v", after)
		}
	})
}

func TestWhatKeepsAHomeIncomplete(t *testing.T) {
	area := quantity.Area(100)
	sound, unsound := person{Name: "甲", Document: "1", Sound: true}, person{Name: "乙", Document: "x"}
	cases := []struct {
		name string
		home home
		told string
		want roster.Code
	}{
		{"nothing", home{Area: &area, Owners: []person{sound, {Name: "丙"}}}, "area_missing", ""},
		{"no area, as it was told", home{Owners: []person{sound}}, "area_invalid", roster.AreaInvalid},
		{"no area, and another fault before", home{Owners: []person{unsound}}, "id_number_invalid", roster.AreaMissing},
		{"no owner", home{Area: &area}, "area_missing", roster.OwnerMissing},
		{"an unsound number", home{Area: &area, Owners: []person{sound, unsound}}, "", roster.IDNumberInvalid},
		{"numbers that are nobody's", home{Area: &area, Owners: []person{unsound}}, "owner_id_mismatch", roster.OwnerIDMismatch},
	}
	for _, c := range cases {
		if c.home.assess(c.told); c.home.Incomplete != string(c.want) {
			t.Errorf("%s: %q", c.name, c.home.Incomplete)
		}
	}
}

func TestNamesAreComparedAsPeopleWriteThem(t *testing.T) {
	for _, name := range []string{"阿依古丽·买买提", "阿依古丽•买买提", " 阿依古丽 ・ 买买提", "阿依古丽.买买提"} {
		if nameKey(name) != "阿依古丽买买提" {
			t.Errorf("%q is compared as %q", name, nameKey(name))
		}
	}
	if nameKey("John  SMITH") != nameKey("Ｊohn smith") || nameKey("张三") == nameKey("张山") {
		t.Error("other names")
	}
}
