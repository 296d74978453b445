package funds

import (
	"os"
	"testing"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/store"
	"gongdi/service/store/dbtest"
)

// BenchmarkTenThousandHouseholds measures one ledger of 10,000 homes that each
// pledged and paid, on the engines that are there.
func BenchmarkTenThousandHouseholds(b *testing.B) {
	engines := map[string]func(testing.TB) string{"sqlite": dbtest.SQLiteAddress}
	if os.Getenv("GONGDI_TEST_MYSQL") != "" {
		engines["mysql"] = dbtest.ServerAddress
	}
	for name, address := range engines {
		db, err := store.Open(b.Context(), address(b))
		if err != nil {
			b.Fatal(err)
		}
		s, of := serviceOn(b, db), model.Purpose{Type: model.ForEstate, ID: store.NewID()}
		var h households
		for i := range 10_000 {
			id := h.pledge(s, of, model.PledgeConfirmed, quantity.Fen(i+10))
			h.booked(s, of, id, model.Receipt, "", quantity.Fen(i+10))
			if i%100 == 0 {
				h.booked(s, of, id, model.Refund, "", 1)
			}
		}
		h.keep(b, db)
		for _, job := range []struct {
			name string
			do   func() (int, error)
		}{
			{"totals", func() (int, error) {
				rows, err := s.Totals(b.Context(), Filter{Purpose: of, Area: "520523"}, BySource)
				return len(rows), err
			}},
			{"months", func() (int, error) {
				rows, err := s.Totals(b.Context(), Filter{Area: "520523"}, ByMonth)
				return len(rows), err
			}},
			{"overview", func() (int, error) {
				o, err := s.OverviewOf(b.Context(), of)
				return o.Pledges - 9_999, err
			}},
			{"pledges", func() (int, error) {
				rows, total, err := s.PledgesTo(b.Context(), of, 5_000, 50)
				return len(rows) + int(total) - 10_049, err
			}},
			{"ledger", func() (int, error) {
				rows, _, err := s.Ledger(b.Context(), Filter{Purpose: of, Area: "520523"}, 5_000, 50)
				return len(rows) - 49, err
			}},
		} {
			b.Run(name+"/"+job.name, func(b *testing.B) {
				for b.Loop() {
					if n, err := job.do(); err != nil || n != 1 {
						b.Fatal(n, err)
					}
				}
			})
		}
		if err := db.Close(); err != nil {
			b.Error(err)
		}
	}
}
