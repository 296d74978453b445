package journey

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"gongdi/api/apitest"
	"gongdi/model"
	"gongdi/service/schemes"
)

const schemeOffice = "/api/v1/staff/schemes"

// planned is one content of a scheme.
func planned(code string, hundredths, fen int) map[string]any {
	return map[string]any{"code": code, "quantity_hundredths": hundredths, "estimate_fen": fen}
}

// schemeFor is the body of an estate's scheme, changed as told.
func (s *street) schemeFor(estate string, more map[string]any) map[string]any {
	body := map[string]any{
		"scope": map[string]any{"type": "estate", "id": s.estates[estate]}, "title": estate + "改造方案", "coverage": "全部楼栋和公共区域", "focus": "先解决排水和屋面",
		"starts_on": "2026-12-01", "ends_on": "2027-06-30", "contents": []any{planned("drainage", 60000, 9000000), planned("roof", 120050, 8000000)},
		"funds": []any{map[string]any{"source": "fiscal", "ground": "public_infrastructure", "amount_fen": 12000000}, map[string]any{"source": "cash", "content": "roof", "amount_fen": 1000000}},
	}
	for k, v := range more {
		body[k] = v
	}
	return body
}

func (s *street) scheme(estate string, more map[string]any) apitest.Answer {
	s.T.Helper()
	return s.Post(s.clerk, schemeOffice, s.schemeFor(estate, more)).Want(201)
}

