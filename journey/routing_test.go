package journey

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"gorm.io/gorm"

	"gongdi/api/apitest"
	"gongdi/model"
	"gongdi/service/store"
)

func TestTheStreetSetsWhoHandlesWhatAndOldCasesStay(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		resident := h.Resident("somebody")
		gas := map[string]any{"text": "天然气表不走", "category": "gas", "contact": "none"}
		before := h.Post(resident, "/api/v1/complaints", gas).Want(201)
		if before.Text("department", "code") != "street" {
			t.Errorf("%s", before.Raw)
		}
		office := "/api/v1/staff/"
		h.Put(s.clerk, office+"departments/gas_company", map[string]any{"name": "某燃气公司", "clause": "负责燃气管线", "contact_name": "某人", "contact_phone": "19900001111"}).Want(204)
		h.Put(s.clerk, office+"departments/gas_company", map[string]any{"name": "某燃气公司", "contact_phone": "1"}).Code(422, "invalid_request")
		h.Put(s.clerk, office+"complaint-categories/nothing", map[string]any{}).Code(404, "not_found")
		h.Put(s.clerk, office+"complaint-categories/gas", map[string]any{"department": "nobody"}).Code(422, "invalid_request")
		h.Put(s.clerk, office+"complaint-categories/gas", map[string]any{"department": "gas_company", "resolve_working_days": 3, "co": []string{"street"}}).Want(204)
		h.Put(s.clerk, office+"emergency-numbers", map[string]any{"danger": "gas", "label": "燃气抢修", "number": "0857-7777777"}).Want(204)
		after := h.Post(resident, "/api/v1/complaints", gas).Want(201)
		if after.Text("department", "name") != "某燃气公司" || after.Text("due_at") >= before.Text("due_at") {
			t.Errorf("%s", after.Raw)
		}
		if old := h.Get(resident, "/api/v1/complaints/"+before.Text("id")).Want(200); old.Text("department", "code") != "street" || old.Text("due_at") != before.Text("due_at") {
			t.Errorf("%s", old.Raw)
		}
		danger := h.Post(resident, "/api/v1/complaint-suggestions", map[string]any{"text": "厨房漏气了"}).Want(200)
		if danger.Text("danger") != "gas" || !strings.Contains(string(danger.Raw), "0857-7777777") {
			t.Errorf("%s", danger.Raw)
		}
		if list := h.Get(s.clerk, office+"departments").Want(200); !strings.Contains(string(list.Raw), "19900001111") || list.Number("total") != 22 {
			t.Errorf("%s", list.Raw)
		}
	})
}

func TestTheBuilderHandlesWhatIsUnderWarranty(t *testing.T) {
	h := apitest.SQLite(t)
	s := open(t, h)
	resident, estate := h.Resident("somebody"), s.estates["临江花园"]
	leak := map[string]any{"text": "屋顶漏水", "category": "waterproof", "estate_id": estate, "contact": "none"}
	today := h.Now().In(time.FixedZone("", 8*3600))
	for day, want := range map[string]string{
		today.AddDate(-5, 0, 0).Format(time.DateOnly): "construction_group", today.AddDate(-5, 0, -1).Format(time.DateOnly): "street", "": "street",
	} {
		apitest.Check(t, store.Tx(t.Context(), h.DB, func(tx *gorm.DB) error {
			return tx.Exec("UPDATE estates SET accepted_on = ? WHERE id = ?", day, estate).Error
		}))
		if got := h.Post(resident, "/api/v1/complaints", leak).Want(201); got.Text("department", "code") != want {
			t.Errorf("accepted on %s: %s", day, got.Raw)
		}
	}
}

