package journey

import (
	"encoding/csv"
	"fmt"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gongdi/api/apitest"
	"gongdi/model"
	"gongdi/service/store"
)

var satisfied = []map[string]any{
	{"code": "s", "type": "satisfaction", "label": "总体是否满意", "required": true},
	{"code": "y", "type": "yesno", "label": "是否愿意出资"},
	{"code": "n", "type": "number", "label": "愿意出多少", "unit": "元", "min": 0, "show_if": map[string]any{"question": "y", "equals": true}},
	{"code": "w", "type": "ranking", "label": "最想改造的内容", "wish": true, "most": 2, "options": []map[string]any{{"code": "lift", "label": "加装电梯"}, {"code": "pipes", "label": "管网"}, {"code": "roof", "label": "屋面"}}},
	{"code": "t", "type": "text", "label": "意见"},
}

func (s *street) surveyFor(estate string, more map[string]any) map[string]any {
	body := map[string]any{
		"title": "改造满意度", "audience": map[string]any{"type": "estate", "id": s.estates[estate]}, "unit": "household", "anonymous": false,
		"opens_at": s.Now().Add(-time.Minute), "closes_at": s.Now().Add(24 * time.Hour), "questions": satisfied,
	}
	for k, v := range more {
		body[k] = v
	}
	return body
}

// survey writes and publishes a survey of an estate, open at once.
func (s *street) survey(estate string, more map[string]any) string {
	s.T.Helper()
	id := s.Post(s.clerk, "/api/v1/staff/surveys", s.surveyFor(estate, more)).Want(http.StatusCreated).Text("id")
	s.Post(s.clerk, "/api/v1/staff/surveys/"+id+"/publish", nil).Want(http.StatusOK)
	return id
}

func answersOf(home string, answers map[string]any) map[string]any {
	return map[string]any{"property_id": home, "answers": answers}
}

