package keeping

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"gongdi/model/rule/roster"
	"gongdi/service/audit"
	"gongdi/service/store"
	"gongdi/service/vault"
)

// Service answers residents who ask what is kept about them, and erases what
// has expired.
type Service struct {
	DB    *store.DB
	Vault *vault.Vault
	Audit *audit.Log
	Now   func() time.Time
	// Retention is how long what is no longer needed is kept; zero is three years.
	Retention time.Duration

	erased time.Time
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Millisecond) }

// holding is one kind of thing that is kept about a resident.
type holding struct {
	name   string
	query  string // of a resident's id
	sealed map[string]vault.Field
}

// masked are columns that are shown with their middle left out even to oneself:
// a phone that is lost or lent must not give a document's number away.
var masked = map[vault.Field]func(string) string{
	"owner.document":       roster.MaskDocument,
	"owner.phone":          roster.MaskPhone,
	"property.certificate": roster.MaskCertificate,
}

// ownBallots are those of an owner's own entries of the rolls: the owners at
// the time are compared, so that a buyer reads nothing of the seller's.
const ownBallots = `FROM bindings b JOIN roll_properties p ON p.property_id = b.property_id AND INSTR(p.owner_ids, b.owner_id) > 0
JOIN motions m ON m.id = p.motion_id `

const ofOwner = " WHERE b.resident_id = ? AND b.status = 'verified' AND b.relation = 'owner' AND b.owner_id <> ''"

