package journey

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"gongdi/api/apitest"
	"gongdi/model"
	"gongdi/service/funds"
	"gongdi/service/store"
)

const pledges = "/api/v1/staff/pledges"

// money is a stairwell with its owners and a variant, and who keeps its ledger.
type money struct {
	*stairwell
	owners    []string
	plan      string
	colleague string
	day       string
}

func moneyOf(s *street, estate string) *money {
	m := &money{stairwell: s.stairwell(estate)}
	for i := range m.homes {
		m.owners = append(m.owners, s.bind(fmt.Sprint("payer-", i), m.home(i), "owner"))
	}
	m.plan = s.Post(s.clerk, lifts, m.variant(nil)).Want(201).Text("id")
	m.colleague = s.Staff(model.RoleCommunity, apitest.Street)
	m.day = s.Now().In(time.FixedZone("", 8*3600)).Format(time.DateOnly)
	return m
}

func (m *money) pledge(i int, more map[string]any) apitest.Answer {
	m.T.Helper()
	body := map[string]any{"plan_version": 1, "sources": []any{source("cash", 500000)}}
	for k, v := range more {
		body[k] = v
	}
	return m.Put(m.owners[i], "/api/v1/lift-plans/"+m.plan+"/pledges/"+m.home(i), body)
}

func source(name string, fen int) map[string]any {
	return map[string]any{"source": name, "amount_fen": fen}
}

func (m *money) entry(fen int, reference string) map[string]any {
	return map[string]any{"amount_fen": fen, "received_on": m.day, "reference": reference}
}

func (m *money) receive(pledge string, fen int, reference string) string {
	m.T.Helper()
	id := m.Post(m.clerk, pledges+"/"+pledge+"/receipts", m.entry(fen, reference)).Want(201).Text("id")
	m.Post(m.colleague, "/api/v1/staff/receipts/"+id+"/check", nil).Want(200)
	return id
}

func (m *money) status(pledge string) string {
	m.T.Helper()
	return m.Get(m.clerk, pledges+"/"+pledge).Want(200).Text("status")
}

func (m *money) ledger() apitest.Answer {
	m.T.Helper()
	return m.Get(m.clerk, "/api/v1/staff/ledger?purpose_type=lift&purpose_id="+m.plan).Want(200)
}

func (m *money) sound() {
	m.T.Helper()
	odd, err := m.Funds.Unbalanced(m.T.Context())
	apitest.Check(m.T, err)
	if len(odd) > 0 {
		m.T.Errorf("vouchers that do not balance: %v", odd)
	}
}

