package journey

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"gongdi/api/apitest"
	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/vote"
	"gongdi/service/complaints"
	"gongdi/service/funds"
	"gongdi/service/reporting"
	"gongdi/service/store"
)

// plain is an overview counted straight from the rows, one by one.
type plain struct {
	open, sealed reporting.Stage
	turnout      map[quantity.Date]vote.Count
}

// countPlainly counts motions, row by row, in an area.
func (s *street) countPlainly(area string) plain {
	s.T.Helper()
	db := s.DB.Read(context.Background())
	out := plain{turnout: map[quantity.Date]vote.Count{}}
	var motions []model.Motion
	apitest.Check(s.T, db.Find(&motions).Error)
	for _, m := range motions {
		if !strings.HasPrefix(m.AreaCode, area) || m.Stage != model.StagePublished && m.Stage != model.StageSealed || m.OpensAt.After(s.Now()) {
			continue
		}
		stage := &out.open
		if m.Stage == model.StageSealed {
			stage = &out.sealed
			if stage.Agree == nil {
				stage.Agree = &vote.Count{}
			}
		}
		stage.Motions++
		var voters []model.RollVoter
		var deliveries []model.Delivery
		var visits []model.DoorVisit
		var ballots []model.Ballot
		for _, into := range []any{&voters, &deliveries, &visits, &ballots} {
			apitest.Check(s.T, db.Where("motion_id = ?", m.ID).Find(into).Error)
		}
		reached := map[string]bool{}
		for _, d := range deliveries {
			reached[d.VoterID] = true
		}
		for _, v := range visits {
			reached[v.VoterID] = reached[v.VoterID] || v.Result != model.NobodyHome && v.Result != model.MovedAway
		}
		for _, v := range voters {
			one := vote.Count{Heads: 1, Area: v.Area}
			stage.Roll = stage.Roll.Add(one)
			part := v.Choice != "" && v.Choice != vote.Invalid
			if reached[v.ID] || part || v.Unconfirmed > 0 {
				stage.Reached = stage.Reached.Add(one)
			}
			if !part {
				continue
			}
			stage.Part = stage.Part.Add(one)
			if v.Choice == vote.Agree && stage.Agree != nil {
				*stage.Agree = stage.Agree.Add(one)
			}
			for _, b := range ballots {
				if b.VoterID == v.ID && b.Version == v.CurrentVersion {
					day := quantity.DateOf(b.CastAt)
					out.turnout[day] = out.turnout[day].Add(one)
				}
			}
		}
	}
	return out
}

// holds compares what the overview answers with what is counted by other means.
func (s *street) holds(when string, by *reporting.Service) {
	s.T.Helper()
	ctx := context.Background()
	for _, area := range []string{"520523", apitest.Street, apitest.Street + "001", apitest.Street + "002"} {
		caller := model.Caller{Kind: model.StaffSession, Role: model.RoleCounty, AreaCode: area}
		at, err := by.Area(ctx, caller, area)
		apitest.Check(s.T, err)
		o, err := by.Overview(ctx, at)
		apitest.Check(s.T, err)
		want := s.countPlainly(area)
		maps.DeleteFunc(want.turnout, func(d quantity.Date, _ vote.Count) bool { return d <= quantity.DateOf(s.Now()).AddDays(-30) })
		for _, stage := range []struct {
			name      string
			got, want reporting.Stage
		}{{"open", o.Open, want.open}, {"sealed", o.Sealed, want.sealed}} {
			stage.want.Passed = stage.got.Passed
			got, wanted := stage.got, stage.want
			if fmt.Sprint(got.Agree != nil, got.Motions, got.Roll, got.Reached, got.Part) != fmt.Sprint(wanted.Agree != nil, wanted.Motions, wanted.Roll, wanted.Reached, wanted.Part) ||
				got.Agree != nil && *got.Agree != *wanted.Agree {
				s.T.Errorf("%s, %s, %s: %+v, counted %+v", when, area, stage.name, got, wanted)
			}
		}
		if len(o.Turnout) != len(want.turnout) {
			s.T.Errorf("%s, %s: turnout %v, counted %v", when, area, o.Turnout, want.turnout)
		}
		for _, d := range o.Turnout {
			if want.turnout[d.Day] != d.Count {
				s.T.Errorf("%s, %s: turnout %v, counted %v", when, area, d, want.turnout[d.Day])
			}
		}
		s.casesHold(when, caller, o)
		s.moneyHolds(when, area, o)
		s.renewalHolds(when, area, o)
		s.satisfactionHolds(when, area, o)
	}
}

