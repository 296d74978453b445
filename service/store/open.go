// Package store opens the database and runs transactions. It serves embedded
// SQLite and any engine that speaks the MySQL protocol, and hides between them
// only what differs: how to connect, how to name an error, how to retry.
package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	mysqldriver "github.com/go-sql-driver/mysql"
	"gorm.io/driver/mysql"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	_ "modernc.org/sqlite" // registers "sqlite", no cgo
)

// ErrAddress says that GONGDI_DATABASE names no engine that is served.
var ErrAddress = errors.New("database address must be sqlite:PATH or mysql:DSN")

// DB is an open database. Writes go through Tx; reads outside a transaction
// go through Read and never wait for a writer.
type DB struct {
	write, read *gorm.DB
	engine      engine
	path        string    // of the SQLite file
	together    *together // its writers
}

type engine string

const (
	engineSQLite engine = "sqlite"
	engineMySQL  engine = "mysql"
)

// maxConnections keeps a burst from opening a connection per request; idle
// ones are kept, because reconnecting under load costs more than they do.
const maxConnections = 32

// Open connects to "sqlite:PATH" or "mysql:DSN". It does not migrate.
func Open(ctx context.Context, address string) (*DB, error) {
	kind, rest, _ := strings.Cut(address, ":")
	switch {
	case kind == string(engineSQLite) && rest != "":
		return openSQLite(ctx, rest)
	case kind == string(engineMySQL) && rest != "":
		return openMySQL(ctx, rest)
	}
	return nil, ErrAddress
}

func openSQLite(ctx context.Context, path string) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make the database's folder: %w", err)
	}
	// immediate: a transaction takes the write lock at its start, not at its first write.
	write, err := sqlitePool(ctx, path, 1, url.Values{"_txlock": {"immediate"}, "_pragma": {"synchronous(FULL)"}})
	if err != nil {
		return nil, err
	}
	read, err := sqlitePool(ctx, path, maxConnections, url.Values{"_pragma": {"query_only(1)"}})
	if err != nil {
		return nil, errors.Join(err, closePool(write))
	}
	return &DB{write: write, read: read, engine: engineSQLite, path: path, together: &together{write: write}}, nil
}

func sqlitePool(ctx context.Context, path string, connections int, query url.Values) (*gorm.DB, error) {
	query["_pragma"] = append([]string{"busy_timeout(10000)", "journal_mode(WAL)", "foreign_keys(1)"}, query["_pragma"]...)
	query.Set("_time_format", "sqlite")
	query.Set("_texttotime", "1")
	query.Set("_timezone", "UTC")
	pool, err := sql.Open("sqlite", "file:"+path+"?"+query.Encode())
	if err != nil {
		return nil, fmt.Errorf("open sqlite: %w", err)
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	return openPool(ctx, pool, sqliteDialect{pool: pool})
}

func openMySQL(ctx context.Context, dsn string) (*DB, error) {
	cfg, err := mysqldriver.ParseDSN(dsn)
	if err != nil {
		return nil, fmt.Errorf("%w: the DSN cannot be read", ErrAddress)
	}
	cfg.ParseTime, cfg.Loc = true, time.UTC
	cfg.InterpolateParams, cfg.ClientFoundRows = true, true
	cfg.Collation = "utf8mb4_bin"
	connector, err := mysqldriver.NewConnector(cfg)
	if err != nil {
		return nil, fmt.Errorf("open mysql: %w", err)
	}
	pool := sql.OpenDB(readCommitted{connector})
	pool.SetMaxOpenConns(maxConnections)
	pool.SetMaxIdleConns(maxConnections)
	pool.SetConnMaxLifetime(30 * time.Minute)
	db, err := openPool(ctx, pool, mysql.New(mysql.Config{Conn: pool, SkipInitializeWithVersion: true}))
	if err != nil {
		return nil, err
	}
	return &DB{write: db, read: db, engine: engineMySQL}, nil
}

// readCommitted prepares every connection: without gap locks two first
// writers of one row do not deadlock, and one statement a connection is cheaper
// than one a transaction.
type readCommitted struct{ driver.Connector }

func (c readCommitted) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	execer, ok := conn.(driver.ExecerContext)
	if !ok {
		return nil, errors.Join(errors.New("mysql connection cannot execute"), conn.Close())
	}
	for _, statement := range []string{
		"SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
		"SET SESSION time_zone = '+00:00', SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'",
	} {
		if _, err := execer.ExecContext(ctx, statement, nil); err != nil {
			return nil, errors.Join(fmt.Errorf("prepare connection: %w", err), conn.Close())
		}
	}
	return conn, nil
}

func openPool(ctx context.Context, pool *sql.DB, dialect gorm.Dialector) (*gorm.DB, error) {
	db, err := gorm.Open(dialect, &gorm.Config{
		SkipDefaultTransaction: true,
		TranslateError:         true,
		DisableAutomaticPing:   true,
		NowFunc:                func() time.Time { return time.Now().UTC().Truncate(time.Millisecond) },
		Logger:                 logger.Discard, // an error is logged once, by whoever answers for it
	})
	if err == nil {
		err = reach(ctx, pool)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("reach the database: %w", err), pool.Close())
	}
	return db, nil
}

// reach tries again while another process turns a new SQLite file into a
// write-ahead one, which no busy timeout waits for.
func reach(ctx context.Context, pool *sql.DB) error {
	for attempt := 0; ; attempt++ {
		err := pool.PingContext(ctx)
		if err == nil || !passing(err) || attempt == attempts || wait(ctx, attempt) != nil {
			return err
		}
	}
}

// Read is where queries outside a transaction start.
func (d *DB) Read(ctx context.Context) *gorm.DB { return d.read.WithContext(ctx) }

// Hasten lets SQLite write without waiting for the disk. A power cut then may
// tear the file: it is for a database that nobody keeps, such as a demo's.
func (d *DB) Hasten(ctx context.Context) error {
	if d.engine != engineSQLite {
		return nil
	}
	if err := d.write.WithContext(ctx).Exec("PRAGMA synchronous = OFF").Error; err != nil {
		return fmt.Errorf("hasten the database: %w", err)
	}
	return nil
}

// Ping reports whether the database answers.
func (d *DB) Ping(ctx context.Context) error {
	pool, err := d.read.DB()
	if err != nil {
		return fmt.Errorf("database pool: %w", err)
	}
	return pool.PingContext(ctx)
}

// Close ends all connections.
func (d *DB) Close() error {
	if d.read == d.write {
		return closePool(d.write)
	}
	return errors.Join(closePool(d.read), closePool(d.write))
}

func closePool(db *gorm.DB) error {
	pool, err := db.DB()
	if err != nil {
		return fmt.Errorf("database pool: %w", err)
	}
	return pool.Close()
}
