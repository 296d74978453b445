package journey

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gongdi/api/apitest"
	"gongdi/model"
)

// stairwell is a unit of an estate with its homes in order.
type stairwell struct {
	*street
	unit  string
	homes []any // {id, label, floor, …}
}

func (s *street) stairwell(estate string) *stairwell {
	s.T.Helper()
	units := s.Get(s.clerk, "/api/v1/staff/estates/"+s.estates[estate]+"/units").Want(200)
	w := &stairwell{street: s, unit: units.Text("items", 0, "id")}
	q := "&building=" + units.Text("items", 0, "building") + "&unit=" + units.Text("items", 0, "unit")
	w.homes = s.Get(s.clerk, "/api/v1/staff/properties?page_size=200&estate_id="+s.estates[estate]+q).Want(200).Items("items")
	return w
}

func (w *stairwell) home(i int) string { return w.homes[i].(map[string]any)["id"].(string) }

// variant is a plan over the stairwell, changed as told.
func (w *stairwell) variant(more map[string]any) map[string]any {
	body := map[string]any{
		"unit_id": w.unit, "title": "方案一", "cost_fen": 45000000, "subsidy": map[string]any{"mode": "fixed", "amount_fen": 10000000}, "other_fen": 0,
		"sharing": map[string]any{"mode": "coefficient", "coefficients": map[string]any{"1": 0, "2": 50, "3": 100, "4": 110, "5": 120, "6": 130, "7": 140}},
	}
	for k, v := range more {
		body[k] = v
	}
	return body
}

func sumOf(a apitest.Answer, field string) float64 {
	sum := 0.0
	for i := range a.Items("shares") {
		sum += a.Number("shares", i, field)
	}
	return sum
}

const lifts = "/api/v1/staff/lift-plans"

