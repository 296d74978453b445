package reporting

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"gorm.io/gorm"

	"gongdi/service/store"
)

// Figures are kept ready beside the rows that they are of, and catch up before
// they are read: what has changed since is found by when it changed, and only
// that is reckoned anew. Nothing is written in anybody's transaction.

const (
	overlap   = time.Minute // how late a transaction may commit after the instant that it writes
	inOneTurn = 100         // things that one transaction keeps
	turns     = 20          // how often another replica may come first
	theMark   = "overview"
)

// What is kept, by kind.
const (
	ofMotion  = "motion"
	ofCases   = "cases"
	ofPurpose = "purpose"
	ofEstate  = "estate"
)

// sources find what has changed since an instant. The rows are counted here
// and not by the database: asked to group them, SQLite walks the whole table in
// the order of the groups.
var sources = [15]struct{ kind, query string }{
	{ofMotion, "SELECT motion_id AS id, cast_at AS at FROM ballots WHERE cast_at >= @since"},
	{ofMotion, "SELECT motion_id AS id, at FROM deliveries WHERE at >= @since"},
	{ofMotion, "SELECT motion_id AS id, at FROM door_visits WHERE at >= @since"},
	{ofMotion, "SELECT id, updated_at AS at FROM motions WHERE updated_at >= @since AND stage <> 'draft'"},
	{ofCases, "SELECT area_code AS id, updated_at AS at FROM complaints WHERE updated_at >= @since"},
	{ofCases, `SELECT area_code AS id, due_at AS at FROM complaints
WHERE status IN ('submitted', 'accepted', 'assigned', 'returned', 'taken', 'in_progress', 'extension_asked', 'reopened') AND due_at >= @since AND due_at < @now`},
	{ofPurpose, "SELECT CONCAT(purpose_type, ':', purpose_id) AS id, updated_at AS at FROM pledges WHERE updated_at >= @since"},
	{ofPurpose, "SELECT CONCAT(purpose_type, ':', purpose_id) AS id, at FROM ledger_lines WHERE at >= @since"},
	{ofPurpose, "SELECT CONCAT('lift:', id) AS id, updated_at AS at FROM lift_plans WHERE updated_at >= @since"},
	{ofPurpose, `SELECT CONCAT('lift:', v.plan_id) AS id, m.updated_at AS at FROM motions m JOIN lift_plan_versions v ON v.motion_id = m.id
WHERE m.updated_at >= @since`},
	{ofEstate, "SELECT estate_id AS id, updated_at AS at FROM properties WHERE updated_at >= @since"},
	{ofEstate, "SELECT id, updated_at AS at FROM estates WHERE updated_at >= @since"},
	{ofEstate, `SELECT e.id, e.created_at AS at FROM estates e LEFT JOIN estate_figures f ON f.estate_id = e.id
WHERE f.estate_id IS NULL OR f.judged_by <> @criteria`},
	{ofEstate, casesDecide + "c.updated_at >= @since"},
	{ofEstate, casesDecide + "c.filed_at >= @yearSince AND c.filed_at < @yearNow"},
}

// Cases decide whether an estate is to be renewed where a finding says that
// residents do not complain: those that come, and those that are a year old.
const casesDecide = `SELECT c.estate_id AS id, c.updated_at AS at FROM estate_findings f JOIN complaints c ON c.estate_id = f.estate_id
WHERE f.aspect = 'strong_complaints' AND f.answer = 'no' AND `

// follower is how far a process has followed what changes.
type follower struct {
	mu   sync.Mutex
	base time.Time       // zero until the first look
	seen map[thing]state // what was kept of changes since
}

type thing struct{ kind, id string }

// put keeps what was reckoned of one thing.
type put func(tx *gorm.DB) error

// errMoved says that another replica has kept figures meanwhile.
var errMoved = errors.New("figures were kept by another")

// CatchUp keeps what has changed since the last time. It costs what has
// changed, whatever there is.
func (s *Service) CatchUp(ctx context.Context) error {
	f := &s.follow
	f.mu.Lock()
	defer f.mu.Unlock()
	for range turns {
		err := s.catchUp(ctx, f)
		if !errors.Is(err, errMoved) {
			return err
		}
	}
	return fmt.Errorf("keep figures: %w", errMoved)
}

// Rebuild reckons every figure anew from the rows.
func (s *Service) Rebuild(ctx context.Context) error {
	f := &s.follow
	f.mu.Lock()
	f.base, f.seen = time.Unix(0, 0).UTC(), nil
	f.mu.Unlock()
	return s.CatchUp(ctx)
}