// TestASchemeIsShownSuggestedOnVotedAndChanged goes from the draft to the
// version that the owners passed, and to the next one, which they have not.
func TestASchemeIsShownSuggestedOnVotedAndChanged(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		const estate = "供电局家属院"
		w := s.stairwell(estate) // the whole estate, as far as votes go
		s.exec("UPDATE properties SET property_use = 'storage' WHERE estate_id = ? AND unit_id <> ?", s.estates[estate], w.unit)
		owners := make([]string, len(w.homes))
		for i := range w.homes {
			owners[i] = s.bind("owner-"+w.home(i), w.home(i), "owner")
		}
		stranger := s.bind("stranger", s.stairwell("临江花园").home(0), "owner")
		drawing := s.paperPicture(t)

		s.Post(s.clerk, schemeOffice, s.schemeFor(estate, map[string]any{"contents": []any{planned("moat", 1, 1)}})).Code(422, "invalid_request")
		s.Post(s.clerk, schemeOffice, s.schemeFor(estate, map[string]any{"contents": []any{planned("roof", 1, 1), planned("roof", 1, 1)}})).Code(422, "invalid_request")
		s.Post(s.clerk, schemeOffice, s.schemeFor(estate, map[string]any{"funds": []any{map[string]any{"source": "fiscal", "amount_fen": 1}}})).Code(422, "invalid_request")
		s.Post(s.clerk, schemeOffice, s.schemeFor(estate, map[string]any{"funds": []any{map[string]any{"source": "cash", "content": "lift", "amount_fen": 1}}})).Code(422, "invalid_request")
		s.Post(s.clerk, schemeOffice, s.schemeFor(estate, map[string]any{"ends_on": "2026-01-01"})).Code(422, "invalid_request")
		s.Post(s.clerk, schemeOffice, s.schemeFor(estate, map[string]any{"scope": map[string]any{"type": "unit", "id": "none"}})).Code(422, "invalid_request")
		made := s.scheme(estate, map[string]any{"contents": []any{}, "funds": []any{}})
		id := made.Text("id")
		path, mine := schemeOffice+"/"+id, "/api/v1/schemes/"+id
		s.Post(s.clerk, schemeOffice, s.schemeFor(estate, nil)).Code(409, "scheme_exists")
		s.Post(s.clerk, path+"/publish", nil).Code(409, "scheme_empty")
		s.Post(s.clerk, path+"/notice", map[string]any{}).Code(409, "scheme_not_published")
		full := s.schemeFor(estate, map[string]any{"drawings": []any{map[string]any{"file_id": drawing, "title": "总平面图"}}})
		delete(full, "scope")
		drafted := s.Put(s.clerk, path, full).Want(200)
		if drafted.Number("version") != 1 || drafted.Number("estimate_fen") != 17000000 || drafted.Number("gap_fen") != 4000000 || len(drafted.Items("warnings")) != 0 || drafted.Text("contents", 1, "unit") != "平方米" {
			t.Errorf("%s", drafted.Raw)
		}
		s.Get(owners[0], mine).Code(404, "not_found")
		first := s.Post(s.clerk, path+"/publish", nil).Want(200)
		s.Post(s.clerk, path+"/publish", nil).Code(409, "scheme_published")
		if got := s.Get(owners[0], mine).Want(200); got.Text("digest") != first.Text("digest") || len(got.Text("digest")) != 64 || got.Text("verdict") != "none" {
			t.Errorf("%s", got.Raw)
		}
		s.Get(stranger, mine).Code(404, "not_found")
		s.Get(stranger, "/api/v1/estates/"+s.estates[estate]+"/schemes").Code(404, "not_found")
		if n := s.Get(owners[0], "/api/v1/estates/"+s.estates[estate]+"/schemes").Want(200).Number("total"); n != 1 {
			t.Errorf("%v schemes", n)
		}
		s.Get(owners[0], mine+"/files/"+drawing).Want(200)
		s.Get(owners[0], mine+"/files/none").Code(404, "not_found")
		county := s.Staff(model.RoleCounty, "520523")
		s.Get(county, path+"/files/"+drawing).Want(200)
		if n := s.Get(county, schemeOffice).Want(200).Number("total"); n != 1 {
			t.Errorf("the county sees %v schemes", n)
		}

		notice := s.Post(s.clerk, path+"/notice", map[string]any{}).Want(201)
		if notice.Number("publicity_days") != 7 || notice.Text("about", "id") != id || notice.Number("about", "version") != 1 || !strings.Contains(notice.Text("html"), "1200.50 平方米") {
			t.Errorf("%s", notice.Raw)
		}
		s.Post(s.clerk, path+"/notice", map[string]any{"publicity_days": 3}).Code(422, "publicity_short")
		s.Post(s.clerk, "/api/v1/staff/notices/"+notice.Text("id")+"/publish", nil).Want(200)
		said := s.Post(owners[1], "/api/v1/notices/"+notice.Text("id")+"/suggestions", map[string]any{"text": "增加停车位"}).Want(201).Text("id")
		s.Post(s.clerk, "/api/v1/staff/notices/"+notice.Text("id")+"/suggestions/"+said+"/answer", map[string]any{"status": "adopted", "answer": "下一版增加"}).Want(200)
		h.Wait(time.Second)

		s.Put(s.clerk, path, full).Code(422, "invalid_request") // no reason
		full["reason"], full["contents"] = "采纳居民建议", []any{planned("drainage", 60000, 9000000), planned("parking", 2000, 500000), planned("catering", 100, 100000)}
		full["funds"], full["drawings"] = []any{map[string]any{"source": "fiscal", "ground": "public_infrastructure", "amount_fen": 9000000}, map[string]any{"source": "fiscal", "ground": "public_infrastructure", "amount_fen": 600000}}, []any{}
		second := s.Put(s.clerk, path, full).Want(200)
		if second.Number("version") != 2 || len(second.Items("warnings")) != 1 || !strings.Contains(second.Text("warnings", 0, "message"), "屋面防水修缮（未摸底）") {
			t.Errorf("%s", second.Raw)
		}
		if got := s.Get(owners[0], mine).Want(200); got.Number("version") != 1 || got.Number("latest_version") != 1 {
			t.Errorf("a draft is shown: %s", got.Raw)
		}
		s.Get(owners[0], mine+"?version=2").Code(404, "not_found")
		s.Get(owners[0], mine+"/versions/2/diff").Code(404, "not_found")
		s.Post(s.clerk, path+"/publish", nil).Want(200)
		diff := s.Get(owners[0], mine+"/versions/2/diff").Want(200)
		changes := map[string]string{}
		for i := range diff.Items("contents") {
			changes[diff.Text("contents", i, "code")] = diff.Text("contents", i, "change")
		}
		if len(changes) != 3 || changes["parking"] != "added" || changes["roof"] != "removed" || len(diff.Items("funds")) != 2 || len(diff.Items("drawings_removed")) != 1 ||
			diff.Number("estimate_before_fen") != 17000000 || diff.Number("estimate_after_fen") != 9600000 || diff.Text("reason") != "采纳居民建议" {
			t.Errorf("%s", diff.Raw)
		}
		s.Get(s.clerk, path+"/versions/1/diff").Code(404, "not_found")
		s.Get(s.clerk, path+"/versions/x/diff").Code(404, "not_found")
		heard := s.Get(owners[0], mine+"/suggestions").Want(200)
		if len(heard.Items("items")) != 0 { // its content is not checked yet
			t.Errorf("%s", heard.Raw)
		}
		heard = s.Get(owners[1], mine+"/suggestions").Want(200)
		if heard.Text("items", 0, "answer") != "下一版增加" || heard.Number("items", 0, "adopted_in_version") != 2 || heard.Number("items", 0, "scheme_version") != 1 {
			t.Errorf("%s", heard.Raw)
		}

		opens, closes := h.Now().Add(time.Minute), h.Now().Add(time.Hour)
		motion := s.Post(s.clerk, path+"/motion", map[string]any{"kind": "ordinary", "opens_at": opens, "closes_at": closes}).Want(201)
		if !strings.Contains(motion.Text("text"), s.Get(s.clerk, path).Want(200).Text("digest")) || motion.Text("subject") != "scheme" {
			t.Errorf("%s", motion.Raw)
		}
		s.Put(s.clerk, path+"/motion", map[string]any{"motion_id": s.put(estate, map[string]any{"kind": "ordinary", "subject": "scheme"})}).Code(422, "invalid_request") // it runs already
		s.Put(s.clerk, path+"/motion", map[string]any{"motion_id": s.put("临江花园", map[string]any{"kind": "ordinary", "subject": "scheme", "opens_at": opens, "closes_at": closes, "count_until": closes})}).Code(422, "invalid_request")
		s.Put(s.clerk, path+"/motion", map[string]any{"motion_id": motion.Text("id")}).Want(204)
		passed := func() *schemes.Version {
			v, err := schemes.Approved(t.Context(), h.DB.Read(t.Context()), s.estates[estate])
			apitest.Check(t, err)
			return v
		}
		if v := passed(); v != nil {
			t.Errorf("version %d is approved before the vote", v.As.Version)
		}
		s.exec("UPDATE properties SET area = 8000 WHERE area IS NULL")
		s.Post(s.clerk, "/api/v1/staff/motions/"+motion.Text("id")+"/publish", nil).Want(200)
		h.Wait(2 * time.Minute)
		again := map[string]any{"kind": "ordinary", "opens_at": h.Now().Add(time.Minute), "closes_at": h.Now().Add(time.Hour)}
		s.Post(s.clerk, path+"/motion", again).Code(409, "scheme_voted")
		full["reason"] = "再改"
		s.Put(s.clerk, path, full).Want(200)
		s.Post(s.clerk, path+"/publish", nil).Code(409, "scheme_in_vote")
		s.Post(s.clerk, path+"/withdraw", map[string]any{"reason": "x"}).Code(409, "scheme_in_vote")
		for _, owner := range owners {
			ballots := s.Get(owner, "/api/v1/motions/"+motion.Text("id")).Want(200)
			for i := range ballots.Items("my_ballots") {
				s.Put(owner, "/api/v1/motions/"+motion.Text("id")+"/ballots/"+ballots.Text("my_ballots", i, "voter_id"), map[string]any{"choice": "agree"}).Want(200)
			}
		}
		listed := func(want string) {
			t.Helper()
			if all := s.Get(owners[0], "/api/v1/estates/"+s.estates[estate]+"/schemes").Want(200); all.Text("items", 0, "verdict") != want {
				t.Errorf("not %s: %s", want, all.Raw)
			}
		}
		listed("pending")
		s.Post(s.clerk, "/api/v1/staff/motions/"+motion.Text("id")+"/close", map[string]any{"reason": "完成"}).Want(200)
		listed("passed")
		if v := passed(); v == nil || v.As.Version != 2 || len(v.Lines) != 3 {
			t.Fatalf("approved is %+v", v)
		}
		third := s.Post(s.clerk, path+"/publish", nil).Want(200)
		if third.Number("version") != 3 || third.Number("approved_version") != 2 || third.Text("verdict") != "none" {
			t.Errorf("%s", third.Raw)
		}
		if v := passed(); v == nil || v.As.Version != 2 || v.As.Digest != s.Get(owners[0], mine+"?version=2").Want(200).Text("digest") {
			t.Errorf("a later version displaces the approved one: %+v", v)
		}
		s.Put(s.clerk, path+"/motion", map[string]any{"motion_id": motion.Text("id")}).Code(422, "invalid_request") // it voted on version 2
		s.Post(s.clerk, path+"/withdraw", map[string]any{"reason": "x"}).Code(409, "scheme_approved")
		all, err := schemes.ApprovedIn(t.Context(), h.DB.Read(t.Context()), s.estates[estate])
		apitest.Check(t, err)
		if len(all) != 1 {
			t.Errorf("%d schemes are approved", len(all))
		}
		for _, p := range []string{s.Get(s.clerk, path+"/scheme.pdf?version=2").Want(200).Header.Get("Content-Type"), s.Get(owners[0], mine+"/scheme.pdf").Want(200).Header.Get("Content-Type")} {
			if p != "application/pdf" {
				t.Error(p)
			}
		}
		_, zipped := s.taken(s.clerk, map[string]any{"kind": "estate_file", "id": s.estates[estate]})
		files := filesIn(t, zipped)
		index := fmt.Sprint(table(t, files["00-目录.xlsx"], "目录"))
		for version, words := range map[int]string{2: "业主表决通过", 3: "现行版本"} {
			name := fmt.Sprintf("09-改造方案/01-%s-第%d版.pdf", estate, version)
			if !bytes.Equal(files[name], s.Get(s.clerk, fmt.Sprintf("%s/scheme.pdf?version=%d", path, version)).Want(200).Raw) {
				t.Errorf("%s is not the scheme's own print", name)
			}
			if line := fmt.Sprintf("[%s 改造方案：%s（第 %d 版，%s）]", name, estate, version, words); !strings.Contains(index, line) {
				t.Errorf("no %s in %s", line, index)
			}
		}
		if files[fmt.Sprintf("09-改造方案/01-%s-第1版.pdf", estate)] != nil {
			t.Error("a version of the past is in the file")
		}
	})
}

