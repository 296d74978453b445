package registry_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/identity"
	"gongdi/service/registry"
	"gongdi/service/store"
)

const (
	door      = "1栋1单元101"
	neighbour = "1栋1单元102"
)

// settle enters two homes: one of a couple with phones, one of a company.
func (o *office) settle() {
	couple := home("101").owned("李某某、阿依古丽·买买提", li+"、"+zhou)
	couple.phones = phoneOfLi + "、" + phoneOfZhou
	o.enter(couple, home("102").owned("某某商贸有限公司", "91350100M000100Y43"))
}

func TestWhoIsVerifiedAtOnce(t *testing.T) {
	cases := []struct {
		name string
		ask  registry.BindRequest
		at   string
		want model.BindingStatus
		by   model.Proof
	}{
		{"name and last six", registry.BindRequest{Name: "李某某", IDLast6: li[12:]}, door, model.BindingVerified, model.ProofDocument},
		{"each co-owner, with the name as people write it", registry.BindRequest{Name: " 阿依古丽・买买提 ", IDLast6: strings.ToLower(zhou[12:])}, door, model.BindingVerified, model.ProofDocument},
		{"name and the roster's phone", registry.BindRequest{Name: "李某某", PhoneCode: phoneOfLi}, door, model.BindingVerified, model.ProofRosterPhone},
		{"the wrong number with the right phone", registry.BindRequest{Name: "李某某", IDLast6: "000000", PhoneCode: phoneOfLi}, door, model.BindingVerified, model.ProofRosterPhone},
		{"both: the stronger proof is kept", registry.BindRequest{Name: "李某某", IDLast6: li[12:], PhoneCode: phoneOfLi}, door, model.BindingVerified, model.ProofDocument},
		{"who acts for an organisation", registry.BindRequest{Name: "某某商贸有限公司", IDLast6: "100Y43"}, neighbour, model.BindingVerified, model.ProofDocument},
		{"one's name with another's number", registry.BindRequest{Name: "李某某", IDLast6: zhou[12:]}, door, model.BindingPending, ""},
		{"one's name with another's phone", registry.BindRequest{Name: "李某某", PhoneCode: phoneOfZhou}, door, model.BindingPending, ""},
		{"the right number at another home", registry.BindRequest{Name: "李某某", IDLast6: li[12:]}, neighbour, model.BindingPending, ""},
		{"a name alone", registry.BindRequest{Name: "李某某"}, door, model.BindingPending, ""},
		{"a tenant, whatever matches", registry.BindRequest{Name: "李某某", IDLast6: li[12:], Relation: model.RelationTenant}, door, model.BindingPending, ""},
		{"a relative, whatever matches", registry.BindRequest{Name: "李某某", IDLast6: li[12:], Relation: model.RelationFamily}, door, model.BindingPending, ""},
	}
	each(t, func(t *testing.T, o *office) {
		o.settle()
		for i, c := range cases {
			c.ask.PropertyID = o.door(c.at)
			if c.ask.Relation == "" {
				c.ask.Relation = model.RelationOwner
			}
			if c.ask.PhoneCode != "" {
				c.ask.PhoneCode += string(rune('a' + i)) // codes work once
			}
			b, err := o.request(o.resident(), c.ask)
			o.must(err)
			if b.Status != c.want || b.Proof != c.by || b.PropertyID != c.ask.PropertyID || b.Relation != c.ask.Relation {
				t.Errorf("%s: %+v", c.name, b)
			}
		}
	})
}