// TestAPledgeBecomesMoneyInTheLedger goes from a promise to a refund.
func TestAPledgeBecomesMoneyInTheLedger(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		m := moneyOf(open(t, h), "供电局家属院")
		made := m.pledge(4, map[string]any{"only_if": map[string]any{"max_fen": 5000000, "min_homes": 2}}).Want(200)
		id := made.Text("id")
		if made.Text("status") != "pledged" || len(made.Items("lapses_when")) != 5 || !strings.Contains(made.Text("notice"), "认缴是意向") {
			t.Errorf("%s", made.Raw)
		}
		if again := m.pledge(4, map[string]any{"sources": []any{source("cash", 300000), source("cash", 300000), source("donation", 1)}}).Want(200); again.Text("id") != id || again.Number("amount_fen") != 600001 || len(again.Items("sources")) != 2 {
			t.Errorf("a pledge is replaced until the agreement is signed: %s", again.Raw)
		}
		m.pledge(4, nil).Want(200)
		m.pledge(4, map[string]any{"plan_version": 9}).Code(422, "invalid_request")
		m.Put(m.owners[3], "/api/v1/lift-plans/"+m.plan+"/pledges/"+m.home(4), map[string]any{"plan_version": 1, "sources": []any{source("cash", 1)}}).Code(403, "not_your_home")
		if mine := m.Get(m.owners[4], "/api/v1/pledges").Want(200); mine.Number("total") != 1 || mine.Text("items", 0, "id") != id {
			t.Errorf("%s", mine.Raw)
		}
		if others := m.Get(m.owners[3], "/api/v1/pledges").Want(200); others.Number("total") != 0 {
			t.Errorf("a neighbour's pledge is shown: %s", others.Raw)
		}
		m.Post(m.owners[3], "/api/v1/pledges/"+id+"/withdraw", nil).Code(404, "not_found")

		path := pledges + "/" + id + "/receipts"
		m.Post(m.clerk, path, m.entry(500001, "1")).Code(409, "above_pledge")
		entered := m.Post(m.clerk, path, m.entry(200000, "1")).Want(201)
		if entered.Text("status") != "entered" || m.status(id) != "pledged" || m.ledger().Number("total") != 0 {
			t.Errorf("what nobody has checked is booked: %s", entered.Raw)
		}
		m.Post(m.clerk, path, m.entry(200000, "1")).Code(409, "receipt_known")
		late := m.entry(1, "2")
		late["received_on"] = "2090-01-01"
		m.Post(m.clerk, path, late).Code(422, "invalid_request")
		check := "/api/v1/staff/receipts/" + entered.Text("id")
		m.Post(m.clerk, check+"/check", nil).Code(403, "own_voucher")
		m.Post(m.colleague, check+"/reverse", map[string]any{"reason": "x"}).Code(409, "voucher_not_booked")
		if booked := m.Post(m.colleague, check+"/check", nil).Want(200); booked.Text("status") != "booked" || m.status(id) != "part_received" {
			t.Errorf("%s", booked.Raw)
		}
		m.Post(m.colleague, check+"/check", nil).Code(409, "voucher_checked")
		m.Post(m.colleague, check+"/reject", map[string]any{"reason": "x"}).Code(409, "voucher_checked")
		rest := m.receive(id, 300000, "2")
		if m.status(id) != "received" {
			t.Errorf("%s", m.status(id))
		}
		m.pledge(4, nil).Code(409, "money_came_in")

		back := m.Post(m.clerk, "/api/v1/staff/receipts/"+rest+"/reverse", map[string]any{"reason": "重复入账"}).Want(200)
		m.Post(m.clerk, "/api/v1/staff/receipts/"+rest+"/reverse", map[string]any{"reason": "重复入账"}).Code(409, "receipt_known")
		m.Post(m.colleague, "/api/v1/staff/receipts/"+back.Text("id")+"/check", nil).Want(200)
		if l := m.ledger(); l.Number("total") != 3 || l.Number("balances", "cash") != 200000 || l.Number("items", 2, "out_fen") != 300000 || l.At("items", 1, "reversed") != true || m.status(id) != "part_received" {
			t.Errorf("%s", l.Raw)
		}
		m.receive(id, 300000, "2") // the paper may be entered anew

		spend := map[string]any{"purpose": map[string]any{"type": "lift", "id": m.plan}, "source": "cash", "amount_fen": 500001, "paid_on": m.day, "reference": "F1", "note": "勘察费"}
		m.Post(m.clerk, "/api/v1/staff/expenses", spend).Code(409, "above_assets")
		spend["amount_fen"] = 100000
		paid := m.Post(m.clerk, "/api/v1/staff/expenses", spend).Want(201).Text("id")
		m.Post(m.colleague, "/api/v1/staff/receipts/"+paid+"/check", nil).Want(200)
		m.Post(m.clerk, pledges+"/"+id+"/refunds", m.entry(500001, "R")).Code(409, "above_received")
		if view := m.Get(m.owners[1], "/api/v1/lift-plans/"+m.plan+"/funds").Want(200); view.Number("pledged_fen") != 500000 || view.Number("balances", "cash") != 400000 {
			t.Errorf("%s", view.Raw)
		}
		for by, key := range map[string]string{"source": "cash", "lift": m.plan, "month": m.day[:7], "estate": m.estates["供电局家属院"]} {
			if got := m.Get(m.clerk, "/api/v1/staff/ledger/totals?by="+by).Want(200); got.Number("total") != 1 || got.Text("items", 0, "key") != key || got.Number("items", 0, "balance_fen") != 400000 {
				t.Errorf("by %s: %s", by, got.Raw)
			}
		}
		notice := m.Post(m.clerk, "/api/v1/staff/ledger/publish", map[string]any{"purpose": map[string]any{"type": "lift", "id": m.plan}}).Want(200).Text("notice_id")
		if shown := m.Get(m.owners[2], "/api/v1/notices/"+notice).Want(200); !strings.Contains(string(shown.Raw), "勘察费") || !strings.Contains(string(shown.Raw), "4,000.00") {
			t.Errorf("%s", shown.Raw)
		}
		m.sound()
	})
}

