package journey

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/xuri/excelize/v2"

	"gongdi/api/apitest"
)

// TestAQuestionnaireGoesOutAsAWorkbookAndComesBack edits a template in Excel.
func TestAQuestionnaireGoesOutAsAWorkbookAndComesBack(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		const template, all = "/api/v1/staff/survey-templates/questionnaire.xlsx?code=", "/api/v1/staff/surveys/"
		s.Get(s.clerk, template+"nothing").Code(422, "invalid_request")
		file := s.Get(s.clerk, template+"household_wishes").Want(200).Raw
		want := s.Get(s.clerk, "/api/v1/staff/survey-templates").Want(200).At("items", 0, "questions")
		if got := s.Upload(s.clerk, "/api/v1/staff/questionnaires", "a.xlsx", file).Want(200).At("questions"); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%v\n%v", got, want)
		}

		draft := s.Post(s.clerk, all[:len(all)-1], s.surveyFor("临江花园", nil)).Want(201).Text("id")
		imported := all + draft + "/questionnaire"
		if got := s.Upload(s.clerk, imported, "a.xlsx", file).Want(200); fmt.Sprint(got.At("questions")) != fmt.Sprint(want) || got.Text("title") != "改造满意度" {
			t.Errorf("%s", got.Raw)
		}
		edit := func(cell, value string) []byte {
			book, err := excelize.OpenReader(bytes.NewReader(file))
			apitest.Check(t, err)
			apitest.Check(t, book.SetCellStr("问卷", cell, value))
			var out bytes.Buffer
			apitest.Check(t, book.Write(&out))
			return out.Bytes()
		}
		if got := s.Upload(s.clerk, imported, "a.xlsx", edit("D2", "您家同意改造吗")).Want(200); got.Text("questions", 0, "label") != "您家同意改造吗" {
			t.Errorf("%s", got.Raw)
		}
		if got := s.Upload(s.clerk, imported, "a.xlsx", edit("C2", "作文")).Code(422, "questionnaire_has_errors"); got.Text("errors", 0, "location") != "问卷!C2" {
			t.Errorf("%s", got.Raw)
		}
		s.Upload(s.clerk, imported, "a.xlsx", edit("C1", "什么")).Code(422, "questionnaire_no_header")
		s.Upload(s.clerk, imported, "a.xlsx", []byte("PK")).Code(422, "roster_unreadable")
		if got := s.Get(s.clerk, all+draft).Want(200); got.Text("questions", 0, "label") != "您家同意改造吗" {
			t.Errorf("a wrong sheet changed the draft: %s", got.Raw)
		}
		s.Post(s.clerk, all+draft+"/publish", nil).Want(200)
		s.Upload(s.clerk, imported, "a.xlsx", file).Code(409, "survey_not_draft")
		again := s.Get(s.clerk, all+draft+"/questionnaire.xlsx").Want(200).Raw
		if got := s.Upload(s.clerk, "/api/v1/staff/questionnaires", "a.xlsx", again).Want(200); got.Text("questions", 0, "label") != "您家同意改造吗" {
			t.Errorf("%s", got.Raw)
		}
	})
}

// TestADayOutOfTheCalendarSpoilsNoList sends years that no list could show.
func TestADayOutOfTheCalendarSpoilsNoList(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		for field, when := range map[string]string{"closes_at": "9999-12-31T23:59:59Z", "opens_at": "0000-01-01T00:00:00Z"} {
			got := s.Post(s.clerk, "/api/v1/staff/surveys", s.surveyFor("临江花园", map[string]any{field: when})).Code(422, "invalid_request")
			if got.Text("errors", 0, "location") != "body."+field {
				t.Errorf("%s", got.Raw)
			}
		}
		motion := map[string]any{
			"scope": map[string]any{"type": "estate", "id": s.estates["临江花园"]}, "kind": "willingness", "title": "意愿征询", "text": "是否同意改造",
			"opens_at": s.Now(), "closes_at": "9999-12-31T23:59:59Z",
		}
		if got := s.Post(s.clerk, "/api/v1/staff/motions", motion).Code(422, "invalid_request"); got.Text("errors", 0, "location") != "body.closes_at" {
			t.Errorf("%s", got.Raw)
		}
		if got := s.Get(s.clerk, "/api/v1/staff/surveys").Want(200); got.Number("total") != 0 {
			t.Errorf("%s", got.Raw)
		}
	})
}
