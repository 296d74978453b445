package journey

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"gongdi/api/apitest"
	"gongdi/model"
	"gongdi/service/complaints"
	"gongdi/service/identity"
	"gongdi/service/messages"
	"gongdi/service/store"
)

// desk is an account that reads its own inbox, logging in each time: sessions
// end sooner than deadlines.
type desk struct {
	*street
	username string
}

func (s *street) desk(role model.Role, code string) desk {
	d := desk{s, "desk-" + store.NewID()}
	_, err := s.Identity.CreateStaff(s.T.Context(), identity.Console, identity.NewStaff{
		Username: d.username, Role: role, AreaCode: apitest.Street, Department: code, Password: apitest.Password,
	})
	apitest.Check(s.T, err)
	return d
}

func (d desk) enter() (token string) {
	d.T.Helper()
	return d.Post("", "/api/v1/staff/session", map[string]any{"username": d.username, "password": apitest.Password}).Want(200).Text("token")
}

// has wants so many messages in all, of which so many of one kind.
func (d desk) has(total int, kind string, of int) {
	d.T.Helper()
	inbox := d.Get(d.enter(), "/api/v1/staff/inbox?page_size=200").Want(200)
	n := 0
	for i := range inbox.Items("items") {
		if inbox.Text("items", i, "kind") == kind {
			n++
		}
	}
	if inbox.Number("total") != float64(total) || n != of {
		d.T.Errorf("%d of %s, want %d; %d in all wanted: %s", n, kind, of, total, inbox.Raw)
	}
}

// ticks lets two replicas do at once what falls due.
func (s *street) ticks(until time.Time) {
	s.T.Helper()
	s.Wait(until.Sub(s.Now()))
	second := *s.Complaints
	var work sync.WaitGroup
	failed := make([]error, 4)
	for i, replica := range []*complaints.Service{s.Complaints, &second, s.Complaints, &second} {
		work.Go(func() { failed[i] = replica.Tick(context.WithoutCancel(s.T.Context())) })
	}
	work.Wait()
	for _, err := range failed {
		apitest.Check(s.T, err)
	}
}

func TestTheOfficeIsToldOnceOfWhatIsDueAndLate(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		noon(h)
		h.Messages.Templates = map[string]messages.Template{"*": {ID: "tmpl-news", Fields: map[string]string{"text": "thing1"}}}
		s := open(t, h)
		street, water, second, lift := s.desk(model.RoleStreet, ""), s.desk(model.RoleDepartment, "water"), s.desk(model.RoleDepartment, "water"), s.desk(model.RoleDepartment, "market_regulation")
		phone := h.Resident("plumber")
		h.Put(water.enter(), "/api/v1/staff/session/wechat", map[string]any{"code": h.Wechat.LoginCode("plumber"), "password": apitest.Password}).Want(204)
		h.Post(phone, "/api/v1/me/subscriptions", map[string]any{"results": map[string]any{"*": "accept"}, "tap": "t"}).Want(200)

		filed := h.Post(h.Resident("somebody"), "/api/v1/complaints", map[string]any{"text": "下水道堵塞，找王某某", "contact": "none"}).Want(201)
		id := filed.Text("id")
		s.steps(s.clerk, id, "accept", "assign")
		water.has(1, "case_assigned", 1)
		lift.has(0, "case_assigned", 0)
		apitest.Check(t, h.Messages.Push(t.Context()))
		hints := h.Wechat.Messages("plumber")
		if len(hints) != 1 || strings.Contains(hints[0].Data["thing1"].Value, filed.Text("number")) {
			t.Errorf("hints: %+v", hints)
		}

		due, err := time.Parse(time.RFC3339, filed.Text("due_at"))
		apitest.Check(t, err)
		s.ticks(due.Add(-23 * time.Hour))
		water.has(2, "case_due_soon", 1)
		second.has(2, "case_due_soon", 1)
		street.has(0, "case_due_soon", 0)
		s.ticks(due.Add(time.Hour))
		s.ticks(due.Add(2 * time.Hour)) // again, as after a restart
		water.has(3, "case_overdue", 1)
		s.ticks(due.AddDate(0, 0, 20))
		water.has(4, "case_joint_meeting", 1)
		street.has(2, "case_street", 1)
		street.has(2, "case_joint_meeting", 1)
		lift.has(0, "case_overdue", 0)
		if n := h.Get(h.Resident("plumber"), "/api/v1/inbox").Want(200).Number("total"); n != 0 {
			t.Errorf("%v messages of the office in a resident's inbox", n)
		}
	})
}

