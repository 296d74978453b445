package journey

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gongdi/api/apitest"
	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/identity"
	"gongdi/service/store"
)

const cases = "/api/v1/staff/complaints/"

// department makes an account of a department, as the command does.
func department(h *apitest.House, code string) string {
	h.T.Helper()
	username := "department-" + store.NewID()
	_, err := h.Identity.CreateStaff(h.T.Context(), identity.Console, identity.NewStaff{
		Username: username, Role: model.RoleDepartment, AreaCode: apitest.Street, Department: code, Password: apitest.Password,
	})
	apitest.Check(h.T, err)
	return h.Post("", "/api/v1/staff/session", map[string]any{"username": username, "password": apitest.Password}).Want(200).Text("token")
}

func word(more ...any) map[string]any {
	body := map[string]any{"text": "已经处理"}
	for i := 0; i+1 < len(more); i += 2 {
		body[more[i].(string)] = more[i+1]
	}
	return body
}

// steps takes several steps with a case.
func (s *street) steps(token, id string, names ...string) {
	s.T.Helper()
	for _, name := range names {
		s.Post(token, cases+id+"/"+name, word()).Want(200)
	}
}

func TestACaseFromItsFilingToTheLastWord(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		resident, other := h.Resident("somebody"), h.Resident("somebody else")
		categories := h.Get(resident, "/api/v1/complaint-categories").Want(200)
		if categories.Number("total") < 40 {
			t.Errorf("%v categories", categories.Number("total"))
		}
		picture := h.Upload(resident, "/api/v1/files", "step.png", photo(t)).Want(201).Text("id")
		filed := h.Post(resident, "/api/v1/complaints", map[string]any{
			"text": "电梯异响，请联系 13900001234", "category": "lift", "estate_id": s.estates["临江花园"], "place": "3栋2单元", "file_ids": []string{picture}, "contact": "none",
		}).Want(201)
		id := filed.Text("id")
		if filed.Text("department", "code") != "market_regulation" || !strings.Contains(filed.Text("clause"), "电梯") || filed.Text("status") != "submitted" || len(filed.Text("number")) != 9 {
			t.Errorf("%s", filed.Raw)
		}
		due, err := h.Calendar.WorkingDays(t.Context(), quantity.DateOf(h.Now()), 5)
		apitest.Check(t, err)
		if got := filed.Text("due_at"); got != string(due.Date)+"T23:59:59+08:00" || filed.At("provisional") != due.Provisional {
			t.Errorf("due %s, want %+v", got, due)
		}
		h.Get(other, "/api/v1/complaints/"+id).Code(404, "not_found")
		h.Get(other, "/api/v1/complaints/"+id+"/files/"+picture).Code(404, "not_found")
		h.Get(resident, "/api/v1/complaints/"+id+"/files/"+picture).Want(200)
		lift, water := department(h, "market_regulation"), department(h, "water")
		h.Get(lift, cases+id).Want(200) // its duty, though it can do nothing yet
		h.Post(lift, cases+id+"/take", "").Code(409, "step_not_allowed")
		h.Get(water, cases+id).Code(404, "not_found")

		refused := h.Post(s.clerk, cases+id+"/answer", "").Code(409, "step_not_allowed")
		if got := refused.Items("allowed"); len(got) != 3 || got[0] != "accept" {
			t.Errorf("%s", refused.Raw)
		}
		h.Post(s.clerk, cases+id+"/accept", map[string]any{"text": ""}).Code(422, "invalid_request")
		h.Post(s.clerk, cases+id+"/refuse", word()).Code(422, "invalid_request")
		h.Post(lift, cases+id+"/accept", word()).Code(403, "forbidden")
		s.steps(s.clerk, id, "accept", "assign")
		seen := h.Get(lift, cases+id).Want(200)
		if strings.Contains(seen.Text("text"), "13900001234") || !strings.Contains(seen.Text("text"), "139****1234") {
			t.Errorf("a department reads %s", seen.Raw)
		}
		h.Get(lift, cases+id+"/files/"+picture).Want(200)
		h.Get(water, cases+id).Code(404, "not_found")
		h.Get(water, cases+id+"/files/"+picture).Code(404, "not_found")
		h.Post(water, cases+id+"/take", word()).Code(404, "not_found")
		if n := h.Get(lift, "/api/v1/staff/complaints?status=assigned&department=market_regulation&overdue=false").Want(200).Number("total"); n != 1 {
			t.Errorf("%v cases", n)
		}
		co := department(h, "construction_group")
		h.Post(co, cases+id+"/answer", "").Code(409, "step_not_allowed")
		s.steps(co, id, "take", "answer")
		s.steps(lift, id, "take", "contact", "extend")
		h.Post(s.clerk, cases+id+"/decide-extension", word("working_days", 11)).Code(422, "invalid_request")
		longer := h.Post(s.clerk, cases+id+"/decide-extension", word("working_days", 10)).Want(200)
		if longer.Text("due_at") <= filed.Text("due_at") || longer.Text("first_due_at") != filed.Text("due_at") {
			t.Errorf("%s", longer.Raw)
		}
		h.Post(lift, cases+id+"/extend", word()).Code(409, "step_not_allowed")
		s.steps(lift, id, "answer")
		h.Post(lift, cases+id+"/reveal", map[string]any{"reason": "上门"}).Want(200)
		mine := h.Get(resident, "/api/v1/complaints/"+id).Want(200)
		if mine.Text("status") != "answered" || strings.Contains(string(mine.Raw), "co-take") || !strings.Contains(string(mine.Raw), "已经处理") {
			t.Errorf("%s", mine.Raw)
		}
		h.Post(resident, "/api/v1/complaints/"+id+"/rating", map[string]any{"stars": 6, "resolved": true}).Code(422, "invalid_request")
		h.Post(resident, "/api/v1/complaints/"+id+"/rating", map[string]any{"stars": 2, "resolved": false, "words": "没修好"}).Want(200)
		h.Post(resident, "/api/v1/complaints/"+id+"/rating", map[string]any{"stars": 2, "resolved": false}).Code(409, "step_not_allowed")
		h.Post(h.Staff(model.RoleCommunity, apitest.Street), cases+id+"/call-back", word("result", "unresolved")).Want(200)
		for range 2 {
			h.Post(other, "/api/v1/complaints/"+id+"/reopen", map[string]any{"reason": "又响"}).Code(404, "not_found")
			again := h.Post(resident, "/api/v1/complaints/"+id+"/reopen", map[string]any{"reason": "又响"}).Want(200)
			if again.Text("status") != "reopened" {
				t.Errorf("%s", again.Raw)
			}
			s.steps(lift, id, "take", "answer")
		}
		h.Post(resident, "/api/v1/complaints/"+id+"/reopen", map[string]any{"reason": "又响"}).Code(409, "step_not_allowed")
		told := h.Get(resident, "/api/v1/inbox").Want(200)
		if told.Number("total") < 5 {
			t.Errorf("%s", told.Raw)
		}
		h.Wait(8 * 24 * time.Hour)
		apitest.Check(t, h.Complaints.Tick(t.Context()))
		if got := h.Get(resident, "/api/v1/complaints/"+id).Want(200); got.Text("status") != "not_rated" || got.At("stars") != nil {
			t.Errorf("%s", got.Raw)
		}
		h.Wait(8 * 24 * time.Hour)
		apitest.Check(t, h.Complaints.Tick(t.Context()))
		h.Post(resident, "/api/v1/complaints/"+id+"/reopen", map[string]any{"reason": "又响"}).Code(409, "step_not_allowed")
	})
}

