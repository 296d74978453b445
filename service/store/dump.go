package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pressly/goose/v3"

	"gongdi/model/migration"
)

// Snapshot is a database as it stood at one instant, to be read table by table.
type Snapshot struct {
	tx      *sql.Tx
	engine  engine
	At      time.Time // whatever was acknowledged before is in it
	Version int64     // of the schema
}

// TakeSnapshot reads a database as it stands, while others go on writing.
func TakeSnapshot(ctx context.Context, db *DB, now func() time.Time, read func(*Snapshot) error) error {
	pool, err := db.read.DB()
	if err != nil {
		return fmt.Errorf("database pool: %w", err)
	}
	options := &sql.TxOptions{ReadOnly: true}
	if db.engine == engineMySQL {
		options.Isolation = sql.LevelRepeatableRead
	}
	s := &Snapshot{engine: db.engine, At: now()}
	if s.tx, err = pool.BeginTx(ctx, options); err != nil {
		return fmt.Errorf("begin a snapshot: %w", err)
	}
	// The first question fixes the instant for all that follow.
	err = s.tx.QueryRowContext(ctx, "SELECT MAX(version_id) FROM goose_db_version WHERE is_applied = ?", true).Scan(&s.Version)
	if err == nil {
		err = read(s)
	}
	return errors.Join(err, s.tx.Rollback())
}

const (
	tablesSQLite = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
	tablesMySQL  = "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY table_name"
)

// Tables are those that hold the office's things, by name.
func (s *Snapshot) Tables(ctx context.Context) ([]string, error) {
	return tablesIn(ctx, s.tx, s.engine)
}

type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func tablesIn(ctx context.Context, q querier, e engine) (names []string, err error) {
	query := tablesSQLite
	if e == engineMySQL {
		query = tablesMySQL
	}
	rows, err := q.QueryContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("list tables: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, fmt.Errorf("list tables: %w", err)
		}
		if !strings.HasPrefix(name, "goose_") {
			names = append(names, name)
		}
	}
	return names, rows.Err()
}

