package lifts

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/share"
	"gongdi/service/audit"
	"gongdi/service/fault"
	"gongdi/service/store"
)

// shipped are tables that other places have published or use. They are where a
// street begins; what those who pay agree on is what counts.
var shipped = []model.LiftPreset{
	{
		Name: "广州参考系数（三层为 1）", Source: "广州市指导意见的通行做法：三层为 1，二层 0.5，一层 0，四层起每层加 0.1；未核对原文，仅供协商参考",
		Sharing: share.Sharing{Mode: share.Coefficient, Coefficients: map[int]int64{1: 0, 2: 50, 3: 100, 4: 110, 5: 120, 6: 130, 7: 140, 8: 150, 9: 160}},
	},
	{
		Name: "北京六层参考比例", Source: "北京六层住宅各层占总额的通行比例：一层 0，二层 4–6%，三层 11–13%，四层 20–22%，五层 28–30%，六层 32–34%，取中值；未核对原文，仅供协商参考",
		Sharing: share.Sharing{Mode: share.PercentByFloor, Percents: map[int]int64{1: 0, 2: 500, 3: 1200, 4: 2100, 5: 2900, 6: 3300}},
	},
	{
		Name: "广州东圃示例（系数乘面积）", Source: "广州东圃加装方案示例：一、二层免，三层 0.7，以上每层加 0.1，再乘面积；zjtcn.com，仅供协商参考",
		Sharing: share.Sharing{Mode: share.CoefficientArea, Coefficients: map[int]int64{1: 0, 2: 0, 3: 70, 4: 80, 5: 90, 6: 100, 7: 110, 8: 120, 9: 130}},
	},
}

// Seed fills an empty table of presets; what a street has edited stays.
func (s *Service) Seed(ctx context.Context) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		var n int
		if err := tx.Raw("SELECT COUNT(*) FROM lift_presets").Scan(&n).Error; err != nil {
			return fmt.Errorf("count the presets: %w", err)
		}
		if n > 0 {
			return nil
		}
		for _, p := range shipped {
			p.ID, p.UpdatedAt = store.NewID(), s.now()
			if err := tx.Create(&p).Error; err != nil {
				return fmt.Errorf("seed a preset: %w", err)
			}
		}
		return nil
	})
}

const presetsOfArea = "SELECT * FROM lift_presets WHERE area_code = '' OR ? LIKE CONCAT(area_code, '%') ORDER BY area_code, id"

// Presets lists the tables that a member of staff may begin from.
func (s *Service) Presets(ctx context.Context, caller model.Caller) ([]model.LiftPreset, error) {
	var rows []model.LiftPreset
	if err := s.DB.Read(ctx).Raw(presetsOfArea, caller.AreaCode).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("list the presets: %w", err)
	}
	return rows, nil
}

// PresetOf is a preset that a street may edit: its own, or a shipped one.
func (s *Service) PresetOf(ctx context.Context, caller model.Caller, id string) (*model.LiftPreset, error) {
	var p model.LiftPreset
	err := s.DB.Read(ctx).Raw("SELECT * FROM lift_presets WHERE id = ?", id).Take(&p).Error
	if errors.Is(err, gorm.ErrRecordNotFound) || err == nil && p.AreaCode != "" && p.AreaCode != caller.AreaCode {
		return nil, fault.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("read preset %s: %w", id, err)
	}
	return &p, nil
}

// SetPreset adds a table, or changes one; a shipped one becomes the street's
// own. A table must say where it comes from.
func (s *Service) SetPreset(ctx context.Context, caller model.Caller, p model.LiftPreset) (*model.LiftPreset, error) {
	if err := checkPreset(p.Sharing); err != nil {
		return nil, err
	}
	verb := "change"
	if p.ID == "" {
		p.ID, verb = store.NewID(), "add"
	}
	p.AreaCode, p.UpdatedBy, p.UpdatedAt = caller.AreaCode, caller.ID, s.now()
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.LiftPreset, error) {
		if err := tx.Save(&p).Error; err != nil {
			return nil, fmt.Errorf("keep preset %s: %w", p.ID, err)
		}
		return &p, s.notePreset(ctx, tx, caller, p.ID, verb)
	})
}

func checkPreset(by share.Sharing) error {
	sum := int64(0)
	for _, percent := range by.Percents {
		sum += percent
	}
	switch {
	case by.Mode == share.PercentByFloor && sum != 10_000:
		return ErrPercentNotWhole.At("body.sharing.percent_bp", "合计不是 10000")
	case by.Mode != share.PercentByFloor && len(by.Coefficients) == 0:
		return ErrFloorNotSet.At("body.sharing.coefficients", "请填写各层系数")
	}
	return nil
}

// DropPreset takes a table away; plans that began from it stay as they are.
func (s *Service) DropPreset(ctx context.Context, caller model.Caller, id string) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		if err := tx.Exec("DELETE FROM lift_presets WHERE id = ?", id).Error; err != nil {
			return fmt.Errorf("drop preset %s: %w", id, err)
		}
		return s.notePreset(ctx, tx, caller, id, "drop")
	})
}

func (s *Service) notePreset(ctx context.Context, tx *gorm.DB, caller model.Caller, id, verb string) error {
	return s.Audit.Record(ctx, tx, audit.Entry{Actor: caller, Right: model.EditPresets, Verb: verb, ObjectType: "lift_preset", ObjectID: id})
}
