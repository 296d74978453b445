package journey

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"gongdi/api/apitest"
	"gongdi/model"
)

// TestWishesGoFromTheDoorsToSchemes ranks contents at the three levels.
func TestWishesGoFromTheDoorsToSchemes(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		homes := s.homesIn("临江花园")
		template := s.Get(s.clerk, "/api/v1/staff/survey-templates").Want(200).At("items", 0, "questions")
		if survey, part, err := h.Surveys.WishesOf(t.Context(), model.ToEstate, s.estates["临江花园"]); err != nil || survey != nil || len(part.Wishes) != 0 {
			t.Errorf("nobody was asked: %v %v %v", survey, part, err)
		}
		id := s.survey("临江花园", map[string]any{"questions": template})
		at := "/api/v1/staff/surveys/" + id
		fill := func(i int, codes ...string) {
			s.Put(s.clerk, at+"/responses/"+homes[i]["property_id"].(string), map[string]any{"visit": "answered", "answers": map[string]any{"agree": "agree", "contents": codes}}).Want(200)
		}
		fill(0, "roof", "lift")
		fill(1, "lift", "cctv")
		fill(2, "lift")
		last := len(homes) - 1
		fill(last, "water")
		got := s.Get(s.clerk, at+"/wishes?by=building").Want(200)
		if got.Text("whole", "wishes", 0, "code") != "lift" || got.Number("whole", "wishes", 0, "named") != 3 || got.Number("whole", "wishes", 0, "valid") != 4 ||
			got.Number("whole", "wishes", 0, "share") != 75 || got.Number("whole", "wishes", 0, "first") != 2 || len(got.Items("whole", "wishes")) != 4 {
			t.Errorf("%s", got.Raw)
		}
		for _, c := range []struct {
			level model.AudienceType
			by    string
		}{{model.ToEstate, "estate"}, {model.ToBuilding, "building"}, {model.ToUnit, "unit"}} {
			got := s.Get(s.clerk, at+"/wishes?by="+c.by).Want(200)
			var named float64
			for i := range got.Items("parts") {
				for j := range got.Items("parts", i, "wishes") {
					named += got.Number("parts", i, "wishes", j, "named")
				}
				survey, part, err := h.Surveys.WishesOf(t.Context(), c.level, got.Text("parts", i, "key"))
				if err != nil || survey == nil || survey.ID != id || float64(part.Base) != got.Number("parts", i, "base") || len(part.Wishes) != len(got.Items("parts", i, "wishes")) {
					t.Errorf("%s %d: %+v %v", c.by, i, part, err)
				}
			}
			if named != 6 {
				t.Errorf("by %s: %s", c.by, got.Raw)
			}
		}
		s.Get(s.clerk, at+"/wishes?by=channel").Code(422, "invalid_request")
		s.Get(h.Staff(model.RoleGrid, apitest.Street+"001"), at+"/wishes").Code(403, "forbidden")
	})
}

// TestTheFormAtTheDoorAsksForTheCatalogue holds the codes that schemes are made of.
func TestTheFormAtTheDoorAsksForTheCatalogue(t *testing.T) {
	h := apitest.SQLite(t)
	s := open(t, h)
	got := s.Get(s.clerk, "/api/v1/staff/survey-templates").Want(200)
	var codes []string
	for i := range got.Items("items", 0, "questions") {
		if got.Text("items", 0, "questions", i, "code") == "contents" {
			for j := range got.Items("items", 0, "questions", i, "options") {
				codes = append(codes, got.Text("items", 0, "questions", i, "options", j, "code"))
			}
		}
	}
	const want = "water drainage power weak_current road gas lighting refuse fibre overhead_lines parking charging parcel_boxes fitness culture community_service " +
		"elderly_care childcare catering roof outer_wall stairs corridor downpipes insulation windows lift stair_lift ramps handrails fire cctv gate perimeter"
	if strings.Join(codes, " ") != want {
		t.Errorf("%v", codes)
	}
}