func TestAStairwellsSchemeIsOneAndMayBeGivenUp(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		w := s.stairwell("临江花园")
		of := func(more map[string]any) map[string]any {
			body := map[string]any{"scope": map[string]any{"type": "unit", "id": w.unit}}
			for k, v := range more {
				body[k] = v
			}
			return s.schemeFor("临江花园", body)
		}
		comfort := []any{planned("perimeter", 100, 100)}
		made := s.Post(s.clerk, schemeOffice, of(map[string]any{"contents": comfort, "funds": []any{}})).Want(201)
		if len(made.Items("warnings")) != 1 || !strings.Contains(made.Text("scope", "label"), "临江花园") {
			t.Errorf("%s", made.Raw)
		}
		sound := []any{}
		catalogue := s.Get(s.clerk, "/api/v1/staff/scheme-catalogue").Want(200)
		for i := range catalogue.Items("contents") {
			if catalogue.At("contents", i, "safety") == true || catalogue.At("contents", i, "underground") == true {
				sound = append(sound, map[string]any{"code": catalogue.Text("contents", i, "code"), "state": "sound"})
			}
		}
		s.scheme("临江花园", map[string]any{"contents": sound, "funds": []any{}})
		if got := s.Get(s.clerk, schemeOffice+"/"+made.Text("id")).Want(200); len(got.Items("warnings")) != 0 {
			t.Errorf("the estate's scheme settles it: %s", got.Raw)
		}
		s.Post(s.clerk, schemeOffice+"/"+made.Text("id")+"/withdraw", map[string]any{"reason": "并入小区方案"}).Want(204)
		s.Put(s.clerk, schemeOffice+"/"+made.Text("id"), map[string]any{"title": "x"}).Code(409, "scheme_withdrawn")
		s.Post(s.clerk, schemeOffice, of(nil)).Want(201)
	})
}

