package vote

import (
	"maps"
	"reflect"
	"slices"
	"testing"

	"gongdi/model/quantity"

	"pgregory.net/rapid"
)

func owned(id string, owners ...string) Part {
	return Part{ID: id, Area: 8000, Owners: owners, Known: true}
}

func unknown(id string, owners ...string) Part {
	return Part{ID: id, Area: 8000, Owners: owners}
}

func unsold(id string, owners ...string) Part {
	return Part{ID: id, Area: 8000, Owners: owners, Known: len(owners) > 0, Developer: true}
}

// grouped lists the ids of each voter's parts.
func grouped(voters []Voter) [][]string {
	groups := [][]string{}
	for _, v := range voters {
		var ids []string
		for _, p := range v.Parts {
			ids = append(ids, p.ID)
		}
		groups = append(groups, ids)
	}
	return groups
}

func TestWhichPartsAreOneHead(t *testing.T) {
	for _, c := range []struct {
		name  string
		parts []Part
		want  [][]string
	}{
		{"no parts, no heads", nil, [][]string{}},
		{"one part is one head", []Part{owned("101", "a"), owned("102", "b")}, [][]string{{"101"}, {"102"}}},
		{"several parts of one owner are one head",
			[]Part{owned("101", "a"), owned("102", "b"), owned("201", "a")}, [][]string{{"101", "201"}, {"102"}}},
		{"the same set of co-owners in any order, one listed twice",
			[]Part{owned("101", "a", "b"), owned("102", "b", "a", "b")}, [][]string{{"101", "102"}}},
		{"one of a couple is another owner than the couple",
			[]Part{owned("101", "a", "b"), owned("102", "a"), owned("103", "b", "c")}, [][]string{{"101"}, {"102"}, {"103"}}},
		{"without a known identity nothing is joined",
			[]Part{unknown("101", "a"), unknown("102", "a"), owned("103", "a")}, [][]string{{"101"}, {"102"}, {"103"}}},
		{"no owner at all is unknown", []Part{owned("101"), owned("102")}, [][]string{{"101"}, {"102"}}},
		{"an empty identity is unknown", []Part{owned("101", ""), owned("102", "")}, [][]string{{"101"}, {"102"}}},
		{"unsold and undelivered parts are together one head, owners known or not",
			[]Part{unsold("101"), owned("102", "a"), unsold("103", "a"), unsold("104", "d")},
			[][]string{{"101", "103", "104"}, {"102"}}},
		{"a delivered part of the same owner stays apart",
			[]Part{unsold("101", "d"), owned("102", "d")}, [][]string{{"101"}, {"102"}}},
		{"keys that run together when joined are still two sets",
			[]Part{owned("101", "a", "b"), owned("102", `a""b`), owned("103", "ab")}, [][]string{{"101"}, {"102"}, {"103"}}},
		{"an owner's key that reads like another kind of voter",
			[]Part{owned("101", "developer"), unsold("102"), unknown("x"), owned("103", "part:x")},
			[][]string{{"101"}, {"102"}, {"x"}, {"103"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			voters := Heads(c.parts)
			if got := grouped(voters); !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
			for _, v := range voters {
				if want := quantity.Area(len(v.Parts)) * 8000; v.Area != want || v.Count() != (Count{1, want}) {
					t.Errorf("%v weighs %v", v.Parts, v.Count())
				}
				if v.Developer != v.Parts[0].Developer {
					t.Errorf("%v: developer is %v", v.Parts, v.Developer)
				}
			}
		})
	}
}

func TestEveryHouseholdAnswersForItself(t *testing.T) {
	parts := []Part{owned("101", "a"), owned("102", "a"), unsold("103"), unsold("104"), unknown("105")}
	want := [][]string{{"101"}, {"102"}, {"103"}, {"104"}, {"105"}}
	if got := grouped(Households(parts)); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func anyParts(t *rapid.T) []Part {
	owner := rapid.SampledFrom([]string{"a", "b", "c", "d", ""})
	parts := make([]Part, rapid.IntRange(0, 12).Draw(t, "parts"))
	for i := range parts {
		parts[i] = Part{
			ID:        string(rune('A' + i)),
			Area:      quantity.Area(rapid.Int64Range(0, 20_000).Draw(t, "area")),
			Developer: rapid.IntRange(0, 4).Draw(t, "developer") == 0,
			Owners:    rapid.SliceOfN(owner, 0, 3).Draw(t, "owners"),
			Known:     rapid.IntRange(0, 4).Draw(t, "known") > 0,
		}
	}
	return parts
}

// sameHead is the second implementation: whether two parts have one head.
func sameHead(p, q Part) bool {
	if p.ID == q.ID || p.Developer && q.Developer {
		return true
	}
	within := func(some, all []string) bool {
		for _, o := range some {
			if o == "" || !slices.Contains(all, o) {
				return false
			}
		}
		return len(some) > 0
	}
	return !p.Developer && !q.Developer && p.Known && q.Known && within(p.Owners, q.Owners) && within(q.Owners, p.Owners)
}

func TestHeadsAreThoseOfTheSecondImplementation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := anyParts(t)
		voters := Heads(parts)
		headOf, keys := map[string]string{}, map[string]bool{}
		var areas, given quantity.Area
		for _, v := range voters {
			if keys[v.Key] {
				t.Fatalf("two heads under the key %q", v.Key)
			}
			keys[v.Key] = true
			areas += v.Area
			for _, p := range v.Parts {
				headOf[p.ID] = v.Key
			}
		}
		for _, p := range parts {
			given += p.Area
			for _, q := range parts {
				if (headOf[p.ID] == headOf[q.ID]) != sameHead(p, q) {
					t.Fatalf("%+v and %+v", p, q)
				}
			}
		}
		if areas != given || len(headOf) != len(parts) {
			t.Fatalf("heads hold %v of %v, %d of %d parts", areas, given, len(headOf), len(parts))
		}
	})
}

func TestTheOrderOfPartsAndOwnersDoesNotChangeHeads(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := anyParts(t)
		weights := func(parts []Part) map[string]quantity.Area {
			byKey := map[string]quantity.Area{}
			for _, v := range Heads(parts) {
				byKey[v.Key] = v.Area
			}
			return byKey
		}
		shuffled := rapid.Permutation(parts).Draw(t, "order")
		for i, p := range shuffled {
			again := slices.Concat(p.Owners, p.Owners)
			shuffled[i].Owners = rapid.Permutation(again).Draw(t, "owners")
		}
		if was, now := weights(parts), weights(shuffled); !maps.Equal(was, now) {
			t.Fatalf("%v became %v", was, now)
		}
	})
}

func TestVotersComeInTheOrderOfTheirFirstPart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seen := ""
		for _, v := range Heads(anyParts(t)) {
			if v.Parts[0].ID <= seen { // drawn in the order of the alphabet
				t.Fatalf("%s after %s", v.Parts[0].ID, seen)
			}
			seen = v.Parts[0].ID
		}
	})
}