// TestTwoRoundsOfASurveyAreSetSideBySide asks the same twice.
func TestTwoRoundsOfASurveyAreSetSideBySide(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		homes := s.homesIn("临江花园")
		staff := "/api/v1/staff/surveys/"
		fill := func(id string, grades ...string) {
			for i, grade := range grades {
				s.Put(s.clerk, staff+id+"/responses/"+homes[i]["property_id"].(string), map[string]any{"visit": "answered", "answers": map[string]any{"s": grade, "y": i%2 == 0}}).Want(200)
			}
		}
		first := s.survey("临江花园", map[string]any{"title": "第一轮"})
		fill(first, "satisfied", "dissatisfied", "unknown")
		if got := s.Get(s.clerk, staff+first+"/results").Want(200); got.At("compared") != nil {
			t.Errorf("nothing came before: %s", got.Raw)
		}
		s.Post(s.clerk, staff+first+"/close", nil).Want(200)
		second := s.Post(s.clerk, staff+first+"/copy", nil).Want(201).Text("id")
		s.Post(s.clerk, staff+second+"/publish", nil).Want(200)
		fill(second, "satisfied", "very_satisfied", "fairly")
		for _, query := range []string{"", "?compare=" + first} {
			got := s.Get(s.clerk, staff+second+"/results"+query).Want(200)
			rate := func(of ...any) float64 { return got.Number(append([]any{"compared", "questions", 0}, of...)...) }
			if got.Text("compared", "survey_id") != first || got.Number("compared", "responses") != 3 || got.Number("compared", "base") != float64(len(homes)) ||
				rate("valid") != 3 || rate("valid_before") != 2 || rate("satisfaction_rate", "now") != 66.67 || rate("satisfaction_rate", "before") != 50 ||
				rate("satisfaction_rate", "change") != 16.67 || rate("satisfaction_score", "change") != 20 || rate("shares", "dissatisfied", "change") != -50 {
				t.Errorf("%s: %s", query, got.Raw)
			}
		}
		for _, wrong := range []string{"nowhere", second, s.Post(s.clerk, staff+first+"/copy", nil).Want(201).Text("id")} {
			s.Get(s.clerk, staff+second+"/results?compare="+wrong).Code(422, "invalid_request")
		}
		book, err := excelize.OpenReader(bytes.NewReader(s.Get(s.clerk, staff+second+"/results.xlsx").Want(200).Raw))
		apitest.Check(t, err)
		if at, err := book.GetSheetIndex("两轮比较"); err != nil || at < 0 {
			t.Errorf("the workbook does not compare: %v", err)
		}
		s.Get(s.clerk, staff+second+"/report.pdf").Want(200)
		if got := s.Get(s.clerk, staff+second+"/report.pdf?compare=nowhere").Code(422, "invalid_request"); strings.HasPrefix(string(got.Raw), "%PDF") {
			t.Error("compared with nothing")
		}

		few := s.survey("临江花园", map[string]any{"anonymous": true, "title": "匿名"})
		s.anonymously(few, homes, 4)
		if got := s.Get(s.clerk, staff+second+"/results?compare="+few).Want(200); got.At("compared", "suppressed") != true || len(got.Items("compared", "questions")) != 0 {
			t.Errorf("four are shown beside: %s", got.Raw)
		}
	})
}

// TestWordOfASurveyIsSpread takes text, link, poster, code and the doors to remind.
func TestWordOfASurveyIsSpread(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		homes := s.homesIn("临江花园")
		id := s.survey("临江花园", nil)
		at := "/api/v1/staff/surveys/" + id
		kit := s.Get(s.clerk, at+"/kit").Want(200)
		if kit.Text("scene") != "q:"+id || !strings.Contains(kit.Text("text"), "改造满意度") || !strings.Contains(kit.Text("text"), kit.Text("link")) {
			t.Errorf("%s", kit.Raw)
		}
		if got := s.Get("", "/api/v1/public/codes/"+kit.Text("scene")).Want(200); got.Text("type") != "survey" || got.Text("id") != id {
			t.Errorf("%s", got.Raw)
		}
		if poster := s.Get(s.clerk, at+"/poster.pdf").Want(200); string(poster.Raw[:4]) != "%PDF" {
			t.Error("no poster")
		}
		s.Get(s.clerk, "/api/v1/staff/codes/survey/"+id).Want(200)
		if n := s.Get(s.clerk, at+"/reminders").Want(200).Number("total"); n != float64(len(homes)) {
			t.Errorf("%v doors of %d", n, len(homes))
		}
		s.Put(s.clerk, at+"/responses/"+homes[0]["property_id"].(string), map[string]any{"visit": "answered", "answers": map[string]any{"s": "fairly"}}).Want(200)
		s.Put(s.clerk, at+"/responses/"+homes[1]["property_id"].(string), map[string]any{"visit": "refused"}).Want(200)
		if n := s.Get(s.clerk, at+"/reminders").Want(200).Number("total"); n != float64(len(homes)-2) {
			t.Errorf("%v doors of %d", n, len(homes))
		}
		s.oneBuildingOf(at)
		draft := s.Post(s.clerk, at+"/copy", nil).Want(201).Text("id")
		s.Get(s.clerk, "/api/v1/staff/surveys/"+draft+"/kit").Code(409, "survey_not_published")
		s.Get("", "/api/v1/public/codes/q:"+draft).Code(404, "not_found")
		s.Wait(25 * time.Hour)
		s.clerk = h.Staff(model.RoleStreet, apitest.Street)
		if n := s.Get(s.clerk, at+"/reminders").Want(200).Number("total"); n != 0 {
			t.Errorf("a survey that is over still reminds of %v", n)
		}
		s.Get(s.clerk, at+"/poster.pdf").Code(409, "survey_not_published")
	})
}
