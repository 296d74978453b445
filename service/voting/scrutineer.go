package voting

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/store"
	"gongdi/service/vault"
)

// ErrNotOnRoll answers a scrutineer who is no owner on the motion's roll.
var ErrNotOnRoll = fault.New(fault.Invalid, "not_on_roll", "监票人应是本次表决名册上已核实的产权人")

const scrutineerName vault.Field = "scrutineer.name"

const ownerBinding = `SELECT b.resident_id, b.name, b.id FROM bindings b
JOIN roll_properties p ON p.property_id = b.property_id
WHERE b.id = ? AND b.status = 'verified' AND b.relation = 'owner' AND p.motion_id = ?`

// Name makes an owner, by their verified binding, a scrutineer of a motion
// (监票人): they may check the entry of papers on the phone, beside the scan.
func (s *Service) Name(ctx context.Context, caller model.Caller, motionID, bindingID string) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		m, err := motion(tx, s.DB.Shared(motionByID), motionID)
		if err != nil {
			return err
		}
		if m.Stage != model.StagePublished {
			return ErrMotionNotPublished
		}
		var owner struct{ ResidentID, Name string }
		err = tx.Raw(ownerBinding, bindingID, motionID).Take(&owner).Error
		if errors.Is(err, gorm.ErrRecordNotFound) {
			return ErrNotOnRoll.At("body.binding_id", "没有这个绑定，或者不是名册上的产权人")
		}
		if err != nil {
			return fmt.Errorf("find a scrutineer of motion %s: %w", motionID, err)
		}
		name, err := s.Vault.Reveal("binding.name", owner.Name)
		if err != nil {
			return fmt.Errorf("read a scrutineer's name: %w", err)
		}
		row := model.Scrutineer{
			MotionID: motionID, ResidentID: owner.ResidentID, Name: s.Vault.Seal(scrutineerName, name), NamedBy: caller.ID, NamedAt: s.now(),
		}
		err = gorm.G[model.Scrutineer](tx).Create(ctx, &row)
		if errors.Is(err, gorm.ErrDuplicatedKey) {
			err = tx.Exec(nameAgain, row.NamedBy, row.NamedAt, motionID, row.ResidentID).Error
		}
		if err != nil {
			return fmt.Errorf("name a scrutineer of motion %s: %w", motionID, err)
		}
		return s.record(ctx, tx, caller, m, model.ConductMotions, "name_scrutineer", "")
	})
}

const (
	dismissScrutineer = "UPDATE scrutineers SET dismissed_at = ? WHERE motion_id = ? AND resident_id = ? AND dismissed_at IS NULL"
	nameAgain         = "UPDATE scrutineers SET dismissed_at = NULL, named_by = ?, named_at = ? WHERE motion_id = ? AND resident_id = ? AND dismissed_at IS NOT NULL"
)

// Dismiss ends a scrutineer's part in a motion; what they checked stays checked.
func (s *Service) Dismiss(ctx context.Context, caller model.Caller, motionID, residentID string) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		m, err := motion(tx, motionByID, motionID)
		if err != nil {
			return err
		}
		if m.Stage != model.StagePublished { // a sealed result names its scrutineers
			return ErrMotionClosed
		}
		gone := tx.Exec(dismissScrutineer, s.now(), motionID, residentID)
		if gone.Error != nil {
			return fmt.Errorf("dismiss a scrutineer of motion %s: %w", motionID, gone.Error)
		}
		if gone.RowsAffected == 0 {
			return fault.ErrNotFound
		}
		return s.record(ctx, tx, caller, m, model.ConductMotions, "dismiss_scrutineer", "")
	})
}

// NamedScrutineer is a scrutineer with the name.
type NamedScrutineer struct {
	model.Scrutineer
	FullName string
}