func (s *Service) catchUp(ctx context.Context, f *follower) error {
	var mark struct {
		Turn int64
		At   time.Time
	}
	if err := s.DB.Read(ctx).Raw("SELECT turn, at FROM figure_marks WHERE name = ?", theMark).Take(&mark).Error; err != nil {
		return fmt.Errorf("read how far figures are kept: %w", err)
	}
	if f.base.IsZero() {
		f.base = mark.At.Add(-overlap)
	}
	now := s.now()
	later := f.base
	if now.Sub(f.base) > 2*overlap {
		later = now.Add(-overlap)
	}
	versions, ahead, err := s.changes(ctx, f.base, later, now)
	if err != nil {
		return err
	}
	var news []thing
	for t, version := range versions {
		if f.seen[t] != version {
			news = append(news, t)
		}
	}
	slices.SortFunc(news, func(a, b thing) int { return strings.Compare(a.kind+a.id, b.kind+b.id) })
	if f.seen == nil {
		f.seen = map[thing]state{}
	}
	for chunk := range slices.Chunk(news, inOneTurn) {
		at := mark.At
		if chunk[len(chunk)-1] == news[len(news)-1] {
			at = now
		}
		if err := s.keep(ctx, chunk, mark.Turn, at); err != nil {
			return err
		}
		mark.Turn++
		for _, t := range chunk {
			f.seen[t] = versions[t]
		}
	}
	f.base, f.seen = later, ahead
	return nil
}

// state tells one state of a thing from the next: how many rows have changed,
// and when the last did, source by source.
type state [len(sources)]struct {
	rows   int
	latest int64 // milliseconds
}

// with is the state after one more row of a source has changed.
func (s state) with(source int, at time.Time) state {
	s[source].rows, s[source].latest = s[source].rows+1, max(s[source].latest, at.UnixMilli())
	return s
}

// changes are the things that have changed since an instant, each with the
// state that it is in, and the same as counted from a later instant on.
func (s *Service) changes(ctx context.Context, since, later, now time.Time) (all, ahead map[thing]state, err error) {
	all, ahead = map[thing]state{}, map[thing]state{}
	values := map[string]any{"since": since, "now": now, "yearSince": since.AddDate(-1, 0, 0), "yearNow": now.AddDate(-1, 0, 0), "criteria": s.Projects.Criteria()}
	for i, c := range sources {
		var rows []struct {
			ID string
			At time.Time
		}
		if err := s.DB.Read(ctx).Raw(c.query, values).Scan(&rows).Error; err != nil {
			return nil, nil, fmt.Errorf("find what has changed of %s: %w", c.kind, err)
		}
		for _, r := range rows {
			key := thing{c.kind, r.ID}
			all[key] = all[key].with(i, r.At)
			if !r.At.Before(later) {
				ahead[key] = ahead[key].with(i, r.At)
			}
		}
	}
	return all, ahead, nil
}

// keep reckons some things and keeps what came out, unless somebody else has
// kept figures since the turn: theirs may be later.
func (s *Service) keep(ctx context.Context, things []thing, turn int64, at time.Time) error {
	puts := make([]put, 0, len(things))
	areas := map[string]bool{}
	for _, t := range things {
		p, area, err := s.reckon(ctx, t)
		if err != nil {
			return err
		}
		puts = append(puts, p)
		if t.kind == ofMotion {
			areas[area] = true
		}
	}
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		moved := tx.Exec("UPDATE figure_marks SET turn = turn + 1, at = ? WHERE name = ? AND turn = ?", at, theMark, turn)
		if moved.Error != nil || moved.RowsAffected == 0 {
			return errors.Join(moved.Error, errMoved)
		}
		for i, p := range puts {
			if err := p(tx); err != nil {
				return fmt.Errorf("keep the figures of %s %s: %w", things[i].kind, things[i].id, err)
			}
		}
		for area := range areas {
			if err := sumDays(tx, area); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) reckon(ctx context.Context, t thing) (p put, area string, err error) {
	switch t.kind {
	case ofMotion:
		return s.reckonMotion(ctx, t.id)
	case ofCases:
		p, err = s.reckonCases(ctx, t.id)
	case ofPurpose:
		p, err = s.reckonPurpose(ctx, t.id)
	default:
		p, err = s.reckonEstate(ctx, t.id)
	}
	return p, "", err
}
