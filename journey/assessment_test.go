package journey

import (
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"gongdi/api/apitest"
	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/complaint"
	"gongdi/service/identity"
	"gongdi/service/store"
)

const assessments = "/api/v1/staff/assessments/"

func today(h *apitest.House) string { return string(quantity.DateOf(h.Now())) }

// lastMonth is the month before the house's now: its name, and its first and
// last instant.
func lastMonth(h *apitest.House) (name string, from, until time.Time) {
	now := h.Now().In(quantity.Shanghai)
	until = time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, quantity.Shanghai)
	from = until.AddDate(0, -1, 0)
	return from.Format("2006-01"), from.UTC(), until.UTC()
}

// yearOf writes what an office leaves behind in some months, by lot.
type yearOf struct {
	*street
	random      *rand.Rand
	from, until time.Time
}

func (y *yearOf) instant() time.Time {
	begin, span := y.from.AddDate(0, -1, 0), y.until.Sub(y.from)*2
	return begin.Add(time.Duration(y.random.Int64N(int64(span)))).UTC().Truncate(time.Millisecond)
}

var (
	someUnits   = []string{"water", "market_regulation", "street", "urban_management"}
	communities = []string{apitest.Street + "001", apitest.Street + "007", apitest.Street + "008"}
)

func (y *yearOf) write(tx *gorm.DB) error {
	for i, code := range communities[1:] {
		if err := tx.Create(&model.Area{Code: code, Name: fmt.Sprintf("测试%d社区", i+2), Type: model.Community, Parent: apitest.Street, CreatedAt: y.from}).Error; err != nil {
			return err
		}
	}
	for i := range 300 {
		if err := y.file(tx, i); err != nil {
			return err
		}
	}
	for i := range 12 {
		if err := y.vote(tx, i); err != nil {
			return err
		}
	}
	for i := range 15 {
		if err := y.build(tx, i); err != nil {
			return err
		}
	}
	return nil
}

// build plans milestones of a project and has some of them come, early and late.
func (y *yearOf) build(tx *gorm.DB, i int) error {
	r := y.random
	p := model.Project{
		ID: store.NewID(), Number: fmt.Sprintf("p-%d", i), BatchYear: 2026, EstateID: store.NewID(), AreaCode: communities[r.IntN(3)], Party: append(someUnits, "")[r.IntN(5)], CreatedAt: y.from, UpdatedAt: y.from,
	}
	if err := tx.Create(&p).Error; err != nil {
		return err
	}
	for _, m := range model.Milestones {
		d := model.ProjectDate{ProjectID: p.ID, Milestone: m.Milestone}
		if r.IntN(5) > 0 {
			d.Planned = quantity.DateOf(y.instant())
		}
		if r.IntN(3) > 0 {
			d.Actual = quantity.DateOf(y.instant())
		}
		if err := tx.Create(&d).Error; err != nil {
			return err
		}
	}
	return nil
}

func (y *yearOf) file(tx *gorm.DB, i int) error {
	r, at := y.random, y.instant()
	c := model.Complaint{
		ID: store.NewID(), Number: fmt.Sprintf("99%07d", i), AreaCode: append(communities, apitest.Street)[r.IntN(4)], Kind: model.Complaining, Channel: model.ByCall,
		CategoryCode: "other", DepartmentCode: someUnits[r.IntN(4)], DepartmentName: "某", Status: complaint.States[r.IntN(len(complaint.States))],
		FiledAt: at, DueFrom: at, AcceptDueAt: at, FirstDueAt: at, DueAt: at.Add(time.Duration(r.IntN(200)) * time.Hour), FiledMonth: string(quantity.DateOf(at))[:7], UpdatedAt: at,
		Reopened: r.IntN(3) / 2,
	}
	if c.Reopened > 0 || r.IntN(3) > 0 {
		answered := at.Add(time.Duration(r.IntN(200)) * time.Hour)
		c.AnsweredAt, c.Stars = &answered, r.IntN(6)
		c.CallBack = []model.CallBackResult{model.NotCalledBack, model.CalledSettled, model.CalledNobody}[r.IntN(3)]
	}
	if err := tx.Create(&c).Error; err != nil {
		return err
	}
	for number, step := range []complaint.Step{complaint.Assign, complaint.Return, complaint.Assign}[:r.IntN(4)] {
		s := model.ComplaintStep{ID: store.NewID(), ComplaintID: c.ID, Number: number + 1, Step: step, Status: c.Status, DepartmentCode: someUnits[r.IntN(2)], At: y.instant()}
		if err := tx.Create(&s).Error; err != nil {
			return err
		}
	}
	return nil
}