func TestAReturnedCaseIsDesignatedInTheEnd(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		resident, water := h.Resident("somebody"), department(h, "water")
		id := h.Post(resident, "/api/v1/complaints", map[string]any{"text": "下水道堵塞", "contact": "phone"}).Want(201)
		if id.Text("category") != "water_drain_works" || id.Text("category_reason") != "下水道" {
			t.Errorf("%s", id.Raw)
		}
		path := id.Text("id")
		s.steps(s.clerk, path, "accept")
		for range 2 {
			s.steps(s.clerk, path, "assign")
			s.steps(water, path, "return")
			h.Post(water, cases+path+"/take", word()).Code(409, "step_not_allowed")
		}
		if n := h.Get(s.clerk, "/api/v1/staff/complaints?list=returned").Want(200).Number("total"); n != 1 {
			t.Errorf("%v returned", n)
		}
		s.steps(s.clerk, path, "assign")
		h.Post(water, cases+path+"/return", word()).Code(409, "step_not_allowed")
		if got := h.Get(water, cases+path).Want(200); got.At("final") != true || got.Number("returns") != 2 {
			t.Errorf("%s", got.Raw)
		}
		late := h.Post(resident, "/api/v1/complaints", map[string]any{"text": "下水道堵塞", "category": "water_drain_works", "contact": "none"}).Want(201).Text("id")
		s.steps(s.clerk, late, "accept", "assign")
		h.Wait(12 * 24 * time.Hour)
		h.Post(department(h, "water"), cases+late+"/return", word()).Code(409, "step_not_allowed")
	})
}

