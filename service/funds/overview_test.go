package funds

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/audit"
	"gongdi/service/lifts"
	"gongdi/service/store"
	"gongdi/service/store/dbtest"
	"gongdi/service/vault"
)

func serviceOn(t testing.TB, db *store.DB) *Service {
	t.Helper()
	keys, err := vault.Open(t.TempDir()+"/data.key", true)
	if err != nil {
		t.Fatal(err)
	}
	log := &audit.Log{Vault: keys, Now: time.Now}
	return &Service{DB: db, Vault: keys, Audit: log, Now: time.Now, Lifts: &lifts.Service{DB: db, Now: time.Now}}
}

// households are pledges of an estate's homes, with what came in for them.
type households struct {
	pledges  []model.Pledge
	parts    []model.PledgePart
	vouchers []model.Voucher
	lines    []model.LedgerLine
}

func (h *households) pledge(s *Service, of model.Purpose, stage model.PledgeStage, amount quantity.Fen) string {
	id := store.NewID()
	h.pledges = append(h.pledges, model.Pledge{
		ID: id, Slot: id, PurposeType: of.Type, PurposeID: of.ID, EstateID: of.ID, AreaCode: "520523001", Contributor: model.Household, PropertyID: store.NewID(),
		Label: fmt.Sprintf("%d栋1单元101", len(h.pledges)+1), Stage: stage, CreatedAt: s.now(), UpdatedAt: s.now(),
	})
	h.parts = append(h.parts, model.PledgePart{PledgeID: id, Source: model.Cash, Amount: amount})
	return id
}

// booked adds a voucher with its lines; reverses is one of an earlier kind.
func (h *households) booked(s *Service, of model.Purpose, pledge string, kind, first model.VoucherKind, amount quantity.Fen) {
	v := model.Voucher{
		ID: store.NewID(), PurposeType: of.Type, PurposeID: of.ID, EstateID: of.ID, AreaCode: "520523001", Kind: kind, Source: model.Cash, PledgeID: pledge,
		Amount: amount, OnDate: "2026-05-01", Stage: model.VoucherBooked, EnteredBy: store.NewID(), EnteredAt: s.now(),
	}
	v.Slot = v.ID
	what := sides(kind, amount)
	if kind == model.Reversal {
		for i := range h.vouchers {
			if o := &h.vouchers[i]; o.PledgeID == pledge && o.Kind == first && o.Stage == model.VoucherBooked {
				v.Reverses, v.Amount, o.Stage = o.ID, o.Amount, model.VoucherReversed
				break
			}
		}
		if v.Reverses == "" {
			return
		}
		for _, one := range sides(first, v.Amount) {
			what = append(what, side{one.account, one.credit, one.debit})
		}
	}
	h.vouchers = append(h.vouchers, v)
	for at, one := range what {
		h.lines = append(h.lines, model.LedgerLine{
			VoucherID: v.ID, Position: at + 1, PurposeType: of.Type, PurposeID: of.ID, EstateID: of.ID, AreaCode: "520523001", Account: one.account,
			Source: model.Cash, Debit: one.debit, Credit: one.credit, OnDate: v.OnDate, PledgeID: pledge, At: s.now(),
		})
	}
}

func (h *households) keep(t testing.TB, db *store.DB) {
	t.Helper()
	err := store.Tx(t.Context(), db, func(tx *gorm.DB) error {
		for _, rows := range []any{h.pledges, h.parts, h.vouchers, h.lines} {
			if err := tx.CreateInBatches(rows, 500).Error; err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestTheSumOfPledgesIsThatOfEachThatStands compares the query with the
// derivation pledge by pledge, over more pledges than a query takes ids.
func TestTheSumOfPledgesIsThatOfEachThatStands(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		s, of := serviceOn(t, db), model.Purpose{Type: model.ForEstate, ID: store.NewID()}
		var h households
		for range 1300 {
			stage := []model.PledgeStage{model.PledgeMade, model.PledgeConfirmed, model.PledgeWithdrawn}[rand.IntN(3)]
			id := h.pledge(s, of, stage, 10)
			for range rand.IntN(5) {
				switch rand.IntN(4) {
				case 0:
					h.booked(s, of, id, model.Receipt, "", quantity.Fen(1+rand.IntN(3)))
				case 1:
					h.booked(s, of, id, model.Refund, "", quantity.Fen(1+rand.IntN(3)))
				case 2:
					h.booked(s, of, id, model.Reversal, model.Receipt, 0)
				case 3:
					h.booked(s, of, id, model.Reversal, model.Refund, 0)
				}
			}
		}
		h.keep(t, db)
		all, total, err := s.PledgesTo(t.Context(), of, 0, 5000)
		if err != nil || total != 1300 {
			t.Fatal(total, err)
		}
		var want Overview
		bySource := map[model.Source]quantity.Fen{}
		refunded := 0
		for _, p := range all {
			if !p.Standing.over() {
				want.Pledges, want.Pledged = want.Pledges+1, want.Pledged+p.Standing.Pledged
				for _, part := range p.Parts {
					bySource[part.Source] += part.Amount
				}
			}
			if p.Standing.Status == StatusRefunded {
				refunded++
			}
		}
		got, err := s.OverviewOf(t.Context(), of)
		if err != nil || got.Pledges != want.Pledges || got.Pledged != want.Pledged || refunded == 0 {
			t.Errorf("%+v, one by one %+v, %d refunded, %v", got, want, refunded, err)
		}
		if sums, err := s.PledgedTo(t.Context(), of); err != nil || !maps.Equal(sums, bySource) {
			t.Errorf("by source %v, one by one %v, %v", sums, bySource, err)
		}
	})
}