// TestPledgesLapseWhenTheirConditionFails has each cause end a pledge, and
// nothing else.
func TestPledgesLapseWhenTheirConditionFails(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		m := moneyOf(open(t, h), "供电局家属院")
		share := int(m.Get(m.owners[4], "/api/v1/lift-plans/"+m.plan+"/my-share").Want(200).Number("share_fen"))
		paying := 0
		for i := range m.homes {
			if m.Get(m.clerk, lifts+"/"+m.plan).Want(200).Number("shares", i, "share_fen") > 0 {
				paying++
			}
		}
		for _, c := range []struct {
			onlyIf        map[string]any
			want, because string
		}{
			{map[string]any{"max_fen": share}, "pledged", ""}, {map[string]any{"max_fen": share - 1}, "lapsed", "share_above_max"},
			{map[string]any{"min_homes": paying}, "pledged", ""}, {map[string]any{"min_homes": paying + 1}, "lapsed", "too_few_homes"},
		} {
			got := m.pledge(4, map[string]any{"only_if": c.onlyIf}).Want(200)
			if got.Text("status") != c.want || c.because != "" && got.Text("lapsed_because") != c.because {
				t.Errorf("%v: %s", c.onlyIf, got.Raw)
			}
			if view := m.ledger(); (view.Number("overview", "pledges") == 1) != (c.want == "pledged") {
				t.Errorf("%v: the sum says otherwise: %s", c.onlyIf, view.Raw)
			}
		}
		id := m.pledge(4, nil).Want(200).Text("id")
		m.receive(id, 100, "early")
		revised := m.variant(map[string]any{"reason": "概算调整", "cost_fen": 44000000})
		delete(revised, "unit_id")
		m.Put(m.clerk, lifts+"/"+m.plan, revised).Want(200)
		if got := m.Get(m.clerk, pledges+"/"+id).Want(200); got.Text("status") != "lapsed" || got.Text("lapsed_because") != "plan_changed" || got.Number("refund_due_fen") != 100 {
			t.Errorf("%s", got.Raw)
		}
		m.Post(m.clerk, pledges+"/"+id+"/receipts", m.entry(1, "late")).Code(409, "pledge_over")
		m.pledge(5, nil).Code(409, "plan_outdated")
		back := m.Post(m.clerk, pledges+"/"+id+"/refunds", m.entry(100, "back")).Want(201).Text("id")
		m.Post(m.colleague, "/api/v1/staff/receipts/"+back+"/check", nil).Want(200)
		if got := m.status(id); got != "refunded" {
			t.Error(got)
		}
		next := m.pledge(5, map[string]any{"plan_version": 2}).Want(200).Text("id")
		m.ballot(m.owners, "oppose", func(vote apitest.Answer) {
			m.Put(m.clerk, lifts+"/"+m.plan+"/motion", map[string]any{"motion_id": vote.Text("id")}).Want(204)
			if got := m.status(next); got != "pledged" {
				t.Errorf("a vote under way ends nothing: %s", got)
			}
		})
		if got := m.Get(m.clerk, pledges+"/"+next).Want(200); got.Text("lapsed_because") != "motion_not_passed" {
			t.Errorf("%s", got.Raw)
		}
		m.Post(m.clerk, pledges+"/"+next+"/confirm", map[string]any{}).Code(409, "pledge_over")
		other := m.Post(m.clerk, lifts, m.variant(map[string]any{"title": "方案二"})).Want(201).Text("id")
		waiting := m.Put(m.owners[4], "/api/v1/lift-plans/"+other+"/pledges/"+m.home(4), map[string]any{"plan_version": 1, "sources": []any{source("cash", 1)}}).Want(200).Text("id")
		if got := m.status(waiting); got != "pledged" {
			t.Errorf("another variant's vote ends it: %s", got)
		}
		m.Post(m.clerk, lifts+"/"+other+"/withdraw", map[string]any{"reason": "改用方案一"}).Want(204)
		if got := m.Get(m.clerk, pledges+"/"+waiting).Want(200); got.Text("status") != "lapsed" || got.Text("lapsed_because") != "plan_withdrawn" {
			t.Errorf("%s", got.Raw)
		}
		if view := m.Get(m.clerk, "/api/v1/staff/ledger?purpose_type=lift&purpose_id="+other).Want(200); view.Number("overview", "pledged_fen") != 0 {
			t.Errorf("%s", view.Raw)
		}
		m.sound()
	})
}

