package projects

import (
	"testing"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/store"
	"gongdi/service/store/dbtest"
)

func TestAWorkIsCountedUnderItsHeading(t *testing.T) {
	for _, c := range []struct{ item, unit, want string }{
		{"雨污管网改造", "米", "改造管线"}, {"给水管道", "km", "改造管线"}, {"弱电管线入地", "KM", "改造管线"},
		{"加装电梯", "部", "加装电梯"}, {"加装电梯", "元", ""}, {"停车位", "个", "新增停车位"}, {"停车场铺装", "㎡", ""},
		{"电动汽车充电桩", "个", "新增充电桩"}, {"社区养老服务站", "处", "新增服务设施"}, {"外墙保温", "平方米", "节能改造面积"}, {"屋面防水", "㎡", ""},
	} {
		got := ""
		if i := headingOf(c.item, c.unit); i >= 0 {
			got = Headings[i].Label
		}
		if got != c.want {
			t.Errorf("%s (%s) is under %q, want %q", c.item, c.unit, got, c.want)
		}
	}
}

// TestTheLedgerIsAddedUp counts starts to the day and works of the area alone.
func TestTheLedgerIsAddedUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		s := &Service{DB: db}
		put := func(rows ...any) {
			t.Helper()
			err := store.Tx(t.Context(), db, func(tx *gorm.DB) error {
				for _, row := range rows {
					if err := tx.Create(row).Error; err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		for i, p := range []struct {
			area    string
			started quantity.Date
		}{
			{"520523001001", "2026-03-31"}, {"520523001001", "2026-04-01"}, {"520523001002", "2026-04-30"}, {"520523001002", "2026-05-01"}, {"520523001002", ""}, {"520524001001", "2026-04-02"},
		} {
			id := store.NewID()
			put(&model.Project{ID: id, Number: id, EstateID: store.NewID(), AreaCode: p.area, CreatedBy: id},
				&model.ProjectDate{ProjectID: id, Milestone: model.Started, Actual: p.started},
				&model.ProjectWork{ProjectID: id, Position: 1, Class: model.ClassBasic, Item: "雨水管网", Unit: "米", Quantity: 100_000, Done: 60_050},
				&model.ProjectWork{ProjectID: id, Position: 2, Class: model.ClassComplete, Item: "加装电梯", Unit: "部", Quantity: 200, Done: int64(i) * 100})
		}
		got, err := s.StatisticsOf(t.Context(), "520523001", "2026-04-01", "2026-04-30")
		if err != nil {
			t.Fatal(err)
		}
		if got.Started != 3 || got.StartedInMonth != 2 {
			t.Errorf("%d started, %d in the month", got.Started, got.StartedInMonth)
		}
		if got.Done[0] != 5*60_050/1000 || got.Done[1] != (0+1+2+3+4)*100 {
			t.Errorf("done: %v", got.Done)
		}
	})
}