const (
	aMotion = `INSERT INTO motions (id, area_code, estate_id, scope_type, scope_id, scope_label, kind, subject, convener, title, body, items, include_uses, quorum_num, quorum_den,
approval_num, approval_den, agree_base, live_tally, paper_check, opens_at, closes_at, count_until, stage, closed_early, roll_digest, roll_heads, roll_area, roll_incomplete,
created_by, created_at, updated_at) VALUES (@id, @area, 'e', 'estate', 'e', '', 'willingness', 'other', '', '表决', '', '', '', 2, 3, 2, 3, '', 'participation', 'single',
@at, @at, @at, @stage, 0, '', 0, 0, 0, '', @at, @at)`
	aVoter = `INSERT INTO roll_voters (motion_id, id, position, ref, building, unit, owners_masked, area, incomplete, choice, channel, invalid_reason, by_owner, version,
current_version, open_conflict, unconfirmed) VALUES (@motion, @id, @position, '', '1栋', '1单元', '', 8000, 0, @choice, '', '', 0, 0, 0, 0, 0)`
)

func (y *yearOf) vote(tx *gorm.DB, i int) error {
	r, id := y.random, fmt.Sprintf("motion%020d", i)
	stage := []string{"draft", "published", "sealed", "cancelled"}[r.IntN(4)]
	if err := tx.Exec(aMotion, map[string]any{"id": id, "area": communities[r.IntN(3)], "at": y.instant(), "stage": stage}).Error; err != nil {
		return err
	}
	for n := range 5 + r.IntN(20) {
		voter := store.NewID()
		choice := []string{"", "", "agree", "oppose", "abstain", "invalid"}[r.IntN(6)]
		if err := tx.Exec(aVoter, map[string]any{"motion": id, "id": voter, "position": n, "choice": choice}).Error; err != nil {
			return err
		}
		if r.IntN(3) == 0 {
			if err := tx.Create(&model.Delivery{ID: store.NewID(), MotionID: id, VoterID: voter, Way: model.Opened, At: y.from}).Error; err != nil {
				return err
			}
		}
		if r.IntN(4) == 0 {
			if err := tx.Create(&model.DoorVisit{ID: store.NewID(), MotionID: id, VoterID: voter, Result: "met", StaffID: "s", At: y.from}).Error; err != nil {
				return err
			}
		}
	}
	return nil
}

// pair is so many of so many.
type pair struct{ num, den int64 }

func (p *pair) count(in bool) {
	p.den++
	if in {
		p.num++
	}
}