// TestSignedPledgesStay keeps what a signed agreement rests on.
func TestSignedPledgesStay(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		m := moneyOf(open(t, h), "供电局家属院")
		id := m.pledge(4, nil).Want(200).Text("id")
		if got := m.Post(m.owners[4], "/api/v1/pledges/"+id+"/withdraw", nil).Want(200); got.Text("status") != "withdrawn" {
			t.Errorf("%s", got.Raw)
		}
		m.Post(m.owners[4], "/api/v1/pledges/"+id+"/withdraw", nil).Code(409, "pledge_over")
		m.pledge(4, nil).Want(200)
		m.Post(m.clerk, pledges+"/"+id+"/confirm", map[string]any{"due_on": m.day}).Want(200)
		m.Post(m.clerk, pledges+"/"+id+"/confirm", map[string]any{}).Code(409, "pledge_confirmed")
		remind := map[string]any{"purpose": map[string]any{"type": "lift", "id": m.plan}}
		for _, want := range []float64{1, 0} { // once a day
			if got := m.Post(m.clerk, "/api/v1/staff/ledger/remind", remind).Want(200); got.Number("reminded") != want {
				t.Errorf("%s", got.Raw)
			}
		}
		m.Put(m.owners[4], "/api/v1/lift-plans/"+m.plan+"/agreement/"+m.home(4), map[string]any{"agreement_version": 1, "accept": true}).Want(200)
		m.pledge(4, nil).Code(409, "agreement_signed")
		m.Post(m.owners[4], "/api/v1/pledges/"+id+"/withdraw", nil).Code(409, "agreement_signed")
		if got := m.status(id); got != "confirmed" {
			t.Error(got)
		}
	})
}

