package journey

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"gongdi/api"
	"gongdi/api/apitest"
	"gongdi/model"
	"gongdi/service/store"
)

// TestWhatLiesElsewhereIsNotThere asks every route that names a thing as a
// member of staff of another community: whatever the body, it is not there.
func TestWhatLiesElsewhereIsNotThere(t *testing.T) {
	s := open(t, apitest.SQLite(t))
	motion := s.put("临江花园", nil)
	voter, home := homeOf(s.voters(motion)[0])
	ids := s.things(motion, voter, home)
	const elsewhere = apitest.Street + "002"
	neighbour := s.Staff(model.RoleCommunity, elsewhere)
	asked := 0
	for _, r := range s.API.Routes() {
		kind := strings.Split(strings.TrimPrefix(r.Path, "/api/v1/staff/"), "/")[0]
		if r.Who != api.Staff || !strings.Contains(r.Path, "{id}") && !strings.Contains(r.Path, "{unit_id}") || !model.RoleCommunity.May(r.Right) {
			continue
		}
		id, known := ids[kind]
		if !known {
			if kind == "sessions" || kind == "roster-imports" || kind == "inbox" || kind == "exports" {
				continue // one's own
			}
			t.Errorf("%s %s: say here what it is asked about", r.Method, r.Path)
			continue
		}
		path := strings.NewReplacer("{type}", "estate", "{id}", id, "{unit_id}", id, "{voter_id}", voter, "{property_id}", home).Replace(r.Path)
		for _, body := range []string{"{", `{"reason":"x"}`} {
			answer := s.Do(r.Method, neighbour, path, body)
			if answer.Status != http.StatusNotFound {
				t.Errorf("%s %s: %d %s", r.Method, r.Path, answer.Status, answer.Raw)
			}
			asked++
		}
	}
	if asked < 30 {
		t.Errorf("only %d questions asked", asked)
	}
}

// raised is money raised for a home's maintenance fund; the vote behind it is
// not held here.
func (s *street) raised(home string) string {
	s.T.Helper()
	var row model.FundRaise
	of := s.Get(s.clerk, "/api/v1/staff/properties/"+home).Want(http.StatusOK)
	row.ID, row.PropertyID, row.EstateID, row.AreaCode = store.NewID(), home, of.Text("estate_id"), apitest.Street+"001"
	row.Slot, row.MotionID, row.Amount, row.OnDate, row.Reference = row.ID, store.NewID(), 100, "2026-01-01", "1"
	row.Stage, row.EnteredBy, row.EnteredAt = model.VoucherEntered, store.NewID(), s.Now().Truncate(time.Millisecond)
	apitest.Check(s.T, store.Tx(s.T.Context(), s.DB, func(tx *gorm.DB) error { return tx.Create(&row).Error }))
	return row.ID
}

