package registry

import (
	"context"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/audit"
	"gongdi/service/fault"
	"gongdi/service/store"
)

const reasonLimit = 500

// because checks the reason that somebody gives for what they do.
func because(reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	switch {
	case reason == "":
		return "", fault.Unknown("body.reason", "请填写理由")
	case len([]rune(reason)) > reasonLimit:
		return "", fault.Unknown("body.reason", "理由最多 500 个字")
	}
	return reason, nil
}

// Revealed is what a home's sheet keeps hidden: owners, certificate and note in full.
type Revealed struct {
	Owners      []Owner
	Certificate string
	Note        string
}

// Reveal shows whose one home is in full, for a reason that goes into the
// audit log with who asked.
func (s *Service) Reveal(ctx context.Context, caller model.Caller, propertyID, reason string) (Revealed, error) {
	reason, err := because(reason)
	if err != nil {
		return Revealed{}, err
	}
	if err := s.HasProperty(ctx, caller, propertyID); err != nil {
		return Revealed{}, err
	}
	var out Revealed
	err = store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		var p model.Property
		if err := tx.Raw(propertyByID, propertyID).Take(&p).Error; err != nil {
			return fmt.Errorf("reveal home %s: %w", propertyID, err)
		}
		owners, err := ownersOf(tx, []string{propertyID})
		if err != nil {
			return err
		}
		h, err := s.open(p, owners[propertyID])
		if err != nil {
			return err
		}
		out = Revealed{Owners: make([]Owner, 0, len(h.Owners)), Certificate: h.Certificate, Note: h.Note}
		for _, o := range h.Owners {
			out.Owners = append(out.Owners, o.owner())
		}
		area, err := s.areaOf(tx, p.EstateID)
		if err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, audit.Entry{
			Actor: caller, Right: model.RevealPerson, Verb: "owners", ObjectType: "property", ObjectID: propertyID,
			AreaCode: area, Reason: reason,
		})
	})
	return out, err
}

func (s *Service) areaOf(tx *gorm.DB, estateID string) (string, error) {
	var p place
	if err := tx.Raw(placeOfEstate, estateID).Take(&p).Error; err != nil {
		return "", fmt.Errorf("find the area of estate %s: %w", estateID, err)
	}
	return p.AreaCode, nil
}