func TestTheCatalogueIsTheStreetsOwn(t *testing.T) {
	h := apitest.SQLite(t)
	s := open(t, h)
	const catalogue = "/api/v1/staff/scheme-catalogue"
	if got := s.Get(s.clerk, catalogue).Want(200); len(got.Items("contents")) != 34 || len(got.Items("classes")) != 3 || len(got.Items("parts")) != 6 {
		t.Errorf("%s", got.Raw)
	}
	content := map[string]any{"part": 6, "class": "safety", "name": "危墙加固", "unit": "处", "position": 1, "safety": true}
	s.Put(s.clerk, catalogue+"/contents/walls", content).Code(422, "invalid_request")
	s.Put(s.clerk, catalogue+"/classes/safety", map[string]any{"name": "安全类", "position": 0}).Want(200)
	s.Put(s.clerk, catalogue+"/contents/walls", content).Want(200)
	s.Put(s.clerk, catalogue+"/contents/Walls", content).Code(422, "invalid_request")
	made := s.scheme("临江花园", map[string]any{"contents": []any{planned("walls", 200, 100)}, "funds": []any{}})
	if made.Text("contents", 0, "class_name") != "安全类" {
		t.Errorf("%s", made.Raw)
	}
	path := schemeOffice + "/" + made.Text("id")
	s.Post(s.clerk, path+"/publish", nil).Want(200)
	content["name"], content["retired"] = "别的", true
	s.Put(s.clerk, catalogue+"/contents/walls", content).Want(200)
	body := s.schemeFor("临江花园", map[string]any{"contents": []any{planned("walls", 300, 100)}, "funds": []any{}, "reason": "加一处"})
	delete(body, "scope")
	if kept := s.Put(s.clerk, path, body).Want(200); kept.Text("contents", 0, "name") != "危墙加固" {
		t.Errorf("a version loses its words: %s", kept.Raw)
	}
	s.Post(s.clerk, schemeOffice, s.schemeFor("石岭小区", map[string]any{"contents": []any{planned("walls", 1, 1)}})).Code(422, "invalid_request")
}

