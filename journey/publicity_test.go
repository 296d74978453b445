package journey

import (
	"strings"
	"testing"
	"time"

	"gongdi/api/apitest"
	"gongdi/model"
	"gongdi/model/quantity"
)

const office = "/api/v1/staff/notices"

// homesIn lists the homes of an estate by building and unit, as staff see them.
func (s *street) homesIn(estate string) []map[string]any {
	s.T.Helper()
	id := s.publicity(estate, map[string]any{"kind": "announcement", "publicity_days": 0})
	var out []map[string]any
	for _, item := range s.Get(s.clerk, office+"/"+id+"/readers?page_size=200").Want(200).Items("items") {
		out = append(out, item.(map[string]any))
	}
	return out
}

// TestOwnersAndNeighboursObjectAndTenantsSuggest asks of each who sees a
// notice for one unit, and who may object to it.
func TestOwnersAndNeighboursObjectAndTenantsSuggest(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		homes := s.homesIn("临江花园")
		first := homes[0]
		unit, beside, across := "", "", ""
		for _, home := range homes {
			switch {
			case home["building"] == first["building"] && home["unit"] != first["unit"]:
				beside = home["property_id"].(string)
			case home["building"] != first["building"]:
				across = home["property_id"].(string)
			}
		}
		apitest.Check(t, h.DB.Read(t.Context()).Raw("SELECT unit_id FROM properties WHERE id = ?", first["property_id"]).Scan(&unit).Error)
		owner, tenant := s.bind("owner", first["property_id"].(string), "owner"), s.bind("tenant", first["property_id"].(string), "tenant")
		neighbour, far, nobody := s.bind("neighbour", beside, "owner"), s.bind("far", across, "owner"), h.Resident("nobody")
		to := map[string]any{"type": "unit", "id": unit}
		lift := s.publicity("临江花园", map[string]any{"audience": to, "subject": "lift_scheme", "publicity_days": 10})
		plain := s.publicity("临江花园", map[string]any{"audience": to})
		object := func(who, id string) apitest.Answer {
			return s.Post(who, "/api/v1/notices/"+id+"/objections", map[string]any{"text": "挡光"})
		}
		object(owner, lift).Want(201)
		object(neighbour, lift).Want(201)
		object(tenant, lift).Code(403, "objection_by_owner")
		object(far, lift).Code(404, "not_found")
		object(nobody, lift).Code(404, "not_found")
		object(neighbour, plain).Code(404, "not_found")
		s.Post(tenant, "/api/v1/notices/"+lift+"/suggestions", map[string]any{"text": "装在北侧"}).Want(201)
		if n := s.Get(nobody, "/api/v1/notices").Want(200).Number("total"); n != 0 {
			t.Errorf("whoever is bound to no home sees %v notices", n)
		}
		s.Post(neighbour, "/api/v1/notices/"+lift+"/read", nil).Want(204)
		s.Post(tenant, "/api/v1/notices/"+lift+"/read", nil).Want(204)
		if got := s.Get(owner, "/api/v1/notices/"+lift).Want(200); got.Number("households_read") != 1 || len(got.Items("my_objections")) != 1 {
			t.Errorf("%s", got.Raw)
		}
		open := s.Get(s.clerk, "/api/v1/staff/objections").Want(200)
		if open.Number("total") != 2 || open.Text("items", 0, "notice_id") != lift || open.At("items", 0, "overdue") != false {
			t.Errorf("%s", open.Raw)
		}
		h.Wait(30 * 24 * time.Hour)
		s.clerk = h.Staff(model.RoleStreet, apitest.Street)
		if got := s.Get(s.clerk, "/api/v1/staff/objections").Want(200); got.At("items", 0, "overdue") != true {
			t.Errorf("%s", got.Raw)
		}
	})
}