// TestSourcesKeepTheirLimits holds the law's limits on each side.
func TestSourcesKeepTheirLimits(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		m := moneyOf(s, "供电局家属院")
		share := int(m.Get(m.owners[4], "/api/v1/lift-plans/"+m.plan+"/my-share").Want(200).Number("share_fen"))
		from := func(name string, fen int) map[string]any { return map[string]any{"sources": []any{source(name, fen)}} }
		m.pledge(4, from("hpf", share+1)).Code(409, "above_own_share")
		m.pledge(4, from("housing_fund", share)).Want(200)
		m.pledge(4, from("fiscal", 1)).Code(409, "source_not_contributors")
		m.pledge(5, from("maintenance_fund", 1)).Code(409, "above_maintenance_balance")
		fund := "/api/v1/staff/properties/" + m.home(5) + "/maintenance-fund"
		m.Put(m.clerk, fund, map[string]any{"balance_fen": 1, "as_of": "2090-01-01"}).Code(422, "invalid_request")
		m.Put(m.clerk, fund, map[string]any{"balance_fen": 800000, "as_of": m.day}).Want(200)
		if got := m.Get(m.owners[5], "/api/v1/lift-plans/"+m.plan+"/my-share").Want(200); got.Number("maintenance_fund_at_most_fen") != 800000 {
			t.Errorf("%s", got.Raw)
		}
		m.pledge(5, from("maintenance_fund", 800001)).Code(409, "above_maintenance_balance")
		id := m.pledge(5, from("maintenance_fund", 800000)).Want(200).Text("id")
		tenant := s.bind("renter", m.home(6), "tenant")
		m.Put(tenant, "/api/v1/lift-plans/"+m.plan+"/pledges/"+m.home(6), map[string]any{"plan_version": 1, "sources": []any{source("hpf", 1)}}).Code(403, "owners_only")
		m.Put(tenant, "/api/v1/lift-plans/"+m.plan+"/pledges/"+m.home(6), map[string]any{"plan_version": 1, "sources": []any{source("cash", 1)}}).Want(200)

		m.Post(m.clerk, pledges+"/"+id+"/receipts", m.entry(1, "A")).Code(409, "fund_motion_needed")
		vote := m.fundVote("ordinary", "fund_use", "agree")
		got := m.Post(m.clerk, pledges+"/"+id+"/receipts", m.entry(500000, "A")).Want(201)
		if got.Text("motion_id") != vote {
			t.Errorf("%s", got.Raw)
		}
		m.Post(m.colleague, "/api/v1/staff/receipts/"+got.Text("id")+"/check", nil).Want(200)
		if left := m.Get(m.clerk, fund).Want(200); left.Number("balance_fen") != 300000 {
			t.Errorf("%s", left.Raw)
		}
		m.Put(m.clerk, fund, map[string]any{"balance_fen": 1, "as_of": m.day}).Want(200)
		over := m.Post(m.clerk, pledges+"/"+id+"/receipts", m.entry(2, "B")).Want(201).Text("id")
		m.Post(m.colleague, "/api/v1/staff/receipts/"+over+"/check", nil).Code(409, "above_maintenance_balance")
		m.Post(m.colleague, "/api/v1/staff/receipts/"+over+"/reject", map[string]any{"reason": "余额不足"}).Want(200)

		estate := m.estates["供电局家属院"]
		works := map[string]any{"estate_id": estate, "property_id": m.home(4), "sources": []any{source("hpf", 1)}}
		m.Post(m.owners[4], "/api/v1/pledges", works).Code(409, "housing_fund_lift_only")
		works["sources"] = []any{source("cash", 1000)}
		own := m.Post(m.owners[4], "/api/v1/pledges", works).Want(201).Text("id")
		m.receive(own, 10, "E")
		m.Post(m.owners[4], "/api/v1/pledges/"+own+"/withdraw", nil).Code(409, "money_came_in")
		works["property_id"] = m.home(3)
		m.Post(m.owners[4], "/api/v1/pledges", works).Code(422, "invalid_request")
		works["property_id"], works["estate_id"] = m.home(4), m.estates["临江花园"]
		m.Post(m.owners[4], "/api/v1/pledges", works).Code(422, "invalid_request")

		office := map[string]any{"purpose": map[string]any{"type": "estate", "id": estate}, "contributor": map[string]any{"type": "treasury"}, "source": "fiscal", "amount_fen": 9000000}
		fiscal := m.Post(m.clerk, pledges, office).Want(201).Text("id")
		m.Post(m.clerk, pledges+"/"+fiscal+"/receipts", m.entry(9000000, "T")).Code(409, "fiscal_ground_needed")
		m.Put(m.clerk, pledges+"/"+fiscal+"/ground", map[string]any{"ground": "no_maintenance_fund"}).Want(200)
		m.receive(fiscal, 9000000, "T")
		office["contributor"] = map[string]any{"type": "household", "property_id": m.home(1)}
		m.Post(m.clerk, pledges, office).Code(409, "source_not_contributors")
		office["contributor"] = map[string]any{"type": "household"}
		m.Post(m.clerk, pledges, office).Code(422, "invalid_request")
		office["contributor"] = map[string]any{"type": "household", "property_id": "none"}
		office["source"] = "cash"
		m.Post(m.clerk, pledges, office).Code(422, "invalid_request")
		office["purpose"] = map[string]any{"type": "estate", "id": "none"}
		m.Post(m.clerk, pledges, office).Code(422, "invalid_request")
		m.sound()
	})
}

// fundVote has the stairwell vote on its maintenance fund.
func (m *money) fundVote(kind, subject, choice string) string {
	m.T.Helper()
	motion := m.Post(m.clerk, "/api/v1/staff/motions", map[string]any{
		"scope": map[string]any{"type": "unit", "id": m.unit}, "kind": kind, "subject": subject, "title": "维修资金", "text": "是否同意？",
		"opens_at": m.Now().Add(-time.Minute), "closes_at": m.Now().Add(time.Hour), "count_until": m.Now().Add(time.Hour),
	}).Want(201).Text("id")
	path := "/api/v1/staff/motions/" + motion
	m.Post(m.clerk, path+"/publish", nil).Want(200)
	for _, owner := range m.owners {
		ballots := m.Get(owner, "/api/v1/motions/"+motion).Want(200)
		for i := range ballots.Items("my_ballots") {
			m.Put(owner, "/api/v1/motions/"+motion+"/ballots/"+ballots.Text("my_ballots", i, "voter_id"), map[string]any{"choice": choice}).Want(200)
		}
	}
	m.Post(m.clerk, path+"/close", map[string]any{"reason": "都投了"}).Want(200)
	return motion
}

