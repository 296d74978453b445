package journey

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"gongdi/api/apitest"
	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/opinion"
	"gongdi/model/rule/project"
	"gongdi/service/reporting"
)

// renewalHolds counts 应改造户数累计完成率 estate by estate, each row looked at alone.
func (s *street) renewalHolds(when, area string, o *reporting.Overview) {
	s.T.Helper()
	db := s.DB.Read(s.T.Context())
	var estates []model.Estate
	apitest.Check(s.T, db.Find(&estates).Error)
	var want reporting.Progress
	for _, e := range estates {
		if !strings.HasPrefix(e.AreaCode, area) {
			continue
		}
		var homes []model.Property
		apitest.Check(s.T, db.Where("estate_id = ?", e.ID).Find(&homes).Error)
		dwellings := int64(0)
		for _, h := range homes {
			if h.Use == "" || h.Use == model.UseResidential || h.Use == model.UseMixed {
				dwellings++
			}
		}
		entered, accepted := s.stepsDone(e.ID)
		out := entered && !accepted && s.foundOf(e, "excluded") || !entered && (s.foundOf(e, "excluded") || s.foundOf(e, "ineligible"))
		if out {
			continue
		}
		want.Estates, want.Households = want.Estates+1, want.Households+dwellings
		if accepted {
			want.DoneEstates, want.DoneHouseholds = want.DoneEstates+1, want.DoneHouseholds+dwellings
		}
	}
	if o.Done != want {
		s.T.Errorf("%s, %s: renewed %+v, counted %+v", when, area, o.Done, want)
	}
}

// foundOf says whether something speaks against an estate: as of an excluded
// kind, or as one that does not meet a condition.
func (s *street) foundOf(e model.Estate, what string) bool {
	s.T.Helper()
	db := s.DB.Read(s.T.Context())
	var found []model.EstateFinding
	apitest.Check(s.T, db.Where("estate_id = ?", e.ID).Find(&found).Error)
	if what == "excluded" {
		return slices.ContainsFunc(found, func(f model.EstateFinding) bool {
			return f.Answer == project.Yes && slices.Contains([]project.Aspect{"shanty_town", "rebuilding", "self_built", "urban_village"}, f.Aspect)
		})
	}
	var cases []model.Complaint
	apitest.Check(s.T, db.Where("estate_id = ?", e.ID).Find(&cases).Error)
	spoke := 0
	for _, c := range cases {
		if !c.FiledAt.Before(s.Now().AddDate(-1, 0, 0)) && (c.Kind == "complaint" || c.Kind == "help") && c.Status != "refused" && c.Status != "merged" {
			spoke++
		}
	}
	return e.BuiltYear != nil && *e.BuiltYear > 2000 || slices.ContainsFunc(found, func(f model.EstateFinding) bool {
		return f.Answer == project.No && (slices.Contains([]project.Aspect{"poor_conditions", "facilities_missing", "worn", "management_missing"}, f.Aspect) ||
			f.Aspect == "strong_complaints" && spoke < 3)
	})
}

// stepsDone says whether a project of an estate began with it found eligible,
// and whether one was accepted and handed over.
func (s *street) stepsDone(estateID string) (entered, accepted bool) {
	s.T.Helper()
	var projects []model.Project
	apitest.Check(s.T, s.DB.Read(s.T.Context()).Where("estate_id = ?", estateID).Find(&projects).Error)
	for _, p := range projects {
		var steps []model.ProjectStep
		apitest.Check(s.T, s.DB.Read(s.T.Context()).Where("project_id = ?", p.ID).Find(&steps).Error)
		for _, step := range steps {
			accepted = accepted || step.Step == "acceptance"
			entered = entered || step.Step == "survey" && !strings.Contains(fmt.Sprint(step.Lacked), "eligibility")
		}
	}
	return entered, accepted
}

