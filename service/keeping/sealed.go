package keeping

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"gorm.io/gorm"

	"gongdi/service/files"
	"gongdi/service/store"
	"gongdi/service/vault"
)

// Column is where sealed texts lie.
type Column struct {
	table string
	keys  []string // of its rows
	name  string
	Field vault.Field
}

// Columns lists every place of the database that holds sealed texts.
var Columns = []Column{
	{"signing_keys", []string{"name"}, "private_key", "signing_key.private"},
	{"staff", []string{"id"}, "name", "staff.name"},
	{"staff", []string{"id"}, "totp_secret", "staff.totp"},
	{"staff", []string{"id"}, "totp_offered", "staff.totp"},
	{"residents", []string{"id"}, "phone", "resident.phone"},
	{"bindings", []string{"id"}, "name", "binding.name"},
	{"bindings", []string{"id"}, "phone", "binding.phone"},
	{"owners", []string{"id"}, "name", "owner.name"},
	{"owners", []string{"id"}, "document", "owner.document"},
	{"owners", []string{"id"}, "phone", "owner.phone"},
	{"properties", []string{"id"}, "certificate", "property.certificate"},
	{"properties", []string{"id"}, "note", "property.note"},
	{"property_changes", []string{"id"}, "before_state", "property.state"},
	{"property_changes", []string{"id"}, "after_state", "property.state"},
	{"representations", []string{"id"}, "name", "representation.name"},
	{"representations", []string{"id"}, "phone", "representation.phone"},
	{"representations", []string{"id"}, "words", "representation.words"},
	{"barred_agents", []string{"id"}, "name", "barred_agent.name"},
	{"barred_agents", []string{"id"}, "phone", "barred_agent.phone"},
	{"ballots", []string{"motion_id", "voter_id", "version"}, "comment", "ballot.comment"},
	{"ballots", []string{"motion_id", "voter_id", "version"}, "proxy", "ballot.proxy"},
	{"ballots", []string{"motion_id", "voter_id", "version"}, "witnesses", "ballot.witnesses"},
	{"disputes", []string{"id"}, "reason", "dispute.reason"},
	{"disputes", []string{"id"}, "words", "dispute.words"},
	{"grants", []string{"id"}, "principal_name", "grant.name"},
	{"grants", []string{"id"}, "agent_name", "grant.name"},
	{"paper_receipts", []string{"id"}, "collectors", "paper_receipt.collectors"},
	{"roll_reports", []string{"id"}, "words", "roll_report.words"},
	{"objections", []string{"id"}, "words", "objection.words"},
	{"objections", []string{"id"}, "name", "objection.name"},
	{"objection_steps", []string{"id"}, "words", "objection_step.words"},
	{"suggestions", []string{"id"}, "words", "suggestion.words"},
	{"safety_checks", []string{"id"}, "words", "safety_check.words"},
	{"meeting_attendees", []string{"id"}, "name", "attendee.name"},
	{"data_requests", []string{"id"}, "words", "data_request.words"},
	{"complaints", []string{"id"}, "words", "complaint.words"},
	{"complaints", []string{"id"}, "place", "complaint.place"},
	{"complaints", []string{"id"}, "contact_name", "complaint.contact_name"},
	{"complaints", []string{"id"}, "contact_phone", "complaint.contact_phone"},
	{"complaints", []string{"id"}, "rating_words", "complaint.rating_words"},
	{"survey_responses", []string{"id"}, "sealed", "survey_response.sealed"},
	{"survey_forms", []string{"id"}, "sealed", "survey_response.sealed"},
	{"survey_responses", []string{"id"}, "tallied_sealed", "survey_response.sealed"},
	{"begun_responses", []string{"id"}, "content", "survey_draft.content"},
	{"survey_answers", []string{"id"}, "content", "survey_answer.content"},
	{"survey_tallies", []string{"id"}, "state", "survey_tally.state"},
	{"mediations", []string{"id"}, "present", "mediation.present"},
	{"mediations", []string{"id"}, "facts", "mediation.facts"},
	{"mediations", []string{"id"}, "agreement", "mediation.agreement"},
	{"mediations", []string{"id"}, "follow_up", "mediation.follow_up"},
	{"departments", []string{"code", "valid_from"}, "contact_name", "department.contact_name"},
	{"departments", []string{"code", "valid_from"}, "contact_phone", "department.contact_phone"},
	{"complaint_steps", []string{"id"}, "words", "complaint_step.words"},
	{"assessment_objections", []string{"id"}, "words", "assessment_objection.words"},
	{"assessment_objections", []string{"id"}, "answer", "assessment_objection.answer"},
	{"supervision_visits", []string{"id"}, "findings", "supervision_visit.findings"},
	{"supervision_visits", []string{"id"}, "done_words", "supervision_visit.done_words"},
	{"joint_meetings", []string{"id"}, "present", "joint_meeting.present"},
	{"joint_meetings", []string{"id"}, "minutes", "joint_meeting.minutes"},
	{"joint_decisions", []string{"id"}, "words", "joint_decision.words"},
	{"joint_decisions", []string{"id"}, "done_words", "joint_decision.done_words"},
	{"scrutineers", []string{"motion_id", "resident_id"}, "name", "scrutineer.name"},
	{"door_visits", []string{"id"}, "note", "door_visit.note"},
	{"lift_hearings", []string{"id"}, "words", "lift_hearing.words"},
	{"pledges", []string{"id"}, "name", "pledge.name"},
	{"vouchers", []string{"id"}, "payee", "voucher.payee"},
	{"jobs", []string{"id"}, "params", "job.params"},
	{"projects", []string{"id"}, "responsible_person", "project.person"},
	{"bank_movements", []string{"id"}, "payer", "bank_movement.payer"},
	{"bank_movements", []string{"id"}, "words", "bank_movement.words"},
}

