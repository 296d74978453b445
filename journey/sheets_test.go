package journey

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"gongdi/api/apitest"
	"gongdi/model"
)

// codesOf are the codes of the sheets that were printed, in walking order.
func codesOf(t testing.TB, h *apitest.House, motion string) []string {
	t.Helper()
	var codes []string
	apitest.Check(t, h.DB.Read(context.Background()).Raw(`SELECT s.code FROM sheets s JOIN sheet_ballots b ON b.sheet_id = s.id
JOIN roll_voters v ON v.motion_id = b.motion_id AND v.id = b.voter_id WHERE b.motion_id = ? ORDER BY v.position`, motion).Scan(&codes).Error)
	return codes
}

// TestAPrintedPaperIsEnteredByItsCode prints two questions on one paper for
// each owner, and enters one paper with both answers.
func TestAPrintedPaperIsEnteredByItsCode(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		one := s.put("临江花园", map[string]any{"paper_check": "double"})
		two := s.put("临江花园", map[string]any{"paper_check": "double", "title": "停车管理", "items": []any{map[string]any{"code": "gate", "label": "道闸"}}})
		other := s.put("石岭小区", nil)
		printed := s.Post(s.clerk, "/api/v1/staff/sheets/print", map[string]any{"motion_ids": []string{one, two}, "building": "1栋", "unit": "1单元"}).Want(200)
		if !bytes.HasPrefix(printed.Raw, []byte("%PDF-")) || printed.Header.Get("Content-Type") != "application/pdf" {
			t.Errorf("%v", printed.Header)
		}
		for _, c := range []struct {
			ids  []string
			code string
			want int
		}{{[]string{one, other}, "scope_differs", 422}, {[]string{"none"}, "invalid_request", 422}} {
			s.Post(s.clerk, "/api/v1/staff/sheets/print", map[string]any{"motion_ids": c.ids}).Code(c.want, c.code)
		}
		s.Post(s.clerk, "/api/v1/staff/sheets/print", map[string]any{"motion_ids": []string{one}, "building": "99栋"}).Code(409, "nothing_to_print")

		codes := codesOf(t, h, one)
		typed := strings.ToLower(strings.ReplaceAll(codes[0], "-", ""))
		shown := s.Get(s.clerk, "/api/v1/staff/sheets/"+typed).Want(200)
		if shown.Text("code") != codes[0] || len(shown.Items("lines")) != 2 || len(codesOf(t, h, two)) != len(codes) {
			t.Errorf("%s", shown.Raw)
		}
		slip := []byte(typed)
		slip[3], slip[4] = slip[4], slip[3]
		if slip[3] != slip[4] {
			s.Get(s.clerk, "/api/v1/staff/sheets/"+string(slip)).Code(404, "not_found")
		}
		s.Get(h.Staff(model.RoleCommunity, apitest.Street+"002"), "/api/v1/staff/sheets/"+typed).Code(404, "not_found")
		s.Get(h.Staff(model.RoleGrid, apitest.Street+"001"), "/api/v1/staff/sheets/"+typed).Code(404, "not_found")

		today := h.Now().In(time.FixedZone("", 8*3600)).Format(time.DateOnly)
		entry := func(first, second map[string]any) map[string]any {
			first["motion_id"], second["motion_id"] = one, two
			return map[string]any{"channel": "paper", "signed_on": today, "entries": []any{first, second}}
		}
		bad := s.Post(s.clerk, "/api/v1/staff/sheets/"+typed, entry(map[string]any{"choice": "agree"}, map[string]any{"choice": "agree", "items": []string{"roof"}})).Code(422, "invalid_request")
		if bad.Text("errors", 0, "location") != "body.entries[1].items[0]" {
			t.Errorf("%s", bad.Raw)
		}
		if waiting := s.Get(s.clerk, "/api/v1/staff/motions/"+one+"/papers").Want(200); waiting.Number("total") != 0 {
			t.Errorf("half a sheet was entered: %s", waiting.Raw)
		}
		twice := entry(map[string]any{"choice": "agree"}, map[string]any{"choice": "agree"})
		twice["entries"] = []any{map[string]any{"motion_id": one, "choice": "agree"}, map[string]any{"motion_id": one, "choice": "oppose"}}
		s.Post(s.clerk, "/api/v1/staff/sheets/"+typed, twice).Code(422, "invalid_request")
		whole := entry(map[string]any{"choice": "agree"}, map[string]any{"choice": "oppose", "items": []string{"gate"}})
		scan := s.Upload(s.clerk, "/api/v1/staff/files", "scan.png", photo(t)).Want(201).Text("id")
		whole["scan_file_ids"] = []string{scan}
		done := s.Post(s.clerk, "/api/v1/staff/sheets/"+typed, whole).Want(200)
		if done.Text("entries", 0, "standing") != "unconfirmed" || done.Text("entries", 1, "standing") != "unconfirmed" {
			t.Errorf("%s", done.Raw)
		}
		colleague := h.Staff(model.RoleStreet, apitest.Street)
		log := "/api/v1/staff/motions/" + one + "/receipts"
		noted := s.Post(s.clerk, log, map[string]any{"way": "box", "place": "门厅", "sheets": 30, "collectors": []string{"甲某"}, "received_at": h.Now()}).Want(201)
		strike := log + "/" + noted.Text("id") + "/strike"
		if struck := s.Post(s.clerk, strike, map[string]any{"reason": "应为3份"}).Want(200); struck.Text("struck") != "应为3份" {
			t.Errorf("%s", struck.Raw)
		}
		s.Post(s.clerk, strike, map[string]any{"reason": "应为3份"}).Code(409, "receipt_struck")
		if listed := s.Get(s.clerk, log).Want(200); listed.Number("total") != 1 || listed.Text("items", 0, "struck") != "应为3份" {
			t.Errorf("%s", listed.Raw)
		}
		waiting := s.Get(colleague, "/api/v1/staff/motions/"+two+"/papers").Want(200)
		voter := waiting.Text("items", 0, "voter_id")
		if waiting.Text("items", 0, "scan_file_ids", 0) != scan {
			t.Errorf("%s", waiting.Raw)
		}
		s.Get(colleague, "/api/v1/staff/motions/"+two+"/ballots/"+voter+"/scans/"+scan).Want(200)
		batch := s.Post(colleague, "/api/v1/staff/motions/"+two+"/confirmations", map[string]any{"voter_ids": []string{voter}}).Want(200)
		if batch.Text("items", 0, "standing") != "counted" {
			t.Errorf("%s", batch.Raw)
		}
	})
}

