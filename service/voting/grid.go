package voting

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/audit"
	"gongdi/service/fault"
	"gongdi/service/store"
)

const gridBuildings = `SELECT b.label FROM staff_buildings s JOIN buildings b ON b.id = s.building_id
WHERE s.staff_id = ? AND b.estate_id = ? ORDER BY b.sort_key`

// reach is the buildings of a motion's estate that a member of the grid looks
// after; nil for whoever is not bound to buildings.
func (s *Service) reach(ctx context.Context, caller model.Caller, m *model.Motion) ([]string, error) {
	if caller.Role != model.RoleGrid {
		return nil, nil
	}
	labels := []string{}
	if err := s.DB.Read(ctx).Raw(gridBuildings, caller.ID, m.EstateID).Scan(&labels).Error; err != nil {
		return nil, fmt.Errorf("find the buildings of a grid: %w", err)
	}
	return labels, nil
}

// HasDoor refuses, with not found, a voter that is not on a motion's roll, or
// behind a door that is not in the caller's grid.
func (s *Service) HasDoor(ctx context.Context, caller model.Caller, m *model.Motion, voterID string) error {
	buildings, err := s.reach(ctx, caller, m)
	if err != nil {
		return err
	}
	var found []string
	if err := s.DB.Read(ctx).Raw("SELECT building FROM roll_voters WHERE motion_id = ? AND id = ?", m.ID, voterID).Scan(&found).Error; err != nil {
		return fmt.Errorf("find a voter in motion %s: %w", m.ID, err)
	}
	if len(found) == 0 || caller.Role == model.RoleGrid && !slices.Contains(buildings, found[0]) {
		return fault.ErrNotFound
	}
	return nil
}

// GridMember is a member of the grid with the buildings they look after.
type GridMember struct {
	ID, Username string
	Buildings    []GridBuilding `gorm:"-"`
}

// GridBuilding is a building of a grid.
type GridBuilding struct{ ID, Label, Estate string }

const (
	gridMembers   = "SELECT id, username FROM staff WHERE role = 'grid' AND disabled_at IS NULL AND area_code LIKE ? ORDER BY username"
	membersBlocks = `SELECT b.id, b.label, e.name AS estate FROM staff_buildings s JOIN buildings b ON b.id = s.building_id
JOIN estates e ON e.id = b.estate_id WHERE s.staff_id = ? ORDER BY e.name, b.sort_key`
	blocksWithin = `SELECT b.id FROM buildings b JOIN estates e ON e.id = b.estate_id
WHERE b.id IN ? AND e.area_code LIKE ? AND e.area_code LIKE ?`
)

// Grid lists the members of the grid in the caller's area.
func (s *Service) Grid(ctx context.Context, caller model.Caller) ([]GridMember, error) {
	db := s.DB.Read(ctx)
	var members []GridMember
	if err := db.Raw(gridMembers, caller.AreaCode+"%").Scan(&members).Error; err != nil {
		return nil, fmt.Errorf("list the grid: %w", err)
	}
	for i := range members {
		if err := db.Raw(membersBlocks, members[i].ID).Scan(&members[i].Buildings).Error; err != nil {
			return nil, fmt.Errorf("list the buildings of a grid: %w", err)
		}
	}
	return members, nil
}

// InGrid refuses, with not found, an account that is no grid member of the
// caller's area.
func (s *Service) InGrid(ctx context.Context, caller model.Caller, staffID string) (*model.Staff, error) {
	var rows []model.Staff
	err := s.DB.Read(ctx).Raw("SELECT * FROM staff WHERE id = ? AND role = 'grid' AND area_code LIKE ?", staffID, caller.AreaCode+"%").Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("find a member of the grid: %w", err)
	}
	if len(rows) == 0 {
		return nil, fault.ErrNotFound
	}
	return &rows[0], nil
}

// Assign gives a member of the grid the buildings to look after, all anew.
func (s *Service) Assign(ctx context.Context, caller model.Caller, member *model.Staff, buildingIDs []string) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		var known []string
		if len(buildingIDs) > 0 {
			if err := tx.Raw(blocksWithin, buildingIDs, caller.AreaCode+"%", member.AreaCode+"%").Scan(&known).Error; err != nil {
				return fmt.Errorf("find buildings: %w", err)
			}
		}
		if err := tx.Exec("DELETE FROM staff_buildings WHERE staff_id = ?", member.ID).Error; err != nil {
			return fmt.Errorf("assign a grid: %w", err)
		}
		for i, id := range buildingIDs {
			if !slices.Contains(known, id) || slices.Contains(buildingIDs[:i], id) {
				return fault.Unknown(fmt.Sprintf("body.building_ids[%d]", i), "没有这一栋，或者不在其辖区内")
			}
			if err := gorm.G[model.StaffBuilding](tx).Create(ctx, &model.StaffBuilding{StaffID: member.ID, BuildingID: id}); err != nil {
				return fmt.Errorf("assign a grid: %w", err)
			}
		}
		return s.Audit.Record(ctx, tx, audit.Entry{
			Actor: caller, Right: model.AssignGrid, Verb: "assign", ObjectType: "staff", ObjectID: member.ID, AreaCode: member.AreaCode,
		})
	})
}