// someRenewals finds things of estates at random, corrects their year, and has
// the county let projects pass.
func (s *street) someRenewals(r *rand.Rand, round int) {
	s.T.Helper()
	county := s.Staff(model.RoleCounty, "520523")
	for _, estate := range []string{"临江花园", "东门新村", "石岭小区"} {
		path := "/api/v1/staff/estates/" + s.estates[estate]
		if r.IntN(3) == 0 {
			s.Do(http.MethodPatch, s.clerk, path, map[string]any{"built_year": []int{1985, 2000, 2001}[r.IntN(3)], "reason": "档案"}).Want(200)
		}
		var found []map[string]any
		for _, f := range findings() {
			switch r.IntN(12) {
			case 0, 1:
				f["answer"] = "unknown"
			case 2:
				f["answer"] = []string{"yes", "no"}[r.IntN(2)]
			}
			if r.IntN(2) == 0 {
				found = append(found, f)
			}
		}
		if len(found) > 0 {
			s.Put(s.clerk, path+"/findings", map[string]any{"findings": found}).Want(200)
		}
		if r.IntN(2) == 0 {
			continue
		}
		p := s.Post(s.clerk, projects, s.renewal(map[string]any{"estate_id": s.estates[estate], "batch_year": 2021 + round})).Want(201).Text("id")
		for _, step := range project.Steps[:1+r.IntN(len(project.Steps))] {
			s.Post(county, projects+"/"+p+"/steps/"+string(step)+"/complete", map[string]any{"pass_reason": "系统启用以前已完成"}).Want(200)
		}
	}
}

// satisfactionHolds counts the answers to each round's question of satisfaction
// as they are written, with their round by the chain of surveys.
func (s *street) satisfactionHolds(when, area string, o *reporting.Overview) {
	s.T.Helper()
	db := s.DB.Read(s.T.Context())
	var surveys []model.Survey
	apitest.Check(s.T, db.Order("created_at DESC, id DESC").Find(&surveys).Error)
	follows := map[string]string{}
	for _, v := range surveys {
		follows[v.ID] = v.FollowsID
	}
	n := 0
	for _, v := range surveys {
		if v.Stage != model.SurveyPublished || !strings.HasPrefix(v.AreaCode, area) || n == 6 {
			continue
		}
		if n == len(o.Satisfaction) {
			s.T.Fatalf("%s, %s: %s is missing of %d rounds", when, area, v.Title, n)
		}
		got := o.Satisfaction[n]
		n++
		round := 0
		for at := v.ID; at != ""; at = follows[at] {
			round++
		}
		var responses []model.SurveyResponse
		apitest.Check(s.T, db.Where("survey_id = ?", v.ID).Find(&responses).Error)
		var grades [5]int64
		valid, score := int64(0), int64(0)
		for _, one := range responses {
			var answers struct{ S string }
			apitest.Check(s.T, json.Unmarshal([]byte(one.Answers), &answers))
			if i := slices.Index([]string{"very_satisfied", "satisfied", "fairly", "dissatisfied", "very_dissatisfied"}, answers.S); i >= 0 {
				grades[i]++
				valid++
				score += 100 - 20*int64(i)
			}
		}
		q := got.Questions[0]
		if got.SurveyID != v.ID || got.Round != round || got.Results.Responses != int64(len(responses)) || q.Valid != valid || q.Unknown != int64(len(responses))-valid {
			s.T.Errorf("%s, %s: %s, round %d, %d valid of %d; counted round %d, %d of %d", when, area, got.Title, got.Round, q.Valid, got.Results.Responses, round, valid, len(responses))
		}
		for i, c := range q.Counts[:5] {
			if c.N != grades[i] {
				s.T.Errorf("%s, %s: %s %d, counted %d", when, area, c.Code, c.N, grades[i])
			}
		}
		content := grades[0] + grades[1]
		if v.FairlyCounts {
			content += grades[2]
		}
		if valid > 0 && (*q.Rate != opinion.Round(content*10_000, valid) || *q.Score != opinion.Round(score*100, valid)) {
			s.T.Errorf("%s, %s: rate %d, score %d of %v", when, area, *q.Rate, *q.Score, grades)
		}
	}
	if n != len(o.Satisfaction) {
		s.T.Errorf("%s, %s: %d rounds, counted %d", when, area, len(o.Satisfaction), n)
	}
}