// recount reads every row and counts it by hand: the second implementation.
func (y *yearOf) recount() map[string]map[string]*pair {
	out := map[string]map[string]*pair{}
	at := func(code, unit string) *pair {
		if out[code] == nil {
			out[code] = map[string]*pair{}
		}
		if out[code][unit] == nil {
			out[code][unit] = &pair{}
		}
		return out[code][unit]
	}
	within := func(t time.Time) bool { return !t.Before(y.from) && t.Before(y.until) }
	db := y.DB.Read(y.T.Context())
	var cases []model.Complaint
	var steps []model.ComplaintStep
	apitest.Check(y.T, db.Raw("SELECT * FROM complaints").Scan(&cases).Error)
	apitest.Check(y.T, db.Raw("SELECT * FROM complaint_steps").Scan(&steps).Error)
	for _, c := range cases {
		if !within(c.FiledAt) {
			continue
		}
		for _, unit := range []string{c.AreaCode, c.DepartmentCode} {
			open := c.Status.Open()
			switch {
			case open && y.Now().After(c.DueAt):
				at("cases_in_time", unit).count(false)
			case !open && c.AnsweredAt != nil:
				at("cases_in_time", unit).count(!c.AnsweredAt.After(c.DueAt))
			}
			if c.Stars > 0 {
				at("cases_satisfied", unit).count(c.Stars >= 4)
			}
			if c.AnsweredAt != nil {
				at("cases_first_time", unit).count(c.Reopened == 0)
			}
			if c.AnsweredAt != nil && !open {
				at("cases_called_back", unit).count(c.CallBack != "")
			}
		}
	}
	given := map[[2]string]bool{}
	for _, s := range steps {
		if s.Step == complaint.Assign && within(s.At) {
			given[[2]string{s.DepartmentCode, s.ComplaintID}] = true
		}
	}
	for key := range given {
		at("cases_kept", key[0]).count(!slices.ContainsFunc(steps, func(s model.ComplaintStep) bool {
			return s.Step == complaint.Return && s.ComplaintID == key[1] && s.DepartmentCode == key[0] && within(s.At)
		}))
	}
	y.recountVotes(within, at)
	var projects []model.Project
	var dates []model.ProjectDate
	apitest.Check(y.T, errors.Join(db.Find(&projects).Error, db.Find(&dates).Error))
	for _, p := range projects {
		for _, d := range dates {
			if d.ProjectID != p.ID || d.Planned == "" || !within(d.Planned.Start()) || d.Actual == "" && !d.Planned.AddDays(1).Start().Before(y.Now()) {
				continue
			}
			inTime := d.Actual != "" && !d.Actual.Start().After(d.Planned.Start())
			at("project_progress", p.AreaCode).count(inTime)
			if p.Party != "" {
				at("project_progress", p.Party).count(inTime)
			}
		}
	}
	return out
}

func (y *yearOf) recountVotes(within func(time.Time) bool, at func(code, unit string) *pair) {
	db := y.DB.Read(y.T.Context())
	var motions []struct {
		ID, AreaCode, Stage string
		ClosesAt            time.Time
	}
	apitest.Check(y.T, db.Raw("SELECT id, area_code, stage, closes_at FROM motions").Scan(&motions).Error)
	for _, m := range motions {
		if m.Stage != "published" && m.Stage != "sealed" || !within(m.ClosesAt) {
			continue
		}
		var voters []struct{ ID, Choice string }
		var reached []string
		apitest.Check(y.T, db.Raw("SELECT id, choice FROM roll_voters WHERE motion_id = ?", m.ID).Scan(&voters).Error)
		apitest.Check(y.T, db.Raw("SELECT voter_id FROM deliveries WHERE motion_id = ? UNION SELECT voter_id FROM door_visits WHERE motion_id = ?", m.ID, m.ID).Scan(&reached).Error)
		for _, v := range voters {
			at("motion_participation", m.AreaCode).count(v.Choice != "" && v.Choice != "invalid")
			at("doors_reached", m.AreaCode).count(v.Choice != "" || slices.Contains(reached, v.ID))
		}
	}
}

