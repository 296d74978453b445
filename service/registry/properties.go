package registry

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"gongdi/model"
	rule "gongdi/model/rule/roster"
	"gongdi/service/fault"
	"gongdi/service/store"
)

// Property is a home with the words for where it is.
type Property struct {
	model.Property
	Building, Unit, Estate string
}

// Homes asks for a part of the homes; empty fields do not narrow it.
type Homes struct {
	EstateID       string
	Building, Unit string // in any spelling
	Room           string
	Incomplete     string // a finding's code, or Any
	Page
}

// Any asks for every incomplete home, whatever it lacks.
const Any = "any"

const (
	propertiesFrom = `FROM properties p JOIN buildings b ON b.id = p.building_id JOIN units u ON u.id = p.unit_id
JOIN estates e ON e.id = p.estate_id WHERE `
	propertyColumns = "p.*, b.label AS building, u.label AS unit, e.name AS estate"
	doorColumns     = `p.id, p.label, p.room, p.floor, p.property_use, b.label AS building, u.label AS unit, e.name AS estate`
	walkingOrder    = "p.estate_id, p.sort_key, p.id"
)

func (h Homes) where(first string, args ...any) (string, []any) {
	terms := []string{first}
	narrow := func(term, value string) {
		if value != "" {
			terms, args = append(terms, term), append(args, value)
		}
	}
	narrow("p.estate_id = ?", h.EstateID)
	narrow("b.label = ?", rule.Building(h.Building))
	narrow("u.label = ?", rule.Unit(h.Unit))
	narrow("p.room = ?", rule.Room(h.Room))
	if h.Incomplete == Any {
		terms = append(terms, "p.incomplete <> ''")
	} else {
		narrow("p.incomplete = ?", h.Incomplete)
	}
	return strings.Join(terms, " AND "), args
}

// Doors lists the homes of an estate in walking order, with nothing about
// whose they are. An estate that is not there is not found.
func (s *Service) Doors(ctx context.Context, h Homes) ([]Property, int64, error) {
	var p place
	err := s.DB.Read(ctx).Raw(placeOfEstate, h.EstateID).Take(&p).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, 0, fault.ErrNotFound
	}
	if err != nil {
		return nil, 0, fmt.Errorf("find estate %s: %w", h.EstateID, err)
	}
	where, args := h.where("1 = 1")
	return s.homes(ctx, doorColumns, where, args, h.Page)
}

// HomesOf lists the homes in the caller's area, in walking order.
func (s *Service) HomesOf(ctx context.Context, caller model.Caller, h Homes) ([]Property, int64, error) {
	where, args := h.where("e.area_code LIKE ?", caller.AreaCode+"%")
	return s.homes(ctx, propertyColumns, where, args, h.Page)
}

func (s *Service) homes(ctx context.Context, columns, where string, args []any, p Page) ([]Property, int64, error) {
	return store.Page[Property](s.DB.Read(ctx), store.List{Of: "homes", Columns: columns, From: propertiesFrom + where, Order: walkingOrder, Args: args}, p.Offset, p.Limit)
}

// Listed is a home of an estate with its owners masked, as a list shows it.
type Listed struct {
	Property
	Owners []string
}

const maskedOwners = "SELECT property_id, name_masked FROM owners WHERE property_id IN ? ORDER BY property_id, position"

// Listing lists the homes in the caller's area with their owners masked, in
// walking order. A page holds at most 500.
func (s *Service) Listing(ctx context.Context, caller model.Caller, h Homes) ([]Listed, int64, error) {
	rows, total, err := s.HomesOf(ctx, caller, h)
	if err != nil || len(rows) == 0 {
		return nil, total, err
	}
	ids := make([]string, 0, len(rows))
	for _, p := range rows {
		ids = append(ids, p.ID)
	}
	var owners []struct{ PropertyID, NameMasked string }
	if err := s.DB.Read(ctx).Raw(maskedOwners, ids).Scan(&owners).Error; err != nil {
		return nil, 0, fmt.Errorf("list owners: %w", err)
	}
	of := map[string][]string{}
	for _, o := range owners {
		of[o.PropertyID] = append(of[o.PropertyID], o.NameMasked)
	}
	out := make([]Listed, 0, len(rows))
	for _, p := range rows {
		out = append(out, Listed{p, of[p.ID]})
	}
	return out, total, nil
}

// Owner is an owner with the personal data masked, or in full where a reveal
// was recorded.
type Owner struct {
	ID       string
	Kind     model.OwnerKind
	Name     string
	Document string
	Sound    bool // the number keeps its standard
	Phone    string
	ShareNum int64
	ShareDen int64
}

// Sheet is what the office keeps of a home (房屋档案), masked.
type Sheet struct {
	Property
	CertificateMasked string
	Owners            []Owner
}

// Home is the sheet of a home in the caller's area.
func (s *Service) Home(ctx context.Context, caller model.Caller, id string) (Sheet, error) {
	return s.sheet(s.DB.Read(ctx), caller, id)
}

func (s *Service) sheet(db *gorm.DB, caller model.Caller, id string) (Sheet, error) {
	var p Property
	query := "SELECT " + propertyColumns + " " + propertiesFrom + "p.id = ? AND e.area_code LIKE ?"
	err := db.Raw(query, id, caller.AreaCode+"%").Take(&p).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Sheet{}, fault.ErrNotFound
	}
	if err != nil {
		return Sheet{}, fmt.Errorf("read home %s: %w", id, err)
	}
	rows, err := ownersOf(db, []string{id})
	if err != nil {
		return Sheet{}, err
	}
	h, err := s.open(p.Property, rows[id])
	if err != nil {
		return Sheet{}, err
	}
	return Sheet{Property: p, CertificateMasked: rule.MaskCertificate(h.Certificate), Owners: masked(h.Owners)}, nil
}

func masked(people []person) []Owner {
	owners := make([]Owner, 0, len(people))
	for _, p := range people {
		o := p.owner()
		o.Name, o.Document, o.Phone = p.masked(), rule.MaskDocument(p.Document), rule.MaskPhone(p.Phone)
		owners = append(owners, o)
	}
	return owners
}

func (p person) owner() Owner { return Owner(p) }
