package journey

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"gongdi/api/apitest"
	"gongdi/model"
	"gongdi/service/store"
)

// today is the office's day.
func (s *street) today() string {
	return s.Now().In(time.FixedZone("", 8*3600)).Format(time.DateOnly)
}

// states counts the doors of a plan by what is known of them.
func states(plan apitest.Answer) map[string]int {
	out := map[string]int{}
	for u := range plan.Items("units") {
		for f := range plan.Items("units", u, "floors") {
			for h := range plan.Items("units", u, "floors", f, "homes") {
				out[plan.Text("units", u, "floors", f, "homes", h, "state")]++
			}
		}
	}
	return out
}

// TestABuildingIsAGridOfDoors goes through what can happen at a door, and
// never reads what anybody chose.
func TestABuildingIsAGridOfDoors(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		motion := s.put("临江花园", map[string]any{"paper_check": "double"})
		staff := "/api/v1/staff/motions/" + motion
		first := s.Get(s.clerk, staff+"/doors").Want(200)
		building := first.Text("building")
		var inside []any
		for _, v := range s.voters(motion) {
			if v.(map[string]any)["building"] == building {
				inside = append(inside, v)
			}
		}
		if got := states(first); got["none"] != len(inside) || len(got) != 1 {
			t.Fatalf("%v of %d doors: %s", got, len(inside), first.Raw)
		}
		floors := first.Items("units", 0, "floors")
		for i := 1; i < len(floors); i++ {
			if first.Number("units", 0, "floors", i-1, "floor") <= first.Number("units", 0, "floors", i, "floor") {
				t.Errorf("floors %d and %d are not from the top", i-1, i)
			}
		}
		at := func(i int) string { id, _ := homeOf(inside[i]); return id }
		visit := func(i int, result string) {
			s.Post(s.clerk, staff+"/voters/"+at(i)+"/visits", map[string]any{"result": result}).Want(201)
		}
		visit(0, "nobody_home")
		visit(1, "nobody_home")
		visit(1, "met")
		s.Post(s.clerk, staff+"/voters/"+at(2)+"/deliveries", map[string]any{"way": "handed"}).Want(201)
		_, home := homeOf(inside[3])
		owner := s.bind("owner", home, "owner")
		s.Put(owner, "/api/v1/motions/"+motion+"/ballots/"+at(3), map[string]any{"choice": "oppose"}).Want(200)
		for i, choice := range map[int]string{4: "agree", 5: "invalid"} {
			body := map[string]any{"channel": "paper", "choice": choice, "signed_on": s.today()}
			if choice == "invalid" {
				body["invalid_reason"] = "unsigned"
			}
			s.Put(s.clerk, staff+"/ballots/"+at(i), body).Want(200)
		}
		_, unknown := homeOf(inside[6])
		apitest.Check(t, store.Tx(context.Background(), h.DB, func(tx *gorm.DB) error {
			return tx.Exec("UPDATE properties SET floor = NULL WHERE id = ?", unknown).Error
		}))
		plan := s.Get(s.clerk, staff+"/doors?building="+url.QueryEscape(building)).Want(200)
		got := states(plan)
		for state, n := range map[string]int{"nobody_home": 1, "visited": 1, "delivered": 1, "took_part": 1, "unconfirmed": 2} {
			if got[state] != n {
				t.Errorf("%d doors %s, want %d: %v", got[state], state, n, got)
			}
		}
		rows := 0
		for u := range plan.Items("units") {
			for f, floor := range plan.Items("units", u, "floors") {
				if floor.(map[string]any)["floor"] == nil {
					rows++
					if f != len(plan.Items("units", u, "floors"))-1 || plan.Text("units", u, "floors", f, "homes", 0, "property_id") != unknown {
						t.Errorf("%v", floor)
					}
				}
			}
		}
		if rows != 1 {
			t.Errorf("%d rows of homes without a floor", rows)
		}
		s.Get(s.clerk, staff+"/doors?building=999").Code(422, "invalid_request")
		s.Get(h.Staff(model.RoleCounty, "520523"), staff+"/doors").Code(403, "forbidden")
		h.Wait(3 * time.Hour)
		s.clerk = h.Staff(model.RoleStreet, apitest.Street)
		closed := s.Get(s.clerk, staff+"/doors").Want(200)
		for _, word := range []string{"agree", "oppose", "abstain", "invalid"} {
			if strings.Contains(string(plan.Raw), word) || strings.Contains(string(closed.Raw), word) {
				t.Errorf("the doors tell %s", word)
			}
		}
	})
}

// counted is what waits, by code.
func counted(todo apitest.Answer) map[string]float64 {
	out := map[string]float64{}
	for i := range todo.Items("items") {
		out[todo.Text("items", i, "code")] = todo.Number("items", i, "count")
	}
	return out
}