func TestASchemeBeginsFromWishesAndCases(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		estate := s.estates["临江花园"]
		w := s.stairwell("临江花园")
		ask := func(place, id string) apitest.Answer {
			return s.Post(s.clerk, schemeOffice+"/suggest", map[string]any{"scope": map[string]any{"type": place, "id": id}}).Want(200)
		}
		if got := ask("estate", estate); got.At("survey_id") != nil || got.At("items", 0, "wish") != nil || got.At("items", 0, "underground") != true {
			t.Errorf("without a survey begin with what lies underground: %s", got.Raw)
		}
		survey := s.survey("临江花园", map[string]any{"questions": []any{map[string]any{
			"code": "w", "type": "ranking", "label": "最想改造什么", "wish": true,
			"options": []any{map[string]any{"code": "parking", "label": "停车"}, map[string]any{"code": "roof", "label": "屋面"}, map[string]any{"code": "moat", "label": "护城河"}},
		}}})
		for i, named := range [][]string{{"parking", "roof"}, {"parking"}, {"moat", "roof"}} {
			resident := s.bind("wisher-"+w.home(i), w.home(i), "owner")
			s.Put(resident, "/api/v1/surveys/"+survey+"/response", answersOf(w.home(i), map[string]any{"w": named})).Want(200)
		}
		complainer := s.bind("complainer", w.home(3), "owner")
		s.Post(complainer, "/api/v1/complaints", map[string]any{"estate_id": estate, "category": "gas", "text": "燃气管道老化", "contact": "none"}).Want(201)
		for place, id := range map[string]string{"estate": estate, "unit": w.unit} {
			got := ask(place, id)
			if got.Text("items", 0, "code") != "parking" || got.Number("items", 0, "wish", "named") != 2 || got.Number("items", 0, "wish", "valid") != 3 ||
				got.Text("items", 1, "code") != "roof" || got.Text("items", 2, "code") != "gas" || got.Number("items", 2, "cases") != 1 || got.Number("responses") != 3 {
				t.Errorf("%s: %s", place, got.Raw)
			}
		}
		s.Post(s.clerk, schemeOffice+"/suggest", map[string]any{"scope": map[string]any{"type": "estate", "id": "none"}}).Code(422, "invalid_request")
	})
}