// TestTheMaintenanceFundIsRaisedAfterASpecialVote holds the counterpart of its
// use: no vote, another vote, one that fails and one elsewhere allow nothing.
func TestTheMaintenanceFundIsRaisedAfterASpecialVote(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		m := moneyOf(open(t, h), "供电局家属院")
		fund := "/api/v1/staff/properties/" + m.home(5) + "/maintenance-fund"
		raise := func(more map[string]any) apitest.Answer {
			body := m.entry(30000, "续筹-1")
			for k, v := range more {
				body[k] = v
			}
			return m.Post(m.clerk, fund+"/raises", body)
		}
		raise(nil).Code(409, "raise_motion_needed")
		use := m.fundVote("ordinary", "fund_use", "agree")
		raise(nil).Code(409, "raise_motion_needed")
		raise(map[string]any{"motion_id": use}).Code(422, "invalid_request")
		raise(map[string]any{"motion_id": "none"}).Code(422, "invalid_request")
		failed := m.fundVote("special", "fund_raise", "oppose")
		raise(nil).Code(409, "raise_motion_needed")
		passed := m.fundVote("special", "fund_raise", "agree")
		raise(map[string]any{"motion_id": failed}).Code(409, "raise_motion_needed")
		raise(map[string]any{"received_on": "2090-01-01"}).Code(422, "invalid_request")
		elsewhere := m.Get(m.clerk, "/api/v1/staff/properties?estate_id="+m.estates["临江花园"]).Want(200).Text("items", 0, "id")
		m.Post(m.clerk, "/api/v1/staff/properties/"+elsewhere+"/maintenance-fund/raises", m.entry(1, "1")).Code(409, "raise_motion_needed")

		entered := raise(nil).Want(201)
		if entered.Text("motion_id") != passed || entered.Text("status") != "entered" || m.Get(m.clerk, fund).Want(200).At("balance_fen") != nil {
			t.Errorf("%s", entered.Raw)
		}
		raise(map[string]any{"motion_id": passed}).Code(409, "receipt_known")
		one := "/api/v1/staff/fund-raises/" + entered.Text("id")
		m.Post(m.clerk, one+"/check", nil).Code(403, "own_voucher")
		m.Post(m.colleague, one+"/reverse", map[string]any{"reason": "x"}).Code(409, "voucher_not_booked")
		m.atOnce(one+"/check", 200)
		if got := m.Get(m.clerk, fund).Want(200); got.Number("balance_fen") != 30000 {
			t.Errorf("%s", got.Raw)
		}
		m.pledge(5, map[string]any{"sources": []any{source("maintenance_fund", 30000)}}).Want(200)
		back := m.Post(m.clerk, one+"/reverse", map[string]any{"reason": "退票"}).Want(200).Text("id")
		m.Post(m.clerk, one+"/reverse", map[string]any{"reason": "退票"}).Code(409, "receipt_known")
		m.Put(m.clerk, fund, map[string]any{"balance_fen": 29999, "as_of": m.day}).Want(200)
		m.Post(m.colleague, "/api/v1/staff/fund-raises/"+back+"/check", nil).Code(409, "above_maintenance_balance")
		m.Put(m.clerk, fund, map[string]any{"balance_fen": 50000, "as_of": m.day}).Want(200)
		m.atOnce("/api/v1/staff/fund-raises/"+back+"/check", 200)
		if got := m.Get(m.clerk, fund).Want(200); got.Number("balance_fen") != 20000 || m.Get(m.clerk, one).Want(200).Text("status") != "reversed" {
			t.Errorf("%s", got.Raw)
		}
		again := raise(nil).Want(201).Text("id") // the paper may be entered anew
		m.Post(m.colleague, "/api/v1/staff/fund-raises/"+again+"/reject", map[string]any{"reason": "金额不符"}).Want(200)
		m.Post(m.colleague, "/api/v1/staff/fund-raises/"+again+"/check", nil).Code(409, "voucher_checked")
		if got := m.Get(m.clerk, fund+"/raises").Want(200); got.Number("total") != 3 {
			t.Errorf("%s", got.Raw)
		}
	})
}