// TestAStairwellFindsItsLift goes from the first family that asks to an
// agreement that is in force.
func TestAStairwellFindsItsLift(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		w := s.stairwell("供电局家属院")
		owners := make([]string, len(w.homes))
		for i := range w.homes {
			owners[i] = s.bind(fmt.Sprint("owner-", i), w.home(i), "owner")
		}
		stranger := s.bind("stranger", s.stairwell("临江花园").home(0), "owner")
		unit := "/api/v1/units/" + w.unit
		told := func(token, kind string) (n int) {
			inbox := s.Get(token, "/api/v1/inbox?page_size=200").Want(200)
			for i := range inbox.Items("items") {
				if inbox.Text("items", i, "kind") == kind {
					n++
				}
			}
			return n
		}

		s.Get(stranger, unit+"/lift-intents").Code(404, "not_found")
		tenant := s.bind("tenant", w.home(0), "tenant")
		s.Post(tenant, unit+"/lift-campaigns", nil).Code(403, "owners_only")
		for range 2 { // a second start is the first
			s.Post(owners[5], unit+"/lift-campaigns", nil).Want(200)
		}
		if n := told(owners[0], "lift"); n != 1 {
			t.Errorf("told %d times of a campaign", n)
		}
		for i := range 5 {
			if hidden := s.Get(owners[0], unit+"/lift-intents").Want(200); hidden.At("counts") != nil || hidden.At("answers") != nil || hidden.At("shown") != false {
				t.Errorf("shown with %d answers: %s", i, hidden.Raw)
			}
			said := s.Put(owners[i], unit+"/lift-intents/"+w.home(i), map[string]any{"stance": "want", "will_pay": "unsure", "max_fen": 3000000, "concerns": []string{"noise", "cost", "noise"}}).Want(200)
			if len(said.Items("mine")) != 1 || len(said.Items("mine", 0, "concerns")) != 2 {
				t.Errorf("%s", said.Raw)
			}
		}
		s.Put(owners[0], unit+"/lift-intents/"+w.home(0), map[string]any{"stance": "against", "will_pay": "no"}).Want(200)
		s.Put(tenant, unit+"/lift-intents/"+w.home(0), map[string]any{"stance": "want", "will_pay": "no"}).Code(409, "owner_has_answered")
		s.Put(owners[0], unit+"/lift-intents/"+w.home(1), map[string]any{"stance": "want", "will_pay": "no"}).Code(403, "not_your_home")
		s.Put(owners[0], unit+"/lift-intents/none", map[string]any{"stance": "want", "will_pay": "no"}).Code(404, "not_found")
		counts := s.Get(owners[7], unit+"/lift-intents").Want(200)
		if counts.Number("counts", "stance", "want") != 4 || counts.Number("counts", "stance", "against") != 1 || counts.Number("counts", "will_pay", "unsure") != 4 || len(counts.Items("mine")) != 0 {
			t.Errorf("%s", counts.Raw)
		}
		seen := s.Get(s.clerk, "/api/v1/staff/units/"+w.unit+"/lift-intents").Want(200)
		if len(seen.Items("items")) != 5 || seen.Text("items", 0, "stance") != "against" {
			t.Errorf("%s", seen.Raw)
		}
		if c := s.Get(s.clerk, "/api/v1/staff/lift-campaigns").Want(200); c.Number("total") != 1 || c.Number("items", 0, "want") != 4 {
			t.Errorf("%s", c.Raw)
		}

		previewed := s.Post(s.clerk, lifts+"/preview", w.variant(nil)).Want(200)
		if previewed.Number("to_share_fen") != 35000000 || sumOf(previewed, "share_fen") != 35000000 || len(previewed.Items("shares")) != len(w.homes) {
			t.Errorf("%s", previewed.Raw)
		}
		for i := range w.homes {
			if previewed.Text("shares", i, "property_id") != w.home(i) {
				t.Errorf("home %d is %s", i, previewed.Text("shares", i, "label"))
			}
		}
		if n := s.Get(s.clerk, lifts+"?unit_id="+w.unit).Want(200).Number("total"); n != 0 {
			t.Errorf("a preview was kept: %v", n)
		}
		last := len(w.homes) - 1
		made := s.Post(s.clerk, lifts, w.variant(map[string]any{
			"compensation_fen": 200000, "running": map[string]any{"yearly_fen": 600000, "sharing": map[string]any{"mode": "equal"}},
			"cost_items": []any{map[string]any{"name": "土建", "amount_fen": 20000000}, map[string]any{"name": "电梯设备", "amount_fen": 25000000}},
			"households": []any{map[string]any{"property_id": w.home(0), "compensation_fen": 200000, "occupied": true}, map[string]any{"property_id": w.home(last), "joins": false}},
		})).Want(201)
		id := made.Text("id")
		if made.Number("version") != 1 || made.Number("to_share_fen") != 35200000 || sumOf(made, "share_fen") != 35200000 || sumOf(made, "yearly_fen") != 600000 || made.Number("shares", last, "share_fen") != 0 {
			t.Errorf("%s", made.Raw)
		}
		equal := s.Post(s.clerk, lifts, w.variant(map[string]any{"title": "方案二", "sharing": map[string]any{"mode": "equal"}})).Want(201).Text("id")
		s.Get(stranger, "/api/v1/lift-plans/"+id).Code(404, "not_found")
		mine := s.Get(owners[5], "/api/v1/lift-plans/"+id+"/my-share?property_id="+w.home(5)).Want(200)
		if len(mine.Items("variants")) != 2 || mine.Number("share_fen") != made.Number("shares", 5, "share_fen") || !strings.Contains(mine.Text("reason"), "系数") ||
			mine.Number("housing_fund_at_most_fen") != mine.Number("share_fen") || len(mine.Items("if_more_join")) != 1 ||
			mine.Number("if_more_join", 0, "share_fen") >= mine.Number("share_fen") {
			t.Errorf("%s", mine.Raw)
		}
		if n := len(s.Get(owners[1], unit+"/lift-plans").Want(200).Items("items")); n != 2 {
			t.Errorf("%d variants", n)
		}
		s.Get(owners[5], "/api/v1/lift-plans/"+id+"/my-share?property_id="+w.home(4)).Code(403, "not_your_home")
		if t0 := s.Get(tenant, "/api/v1/lift-plans/"+equal+"/my-share").Want(200); t0.Number("housing_fund_at_most_fen") != 0 || t0.Number("share_fen") == 0 {
			t.Errorf("%s", t0.Raw)
		}
		in := s.Get(s.clerk, lifts+"/"+id+"/buy-in?property_ids="+w.home(last)).Want(200)
		pays, back := 0.0, 0.0
		for i := range in.Items("items") {
			pays, back = pays+in.Number("items", i, "pays_fen"), back+in.Number("items", i, "back_fen")
		}
		if pays == 0 || pays != back {
			t.Errorf("%v comes in and %v is given back: %s", pays, back, in.Raw)
		}
		s.Get(s.clerk, lifts+"/"+id+"/buy-in?property_ids="+w.home(2)).Code(409, "joins_already")
		s.Get(s.clerk, lifts+"/"+id+"/buy-in?property_ids=none").Code(422, "invalid_request")

		sign := func(i int) string { return "/api/v1/lift-plans/" + id + "/agreement/" + w.home(i) }
		yes, no := map[string]any{"agreement_version": 1, "accept": true}, map[string]any{"agreement_version": 1, "accept": false}
		s.Put(tenant, sign(0), yes).Code(403, "owners_only")
		s.Put(owners[2], sign(3), yes).Code(403, "not_your_home")
		s.Put(owners[2], sign(2), map[string]any{"agreement_version": 2, "accept": true}).Code(422, "invalid_request")
		first := s.Put(owners[2], sign(2), yes).Want(200)
		if first.Text("status") != "signed" || !strings.Contains(first.Text("receipt", "text"), made.Text("digest")) || !h.Lifts.Key.Public().Signed([]byte(first.Text("receipt", "text")), first.Text("receipt", "signature")) {
			t.Errorf("%s", first.Raw)
		}
		s.Put(owners[2], sign(2), no).Want(200)
		s.Put(owners[2], "/api/v1/lift-plans/"+id+"/consent/"+w.home(2), yes).Code(409, "not_occupied")

		revised := w.variant(map[string]any{"reason": "概算调整", "cost_fen": 44000000, "households": []any{map[string]any{"property_id": w.home(0), "occupied": true}}})
		delete(revised, "unit_id")
		if again := s.Put(s.clerk, lifts+"/"+id, revised).Want(200); again.Number("version") != 2 || again.Number("to_share_fen") != 34000000 {
			t.Errorf("%s", again.Raw)
		}
		s.Put(owners[2], sign(2), yes).Code(409, "agreement_outdated")
		yes["agreement_version"], no["agreement_version"] = 2, 2
		state := func() apitest.Answer { return s.Get(s.clerk, lifts+"/"+id+"/agreement").Want(200) }
		if got := state(); got.Number("signed") != 0 || got.Number("version") != 2 {
			t.Errorf("a new version needs new signatures: %s", got.Raw)
		}
		if old := s.Get(s.clerk, lifts+"/"+id+"?version=1").Want(200); old.Number("cost_fen") != 45000000 {
			t.Errorf("%s", old.Raw)
		}

		s.exec("UPDATE properties SET tenure = 'unit' WHERE id = ?", w.home(3))
		s.Put(owners[3], sign(3), yes).Code(403, "writing_required")
		today := h.Now().In(time.FixedZone("", 8*3600)).Format(time.DateOnly)
		paper := map[string]any{"agreement_version": 2, "accept": true, "signed_on": today, "scan_file_ids": []string{s.paperPicture(t)}}
		office := lifts + "/" + id + "/agreement/" + w.home(3)
		s.Post(s.clerk, office+"/confirm", nil).Code(409, "nothing_signed")
		entered := s.Post(s.clerk, office, paper).Want(201)
		if entered.Text("status") != "unconfirmed" || state().Number("waiting") != 1 {
			t.Errorf("%s", entered.Raw)
		}
		s.Post(s.clerk, office+"/confirm", nil).Code(403, "own_signature")
		colleague := h.Staff(model.RoleStreet, apitest.Street)
		s.Get(colleague, lifts+"/"+id+"/signatures/"+entered.Text("id")+"/scans/"+paper["scan_file_ids"].([]string)[0]).Want(200)
		s.Get(colleague, lifts+"/"+equal+"/signatures/"+entered.Text("id")+"/scans/"+paper["scan_file_ids"].([]string)[0]).Code(404, "not_found")
		if done := s.Post(colleague, office+"/confirm", nil).Want(200); done.Text("status") != "signed" {
			t.Errorf("%s", done.Raw)
		}
		paper["signed_on"] = "2020-01-01"
		s.Post(s.clerk, office, paper).Code(422, "invalid_request")
		for i := range w.homes {
			if i != 3 {
				s.Put(owners[i], sign(i), yes).Want(200)
			}
		}
		if got := state(); got.At("formed") != true || got.At("in_force") != false || got.Text("verdict") != "none" || got.Number("signed") != got.Number("paying") {
			t.Errorf("%s", got.Raw)
		}
		s.Put(owners[2], sign(2), no).Code(409, "agreement_formed")

		s.Post(s.clerk, lifts+"/"+id+"/hearings", map[string]any{"text": "担心一楼采光", "heard_on": today, "property_id": s.stairwell("供电局家属院").home(1)}).Want(201)
		s.Post(s.clerk, lifts+"/"+id+"/hearings", map[string]any{"text": "x", "heard_on": today, "property_id": "none"}).Code(422, "invalid_request")
		s.Post(s.clerk, lifts+"/"+id+"/hearings", map[string]any{"text": "x", "heard_on": "2090-01-01"}).Code(422, "invalid_request")
		if heard := s.Get(s.clerk, lifts+"/"+id+"/hearings").Want(200); heard.Text("items", 0, "text") != "担心一楼采光" || heard.Text("items", 0, "label") == "" {
			t.Errorf("%s", heard.Raw)
		}
		w.votes(id, owners, func(vote apitest.Answer) {
			s.Put(s.clerk, lifts+"/"+id+"/motion", map[string]any{"motion_id": "none"}).Code(422, "invalid_request")
			s.Put(s.clerk, lifts+"/"+id+"/motion", map[string]any{"motion_id": vote.Text("id")}).Want(204)
		})
		if got := state(); got.Text("verdict") != "passed" || got.At("in_force") != false {
			t.Errorf("whoever's own part is occupied must consent: %s", got.Raw)
		}
		s.Put(owners[0], "/api/v1/lift-plans/"+id+"/consent/"+w.home(0), yes).Want(200)
		if got := state(); got.At("in_force") != true {
			t.Errorf("%s", got.Raw)
		}
		s.Put(s.clerk, lifts+"/"+id+"/motion", map[string]any{"motion_id": s.put("供电局家属院", map[string]any{"kind": "special", "subject": "lift"})}).Code(409, "plan_voted")
		for _, file := range []string{"agreement.pdf", "compensation.pdf", "signatures.pdf"} {
			if pdf := s.Get(s.clerk, lifts+"/"+id+"/"+file).Want(200); string(pdf.Raw[:4]) != "%PDF" {
				t.Errorf("%s is no PDF", file)
			}
		}
		s.Get(owners[1], "/api/v1/lift-plans/"+id+"/agreement.pdf").Want(200)

		s.Post(s.clerk, lifts+"/"+equal+"/withdraw", map[string]any{"reason": "选定方案一"}).Want(204)
		s.Post(s.clerk, lifts+"/"+equal+"/withdraw", map[string]any{"reason": "选定方案一"}).Code(409, "plan_withdrawn")
		s.Put(owners[2], "/api/v1/lift-plans/"+equal+"/agreement/"+w.home(2), map[string]any{"agreement_version": 1, "accept": true}).Code(409, "plan_withdrawn")
		if n := len(s.Get(owners[1], "/api/v1/lift-plans/"+equal+"/my-share").Want(200).Items("variants")); n != 2 {
			t.Errorf("%d variants", n)
		}
	})
}

