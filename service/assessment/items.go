package assessment

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/assess"
	"gongdi/service/audit"
	"gongdi/service/fault"
	"gongdi/service/store"
)

// mostItems is how far items by hand may move a unit in one period, up or down.
//
// Choice: ten points, docs/adr/0017.
const mostItems assess.Hundredths = 10_00

const standingItems = "SELECT * FROM assessment_items WHERE period = ? AND area_code = ? AND struck_at IS NULL ORDER BY at, id"

func itemsOf(db *gorm.DB, period, area string) (map[model.Assessed][]model.AssessmentItem, error) {
	var rows []model.AssessmentItem
	if err := db.Raw(standingItems, period, area).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the items of %s: %w", period, err)
	}
	out := map[model.Assessed][]model.AssessmentItem{}
	for _, r := range rows {
		out[r.Assessed] = append(out[r.Assessed], r)
	}
	return out, nil
}

// Items lists what was entered by hand for a period, struck ones too.
func (s *Service) Items(ctx context.Context, caller model.Caller, p assess.Period) ([]model.AssessmentItem, error) {
	var rows []model.AssessmentItem
	query := "SELECT * FROM assessment_items WHERE period = ? AND area_code = ? ORDER BY at, id"
	if err := s.DB.Read(ctx).Raw(query, p.Name, tableArea(caller)).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("list the items of %s: %w", p.Name, err)
	}
	return rows, nil
}

// AddItem gives or takes points by hand (加减分), with the reason. A frozen
// table keeps its figures: the item counts in the next version.
func (s *Service) AddItem(ctx context.Context, caller model.Caller, p assess.Period, item model.AssessmentItem) (*model.AssessmentItem, error) {
	if item.Points == 0 {
		return nil, fault.ErrInvalid.At("body.points", "不能为0")
	}
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.AssessmentItem, error) {
		area := tableArea(caller)
		if err := s.has(tx, area, item.Assessed, "body.unit.code"); err != nil {
			return nil, err
		}
		var rows []model.AssessmentItem
		if err := tx.Raw(s.DB.Locked(standingItems), p.Name, area).Scan(&rows).Error; err != nil {
			return nil, fmt.Errorf("read the items of %s: %w", p.Name, err)
		}
		sum := item.Points
		for _, r := range rows {
			if r.Assessed == item.Assessed {
				sum += r.Points
			}
		}
		if sum > mostItems || sum < -mostItems {
			return nil, fault.ErrInvalid.At("body.points", "同一单位一期加分、减分合计不超过10分")
		}
		item.ID, item.Period, item.AreaCode, item.StaffID, item.At = store.NewID(), p.Name, area, caller.ID, s.now()
		if err := tx.Create(&item).Error; err != nil {
			return nil, fmt.Errorf("enter an item of %s: %w", p.Name, err)
		}
		return &item, s.record(ctx, tx, caller, audit.Entry{Verb: "enter_item", ObjectType: "assessment_item", ObjectID: item.ID, AreaCode: area})
	})
}

// ErrStruck says that an item counts no longer.
var ErrStruck = fault.New(fault.Conflict, "item_struck", "这一项已经撤销")

// ItemOf finds an item of a caller's table.
func (s *Service) ItemOf(ctx context.Context, caller model.Caller, p assess.Period, id string) (*model.AssessmentItem, error) {
	var rows []model.AssessmentItem
	query := "SELECT * FROM assessment_items WHERE id = ? AND period = ? AND area_code = ?"
	if err := s.DB.Read(ctx).Raw(query, id, p.Name, tableArea(caller)).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("find item %s: %w", id, err)
	}
	if len(rows) == 0 {
		return nil, fault.ErrNotFound
	}
	return &rows[0], nil
}

// StrikeItem takes an item back, with the reason; it stays to be read.
func (s *Service) StrikeItem(ctx context.Context, caller model.Caller, item *model.AssessmentItem, reason string) error {
	const strike = "UPDATE assessment_items SET struck_at = ?, struck_by = ?, struck_reason = ? WHERE id = ? AND struck_at IS NULL"
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		done := tx.Exec(strike, s.now(), caller.ID, reason, item.ID)
		if done.Error != nil {
			return fmt.Errorf("strike item %s: %w", item.ID, done.Error)
		}
		if done.RowsAffected == 0 {
			return ErrStruck
		}
		return s.record(ctx, tx, caller, audit.Entry{Verb: "strike_item", ObjectType: "assessment_item", ObjectID: item.ID, AreaCode: item.AreaCode, Reason: reason})
	})
}