// things makes one of whatever a path of the office can name, by the path's
// first word.
func (s *street) things(motion, voter, home string) map[string]string {
	s.T.Helper()
	resident := s.Resident("waiting")
	version := s.Get("", "/api/v1/public/privacy").Text("version")
	binding := s.Post(resident, "/api/v1/me/bindings", map[string]any{
		"property_id": home, "name": "某人", "relation": "tenant", "privacy_version": version,
	}).Want(http.StatusCreated).Text("id")
	s.Staff(model.RoleGrid, apitest.Street+"001")
	member := s.Get(s.clerk, "/api/v1/staff/grid-members").Want(http.StatusOK).Text("items", 0, "id")
	grant := s.Post(s.clerk, "/api/v1/staff/grants", map[string]any{
		"voter_id": voter, "principal": "某某", "agent": "某某某", "agent_phone": "19900000009", "scope": "表决", "until": s.Now().Add(time.Hour),
		"file_ids": []string{s.Upload(s.clerk, "/api/v1/staff/files", "a.png", photo(s.T)).Want(http.StatusCreated).Text("id")},
	}).Want(http.StatusCreated).Text("id")
	represented := s.Post(s.clerk, "/api/v1/staff/representations", map[string]any{
		"property_id": home, "basis": "heir", "name": "某某", "words": "继承公证书", "file_ids": []string{s.paperPicture(s.T)},
	}).Want(http.StatusCreated).Text("id")
	barred := s.Post(s.clerk, "/api/v1/staff/barred-agents", map[string]any{"name": "某", "phone": "19900000031", "why": "staff"}).Want(http.StatusCreated).Text("id")
	owner := s.bind("asker", home, "owner")
	request := s.Post(owner, "/api/v1/me/corrections", map[string]any{"property_id": home, "words": "面积有误"}).Want(http.StatusCreated).Text("id")
	notice := s.Post(s.clerk, "/api/v1/staff/notices", s.noticeFor("临江花园", nil)).Want(http.StatusCreated).Text("id")
	s.Post(owner, "/api/v1/notices/"+s.publicity("临江花园", nil)+"/suggestions", map[string]any{"text": "多装一盏灯"}).Want(http.StatusCreated)
	check := s.Get(s.clerk, checks+"?state=pending").Want(http.StatusOK).Text("items", 0, "id")
	meeting := s.Post(s.clerk, "/api/v1/staff/meetings", map[string]any{
		"kind": "mobilisation", "title": "动员会", "place": "院内", "agenda": "介绍方案", "audience": map[string]any{"type": "estate", "id": s.estates["临江花园"]},
		"from": s.Now().Add(time.Hour), "until": s.Now().Add(2 * time.Hour),
	}).Want(http.StatusCreated).Text("id")
	complaint := s.Post(owner, "/api/v1/complaints", map[string]any{"text": "台阶开裂", "estate_id": s.estates["临江花园"], "contact": "none"}).Want(http.StatusCreated).Text("id")
	survey := s.survey("临江花园", nil)
	w := s.stairwell("临江花园")
	plan := s.Post(s.clerk, lifts, w.variant(map[string]any{"sharing": map[string]any{"mode": "equal"}})).Want(http.StatusCreated).Text("id")
	pledged := s.Post(s.clerk, pledges, map[string]any{
		"purpose": map[string]any{"type": "estate", "id": s.estates["临江花园"]}, "contributor": map[string]any{"type": "household", "property_id": home}, "source": "cash", "amount_fen": 100,
	}).Want(http.StatusCreated).Text("id")
	receipt := s.Post(s.clerk, pledges+"/"+pledged+"/receipts", map[string]any{"amount_fen": 1, "received_on": "2026-01-01", "reference": "1"}).Want(http.StatusCreated).Text("id")
	scheme := s.scheme("临江花园", nil).Text("id")
	bank := s.Upload(s.clerk, bankLists, "a.xlsx", workbook(s.T.(*testing.T), bankHeads, []any{"2026-01-01", "1.00", "", "某人", "", "R-00000001"})).Want(http.StatusCreated).Text("id")
	visited := s.Post(s.clerk, "/api/v1/staff/supervision-visits", map[string]any{
		"unit": map[string]any{"kind": "community", "code": apitest.Street + "001"}, "held_on": today(s.House), "place": "临江花园", "findings": "工地没有围挡", "due_on": today(s.House),
	}).Want(http.StatusCreated).Text("id")
	s.Post(s.clerk, "/api/v1/staff/joint-meetings", map[string]any{
		"held_on": today(s.House), "title": "联席会议", "place": "街道会议室", "present": []string{}, "decisions": []map[string]any{
			{"unit": map[string]any{"kind": "community", "code": apitest.Street + "001"}, "text": "补齐围挡", "due_on": today(s.House)},
		},
	}).Want(http.StatusCreated)
	decision := s.Get(s.clerk, "/api/v1/staff/joint-decisions").Want(http.StatusOK)
	renewal := s.Post(s.clerk, projects, map[string]any{"estate_id": s.estates["临江花园"], "batch_year": 2021}).Want(http.StatusCreated).Text("id")
	return map[string]string{
		"fund-raises":        s.raised(home),
		"surveys":            survey,
		"pledges":            pledged,
		"receipts":           receipt,
		"units":              w.unit,
		"lift-plans":         plan,
		"complaints":         complaint,
		"meetings":           meeting,
		"content-checks":     check,
		"codes":              s.estates["临江花园"],
		"notices":            notice,
		"data-requests":      request,
		"representations":    represented,
		"barred-agents":      barred,
		"grants":             grant,
		"grid-members":       member,
		"motions":            motion,
		"estates":            s.estates["临江花园"],
		"properties":         home,
		"bindings":           binding,
		"schemes":            scheme,
		"bank-lists":         bank,
		"supervision-visits": visited,
		"joint-decisions":    decision.Text("items", 0, "id"),
		"joint-meetings":     decision.Text("items", 0, "meeting_id"),
		"projects":           renewal,
	}
}
