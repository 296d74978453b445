package keeping

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"gongdi/service/store"
)

// erasure is what is forgotten of a table's rows when they are due: what set
// overwrites, or all of it.
type erasure struct {
	table, set, due string
}

// erasures run about once an hour; @before is the end of what must be kept.
// Names and phones of ties that are over go, unless somebody cast by them:
// those belong to the record of the vote. The papers of what is gone belong to
// nothing any more, and are swept.
var erasures = []erasure{
	{"resident_tidings", "", "at < @before"},
	{"consent_entries", "", "at < @before"},
	{"complaints", "contact_name = '', contact_phone = ''", "status IN ('archived', 'refused', 'merged') AND updated_at < @before AND (contact_name <> '' OR contact_phone <> '')"},
	{"survey_responses", "sealed = ''", "updated_at < @before AND sealed <> ''"},
	{"survey_forms", "sealed = ''", "laid_at < @before AND sealed <> ''"},
	{"survey_tallies", "", `id LIKE '%/all' AND EXISTS (SELECT 1 FROM survey_responses r WHERE r.survey_id = survey_tallies.survey_id AND r.updated_at < @before AND r.sealed <> '')`},
	{"survey_responses", "sealed = '', tallied_sealed = NULL", "updated_at < @before AND sealed <> ''"},
	{"begun_responses", "", "updated_at < @before"},
	{"data_requests", "", "status <> 'open' AND answered_at < @before"},
	{"meeting_attendees", "name = ''", "at < @before AND name <> ''"},
	{"door_visits", "note = ''", "at < @before AND note <> ''"},
	{"bindings", "name = '', phone = ''", `status IN ('ended', 'rejected') AND decided_at < @before AND (name <> '' OR phone <> '')
AND NOT EXISTS (SELECT 1 FROM ballots b WHERE b.resident_id = bindings.resident_id)`},
	{"grants", "agent_name = '', principal_name = '', agent_phone_index = ''", `status IN ('revoked', 'refused') AND ended_at < @before
AND (agent_name <> '' OR principal_name <> '') AND NOT EXISTS (SELECT 1 FROM ballots b WHERE b.grant_id = grants.id)`},
	{"representations", "name = '', phone = '', phone_index = '', words = ''", `status IN ('refused', 'ended') AND decided_at < @before AND (until_at IS NULL OR until_at < @before)
AND name <> '' AND NOT EXISTS (SELECT 1 FROM ballots b WHERE b.representation_id = representations.id)`},
	{"files", "about_type = '', about_id = ''", `created_at < @before AND (about_type = 'data_request' AND NOT EXISTS (SELECT 1 FROM data_requests r WHERE r.id = files.about_id)
OR about_type = 'survey_response'
OR about_type = 'grant' AND EXISTS (SELECT 1 FROM grants g WHERE g.id = files.about_id AND g.status IN ('revoked', 'refused') AND g.agent_name = '')
OR about_type = 'representation' AND EXISTS (SELECT 1 FROM representations r WHERE r.id = files.about_id AND r.name = ''))`},
}

// some is how many rows one transaction of erasing holds at most.
const some = 500

func (e erasure) statement() string {
	what := "DELETE FROM " + e.table
	if e.set != "" {
		what = "UPDATE " + e.table + " SET " + e.set
	}
	return fmt.Sprintf("%s WHERE id IN (SELECT id FROM (SELECT id FROM %s WHERE %s LIMIT %d) AS due)", what, e.table, e.due, some)
}

// Erase removes what has expired. Several replicas may do so at once.
//
// Law: PIPL art. 19, art. 47.
func (s *Service) Erase(ctx context.Context) error {
	now := s.now()
	if now.Sub(s.erased) < time.Hour {
		return nil
	}
	kept := s.Retention
	if kept == 0 {
		kept = 3 * 365 * 24 * time.Hour
	}
	for _, e := range erasures {
		if err := s.erase(ctx, e.statement(), now.Add(-kept)); err != nil {
			return fmt.Errorf("erase what has expired of %s: %w", e.table, err)
		}
	}
	s.erased = now
	return nil
}

func (s *Service) erase(ctx context.Context, statement string, before time.Time) error {
	for {
		gone, err := store.Do(ctx, s.DB, func(tx *gorm.DB) (int64, error) {
			done := tx.Exec(statement, map[string]any{"before": before})
			return done.RowsAffected, done.Error
		})
		if err != nil || gone < some {
			return err
		}
	}
}