func TestASurveyFromItsDraftToItsFigures(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		homes := s.homesIn("临江花园")
		at := func(i int) string { return homes[i]["property_id"].(string) }
		staff := "/api/v1/staff/surveys/"
		id := s.Post(s.clerk, staff[:len(staff)-1], s.surveyFor("临江花园", nil)).Want(201).Text("id")
		tenant, owner, other := s.bind("tenant", at(0), "tenant"), s.bind("owner", at(0), "owner"), s.bind("other", at(1), "owner")
		s.Get(owner, "/api/v1/surveys/"+id).Code(404, "not_found") // a draft
		s.Put(s.clerk, staff+id, s.surveyFor("临江花园", map[string]any{"title": "满意度（第一轮）"})).Want(200)
		s.Post(s.clerk, staff+id+"/publish", nil).Want(200)
		s.Post(s.clerk, staff+id+"/publish", nil).Code(409, "survey_not_draft")
		s.Put(s.clerk, staff+id, s.surveyFor("临江花园", nil)).Code(409, "survey_not_draft")
		s.Do("DELETE", s.clerk, staff+id, nil).Code(409, "survey_not_draft")
		s.Get(s.bind("stranger", s.homesIn("石岭小区")[0]["property_id"].(string), "owner"), "/api/v1/surveys/"+id).Code(404, "not_found")

		apitest.Check(t, h.Surveys.Deliver(t.Context()))
		apitest.Check(t, h.Surveys.Deliver(t.Context()))
		if n := s.count("SELECT COUNT(*) FROM resident_tidings WHERE about_type = 'survey' AND about_id = ?", id); n != 3 {
			t.Errorf("%d were told", n)
		}
		if got := s.Get(owner, "/api/v1/surveys?status=open").Want(200); got.Number("total") != 1 || got.Text("items", 0, "title") != "满意度（第一轮）" {
			t.Errorf("%s", got.Raw)
		}

		answer := "/api/v1/surveys/" + id + "/response"
		first := answersOf(at(0), map[string]any{"s": "dissatisfied", "y": true, "n": 500.5, "w": []string{"lift", "roof"}, "t": "早点开工"})
		if got := s.Put(tenant, answer, first).Want(200); got.Number("version") != 1 || got.Text("relation") != "tenant" {
			t.Errorf("%s", got.Raw)
		}
		s.Put(owner, answer, map[string]any{"answers": map[string]any{"s": "satisfied", "y": false, "w": []string{"lift"}}}).Want(200)
		s.Put(tenant, answer, first).Code(409, "owner_has_answered")
		shown := s.Get(owner, "/api/v1/surveys/"+id).Want(200)
		if shown.Text("my_responses", 0, "answers", "s") != "satisfied" || !strings.Contains(string(shown.Raw), "加装电梯") {
			t.Errorf("%s", shown.Raw)
		}
		if got := s.Get(tenant, "/api/v1/surveys/"+id).Want(200); strings.Contains(string(got.Raw), `"answers"`) {
			t.Errorf("a tenant reads the owner's answer: %s", got.Raw)
		}
		s.Put(other, answer, answersOf(at(0), map[string]any{"s": "fairly"})).Code(422, "invalid_request") // somebody else's home
		bad := s.Put(other, answer, answersOf(at(1), map[string]any{"s": "great", "zz": 1, "n": 5})).Code(422, "invalid_request")
		for i, want := range []string{"body.answers.zz", "body.answers.s", "body.answers.n"} {
			if got := bad.Text("errors", i, "location"); got != want {
				t.Errorf("%d: %s, want %s", i, got, want)
			}
		}

		grid := h.Staff(model.RoleGrid, apitest.Street+"001")
		s.Put(grid, staff+id+"/responses/"+at(2), map[string]any{"visit": "refused"}).Code(404, "not_found") // not their building
		door := func(i int, body map[string]any) apitest.Answer {
			return s.Put(s.clerk, staff+id+"/responses/"+at(i), body)
		}
		door(2, map[string]any{"visit": "answered", "relation": "owner", "answers": map[string]any{"s": "unknown", "y": "unknown"}}).Want(200)
		door(3, map[string]any{"visit": "nobody_home"}).Want(200)
		door(4, map[string]any{"visit": "refused"}).Want(200)
		door(3, map[string]any{"visit": "refused", "answers": map[string]any{"s": "fairly"}}).Code(422, "invalid_request")
		door(3, map[string]any{"visit": "answered"}).Code(422, "invalid_request") // what is required is missing
		door(3, map[string]any{"visit": "asleep"}).Code(422, "invalid_request")
		door(0, map[string]any{"visit": "answered", "answers": map[string]any{"s": "fairly"}}).Code(409, "owner_has_answered")
		todo := s.Get(s.clerk, staff+id+"/doors?open=true").Want(200)
		if n := todo.Number("total"); n != float64(len(homes)-3) {
			t.Errorf("%v of %d doors are left", n, len(homes))
		}

		r := s.Get(s.clerk, staff+id+"/results").Want(200)
		if r.Number("base") != float64(len(homes)) || r.Number("responses") != 2 || r.Number("channels", "door") != 1 || r.Number("visits", "nobody_home") != 1 {
			t.Errorf("%s", r.Raw)
		}
		if r.Number("questions", 0, "satisfaction_rate") != 100 || r.Number("questions", 0, "unknown") != 1 || r.Number("questions", 0, "satisfaction_score") != 80 ||
			r.Number("questions", 2, "not_shown") != 2 || r.Number("questions", 4, "missing") != 2 || r.Number("questions", 3, "counts", "lift") != 1 {
			t.Errorf("%s", r.Raw)
		}
		for _, by := range []string{"estate", "building", "unit", "floor_group", "relation", "channel"} {
			got := s.Get(s.clerk, staff+id+"/results?by="+by).Want(200)
			var n float64
			for i := range got.Items("slices") {
				n += got.Number("slices", i, "responses")
			}
			if n != 2 {
				t.Errorf("by %s: %s", by, got.Raw)
			}
		}
		s.Get(s.clerk, staff+id+"/results?by=colour").Code(422, "invalid_request")
		s.Post(s.clerk, staff+id+"/results-page", map[string]any{"open": true}).Code(409, "survey_still_open")

		s.Post(s.clerk, staff+id+"/close", nil).Want(200)
		s.Post(s.clerk, staff+id+"/close", nil).Code(409, "survey_not_published")
		s.Put(other, answer, answersOf(at(1), map[string]any{"s": "fairly"})).Code(409, "survey_not_open")
		door(3, map[string]any{"visit": "refused"}).Code(409, "survey_not_open")
		s.Post(s.clerk, staff+id+"/results-page", map[string]any{"open": true}).Want(200)
		if got := s.Get("", "/api/v1/public/surveys/"+id+"/results").Want(200); got.At("results", "suppressed") != true || strings.Contains(string(got.Raw), "questions\":[{") {
			t.Errorf("two answers are shown to everybody: %s", got.Raw)
		}
		s.Get("", "/api/v1/public/surveys/"+s.survey("临江花园", nil)+"/results").Code(404, "not_found")
		next := s.Post(s.clerk, staff+id+"/copy", nil).Want(201)
		if next.Number("version") != 2 || next.Text("follows_id") != id || next.Text("status") != "draft" {
			t.Errorf("%s", next.Raw)
		}
		h.Wait(48 * time.Hour)
		s.clerk = h.Staff(model.RoleStreet, apitest.Street)
		s.Post(s.clerk, staff+next.Text("id")+"/publish", nil).Code(409, "survey_over")
		s.Do("DELETE", s.clerk, staff+next.Text("id"), nil).Want(204)
	})
}