// TestThePostedSheetIsProvenAndTheGridSeesItsOwn goes from the wall to the door.
func TestThePostedSheetIsProvenAndTheGridSeesItsOwn(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		homes := s.homesIn("临江花园")
		home := homes[0]["property_id"].(string)
		var building, area string
		apitest.Check(t, h.DB.Read(t.Context()).Raw("SELECT p.building_id, e.area_code FROM properties p JOIN estates e ON e.id = p.estate_id WHERE p.id = ?", home).Row().Scan(&building, &area))
		grid := h.Staff(model.RoleGrid, area)
		member := s.Get(s.clerk, "/api/v1/staff/grid-members").Want(200).Text("items", 0, "id")
		s.Put(s.clerk, "/api/v1/staff/grid-members/"+member+"/buildings", map[string]any{"building_ids": []string{building}})
		for name, id := range map[string]string{
			"an estate's": s.publicity("临江花园", nil),
			"a street's":  s.publicity("临江花园", map[string]any{"audience": map[string]any{"type": "street", "id": apitest.Street}}),
		} {
			readers := s.Get(grid, office+"/"+id+"/readers?page_size=200").Want(200)
			for i := range readers.Items("items") {
				if readers.Text("items", i, "building") != homes[0]["building"] {
					t.Errorf("%s: the grid sees %s", name, readers.Raw)
				}
			}
			units := s.Get(grid, office+"/"+id+"/readers/units").Want(200)
			if len(readers.Items("items")) == 0 || units.Text("items", 0, "building") != homes[0]["building"] {
				t.Errorf("%s: %s %s", name, readers.Raw, units.Raw)
			}
			s.Post(grid, office+"/"+id+"/readers", map[string]any{"property_ids": []string{home}}).Want(204)
			s.Post(grid, office+"/"+id+"/readers", map[string]any{"property_ids": []string{homes[len(homes)-1]["property_id"].(string)}}).Code(422, "invalid_request")
		}
		id, picture := s.publicity("临江花园", nil), s.paperPicture(t)
		paper := s.paperPicture(t)
		s.Post(s.clerk, office+"/"+id+"/objections", map[string]any{"name": "老某", "text": "纸上", "property_id": "none"}).Code(422, "invalid_request")
		s.Post(s.clerk, office+"/"+id+"/objections", map[string]any{"name": "老某", "text": "纸上", "property_id": home, "file_ids": []string{paper}}).Want(201)
		s.Get(s.clerk, office+"/"+id+"/files/"+paper).Want(200)
		s.Get(grid, office+"/"+id+"/files/"+paper).Code(404, "not_found")
		today := string(quantity.DateOf(h.Now()))
		for _, bad := range []map[string]any{
			{"place": "门口", "posted_on": today}, {"place": "门口", "posted_on": "2020-01-01", "file_ids": []string{picture}},
			{"place": " ", "posted_on": today, "file_ids": []string{picture}}, {"place": "门口", "posted_on": today, "file_ids": []string{"none"}},
		} {
			s.Post(s.clerk, office+"/"+id+"/postings", bad).Code(422, "invalid_request")
		}
		s.Post(s.clerk, office+"/"+id+"/postings", map[string]any{"place": "1栋门口", "posted_on": today, "file_ids": []string{picture}}).Want(201)
		if got := s.Get(grid, office+"/"+id).Want(200); got.Text("postings", 0, "file_ids", 0) != picture {
			t.Errorf("%s", got.Raw)
		}
		s.Get(grid, office+"/"+id+"/files/"+picture).Want(200)
	})
}

// TestAnEditOfAReviewedKindWaitsForReview keeps the old text up until then,
// and each version keeps its files.
func TestAnEditOfAReviewedKindWaitsForReview(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		cover, plan, newer := s.paperPicture(t), s.paperPicture(t), s.paperPicture(t)
		colleague := h.Staff(model.RoleStreet, apitest.Street)
		body := s.noticeFor("临江花园", map[string]any{"file_ids": []string{plan}, "picture_id": cover})
		id := s.Post(s.clerk, office, body).Want(201).Text("id")
		path := office + "/" + id
		s.Put(s.clerk, path, map[string]any{}).Code(422, "invalid_request")
		body["title"] = "改过的方案"
		if got := s.Put(colleague, path, body).Want(200); got.Text("file_ids", 0) != plan || got.Text("picture_id") != cover {
			t.Errorf("a colleague rewrites with the same files: %s", got.Raw)
		}
		s.Post(s.clerk, path+"/publish", nil).Want(200)
		h.Notices.Reviewed = []model.NoticeKind{model.Publicity}
		s.Post(colleague, path+"/review", nil).Code(409, "nothing_to_review")
		edit := map[string]any{"title": "新方案", "body": "改到北侧", "reason": "业主意见", "file_ids": []string{newer}}
		if got := s.Post(s.clerk, path+"/revise", edit).Want(200); got.Number("version") != 1 || got.Text("title") != "改过的方案" {
			t.Errorf("%s", got.Raw)
		}
		if got := s.Get(colleague, path).Want(200); got.Text("revision", "title") != "新方案" {
			t.Errorf("%s", got.Raw)
		}
		s.Post(s.clerk, path+"/review", nil).Code(403, "own_review")
		if got := s.Post(colleague, path+"/review", nil).Want(200); got.Number("version") != 2 || got.Text("title") != "新方案" {
			t.Errorf("%s", got.Raw)
		}
		got := s.Get(colleague, path).Want(200)
		if got.At("revision") != nil || got.Text("versions", 0, "file_ids", 0) != plan || got.Text("versions", 1, "file_ids", 0) != newer {
			t.Errorf("%s", got.Raw)
		}
		s.Get(s.clerk, path+"/files/"+plan).Want(200)
	})
}

