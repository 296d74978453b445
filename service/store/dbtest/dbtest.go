// Package dbtest gives tests a real, migrated, empty database on each engine
// that is there.
package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	mysqldriver "github.com/go-sql-driver/mysql"

	"gongdi/model/migration"
	"gongdi/service/store"
)

// Each runs a test on SQLite, and on the server that GONGDI_TEST_MYSQL names
// (a go-sql-driver DSN) when it is set.
func Each(t *testing.T, test func(t *testing.T, db *store.DB)) {
	t.Helper()
	EachAddress(t, func(t *testing.T, address string) { test(t, open(t, address)) })
}

// EachAddress is Each for a test that opens the database itself, or lets a
// process of its own open it.
func EachAddress(t *testing.T, test func(t *testing.T, address string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, sqliteCopy(t)) })
	if dsn := os.Getenv("GONGDI_TEST_MYSQL"); dsn != "" {
		t.Run("mysql", func(t *testing.T) { test(t, servers.take(t, dsn)) })
	}
}

// SQLite opens a database on the embedded engine alone, for tests of what does
// not touch data in a way of its own.
func SQLite(t testing.TB) *store.DB { return open(t, sqliteCopy(t)) }

// SQLiteAddress is the address of a database on the embedded engine.
func SQLiteAddress(t testing.TB) string { return sqliteCopy(t) }

// ServerAddress is the address of a database on the server that
// GONGDI_TEST_MYSQL names.
func ServerAddress(t testing.TB) string { return servers.take(t, os.Getenv("GONGDI_TEST_MYSQL")) }

func open(t testing.TB, address string) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// template is migrated once a process; every test starts from a copy.
var template = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "gongdi-template")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "t.db")
	ctx := context.Background()
	db, err := store.Open(ctx, "sqlite:"+path)
	if err != nil {
		return nil, err
	}
	if err := store.Migrate(ctx, db); err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func sqliteCopy(t testing.TB) string {
	t.Helper()
	content, err := template()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "test.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + path
}

// pool lends databases of a server: migrating one takes longer than most
// tests, so an emptied one is lent again.
type pool struct {
	mu   sync.Mutex
	free []string
	made int
}

var servers pool

func (p *pool) take(t testing.TB, dsn string) string {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	cfg, err := mysqldriver.ParseDSN(dsn)
	if err != nil {
		t.Fatal("GONGDI_TEST_MYSQL cannot be read")
	}
	var name string
	if n := len(p.free); n > 0 {
		name, p.free = p.free[n-1], p.free[:n-1]
	} else {
		name = p.make(t, cfg)
	}
	cfg.DBName = name
	t.Cleanup(func() {
		empty(t, cfg)
		p.mu.Lock()
		defer p.mu.Unlock()
		p.free = append(p.free, name)
	})
	return "mysql:" + cfg.FormatDSN()
}

const prefix = "gongdi_test_"

func (p *pool) make(t testing.TB, cfg *mysqldriver.Config) string {
	t.Helper()
	server := connect(t, cfg, "")
	defer server.Close()
	if p.made == 0 {
		dropAbandoned(t, server)
	}
	p.made++
	name := fmt.Sprintf("%s%d_%d", prefix, os.Getpid(), p.made)
	exec(t, server, "CREATE DATABASE "+name)
	own := *cfg
	own.DBName = name
	db, err := store.Open(context.Background(), "mysql:"+own.FormatDSN())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := store.Migrate(context.Background(), db); err != nil {
		t.Fatal(err)
	}
	return name
}

// dropAbandoned removes the databases of test processes that have ended.
func dropAbandoned(t testing.TB, server *sql.DB) {
	t.Helper()
	for _, name := range column(t, server, "SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE 'gongdi\\_test\\_%'") {
		number, _, _ := strings.Cut(strings.TrimPrefix(name, prefix), "_")
		pid, err := strconv.Atoi(number)
		if err == nil && syscall.Kill(pid, 0) != nil {
			exec(t, server, "DROP DATABASE IF EXISTS "+name)
		}
	}
}

func empty(t testing.TB, cfg *mysqldriver.Config) {
	t.Helper()
	db := connect(t, cfg, cfg.DBName)
	defer db.Close()
	tables := column(t, db, "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name NOT LIKE 'goose%'")
	for _, table := range tables {
		exec(t, db, "DELETE FROM "+table)
	}
	seeds, err := migration.Seeds()
	if err != nil {
		t.Fatal(err)
	}
	for _, statements := range seeds {
		for _, statement := range statements {
			exec(t, db, statement)
		}
	}
}

func connect(t testing.TB, cfg *mysqldriver.Config, database string) *sql.DB {
	t.Helper()
	own := *cfg
	own.DBName = database
	db, err := sql.Open("mysql", own.FormatDSN())
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func column(t testing.TB, db *sql.DB, query string) []string {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func exec(t testing.TB, db *sql.DB, statement string) {
	t.Helper()
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}
