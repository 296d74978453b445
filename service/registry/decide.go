package registry

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/audit"
	"gongdi/service/fault"
	"gongdi/service/messages"
	"gongdi/service/store"
)

// ErrBindingDecided says that a binding no longer waits for a decision.
var ErrBindingDecided = fault.New(fault.Conflict, "binding_decided", "这项绑定申请已经处理过，或者已经撤回")

const (
	placeOfBinding = "SELECT b.id, e.area_code FROM bindings b JOIN estates e ON e.id = b.estate_id WHERE b.id = ?"
	bindingByID    = "SELECT * FROM bindings WHERE id = ?"
	homeOfBinding  = "SELECT p.* FROM properties p JOIN bindings b ON b.property_id = p.id WHERE b.id = ?"
	textVerified   = "您对房屋 %s 的绑定申请已经通过社区核实。"
	textRejected   = "您对房屋 %s 的绑定申请没有通过：%s"
)

// HasCase refuses with not found unless a binding lies in the caller's area.
func (s *Service) HasCase(ctx context.Context, caller model.Caller, id string) error {
	return s.within(ctx, caller, placeOfBinding, id)
}

// Verify accepts a pending binding whose resident has shown in person who they
// are (核实).
func (s *Service) Verify(ctx context.Context, caller model.Caller, id string) (Bound, error) {
	return s.decide(ctx, caller, id, func(tx *gorm.DB, b *model.Binding, p *model.Property) (messages.News, error) {
		b.Status, b.Proof = model.BindingVerified, model.ProofInPerson
		if b.Relation == model.RelationOwner {
			owner, err := s.namesake(tx, b)
			if err != nil {
				return messages.News{}, err
			}
			b.OwnerID = owner
		}
		if err := tx.Exec(endOthers, b.DecidedAt, b.ResidentID, b.PropertyID, b.ID).Error; err != nil {
			return messages.News{}, fmt.Errorf("end earlier bindings: %w", err)
		}
		return news(newsVerified, b.ID, fmt.Sprintf(textVerified, p.Label)), nil
	})
}

const endOthers = "UPDATE bindings SET status = 'ended', decided_at = ? WHERE resident_id = ? AND property_id = ? AND status = 'verified' AND id <> ?"

// Reject refuses a pending binding, for a reason that the resident is told.
func (s *Service) Reject(ctx context.Context, caller model.Caller, id, reason string) (Bound, error) {
	reason, err := because(reason)
	if err != nil {
		return Bound{}, err
	}
	return s.decide(ctx, caller, id, func(_ *gorm.DB, b *model.Binding, p *model.Property) (messages.News, error) {
		b.Status, b.Reason = model.BindingRejected, reason
		return news(newsRejected, b.ID, fmt.Sprintf(textRejected, p.Label, reason)), nil
	})
}

// decide runs fn on a pending binding that nobody else decides meanwhile. The
// home is held before the binding, as everywhere.
func (s *Service) decide(ctx context.Context, caller model.Caller, id string, fn func(*gorm.DB, *model.Binding, *model.Property) (messages.News, error)) (Bound, error) {
	if err := s.HasCase(ctx, caller, id); err != nil {
		return Bound{}, err
	}
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (Bound, error) {
		b, p, err := s.holdCase(tx, id)
		if err != nil {
			return Bound{}, err
		}
		if b.Status != model.BindingPending {
			return Bound{}, ErrBindingDecided
		}
		now := s.now()
		b.DecidedBy, b.DecidedAt = caller.ID, &now
		told, err := fn(tx, b, p)
		if err != nil {
			return Bound{}, err
		}
		if err := tx.Select("*").Where("id = ?", id).Updates(b).Error; err != nil {
			return Bound{}, fmt.Errorf("decide binding %s: %w", id, err)
		}
		if err := messages.Tell(tx, []string{b.ResidentID}, told, now); err != nil {
			return Bound{}, err
		}
		area, err := s.areaOf(tx, b.EstateID)
		if err != nil {
			return Bound{}, err
		}
		err = s.Audit.Record(ctx, tx, audit.Entry{
			Actor: caller, Right: model.DecideBindings, Verb: string(b.Status), ObjectType: "binding", ObjectID: id,
			AreaCode: area, Reason: b.Reason,
		})
		if err != nil {
			return Bound{}, err
		}
		return s.bound(tx, id)
	})
}

func (s *Service) holdCase(tx *gorm.DB, id string) (*model.Binding, *model.Property, error) {
	var p model.Property
	if err := tx.Raw(homeOfBinding, id).Take(&p).Error; err != nil {
		return nil, nil, fmt.Errorf("find the home of binding %s: %w", id, err)
	}
	if err := tx.Raw(s.DB.Locked(propertyByID), p.ID).Take(&p).Error; err != nil {
		return nil, nil, fmt.Errorf("hold home %s: %w", p.ID, err)
	}
	var b model.Binding
	if err := tx.Raw(s.DB.Locked(bindingByID), id).Take(&b).Error; err != nil {
		return nil, nil, fmt.Errorf("hold binding %s: %w", id, err)
	}
	return &b, &p, nil
}

// namesake is the one owner of the home by the name that a binding gives; none
// when there is no such owner, or are several.
func (s *Service) namesake(tx *gorm.DB, b *model.Binding) (string, error) {
	name, err := s.Vault.Reveal(boundName, b.Name)
	if err != nil {
		return "", fmt.Errorf("read binding %s: %w", b.ID, err)
	}
	owners, err := ownersOf(tx, []string{b.PropertyID})
	if err != nil {
		return "", err
	}
	index, found := s.nameIndex(name), ""
	for _, o := range owners[b.PropertyID] {
		if o.NameIndex != index {
			continue
		}
		if found != "" {
			return "", nil
		}
		found = o.ID
	}
	return found, nil
}
