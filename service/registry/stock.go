package registry

import (
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	rule "gongdi/model/rule/roster"
	"gongdi/model/rule/vote"
)

// stock is what is stored of an estate, as little as comparing takes.
type stock struct {
	homes     map[string]*stocked // by key
	buildings map[string]string   // id by label
	units     map[[2]string]string
}

// stocked is a stored home. Said is set when the list has it too.
type stocked struct {
	ID, Building, Unit, Room string
	ListDigest               string
	Area                     *quantity.Area
	Tenure                   model.Tenure
	Incomplete               string
	numbers                  []string // of its owners
	said                     bool
}

const (
	stockBuildings = "SELECT id, label FROM buildings WHERE estate_id = ?"
	stockUnits     = "SELECT u.id, b.label AS building, u.label FROM units u JOIN buildings b ON b.id = u.building_id WHERE u.estate_id = ?"
	stockHomes     = `SELECT p.id, b.label AS building, u.label AS unit, p.room, p.list_digest, p.area, p.tenure, p.incomplete
FROM properties p JOIN buildings b ON b.id = p.building_id JOIN units u ON u.id = p.unit_id WHERE p.estate_id = ?`
	stockNumbers = `SELECT o.property_id, o.document_index FROM owners o JOIN properties p ON p.id = o.property_id
WHERE p.estate_id = ? ORDER BY o.property_id, o.position`
)

func stockOf(tx *gorm.DB, estateID string) (*stock, error) {
	st := &stock{homes: map[string]*stocked{}, buildings: map[string]string{}, units: map[[2]string]string{}}
	var labels []struct{ ID, Building, Label string }
	if err := tx.Raw(stockBuildings, estateID).Scan(&labels).Error; err != nil {
		return nil, fmt.Errorf("read buildings: %w", err)
	}
	for _, b := range labels {
		st.buildings[b.Label] = b.ID
	}
	labels = nil
	if err := tx.Raw(stockUnits, estateID).Scan(&labels).Error; err != nil {
		return nil, fmt.Errorf("read units: %w", err)
	}
	for _, u := range labels {
		st.units[[2]string{u.Building, u.Label}] = u.ID
	}
	return st, st.readHomes(tx, estateID)
}

func (st *stock) readHomes(tx *gorm.DB, estateID string) error {
	var homes []stocked
	if err := tx.Raw(stockHomes, estateID).Scan(&homes).Error; err != nil {
		return fmt.Errorf("read homes: %w", err)
	}
	byID := make(map[string]*stocked, len(homes))
	for i := range homes {
		h := &homes[i]
		byID[h.ID] = h
		st.homes[rule.Key(h.Building, h.Unit, h.Room)] = h
	}
	var numbers []struct{ PropertyID, DocumentIndex string }
	if err := tx.Raw(stockNumbers, estateID).Scan(&numbers).Error; err != nil {
		return fmt.Errorf("read owners: %w", err)
	}
	for _, n := range numbers {
		if h := byID[n.PropertyID]; h != nil {
			h.numbers = append(h.numbers, n.DocumentIndex)
		}
	}
	return nil
}

// count makes the figures of an estate: sound homes, and those to complete.
type count struct {
	parts      []vote.Part
	area       quantity.Area
	incomplete int
}

func (c *count) stocked(h *stocked) {
	if h.Incomplete != "" || h.Area == nil {
		c.incomplete++
		return
	}
	part := vote.Part{ID: h.ID, Area: *h.Area, Developer: h.Tenure.Developer(), Owners: h.numbers, Known: len(h.numbers) > 0}
	for _, n := range h.numbers {
		part.Known = part.Known && n != ""
	}
	c.parts = append(c.parts, part)
	c.area += part.Area
}

func (c *count) row(p *model.Property, owners []model.Owner) {
	h := stocked{ID: p.ID, Area: p.Area, Tenure: p.Tenure, Incomplete: p.Incomplete}
	for _, o := range owners {
		h.numbers = append(h.numbers, o.DocumentIndex)
	}
	c.stocked(&h)
}

func (c *count) figures(site *site, stored bool) EstateFigures {
	f := EstateFigures{
		Name: site.estate.Name, Community: site.community, Properties: len(c.parts), Area: c.area,
		Heads: len(vote.Heads(c.parts)), Incomplete: c.incomplete,
	}
	if stored || !site.fresh {
		f.ID = site.estate.ID
	}
	return f
}