func TestOfTwoAtOnceOneWinsAndTheOtherIsTold(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		clerks := []string{s.clerk, h.Staff(model.RoleStreet, apitest.Street)}
		takers := []string{department(h, "street"), department(h, "street")}
		for range 4 {
			id := h.Post(h.Resident("somebody"), "/api/v1/complaints", map[string]any{"text": "路灯不亮", "category": "other", "contact": "none"}).Want(201).Text("id")
			s.steps(s.clerk, id, "accept")
			s.race(id, "assign", clerks)
			s.race(id, "take", takers)
		}
	})
}

func (s *street) race(id, step string, tokens []string) {
	s.T.Helper()
	var mu sync.Mutex
	var at sync.WaitGroup
	got := []int{}
	for _, token := range tokens {
		at.Go(func() {
			a := s.Post(token, cases+id+"/"+step, word())
			if a.Status == http.StatusConflict && (a.Body["code"] != "step_not_allowed" || !strings.Contains(fmt.Sprint(a.Body["detail"]), "办事处")) {
				s.T.Errorf("%s", a.Raw)
			}
			mu.Lock()
			defer mu.Unlock()
			got = append(got, a.Status)
		})
	}
	at.Wait()
	slices.Sort(got)
	if !slices.Equal(got, []int{200, 409}) {
		s.T.Errorf("%s: %v", step, got)
	}
}

func TestADangerIsAnsweredWithWhomToCall(t *testing.T) {
	h := apitest.SQLite(t)
	s := open(t, h)
	resident := h.Resident("somebody")
	filed := h.Post(resident, "/api/v1/complaints", map[string]any{"text": "楼道闻到燃气味", "contact": "none", "estate_id": s.estates["临江花园"]}).Want(201)
	if filed.Text("danger") != "gas" || filed.Text("category") != "gas" || len(filed.Items("emergency_numbers")) < 3 {
		t.Errorf("%s", filed.Raw)
	}
	at, err := time.Parse(time.RFC3339, filed.Text("due_at"))
	apitest.Check(t, err)
	if wait := at.Sub(h.Now()); wait > 2*time.Hour || wait < 110*time.Minute {
		t.Errorf("due in %s", wait)
	}
	id := filed.Text("id")
	for _, wait := range []time.Duration{61 * time.Minute, time.Hour, time.Hour, 24 * time.Hour} {
		h.Wait(wait)
		for range 2 {
			apitest.Check(t, h.Complaints.Tick(t.Context()))
		}
	}
	alerts := h.Get(h.Staff(model.RoleStreet, apitest.Street), "/api/v1/staff/complaint-alerts").Want(200)
	if alerts.Number("total") != 4 || alerts.Text("items", 0, "kind") != "joint_meeting" || alerts.Text("items", 0, "complaint_id") != id {
		t.Errorf("%s", alerts.Raw)
	}
}

