package registry

import (
	"fmt"

	"gongdi/model"
	"gongdi/service/store"
)

// revision is a stored home that a list's line, or the office, changes.
type revision struct {
	property      model.Property
	owners        []model.Owner
	before, after home
	entry         model.PropertyChange
}

// revise closes a change: the columns, the owners' rows and the history.
func (s *Service) revise(r *revision) (err error) {
	r.property.Version++
	r.property.UpdatedAt = s.now()
	r.owners = s.close(&r.property, r.after)
	for i := range r.owners { // new ones have their ids now
		r.after.Owners[i].ID = r.owners[i].ID
	}
	r.entry, err = s.history(&r.property, r.before, r.after)
	r.entry.ID = store.NewID()
	return err
}

// update changes homes that are stored otherwise than the list has them.
func (s *siteEntry) update(lines []*line) error {
	ids := make([]string, 0, len(lines))
	for _, l := range lines {
		ids = append(ids, s.stock.homes[l.key()].ID)
	}
	homes, owners, err := s.held(ids)
	if err != nil {
		return err
	}
	revisions, failures := make([]*revision, len(lines)), make([]error, len(lines))
	parallel(len(lines), func(i int) {
		revisions[i], failures[i] = s.compare(lines[i], homes[ids[i]], owners[ids[i]])
	})
	for _, err := range failures {
		if err != nil {
			return err
		}
	}
	for _, r := range revisions {
		s.count.row(&r.property, r.owners)
		if r.entry.ID == "" {
			s.changes.Unchanged++
		} else {
			s.changes.Updated++
		}
	}
	if !s.writes() {
		return nil
	}
	return s.rewrite(revisions)
}

// compare merges a line into its home. A line that only says in other words
// what is stored leaves it as it is.
func (s *siteEntry) compare(l *line, p model.Property, owners []model.Owner) (*revision, error) {
	before, err := s.open(p, owners)
	if err != nil {
		return nil, err
	}
	r := &revision{property: p, owners: owners, before: before, after: merge(before, l.home)}
	r.property.ListDigest, r.property.LabelPrinted = l.digest, l.printed
	if len(changed(r.before, r.after)) == 0 {
		return r, nil
	}
	r.property.ImportID, r.property.SortKey = s.id, order(l.place, r.after.Floor)
	if err := s.revise(r); err != nil {
		return nil, err
	}
	r.entry.ImportID, r.entry.StaffID, r.entry.Reason = s.id, s.caller.ID, "导入名册"
	return r, nil
}

// rewrite stores what changed in a batch of homes.
func (s *siteEntry) rewrite(revisions []*revision) error {
	var homes []model.Property
	var owners []model.Owner
	var past []model.PropertyChange
	var lost []loss
	for _, r := range revisions {
		homes = append(homes, r.property)
		if r.entry.ID == "" {
			continue
		}
		past, owners = append(past, r.entry), append(owners, r.owners...)
		lost = append(lost, loss{property: r.property, owners: gone(r.before, r.after)})
	}
	if err := overwrite(s.tx, homes); err != nil {
		return fmt.Errorf("change homes: %w", err)
	}
	if err := s.release(s.tx, lost); err != nil {
		return err
	}
	if err := overwrite(s.tx, owners); err != nil {
		return fmt.Errorf("change owners: %w", err)
	}
	if err := insert(s.entry, past); err != nil {
		return fmt.Errorf("keep the history of homes: %w", err)
	}
	return nil
}