func TestWhatABindingMustSay(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.settle()
		who, version := o.resident(), ""
		version, _ = o.Identity.Privacy()
		sound := registry.BindRequest{PropertyID: o.door(door), Name: "李某某", IDLast6: li[12:], Relation: model.RelationOwner, PrivacyVersion: version}
		for location, spoil := range map[string]func(*registry.BindRequest){
			"body.property_id": func(r *registry.BindRequest) { r.PropertyID = store.NewID() },
			"body.name":        func(r *registry.BindRequest) { r.Name = "  " },
			"body.id_last6":    func(r *registry.BindRequest) { r.IDLast6 = "1234" },
			"body.relation":    func(r *registry.BindRequest) { r.Relation = "guest" },
		} {
			r := sound
			spoil(&r)
			_, err := o.Bind(o.ctx, who, r)
			o.refusesAt(err, location)
		}
		old := sound
		old.PrivacyVersion = "0"
		_, err := o.Bind(o.ctx, who, old)
		o.refuses(err, identity.ErrPrivacyNotAccepted)
		if n := o.number("SELECT (SELECT COUNT(*) FROM bindings) + (SELECT COUNT(*) FROM failures) + (SELECT COUNT(*) FROM privacy_acceptances)"); n != 0 {
			t.Errorf("%d rows left", n)
		}
	})
}

func TestANewRequestReplacesThePendingOne(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.settle()
		who := o.resident()
		first, err := o.bind(who, door, "李某某", "000000")
		o.must(err)
		second, err := o.bind(who, door, "李某某", li[12:])
		o.must(err)
		again, err := o.bind(who, door, "李某某", "000000") // is one already: no try
		o.must(err)
		ties, err := o.BindingsOf(o.ctx, who.ID)
		o.must(err)
		if first.Status != model.BindingPending || second.Status != model.BindingVerified || again.ID != second.ID || len(ties) != 1 {
			t.Errorf("%+v %+v %+v %+v", first, second, again, ties)
		}
		if n := o.number("SELECT COUNT(*) FROM failures"); n != 2 {
			t.Errorf("%d failures, of one wrong try", n)
		}
		_, err = o.Verify(o.ctx, street, first.ID)
		o.refuses(err, registry.ErrBindingDecided)
	})
}

func TestAfterTenWrongTriesEachFurtherOneIsRefusedUntilTheNextDay(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.settle()
		o.enter(home("301").owned("吴某某", wu), home("302").owned("郑某某", number(4)))
		who := o.resident()
		at := []string{door, neighbour}
		for i := range 10 {
			if b, err := o.bind(who, at[i%2], "李某某", "00000"+string(rune('0'+i))); err != nil || b.Status != model.BindingPending {
				t.Fatalf("try %d: %+v, %v", i, b, err)
			}
		}
		for _, right := range []string{wu[12:], "999999"} {
			_, err := o.bind(who, "1栋1单元301", "吴某某", right)
			o.refuses(err, registry.ErrTooManyTries)
			var refusal *fault.Error
			if errors.As(err, &refusal) && refusal.RetryAfter != 14*time.Hour { // ten in the morning
				t.Errorf("try again after %v", refusal.RetryAfter)
			}
		}
		other := o.resident()
		if b, err := o.bind(other, "1栋1单元301", "吴某某", wu[12:]); err != nil || b.Status != model.BindingVerified {
			t.Errorf("somebody else: %+v, %v", b, err)
		}
		if b, err := o.request(who, registry.BindRequest{PropertyID: o.door("1栋1单元302"), Name: "李某某", Relation: model.RelationTenant}); err != nil || b.Status != model.BindingPending {
			t.Errorf("a tenant guesses nothing: %+v, %v", b, err)
		}
		o.now = time.Date(2026, 9, 18, 16, 0, 0, 0, time.UTC) // midnight in Shanghai
		if b, err := o.bind(who, "1栋1单元301", "吴某某", wu[12:]); err != nil || b.Status != model.BindingVerified {
			t.Errorf("the next day: %+v, %v", b, err)
		}
	})
}