func (s *street) casesHold(when string, caller model.Caller, o *reporting.Overview) {
	s.T.Helper()
	figures, err := s.Complaints.Figures(context.Background(), caller, complaints.Filter{}, complaints.ByDepartment)
	apitest.Check(s.T, err)
	if len(figures) != len(o.Cases) {
		s.T.Fatalf("%s: %d departments, the cases' own statistics have %d", when, len(o.Cases), len(figures))
	}
	for i, f := range figures {
		want := reporting.Cases{
			Department: f.Part, Label: f.Label, Received: f.Received, InTime: f.InTime, Late: f.Late, Pending: f.Open, Returned: f.Returned,
			Reopened: f.Reopened, Rated: f.Rated, Satisfied: f.Satisfied,
		}
		if o.Cases[i] != want {
			s.T.Errorf("%s, %s: %+v, the cases' own statistics have %+v", when, caller.AreaCode, o.Cases[i], want)
		}
	}
}

func (s *street) moneyHolds(when, area string, o *reporting.Overview) {
	s.T.Helper()
	totals, err := s.Funds.Totals(context.Background(), funds.Filter{Area: area}, funds.BySource)
	apitest.Check(s.T, err)
	in := map[model.Source]quantity.Fen{}
	for _, t := range totals {
		in[model.Source(t.Key)] = t.In
	}
	pledged := s.standingOf(area)
	for _, m := range o.Money[:len(o.Money)-1] {
		if m.Received != in[m.Source] {
			s.T.Errorf("%s, %s: %s received %d, the ledger has %d", when, area, m.Source, m.Received, in[m.Source])
		}
		delete(in, m.Source)
	}
	if whole := o.Money[len(o.Money)-1]; len(in) > 0 || whole.Pledged != pledged {
		s.T.Errorf("%s, %s: pledged %d, counted %d; sources missing %v", when, area, whole.Pledged, pledged, in)
	}
}

// TestTheOverviewIsWhatTheRowsSay does at random what the office and residents
// do, and holds the figures against the rows after each, and for a second
// replica.
func TestTheOverviewIsWhatTheRowsSay(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		r := rand.New(rand.NewPCG(7, uint64(h.Now().UnixNano())))
		replica := &reporting.Service{
			DB: h.DB, Vault: h.Vault, Audit: h.Audit, Voting: h.Voting, Complaints: h.Complaints, Surveys: h.Surveys, Funds: h.Funds, Safety: h.Safety, Now: h.Now, Projects: h.Projects,
		}
		s.holds("at the start", h.Reporting)
		motions := map[string][]any{}
		var order []string
		for _, estate := range []string{"临江花园", "东门新村", "石岭小区"} {
			m := s.put(estate, map[string]any{"paper_check": "single", "kind": "ordinary", "closes_at": h.Now().Add(40 * 24 * time.Hour), "count_until": h.Now().Add(41 * 24 * time.Hour)})
			motions[m], order = s.voters(m), append(order, m)
		}
		var cases []string
		_, home := homeOf(motions[order[0]][0])
		owner := s.bind("owner", home, "owner")
		lift, homes := moneyOf(s, "供电局家属院"), s.homesIn("石岭小区")
		survey := s.survey("石岭小区", map[string]any{"closes_at": h.Now().Add(40 * 24 * time.Hour)})
		for round := range 4 {
			for _, m := range order {
				s.someDoors(r, m, motions[m])
			}
			cases = append(cases, s.someCases(r, cases)...)
			cases = append(cases, s.reopened(owner))
			s.someMoney(r, round)
			s.someRenewals(r, round)
			survey = s.someAnswers(r, survey, homes)
			lift.somePromises(r, round)
			s.holds(fmt.Sprint("round ", round), h.Reporting)
			s.holds(fmt.Sprint("round ", round, ", elsewhere"), replica)
			h.Wait(time.Duration(1+r.IntN(60)) * time.Hour)
			s.clerk = h.Staff(model.RoleStreet, apitest.Street)
		}
		s.Post(s.clerk, "/api/v1/staff/motions/"+order[0]+"/close", map[string]any{"reason": "提前"}).Want(200)
		s.Post(s.clerk, "/api/v1/staff/motions/"+order[1]+"/cancel", map[string]any{"reason": "重来"}).Want(200)
		s.holds("sealed and cancelled", h.Reporting)
		h.Wait(60 * 24 * time.Hour)
		apitest.Check(t, h.Voting.SealDue(context.Background()))
		s.holds("late", h.Reporting)
		apitest.Check(t, store.Tx(context.Background(), h.DB, func(tx *gorm.DB) error {
			return errors.Join(tx.Exec("UPDATE motion_figures SET reached_heads = 0, part_heads = 1").Error, tx.Exec("UPDATE estate_figures SET due = 1 - due, renewed_on = ''").Error)
		}))
		apitest.Check(t, h.Reporting.Rebuild(context.Background()))
		s.holds("rebuilt", h.Reporting)
		s.holds("rebuilt, elsewhere", replica)
	})
}