func TestEveryFigureOfAnAssessmentIsCountedFromTheRows(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		name, from, until := lastMonth(h)
		seed := uint64(time.Now().UnixNano())
		y := &yearOf{street: s, random: rand.New(rand.NewPCG(seed, 7)), from: from, until: until}
		t.Logf("seed %d", seed)
		apitest.Check(t, store.Tx(t.Context(), h.DB, y.write))
		want, got := y.recount(), h.Get(s.clerk, assessments+name).Want(200)
		compared := 0
		scores := map[int]*big.Rat{}
		for i := range got.Items("units") {
			unit, total, weights := got.Text("units", i, "unit", "code"), new(big.Rat), int64(0)
			for j := range got.Items("units", i, "indicators") {
				at := func(more ...any) []any { return append([]any{"units", i, "indicators", j}, more...) }
				code, weight := got.Text(at("code")...), int64(got.Number(at("weight")...))
				weights += weight
				p := want[code][unit]
				if p == nil {
					p = &pair{}
				}
				compared++
				if num, den := int64(got.Number(at("evidence", "numerator")...)), int64(got.Number(at("evidence", "denominator")...)); num != p.num || den != p.den {
					t.Errorf("%s %s: %d of %d, counted %d of %d", unit, code, num, den, p.num, p.den)
				}
				score := new(big.Rat)
				if p.den > 0 {
					exact := new(big.Rat).Add(big.NewRat(p.num*weight*100, p.den), big.NewRat(1, 2))
					score.SetFrac(new(big.Int).Quo(exact.Num(), exact.Denom()), big.NewInt(100))
				}
				if shown, _ := new(big.Rat).SetString(fmt.Sprint(got.At(at("score")...))); shown.Cmp(score) != 0 || (got.At(at("value")...) == nil) != (p.den == 0) {
					t.Errorf("%s %s: score %s, reckoned %s", unit, code, shown, score)
				}
				total.Add(total, score)
			}
			if weights != 100 {
				t.Errorf("%s: weights of %d before anybody set them", unit, weights)
			}
			if shown, _ := new(big.Rat).SetString(fmt.Sprint(got.At("units", i, "score"))); shown.Cmp(total) != 0 {
				t.Errorf("%s: %s points, the parts sum to %s", unit, shown, total)
			}
			if got.At("units", i, "rank") != nil {
				scores[i] = total
			}
		}
		for i, score := range scores {
			place := 1
			for _, other := range scores {
				if other.Cmp(score) > 0 {
					place++
				}
			}
			if int(got.Number("units", i, "rank")) != place {
				t.Errorf("%s: rank %v, counted %d", got.Text("units", i, "unit", "code"), got.Number("units", i, "rank"), place)
			}
		}
		if compared < 3*9+20*7 || len(scores) < 7 {
			t.Errorf("only %d figures of %d units were compared", compared, len(scores))
		}
	})
}

