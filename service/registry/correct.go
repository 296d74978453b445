package registry

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	rule "gongdi/model/rule/roster"
	"gongdi/service/audit"
	"gongdi/service/fault"
	"gongdi/service/store"
)

// ErrPropertyChanged says that somebody else changed the home after it was read.
var ErrPropertyChanged = fault.New(fault.Conflict, "property_changed", "这套房屋的信息刚刚被其他人修改过，请刷新后再改")

// Correction is what the office changes of a home; nil stays as it is.
type Correction struct {
	Area       *quantity.Area
	AreaSource *model.AreaSource
	Owners     []OwnerCorrection // all of them, in order; nil for no change
	Floor      *int
	Use        *model.Use
	Reason     string
	Version    *int // that was read, for whoever must not overwrite another's change
}

// OwnerCorrection is one owner as they are to be. Document, Phone and Share
// stay those of the same person before when nil, and empty clears them.
type OwnerCorrection struct {
	ID       string // of the owner as stored; empty for whom the name or number tells
	Name     string
	Document *string
	Phone    *string
	Share    *string // "1/2"
}

// Correct completes or corrects a home (补正), for a reason that its history
// keeps. A home that lacks nothing any more is no longer incomplete; rolls that
// are frozen stay as they are.
func (s *Service) Correct(ctx context.Context, caller model.Caller, id string, c Correction) (Sheet, error) {
	reason, err := because(c.Reason)
	if err != nil {
		return Sheet{}, err
	}
	if err := c.check(); err != nil {
		return Sheet{}, err
	}
	if err := s.HasProperty(ctx, caller, id); err != nil {
		return Sheet{}, err
	}
	_, err = store.Do(ctx, s.DB, func(tx *gorm.DB) (int, error) { // what is kept of a repeatable request names nobody
		r, err := s.correct(tx, id, c)
		if err != nil || len(changed(r.before, r.after)) == 0 {
			return 0, err
		}
		r.entry.StaffID, r.entry.Reason = caller.ID, reason
		if err := s.keep(tx, r); err != nil {
			return 0, err
		}
		area, err := s.areaOf(tx, r.property.EstateID)
		if err != nil {
			return 0, err
		}
		return r.property.Version, s.Audit.Record(ctx, tx, audit.Entry{
			Actor: caller, Right: model.EditRegistry, Verb: "correct", ObjectType: "property", ObjectID: id, AreaCode: area, Reason: reason,
		})
	})
	if err != nil {
		return Sheet{}, err
	}
	return s.Home(ctx, caller, id)
}

var uses = []model.Use{
	model.UseUnknown, model.UseResidential, model.UseMixed, model.UseCommercial, model.UseOffice, model.UseParking, model.UseStorage, model.UseOther,
}

var areaSources = []model.AreaSource{
	model.AreaUnknown, model.AreaRegistered, model.AreaSurveyed, model.AreaContracted, model.AreaDeclared,
}

func (c *Correction) check() error {
	switch {
	case c.Area == nil && c.AreaSource == nil && c.Owners == nil && c.Floor == nil && c.Use == nil:
		return fault.Unknown("body", "没有要修改的内容")
	case c.Area != nil && *c.Area <= 0:
		return fault.Unknown("body.area_m2", "面积应当大于零")
	case c.AreaSource != nil && !slices.Contains(areaSources, *c.AreaSource):
		return fault.Unknown("body.area_source", "没有这种面积来源")
	case c.Use != nil && !slices.Contains(uses, *c.Use):
		return fault.Unknown("body.use", "没有这种用途")
	case c.Owners != nil && len(c.Owners) == 0:
		return fault.Unknown("body.owners", "至少填写一位产权人")
	}
	return nil
}

func (s *Service) correct(tx *gorm.DB, id string, c Correction) (*revision, error) {
	var p model.Property
	err := tx.Raw(s.DB.Locked(propertyByID), id).Take(&p).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, fault.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("hold home %s: %w", id, err)
	}
	if c.Version != nil && *c.Version != p.Version {
		return nil, ErrPropertyChanged
	}
	owners, err := ownersOf(tx, []string{id})
	if err != nil {
		return nil, err
	}
	r := &revision{property: p, owners: owners[id]}
	if r.before, err = s.open(p, owners[id]); err != nil {
		return nil, err
	}
	r.after = r.before
	if err := s.apply(&r.after, c); err != nil {
		return nil, err
	}
	if c.Floor != nil {
		if r.property.SortKey, err = s.orderOf(tx, &p, c.Floor); err != nil {
			return nil, err
		}
	}
	return r, s.revise(r)
}

func (s *Service) apply(h *home, c Correction) (err error) {
	if c.Area != nil {
		h.Area = c.Area
	}
	if c.AreaSource != nil {
		h.AreaSource = *c.AreaSource
	}
	if c.Floor != nil {
		h.Floor = c.Floor
	}
	if c.Use != nil {
		h.Use = *c.Use
	}
	if c.Owners != nil {
		if h.Owners, err = ownersAfter(h.Owners, c.Owners, quantity.DateOf(s.Now())); err != nil {
			return err
		}
	}
	h.assess(h.Incomplete)
	return nil
}

const placeLabels = "SELECT b.label AS building, u.label AS unit FROM buildings b JOIN units u ON u.building_id = b.id WHERE u.id = ?"

func (s *Service) orderOf(tx *gorm.DB, p *model.Property, floor *int) (string, error) {
	var labels struct{ Building, Unit string }
	if err := tx.Raw(placeLabels, p.UnitID).Take(&labels).Error; err != nil {
		return "", fmt.Errorf("find the unit of home %s: %w", p.ID, err)
	}
	return order(rule.Home{Building: labels.Building, Unit: labels.Unit, Room: p.Room}, floor), nil
}

// keep stores a correction.
func (s *Service) keep(tx *gorm.DB, r *revision) error {
	if err := tx.Select("*").Where("id = ?", r.property.ID).Updates(&r.property).Error; err != nil {
		return fmt.Errorf("change home %s: %w", r.property.ID, err)
	}
	if err := s.release(tx, []loss{{property: r.property, owners: gone(r.before, r.after)}}); err != nil {
		return err
	}
	if err := overwrite(tx, r.owners); err != nil {
		return fmt.Errorf("change the owners of home %s: %w", r.property.ID, err)
	}
	if err := tx.Create(&r.entry).Error; err != nil {
		return fmt.Errorf("keep the history of home %s: %w", r.property.ID, err)
	}
	return nil
}
