package evidence

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/vote"
)

// The digest's text spelled out: other programs compute it from the
// explanation in the bundle, so it may never change.
func TestADigestIsOfAKnownText(t *testing.T) {
	received := time.Date(2026, 3, 2, 9, 0, 0, 0, quantity.Shanghai)
	v := Version{
		MotionID: "m", Ref: "r", Version: 2, Channel: vote.Paper, Choice: vote.Agree, Items: []string{"a", "电梯"},
		SignedOn: "2026-03-01", ReceivedAt: &received, CastAt: received.Add(time.Hour + 999*time.Microsecond),
		Relation: model.RelationOwner, Proof: model.ProofPaper, DoubleCheck: true, Standing: vote.Unconfirmed, Area: 10494, Salt: "s",
	}
	text := `gongdi-ballot/1
motion_id 1:m
ref 1:r
version 1:2
channel 5:paper
choice 5:agree
items 1:2
item 1:a
item 6:电梯
comment_digest 0:
invalid_reason 0:
signed_on 10:2026-03-01
received_at 24:2026-03-02T01:00:00.000Z
cast_at 24:2026-03-02T02:00:00.000Z
relation 5:owner
proof 5:paper
double_check 4:true
confirms 1:0
standing 11:unconfirmed
area_m2 6:104.94
salt 1:s
`
	if v.Digest() != digestOf([]byte(text)) {
		t.Error("the digest is of another text")
	}
	// GB/T 32905, annex A.1.
	if got := digestOf([]byte("abc")); got != "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0" {
		t.Errorf("SM3 of abc is %s", got)
	}
}

func TestEveryFieldIsInTheDigest(t *testing.T) {
	seen := map[string]string{Version{}.Digest(): "nothing"}
	for i := range reflect.TypeFor[Version]().NumField() {
		var v Version
		field, name := reflect.ValueOf(&v).Elem().Field(i), reflect.TypeFor[Version]().Field(i).Name
		switch field.Interface().(type) {
		case []string:
			v.Items = []string{""}
		case *time.Time:
			v.ReceivedAt = &opens
		case time.Time:
			v.CastAt = opens
		default:
			switch field.Kind() {
			case reflect.String:
				field.SetString("x")
			case reflect.Bool:
				field.SetBool(true)
			default:
				field.SetInt(7)
			}
		}
		if other, ok := seen[v.Digest()]; ok {
			t.Errorf("%s reads like %s", name, other)
		}
		seen[v.Digest()] = name
	}
}

func TestNoTwoListsReadAlike(t *testing.T) {
	for _, pair := range [][2][]string{{{"a", "b"}, {"ab"}}, {{"a\nitem 1:b"}, {"a", "b"}}, {{}, {""}}} {
		if (Version{Items: pair[0]}).Digest() == (Version{Items: pair[1]}).Digest() {
			t.Errorf("%q", pair)
		}
	}
	if (Version{Items: nil}).Digest() != (Version{Items: []string{}}).Digest() {
		t.Error("no items are no items")
	}
}

func TestACommentIsBoundAndNotTold(t *testing.T) {
	if CommentDigest("", "s") != "" {
		t.Error("no comment has none")
	}
	if CommentDigest("好", "s") == CommentDigest("好", "t") || CommentDigest("好", "s") == CommentDigest("不", "s") {
		t.Error("the digest depends on both")
	}
	if salt, other := NewSalt(), NewSalt(); len(salt) != 32 || salt == other || len(NewRef()) != 24 {
		t.Error("salts and references are made by chance")
	}
}

func TestTheRollsFingerprintIsOfItsLinesInAnyOrder(t *testing.T) {
	s := newSample(t, 9, 1)
	whole := RollDigest("m", s.roll)
	rapid.Check(t, func(r *rapid.T) {
		if RollDigest("m", rapid.Permutation(s.roll).Draw(r, "order")) != whole {
			r.Fatal("another order is another roll")
		}
		changed := slices.Clone(s.roll)
		l := &changed[rapid.IntRange(0, len(changed)-1).Draw(r, "line")]
		switch rapid.IntRange(0, 4).Draw(r, "field") {
		case 0:
			l.Ref += "x"
		case 1:
			l.Heads++
		case 2:
			l.Area++
		case 3:
			l.Incomplete = !l.Incomplete
		case 4:
			l.Parts = ""
		}
		if RollDigest("m", changed) == whole {
			r.Fatal("a changed line is not noticed")
		}
	})
	if RollDigest("n", s.roll) == whole || RollDigest("m", s.roll[1:]) == whole {
		t.Error("another motion, or a voter less, has another fingerprint")
	}
}

func TestPartsAreBoundByWhatDecides(t *testing.T) {
	area := quantity.Area(9000)
	base := []model.RollProperty{{PropertyID: "a", Area: &area, OwnerIDs: "o"}, {PropertyID: "b"}}
	swapped := []model.RollProperty{base[1], base[0]}
	if PartsDigest(base) != PartsDigest(swapped) {
		t.Error("the order says nothing")
	}
	for name, change := range map[string]func(p *model.RollProperty){
		"id":     func(p *model.RollProperty) { p.PropertyID = "c" },
		"area":   func(p *model.RollProperty) { p.Area = nil },
		"use":    func(p *model.RollProperty) { p.Use = model.UseParking },
		"source": func(p *model.RollProperty) { p.AreaSource = model.AreaDeclared },
		"owners": func(p *model.RollProperty) { p.OwnerIDs = "o,q" },
	} {
		other := slices.Clone(base)
		change(&other[0])
		if PartsDigest(other) == PartsDigest(base) {
			t.Errorf("another %s is not noticed", name)
		}
	}
}

func TestTheChainIsOfTheseVersionsInThisOrder(t *testing.T) {
	s := newSample(t, 12, 2)
	head, count := Chain("m", "roll", s.lines)
	if count != int64(len(s.lines)) {
		t.Errorf("%d of %d", count, len(s.lines))
	}
	rapid.Check(t, func(r *rapid.T) {
		if again, _ := Chain("m", "roll", rapid.Permutation(s.lines).Draw(r, "order")); again != head {
			r.Fatal("the order of handing over matters")
		}
		i := rapid.IntRange(0, len(s.lines)-1).Draw(r, "line")
		if other, _ := Chain("m", "roll", slices.Delete(slices.Clone(s.lines), i, i+1)); other == head {
			r.Fatal("one is missing")
		}
		changed := slices.Clone(s.lines)
		changed[i].Recorded = strings.ToUpper(changed[i].Recorded)
		if other, _ := Chain("m", "roll", changed); other == head && changed[i].Recorded != s.lines[i].Recorded {
			r.Fatal("another text is the same link")
		}
	})
	for _, other := range [][2]string{{"n", "roll"}, {"m", "other"}} {
		if again, _ := Chain(other[0], other[1], s.lines); again == head {
			t.Errorf("%v ends alike", other)
		}
	}
}

func TestAnAreaReadsOneWay(t *testing.T) {
	for text, want := range map[string]Area{"0.00": 0, "104.94": 10494, "123456789012.34": 12345678901234, "-1.05": -105} {
		var a Area
		if err := a.UnmarshalJSON([]byte(text)); err != nil || a != want || a.String() != text {
			t.Errorf("%s: %d, %v", text, a, err)
		}
	}
	for _, text := range []string{"", "1", "1.0", "1.000", "01.00", "+1.00", "1e2", "null", `"1.00"`, "99999999999999999999.00", "-0.00", ".100", "1.0.0"} {
		if err := new(Area).UnmarshalJSON([]byte(text)); err == nil {
			t.Errorf("%s was read", text)
		}
	}
}