func TestOfTwoPhonesAtOnceAHouseholdHasOneAnswer(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		home := s.homesIn("临江花园")[0]["property_id"].(string)
		phones := []string{s.bind("one", home, "owner"), s.bind("two", home, "owner")}
		for _, anonymous := range []bool{false, true} {
			id := s.survey("临江花园", map[string]any{"anonymous": anonymous})
			var all sync.WaitGroup
			var mu sync.Mutex
			statuses := map[int]int{}
			for i := range 8 {
				all.Go(func() {
					got := s.Put(phones[i%2], "/api/v1/surveys/"+id+"/response", answersOf(home, map[string]any{"s": []string{"fairly", "satisfied"}[i%2]}))
					mu.Lock()
					defer mu.Unlock()
					statuses[got.Status]++
				})
			}
			all.Wait()
			want := map[int]int{200: 8}
			if anonymous {
				want = map[int]int{200: 1, 409: 7}
			}
			if fmt.Sprint(statuses) != fmt.Sprint(want) {
				t.Errorf("anonymous %v: %v", anonymous, statuses)
			}
			if n := s.count("SELECT (SELECT COUNT(*) FROM survey_responses WHERE survey_id = ?) + (SELECT COUNT(*) FROM survey_answers WHERE survey_id = ?)", id, id); n != 1 {
				t.Errorf("anonymous %v: %d answers", anonymous, n)
			}
		}
	})
}

func TestBadQuestionnairesGetTheirProblems(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		for name, c := range map[string]struct {
			more map[string]any
			at   string
		}{
			"no questions":      {map[string]any{"questions": []any{}}, "body.questions"},
			"closes first":      {map[string]any{"closes_at": s.Now().Add(-time.Hour)}, "body.closes_at"},
			"nowhere":           {map[string]any{"audience": map[string]any{"type": "unit", "id": "x"}}, "body.audience.id"},
			"no such unit":      {map[string]any{"unit": "dog"}, "body.unit"},
			"a blank title":     {map[string]any{"title": " "}, "body.title"},
			"a number's range":  {map[string]any{"questions": []any{map[string]any{"code": "n", "type": "number", "label": "数", "min": 0.00001}}}, "body.questions[0].min"},
			"no such type":      {map[string]any{"questions": []any{map[string]any{"code": "n", "type": "essay", "label": "数"}}}, "body.questions[0].type"},
			"a circle":          {map[string]any{"questions": []any{map[string]any{"code": "a", "type": "yesno", "label": "问", "show_if": map[string]any{"question": "b", "equals": true}}, map[string]any{"code": "b", "type": "yesno", "label": "问", "show_if": map[string]any{"question": "a", "equals": true}}}}, "body.questions[0].show_if.question"},
			"out of reach":      {map[string]any{"questions": []any{map[string]any{"code": "a", "type": "yesno", "label": "问"}, map[string]any{"code": "b", "type": "text", "label": "问", "show_if": map[string]any{"question": "a", "equals": "yes"}}}}, "body.questions[1].show_if.equals"},
			"options not a set": {map[string]any{"questions": []any{map[string]any{"code": "a", "type": "single", "label": "问", "options": "a"}}}, "body.questions"},
		} {
			got := s.Post(s.clerk, "/api/v1/staff/surveys", s.surveyFor("临江花园", c.more))
			if got.Status != 422 && got.Status != 400 || got.Status == 422 && !strings.HasPrefix(fmt.Sprint(got.At("errors", 0, "location")), c.at) {
				t.Errorf("%s: %d %s", name, got.Status, got.Raw)
			}
		}
		if n := s.count("SELECT COUNT(*) FROM surveys"); n != 0 {
			t.Errorf("%d were stored", n)
		}
	})
}