const (
	presentScrutineers = "SELECT * FROM scrutineers WHERE motion_id = ? AND dismissed_at IS NULL ORDER BY named_at, resident_id"
	// a second check, unlike an owner's word, is under no relation
	actingScrutineers = `SELECT s.* FROM scrutineers s WHERE s.motion_id = ? AND (s.dismissed_at IS NULL OR EXISTS
(SELECT 1 FROM ballots b WHERE b.motion_id = s.motion_id AND b.resident_id = s.resident_id AND b.confirms > 0 AND b.relation = '' AND b.word = ''))
ORDER BY s.named_at, s.resident_id`
)

// ScrutineersOf lists a motion's present scrutineers.
func (s *Service) ScrutineersOf(ctx context.Context, motionID string) ([]NamedScrutineer, error) {
	return s.scrutineers(ctx, presentScrutineers, motionID)
}

// supervisors are the scrutineers as the result names them: the present ones,
// and who checked papers before they were dismissed.
func (s *Service) supervisors(ctx context.Context, motionID string) ([]string, error) {
	acting, err := s.scrutineers(ctx, actingScrutineers, motionID)
	if err != nil {
		return nil, err
	}
	names := make([]string, 0, len(acting))
	for _, n := range acting {
		name := n.FullName
		if n.DismissedAt != nil {
			name += "（已卸任，曾复核纸质票）"
		}
		names = append(names, name)
	}
	return names, nil
}

func (s *Service) scrutineers(ctx context.Context, query, motionID string) ([]NamedScrutineer, error) {
	var rows []model.Scrutineer
	if err := s.DB.Read(ctx).Raw(query, motionID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("list the scrutineers of motion %s: %w", motionID, err)
	}
	out := make([]NamedScrutineer, 0, len(rows))
	for _, r := range rows {
		name, err := s.Vault.Reveal(scrutineerName, r.Name)
		if err != nil {
			return nil, fmt.Errorf("read a scrutineer's name: %w", err)
		}
		out = append(out, NamedScrutineer{Scrutineer: r, FullName: name})
	}
	return out, nil
}

// Scrutinises refuses, with not found, whoever is no scrutineer of a motion.
func (s *Service) Scrutinises(ctx context.Context, caller model.Caller, motionID string) error {
	var n int64
	if err := s.DB.Read(ctx).Raw("SELECT COUNT(*) FROM scrutineers WHERE motion_id = ? AND resident_id = ? AND dismissed_at IS NULL", motionID, caller.ID).Scan(&n).Error; err != nil {
		return fmt.Errorf("find a scrutineer of motion %s: %w", motionID, err)
	}
	if n == 0 {
		return fault.ErrNotFound
	}
	return nil
}

// WaitingPaper is an entry that waits for its second check, as whoever checks
// it sees it.
type WaitingPaper struct {
	model.Ballot
	Building, Unit string
	OwnersMasked   string
	Properties     []model.RollProperty
	Scans          []string
}

// ToCheck lists the entries of a motion that wait for their second check, in
// walking order.
func (s *Service) ToCheck(ctx context.Context, motionID string, offset, limit int) ([]WaitingPaper, int64, error) {
	db := s.DB.Read(ctx)
	voters, total, err := store.Page[model.RollVoter](db, store.List{
		Of: "the papers to check of motion " + motionID, Columns: "*", From: "FROM roll_voters WHERE motion_id = ? AND unconfirmed > 0", Order: "position",
		Args: []any{motionID},
	}, offset, limit)
	if err != nil {
		return nil, 0, err
	}
	properties, err := s.propertiesOf(ctx, motionID, voters)
	if err != nil {
		return nil, 0, err
	}
	out := make([]WaitingPaper, 0, len(voters))
	for _, v := range voters {
		b, err := ballot(db, motionID, v.ID, v.Unconfirmed)
		if err != nil {
			return nil, 0, err
		}
		scans, err := scanIDs(db, b)
		if err != nil {
			return nil, 0, err
		}
		out = append(out, WaitingPaper{Ballot: *b, Scans: scans, Building: v.Building, Unit: v.Unit, OwnersMasked: v.OwnersMasked, Properties: properties[v.ID]})
	}
	return out, total, nil
}