// votes has the stairwell's owners decide on a variant, all in favour.
func (w *stairwell) votes(plan string, owners []string, tie func(apitest.Answer)) {
	w.T.Helper()
	w.ballot(owners, "agree", tie)
}

func (w *stairwell) ballot(owners []string, choice string, tie func(apitest.Answer)) {
	w.T.Helper()
	motion := w.Post(w.clerk, "/api/v1/staff/motions", map[string]any{
		"scope": map[string]any{"type": "unit", "id": w.unit}, "kind": "special", "subject": "lift", "title": "加装电梯", "text": "是否同意？",
		"opens_at": w.Now().Add(-time.Minute), "closes_at": w.Now().Add(time.Hour), "count_until": w.Now().Add(time.Hour),
	}).Want(201)
	tie(motion)
	path := "/api/v1/staff/motions/" + motion.Text("id")
	w.Post(w.clerk, path+"/publish", nil).Want(200)
	for _, owner := range owners {
		ballots := w.Get(owner, "/api/v1/motions/"+motion.Text("id")).Want(200)
		for i := range ballots.Items("my_ballots") {
			w.Put(owner, "/api/v1/motions/"+motion.Text("id")+"/ballots/"+ballots.Text("my_ballots", i, "voter_id"), map[string]any{"choice": choice}).Want(200)
		}
	}
	w.Post(w.clerk, path+"/close", map[string]any{"reason": "都投了"}).Want(200)
}

