package registry

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/roster"
)

// home is what a property is, apart from where, as the office reads it. Its
// JSON is what the history keeps, sealed.
type home struct {
	Area         *quantity.Area   `json:"area_m2"`
	AreaSource   model.AreaSource `json:"area_source"`
	Floor        *int             `json:"floor"`
	FloorPrinted string           `json:"floor_printed"`
	Use          model.Use        `json:"use"`
	Certificate  string           `json:"certificate"`
	Tenure       model.Tenure     `json:"tenure"`
	Note         string           `json:"note"`
	Incomplete   string           `json:"incomplete"`
	Owners       []person         `json:"owners"`
}

// open reads a stored home; owners come in their order.
func (s *Service) open(p model.Property, owners []model.Owner) (home, error) {
	h := home{
		Area: p.Area, AreaSource: p.AreaSource, Floor: p.Floor, FloorPrinted: p.FloorPrinted, Use: p.Use,
		Tenure: p.Tenure, Incomplete: p.Incomplete,
	}
	var err error
	if h.Certificate, err = s.Vault.Reveal(certificate, p.Certificate); err != nil {
		return h, fmt.Errorf("read home %s: %w", p.ID, err)
	}
	if h.Note, err = s.Vault.Reveal(propertyNote, p.Note); err != nil {
		return h, fmt.Errorf("read home %s: %w", p.ID, err)
	}
	for _, o := range owners {
		owner, err := s.reveal(o)
		if err != nil {
			return h, fmt.Errorf("read owner %s: %w", o.ID, err)
		}
		h.Owners = append(h.Owners, owner)
	}
	return h, nil
}

// close sets a home's columns, and makes the rows of its owners.
func (s *Service) close(p *model.Property, h home) []model.Owner {
	p.Area, p.AreaSource, p.Floor, p.FloorPrinted, p.Use = h.Area, h.AreaSource, h.Floor, h.FloorPrinted, h.Use
	p.Tenure, p.Incomplete = h.Tenure, h.Incomplete
	p.Certificate, p.Note = s.Vault.Seal(certificate, h.Certificate), s.Vault.Seal(propertyNote, h.Note)
	owners := make([]model.Owner, 0, len(h.Owners))
	for i, owner := range h.Owners {
		owners = append(owners, s.seal(owner, p.ID, i+1))
	}
	return owners
}

var (
	areaFaults   = []roster.Code{roster.AreaMissing, roster.AreaInvalid, roster.AreaNotPositive}
	numberFaults = []roster.Code{roster.IDNumberInvalid, roster.OwnerIDMismatch}
)

// assess says what keeps a home incomplete, in the importer's order; the codes
// told before name the fault where one is still there.
func (h *home) assess(told ...string) {
	unsound := slices.ContainsFunc(h.Owners, func(p person) bool { return p.Document != "" && !p.Sound })
	switch {
	case h.Area == nil:
		h.Incomplete = among(areaFaults, told)
	case len(h.Owners) == 0:
		h.Incomplete = string(roster.OwnerMissing)
	case unsound:
		h.Incomplete = among(numberFaults, told)
	default:
		h.Incomplete = ""
	}
}

func among(faults []roster.Code, told []string) string {
	for _, code := range told {
		if slices.Contains(faults, roster.Code(code)) {
			return code
		}
	}
	return string(faults[0])
}

func (h home) text() (string, error) {
	text, err := json.Marshal(h)
	if err != nil {
		return "", fmt.Errorf("write down a home: %w", err)
	}
	return string(text), nil
}

// changed names what differs between two states, for the history.
func changed(before, after home) []string {
	var fields []string
	note := func(name string, same bool) {
		if !same {
			fields = append(fields, name)
		}
	}
	note("area_m2", alike(before.Area, after.Area))
	note("area_source", before.AreaSource == after.AreaSource)
	note("floor", alike(before.Floor, after.Floor) && before.FloorPrinted == after.FloorPrinted)
	note("use", before.Use == after.Use)
	note("certificate", before.Certificate == after.Certificate)
	note("tenure", before.Tenure == after.Tenure)
	note("note", before.Note == after.Note)
	note("owners", slices.Equal(before.Owners, after.Owners))
	note("incomplete", before.Incomplete == after.Incomplete)
	return fields
}

func alike[T comparable](a, b *T) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// gone are the owners that a change took away.
func gone(before, after home) []string {
	var ids []string
	for _, b := range before.Owners {
		if !slices.ContainsFunc(after.Owners, func(p person) bool { return p.ID == b.ID }) {
			ids = append(ids, b.ID)
		}
	}
	return ids
}

// history is the entry of one change.
func (s *Service) history(p *model.Property, before, after home) (model.PropertyChange, error) {
	was, err := before.text()
	if err != nil {
		return model.PropertyChange{}, err
	}
	is, err := after.text()
	if err != nil {
		return model.PropertyChange{}, err
	}
	return model.PropertyChange{
		PropertyID: p.ID, Version: p.Version, Fields: strings.Join(changed(before, after), ","),
		BeforeState: s.Vault.Seal(pastState, was), AfterState: s.Vault.Seal(pastState, is), At: s.now(),
	}, nil
}
