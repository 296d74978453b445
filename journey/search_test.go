package journey

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"gongdi/api/apitest"
	"gongdi/model"
	"gongdi/service/search"
)

// TestAFewWordsFindWhatOneMaySee searches in each role.
func TestAFewWordsFindWhatOneMaySee(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		estate := s.estates["临江花园"]
		motion := s.put("临江花园", map[string]any{"title": "临江花园停车位"})
		s.scheme("临江花园", nil)
		_, home := homeOf(s.voters(motion)[0])
		owner := s.bind("owner", home, "owner")
		filed := s.Post(owner, "/api/v1/complaints", map[string]any{"text": "路灯不亮", "estate_id": estate, "category": "other", "contact": "none"}).Want(201)
		person := people(t)[0]
		find := func(token, kind, q string) apitest.Answer {
			return s.Get(token, "/api/v1/staff/search?kind="+kind+"&q="+url.QueryEscape(q))
		}
		kinds := func(a apitest.Answer) string {
			seen := ""
			for i := range a.Items("items") {
				if k := a.Text("items", i, "kind"); !strings.Contains(seen, k) {
					seen += k + " "
				}
			}
			return seen
		}
		grid, county := s.Staff(model.RoleGrid, apitest.Street+"001"), s.Staff(model.RoleCounty, "520523")
		department, elsewhere := s.Staff(model.RoleDepartment, apitest.Street), s.Staff(model.RoleCommunity, apitest.Street+"002")
		for _, c := range []struct {
			name, token, kind, q, want string
		}{
			{"all of a street", s.clerk, "", "临江花园", "estate home motion case scheme "},
			{"the county sees no homes and people", county, "", "临江花园", "estate motion scheme "},
			{"the grid without buildings sees nothing", grid, "", "临江花园", ""},
			{"elsewhere", elsewhere, "", "临江花园", ""},
			{"a department sees its own cases only", department, "", filed.Text("number"), ""},
			{"a case by its number", s.clerk, "case", filed.Text("number"), "case "},
			{"a person by the whole name", s.clerk, "person", person, "person "},
			{"and not by a part of it", s.clerk, "person", person[:len(person)-3] + "某", ""},
			{"and not elsewhere", elsewhere, "person", person, ""},
		} {
			if got := find(c.token, c.kind, c.q).Want(200); kinds(got) != c.want || strings.Contains(string(got.Raw), person) {
				t.Errorf("%s: %q, want %q: %s", c.name, kinds(got), c.want, got.Raw)
			}
		}
		for token, kind := range map[string]string{county: "person", grid: "person", department: "estate"} {
			find(token, kind, "临江花园").Code(403, "forbidden")
		}
		find(s.clerk, "", "临").Code(422, "search_too_short")
		first := s.Get(s.clerk, "/api/v1/staff/search?kind=home&page_size=2&q="+url.QueryEscape("临江花园")).Want(200)
		next := s.Get(s.clerk, "/api/v1/staff/search?kind=home&page_size=2&page=2&q="+url.QueryEscape("临江花园")).Want(200)
		if first.At("more") != true || first.Text("items", 1, "id") == next.Text("items", 0, "id") || len(next.Items("items")) != 2 {
			t.Errorf("%s then %s", first.Raw, next.Raw)
		}
		if s.count("SELECT COUNT(*) FROM audit_log WHERE action LIKE 'search%'") == 0 {
			t.Error("that people were looked for is not logged")
		}
	})
}

// TestNoWordBreaksASearch looks for what no name is made of; marks that a
// database might take for others stand for themselves.
func TestNoWordBreaksASearch(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		s.put("临江花园", map[string]any{"title": "停车位 100%_A'区 \\ 二期"})
		s.Post(s.clerk, "/api/v1/staff/complaints", map[string]any{"text": "路灯不亮", "estate_id": s.estates["临江花园"]}).Want(201)
		words := []string{
			"%%", "__", "临%园", "临_花园", "路%", "%园", "花园%", "\\%", "\\\\", "'' OR 1=1 --", "\"\"", "``", ";;", "--", "/*", "*/", "?1", ":a", "@p", "$$", "{{", "[[", "^$",
			"\x00\x00", "临\x00江", "\xff\xfe", "临\xff", "\xed\xa0\x80\xed\xa0\x80", "\u202e字", "\u200b\u200b", "\ufeff\ufeff", "\ufffd\ufffd", "😀😀", "𬬭𬬭", "ﬁﬁ", "ẞẞ", "İİ", "１０１", "\u3000\u3000", "\t\n", "\u0301\u0301",
			"0000", "000X", "９９９９", "-001", "1e10", "NULL", "null", "无无", "()", "（）", "((((", "：：", strings.Repeat("长", 60), strings.Repeat("%", 60), strings.Repeat("a", 18), strings.Repeat("9", 11),
		}
		for _, q := range words {
			for _, kind := range append([]string{""}, search.Kinds...) {
				got := s.Get(s.clerk, "/api/v1/staff/search?kind="+kind+"&q="+url.QueryEscape(q))
				if got.Status != 200 && got.Status != 400 && got.Status != 422 {
					t.Errorf("%q of %q: %d %s", kind, q, got.Status, got.Raw)
				}
				if strings.ContainsAny(q, "%_\\") && got.Status == 200 && len(got.Items("items")) > 0 {
					t.Errorf("%q of %q finds %s", kind, q, got.Raw)
				}
			}
		}
		for _, q := range []string{"停车位 100%", "停车位100%_A'", "A'区 \\ 二期", "位1"} {
			if kinds, _ := s.finds(s.clerk, q); !slices.Contains(kinds, "motion") {
				t.Errorf("%q does not find the motion", q)
			}
		}
	})
}