// anonymously has residents of the first homes answer in turn, the i-th so that
// their answer tells who they are, and gives them in their order.
func (s *street) anonymously(id string, homes []map[string]any, n int) (residents []string) {
	s.T.Helper()
	for i := range n {
		token := s.bind(fmt.Sprint("anonymous", i), homes[i]["property_id"].(string), "owner")
		body := map[string]any{"answers": map[string]any{"s": "satisfied", "y": true, "n": i}}
		got := s.Do("PUT", token, "/api/v1/surveys/"+id+"/response", body, "Idempotency-Key", fmt.Sprint("key", i)).Want(200)
		if strings.Contains(string(got.Raw), "satisfied") || got.At("answered_at") != nil {
			s.T.Errorf("%s", got.Raw)
		}
		residents = append(residents, token)
	}
	return residents
}

// TestWhoAnsweredWhatCannotBeJoined looks at all that is stored after an
// anonymous survey, with the key to what is sealed, and joins it in every way.
func TestWhoAnsweredWhatCannotBeJoined(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		homes := s.homesIn("临江花园")
		const n = 40
		for len(homes) < n {
			t.Fatalf("only %d homes", len(homes))
		}
		id := s.survey("临江花园", map[string]any{"anonymous": true})
		tokens := s.anonymously(id, homes, n)
		s.Put(tokens[3], "/api/v1/surveys/"+id+"/response", map[string]any{"answers": map[string]any{"s": "fairly"}}).Code(409, "survey_answered")
		if got := s.Get(tokens[3], "/api/v1/surveys/"+id).Want(200); strings.Contains(string(got.Raw), `"answers"`) || got.At("my_responses", 0, "answered") != true {
			t.Errorf("%s", got.Raw)
		}

		// By key: nothing that is stored of an answer is stored elsewhere too.
		tables := map[string][]map[string]string{}
		apitest.Check(t, store.TakeSnapshot(t.Context(), h.DB, h.Now, func(snap *store.Snapshot) error {
			names, err := snap.Tables(t.Context())
			apitest.Check(t, err)
			for _, name := range names {
				var columns []string
				apitest.Check(t, snap.Rows(t.Context(), name, func(c []string) error { columns = slices.Clone(c); return nil }, func(values []any) error {
					row := map[string]string{}
					for i, v := range values {
						if b, ok := v.([]byte); ok {
							v = string(b)
						}
						row[columns[i]] = fmt.Sprint(v)
					}
					tables[name] = append(tables[name], row)
					return nil
				}))
			}
			return nil
		}))
		answers := tables["survey_answers"]
		if len(answers) != n || len(tables["survey_participants"]) != n {
			t.Fatalf("%d answers, %d participants", len(answers), len(tables["survey_participants"]))
		}
		for _, a := range answers {
			for table, rows := range tables {
				for _, row := range rows {
					for column, value := range row {
						if table != "survey_answers" && (value == a["id"] || value == a["content"]) {
							t.Fatalf("%s.%s holds what an answer holds: %s", table, column, value)
						}
					}
				}
			}
		}
		// By time and by body: no instant beside either, and no key of the request.
		for _, row := range append(slices.Clone(answers), tables["survey_participants"]...) {
			for column, value := range row {
				if strings.Contains(column, "_at") || strings.Contains(value, "2026-") {
					t.Fatalf("an instant is kept: %s %s", column, value)
				}
			}
		}
		for _, row := range tables["idempotency_keys"] {
			if strings.HasPrefix(row["idempotency_key"], "key") {
				t.Errorf("the digest of an anonymous answer is kept beside its sender: %v", row)
			}
		}
		if len(tables["survey_responses"]) != 0 {
			t.Error("an anonymous answer is kept with its home")
		}
		for _, row := range tables["audit_entries"] {
			if strings.Contains(fmt.Sprint(row), "satisfied") {
				t.Errorf("%v", row)
			}
		}

		// By place: one household of a building that alone took part is in no answer's
		// or figure's place; what is kept by place is of five or more.
		s.Get(s.clerk, "/api/v1/staff/surveys/"+id+"/results?by=building").Want(200)
		var kept []struct{ ID, State string }
		apitest.Check(t, h.DB.Read(t.Context()).Raw("SELECT id, state FROM survey_tallies WHERE survey_id = ?", id).Scan(&kept).Error)
		for _, row := range kept {
			plain, err := h.Vault.Reveal("survey_tally.state", row.State)
			apitest.Check(t, err)
			var of int
			_, err = fmt.Sscanf(plain, "%d", &of)
			apitest.Check(t, err)
			if of < 5 {
				t.Errorf("%s holds figures of %d", row.ID, of)
			}
		}
		if len(kept) < 3 {
			t.Errorf("only %d figures are kept", len(kept))
		}

		// By order: as rows are numbered and laid down, they do not follow each other as they came.
		for _, query := range []string{"SELECT content FROM survey_answers WHERE survey_id = ?", "SELECT content FROM survey_answers WHERE survey_id = ? ORDER BY id"} {
			var sealed []string
			apitest.Check(t, h.DB.Read(t.Context()).Raw(query, id).Scan(&sealed).Error)
			places := make([]float64, 0, n)
			for _, text := range sealed {
				plain, err := h.Vault.Reveal("survey_answer.content", text)
				apitest.Check(t, err)
				if len(text) != len(sealed[0]) {
					t.Error("answers differ in length")
				}
				var place int
				_, err = fmt.Sscanf(plain[strings.Index(plain, `"n":`):], `"n":%d`, &place)
				apitest.Check(t, err)
				places = append(places, float64(place))
				for _, table := range []string{"properties", "units", "buildings", "estates", "residents"} {
					for _, row := range tables[table] {
						if strings.Contains(plain, row["id"]) {
							t.Errorf("an answer names one of %s", table)
						}
					}
				}
			}
			if r := correlation(places); math.Abs(r) > 0.8 {
				t.Errorf("%s gives the order in which they came: %.2f", query, r)
			}
		}
	})
}