// TestWhatTheOwnersRefuseNobodySigns has a failed vote end the signing.
func TestWhatTheOwnersRefuseNobodySigns(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		w := s.stairwell("供电局家属院")
		owner := s.bind("owner", w.home(2), "owner")
		id := s.Post(s.clerk, lifts, w.variant(nil)).Want(201).Text("id")
		w.ballot([]string{owner}, "oppose", func(motion apitest.Answer) {
			s.Put(s.clerk, lifts+"/"+id+"/motion", map[string]any{"motion_id": motion.Text("id")}).Want(204)
		})
		yes := map[string]any{"agreement_version": 1, "accept": true}
		s.Put(owner, "/api/v1/lift-plans/"+id+"/agreement/"+w.home(2), yes).Code(409, "motion_not_passed")
		if got := s.Get(s.clerk, lifts+"/"+id+"/agreement").Want(200); got.Text("verdict") != "not_passed" {
			t.Errorf("%s", got.Raw)
		}
	})
}

// TestBadLiftPlansGetTheirProblems holds each refusal against its code and
// place.
func TestBadLiftPlansGetTheirProblems(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		w := s.stairwell("供电局家属院")
		sharing := func(mode string, more map[string]any) map[string]any {
			out := map[string]any{"mode": mode}
			for k, v := range more {
				out[k] = v
			}
			return map[string]any{"sharing": out}
		}
		whole := map[string]any{"percent_bp": map[string]any{"2": 5000, "99": 5000}}
		for name, c := range map[string]struct {
			change   map[string]any
			code, at string
		}{
			"no such unit":          {map[string]any{"unit_id": "none"}, "invalid_request", "body.unit_id"},
			"negative cost":         {map[string]any{"cost_fen": -1}, "invalid_request", "body.cost_fen"},
			"negative other":        {map[string]any{"other_fen": -1}, "invalid_request", "body.other_fen"},
			"half a fen":            {map[string]any{"cost_fen": 1.5}, "invalid_request", "body.cost_fen"},
			"too much":              {map[string]any{"cost_fen": 1000000000000, "compensation_fen": 1000000000000}, "invalid_request", "body.cost_fen"},
			"subsidy above cost":    {map[string]any{"subsidy": map[string]any{"mode": "fixed", "amount_fen": 45000001}}, "subsidy_above_cost", "body.subsidy"},
			"percent above all":     {map[string]any{"subsidy": map[string]any{"mode": "percent", "percent_bp": 10001}}, "subsidy_above_cost", "body.subsidy"},
			"fixed without amount":  {map[string]any{"subsidy": map[string]any{"mode": "fixed"}}, "invalid_request", "body.subsidy.amount_fen"},
			"percent without one":   {map[string]any{"subsidy": map[string]any{"mode": "percent"}}, "invalid_request", "body.subsidy.percent_bp"},
			"too few floors":        {map[string]any{"subsidy": map[string]any{"mode": "none", "least_floors": 99}}, "subsidy_floors", "body.subsidy.least_floors"},
			"other above cost":      {map[string]any{"other_fen": 35000001}, "deduction_above_cost", "body.other_fen"},
			"nobody pays":           {sharing("coefficient", map[string]any{"coefficients": map[string]any{"1": 0, "2": 0, "3": 0, "4": 0, "5": 0, "6": 0, "7": 0}}), "nobody_pays", "body.sharing"},
			"a floor without one":   {sharing("coefficient", map[string]any{"coefficients": map[string]any{"1": 0}}), "floor_not_set", "body.sharing.coefficients"},
			"no such floor":         {sharing("coefficient", map[string]any{"coefficients": map[string]any{"二": 0}}), "invalid_request", "body.sharing.coefficients.二"},
			"a negative weight":     {sharing("coefficient", map[string]any{"coefficients": map[string]any{"2": -1}}), "invalid_request", "body.sharing.coefficients.2"},
			"not whole":             {sharing("percent_by_floor", map[string]any{"percent_bp": map[string]any{"2": 9999}}), "percent_not_whole", "body.sharing.percent_bp"},
			"a floor without payer": {sharing("percent_by_floor", whole), "floor_without_payer", "body.sharing.percent_bp"},
			"fixed not whole":       {sharing("fixed", nil), "fixed_not_whole", "body.households"},
			"no such mode":          {sharing("lottery", nil), "invalid_request", "body.sharing.mode"},
			"no such home":          {map[string]any{"households": []any{map[string]any{"property_id": "none"}}}, "invalid_request", "body.households[0].property_id"},
			"a home twice":          {map[string]any{"households": []any{map[string]any{"property_id": w.home(0)}, map[string]any{"property_id": w.home(0)}}}, "invalid_request", "body.households[1].property_id"},
			"items not the cost":    {map[string]any{"cost_items": []any{map[string]any{"name": "土建", "amount_fen": 1}}}, "invalid_request", "body.cost_items"},
			"compensation apart":    {map[string]any{"households": []any{map[string]any{"property_id": w.home(0), "compensation_fen": 1}}}, "invalid_request", "body.compensation_fen"},
			"fixed each year":       {map[string]any{"running": map[string]any{"yearly_fen": 1, "sharing": map[string]any{"mode": "fixed"}}}, "invalid_request", "body.running.sharing.mode"},
			"a year without one":    {map[string]any{"running": map[string]any{"yearly_fen": 1, "sharing": map[string]any{"mode": "coefficient"}}}, "floor_not_set", "body.running.sharing.coefficients"},
		} {
			for _, path := range []string{lifts + "/preview", lifts} {
				got := s.Post(s.clerk, path, w.variant(c.change))
				if got.Status != 422 || got.Body["code"] != c.code || got.Text("errors", 0, "location") != c.at {
					t.Errorf("%s: %d %s", name, got.Status, got.Raw)
				}
			}
		}
		elsewhere := h.Staff(model.RoleCommunity, apitest.Street+"001")
		if got := s.Post(elsewhere, lifts+"/preview", w.variant(nil)).Code(422, "invalid_request"); got.Text("errors", 0, "location") != "body.unit_id" {
			t.Errorf("%s", got.Raw)
		}
		id := s.Post(s.clerk, lifts, w.variant(nil)).Want(201).Text("id")
		s.Get(elsewhere, lifts+"/"+id).Code(404, "not_found")
		s.Get(s.clerk, lifts+"/"+id+"?version=2").Code(404, "not_found")

		s.exec("UPDATE properties SET area = NULL WHERE id = ?", w.home(1))
		if got := s.Post(s.clerk, lifts, w.variant(sharing("area", nil))).Code(422, "area_unknown"); !strings.Contains(string(got.Raw), "102") {
			t.Errorf("%s", got.Raw)
		}
		s.exec("UPDATE properties SET floor = NULL WHERE id = ?", w.home(1))
		s.Post(s.clerk, lifts, w.variant(nil)).Code(422, "floor_unknown")
		unknown := s.Post(s.clerk, lifts, w.variant(sharing("equal", nil))).Want(201)
		if unknown.Number("shares", len(w.homes)-1, "floor") != 0 || sumOf(unknown, "share_fen") != 35000000 {
			t.Errorf("%s", unknown.Raw)
		}
		s.Do("PATCH", s.clerk, "/api/v1/staff/properties/"+w.home(1), map[string]any{"floor": 3, "reason": "吊层房屋，入口以上第三层"}).Want(200)
		moved := s.Post(s.clerk, lifts, w.variant(nil)).Want(201)
		at := 0
		for i := range w.homes {
			if moved.Text("shares", i, "property_id") == w.home(1) {
				at = i
			}
		}
		if moved.Number("shares", at, "floor") != 3 || moved.Number("shares", at, "weight") != 100 || at == 1 {
			t.Errorf("%s", moved.Raw)
		}
	})
}