func TestAnAssessmentFromItsWeightsToTheLastWord(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		name, from, until := lastMonth(h)
		y := &yearOf{street: s, random: rand.New(rand.NewPCG(1, 7)), from: from, until: until}
		apitest.Check(t, store.Tx(t.Context(), h.DB, y.write))
		county, water, community := h.Staff(model.RoleCounty, "520523"), department(h, "water"), h.Staff(model.RoleCommunity, communities[0])
		here := assessments + name
		month := h.Now().In(quantity.Shanghai).Format("2006-01")
		for path, code := range map[string]int{assessments + "2026-13": 404, assessments + "9": 404, assessments + "2099-01": 404, assessments + month: 200, here + "?version=1": 404} {
			h.Get(s.clerk, path).Want(code)
		}
		for token, unit := range map[string]string{water: "water", community: communities[0]} {
			own := h.Get(token, here).Want(200)
			if n := len(own.Items("units")); n != 1 || own.Text("units", 0, "unit", "code") != unit {
				t.Errorf("%s reads %d lines: %s", unit, n, own.Raw)
			}
		}
		if n := len(h.Get(county, here).Want(200).Items("units")); n < 20 {
			t.Errorf("the county reads %d units", n)
		}
		h.Get(s.clerk, here+"/bulletin.pdf").Code(409, "assessment_not_frozen")
		h.Post(s.clerk, assessments+month+"/freeze", map[string]any{}).Code(409, "period_running")
		h.Post(water, assessments+month+"/objection", map[string]any{"text": "太低"}).Code(409, "period_running")

		item := func(points any, unit string) map[string]any {
			return map[string]any{"unit": map[string]any{"kind": "department", "code": unit}, "points": points, "reason": "现场观摩受到表扬"}
		}
		h.Post(s.clerk, here+"/items", item(10.01, "water")).Code(422, "invalid_request")
		h.Post(s.clerk, here+"/items", item(1.005, "water")).Want(http.StatusBadRequest + 22)
		h.Post(s.clerk, here+"/items", item(0, "water")).Code(422, "invalid_request")
		h.Post(s.clerk, here+"/items", item(1, "nobody")).Code(422, "invalid_request")
		struck := h.Post(s.clerk, here+"/items", item(-3, "water")).Want(201).Text("id")
		h.Post(s.clerk, here+"/items/"+struck+"/strike", map[string]any{"reason": "录错"}).Want(204)
		h.Post(s.clerk, here+"/items/"+struck+"/strike", map[string]any{"reason": "录错"}).Code(409, "item_struck")
		score := func(version string) string {
			got := h.Get(water, here+version).Want(200)
			return fmt.Sprint(got.At("units", 0, "score"), got.At("units", 0, "rank"))
		}
		before := score("")
		h.Post(s.clerk, here+"/items", item(2.5, "water")).Want(201)
		if score("") == before {
			t.Errorf("2.5 points leave %s", before)
		}

		before = score("")
		h.Post(s.clerk, here+"/freeze", map[string]any{}).Want(200)
		apitest.Check(t, store.Tx(t.Context(), h.DB, func(tx *gorm.DB) error {
			return tx.Exec("UPDATE complaints SET stars = 1 WHERE department_code = 'water' AND stars > 0").Error
		}))
		h.Post(s.clerk, here+"/items", item(-1, "water")).Want(201)
		if got := score(""); got != before {
			t.Errorf("the frozen table moved from %s to %s", before, got)
		}
		h.Post(water, here+"/objection", map[string]any{"text": "有两件是重复派单"}).Want(204)
		h.Post(water, here+"/objection", map[string]any{"text": "还有一件"}).Code(409, "objection_made")
		objection := h.Get(s.clerk, here).Want(200)
		i := slices.IndexFunc(objection.Items("units"), func(u any) bool { return u.(map[string]any)["objection"] != nil })
		id := objection.Text("units", i, "objection", "id")
		answer := map[string]any{"text": "属实，已更正", "upheld": true}
		h.Post(s.clerk, here+"/objections/nothing/answer", answer).Code(404, "not_found")
		h.Post(s.clerk, here+"/objections/"+id+"/answer", answer).Want(204)
		h.Post(s.clerk, here+"/objections/"+id+"/answer", answer).Code(409, "objection_answered")
		if got := h.Get(water, here).Want(200); got.Text("units", 0, "objection", "answer") != "属实，已更正" {
			t.Errorf("%s", got.Raw)
		}
		if got := h.Get(community, here).Want(200); strings.Contains(string(got.Raw), "重复派单") {
			t.Errorf("a community reads a department's objection: %s", got.Raw)
		}
		h.Post(s.clerk, here+"/freeze", map[string]any{}).Code(422, "invalid_request")
		again := h.Post(s.clerk, here+"/freeze", map[string]any{"reason": "县水务局异议成立"}).Want(200)
		if again.Number("version") != 2 || score("") == before || score("?version=1") != before {
			t.Errorf("version 2 is %s, version 1 %s, was %s", score(""), score("?version=1"), before)
		}
		pdf := h.Get(s.clerk, here+"/bulletin.pdf").Want(200)
		if !strings.HasPrefix(string(pdf.Raw), "%PDF") {
			t.Error("no PDF")
		}
		h.Get(water, here+"/bulletin.pdf").Code(403, "forbidden")
	})
}