func TestTenWrongTriesAtOneHomePauseMatchingThereAndLockNobodyOut(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.settle()
		for range 2 {
			who := o.resident()
			for range 5 {
				_, err := o.bind(who, door, "李某某", "000000")
				o.must(err)
			}
		}
		owner := o.resident()
		b, err := o.bind(owner, door, "李某某", li[12:])
		o.must(err)
		if b.Status != model.BindingPending {
			t.Errorf("matching goes on: %+v", b)
		}
		if b, err := o.bind(owner, neighbour, "某某商贸有限公司", "100Y43"); err != nil || b.Status != model.BindingVerified {
			t.Errorf("at another home: %+v, %v", b, err)
		}
		for range 12 { // unjudged tries are no wrong ones
			_, err := o.bind(owner, door, "李某某", "000000")
			o.must(err)
		}
		o.now = o.now.Add(24 * time.Hour)
		if b, err := o.bind(owner, door, "李某某", li[12:]); err != nil || b.Status != model.BindingVerified {
			t.Errorf("the next day: %+v, %v", b, err)
		}
	})
}

func TestWrongTriesAreCountedExactlyHoweverManyComeAtOnce(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.settle()
		var homes []row
		for _, room := range []string{"301", "302", "303", "304"} {
			homes = append(homes, home(room).owned("吴某某", wu))
		}
		o.enter(homes...)
		who := o.resident()
		var phones sync.WaitGroup
		answers := make([]error, 24)
		for i := range answers {
			at := "1栋1单元30" + string(rune('1'+i%4))
			phones.Go(func() { _, answers[i] = o.bind(who, at, "吴某某", "000000") })
		}
		phones.Wait()
		refused := 0
		for _, err := range answers {
			if errors.Is(err, registry.ErrTooManyTries) {
				refused++
			} else if err != nil {
				t.Error(err)
			}
		}
		if n := o.number("SELECT COUNT(*) FROM failures WHERE subject LIKE 'bind:resident:%'"); refused != 14 || n != 10 {
			t.Errorf("%d refused, %d counted", refused, n)
		}
	})
}

func TestARepeatedRequestCountsAndSpendsItsPhoneCodeOnce(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.settle()
		who := o.resident()
		key := store.WithKey(o.ctx, store.Key{Scope: "resident:" + who.ID, Key: "k", Digest: "d"})
		version, _ := o.Identity.Privacy()
		ask := registry.BindRequest{
			PropertyID: o.door(door), Name: "周某某", PhoneCode: phoneOfLi, Relation: model.RelationOwner, PrivacyVersion: version,
		}
		first, err := o.Bind(key, who, ask)
		o.must(err)
		second, err := o.Bind(key, who, ask)
		o.must(err)
		if n := o.number("SELECT COUNT(*) FROM failures"); first.ID != second.ID || n != 2 {
			t.Errorf("%+v, %+v, %d failures", first, second, n)
		}
		if kept := o.text("SELECT answer FROM idempotency_keys"); strings.Contains(kept, "周") || kept == "" {
			t.Errorf("kept for repetition: %s", kept)
		}
	})
}

func TestEveryOtherBoundOwnerIsToldWithoutNames(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.settle()
		owner, stranger := o.resident(), o.resident()
		_, err := o.bind(owner, door, "李某某", li[12:])
		o.must(err)
		_, err = o.bind(stranger, door, "王某某", "000000")
		o.must(err)
		var told []model.Tiding
		o.must(o.db.Read(o.ctx).Raw("SELECT * FROM resident_tidings").Scan(&told).Error)
		if len(told) != 1 || told[0].ResidentID != owner.ID || told[0].Kind != "binding_requested" ||
			!strings.Contains(told[0].Text, door) || strings.Contains(told[0].Text, "王") {
			t.Errorf("%+v", told)
		}
	})
}

func TestMovingOutEndsOnesOwnTie(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.settle()
		owner, other := o.resident(), o.resident()
		b, err := o.bind(owner, door, "李某某", li[12:])
		o.must(err)
		o.refuses(o.MoveOut(o.ctx, other, b.ID), fault.ErrNotFound)
		o.must(o.MoveOut(o.ctx, owner, b.ID))
		o.must(o.MoveOut(o.ctx, owner, b.ID)) // again is no fault
		ties, err := o.BindingsOf(o.ctx, owner.ID)
		o.must(err)
		if status := o.text("SELECT status FROM bindings WHERE id = ?", b.ID); len(ties) != 0 || status != "ended" {
			t.Errorf("%+v, %s", ties, status)
		}
	})
}