// correlation of values with their places.
func correlation(values []float64) float64 {
	var mx, my float64
	n := float64(len(values))
	for i, v := range values {
		mx, my = mx+float64(i)/n, my+v/n
	}
	var xy, xx, yy float64
	for i, v := range values {
		dx, dy := float64(i)-mx, v-my
		xy, xx, yy = xy+dx*dy, xx+dx*dx, yy+dy*dy
	}
	return xy / math.Sqrt(xx*yy)
}

func TestFewAreNotShownInAnAnonymousSurvey(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		homes := s.homesIn("临江花园")
		building := homes[0]["building"]
		var here, there []map[string]any
		for _, home := range homes {
			if home["building"] == building {
				here = append(here, home)
			} else {
				there = append(there, home)
			}
		}
		if len(here) < 7 || len(there) < 3 {
			t.Fatalf("%d and %d homes", len(here), len(there))
		}
		id := s.survey("临江花园", map[string]any{"anonymous": true})
		results := "/api/v1/staff/surveys/" + id + "/results"
		homes = append(slices.Clone(here[:4]), there[:2]...)
		s.anonymously(id, homes[:4], 4)
		if got := s.Get(s.clerk, results).Want(200); got.At("suppressed") != true || got.Number("responses") != 4 || len(got.Items("questions")) != 0 {
			t.Errorf("%s", got.Raw)
		}
		for i, home := range append(slices.Clone(here[4:7]), there[:2]...) {
			token := s.bind(fmt.Sprint("more", i), home["property_id"].(string), "owner")
			s.Put(token, "/api/v1/surveys/"+id+"/response", map[string]any{"answers": map[string]any{"s": "satisfied"}}).Want(200)
		}
		got := s.Get(s.clerk, results+"?by=building").Want(200)
		if got.Number("counted") != 9 || got.Number("questions", 0, "valid") != 9 {
			t.Errorf("%s", got.Raw)
		}
		for i := range got.Items("slices") {
			if got.At("slices", i, "suppressed") != true || len(got.Items("slices", i, "questions")) != 0 || got.At("slices", i, "responses") != nil {
				t.Errorf("nine less seven are two: %s", got.Raw)
			}
		}
		token := s.bind("last", there[2]["property_id"].(string), "owner")
		s.Put(token, "/api/v1/surveys/"+id+"/response", map[string]any{"answers": map[string]any{"s": "fairly"}}).Want(200)
		if got := s.Get(s.clerk, results).Want(200); got.Number("counted") != 9 || got.Number("responses") != 10 {
			t.Errorf("two looks differ by one answer: %s", got.Raw)
		}
		if got := s.Get(s.clerk, results+"?by=relation").Want(200); got.At("slices_kept") != false {
			t.Errorf("%s", got.Raw)
		}
		s.Post(s.clerk, "/api/v1/staff/surveys/"+id+"/close", nil).Want(200)
		if got := s.Get(s.clerk, results).Want(200); got.Number("counted") != 10 {
			t.Errorf("%s", got.Raw)
		}
	})
}