// Rows reads a table's columns, in the order of their names, and then each
// row: whole numbers, texts, instants in UTC, or nil, the same on every engine.
func (s *Snapshot) Rows(ctx context.Context, table string, columns func([]string) error, row func([]any) error) (err error) {
	names, err := columnsOf(ctx, s.tx, table)
	if err != nil {
		return err
	}
	if err := columns(names); err != nil {
		return err
	}
	//nolint:gosec // the names are the schema's own, and quoted
	rows, err := s.tx.QueryContext(ctx, "SELECT "+quoted(names)+" FROM "+quote(table))
	if err != nil {
		return fmt.Errorf("read table %s: %w", table, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	return eachRow(rows, len(names), row)
}

func eachRow(rows *sql.Rows, width int, row func([]any) error) error {
	types, err := rows.ColumnTypes()
	if err != nil {
		return fmt.Errorf("read a table's types: %w", err)
	}
	values, pointers := make([]any, width), make([]any, width)
	for i := range values {
		pointers[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(pointers...); err != nil {
			return fmt.Errorf("read a row: %w", err)
		}
		for i, v := range values {
			if values[i], err = neutral(v, types[i].DatabaseTypeName()); err != nil {
				return err
			}
		}
		if err := row(values); err != nil {
			return err
		}
	}
	return rows.Err()
}

// neutral is a value as no engine in particular has it.
func neutral(v any, kind string) (any, error) {
	switch x := v.(type) {
	case nil, int64, string:
		return x, nil
	case bool:
		if x {
			return int64(1), nil
		}
		return int64(0), nil
	case time.Time:
		return x.UTC(), nil
	case []byte:
		if strings.Contains(kind, "INT") {
			return strconv.ParseInt(string(x), 10, 64)
		}
		return string(x), nil
	}
	return nil, fmt.Errorf("a %s column holds a %T", kind, v)
}

func columnsOf(ctx context.Context, q querier, table string) (names []string, err error) {
	rows, err := q.QueryContext(ctx, "SELECT * FROM "+quote(table)+" WHERE 1 = 0")
	if err != nil {
		return nil, fmt.Errorf("read the columns of %s: %w", table, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if names, err = rows.Columns(); err != nil {
		return nil, fmt.Errorf("read the columns of %s: %w", table, err)
	}
	slices.Sort(names)
	return names, rows.Err()
}

func quote(name string) string { return "`" + strings.ReplaceAll(name, "`", "") + "`" }

func quoted(names []string) string {
	quotedNames := make([]string, 0, len(names))
	for _, n := range names {
		quotedNames = append(quotedNames, quote(n))
	}
	return strings.Join(quotedNames, ", ")
}

// ErrNotEmpty says that a database to restore into holds something already.
var ErrNotEmpty = errors.New("the database is not empty: restore into a new one")

// Loading puts rows into an empty database, all of them or none.
type Loading struct {
	tx     *sql.Tx
	tables []string
}

// Load makes the schema as it was at a version, lets fill put the rows in, and
// brings the schema up to this program's. It refuses with ErrNotEmpty.
func Load(ctx context.Context, db *DB, version int64, fill func(*Loading) error) error {
	release, err := db.holdFile(ctx)
	if err != nil {
		return err
	}
	defer release()
	provider, err := db.provider()
	if err != nil {
		return err
	}
	if _, err := provider.UpTo(ctx, version); err != nil && !errors.Is(err, goose.ErrNoNextVersion) {
		return fmt.Errorf("make the schema of the backup: %w", err)
	}
	if err := load(ctx, db, fill); err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil && !errors.Is(err, goose.ErrNoNextVersion) {
		return fmt.Errorf("migrate what was restored: %w", err)
	}
	return nil
}

func load(ctx context.Context, db *DB, fill func(*Loading) error) (err error) {
	pool, err := db.write.DB()
	if err != nil {
		return fmt.Errorf("database pool: %w", err)
	}
	l := &Loading{}
	if l.tx, err = pool.BeginTx(ctx, nil); err != nil {
		return fmt.Errorf("begin to restore: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, l.tx.Rollback())
		}
	}()
	if l.tables, err = tablesIn(ctx, l.tx, db.engine); err != nil {
		return err
	}
	seeds, err := migration.Seeds()
	if err != nil {
		return err
	}
	for _, table := range l.tables {
		if _, seeded := seeds[table]; seeded {
			if _, err := l.tx.ExecContext(ctx, "DELETE FROM "+quote(table)); err != nil { //nolint:gosec // a table of this program
				return fmt.Errorf("clear table %s: %w", table, err)
			}
			continue
		}
		var n int64
		if err := l.tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM "+quote(table)).Scan(&n); err != nil {
			return fmt.Errorf("look into table %s: %w", table, err)
		}
		if n > 0 {
			return ErrNotEmpty
		}
	}
	if err := fill(l); err != nil {
		return err
	}
	return l.tx.Commit()
}

// mostPlaceholders of one statement stays below every engine's limit.
const mostPlaceholders = 20_000

// Insert puts rows into a table; what the schema does not have is refused.
func (l *Loading) Insert(ctx context.Context, table string, columns []string, rows [][]any) error {
	if !slices.Contains(l.tables, table) {
		return fmt.Errorf("the schema has no table %q", table)
	}
	known, err := columnsOf(ctx, l.tx, table)
	if err != nil {
		return err
	}
	if !slices.Equal(known, columns) {
		return fmt.Errorf("table %s has other columns than the backup", table)
	}
	line := "(" + strings.TrimSuffix(strings.Repeat("?,", len(columns)), ",") + ")"
	for some := range slices.Chunk(rows, max(1, mostPlaceholders/len(columns))) {
		values := make([]any, 0, len(some)*len(columns))
		for _, row := range some {
			if len(row) != len(columns) {
				return fmt.Errorf("a row of %s has %d values for %d columns", table, len(row), len(columns))
			}
			values = append(values, row...)
		}
		//nolint:gosec // the names are the schema's own, and quoted
		statement := "INSERT INTO " + quote(table) + " (" + quoted(columns) + ") VALUES " + strings.TrimSuffix(strings.Repeat(line+",", len(some)), ",")
		if _, err := l.tx.ExecContext(ctx, statement, values...); err != nil {
			return fmt.Errorf("restore rows of %s: %w", table, err)
		}
	}
	return nil
}