func (s *street) someDoors(r *rand.Rand, motion string, voters []any) {
	staff := "/api/v1/staff/motions/" + motion
	for range 8 {
		id, _ := homeOf(voters[r.IntN(len(voters))])
		switch r.IntN(4) {
		case 0:
			s.Post(s.clerk, staff+"/voters/"+id+"/visits", map[string]any{"result": []string{"met", "nobody_home", "moved", "refused"}[r.IntN(4)]}).Want(201)
		case 1:
			s.Post(s.clerk, staff+"/voters/"+id+"/deliveries", map[string]any{"way": "handed"}).Want(201)
		default:
			body := map[string]any{"channel": "paper", "choice": []string{"agree", "oppose", "abstain", "invalid"}[r.IntN(4)], "signed_on": s.today(), "reason": "更正"}
			if body["choice"] == "invalid" {
				body["invalid_reason"] = "unsigned"
			}
			s.Put(s.clerk, staff+"/ballots/"+id, body).Want(200)
		}
	}
}

// someCases files some, moves others, and has one taken up again.
func (s *street) someCases(r *rand.Rand, earlier []string) (filed []string) {
	for _, estate := range []string{"临江花园", "石岭小区"} {
		for range 1 + r.IntN(3) {
			filed = append(filed, s.Post(s.clerk, "/api/v1/staff/complaints", map[string]any{
				"text": []string{"水管漏水", "电梯故障", "邻居噪声", "路灯不亮"}[r.IntN(4)], "estate_id": s.estates[estate],
			}).Want(201).Text("id"))
		}
	}
	for _, id := range earlier {
		for _, step := range []string{"accept", "assign", "take", "answer", "call-back", "archive"} {
			if r.IntN(3) == 0 {
				break
			}
			a := s.Post(s.clerk, "/api/v1/staff/complaints/"+id+"/"+step, map[string]any{"text": "办理", "result": "unresolved"})
			if a.Status != http.StatusOK && a.Status != http.StatusConflict && a.Status != http.StatusForbidden {
				s.T.Fatalf("%s: %d %s", step, a.Status, a.Raw)
			}
		}
	}
	return filed
}

// reopened is a case that a resident had taken up again.
func (s *street) reopened(owner string) string {
	id := s.Post(owner, "/api/v1/complaints", map[string]any{"text": "台阶开裂", "estate_id": s.estates["临江花园"], "contact": "none"}).Want(201).Text("id")
	for _, step := range []string{"accept", "assign"} {
		s.Post(s.clerk, "/api/v1/staff/complaints/"+id+"/"+step, map[string]any{"text": "办理", "department": "street"}).Want(200)
	}
	for _, step := range []string{"take", "answer"} {
		s.Post(s.clerk, "/api/v1/staff/complaints/"+id+"/"+step, map[string]any{"text": "办理"}).Want(200)
	}
	s.holds("answered", s.Reporting)
	s.Post(owner, "/api/v1/complaints/"+id+"/reopen", map[string]any{"reason": "没修好"}).Want(200)
	return id
}

func (s *street) someMoney(r *rand.Rand, round int) {
	homes := s.homesIn("临江花园")
	home := homes[r.IntN(len(homes))]["property_id"]
	made := s.Post(s.clerk, pledges, map[string]any{
		"purpose": map[string]any{"type": "estate", "id": s.estates["临江花园"]}, "contributor": map[string]any{"type": "household", "property_id": home},
		"source": []string{"cash", "hpf", "donation"}[r.IntN(3)], "amount_fen": 1 + r.IntN(100_000),
	})
	if made.Status != http.StatusCreated {
		return // that home has pledged
	}
	id := made.Text("id")
	if r.IntN(3) == 0 {
		s.Post(s.clerk, pledges+"/"+id+"/withdraw", map[string]any{"reason": "不认了"})
		return
	}
	receipt := s.Post(s.clerk, pledges+"/"+id+"/receipts", map[string]any{"amount_fen": 1, "received_on": s.today(), "reference": fmt.Sprint(round)}).Want(201).Text("id")
	other := s.Staff(model.RoleStreet, apitest.Street)
	if r.IntN(3) > 0 {
		s.Post(other, "/api/v1/staff/receipts/"+receipt+"/check", nil).Want(200)
	}
}

