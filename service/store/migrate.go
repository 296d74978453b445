package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"time"

	mysqldriver "github.com/go-sql-driver/mysql"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	"github.com/pressly/goose/v3/lock"

	"gongdi/model/migration"
)

// Migrate brings the schema up to date. Several replicas may call it at once:
// one does the work and the others wait for it.
func Migrate(ctx context.Context, db *DB) error {
	release, err := db.holdFile(ctx)
	if err != nil {
		return err
	}
	defer release()
	provider, err := db.provider()
	if err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil && !errors.Is(err, goose.ErrNoNextVersion) {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// Newest is the version of this program's schema.
func Newest() (int64, error) {
	steps, err := migration.Steps()
	if err != nil {
		return 0, err
	}
	return steps[len(steps)-1].Version, nil
}

// Current reports whether the schema is at least as new as this program's.
func Current(ctx context.Context, db *DB) (bool, error) {
	newest, err := Newest()
	if err != nil {
		return false, err
	}
	var version sql.NullInt64
	err = db.Read(ctx).Raw("SELECT MAX(version_id) FROM goose_db_version WHERE is_applied = ?", true).Row().Scan(&version)
	if err != nil {
		return false, fmt.Errorf("read the schema's version: %w", err)
	}
	return version.Int64 >= newest, nil
}

// holdFile keeps other processes from migrating the same SQLite file: they
// wait for the lock of a file beside it, which a crash lets go.
func (d *DB) holdFile(ctx context.Context) (release func(), err error) {
	if d.engine != engineSQLite {
		return func() {}, nil
	}
	beside, err := sql.Open("sqlite", "file:"+d.path+".migrate?_txlock=exclusive&_pragma=busy_timeout(60000)")
	if err != nil {
		return nil, fmt.Errorf("open the migration's lock: %w", err)
	}
	tx, err := beside.BeginTx(ctx, nil)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("wait for the migration's lock: %w", err), beside.Close())
	}
	return func() {
		if err := errors.Join(tx.Rollback(), beside.Close()); err != nil {
			slog.WarnContext(ctx, "release the migration's lock", "error", err)
		}
	}, nil
}

func (d *DB) provider() (*goose.Provider, error) {
	steps, err := migration.Steps()
	if err != nil {
		return nil, err
	}
	migrations := make([]*goose.Migration, 0, len(steps))
	for _, step := range steps {
		statement := d.localise(step.Statement)
		migrations = append(migrations, goose.NewGoMigration(step.Version, &goose.GoFunc{
			RunTx: func(ctx context.Context, tx *sql.Tx) error {
				_, err := tx.ExecContext(ctx, statement)
				return unlessDone(err)
			},
		}, nil))
	}
	options := []goose.ProviderOption{goose.WithGoMigrations(migrations...), goose.WithDisableGlobalRegistry(true)}
	dialect := database.DialectSQLite3
	if d.engine == engineMySQL {
		dialect = database.DialectMySQL
		// Probed three times a second for five minutes, so that the replicas
		// that wait do not start late.
		locker, err := lock.NewMySQLTableLocker(lock.WithTableLockTimeout(333*time.Millisecond, 900))
		if err != nil {
			return nil, fmt.Errorf("lock the migration: %w", err)
		}
		options = append(options, goose.WithLocker(locker))
	}
	pool, err := d.write.DB()
	if err != nil {
		return nil, fmt.Errorf("database pool: %w", err)
	}
	provider, err := goose.NewProvider(dialect, pool, fs.FS(nil), options...)
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	return provider, nil
}

// Server error numbers of a statement that was carried out before the start
// that ran it was cut off, because DDL commits by itself there.
const (
	tableExists    = 1050
	columnExists   = 1060
	indexExists    = 1061
	alreadyDropped = 1091
)

func unlessDone(err error) error {
	var m *mysqldriver.MySQLError
	if errors.As(err, &m) {
		switch m.Number {
		case tableExists, columnExists, indexExists, alreadyDropped:
			return nil
		}
	}
	return err
}

// localise adds to a table what only one engine knows: its character set, or
// that its primary key is the table itself. An index is dropped from its table
// by one engine and by its name alone by the other.
func (d *DB) localise(statement string) string {
	switch {
	case d.engine == engineSQLite && strings.HasPrefix(statement, "DROP INDEX"):
		name, _, _ := strings.Cut(statement, " ON ")
		return name
	case d.engine == engineSQLite && strings.HasPrefix(statement, "CREATE TABLE"):
		return bareMoments(statement) + " WITHOUT ROWID"
	case d.engine == engineSQLite:
		return bareMoments(statement)
	case strings.HasPrefix(statement, "CREATE TABLE"):
		return statement + " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin"
	}
	return statement
}

// bareMoments gives an instant the type by whose name SQLite's driver knows it.
func bareMoments(statement string) string {
	return strings.ReplaceAll(statement, "DATETIME(3)", "DATETIME")
}
