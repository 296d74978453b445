package registry

import (
	"context"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"gongdi/model"
	rule "gongdi/model/rule/roster"
	"gongdi/service/audit"
	"gongdi/service/store"
)

// Found is an owner of a home, masked.
type Found struct {
	PropertyID, Label, EstateID, Estate, NameMasked string
}

// Each look-up has an index of its own: an OR over them would read the table.
const (
	foundOwners = `SELECT o.property_id, p.label, e.id AS estate_id, e.name AS estate, o.name_masked FROM owners o
JOIN properties p ON p.id = o.property_id JOIN estates e ON e.id = p.estate_id WHERE o.%s = ? AND e.area_code LIKE ?
ORDER BY e.name, p.sort_key, o.id LIMIT ?`
)

// FindPeople finds owners in the caller's area by the whole name, the whole or
// the last four of a phone, or the whole, the last six or the last four of a
// document's number, by keyed digests: nothing is opened, and what is found is
// masked. That somebody looked is logged, and not whom they looked for.
func (s *Service) FindPeople(ctx context.Context, caller model.Caller, q string, limit int) ([]Found, error) {
	out, seen := []Found{}, map[Found]bool{}
	for _, by := range s.keysOf(q) {
		var rows []Found
		if err := s.DB.Read(ctx).Raw(fmt.Sprintf(foundOwners, by.column), by.index, caller.AreaCode+"%", limit).Scan(&rows).Error; err != nil {
			return nil, fmt.Errorf("find owners by %s: %w", by.column, err)
		}
		for _, f := range rows {
			if !seen[f] && len(out) < limit {
				seen[f] = true
				out = append(out, f)
			}
		}
	}
	return out, store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		return s.Audit.Record(ctx, tx, audit.Entry{Actor: caller, Right: model.Search, Verb: "people", ObjectType: "owner", AreaCode: caller.AreaCode})
	})
}

type keyed struct{ column, index string }

// keysOf are the look-ups that a text may be meant for.
func (s *Service) keysOf(q string) []keyed {
	q = strings.ToUpper(strings.TrimSpace(rule.Fold(q)))
	if q == "" {
		return nil
	}
	keys := []keyed{{"name_index", s.nameIndex(q)}}
	switch len(q) {
	case endLength:
		keys = append(keys, keyed{"phone_end_index", s.Vault.Index(ownerPhoneEnd, q)}, keyed{"document_end_index", s.Vault.Index(ownerNumberEnd, q)})
	case tailLength:
		keys = append(keys, keyed{"document_tail_index", s.Vault.Index(ownerTail, q)})
	case 11:
		keys = append(keys, keyed{"phone_index", s.Vault.Index(ownerPhone, q)})
	case 18:
		keys = append(keys, keyed{"document_index", s.Vault.Index(ownerNumber, q)})
	}
	return keys
}