// someAnswers enters answers at random and corrects earlier ones; now and then
// the round ends and the next begins.
func (s *street) someAnswers(r *rand.Rand, survey string, homes []map[string]any) string {
	s.T.Helper()
	at := "/api/v1/staff/surveys/"
	for range 4 {
		grade := []string{"very_satisfied", "satisfied", "fairly", "dissatisfied", "very_dissatisfied", "unknown"}[r.IntN(6)]
		s.Put(s.clerk, at+survey+"/responses/"+homes[r.IntN(len(homes))]["property_id"].(string), map[string]any{"visit": "answered", "answers": map[string]any{"s": grade}}).Want(200)
	}
	if r.IntN(2) == 0 {
		return survey
	}
	s.Post(s.clerk, at+survey+"/close", nil).Want(200)
	next := s.Post(s.clerk, at+survey+"/copy", nil).Want(201).Text("id")
	s.Post(s.clerk, at+next+"/publish", nil).Want(200)
	return next
}

// standingOf adds up the pledges of an area that stand, one by one, as each
// says of itself: not those that are withdrawn, have lapsed or were given back.
func (s *street) standingOf(area string) (pledged quantity.Fen) {
	s.T.Helper()
	var all []model.Pledge
	apitest.Check(s.T, s.DB.Read(s.T.Context()).Find(&all).Error)
	clerk := s.Staff(model.RoleStreet, apitest.Street)
	for _, p := range all {
		if !strings.HasPrefix(p.AreaCode, area) {
			continue
		}
		one := s.Get(clerk, pledges+"/"+p.ID).Want(200)
		if !slices.Contains([]string{"withdrawn", "lapsed", "refunded"}, one.Text("status")) {
			pledged += quantity.Fen(one.Number("amount_fen"))
		}
	}
	return pledged
}

// somePromises has homes of a lift's stairwell pledge under conditions, and
// then, round by round, the variant change, the owners refuse it, and another
// be withdrawn: each ends pledges without a word of those who made them.
func (m *money) somePromises(r *rand.Rand, round int) {
	m.T.Helper()
	version := min(round+1, 2)
	if round == 1 {
		revised := m.variant(map[string]any{"reason": "概算调整", "cost_fen": 44000000})
		delete(revised, "unit_id")
		m.Put(m.clerk, lifts+"/"+m.plan, revised).Want(200)
	}
	if round == 3 {
		m.Post(m.clerk, lifts+"/"+m.plan+"/withdraw", map[string]any{"reason": "不装了"}).Want(204)
		return
	}
	for i := range m.homes {
		body := map[string]any{"plan_version": version, "sources": []any{source([]string{"cash", "hpf"}[r.IntN(2)], 1+r.IntN(1_000_000))}}
		if r.IntN(2) == 0 {
			body["only_if"] = []map[string]any{{"max_fen": 1}, {"max_fen": 100_000_000}, {"min_homes": 2}, {"min_homes": 200}}[r.IntN(4)]
		}
		m.pledge(i, body)
	}
	if round == 2 {
		m.ballot(m.owners, "oppose", func(vote apitest.Answer) {
			m.Put(m.clerk, lifts+"/"+m.plan+"/motion", map[string]any{"motion_id": vote.Text("id")}).Want(204)
		})
	}
}