// holdings lists all that is kept about a resident (PIPL art. 45).
var holdings = []holding{
	{"account", "SELECT id, nickname, phone, created_at FROM residents WHERE id = ?", map[string]vault.Field{"phone": "resident.phone"}},
	{"wechat", "SELECT app_id, open_id, created_at FROM wechat_accounts WHERE resident_id = ?", nil},
	{"sessions", "SELECT device, created_at, seen_at, expires_at FROM sessions WHERE kind = 'resident' AND subject_id = ? ORDER BY created_at", nil},
	{"privacy_acceptances", "SELECT version, at FROM privacy_acceptances WHERE resident_id = ? ORDER BY at", nil},
	{"bindings", `SELECT e.name AS estate, p.label AS home, b.relation, b.status, b.proof, b.name, b.phone, b.reason, b.created_at, b.decided_at, b.until_at
FROM bindings b JOIN properties p ON p.id = b.property_id JOIN estates e ON e.id = b.estate_id WHERE b.resident_id = ? ORDER BY b.created_at`,
		map[string]vault.Field{"name": "binding.name", "phone": "binding.phone"}},
	{"register", `SELECT e.name AS estate, p.label AS home, o.kind, o.name, o.document, o.phone, o.share_num, o.share_den, p.area, p.area_source, p.certificate
FROM bindings b JOIN owners o ON o.id = b.owner_id JOIN properties p ON p.id = o.property_id JOIN estates e ON e.id = p.estate_id` + ofOwner + ` ORDER BY p.id`,
		map[string]vault.Field{"name": "owner.name", "document": "owner.document", "phone": "owner.phone", "certificate": "property.certificate"}},
	{"paper_ballots", "SELECT DISTINCT m.title AS motion, v.version, v.channel, v.choice, v.items, v.comment, v.signed_on, v.received_at, v.standing, v.cast_at " + ownBallots +
		"JOIN ballots v ON v.motion_id = p.motion_id AND v.voter_id = p.voter_id AND v.channel <> 'online'" + ofOwner + " ORDER BY v.cast_at", map[string]vault.Field{"comment": "ballot.comment"}},
	{"visits", "SELECT DISTINCT m.title AS motion, v.result, v.note, v.at " + ownBallots +
		"JOIN door_visits v ON v.motion_id = p.motion_id AND v.voter_id = p.voter_id" + ofOwner + " ORDER BY v.at", map[string]vault.Field{"note": "door_visit.note"}},
	{"deliveries", "SELECT DISTINCT m.title AS motion, d.way, d.at " + ownBallots +
		"JOIN deliveries d ON d.motion_id = p.motion_id AND d.voter_id = p.voter_id" + ofOwner + " ORDER BY d.at", nil},
	{"notices_read", `SELECT DISTINCT n.title AS notice, p.label AS home, r.version, r.read_at, r.confirmed_at, r.told_at
FROM bindings b JOIN notice_reads r ON r.property_id = b.property_id JOIN notices n ON n.id = r.notice_id JOIN properties p ON p.id = r.property_id
WHERE b.resident_id = ? AND b.status = 'verified' ORDER BY r.read_at`, nil},
	{"ballots", `SELECT m.title AS motion, b.version, b.channel, b.choice, b.items, b.comment, b.relation, b.proof, b.cast_at
FROM ballots b JOIN motions m ON m.id = b.motion_id WHERE b.resident_id = ? ORDER BY b.cast_at`, map[string]vault.Field{"comment": "ballot.comment"}},
	{"grants_given", "SELECT agent_name, scope, source, status, from_at, until_at FROM grants WHERE principal_id = ? ORDER BY created_at", map[string]vault.Field{"agent_name": "grant.name"}},
	{"grants_held", "SELECT principal_name, scope, source, status, from_at, until_at FROM grants WHERE agent_id = ? ORDER BY created_at", map[string]vault.Field{"principal_name": "grant.name"}},
	{"representations", "SELECT basis, name, phone, words, status, until_at, entered_at FROM representations WHERE resident_id = ? ORDER BY entered_at",
		map[string]vault.Field{"name": "representation.name", "phone": "representation.phone", "words": "representation.words"}},
	{"disputes", "SELECT reason, status, settled_by, opened_at, ended_at FROM disputes WHERE resident_id = ? ORDER BY opened_at", map[string]vault.Field{"reason": "dispute.reason"}},
	{"roll_reports", "SELECT words, status, answer, at, answered_at FROM roll_reports WHERE resident_id = ? ORDER BY at", map[string]vault.Field{"words": "roll_report.words"}},
	{"scrutineer_of", "SELECT m.title AS motion, s.name, s.named_at FROM scrutineers s JOIN motions m ON m.id = s.motion_id WHERE s.resident_id = ? ORDER BY s.named_at",
		map[string]vault.Field{"name": "scrutineer.name"}},
	{"objections", "SELECT n.title AS notice, o.words, o.status, o.at FROM objections o JOIN notices n ON n.id = o.notice_id WHERE o.resident_id = ? ORDER BY o.at",
		map[string]vault.Field{"words": "objection.words"}},
	{"objection_steps", "SELECT n.title AS notice, s.status, s.words, s.at FROM objections o JOIN objection_steps s ON s.objection_id = o.id JOIN notices n ON n.id = o.notice_id WHERE o.resident_id = ? ORDER BY s.at",
		map[string]vault.Field{"words": "objection_step.words"}},
	{"meetings", "SELECT m.title AS meeting, a.name, a.at FROM meeting_attendees a JOIN meetings m ON m.id = a.meeting_id WHERE a.resident_id = ? ORDER BY a.at",
		map[string]vault.Field{"name": "attendee.name"}},
	{"suggestions", "SELECT n.title AS notice, s.words, s.status, s.answer, s.at FROM suggestions s JOIN notices n ON n.id = s.notice_id WHERE s.resident_id = ? ORDER BY s.at",
		map[string]vault.Field{"words": "suggestion.words"}},
	{"content_checks", "SELECT about_type, kind, words, state, reason, made_at, decided_at FROM safety_checks WHERE author_id = ? ORDER BY made_at",
		map[string]vault.Field{"words": "safety_check.words"}},
	{"complaints", "SELECT number, kind, words, place, contact_phone, status, filed_at, answered_at, stars, rating_words FROM complaints WHERE resident_id = ? ORDER BY filed_at",
		map[string]vault.Field{"words": "complaint.words", "place": "complaint.place", "contact_phone": "complaint.contact_phone", "rating_words": "complaint.rating_words"}},
	{"complaints_joined", "SELECT c.number, j.at FROM complaint_joins j JOIN complaints c ON c.id = j.complaint_id WHERE j.resident_id = ? ORDER BY j.at", nil},
	{"lift_intents", `SELECT p.label AS home, i.stance, i.will_pay, i.max_fen, i.concerns, i.at FROM lift_intents i JOIN properties p ON p.id = i.property_id WHERE i.resident_id = ? ORDER BY i.at`, nil},
	{"lift_campaigns", "SELECT p.label AS home, c.started_at FROM lift_campaigns c JOIN properties p ON p.id = c.property_id WHERE c.resident_id = ? ORDER BY c.started_at", nil},
	{"lift_signatures", `SELECT v.title AS plan, s.version, p.label AS home, s.kind, s.accept, s.signed_on, s.at FROM lift_signatures s
JOIN lift_plan_versions v ON v.plan_id = s.plan_id AND v.version = s.version JOIN properties p ON p.id = s.property_id WHERE s.resident_id = ? ORDER BY s.at`, nil},
	{"pledges", `SELECT p.label AS home, p.purpose_type, p.plan_version, t.source, t.amount, p.stage, p.created_at FROM pledges p
JOIN pledge_parts t ON t.pledge_id = p.id WHERE p.resident_id = ? ORDER BY p.created_at, t.source`, nil},
	{"survey_responses", "SELECT s.title, r.relation, r.answers, r.sealed AS words, r.version, r.answered_at FROM survey_responses r JOIN surveys s ON s.id = r.survey_id WHERE r.resident_id = ? ORDER BY r.answered_at",
		map[string]vault.Field{"words": "survey_response.sealed"}},
	{"survey_forms", `SELECT s.title, b.version AS ballot_version, f.answers, f.sealed AS words, f.laid_at FROM ballots b JOIN survey_forms f ON f.id = b.form_id JOIN surveys s ON s.id = f.survey_id
WHERE b.resident_id = ? ORDER BY b.cast_at`, map[string]vault.Field{"words": "survey_response.sealed"}},
	{"survey_drafts", "SELECT s.title, d.content, d.updated_at FROM begun_responses d JOIN surveys s ON s.id = d.survey_id WHERE d.resident_id = ? ORDER BY d.updated_at",
		map[string]vault.Field{"content": "survey_draft.content"}},
	{"anonymous_surveys", "SELECT s.title FROM survey_participants p JOIN surveys s ON s.id = p.survey_id WHERE p.party_id = ? ORDER BY s.title", nil},
	{"data_requests", "SELECT words, status, answer, at, answered_at FROM data_requests WHERE resident_id = ? ORDER BY at", map[string]vault.Field{"words": "data_request.words"}},
	{"message_consents", "SELECT template_id, allowed, updated_at FROM template_consents WHERE resident_id = ?", nil},
	{"message_consent_entries", "SELECT template_id, delta, reason, source, at FROM consent_entries WHERE resident_id = ? ORDER BY at, id", nil},
	{"messages", "SELECT kind, text, at, read_at FROM resident_tidings WHERE resident_id = ? AND staff_id = '' ORDER BY at", nil},
	{"files", "SELECT id, media_type, size, about_type, created_at FROM files WHERE owner_kind = 'resident' AND owner_id = ? ORDER BY created_at", nil},
}