// TestAPaperForTheWrongVoterIsTakenBack by whoever notices, and where two check
// by another than who typed it.
func TestAPaperForTheWrongVoterIsTakenBack(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		colleague := h.Staff(model.RoleStreet, apitest.Street)
		today := h.Now().In(time.FixedZone("", 8*3600)).Format(time.DateOnly)
		for check, mayOwn := range map[string]bool{"single": true, "double": false} {
			id := s.put("临江花园", map[string]any{"paper_check": check})
			voter := s.Get(s.clerk, "/api/v1/staff/motions/"+id+"/voters").Want(200).Text("items", 0, "voter_id")
			ballot := "/api/v1/staff/motions/" + id + "/ballots/" + voter
			paper := map[string]any{"channel": "paper", "choice": "agree", "signed_on": today}
			wrong := map[string]any{"reason": "录错了户"}
			s.Put(s.clerk, ballot, paper).Want(200)
			s.Post(s.clerk, ballot+"/retraction", map[string]any{"reason": ""}).Code(422, "invalid_request")
			if !mayOwn {
				s.Post(s.clerk, ballot+"/retraction", wrong).Code(403, "own_entry")
			}
			back := s.Post(colleague, ballot+"/retraction", wrong).Want(200)
			if back.Text("voter_id") != voter || back.Text("participation") != "none" {
				t.Errorf("%s", back.Raw)
			}
			s.Post(colleague, ballot+"/retraction", wrong).Code(409, "nothing_to_retract")
			s.Put(s.clerk, ballot, paper).Want(200) // no reason: there is no entry to change
		}
	})
}
