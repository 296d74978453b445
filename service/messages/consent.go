package messages

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/store"
)

const (
	mostConsents = 20              // of one resident and template; what is beyond is forgotten
	sameTap      = 2 * time.Minute // between the phone's report of a tap and the platform's

	consentsHeld = "SELECT * FROM template_consents WHERE resident_id IN ?"
	setConsent   = "UPDATE template_consents SET allowed = ?, updated_at = ? WHERE resident_id = ? AND template_id = ?"
	otherReport  = `SELECT * FROM consent_entries WHERE resident_id = ? AND template_id = ? AND reason = 'accept' AND source <> ? AND paired_id = ''
AND at BETWEEN ? AND ? ORDER BY at LIMIT 1`
	reported = "SELECT COUNT(*) FROM consent_entries WHERE source_ref = ? AND source = ? AND template_id = ?"
)

type consentKey struct{ resident, template string }

// useConsents takes a consent for each letter, and picks out those that have
// none. Where nothing is known of a resident and template, for a report may be
// lost, the platform is asked once: it refuses what was not allowed, and that
// is then known.
func (s *Service) useConsents(tx *gorm.DB, letters []letter, now time.Time) (mine []letter, without []string, err error) {
	if len(letters) == 0 {
		return nil, nil, nil
	}
	left, err := s.holdConsents(tx, letters)
	if err != nil {
		return nil, nil, err
	}
	used := map[consentKey]int{}
	var entries []model.ConsentEntry
	var granted []string
	for _, l := range letters {
		key := consentKey{l.ResidentID, l.template.ID}
		n, known := left[key]
		switch {
		case l.PushGranted || l.template.LongTerm || !known:
			// Held since an earlier try, needs none, or unknown.
		case n == 0:
			without = append(without, l.ID)
			continue
		default:
			left[key], used[key] = n-1, n-1
			l.PushGranted = true
			granted = append(granted, l.ID)
			entries = append(entries, entryOf(consentChange{l.ResidentID, l.template.ID, model.ConsentSent, now}, -1))
		}
		mine = append(mine, l)
	}
	for key, n := range used {
		if err := tx.Exec(setConsent, n, now, key.resident, key.template).Error; err != nil {
			return nil, nil, fmt.Errorf("use a consent: %w", err)
		}
	}
	if len(granted) == 0 {
		return mine, without, nil
	}
	if err := tx.Create(entries).Error; err != nil {
		return nil, nil, fmt.Errorf("enter used consents: %w", err)
	}
	if err := tx.Exec(noteGrants, granted).Error; err != nil {
		return nil, nil, fmt.Errorf("note used consents: %w", err)
	}
	return mine, without, nil
}

func (s *Service) holdConsents(tx *gorm.DB, letters []letter) (map[consentKey]int, error) {
	residents := make([]string, 0, len(letters))
	for _, l := range letters {
		residents = append(residents, l.ResidentID)
	}
	slices.Sort(residents)
	var rows []model.TemplateConsent
	if err := tx.Raw(s.DB.Locked(consentsHeld), slices.Compact(residents)).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("hold consents: %w", err)
	}
	left := map[consentKey]int{}
	for _, row := range rows {
		left[consentKey{row.ResidentID, row.TemplateID}] = row.Allowed
	}
	return left, nil
}

// consentChange is why and when the balance of one resident and template changes.
type consentChange struct {
	resident, template string
	reason             model.ConsentReason
	at                 time.Time
}

func entryOf(c consentChange, delta int) model.ConsentEntry {
	id := store.NewID()
	return model.ConsentEntry{
		ID: id, ResidentID: c.resident, TemplateID: c.template, Delta: delta, Reason: c.reason,
		Source: model.ConsentByOutbox, SourceRef: id, At: c.at,
	}
}

// balance holds what a resident allows of a template, from now on known.
func (s *Service) balance(tx *gorm.DB, resident, template string, now time.Time) (*model.TemplateConsent, error) {
	row := model.TemplateConsent{ResidentID: resident, TemplateID: template, UpdatedAt: now}
	if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error; err != nil {
		return nil, fmt.Errorf("begin a balance of consents: %w", err)
	}
	query := s.DB.Locked("SELECT * FROM template_consents WHERE resident_id = ? AND template_id = ?")
	if err := tx.Raw(query, resident, template).Take(&row).Error; err != nil {
		return nil, fmt.Errorf("hold a balance of consents: %w", err)
	}
	return &row, nil
}