// TestWhatTheOfficeFindsDecidesWhichHomesAreToBeRenewed leads one estate into
// 应改造户数 and out of it again, and to its completion.
func TestWhatTheOfficeFindsDecidesWhichHomesAreToBeRenewed(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		const estate = "临江花园"
		at, home := "/api/v1/staff/estates/"+s.estates[estate], s.stairwell(estate).home(0)
		all := s.Get(s.clerk, "/api/v1/staff/overview").Want(200).Number("renovation", "estates")
		counted := func(when string, in bool, done float64) {
			t.Helper()
			want := all
			if !in {
				want--
			}
			s.clerk = h.Staff(model.RoleStreet, apitest.Street)
			got := s.Get(s.clerk, "/api/v1/staff/overview").Want(200)
			if got.Number("renovation", "estates") != want || got.Number("renovation", "done_estates") != done || (got.Number("renovation", "done_percent") > 0) != (done > 0) {
				t.Errorf("%s: want %v of %v: %v", when, done, want, got.At("renovation"))
			}
		}
		find := func(aspect, answer string) {
			t.Helper()
			s.Put(s.clerk, at+"/findings", map[string]any{"findings": []map[string]any{{"aspect": aspect, "answer": answer, "words": "复核"}}}).Want(200)
		}
		built := func(year int) {
			t.Helper()
			s.Do(http.MethodPatch, s.clerk, at, map[string]any{"built_year": year, "reason": "档案"}).Want(200)
		}
		if all != float64(len(s.estates)) {
			t.Errorf("before anybody looked: %v", all)
		}
		built(2001)
		counted("too young", false, 0)
		built(1995)
		find("worn", "yes")
		counted("looked at in part", true, 0)
		s.qualify(estate)
		find("strong_complaints", "no")
		counted("nobody complains", false, 0)
		owner := s.bind("complainer", home, "owner")
		for _, text := range []string{"台阶开裂", "水管漏水", "路灯不亮"} {
			s.Post(owner, "/api/v1/complaints", map[string]any{"text": text, "estate_id": s.estates[estate], "contact": "none"}).Want(201)
		}
		counted("three cases", true, 0)
		h.Wait(366 * 24 * time.Hour)
		counted("a year later", false, 0)
		find("strong_complaints", "yes")
		find("urban_village", "yes")
		counted("of an excluded kind", false, 0)
		find("urban_village", "no")

		s.Do(http.MethodPatch, s.clerk, at, map[string]any{"accepted_on": s.day(-40), "reason": "档案"}).Want(200)
		counted("a day without a project", true, 0)
		county := h.Staff(model.RoleCounty, "520523")
		project := projects + "/" + s.Post(s.clerk, projects, s.renewal(map[string]any{"estate_id": s.estates[estate]})).Want(201).Text("id")
		pass := func(step string) {
			t.Helper()
			s.Post(county, project+"/steps/"+step+"/complete", map[string]any{"pass_reason": "系统启用以前已完成"}).Want(200)
		}
		pass("survey")
		counted("its project has begun", true, 0)
		find("poor_conditions", "no")
		counted("found eligible when its project began", true, 0)
		pass("design")
		pass("construction")
		s.Put(s.clerk, project+"/acceptance", map[string]any{"on": s.day(-35), "result": "qualified", "reported_on": s.day(-30), "handed_over_on": s.day(-30), "receiver": "城建办"}).Want(200)
		counted("accepted, the step not completed", true, 0)
		pass("acceptance")
		counted("accepted and handed over", true, 1)
		find("shanty_town", "yes")
		counted("renewed before it was excluded", true, 1)
		for month, want := range map[string][2]string{s.day(-35)[:7]: {"1", "1"}, s.day(-70)[:7]: {"0", "0"}} {
			book := s.sheetOf(s.Get(s.clerk, "/api/v1/staff/reports/monthly.xlsx?month="+month).Want(200).Raw, "统计指标")
			if got := book["完工小区"]; len(got) < 2 || got[len(got)-2] != want[0] || got[len(got)-1] != want[1] {
				t.Errorf("%s: %v", month, got)
			}
		}

		stricter := *h.Projects
		stricter.BuiltUntil = 1980
		elsewhere := &reporting.Service{
			DB: h.DB, Vault: h.Vault, Audit: h.Audit, Voting: h.Voting, Complaints: h.Complaints, Surveys: h.Surveys, Funds: h.Funds, Safety: h.Safety, Now: h.Now, Projects: &stricter,
		}
		street := model.Caller{Kind: model.StaffSession, Role: model.RoleStreet, AreaCode: apitest.Street}
		area, err := elsewhere.Area(t.Context(), street, apitest.Street)
		apitest.Check(t, err)
		o, err := elsewhere.Overview(t.Context(), area)
		apitest.Check(t, err)
		var known int64
		for _, e := range estatesOf(t, h) {
			if e.BuiltYear == nil || *e.BuiltYear <= 1980 || e.ID == s.estates[estate] {
				known++
			}
		}
		if o.Done.Estates != known || o.Done.DoneEstates != 1 {
			t.Errorf("until 1980: %+v, want %d", o.Done, known)
		}
		counted("by the settings again", true, 1)
	})
}

func estatesOf(t *testing.T, h *apitest.House) (all []model.Estate) {
	t.Helper()
	apitest.Check(t, h.DB.Read(t.Context()).Find(&all).Error)
	return all
}

// sheetOf are the rows of a sheet by their first cell.
func (s *street) sheetOf(raw []byte, sheet string) map[string][]string {
	s.T.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(raw))
	apitest.Check(s.T, err)
	rows, err := book.GetRows(sheet)
	apitest.Check(s.T, err)
	out := map[string][]string{}
	for _, row := range rows {
		if len(row) > 0 {
			out[row[0]] = row
		}
	}
	return out
}