// atOnce has eight requests do the same: one of them does it.
func (m *money) atOnce(path string, want int) {
	m.T.Helper()
	did := make([]int, 8)
	var all sync.WaitGroup
	for i := range did {
		all.Go(func() { did[i] = m.Post(m.colleague, path, nil).Status })
	}
	all.Wait()
	if count(did, want) != 1 || count(did, 409) != len(did)-1 {
		m.T.Errorf("%s: %v", path, did)
	}
}

// TestOneReceiptIsBookedOnce has clerks enter and check the same papers at
// once, and requests that are cut off: every paper is booked once or not at
// all, and the ledger balances.
func TestOneReceiptIsBookedOnce(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		m := moneyOf(open(t, h), "供电局家属院")
		id := m.pledge(4, nil).Want(200).Text("id")
		created := make([]int, 8)
		var all sync.WaitGroup
		for i := range created {
			all.Go(func() { created[i] = m.Post(m.clerk, pledges+"/"+id+"/receipts", m.entry(1000, "same")).Status })
		}
		all.Wait()
		if n := count(created, 201); n != 1 || count(created, 409) != len(created)-1 {
			t.Errorf("entered %d times: %v", n, created)
		}
		receipt := m.Get(m.clerk, "/api/v1/staff/receipts").Want(200).Text("items", 0, "id")
		for i := range created {
			all.Go(func() { created[i] = m.Post(m.colleague, "/api/v1/staff/receipts/"+receipt+"/check", nil).Status })
		}
		all.Wait()
		if n := count(created, 200); n != 1 || count(created, 409) != len(created)-1 {
			t.Errorf("booked %d times: %v", n, created)
		}
		if l := m.ledger(); l.Number("total") != 1 || l.Number("balances", "cash") != 1000 {
			t.Errorf("%s", l.Raw)
		}
		m.cutOff(id)
		m.sound()
	})
}

func count(of []int, status int) (n int) {
	for _, s := range of {
		if s == status {
			n++
		}
	}
	return n
}

// cutOff enters many receipts and has their checks end somewhere on the way.
func (m *money) cutOff(pledge string) {
	m.T.Helper()
	var before int
	apitest.Check(m.T, m.DB.Read(m.T.Context()).Raw("SELECT COUNT(*) FROM ledger_lines").Scan(&before).Error)
	booked := 0
	for i := range 30 {
		id := m.Post(m.clerk, pledges+"/"+pledge+"/receipts", m.entry(10, fmt.Sprint("cut-", i))).Want(201).Text("id")
		clerk := model.Caller{Kind: model.StaffSession, ID: store.NewID(), Role: model.RoleStreet, AreaCode: apitest.Street}
		v, err := m.Funds.VoucherOf(m.T.Context(), clerk, id)
		apitest.Check(m.T, err)
		ctx, cancel := context.WithTimeout(m.T.Context(), time.Duration(i)*100*time.Microsecond)
		if _, err := m.Funds.Check(ctx, clerk, v); err == nil {
			booked++
		}
		cancel()
	}
	var after int
	apitest.Check(m.T, m.DB.Read(m.T.Context()).Raw("SELECT COUNT(*) FROM ledger_lines").Scan(&after).Error)
	if after-before < 2*booked {
		m.T.Errorf("%d were booked with %d lines", booked, after-before)
	}
	totals, err := m.Funds.Totals(m.T.Context(), funds.Filter{Purpose: model.Purpose{Type: model.ForLift, ID: m.plan}}, funds.BySource)
	apitest.Check(m.T, err)
	if len(totals) != 1 || int(totals[0].In) != 1000+(after-before)/2*10 {
		m.T.Errorf("%v after %d lines", totals, after-before)
	}
}