const fileContent vault.Field = "file.content"

// Reseal seals with the current key whatever is sealed with an earlier one,
// some rows at a time, while the office works on. What somebody changes
// meanwhile is left as they wrote it. It says how many texts and files it sealed.
func Reseal(ctx context.Context, db *store.DB, folder files.Place, keys *vault.Vault) (int, error) {
	done := 0
	for _, c := range Columns {
		update := fmt.Sprintf("UPDATE %s SET %s = ? WHERE %s AND %s = ?", c.table, c.name, strings.Join(c.keys, " = ? AND ")+" = ?", c.name)
		err := c.each(ctx, db, "1:"+keys.Current()+":%", func(found []sealedText) error {
			done += len(found)
			return c.write(ctx, db, keys, update, found)
		})
		if err != nil {
			return done, fmt.Errorf("seal %s.%s anew: %w", c.table, c.name, err)
		}
	}
	err := eachFile(ctx, db, folder, func(id string, content []byte) error {
		if vault.Sealed(string(content)) == keys.Current() {
			return nil
		}
		plain, err := keys.Reveal(fileContent, string(content))
		if err != nil {
			return err
		}
		done++
		return folder.Put(ctx, id, []byte(keys.Seal(fileContent, plain)))
	})
	return done, err
}

// Readable opens every sealed text and file, and says how many there are: the
// proof that a key file is the one that belongs to them.
func Readable(ctx context.Context, db *store.DB, folder files.Place, keys *vault.Vault) (int, error) {
	opened := 0
	for _, c := range Columns {
		err := c.each(ctx, db, "", func(found []sealedText) error {
			for _, s := range found {
				if _, err := keys.Reveal(c.Field, s.text); err != nil {
					return err
				}
			}
			opened += len(found)
			return nil
		})
		if err != nil {
			return opened, fmt.Errorf("open %s.%s: %w", c.table, c.name, err)
		}
	}
	err := eachFile(ctx, db, folder, func(_ string, content []byte) error {
		opened++
		_, err := keys.Reveal(fileContent, string(content))
		return err
	})
	return opened, err
}

const batch = 200

// each reads the sealed texts of a column in the order of their keys, some at
// a time, but those that look like except.
func (c Column) each(ctx context.Context, db *store.DB, except string, work func([]sealedText) error) error {
	selected := fmt.Sprintf("SELECT %s, %s FROM %s WHERE %s LIKE '1:%%' AND %s NOT LIKE ?", strings.Join(c.keys, ", "), c.name, c.table, c.name, c.name)
	ordered := " ORDER BY " + strings.Join(c.keys, ", ") + fmt.Sprintf(" LIMIT %d", batch)
	args := []any{except}
	for {
		found, err := c.read(db.Read(ctx), selected+ordered, args)
		if err != nil || len(found) == 0 {
			return err
		}
		if err := work(found); err != nil {
			return err
		}
		if len(args) == 1 {
			selected += " AND " + c.after()
		}
		last := found[len(found)-1].key
		args = append([]any{except, last[0]}, last...)
	}
}

// after compares rows with a row; its first key is named apart, because only
// that lets a MySQL server begin where the last page ended.
func (c Column) after() string {
	marks := strings.TrimSuffix(strings.Repeat("?, ", len(c.keys)), ", ")
	return fmt.Sprintf("%s >= ? AND (%s) > (%s)", c.keys[0], strings.Join(c.keys, ", "), marks)
}

type sealedText struct {
	key  []any
	text string
}

func (c Column) read(db *gorm.DB, query string, args []any) (found []sealedText, err error) {
	rows, err := db.Raw(query, args...).Rows()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		s := sealedText{key: make([]any, len(c.keys))}
		into := make([]any, 0, len(c.keys)+1)
		texts := make([]string, len(c.keys))
		for i := range c.keys {
			into = append(into, &texts[i])
		}
		if err := rows.Scan(append(into, &s.text)...); err != nil {
			return nil, err
		}
		for i, text := range texts {
			s.key[i] = text
		}
		found = append(found, s)
	}
	return found, rows.Err()
}

func (c Column) write(ctx context.Context, db *store.DB, keys *vault.Vault, update string, found []sealedText) error {
	return store.Tx(ctx, db, func(tx *gorm.DB) error {
		for _, s := range found {
			plain, err := keys.Reveal(c.Field, s.text)
			if err != nil {
				return err
			}
			args := append([]any{keys.Seal(c.Field, plain)}, s.key...)
			if err := tx.Exec(update, append(args, s.text)...).Error; err != nil {
				return err
			}
		}
		return nil
	})
}

// eachFile reads the uploads that are in the folder, one after the other.
func eachFile(ctx context.Context, db *store.DB, folder files.Place, work func(id string, content []byte) error) error {
	var ids []string
	if err := db.Read(ctx).Raw("SELECT id FROM files ORDER BY id").Scan(&ids).Error; err != nil {
		return fmt.Errorf("list files: %w", err)
	}
	for _, id := range ids {
		content, err := folder.Get(ctx, id)
		if errors.Is(err, fs.ErrNotExist) {
			continue // swept, or missing: a backup names it
		}
		if err = errors.Join(err, ctx.Err()); err == nil {
			err = work(id, content)
		}
		if err != nil {
			return fmt.Errorf("file %s: %w", id, err)
		}
	}
	return nil
}
