package journey

import (
	"testing"

	"gongdi/api/apitest"
	"gongdi/model"
)

func TestTheOfficeAsksWhenPeriodsEnd(t *testing.T) {
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		street, path := h.Staff(model.RoleStreet, apitest.Street), "/api/v1/staff/calendar/"
		for query, want := range map[string]string{
			"working-days?from=2026-09-18&days=5":    "2026-09-24",
			"working-days?from=2026-09-30&days=5":    "2026-10-13",
			"publicity-end?from=2026-09-24&days=7":   "2026-10-08",
			"publicity-end?from=2026-11-21&days=7":   "2026-11-30",
			"working-days?from=2026-12-30&days=366":  "2028-05-25",
			"publicity-end?from=2026-12-30&days=366": "2027-12-31",
		} {
			got := h.Get(street, path+query).Want(200)
			if got.Text("date") != want || got.At("provisional") != (want > "2027") {
				t.Errorf("%s: %s, want %s", query, got.Raw, want)
			}
		}
		for _, query := range []string{
			"from=2026-02-30&days=5", "from=x&days=5", "from=2026-09-18&days=0", "from=2026-09-18&days=367", "from=2026-09-18", "days=5",
			"from=9999-12-31&days=5", "from=2026-09-18&days=x",
		} {
			h.Get(street, path+"working-days?"+query).Want(422)
			h.Get(street, path+"publicity-end?"+query).Want(422)
		}
		notice := []byte(`{"year":2027,"days":[{"name":"元旦","date":"2027-01-01","isOffDay":true}]}`)
		done := h.Upload(h.Staff(model.RoleAdmin, apitest.Street), path+"holidays", "2027.json", notice).Want(200)
		if done.Number("year") != 2027 || len(done.Items("added")) != 1 || len(done.Items("removed")) != 0 {
			t.Errorf("%s", done.Raw)
		}
		if got := h.Get(street, path+"working-days?from=2026-12-30&days=5").Want(200); got.Text("date") != "2027-01-07" || got.At("provisional") != false {
			t.Errorf("%s", got.Raw)
		}
		if got := h.Get(street, path+"holidays?year=2027").Want(200); got.Number("total") != 1 {
			t.Errorf("%s", got.Raw)
		}
		h.Upload(h.Staff(model.RoleCommunity, apitest.Street), path+"holidays", "2027.json", notice).Code(403, "forbidden")
		h.Upload(street, path+"holidays", "2027.json", []byte("PK")).Code(422, "holidays_unreadable")
		h.Upload(street, path+"holidays", "2027.json", []byte("{}")).Code(422, "holidays_no_year")
		h.Upload(street, path+"holidays", "2027.json", []byte(`{"year":2027,"days":[{"date":"1","isOffDay":true}]}`)).Code(422, "holidays_wrong_day")
	})
}