// Copy is all that is kept about a resident, readable.
type Copy struct {
	At   time.Time
	Kept map[string][]map[string]any
}

// CopyOf gives a resident a copy of everything that is kept about them.
//
// Law: PIPL art. 45.
func (s *Service) CopyOf(ctx context.Context, residentID string) (Copy, error) {
	out := Copy{At: s.now(), Kept: map[string][]map[string]any{}}
	for _, h := range holdings {
		rows := []map[string]any{}
		if err := s.DB.Read(ctx).Raw(h.query, residentID).Scan(&rows).Error; err != nil {
			return out, fmt.Errorf("copy %s of a resident: %w", h.name, err)
		}
		for _, row := range rows {
			if err := s.open(row, h.sealed); err != nil {
				return out, fmt.Errorf("copy %s of a resident: %w", h.name, err)
			}
		}
		out.Kept[h.name] = rows
	}
	return out, nil
}

func (s *Service) open(row map[string]any, sealed map[string]vault.Field) error {
	for name, value := range row {
		if text, ok := value.([]byte); ok {
			row[name] = string(text)
		}
		if at, ok := value.(time.Time); ok {
			row[name] = at.UTC()
		}
	}
	for _, name := range slices.Sorted(maps.Keys(sealed)) {
		text, ok := row[name].(string)
		if !ok {
			continue
		}
		plain, err := s.Vault.Reveal(sealed[name], text)
		if err != nil {
			return err
		}
		if mask := masked[sealed[name]]; mask != nil {
			plain = mask(plain)
		}
		row[name] = plain
	}
	return nil
}
