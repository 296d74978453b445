package journey

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"gongdi/api/apitest"
	"gongdi/model"
	"gongdi/service/wechat/standin"
)

// TestWordIsSpreadThroughTheChatGroup takes text, link, poster and the doors
// to remind of a vote and of a notice.
func TestWordIsSpreadThroughTheChatGroup(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		motion, notice := "/api/v1/staff/motions/"+s.put("临江花园", nil), office+"/"+s.publicity("临江花园", nil)
		id := strings.TrimPrefix(motion, "/api/v1/staff/motions/")
		voters := s.voters(id)
		voter, home := homeOf(voters[0])
		owner := s.bind("owner", home, "owner")
		for path, words := range map[string]string{motion: "改造意愿", notice: "春季改造方案"} {
			kit := s.Get(s.clerk, path+"/kit").Want(200)
			for _, want := range []string{words, "临江花园", kit.Text("link")} {
				if !strings.Contains(kit.Text("text"), want) {
					t.Errorf("%s: no %q in %s", path, want, kit.Text("text"))
				}
			}
			if !strings.HasSuffix(kit.Text("link"), "scene="+kit.Text("scene")) || !strings.HasPrefix(kit.Text("link"), "https://wxaurl.cn/") {
				t.Errorf("the link is %s", kit.Text("link"))
			}
			if s.Get("", "/api/v1/public/codes/"+kit.Text("scene")).Want(200).Text("label") != words {
				t.Errorf("%s leads elsewhere", kit.Text("scene"))
			}
			if poster := s.Get(s.clerk, path+"/poster.pdf").Want(200); string(poster.Raw[:4]) != "%PDF" {
				t.Errorf("%s has no poster", path)
			}
			before := s.Get(s.clerk, path+"/reminders?page_size=200").Want(200)
			if n := int(before.Number("total")); n < len(voters) || len(before.Items("items")) != n {
				t.Errorf("%d doors to remind of %d", n, len(voters))
			}
		}
		// Without the platform the office's own address stands in.
		h.Codes.Public = "https://gongdi.example.cn"
		apitest.Check(t, h.Wechat.Fail(standin.Fault{Path: "/wxa/generate_urllink", Errcode: 45009, Times: 1}))
		if link := s.Get(s.clerk, motion+"/kit").Want(200).Text("link"); link != "https://gongdi.example.cn/d/m:"+id {
			t.Errorf("the link is %s", link)
		}
		h.Codes.Public = ""
		apitest.Check(t, h.Wechat.Fail(standin.Fault{Path: "/wxa/generate_urllink", HTTP: 502, Times: 9}))
		if kit := s.Get(s.clerk, motion+"/kit").Want(200); kit.Text("link") != "" || strings.Contains(kit.Text("text"), "点击打开") {
			t.Errorf("%s", kit.Raw)
		}

		all, unread := s.Get(s.clerk, motion+"/reminders").Number("total"), s.Get(s.clerk, notice+"/reminders").Number("total")
		s.Put(owner, "/api/v1/motions/"+id+"/ballots/"+voter, map[string]any{"choice": "oppose"}).Want(200)
		s.Post(owner, "/api/v1/notices/"+strings.TrimPrefix(notice, office+"/")+"/read", nil).Want(204)
		left := s.Get(s.clerk, motion+"/reminders?page_size=200").Want(200)
		if left.Number("total") != all-1 || s.Get(s.clerk, notice+"/reminders").Number("total") != unread-1 {
			t.Errorf("who answered is still to be reminded: %s", left.Raw)
		}
		if bytes.Contains(left.Raw, []byte("choice")) || !strings.ContainsAny(left.Text("items", 0, "owners_masked"), "*＊某○") {
			t.Errorf("says too much: %s", left.Raw)
		}
		s.oneBuildingOf(motion, notice)
		s.unspreadable(motion, notice)
	})
}

// oneBuildingOf gives the grid a building, and wants the lists to hold no other.
func (s *street) oneBuildingOf(things ...string) {
	s.T.Helper()
	buildings := s.Get(s.clerk, "/api/v1/staff/estates/"+s.estates["临江花园"]+"/buildings").Want(200)
	label := buildings.Text("items", 0, "building")
	grid := s.Staff(model.RoleGrid, apitest.Street+"001")
	member := s.Get(s.clerk, "/api/v1/staff/grid-members").Want(200).Text("items", 0, "id")
	s.Put(s.clerk, "/api/v1/staff/grid-members/"+member+"/buildings", map[string]any{"building_ids": []string{buildings.Text("items", 0, "id")}}).Want(200)
	for _, path := range things {
		narrowed := s.Get(s.clerk, path+"/reminders?page_size=200&building="+label).Want(200)
		seen := s.Get(grid, path+"/reminders?page_size=200").Want(200)
		if seen.Number("total") == 0 || seen.Number("total") != narrowed.Number("total") || seen.Number("total") >= s.Get(s.clerk, path+"/reminders").Number("total") {
			s.T.Errorf("%s: the grid sees %v doors, its building has %v", path, seen.Number("total"), narrowed.Number("total"))
		}
		book, err := excelize.OpenReader(bytes.NewReader(s.Get(grid, path+"/reminders.xlsx").Want(200).Raw))
		apitest.Check(s.T, err)
		rows, err := book.GetRows("待提醒名单")
		apitest.Check(s.T, err)
		if len(rows) != int(seen.Number("total"))+1 || rows[1][0] != label {
			s.T.Errorf("%s: the workbook has %d rows", path, len(rows))
		}
	}
}

// unspreadable wants no word of what is not there yet or no more.
func (s *street) unspreadable(motion, notice string) {
	s.T.Helper()
	draft := s.Post(s.clerk, office, s.noticeFor("临江花园", nil)).Want(201).Text("id")
	s.Get(s.clerk, office+"/"+draft+"/kit").Code(409, "notice_not_published")
	s.Get(s.clerk, office+"/"+draft+"/poster.pdf").Code(409, "notice_not_published")
	unpublished := s.Post(s.clerk, motion+"/copy", nil).Want(201).Text("id")
	s.Get(s.clerk, "/api/v1/staff/motions/"+unpublished+"/kit").Code(409, "motion_not_published")
	s.Wait(90 * time.Minute)
	s.clerk = s.Staff(model.RoleStreet, apitest.Street) // the log-in has idled out
	if s.Get(s.clerk, motion+"/reminders").Want(200).Number("total") != 0 {
		s.T.Error("a vote that has closed still reminds")
	}
	s.Post(s.clerk, notice+"/withdraw", map[string]any{"reason": "有误"}).Want(200)
	if s.Get(s.clerk, notice+"/reminders").Want(200).Number("total") != 0 {
		s.T.Error("a withdrawn notice still reminds")
	}
}