func TestAnInboxOfTheOfficeIsItsOwners(t *testing.T) {
	h := apitest.SQLite(t)
	s := open(t, h)
	street, lift, other := s.desk(model.RoleStreet, ""), s.desk(model.RoleDepartment, "market_regulation"), s.desk(model.RoleDepartment, "market_regulation")
	mine := lift.enter()
	file := func(words string) string {
		return h.Post(h.Resident("somebody"), "/api/v1/complaints", map[string]any{"text": words, "contact": "none"}).Want(201).Text("id")
	}
	id := file("电梯里有异响")
	s.steps(s.clerk, id, "accept", "assign")
	h.Post(mine, cases+id+"/return", word("text", "不是电梯")).Want(200)
	street.has(2, "case_returned", 1) // and that it helps with lifts
	file("有人困在电梯里")
	street.has(3, "case_danger", 1)
	lift.has(2, "case_danger", 1)

	inbox := h.Get(mine, "/api/v1/staff/inbox").Want(200)
	message := inbox.Text("items", 0, "id")
	if inbox.Number("unread") != 2 || inbox.Text("items", 0, "about", "type") != "complaint" {
		t.Errorf("%s", inbox.Raw)
	}
	h.Post(other.enter(), "/api/v1/staff/inbox/"+message+"/read", nil).Code(404, "not_found")
	h.Post(mine, "/api/v1/staff/inbox/"+message+"/read", nil).Want(204)
	if n := h.Get(mine, "/api/v1/staff/inbox").Want(200).Number("unread"); n != 1 {
		t.Errorf("%v unread", n)
	}
	h.Post(mine, "/api/v1/staff/inbox/read", nil).Want(204)
	if n := h.Get(mine, "/api/v1/staff/inbox").Want(200).Number("unread"); n != 0 {
		t.Errorf("%v unread after all were read", n)
	}
	if n := h.Get(other.enter(), "/api/v1/staff/inbox").Want(200).Number("unread"); n != 2 {
		t.Errorf("%v unread of the colleague", n)
	}
	h.Get(h.Staff(model.RoleCounty, "520523"), "/api/v1/staff/inbox").Want(200)
}

// TestPicturesOfACaseComeSmall asks both sides for a thumbnail, and nobody
// else's guess finds one.
func TestPicturesOfACaseComeSmall(t *testing.T) {
	h := apitest.SQLite(t)
	s := open(t, h)
	resident := h.Resident("somebody")
	picture := h.Upload(resident, "/api/v1/files", "step.png", photo(t)).Want(201).Text("id")
	id := h.Post(resident, "/api/v1/complaints", map[string]any{"text": "台阶开裂", "file_ids": []string{picture}}).Want(201).Text("id")
	for token, prefix := range map[string]string{resident: "/api/v1/complaints/", s.clerk: cases} {
		small := h.Get(token, prefix+id+"/files/"+picture+"?size=thumb").Want(200)
		if got := small.Header.Get("Content-Type"); got != "image/jpeg" {
			t.Errorf("%s", got)
		}
		h.Get(token, prefix+id+"/files/"+picture+"?size=huge").Code(422, "invalid_request")
	}
	h.Get(h.Resident("other"), "/api/v1/complaints/"+id+"/files/"+picture+"?size=thumb").Code(404, "not_found")
	h.Get(department(h, "water"), cases+id+"/files/"+picture+"?size=thumb").Code(404, "not_found")
}
