package registry_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/registry"
)

// waiting makes a pending binding of somebody who names an owner.
func (o *office) waiting() registry.Bound {
	o.t.Helper()
	b, err := o.request(o.resident(), registry.BindRequest{
		PropertyID: o.door(door), Name: "李某某", PhoneCode: phoneOfZhou, Relation: model.RelationOwner,
	})
	o.must(err)
	return b
}

func TestTheCommunitySeesWhatARequestMatches(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.settle()
		b := o.waiting()
		cases, total, err := o.CasesOf(o.ctx, clerkOf(firstCode), registry.Cases{Status: model.BindingPending, Page: registry.Page{Limit: 10}})
		o.must(err)
		if total != 1 || len(cases) != 1 {
			t.Fatalf("%d cases", total)
		}
		c := cases[0]
		if c.ID != b.ID || c.Name != "李某某" || c.PhoneMasked != "199****0002" || len(c.Owners) != 2 {
			t.Errorf("%+v", c)
		}
		if first, second := c.Owners[0], c.Owners[1]; !first.Name || first.Phone || second.Name || !second.Phone || strings.Contains(second.NameMasked, "依古丽") {
			t.Errorf("%+v", c.Owners)
		}
		for name, of := range map[string]registry.Cases{
			"another status": {Status: model.BindingVerified}, "another estate": {EstateID: "none"},
		} {
			of.Limit = 10
			if _, total, err := o.CasesOf(o.ctx, street, of); err != nil || total != 0 {
				t.Errorf("%s: %d, %v", name, total, err)
			}
		}
		if _, total, err := o.CasesOf(o.ctx, clerkOf("520523001009"), registry.Cases{Page: registry.Page{Limit: 10}}); err != nil || total != 0 {
			t.Errorf("another community sees %d (%v)", total, err)
		}
	})
}

func TestVerifyingAndRejectingAreLoggedAndTold(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.settle()
		clerk := clerkOf(firstCode)
		verified, err := o.Verify(o.ctx, clerk, o.waiting().ID)
		o.must(err)
		if verified.Status != model.BindingVerified || verified.Proof != model.ProofInPerson {
			t.Errorf("%+v", verified)
		}
		if name := o.text("SELECT o.name_masked FROM bindings b JOIN owners o ON o.id = b.owner_id WHERE b.id = ?", verified.ID); name != "李*某" {
			t.Errorf("verified as %q", name)
		}
		tenant, err := o.request(o.resident(), registry.BindRequest{PropertyID: o.door(door), Name: "王某某", Relation: model.RelationTenant})
		o.must(err)
		_, err = o.Reject(o.ctx, clerk, tenant.ID, "  ")
		o.refusesAt(err, "body.reason")
		rejected, err := o.Reject(o.ctx, clerk, tenant.ID, "没有租赁合同")
		o.must(err)
		if rejected.Status != model.BindingRejected || rejected.Reason != "没有租赁合同" {
			t.Errorf("%+v", rejected)
		}
		for query, want := range map[string]int64{
			"SELECT COUNT(*) FROM audit_log WHERE action = 'bindings.decide.verified' AND area_code = '520523001001'": 1,
			"SELECT COUNT(*) FROM audit_log WHERE action = 'bindings.decide.rejected' AND reason = '没有租赁合同'":          1,
			"SELECT COUNT(*) FROM resident_tidings WHERE kind = 'binding_verified' AND text LIKE '%1栋1单元101%'":        1,
			"SELECT COUNT(*) FROM resident_tidings WHERE kind = 'binding_rejected' AND text LIKE '%没有租赁合同%'":          1,
			"SELECT COUNT(*) FROM bindings WHERE decided_by <> '' AND decided_at IS NOT NULL AND status <> 'pending'": 2,
		} {
			if n := o.number(query); n != want {
				t.Errorf("%d: %s", n, query)
			}
		}
		_, err = o.Verify(o.ctx, clerkOf("520523001009"), tenant.ID)
		o.refuses(err, fault.ErrNotFound)
	})
}

func TestOfTwoClerksOneDecides(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.settle()
		for range 5 {
			id := o.asking().ID
			var desks sync.WaitGroup
			errs := make([]error, 4)
			for i := range errs {
				desks.Go(func() {
					if i%2 == 0 {
						_, errs[i] = o.Verify(o.ctx, clerkOf(firstCode), id)
					} else {
						_, errs[i] = o.Reject(o.ctx, street, id, "不符")
					}
				})
			}
			desks.Wait()
			won := 0
			for _, err := range errs {
				if err == nil {
					won++
				} else if !errors.Is(err, registry.ErrBindingDecided) {
					t.Error(err)
				}
			}
			if n := o.number("SELECT COUNT(*) FROM audit_log WHERE object_id = ?", id); won != 1 || n != 1 {
				t.Errorf("%d decided, %d lines in the log", won, n)
			}
		}
	})
}

// asking is a request that tries nothing.
func (o *office) asking() registry.Bound {
	o.t.Helper()
	b, err := o.request(o.resident(), registry.BindRequest{PropertyID: o.door(door), Name: "王某某", Relation: model.RelationFamily})
	o.must(err)
	return b
}
