package journey

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"gongdi/api/apitest"
	"gongdi/model"
	"gongdi/service/store"
)

const exportOffice = "/api/v1/staff/exports"

// TestLongListsAreMadeApartFromTheRequest asks for every kind, and opens what
// comes of it.
func TestLongListsAreMadeApartFromTheRequest(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		motion := s.put("临江花园", nil)
		_, home := homeOf(s.voters(motion)[0])
		owner := s.bind("owner", home, "owner")
		s.Post(owner, "/api/v1/complaints", map[string]any{"text": "=1+1 路灯不亮", "estate_id": s.estates["临江花园"], "category": "other", "contact": "none"}).Want(201)
		s.Post(s.clerk, "/api/v1/staff/complaints", map[string]any{"text": "水管漏水", "estate_id": s.estates["临江花园"]}).Want(201)
		survey := s.survey("临江花园", nil)
		asked := map[string]string{}
		for kind, body := range map[string]map[string]any{
			"voters": {"id": motion, "options": map[string]any{"status": "none"}}, "roster": {"id": s.estates["临江花园"]}, "complaints": {"options": map[string]any{"from": "2020-01-01"}}, "survey": {"id": survey}, "ledger": {},
		} {
			body["kind"] = kind
			got := s.Post(s.clerk, exportOffice, body).Want(202)
			asked[kind] = got.Text("id")
			if got.Text("status") != "waiting" || got.At("file") != nil {
				t.Errorf("%s", got.Raw)
			}
		}
		s.Post(s.clerk, exportOffice, map[string]any{"kind": "ledger"}).Code(409, "exports_too_many")
		s.Get(s.clerk, exportOffice+"/"+asked["roster"]+"/file").Code(409, "export_not_done")
		apitest.Check(t, h.Jobs.WorkOff(t.Context(), store.NewID()))
		colleague := s.Staff(model.RoleStreet, apitest.Street)
		for kind, id := range asked {
			done := s.Get(s.clerk, exportOffice+"/"+id).Want(200)
			if done.Text("status") != "done" || done.Number("progress") != 100 || !strings.HasSuffix(done.Text("file", "name"), ".xlsx") {
				t.Errorf("%s: %s", kind, done.Raw)
			}
			file := s.Get(s.clerk, exportOffice+"/"+id+"/file").Want(200)
			saysWhoMadeIt(t, kind, file.Raw, h.Now())
			rows := sheetRows(t, file.Raw)
			if kind == "voters" && len(rows) != 1+len(s.voters(motion)) || kind == "roster" && len(rows) < 3 || kind == "complaints" && len(rows) != 3 {
				t.Errorf("%s has %d rows", kind, len(rows))
			}
			if n := done.Number("total"); kind != "survey" && n != float64(len(rows)-1) {
				t.Errorf("%s has %d rows and came to %v", kind, len(rows), n)
			}
			for _, p := range people(t) {
				if strings.Contains(strings.Join(rows, "\n"), p) {
					t.Errorf("%s holds %s", kind, p)
				}
			}
			s.Get(colleague, exportOffice+"/"+id).Code(404, "not_found")
			s.Get(colleague, exportOffice+"/"+id+"/file").Code(404, "not_found")
		}
		if n := s.Get(colleague, exportOffice).Want(200).Number("total"); n != 0 {
			t.Errorf("a colleague sees %v exports", n)
		}
		if n := s.count("SELECT COUNT(*) FROM audit_log WHERE object_type LIKE 'export_%'"); n != 10 {
			t.Errorf("%d lines in the audit log", n)
		}
		s.Do("DELETE", s.clerk, exportOffice+"/"+asked["roster"], nil).Want(204)
		s.Do("DELETE", s.clerk, exportOffice+"/"+asked["roster"], nil).Code(409, "export_over")
		s.Get(s.clerk, exportOffice+"/"+asked["roster"]+"/file").Code(409, "export_not_done")
		for _, body := range []map[string]any{
			{"kind": "voters", "id": "none"}, {"kind": "roster", "id": "none"}, {"kind": "survey", "id": "none"}, {"kind": "complaints", "options": map[string]any{"from": "x"}},
			{"kind": "ledger", "id": "none"}, {"kind": "ledger", "id": "none", "options": map[string]any{"purpose_type": "estate"}}, {"kind": "roster", "id": s.estates["临江花园"], "options": map[string]any{"color": "red"}},
		} {
			s.Post(s.clerk, exportOffice, body).Code(422, "invalid_request")
		}
		s.Post(s.clerk, exportOffice, map[string]any{"kind": "none"}).Code(422, "export_kind_unknown")
		s.Post(s.Staff(model.RoleCounty, "520523"), exportOffice, map[string]any{"kind": "roster", "id": s.estates["临江花园"]}).Code(403, "forbidden")
		s.Post(s.Staff(model.RoleCommunity, apitest.Street+"002"), exportOffice, map[string]any{"kind": "roster", "id": s.estates["临江花园"]}).Code(422, "invalid_request")
	})
}

// taken asks for an export and takes it when it is made.
func (s *street) taken(token string, body map[string]any) (done apitest.Answer, content []byte) {
	s.T.Helper()
	id := s.Post(token, exportOffice, body).Want(202).Text("id")
	apitest.Check(s.T, s.Jobs.WorkOff(s.T.Context(), store.NewID()))
	if done = s.Get(token, exportOffice+"/"+id).Want(200); done.Text("status") != "done" {
		s.T.Fatalf("%s", done.Raw)
	}
	return done, s.Get(token, exportOffice+"/"+id+"/file").Want(200).Raw
}

func sheetRows(t *testing.T, content []byte) (rows []string) {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(content))
	apitest.Check(t, err)
	defer book.Close()
	lines, err := book.GetRows(book.GetSheetName(0))
	apitest.Check(t, err)
	for _, l := range lines {
		rows = append(rows, strings.Join(l, "|"))
	}
	return rows
}