// TestAStreetEditsItsTables keeps tables of coefficients with their source.
func TestAStreetEditsItsTables(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		const presets = "/api/v1/staff/lift-presets"
		list := s.Get(s.clerk, presets).Want(200)
		if list.Number("total") < 3 || list.At("items", 0, "shipped") != true || list.Text("items", 0, "source") == "" {
			t.Errorf("%s", list.Raw)
		}
		body := map[string]any{"name": "鼓场参考", "source": "街道 2026 年座谈", "sharing": map[string]any{"mode": "coefficient", "coefficients": map[string]any{"1": 0, "2": 40}}}
		added := s.Post(s.clerk, presets, body).Want(201).Text("id")
		body["source"] = ""
		s.Post(s.clerk, presets, body).Code(422, "invalid_request")
		body["source"] = "x"
		body["sharing"] = map[string]any{"mode": "percent_by_floor", "percent_bp": map[string]any{"2": 1}}
		s.Post(s.clerk, presets, body).Code(422, "percent_not_whole")
		body["sharing"] = map[string]any{"mode": "coefficient"}
		s.Put(s.clerk, presets+"/"+added, body).Code(422, "floor_not_set")
		body["sharing"] = map[string]any{"mode": "coefficient", "coefficients": map[string]any{"1": 10}}
		first := list.Text("items", 0, "id")
		if own := s.Put(s.clerk, presets+"/"+first, body).Want(200); own.At("shipped") != false {
			t.Errorf("%s", own.Raw)
		}
		s.Do("DELETE", s.clerk, presets+"/"+added, nil).Want(204)
		s.Do("DELETE", s.clerk, presets+"/"+added, nil).Code(404, "not_found")
		apitest.Check(t, h.Lifts.Seed(t.Context()))
		if n := s.Get(s.clerk, presets).Want(200).Number("total"); n != list.Number("total") {
			t.Errorf("%v tables", n)
		}
	})
}