// TestFiguresAreThoseOfTheCodedData counts what is exported once more.
func TestFiguresAreThoseOfTheCodedData(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		homes := s.homesIn("临江花园")
		var templates = s.Get(s.clerk, "/api/v1/staff/survey-templates").Want(200)
		for i := range templates.Items("items") { // each can be used as it is
			s.survey("临江花园", map[string]any{"title": templates.Text("items", i, "title"), "questions": templates.At("items", i, "questions")})
		}
		id := s.survey("临江花园", map[string]any{"fairly_counts": true})
		grades := []string{"very_satisfied", "satisfied", "fairly", "dissatisfied", "very_dissatisfied", "unknown"}
		for i, home := range homes {
			answers := map[string]any{"s": grades[i*i%6], "t": []string{"=1+1", "好,\"的\"", ""}[i%3], "y": i%2 == 0}
			if i%2 == 0 {
				answers["n"] = float64(i) / 4
			}
			s.Put(s.clerk, "/api/v1/staff/surveys/"+id+"/responses/"+home["property_id"].(string), map[string]any{"visit": "answered", "answers": answers}).Want(200)
		}
		raw := string(s.Get(s.clerk, "/api/v1/staff/surveys/"+id+"/answers.csv").Want(200).Raw)
		if !strings.HasPrefix(raw, "\ufeff") {
			t.Error("no byte order mark")
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(raw, "\ufeff"))).ReadAll()
		apitest.Check(t, err)
		column := slices.Index(rows[0], "s")
		counts, valid := map[string]float64{}, 0.0
		for _, row := range rows[1:] {
			if counts[row[column]]++; row[column] != "unknown" {
				valid++
			}
			if text := row[slices.Index(rows[0], "t")]; strings.HasPrefix(text, "=") {
				t.Errorf("a formula: %s", text)
			}
		}
		r := s.Get(s.clerk, "/api/v1/staff/surveys/"+id+"/results").Want(200)
		for _, grade := range grades[:5] {
			if r.Number("questions", 0, "counts", grade) != counts[grade] {
				t.Errorf("%s: %v in the data: %s", grade, counts[grade], r.Raw)
			}
		}
		rate := math.Round((counts["very_satisfied"]+counts["satisfied"]+counts["fairly"])/valid*10000) / 100
		if len(rows)-1 != len(homes) || r.Number("questions", 0, "valid") != valid || r.Number("questions", 0, "satisfaction_rate") != rate {
			t.Errorf("%d rows, %v valid, %v: %s", len(rows), valid, rate, r.Raw)
		}
		if got := s.Get(s.clerk, "/api/v1/staff/surveys/"+id+"/texts?q=1%2B1").Want(200); got.Number("total") == 0 || got.Text("items", 0, "text") != "=1+1" {
			t.Errorf("%s", got.Raw)
		}
		if got := s.Get(s.clerk, "/api/v1/staff/surveys/"+id+"/results.xlsx").Want(200); !strings.HasPrefix(string(got.Raw), "PK") {
			t.Error("no workbook")
		}
		pdf := s.Get(s.clerk, "/api/v1/staff/surveys/"+id+"/report.pdf").Want(200)
		if !strings.HasPrefix(string(pdf.Raw), "%PDF") {
			t.Error("no PDF")
		}
		if keep := os.Getenv("GONGDI_TEST_KEEP"); keep != "" {
			apitest.Check(t, os.WriteFile(filepath.Join(keep, "survey.pdf"), pdf.Raw, 0o600))
		}
	})
}
