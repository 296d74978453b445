package bench

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gongdi/api/apitest"
	"gongdi/service/store"
)

var choices = []string{"agree", "oppose", "abstain"}

// cast is one ballot through the API: session, right, body, transaction, receipt.
func (t *town) cast(motion string, worker int, i int64) error {
	own := t.voters[motion][worker%residents]
	voter := own[int(i)%len(own)]
	body := `{"choice":"` + choices[i%3] + `","comment":"` + fmt.Sprint(i) + `"}`
	return t.send(http.MethodPut, t.tokens[worker%residents], "/api/v1/motions/"+motion+"/ballots/"+voter, body, http.StatusOK)
}

func BenchmarkBallots(b *testing.B) {
	engines(b, func(b *testing.B, address string) {
		t := found(b, address, 6400, 8)
		for _, workers := range []int{16, 64} {
			b.Run(fmt.Sprint(workers, "-workers"), func(b *testing.B) {
				limit := bare(b, address)
				compare(b, workers,
					arm{"bare", limit},
					arm{"spread", func(worker int, i int64) error { return t.cast(t.motions[int(i)%len(t.motions)], worker, i) }},
					arm{"one-motion", func(worker int, i int64) error { return t.cast(t.motions[0], worker, i) }},
				)
			})
		}
	})
}

// bare is the least that a counted ballot can durably be: the ballot, its
// history and a count, by prepared statements and nothing else.
func bare(b *testing.B, address string) func(worker int, i int64) error {
	b.Helper()
	engine, rest, _ := strings.Cut(address, ":")
	pool, upsert := (*sql.DB)(nil), ""
	var err error
	if engine == "mysql" {
		pool, err = sql.Open("mysql", rest)
		upsert = "INSERT INTO limit_ballot VALUES (?, ?, ?, ?, 1, ?) ON DUPLICATE KEY UPDATE choice = VALUES(choice), version = version + 1, at = VALUES(at)"
		apitest.Check(b, err)
		pool.SetMaxOpenConns(32)
		pool.SetMaxIdleConns(32)
	} else {
		query := url.Values{"_txlock": {"immediate"}, "_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)"}}
		pool, err = sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "limit.db")+"?"+query.Encode())
		upsert = "INSERT INTO limit_ballot VALUES (?, ?, ?, ?, 1, ?) ON CONFLICT (motion, voter) DO UPDATE SET choice = excluded.choice, version = version + 1, at = excluded.at"
		apitest.Check(b, err)
		pool.SetMaxOpenConns(1)
	}
	for _, table := range []string{"limit_ballot", "limit_history", "limit_tally"} {
		_, err = pool.Exec("DROP TABLE IF EXISTS " + table)
		apitest.Check(b, err)
	}
	b.Cleanup(func() { apitest.Check(b, pool.Close()) })
	for _, statement := range []string{
		"CREATE TABLE limit_ballot (motion BIGINT, voter BIGINT, choice INT, area BIGINT, version INT, at DATETIME, PRIMARY KEY (motion, voter))",
		"CREATE TABLE limit_history (id CHAR(26) PRIMARY KEY, motion BIGINT, voter BIGINT, choice INT, area BIGINT, at DATETIME)",
		"CREATE TABLE limit_tally (unit BIGINT PRIMARY KEY, area BIGINT, heads BIGINT)",
	} {
		_, err = pool.Exec(statement)
		apitest.Check(b, err)
	}
	const units = 640
	for u := range units {
		_, err = pool.Exec("INSERT INTO limit_tally VALUES (?, 0, 0)", u)
		apitest.Check(b, err)
	}
	ballot := prepare(b, pool, upsert)
	history := prepare(b, pool, "INSERT INTO limit_history VALUES (?, ?, ?, ?, ?, ?)")
	tally := prepare(b, pool, "UPDATE limit_tally SET area = area + ?, heads = heads + 1 WHERE unit = ?")
	ctx := context.Background()
	return func(_ int, i int64) error {
		tx, err := pool.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }()
		now, voter := time.Now().UTC(), i*7919%6400
		if _, err := tx.Stmt(ballot).Exec(1, voter, i%3, 8000, now); err != nil {
			return err
		}
		if _, err := tx.Stmt(history).Exec(store.NewID(), 1, voter, i%3, 8000, now); err != nil {
			return err
		}
		if _, err := tx.Stmt(tally).Exec(8000, voter/10); err != nil {
			return err
		}
		return tx.Commit()
	}
}

func prepare(b *testing.B, pool *sql.DB, statement string) *sql.Stmt {
	b.Helper()
	s, err := pool.Prepare(statement)
	apitest.Check(b, err)
	b.Cleanup(func() { _ = s.Close() })
	return s
}