func TestWeightsSumToAHundredAndHoldForPeriodsToCome(t *testing.T) {
	h := apitest.SQLite(t)
	s := open(t, h)
	weights := map[string]any{"cases_in_time": 50, "cases_first_time": 0, "cases_satisfied": 50, "cases_kept": 0, "decisions_done": 0, "faults_mended": 0, "project_progress": 0}
	set := func(from string) map[string]any {
		return map[string]any{"kind": "department", "from": from, "weights": weights}
	}
	yesterday := string(quantity.DateOf(h.Now()).AddDays(-1))
	h.Post(s.clerk, "/api/v1/staff/assessment-weights", set(yesterday)).Code(422, "invalid_request")
	weights["cases_in_time"] = 51
	h.Post(s.clerk, "/api/v1/staff/assessment-weights", set(today(h))).Code(422, "invalid_request")
	weights["cases_in_time"] = 50
	h.Post(department(h, "water"), "/api/v1/staff/assessment-weights", set(today(h))).Code(403, "forbidden")
	h.Post(s.clerk, "/api/v1/staff/assessment-weights", set(today(h))).Want(204)
	weightIn := func(period string) float64 {
		got := h.Get(department(h, "water"), assessments+period).Want(200)
		return got.Number("units", 0, "indicators", 0, "weight")
	}
	last, _, _ := lastMonth(h)
	if got := weightIn(last); got != 30 {
		t.Errorf("a period that is over weighs %v", got)
	}
	h.Wait(32 * 24 * time.Hour)
	if got := weightIn(h.Now().In(quantity.Shanghai).Format("2006-01")); got != 50 {
		t.Errorf("a period to come weighs %v", got)
	}
	held := h.Get(department(h, "water"), "/api/v1/staff/assessment-weights").Want(200)
	if held.Number("total") != 9+7+7 {
		t.Errorf("%s", held.Raw)
	}
}

