package notices

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/store"
)

// home is where a resident belongs, with all that holds it, and what they are to it.
type home struct {
	PropertyID, UnitID, BuildingID, EstateID, AreaCode string
	Relation                                           model.Relation
}

const homesOfResident = `SELECT p.id AS property_id, p.unit_id, p.building_id, p.estate_id, e.area_code, b.relation
FROM bindings b JOIN properties p ON p.id = b.property_id JOIN estates e ON e.id = p.estate_id
WHERE b.resident_id = ? AND b.status = 'verified'`

func (s *Service) homes(tx *gorm.DB, residentID string) ([]home, error) {
	var rows []home
	if err := tx.Raw(homesOfResident, residentID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("find a resident's homes: %w", err)
	}
	return rows, nil
}

// within are the audiences that a home belongs to.
func (h home) within() []string {
	return []string{h.UnitID, h.BuildingID, h.EstateID, h.AreaCode, model.StreetOf(h.AreaCode)}
}

// audiencesOf are all audiences that a resident's homes belong to.
func (s *Service) audiencesOf(tx *gorm.DB, residentID string) ([]string, error) {
	homes, err := s.homes(tx, residentID)
	if err != nil {
		return nil, err
	}
	var audiences []string
	for _, h := range homes {
		audiences = append(audiences, h.within()...)
	}
	slices.Sort(audiences)
	return slices.Compact(audiences), nil
}

const noticesForHomes = "FROM notices WHERE audience_id IN ? AND stage = 'published' AND published_at <= ? AND (? = '' OR kind = ?)"

// ForResident lists the notices of one's own homes: pinned ones first, then
// the newest.
func (s *Service) ForResident(ctx context.Context, caller model.Caller, l Listing) ([]model.Notice, int64, error) {
	audiences, err := s.audiencesOf(s.DB.Read(ctx), caller.ID)
	if err != nil || len(audiences) == 0 {
		return nil, 0, err
	}
	return s.list(ctx, noticesForHomes, []any{audiences, s.now(), l.Kind, l.Kind}, "pinned DESC, published_at DESC", l)
}

// Sees is a notice that was shown to one of a resident's homes, or hears it as
// a neighbour; also when it was withdrawn since.
func (s *Service) Sees(ctx context.Context, caller model.Caller, id string) (*model.Notice, error) {
	n, _, err := s.seen(s.DB.Read(ctx), caller, id)
	return n, err
}

// seen is a notice with those of a resident's homes that it is for or heard on it.
func (s *Service) seen(tx *gorm.DB, caller model.Caller, id string) (*model.Notice, []home, error) {
	n, err := notice(tx, noticeByID, id)
	if err != nil {
		return nil, nil, err
	}
	homes, err := s.homes(tx, caller.ID)
	if err != nil {
		return nil, nil, err
	}
	homes = slices.DeleteFunc(homes, func(h home) bool { return !h.reached(n) && !h.heard(n) })
	if len(homes) == 0 || !shown(n, s.now()) {
		return nil, nil, fault.ErrNotFound
	}
	return n, homes, nil
}

func (h home) reached(n *model.Notice) bool { return slices.Contains(h.within(), n.AudienceID) }

func (h home) heard(n *model.Notice) bool {
	return n.HearsID != "" && slices.Contains(h.within(), n.HearsID)
}

// shown reports whether residents have ever been able to read a notice.
func shown(n *model.Notice, now time.Time) bool {
	return n.PublishedAt != nil && !now.Before(*n.PublishedAt) && (n.WithdrawnAt == nil || !n.WithdrawnAt.Before(*n.PublishedAt))
}

// Read notes that a household has read a notice, and confirmed that it knows
// of it. The first time of each counts, until a new version.
func (s *Service) Read(ctx context.Context, caller model.Caller, id string, confirmed bool) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		n, homes, err := s.seen(tx, caller, id)
		if err != nil {
			return err
		}
		var properties []string
		for _, h := range homes {
			if h.reached(n) {
				properties = append(properties, h.PropertyID)
			}
		}
		if confirmed {
			return s.mark(tx, n, properties, confirmedToo, s.now(), s.now())
		}
		return s.mark(tx, n, properties, readFirst, s.now())
	})
}

const (
	// What was read before was another text.
	forgetEarlier = `UPDATE notice_reads SET version = ?, read_at = NULL, confirmed_at = NULL, told_at = NULL, told_by = ''
WHERE notice_id = ? AND property_id IN ? AND version <> ?`

	readFirst    = "UPDATE notice_reads SET read_at = COALESCE(read_at, ?) WHERE notice_id = ? AND property_id IN ?"
	confirmedToo = "UPDATE notice_reads SET read_at = COALESCE(read_at, ?), confirmed_at = COALESCE(confirmed_at, ?) WHERE notice_id = ? AND property_id IN ?"
	toldAtDoor   = "UPDATE notice_reads SET told_at = ?, told_by = ? WHERE notice_id = ? AND property_id IN ?"
)

// mark notes something of homes for the latest version.
func (s *Service) mark(tx *gorm.DB, n *model.Notice, properties []string, update string, args ...any) error {
	if len(properties) == 0 {
		return nil
	}
	rows := make([]model.NoticeRead, 0, len(properties))
	for _, id := range properties {
		rows = append(rows, model.NoticeRead{NoticeID: n.ID, PropertyID: id, Version: n.Version})
	}
	err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&rows).Error
	if err == nil {
		err = tx.Exec(forgetEarlier, n.Version, n.ID, properties, n.Version).Error
	}
	if err == nil {
		err = tx.Exec(update, append(args, n.ID, properties)...).Error
	}
	if err != nil {
		return fmt.Errorf("note readers of notice %s: %w", n.ID, err)
	}
	return nil
}