// TestNothingActiveIsShown writes what a page must not carry.
func TestNothingActiveIsShown(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		for _, body := range []string{
			"好 <script>alert(1)</script>", "好\n\n<script>\nalert(1)\n</script>\n\n好", "好 <scr<b></b>ipt>alert(1)</scr<b></b>ipt>",
			"好 [x](javascript:alert(1))", "好 [x](JaVaScRiPt&#58;alert(1))", "好 <a href=\"java\tscript:alert(1)\">x</a>", "好 <img src=x onerror=alert(1)>",
			"好 ![x](https://elsewhere.example/x.png)", "好 ![x](javascript:alert(1))", "好 <iframe src=//elsewhere.example></iframe>", "好 <svg/onload=alert(1)>",
			"好 <javascript:alert(1)>", "好 [x](data:text/html;base64,PHNjcmlwdD4=)", "好\n\n[x]: javascript:alert(1)\n[x]", "> 好 <style>*{}</style>",
		} {
			got := s.Post(s.clerk, office, s.noticeFor("临江花园", map[string]any{"body": body})).Want(201)
			for _, text := range []string{got.Text("html"), got.Text("body")} {
				low := strings.ToLower(text)
				for _, bad := range []string{"<script", "javascript:", "onerror=", "<iframe", "<style", "<svg", "<img", "text/html"} {
					if strings.Contains(low, bad) {
						t.Errorf("%q became %q", body, text)
					}
				}
			}
			if !strings.Contains(got.Text("html"), "好") {
				t.Errorf("%q lost its text: %s", body, got.Text("html"))
			}
		}
		s.Post(s.clerk, office, s.noticeFor("临江花园", map[string]any{"body": "<script>alert(1)</script>"})).Code(422, "invalid_request")
		s.Post(s.clerk, office, s.noticeFor("临江花园", map[string]any{"title": "  "})).Code(422, "invalid_request")
		kept := s.Post(s.clerk, office, s.noticeFor("临江花园", map[string]any{"body": "# 标题\n\n- 一\n- 面积 < 80 m²\n\n|甲|乙|\n|-|-|\n|1|2|\n\n[网页](https://example.com/a) **粗**"})).Want(201)
		for _, want := range []string{"<h1>", "<li>", "&lt; 80", "<table>", `href="https://example.com/a"`, "<strong>"} {
			if !strings.Contains(kept.Text("html"), want) {
				t.Errorf("%s is missing from %s", want, kept.Text("html"))
			}
		}
	})
}

// TestACalendarMovesWhatWasAnEstimate covers a publicity period and a deadline
// that reach into a year whose notice comes later.
func TestACalendarMovesWhatWasAnEstimate(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		start := time.Date(2026, 12, 29, 10, 0, 0, 0, quantity.Shanghai)
		h.Wait(start.Sub(h.Now()))
		s := open(t, h)
		id := s.publicity("临江花园", nil)
		s.Post(s.clerk, office+"/"+id+"/objections", map[string]any{"name": "老某", "text": "纸上"}).Want(201)
		before := s.Get(s.clerk, office+"/"+id).Want(200)
		due := s.Get(s.clerk, office+"/"+id+"/objections").Want(200)
		if before.Text("ends_on") != "2027-01-05" || before.At("ends_provisional") != true || due.Text("items", 0, "due_on") != "2027-01-05" || due.At("items", 0, "due_provisional") != true {
			t.Errorf("%s %s", before.Raw, due.Raw)
		}
		notice := []byte(`{"year":2027,"days":[{"name":"元旦","date":"2027-01-01","isOffDay":true},{"name":"元旦","date":"2027-01-05","isOffDay":true}]}`)
		s.Upload(s.clerk, "/api/v1/staff/calendar/holidays", "2027.json", notice).Want(200)
		after := s.Get(s.clerk, office+"/"+id).Want(200)
		due = s.Get(s.clerk, office+"/"+id+"/objections").Want(200)
		if after.Text("ends_on") != "2027-01-06" || after.At("ends_provisional") != nil || due.Text("items", 0, "due_on") != "2027-01-07" || due.At("items", 0, "due_provisional") != nil {
			t.Errorf("%s %s", after.Raw, due.Raw)
		}
		if got := s.Upload(s.clerk, "/api/v1/staff/calendar/holidays", "2027.json", notice).Want(200); len(got.Items("added"))+len(got.Items("changed"))+len(got.Items("removed")) != 0 {
			t.Errorf("the same notice again changes %s", got.Raw)
		}
		s.Upload(s.clerk, "/api/v1/staff/calendar/holidays", "2027.json", []byte(`{"year":2027,"days":[{"name":"元旦","date":"2027-01-06","isOffDay":true}]}`)).Want(200)
		if got := s.Get(s.clerk, office+"/"+id).Want(200); got.Text("ends_on") != "2027-01-05" {
			t.Errorf("a corrected notice moves a running period: %s", got.Raw)
		}
	})
}
