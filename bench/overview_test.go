package bench

import (
	"net/http"
	"os"
	"strconv"
	"testing"
	"time"

	"gorm.io/gorm"

	"gongdi/api/apitest"
	"gongdi/cmd/county"
	"gongdi/model"
	"gongdi/service/store"
)

// BenchmarkOverview reads the first page of a county of 1,000 estates with
// 200,000 homes and a year of work: at rest, as street and community, and each
// time after a ballot's row has changed.
func BenchmarkOverview(b *testing.B) {
	estates := 1000
	if few, err := strconv.Atoi(os.Getenv("GONGDI_BENCH_ESTATES")); err == nil {
		estates = few
	}
	engines(b, func(b *testing.B, address string) {
		t := found(b, address, 100, 1)
		began := time.Now()
		_, err := county.Fill(b.Context(), t.DB, county.Size{County: "520523", First: 2, Streets: 20, Estates: estates, Homes: 200, Until: t.Now(), Seed: 1}, func(int) {})
		apitest.Check(b, err)
		b.Logf("generated in %v", time.Since(began).Round(time.Second))
		began = time.Now()
		apitest.Check(b, t.Reporting.Rebuild(b.Context()))
		b.Logf("reckoned in %v", time.Since(began).Round(time.Millisecond))
		reader := t.Staff(model.RoleCounty, "520523")
		page := func(area string) func(int, int64) error {
			return func(int, int64) error {
				return t.send(http.MethodGet, reader, "/api/v1/staff/overview?area="+area, "", http.StatusOK)
			}
		}
		var delivered []model.Delivery
		apitest.Check(b, t.DB.Read(b.Context()).Raw("SELECT d.* FROM deliveries d JOIN motions m ON m.id = d.motion_id WHERE m.stage = 'published' ORDER BY d.id LIMIT 2000").Scan(&delivered).Error)
		compare(b, 1,
			arm{"county", page("520523")}, arm{"street", page("520523002")}, arm{"community", page("520523002001")},
			arm{"changed", func(worker int, i int64) error {
				d := delivered[int(i)%len(delivered)]
				d.ID, d.At = store.NewID(), t.Now().UTC()
				if err := store.Tx(b.Context(), t.DB, func(tx *gorm.DB) error { return tx.Create(&d).Error }); err != nil {
					return err
				}
				return page("520523")(worker, i)
			}},
		)
	})
}
