package notices

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/audience"
	"gongdi/service/fault"
	"gongdi/service/store"
)

// TellInPerson notes that households whom the caller looks after were told at
// the door (当面告知).
func (s *Service) TellInPerson(ctx context.Context, caller model.Caller, n *model.Notice, propertyIDs []string) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		if n.Stage != model.NoticePublished || !shown(n, s.now()) {
			return ErrNotPublished
		}
		var there []string
		query := "SELECT p.id " + audience.HomesJoined + "WHERE p.id IN ? AND " + audience.HomesOf[n.AudienceType] + audience.Own
		if err := tx.Raw(query, append([]any{propertyIDs, n.AudienceID}, audience.OwnOf(caller)...)...).Scan(&there).Error; err != nil {
			return fmt.Errorf("find homes: %w", err)
		}
		for i, id := range propertyIDs {
			if !slices.Contains(there, id) {
				return fault.Unknown(fmt.Sprintf("body.property_ids[%d]", i), "这套房屋不在公告的范围内，或不由您负责")
			}
		}
		if err := s.mark(tx, n, there, toldAtDoor, s.now(), caller.ID); err != nil {
			return err
		}
		return s.record(ctx, tx, caller, n, "tell_in_person", "")
	})
}

// Reach counts the households that know of a notice's latest version.
type Reach struct{ Homes, Read, Confirmed, Told int64 }

const (
	readJoined = "LEFT JOIN notice_reads r ON r.notice_id = ? AND r.property_id = p.id AND r.version = ? "
	reachOf    = `SELECT COUNT(*) AS homes, COUNT(r.read_at) AS read_homes, COUNT(r.confirmed_at) AS confirmed_homes, COUNT(r.told_at) AS told_homes `
	dwellings  = " AND p.property_use NOT IN ('parking', 'storage')"
)

// ReachOf counts who has read, confirmed, and been told, among those whom the
// caller looks after.
func (s *Service) ReachOf(ctx context.Context, caller model.Caller, n *model.Notice) (Reach, error) {
	var r Reach
	query := reachOf + audience.HomesJoined + readJoined + "WHERE " + audience.HomesOf[n.AudienceType] + dwellings + audience.Own
	err := s.DB.Read(ctx).Raw(query, append([]any{n.ID, n.Version, n.AudienceID}, audience.OwnOf(caller)...)...).Row().Scan(&r.Homes, &r.Read, &r.Confirmed, &r.Told)
	if err != nil {
		return r, fmt.Errorf("count the readers of notice %s: %w", n.ID, err)
	}
	return r, nil
}

// ReadersCount is how many households have read a notice's latest version:
// what other residents may know.
func (s *Service) ReadersCount(ctx context.Context, n *model.Notice) (count int64, err error) {
	const query = "SELECT COUNT(read_at) FROM notice_reads WHERE notice_id = ? AND version = ?"
	if err := s.DB.Read(ctx).Raw(query, n.ID, n.Version).Scan(&count).Error; err != nil {
		return 0, fmt.Errorf("count the readers of notice %s: %w", n.ID, err)
	}
	return count, nil
}

// UnitReach is how many households of a unit have still to be told.
type UnitReach struct {
	Estate, Building, Unit string
	Homes, Missing         int64
}

const (
	joinedBlocks = "JOIN buildings b ON b.id = p.building_id JOIN units u ON u.id = p.unit_id "
	reachByUnit  = `SELECT e.name AS estate, b.label AS building, u.label AS unit, COUNT(*) AS homes,
SUM(CASE WHEN r.read_at IS NULL AND r.told_at IS NULL THEN 1 ELSE 0 END) AS missing `
	unitsInOrder = " GROUP BY u.id, e.name, b.label, u.label, b.sort_key, u.sort_key ORDER BY e.name, b.sort_key, u.sort_key, u.id"
)

// ReachByUnit counts, unit by unit, who of those whom the caller looks after
// has still to be told.
func (s *Service) ReachByUnit(ctx context.Context, caller model.Caller, n *model.Notice) ([]UnitReach, error) {
	var rows []UnitReach
	query := reachByUnit + audience.HomesJoined + joinedBlocks + readJoined + "WHERE " + audience.HomesOf[n.AudienceType] + dwellings + audience.Own + unitsInOrder
	if err := s.DB.Read(ctx).Raw(query, append([]any{n.ID, n.Version, n.AudienceID}, audience.OwnOf(caller)...)...).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("count the readers of notice %s by unit: %w", n.ID, err)
	}
	return rows, nil
}

// Reader is one household and what it knows of a notice.
type Reader struct {
	PropertyID, Label, Building, Unit string
	ReadAt, ConfirmedAt, ToldAt       *time.Time
}

// Readers narrows the list of households.
type Readers struct {
	Missing        bool // only those who have still to be told
	Building, Unit string
	Offset, Limit  int
}

// ReadersOf lists the households of a notice's audience whom the caller looks
// after, in walking order.
func (s *Service) ReadersOf(ctx context.Context, caller model.Caller, n *model.Notice, q Readers) ([]Reader, int64, error) {
	from := audience.HomesJoined + joinedBlocks + readJoined + "WHERE " + audience.HomesOf[n.AudienceType] + dwellings + audience.Own +
		" AND (? = '' OR b.label = ?) AND (? = '' OR u.label = ?)"
	if q.Missing {
		from += " AND r.read_at IS NULL AND r.told_at IS NULL"
	}
	args := append([]any{n.ID, n.Version, n.AudienceID}, audience.OwnOf(caller)...)
	args = append(args, q.Building, q.Building, q.Unit, q.Unit)
	return store.Page[Reader](s.DB.Read(ctx), store.List{
		Of: "the readers of notice " + n.ID, From: from, Order: "e.name, p.sort_key, p.id", Args: args,
		Columns: "p.id AS property_id, p.label, b.label AS building, u.label AS unit, r.read_at, r.confirmed_at, r.told_at",
	}, q.Offset, q.Limit)
}
