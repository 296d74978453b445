package identity

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/store"
)

// Division is an area with the areas directly below it, in the order of their codes.
type Division struct {
	model.Area
	Parts []Division
}

// Areas gives the caller's part of the division (行政区划), from their own area down.
func (s *Service) Areas(ctx context.Context, caller model.Caller) ([]Division, error) {
	if caller.Kind != model.StaffSession || caller.AreaCode == "" {
		return nil, nil
	}
	var areas []model.Area
	err := s.DB.Read(ctx).Where("code LIKE ?", caller.AreaCode+"%").Order("code").Find(&areas).Error
	if err != nil {
		return nil, fmt.Errorf("read the areas: %w", err)
	}
	below := map[string][]model.Area{}
	for _, area := range areas {
		if area.Code == caller.AreaCode {
			area.Parent = ""
		}
		below[area.Parent] = append(below[area.Parent], area)
	}
	return divisions(below, ""), nil
}

func divisions(below map[string][]model.Area, parent string) []Division {
	parts := make([]Division, 0, len(below[parent]))
	for _, area := range below[parent] {
		parts = append(parts, Division{Area: area, Parts: divisions(below, area.Code)})
	}
	return parts
}

// Place is an area by code and name, as settings give it.
type Place struct {
	Code string
	Name string
}

// ErrSeedAreas says that the settings' codes are not those of a county and a
// street in it.
var ErrSeedAreas = errors.New("the areas of a new database must be a county of six digits and a street of nine below it")

// SeedAreas gives a new database its county and street. One that has areas
// already stays as it is, whatever the settings say; of several starters one
// seeds.
func (s *Service) SeedAreas(ctx context.Context, county, street Place) error {
	if len(county.Code) != 6 || len(street.Code) != 9 || !areaCodes.MatchString(street.Code) ||
		!strings.HasPrefix(street.Code, county.Code) || county.Name == "" || street.Name == "" {
		return ErrSeedAreas
	}
	err := store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		var known int64
		if err := tx.Model(&model.Area{}).Count(&known).Error; err != nil || known > 0 {
			return err
		}
		now := s.now()
		return tx.Create(&[]model.Area{
			{Code: county.Code, Name: county.Name, Type: model.County, CreatedAt: now},
			{Code: street.Code, Name: street.Name, Type: model.Street, Parent: county.Code, CreatedAt: now},
		}).Error
	})
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return nil // another starter was first
	}
	if err != nil {
		return fmt.Errorf("seed the areas: %w", err)
	}
	return nil
}
