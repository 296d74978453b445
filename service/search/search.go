// Package search finds what a member of staff may see by a few words: estates,
// homes, people, motions, cases, schemes and projects of their own area.
package search

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"gongdi/model"
	rule "gongdi/model/rule/roster"
	"gongdi/service/complaints"
	"gongdi/service/fault"
	"gongdi/service/registry"
	"gongdi/service/store"
)

// Service knows where to look.
type Service struct {
	DB         *store.DB
	Registry   *registry.Service
	Complaints *complaints.Service
}

// ErrShort asks for more of a word.
var ErrShort = fault.New(fault.Invalid, "search_too_short", "请至少输入两个字")

// Hit is one thing that was found.
type Hit struct {
	Kind, ID, Label, Detail, EstateID string
}

// Kinds are what can be looked for, in the order in which it is shown.
var Kinds = []string{"estate", "home", "person", "motion", "case", "scheme", "project"}

// rights are what a member of staff needs to be shown a kind. The grid reads no
// lists of homes or motions but those of its own buildings.
var rights = map[string]model.Right{
	"estate": model.ReadMotions, "home": model.ReadVoters, "person": model.RevealPerson, "motion": model.ReadMotions, "case": model.ReadComplaints,
	"scheme": model.ReadSchemes, "project": model.ReadProjects,
}

// grid narrows to the buildings of a member of the grid, by a column that holds
// a building's or an estate's id.
const (
	gridEstates   = " AND (? = '' OR %s IN (SELECT b.estate_id FROM staff_buildings g JOIN buildings b ON b.id = g.building_id WHERE g.staff_id = ?))"
	gridBuildings = " AND (? = '' OR p.building_id IN (SELECT g.building_id FROM staff_buildings g WHERE g.staff_id = ?))"
)

// closed is a text without its spaces, as what is looked for is.
const closed = "REPLACE(REPLACE(%s, ' ', ''), '　', '')"

// queries find a kind by one word in the caller's area: of the area, the word,
// and twice the member of the grid.
var queries = map[string]string{
	"estate": `SELECT 'estate' AS kind, e.id, e.name AS label, COALESCE(a.name, '') AS detail, e.id AS estate_id FROM estates e
LEFT JOIN areas a ON a.code = e.area_code WHERE e.area_code LIKE ? AND INSTR(e.name, ?) > 0` + fmt.Sprintf(gridEstates, "e.id") + " ORDER BY e.name, e.id",
	"home": `SELECT 'home' AS kind, p.id, p.label, e.name AS detail, e.id AS estate_id FROM estates e JOIN properties p ON p.estate_id = e.id
WHERE e.area_code LIKE ? AND INSTR(CONCAT(e.name, p.label), ?) > 0` + gridBuildings + " ORDER BY e.name, p.sort_key, p.id",
	"motion": `SELECT 'motion' AS kind, m.id, m.title AS label, m.scope_label AS detail, m.estate_id FROM motions m
WHERE m.area_code LIKE ? AND INSTR(` + fmt.Sprintf(closed, "m.title") + `, ?) > 0` + fmt.Sprintf(gridEstates, "m.estate_id") + " ORDER BY m.created_at DESC, m.id DESC",
	"scheme": `SELECT 'scheme' AS kind, s.id, v.title AS label, s.scope_label AS detail, s.estate_id FROM schemes s
JOIN scheme_versions v ON v.scheme_id = s.id AND v.version = s.version WHERE s.area_code LIKE ? AND INSTR(` + fmt.Sprintf(closed, "CONCAT(v.title, s.scope_label)") + `, ?) > 0
AND (? = '' OR ? = '') ORDER BY s.created_at DESC, s.id DESC`,
	"project": `SELECT 'project' AS kind, p.id, p.name AS label, p.number AS detail, p.estate_id FROM projects p
WHERE p.area_code LIKE ? AND INSTR(` + fmt.Sprintf(closed, "CONCAT(p.number, p.name)") + `, ?) > 0 AND (? = '' OR p.party = ?) ORDER BY p.batch_year DESC, p.number`,
}

// Find looks for one kind, a page of it, or with no kind for the first few of
// each that the caller may see. More says that there is another page.
func (s *Service) Find(ctx context.Context, caller model.Caller, q, kind string, offset, limit int) (hits []Hit, more bool, err error) {
	if q = strings.Join(strings.Fields(q), ""); len([]rune(q)) < 2 {
		return nil, false, ErrShort.At("query.q", "至少两个字")
	}
	if kind != "" {
		if !caller.Role.May(rights[kind]) {
			return nil, false, fault.ErrForbidden
		}
		hits, err = s.find(ctx, caller, q, kind, offset, limit+1)
		if len(hits) > limit {
			return hits[:limit], true, err
		}
		return hits, false, err
	}
	for _, kind := range Kinds {
		if !caller.Role.May(rights[kind]) {
			continue
		}
		found, err := s.find(ctx, caller, q, kind, 0, few+1)
		if err != nil {
			return nil, false, err
		}
		more = more || len(found) > few
		hits = append(hits, found[:min(few, len(found))]...)
	}
	return hits, more, nil
}

// few of each kind are shown together.
const few = 5

// mostPeople bounds a search for people, which has no pages: who finds more
// than that is to look in the estate.
const mostPeople = 50

func (s *Service) find(ctx context.Context, caller model.Caller, q, kind string, offset, limit int) ([]Hit, error) {
	switch kind {
	case "person":
		return s.people(ctx, caller, q, offset, limit)
	case "case":
		return s.cases(ctx, caller, q, offset, limit)
	}
	narrow := ""
	switch {
	case caller.Role == model.RoleGrid:
		narrow = caller.ID
	case caller.Role == model.RoleDepartment && kind == "project":
		narrow = caller.Department
	}
	var rows []Hit
	args := []any{caller.AreaCode + "%", word(kind, q), narrow, narrow, limit, offset}
	if err := s.DB.Read(ctx).Raw(queries[kind]+" LIMIT ? OFFSET ?", args...).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("search for a %s: %w", kind, err)
	}
	return rows, nil
}

// word is a text as the names of a kind are kept.
func word(kind, q string) string {
	if kind == "estate" || kind == "home" {
		if folded := rule.PlaceName(q); folded != "" {
			return folded
		}
	}
	return q
}

func (s *Service) people(ctx context.Context, caller model.Caller, q string, offset, limit int) ([]Hit, error) {
	found, err := s.Registry.FindPeople(ctx, caller, q, mostPeople)
	if err != nil {
		return nil, err
	}
	var hits []Hit
	for _, f := range found[min(offset, len(found)):min(offset+limit, len(found))] {
		hits = append(hits, Hit{Kind: "person", ID: f.PropertyID, Label: f.NameMasked, Detail: f.Estate + f.Label, EstateID: f.EstateID})
	}
	return hits, nil
}

func (s *Service) cases(ctx context.Context, caller model.Caller, q string, offset, limit int) ([]Hit, error) {
	rows, _, err := s.Complaints.List(ctx, caller, complaints.Filter{Query: q, Offset: offset, Limit: limit})
	var refusal *fault.Error
	if errors.As(err, &refusal) {
		return nil, nil // no number, ticket or name: nothing is called so
	}
	if err != nil {
		return nil, err
	}
	var hits []Hit
	for i := range rows {
		hits = append(hits, Hit{Kind: "case", ID: rows[i].ID, Label: rows[i].Number, Detail: complaints.KindWords[rows[i].Kind], EstateID: rows[i].EstateID})
	}
	return hits, nil
}