// TestTheFirstPageSaysNothingOfChoices asks for it as each role, before the
// seal and after.
func TestTheFirstPageSaysNothingOfChoices(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		motion := s.put("临江花园", map[string]any{"live_tally": "full"})
		voter, home := homeOf(s.voters(motion)[0])
		s.Put(s.bind("owner", home, "tenant"), "/api/v1/motions/"+motion+"/ballots/"+voter, map[string]any{"choice": "agree"}).Want(200)
		community := apitest.Street + "001"
		county := h.Staff(model.RoleCounty, "520523")
		for _, ask := range []struct{ token, area string }{{s.clerk, ""}, {s.clerk, community}, {county, ""}, {county, apitest.Street}, {h.Staff(model.RoleCommunity, community), ""}} {
			page := s.Get(ask.token, "/api/v1/staff/overview?area="+ask.area).Want(200)
			if page.Number("open", "participating", "heads") != 1 || page.Number("motions", 0, "participating", "heads") != 1 || page.Number("turnout", 0, "heads") != 1 {
				t.Errorf("%s", page.Raw)
			}
			if page.At("open", "agree") != nil || page.At("motions", 0, "agree") != nil || page.At("motions", 0, "outcome") != nil || page.At("motions", 0, "missing_to_pass") != nil {
				t.Errorf("before the seal: %s", page.Raw)
			}
			if page.Text("estates", 0, "motion_id") != motion || page.Number("estates", 0, "missing_for_quorum", "heads") < 1 {
				t.Errorf("nearest: %s", page.Raw)
			}
			for _, word := range []string{"某人", "owners_masked", "phone", "voter_id", home} {
				if strings.Contains(string(page.Raw), word) {
					t.Errorf("the first page holds %s: %s", word, page.Raw)
				}
			}
		}
		for _, elsewhere := range []string{"520523001", "520523001002", "520523", "52", "520524", "520523001999", "%"} {
			s.Get(h.Staff(model.RoleCommunity, community), "/api/v1/staff/overview?area="+url.QueryEscape(elsewhere)).Code(404, "not_found")
		}
		if other := s.Get(s.clerk, "/api/v1/staff/overview?area="+apitest.Street+"002").Want(200); other.Number("open", "motions") != 0 || len(other.Items("motions")) != 0 {
			t.Errorf("next door: %s", other.Raw)
		}
		s.Get(county, "/api/v1/staff/overview/days?area=520523001&from=yesterday").Code(422, "invalid_request")
		h.Wait(25 * time.Hour)
		apitest.Check(t, h.Voting.SealDue(context.Background()))
		s.daysAreKeptOnce(h)
		s.clerk = h.Staff(model.RoleStreet, apitest.Street)
		page := s.Get(s.clerk, "/api/v1/staff/overview").Want(200)
		if page.Number("sealed", "agree", "heads") != 1 || page.Text("motions", 0, "outcome") != "not_passed" || page.Number("estates", 0, "missing_to_pass", "heads") < 1 {
			t.Errorf("after the seal: %s", page.Raw)
		}
	})
}

// daysAreKeptOnce has two replicas keep the day, twice.
func (s *street) daysAreKeptOnce(h *apitest.House) {
	s.T.Helper()
	replica := &reporting.Service{
		DB: h.DB, Vault: h.Vault, Audit: h.Audit, Voting: h.Voting, Complaints: h.Complaints, Surveys: h.Surveys, Funds: h.Funds, Safety: h.Safety, Now: h.Now, Projects: h.Projects,
	}
	for range 2 {
		apitest.Check(s.T, h.Reporting.KeepDay(context.Background()))
		apitest.Check(s.T, replica.KeepDay(context.Background()))
	}
	county := h.Staff(model.RoleCounty, "520523")
	for _, area := range []string{"520523", apitest.Street, apitest.Street + "001"} {
		days := s.Get(county, "/api/v1/staff/overview/days?area="+area).Want(200)
		if days.Number("total") != 1 || days.Text("items", 0, "day") != string(quantity.DateOf(h.Now()).AddDays(-1)) || days.Number("items", 0, "sealed", "participating", "heads") != 1 {
			s.T.Errorf("%s: %s", area, days.Raw)
		}
	}
	if n := s.count("SELECT COUNT(*) FROM overview_days"); n != s.count("SELECT COUNT(*) FROM areas") {
		s.T.Errorf("%d days are kept", n)
	}
}