func TestLikeCasesAreShownWithoutAWordAndJoined(t *testing.T) {
	h := apitest.SQLite(t)
	s := open(t, h)
	first, second := h.Resident("first"), h.Resident("second")
	estate := s.estates["临江花园"]
	filed := h.Post(first, "/api/v1/complaints", map[string]any{"text": "秘密的话，路灯坏了", "estate_id": estate, "place": "３号楼门口的隐私", "contact": "none"}).Want(201)
	like := h.Get(second, "/api/v1/estates/"+estate+"/like-complaints?building=3栋").Want(200)
	if like.Number("total") != 1 || like.Text("items", 0, "number") != filed.Text("number") || like.Text("items", 0, "building") != "3栋" ||
		strings.Contains(string(like.Raw), "秘密") || strings.Contains(string(like.Raw), "隐私") {
		t.Errorf("%s", like.Raw)
	}
	id := filed.Text("id")
	for range 2 {
		if n := h.Post(second, "/api/v1/complaints/"+id+"/me-too", nil).Want(200).Number("me_too"); n != 1 {
			t.Errorf("%v joined", n)
		}
	}
	copied := h.Post(second, "/api/v1/complaints", map[string]any{"text": "路灯坏了", "estate_id": estate, "contact": "none"}).Want(201)
	h.Post(s.clerk, cases+copied.Text("id")+"/merge", word()).Code(422, "invalid_request")
	h.Post(s.clerk, cases+copied.Text("id")+"/merge", word("into", filed.Text("number"))).Want(200)
	s.steps(s.clerk, id, "accept")
	bulk := h.Post(s.clerk, "/api/v1/staff/complaint-assignments", map[string]any{"ids": []string{id, copied.Text("id"), "nobody"}, "text": "请办理"}).Want(200)
	if bulk.Text("items", 0, "status") != "assigned" || bulk.Text("items", 1, "code") != "step_not_allowed" || bulk.Text("items", 2, "code") != "not_found" {
		t.Errorf("%s", bulk.Raw)
	}
	h.Post(s.clerk, cases+id+"/notes", map[string]any{"text": "请抓紧"}).Want(204)
	s.steps(s.clerk, id, "take", "answer")
	h.Post(first, "/api/v1/complaints/"+id+"/me-too", nil).Code(409, "complaint_closed")
	told := 0
	inbox := h.Get(second, "/api/v1/inbox").Want(200)
	for i := range inbox.Items("items") {
		if strings.Contains(inbox.Text("items", i, "text"), filed.Text("number")) && strings.Contains(inbox.Text("items", i, "text"), "已答复") {
			told++
		}
	}
	if told != 1 {
		t.Errorf("%d times told: %s", told, inbox.Raw)
	}
}

func TestACorrectedCalendarMovesADeadlineWithItsReason(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		resident := h.Resident("somebody")
		filed := h.Post(resident, "/api/v1/complaints", map[string]any{"text": "物业费太高", "contact": "none"}).Want(201)
		due := filed.Text("due_at")[:10]
		year := due[:4]
		notice := fmt.Sprintf(`{"year":%s,"days":[{"name":"临时放假","date":"%s","isOffDay":true}]}`, year, due)
		h.Upload(s.clerk, "/api/v1/staff/calendar/holidays", "days.json", []byte(notice)).Want(200)
		moved := h.Get(resident, "/api/v1/complaints/"+filed.Text("id")).Want(200)
		if moved.Text("due_at")[:10] <= due || !strings.Contains(string(moved.Raw), "节假日安排更正") {
			t.Errorf("%s, was %s", moved.Raw, due)
		}
	})
}