func TestWhatAMeetingDecidesIsFollowed(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		clerk := s.desk(model.RoleStreet, "")
		water, lift, community := s.desk(model.RoleDepartment, "water"), s.desk(model.RoleDepartment, "market_regulation"), "community-"+store.NewID()
		_, err := h.Identity.CreateStaff(t.Context(), identity.Console, identity.NewStaff{Username: community, Role: model.RoleCommunity, AreaCode: communities[0], Password: apitest.Password})
		apitest.Check(t, err)
		neighbour := desk{s, community}
		day := func(n int) string { return string(quantity.DateOf(h.Now()).AddDays(n)) }
		unit := func(kind, code string) map[string]any { return map[string]any{"kind": kind, "code": code} }
		filed := h.Post(h.Resident("somebody"), "/api/v1/complaints", map[string]any{"text": "下水道堵塞"}).Want(201)
		meeting := map[string]any{
			"held_on": day(0), "title": "第3次部门联席会议", "place": "街道会议室", "present": []string{"县水务局 王某"}, "minutes": "研究逾期诉求",
			"decisions": []map[string]any{
				{"unit": unit("department", "water"), "text": "三日内疏通", "due_on": day(3), "complaint": filed.Text("number")},
				{"unit": unit("community", communities[0]), "text": "入户解释", "due_on": day(5)},
			},
		}
		for field, wrong := range map[string]any{"held_on": day(1), "decisions": []map[string]any{{"unit": unit("department", "nobody"), "text": "x", "due_on": day(3)}}} {
			spoiled := map[string]any{}
			for k, v := range meeting {
				spoiled[k] = v
			}
			spoiled[field] = wrong
			h.Post(s.clerk, "/api/v1/staff/joint-meetings", spoiled).Code(422, "invalid_request")
		}
		id := h.Post(s.clerk, "/api/v1/staff/joint-meetings", meeting).Want(201).Text("id")
		h.Post(s.clerk, "/api/v1/staff/joint-meetings/"+id+"/decisions", map[string]any{"unit": unit("department", "water"), "text": "月底前清淤", "due_on": day(20)}).Want(204)
		shown := h.Get(s.clerk, "/api/v1/staff/joint-meetings/"+id).Want(200)
		if n := len(shown.Items("decisions")); n != 3 || shown.Text("decisions", 0, "complaint_number") != filed.Text("number") || shown.Text("decisions", 0, "unit", "name") != "县水务局" {
			t.Errorf("%s", shown.Raw)
		}
		if n := h.Get(s.clerk, "/api/v1/staff/joint-meetings").Want(200).Number("total"); n != 1 {
			t.Errorf("%v meetings", n)
		}
		h.Get(water.enter(), "/api/v1/staff/joint-meetings/"+id).Code(403, "forbidden")
		water.has(2, "joint_decision", 2)
		neighbour.has(1, "joint_decision", 1)
		mine := h.Get(water.enter(), "/api/v1/staff/joint-decisions").Want(200)
		if mine.Number("total") != 2 || strings.Contains(string(mine.Raw), "入户解释") {
			t.Errorf("%s", mine.Raw)
		}
		first := "/api/v1/staff/joint-decisions/" + mine.Text("items", 0, "id") + "/done"
		h.Post(lift.enter(), first, map[string]any{"text": "x"}).Code(404, "not_found")
		h.Post(water.enter(), first, map[string]any{"text": "已疏通"}).Want(204)
		h.Post(water.enter(), first, map[string]any{"text": "已疏通"}).Code(409, "already_done")

		visit := map[string]any{"unit": unit("department", "water"), "held_on": day(0), "place": "临江花园", "findings": "沟槽未回填", "due_on": day(2)}
		visit["file_ids"] = []string{"none"}
		h.Post(s.clerk, "/api/v1/staff/supervision-visits", visit).Code(422, "invalid_request")
		picture := s.Upload(s.clerk, "/api/v1/staff/files", "a.png", photo(t)).Want(201).Text("id")
		visit["file_ids"] = []string{picture}
		found := h.Post(s.clerk, "/api/v1/staff/supervision-visits", visit).Want(201).Text("id")
		if shown := h.Get(water.enter(), "/api/v1/staff/supervision-visits").Want(200); shown.Text("items", 0, "file_ids", 0) != picture {
			t.Errorf("%s", shown.Raw)
		}
		at := "/api/v1/staff/supervision-visits/" + found + "/files/"
		h.Get(water.enter(), at+picture).Want(200)
		h.Get(s.clerk, at+picture).Want(200)
		h.Get(lift.enter(), at+picture).Code(404, "not_found")
		h.Get(water.enter(), at+found).Code(404, "not_found")
		delete(visit, "file_ids")
		visit["due_on"] = day(-1)
		h.Post(s.clerk, "/api/v1/staff/supervision-visits", visit).Code(422, "invalid_request")
		delete(visit, "due_on")
		nothing := h.Post(s.clerk, "/api/v1/staff/supervision-visits", visit).Want(201).Text("id")
		h.Post(water.enter(), "/api/v1/staff/supervision-visits/"+nothing+"/done", map[string]any{"text": "x"}).Code(409, "nothing_to_mend")
		h.Get(water.enter(), "/api/v1/staff/supervision-visits/"+nothing+"/files/"+picture).Code(404, "not_found")
		h.Post(lift.enter(), "/api/v1/staff/supervision-visits/"+found+"/done", map[string]any{"text": "x"}).Code(404, "not_found")
		h.Wait(30 * 24 * time.Hour)
		h.Post(water.enter(), "/api/v1/staff/supervision-visits/"+found+"/done", map[string]any{"text": "已回填，晚了"}).Want(204)
		late := h.Get(clerk.enter(), "/api/v1/staff/joint-decisions?overdue=true").Want(200)
		if late.Number("total") != 2 {
			t.Errorf("%s", late.Raw)
		}
		// One of two decisions was kept, and the one fault was mended late.
		num, den := 0.0, 0.0
		months := map[string]bool{}
		for n := range 30 {
			months[day(-n)[:7]] = true
		}
		for month := range months {
			got := h.Get(water.enter(), assessments+month).Want(200)
			num, den = num+got.Number("units", 0, "indicators", 5, "evidence", "numerator"), den+got.Number("units", 0, "indicators", 5, "evidence", "denominator")
			if got.Number("units", 0, "indicators", 6, "evidence", "numerator") != 0 {
				t.Errorf("%s", got.Raw)
			}
		}
		if num != 1 || den != 2 {
			t.Errorf("%v of %v decisions", num, den)
		}
	})
}
