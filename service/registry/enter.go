package registry

import (
	"fmt"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"gongdi/model"
	rule "gongdi/model/rule/roster"
	"gongdi/service/store"
)

// siteEntry is an estate while a list is entered.
type siteEntry struct {
	*entry
	site    *site
	stock   *stock
	count   count
	changes Changes
}

// enterSite enters the lines of one estate: new homes, changed ones, and those
// that stay as they are.
func (e *entry) enterSite(site *site) error {
	st, err := stockOf(e.tx, site.estate.ID)
	if err != nil {
		return err
	}
	s := &siteEntry{entry: e, site: site, stock: st}
	if err := s.date(); err != nil {
		return err
	}
	var fresh, differing []*line
	for _, l := range site.lines {
		h := st.homes[l.key()]
		switch {
		case h == nil:
			fresh = append(fresh, l)
			continue
		case h.ListDigest == l.digest:
			s.changes.Unchanged++
			s.count.stocked(h)
		default:
			differing = append(differing, l)
		}
		h.said = true
	}
	for _, h := range st.homes {
		if !h.said {
			s.changes.Missing++
			s.count.stocked(h)
		}
	}
	if err := s.enterPlaces(fresh); err != nil {
		return err
	}
	if err := s.inBatches(fresh, s.create); err != nil {
		return err
	}
	if err := s.inBatches(differing, s.update); err != nil {
		return err
	}
	figures := s.count.figures(site, e.writes())
	figures.Changes = s.changes
	e.report.Estates = append(e.report.Estates, figures)
	e.report.Changes.add(s.changes)
	site.seen = nil // no longer needed
	return nil
}

const dateEstate = "UPDATE estates SET built_year = ?, updated_at = ? WHERE id = ? AND built_year IS NULL"

// date gives an estate the year that an earlier list did not say.
func (s *siteEntry) date() error {
	year := s.site.builtYear()
	if s.site.fresh || year == nil || s.site.estate.BuiltYear != nil || !s.writes() {
		return nil
	}
	return s.tx.Exec(dateEstate, *year, s.at, s.site.estate.ID).Error
}

func (s *siteEntry) inBatches(lines []*line, enter func([]*line) error) error {
	for some := range slices.Chunk(lines, batch) {
		if err := enter(some); err != nil {
			return err
		}
	}
	return nil
}

// Lengths of the keys that lists are ordered by.
const (
	labelKeyLimit = 128
	roomKeyLimit  = 130
)

func sortKey(label string, limit int) string {
	key := []rune(rule.SortKey(label))
	return string(key[:min(len(key), limit)])
}

// order is where a home stands in its estate: building, stairwell, floor, room.
// A floor that is not known comes after those that are.
func order(place rule.Home, floor *int) string {
	level := "9999999"
	if floor != nil {
		level = fmt.Sprintf("%07d", 1_000_000+min(max(*floor, -999_999), 7_000_000))
	}
	return sortKey(place.Building, labelKeyLimit) + " " + sortKey(place.Unit, labelKeyLimit) + " " + level + " " + sortKey(place.Room, roomKeyLimit)
}

// enterPlaces adds the buildings and stairwells of new homes. A home without a
// stairwell stands in one without a name.
func (s *siteEntry) enterPlaces(lines []*line) error {
	var buildings []model.Building
	var units []model.Unit
	for _, l := range lines {
		b, u := l.place.Building, l.place.Unit
		if s.stock.buildings[b] == "" {
			s.stock.buildings[b] = store.NewID()
			buildings = append(buildings, model.Building{
				ID: s.stock.buildings[b], EstateID: s.site.estate.ID, Label: b, SortKey: sortKey(b, labelKeyLimit),
			})
		}
		if at := [2]string{b, u}; s.stock.units[at] == "" {
			s.stock.units[at] = store.NewID()
			units = append(units, model.Unit{
				ID: s.stock.units[at], EstateID: s.site.estate.ID, BuildingID: s.stock.buildings[b], Label: u, SortKey: sortKey(u, labelKeyLimit),
			})
		}
	}
	s.changes.Buildings, s.changes.Units = len(buildings), len(units)
	if err := insert(s.entry, buildings); err != nil {
		return fmt.Errorf("add buildings: %w", err)
	}
	if err := insert(s.entry, units); err != nil {
		return fmt.Errorf("add units: %w", err)
	}
	return nil
}

// create adds new homes with their owners.
func (s *siteEntry) create(lines []*line) error {
	homes, byHome := make([]model.Property, len(lines)), make([][]model.Owner, len(lines))
	parallel(len(lines), func(i int) { homes[i], byHome[i] = s.fresh(lines[i]) })
	for i := range homes {
		s.count.row(&homes[i], byHome[i])
	}
	s.changes.Created += len(lines)
	if err := insert(s.entry, homes); err != nil {
		return fmt.Errorf("add homes: %w", err)
	}
	if err := insert(s.entry, slices.Concat(byHome...)); err != nil {
		return fmt.Errorf("add owners: %w", err)
	}
	return nil
}

func (s *siteEntry) fresh(l *line) (model.Property, []model.Owner) {
	p := model.Property{
		ID: store.NewID(), EstateID: s.site.estate.ID, BuildingID: s.stock.buildings[l.place.Building],
		UnitID: s.stock.units[[2]string{l.place.Building, l.place.Unit}], Room: l.place.Room,
		Label: l.place.Building + l.place.Unit + l.place.Room, LabelPrinted: l.printed, SortKey: order(l.place, l.home.Floor),
		ImportID: s.id, ListDigest: l.digest, Version: 1, CreatedAt: s.at, UpdatedAt: s.at,
	}
	return p, s.close(&p, l.home)
}

const (
	homesByID  = "SELECT * FROM properties WHERE id IN ? ORDER BY id"
	ownersByID = "SELECT * FROM owners WHERE property_id IN ? ORDER BY property_id, position"
)

// held reads homes, and keeps others from changing them meanwhile.
func (e *entry) held(ids []string) (map[string]model.Property, map[string][]model.Owner, error) {
	query := homesByID
	if e.writes() {
		query = e.DB.Locked(homesByID)
	}
	var rows []model.Property
	if err := e.tx.Raw(query, ids).Scan(&rows).Error; err != nil {
		return nil, nil, fmt.Errorf("hold homes: %w", err)
	}
	homes := make(map[string]model.Property, len(rows))
	for _, p := range rows {
		homes[p.ID] = p
	}
	owners, err := ownersOf(e.tx, ids)
	return homes, owners, err
}

func ownersOf(tx *gorm.DB, propertyIDs []string) (map[string][]model.Owner, error) {
	var rows []model.Owner
	if err := tx.Raw(ownersByID, propertyIDs).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read owners: %w", err)
	}
	owners := make(map[string][]model.Owner, len(propertyIDs))
	for _, o := range rows {
		owners[o.PropertyID] = append(owners[o.PropertyID], o)
	}
	return owners, nil
}

// overwrite stores rows that are there already, all their columns.
func overwrite[T any](tx *gorm.DB, rows []T) error {
	if len(rows) == 0 {
		return nil
	}
	return tx.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "id"}}, UpdateAll: true}).CreateInBatches(rows, batch).Error
}