func TestFiguresAreThoseOfTheList(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		resident := h.Resident("somebody")
		for i, stars := range []int{5, 3, 0, 0} {
			id := h.Post(resident, "/api/v1/complaints", map[string]any{"text": "路灯不亮", "category": []string{"other", "lift"}[i%2], "contact": "none"}).Want(201).Text("id")
			if i == 3 {
				continue
			}
			s.steps(s.clerk, id, "accept", "assign", "take", "answer")
			if stars > 0 {
				h.Post(resident, "/api/v1/complaints/"+id+"/rating", map[string]any{"stars": stars, "resolved": true}).Want(200)
			}
		}
		for _, by := range []string{"category", "department", "estate", "month", "community"} {
			got := h.Get(s.clerk, "/api/v1/staff/complaint-statistics?by="+by).Want(200)
			for name, want := range map[string]float64{"received": 4, "in_time": 3, "late": 0, "open": 1, "satisfaction_base": 2, "satisfied": 1, "answered": 3, "median_days": 0, "to_call_back": 3, "called_back": 0} {
				if got.Number("whole", name) != want {
					t.Errorf("%s %s: %s", by, name, got.Raw)
				}
			}
		}
		narrow := h.Get(s.clerk, "/api/v1/staff/complaint-statistics?category=lift").Want(200)
		if listed := h.Get(s.clerk, "/api/v1/staff/complaints?category=lift").Want(200); narrow.Number("whole", "received") != listed.Number("total") {
			t.Errorf("%s", narrow.Raw)
		}
		sheet := h.Get(s.clerk, "/api/v1/staff/complaint-statistics.xlsx").Want(200)
		f, err := excelize.OpenReader(bytes.NewReader(sheet.Raw))
		apitest.Check(t, err)
		rows, err := f.GetRows("诉求件统计")
		apitest.Check(t, err)
		if len(rows) != 4 || rows[3][0] != "合计" || rows[3][1] != "4" || rows[3][9] != "50.00%" {
			t.Errorf("%v", rows)
		}
		h.Get(s.clerk, "/api/v1/staff/complaints?from=9999-99-99").Code(422, "invalid_request")
	})
}

func TestNeighboursAreMediatedAndSignWhatTheyAgreed(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		s := open(t, h)
		id := h.Post(h.Resident("somebody"), "/api/v1/complaints", map[string]any{"text": "楼上漏水，邻居不修", "category": "dispute", "contact": "none"}).Want(201).Text("id")
		path := cases + id + "/mediations"
		session := map[string]any{"held_on": "2026-01-05", "place": "社区调解室", "present": []string{"甲某（申请人）", "乙某（被申请人）", "调解员丙某"}, "outcome": "adjourned", "facts": "楼上卫生间漏水，楼下吊顶受损。"}
		h.Post(s.clerk, path, session).Want(201)
		session["outcome"] = "agreed"
		h.Post(s.clerk, path, session).Code(422, "invalid_request")
		session["agreement"], session["due_on"] = "一、乙某于十五日内修复卫生间防水。\n二、乙某赔偿甲某吊顶损失800元。", "2026-01-31"
		h.Post(s.clerk, path, session).Want(201)
		list := h.Get(s.clerk, path).Want(200)
		first, second := list.Text("items", 0, "id"), list.Text("items", 1, "id")
		h.Get(s.clerk, path+"/"+first+"/agreement.pdf").Code(409, "mediation_not_agreed")
		pdf := h.Get(s.clerk, path+"/"+second+"/agreement.pdf").Want(200)
		if to := os.Getenv("GONGDI_TEST_SAMPLES"); to != "" {
			apitest.Check(t, os.WriteFile(to+"/mediation.pdf", pdf.Raw, 0o600))
		}
		kept := map[string]any{"kept": true, "text": "已修复"}
		h.Post(s.clerk, path+"/"+second+"/follow-up", kept).Want(204)
		h.Post(s.clerk, path+"/"+second+"/follow-up", kept).Code(409, "mediation_followed_up")
		h.Get(h.Staff(model.RoleCommunity, apitest.Street+"001"), path).Code(404, "not_found")
	})
}
