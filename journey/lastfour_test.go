package journey

import (
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"gongdi/api/apitest"
	"gongdi/model"
	"gongdi/service/keeping"
	"gongdi/service/vault"
)

// finds are the kinds that a word finds, and the homes of the people.
func (s *street) finds(token, q string) (kinds, homes []string) {
	s.T.Helper()
	got := s.Get(token, "/api/v1/staff/search?q="+url.QueryEscape(q)).Want(200)
	for i := range got.Items("items") {
		kind := got.Text("items", i, "kind")
		kinds = append(kinds, kind)
		if kind == "person" {
			homes = append(homes, got.Text("items", i, "id"))
		}
		if strings.Contains(string(got.Raw), "欧阳某某") {
			s.T.Errorf("%s shows who", got.Raw)
		}
	}
	return kinds, homes
}

// owned gives a home one owner.
func (s *street) owned(home string, owner map[string]any) {
	s.T.Helper()
	s.Do("PATCH", s.clerk, "/api/v1/staff/properties/"+home, map[string]any{"owners": []any{owner}, "reason": "补正"}).Want(200)
}

// TestPeopleAreFoundByTheLastFour follows one owner through changes, a key that
// changes, and rows that were never keyed.
func TestPeopleAreFoundByTheLastFour(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		motion := s.put("临江花园", nil)
		voters := s.voters(motion)
		_, home := homeOf(voters[0])
		_, other := homeOf(voters[1])
		const room = "1001"
		s.exec("UPDATE properties SET label = '1栋1单元1001' WHERE id = ?", other)
		s.put("临江花园", map[string]any{"title": "停车位" + room})
		elsewhere := s.Staff(model.RoleCommunity, apitest.Street+"002")
		found := func(when string, want bool, words ...string) {
			t.Helper()
			for _, q := range words {
				if _, homes := s.finds(s.clerk, q); slices.Contains(homes, home) != want {
					t.Errorf("%s %q finds %v, want the home: %t", when, q, homes, want)
				}
				if _, homes := s.finds(elsewhere, q); slices.Contains(homes, home) {
					t.Errorf("%s %q finds the home elsewhere", when, q)
				}
			}
		}
		found("at first", false, "002X", room)
		s.owned(home, map[string]any{"name": "欧阳某某", "document": "11010519491231002X", "phone": "1990000" + room})
		found("as entered", true, room, "002X", "002x", " ００２ｘ ", "31002X", "11010519491231002X", "1990000"+room, "欧阳某某")
		found("what is no end of it", false, "1002", "002Y", "2X", "02X", "1990", "____", "002%")
		kinds, _ := s.finds(s.clerk, room)
		if got := strings.Join(slices.Compact(kinds), " "); got != "home person motion" {
			t.Errorf("%s finds %s", room, got)
		}
		s.owned(home, map[string]any{"name": "欧阳某某", "phone": "0857-7224321转8012"})
		found("by the phone from before", false, room)
		found("by the new phone", true, "4321", "002X")
		found("by its extension", false, "8012")

		lacking := `SELECT COUNT(*) FROM owners WHERE phone_end_index IS NULL OR document_end_index IS NULL
OR document_tail_index <> '' AND document_end_index = '' OR phone_index <> '' AND phone_end_index = ''`
		forget := func() {
			s.exec("UPDATE owners SET phone_end_index = NULL, document_end_index = NULL")
			found("never keyed,", false, "4321", "002X")
		}
		forget()
		var replicas sync.WaitGroup
		for range 2 {
			replicas.Go(func() {
				if err := h.Registry.KeyEnds(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		replicas.Wait()
		found("keyed by two at once,", true, "4321", "002X")

		forget()
		outside, err := vault.Open(h.KeyFile, false)
		apitest.Check(t, err)
		apitest.Check(t, outside.Rotate())
		_, err = keeping.Reseal(t.Context(), h.DB, s.folder(), outside)
		apitest.Check(t, err)
		apitest.Check(t, outside.Retire())
		apitest.Check(t, h.Vault.Refresh())
		apitest.Check(t, h.Registry.KeyEnds(t.Context()))
		found("after the data key has changed,", true, "4321", "002X")
		if n := s.count(lacking); n != 0 {
			t.Errorf("%d owners lack an end", n)
		}

		s.owned(home, map[string]any{"name": "欧阳某某", "document": "", "phone": ""})
		found("with neither kept,", false, "4321", "002X")
		s.owned(home, map[string]any{"name": "欧阳某某", "document": "11010519491231002X", "phone": "19900004321"})
		found("entered again,", true, "4321", "002X")
		s.owned(home, map[string]any{"name": "吴某某"})
		found("sold,", false, "4321", "002X", "欧阳某某")
		if s.count("SELECT COUNT(*) FROM audit_log WHERE action = 'search.people'") == 0 {
			t.Error("that people were looked for is not logged")
		}
	})
}
