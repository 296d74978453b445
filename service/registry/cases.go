package registry

import (
	"context"
	"fmt"

	"gongdi/model"
	rule "gongdi/model/rule/roster"
	"gongdi/service/store"
)

// Case is a binding as the community decides it. Name is what the resident
// wrote, in full, because a clerk compares it with the document shown; the
// roster's own side stays masked.
type Case struct {
	Bound
	Name        string
	PhoneMasked string
	Owners      []Likeness
}

// Likeness is how a request compares with one owner of the home.
type Likeness struct {
	NameMasked string
	Name       bool // the names are the same
	Phone      bool // the phones are the same
}

type caseRow struct {
	Bound
	Name, Phone string
}

const (
	caseColumns = "b.id, b.property_id, p.label, b.estate_id, e.name AS estate, b.relation, b.status, b.proof, b.reason, b.created_at, b.decided_at, b.name, b.phone"
	casesFrom   = "FROM bindings b JOIN properties p ON p.id = b.property_id JOIN estates e ON e.id = b.estate_id WHERE e.area_code LIKE ?"
)

// Cases asks for bindings; empty fields do not narrow it.
type Cases struct {
	Status   model.BindingStatus
	EstateID string
	Page
}

// CasesOf lists the bindings in the caller's area, the oldest first.
func (s *Service) CasesOf(ctx context.Context, caller model.Caller, c Cases) ([]Case, int64, error) {
	from, args := casesFrom, []any{caller.AreaCode + "%"}
	if c.Status != "" {
		from, args = from+" AND b.status = ?", append(args, c.Status)
	}
	if c.EstateID != "" {
		from, args = from+" AND b.estate_id = ?", append(args, c.EstateID)
	}
	rows, total, err := store.Page[caseRow](s.DB.Read(ctx), store.List{Of: "bindings", Columns: caseColumns, From: from, Order: "b.created_at, b.id", Args: args}, c.Offset, c.Limit)
	if err != nil {
		return nil, 0, err
	}
	cases, err := s.cases(ctx, rows)
	return cases, total, err
}

func (s *Service) cases(ctx context.Context, rows []caseRow) ([]Case, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	ids := make([]string, 0, len(rows))
	for _, r := range rows {
		ids = append(ids, r.PropertyID)
	}
	owners, err := ownersOf(s.DB.Read(ctx), ids)
	if err != nil {
		return nil, err
	}
	cases := make([]Case, 0, len(rows))
	for _, r := range rows {
		c, err := s.likeness(r, owners[r.PropertyID])
		if err != nil {
			return nil, err
		}
		cases = append(cases, c)
	}
	return cases, nil
}

func (s *Service) likeness(r caseRow, owners []model.Owner) (Case, error) {
	name, err := s.Vault.Reveal(boundName, r.Name)
	if err != nil {
		return Case{}, fmt.Errorf("read binding %s: %w", r.ID, err)
	}
	phone, err := s.Vault.Reveal(boundPhone, r.Phone)
	if err != nil {
		return Case{}, fmt.Errorf("read binding %s: %w", r.ID, err)
	}
	c := Case{Bound: r.Bound, Name: name, PhoneMasked: rule.MaskPhone(phone)}
	nameIndex, phoneIndex := s.nameIndex(name), s.Vault.Index(ownerPhone, phone)
	for _, o := range owners {
		c.Owners = append(c.Owners, Likeness{
			NameMasked: o.NameMasked, Name: o.NameIndex == nameIndex, Phone: phone != "" && o.PhoneIndex == phoneIndex,
		})
	}
	return c, nil
}