// TestWhatWaitsToday holds what a clerk is told against what was done.
func TestWhatWaitsToday(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		motion := s.put("临江花园", map[string]any{"paper_check": "double"})
		staff := "/api/v1/staff/motions/" + motion
		voters := s.voters(motion)
		if got := counted(s.Get(s.clerk, "/api/v1/staff/todo").Want(200)); len(got) != 1 || got["doors"] != float64(len(voters)) {
			t.Fatalf("%v of %d doors", got, len(voters))
		}
		voter, home := homeOf(voters[0])
		owner := s.bind("owner", home, "owner")
		s.Put(owner, "/api/v1/motions/"+motion+"/ballots/"+voter, map[string]any{"choice": "agree"}).Want(200)
		second, _ := homeOf(voters[1])
		ballot := map[string]any{"channel": "paper", "choice": "agree", "signed_on": s.today()}
		s.Put(s.clerk, staff+"/ballots/"+second, ballot).Want(200)
		_, third := homeOf(voters[2])
		s.Post(s.Resident("waiting"), "/api/v1/me/bindings", map[string]any{
			"property_id": third, "name": "某人", "relation": "tenant", "privacy_version": s.Get("", "/api/v1/public/privacy").Text("version"),
		}).Want(201)
		s.Post(s.clerk, "/api/v1/staff/complaints", map[string]any{"text": "水管漏水", "estate_id": s.estates["临江花园"], "place": "1栋"}).Want(201)
		want := map[string]float64{"doors": float64(len(voters) - 2), "papers": 1, "bindings": 1, "cases": 1}
		todo := s.Get(s.clerk, "/api/v1/staff/todo").Want(200)
		for code, n := range want {
			if counted(todo)[code] != n {
				t.Errorf("%s: %v, want %v", code, counted(todo)[code], n)
			}
		}
		for i := range todo.Items("items") {
			for p := range todo.Items("items", i, "places") {
				if list, there := todo.At("items", i, "places", p).(map[string]any)["list"].(string); there {
					s.Get(s.clerk, list).Want(200)
				}
				paper := todo.Text("items", i, "places", p, "print")
				if sheet := s.Get(s.clerk, paper).Want(200); !strings.HasPrefix(string(sheet.Raw), "%PDF") {
					t.Errorf("%s prints %q", paper, sheet.Raw[:20])
				}
			}
		}
		s.aGridAndADepartmentSeeTheirOwn(motion, voters)
		prints := s.Get(h.Staff(model.RoleAuditor, apitest.Street), "/api/v1/staff/audit?action=todo.read").Want(200)
		if prints.Number("total") == 0 {
			t.Error("a printed list is not in the log")
		}
		h.Wait(40 * 24 * time.Hour)
		s.clerk = h.Staff(model.RoleStreet, apitest.Street)
		late := counted(s.Get(s.clerk, "/api/v1/staff/todo").Want(200))
		if late["cases_overdue"] != 1 || late["doors"] != 0 || late["papers"] != 0 {
			t.Errorf("after forty days %v", late)
		}
	})
}

func (s *street) aGridAndADepartmentSeeTheirOwn(motion string, voters []any) {
	s.T.Helper()
	grid := s.Staff(model.RoleGrid, apitest.Street+"001")
	if got := counted(s.Get(grid, "/api/v1/staff/todo").Want(200)); len(got) != 0 {
		s.T.Errorf("a grid without buildings has %v to do", got)
	}
	estate := s.estates["临江花园"]
	buildings := s.Get(s.clerk, "/api/v1/staff/estates/"+estate+"/buildings").Want(200)
	member := s.Get(s.clerk, "/api/v1/staff/grid-members").Want(200).Text("items", 0, "id")
	s.Put(s.clerk, "/api/v1/staff/grid-members/"+member+"/buildings", map[string]any{"building_ids": []string{buildings.Text("items", 1, "id")}}).Want(200)
	own := 0
	for _, v := range voters {
		if v.(map[string]any)["building"] == buildings.Text("items", 1, "building") {
			own++
		}
	}
	todo := s.Get(grid, "/api/v1/staff/todo").Want(200)
	if got := counted(todo); got["doors"] != float64(own) || len(got) != 1 {
		s.T.Errorf("the grid has %v to do, %d doors are its own (motion %s)", got, own, motion)
	}
	for _, elsewhere := range []string{s.Staff(model.RoleCommunity, apitest.Street+"002"), s.Staff(model.RoleGrid, apitest.Street+"002")} {
		s.Get(elsewhere, "/api/v1/staff/todo.pdf?estate_id="+estate).Code(404, "not_found")
		if got := counted(s.Get(elsewhere, "/api/v1/staff/todo").Want(200)); len(got) != 0 {
			s.T.Errorf("another community has %v to do", got)
		}
	}
	s.Get(s.Staff(model.RoleCounty, "520523"), "/api/v1/staff/todo").Code(403, "forbidden")
	for code := range counted(s.Get(s.Staff(model.RoleDepartment, apitest.Street), "/api/v1/staff/todo").Want(200)) {
		if !strings.HasPrefix(code, "cases") {
			s.T.Errorf("a department has %s to do", code)
		}
	}
}