// enter adds an entry and what it changes.
func (s *Service) enter(tx *gorm.DB, b *model.TemplateConsent, e model.ConsentEntry) error {
	e.Delta = min(max(e.Delta, -b.Allowed), mostConsents-b.Allowed)
	if err := tx.Create(&e).Error; err != nil {
		return fmt.Errorf("enter a consent: %w", err)
	}
	b.Allowed += e.Delta
	if err := tx.Exec(setConsent, b.Allowed, e.At, b.ResidentID, b.TemplateID).Error; err != nil {
		return fmt.Errorf("change a balance of consents: %w", err)
	}
	return nil
}

func (s *Service) change(tx *gorm.DB, c consentChange, delta int) error {
	b, err := s.balance(tx, c.resident, c.template, c.at)
	if err != nil {
		return err
	}
	return s.enter(tx, b, entryOf(c, delta))
}

// zero notes that nothing is allowed any more.
func (s *Service) zero(tx *gorm.DB, c consentChange) error { return s.change(tx, c, -mostConsents) }

// accept notes one tap on «allow», which the phone and the platform both
// report, in any order: the second report of it changes nothing.
func (s *Service) accept(tx *gorm.DB, c consentChange, source model.ConsentSource, ref string) error {
	b, err := s.balance(tx, c.resident, c.template, c.at)
	if err != nil {
		return err
	}
	var again int64
	if err := tx.Raw(reported, ref, source, c.template).Scan(&again).Error; err != nil || again > 0 {
		return err
	}
	e := entryOf(c, 1)
	e.Source, e.SourceRef = source, ref
	var twin []model.ConsentEntry
	if err := tx.Raw(otherReport, c.resident, c.template, source, c.at.Add(-sameTap), c.at.Add(sameTap)).Scan(&twin).Error; err != nil {
		return fmt.Errorf("find the other report of a consent: %w", err)
	}
	if len(twin) > 0 {
		e.Delta, e.PairedID = 0, twin[0].ID
		if err := tx.Exec("UPDATE consent_entries SET paired_id = ? WHERE id = ?", e.ID, e.PairedID).Error; err != nil {
			return fmt.Errorf("pair two reports of a consent: %w", err)
		}
	}
	return s.enter(tx, b, e)
}

// Allow notes what a resident answered when asked for subscribe messages, as
// the phone was told: by template or kind, accept, reject or ban. One accept is
// one message more; a ban ends what was allowed. The same tap counts once.
func (s *Service) Allow(ctx context.Context, residentID, tap string, results map[string]string) error {
	if tap == "" {
		tap = store.NewID()
	}
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		done := map[string]bool{}
		for key, result := range results {
			template, known := s.templateNamed(key)
			if !known {
				return fault.Unknown("body.results", "没有这类消息")
			}
			if done[template] {
				continue // two kinds of one template
			}
			done[template] = true
			c := consentChange{residentID, template, model.ConsentAccepted, s.now()}
			var err error
			switch result {
			case "accept":
				err = s.accept(tx, c, model.ConsentByPhone, residentID+":"+tap)
			case "ban":
				c.reason = model.ConsentRevoked
				err = s.zero(tx, c)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// templateNamed finds a template's id by itself or by the kind of news.
func (s *Service) templateNamed(key string) (string, bool) {
	if t, known := s.Templates[key]; known {
		return t.ID, true
	}
	for _, t := range s.Templates {
		if t.ID == key {
			return t.ID, true
		}
	}
	return "", false
}

// Consent is how many more messages of a kind a resident allows; kinds of one
// template share them.
type Consent struct {
	Kind, TemplateID string
	Allowed          int
	LongTerm         bool
}

// ConsentsOf lists the kinds that can be allowed, and how many are.
func (s *Service) ConsentsOf(ctx context.Context, residentID string) ([]Consent, error) {
	var rows []model.TemplateConsent
	if err := s.DB.Read(ctx).Raw("SELECT * FROM template_consents WHERE resident_id = ?", residentID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read what a resident allows: %w", err)
	}
	out := make([]Consent, 0, len(s.Templates))
	for kind, t := range s.Templates {
		c := Consent{Kind: kind, TemplateID: t.ID, LongTerm: t.LongTerm}
		if i := slices.IndexFunc(rows, func(r model.TemplateConsent) bool { return r.TemplateID == t.ID }); i >= 0 {
			c.Allowed = rows[i].Allowed
		}
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b Consent) int { return strings.Compare(a.Kind, b.Kind) })
	return out, nil
}
