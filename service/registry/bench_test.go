package registry_test

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/metrics"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"

	"gongdi/service/registry"
	"gongdi/service/store"
	"gongdi/service/store/dbtest"
)

// streetList makes up the list of a whole street: homes over estates of some
// 500, each with one owner or two.
func streetList(t testing.TB, homes int, source string) []byte {
	t.Helper()
	rows := make([]row, 0, homes)
	for n := range homes {
		floor, door := 1+n/4%7, 1+n%4
		r := home(fmt.Sprintf("%d%02d", floor, door))
		r.community, r.estate = fmt.Sprintf("第%d社区", n/4000+1), fmt.Sprintf("第%d小区", n/504+1)
		r.building, r.unit = fmt.Sprintf("%d栋", n%504/84+1), fmt.Sprintf("%d单元", n%84/28+1)
		r.source = source
		r.area, r.phones = fmt.Sprintf("%d.%02d", 60+n%80, n%100), fmt.Sprintf("199%08d", n)
		r = r.owned(fmt.Sprintf("业主%d", n), number(n))
		if n%5 == 0 {
			r = r.owned(r.owners+"、"+fmt.Sprintf("配偶%d", n), r.numbers+"、"+number(n+40_000))
		}
		rows = append(rows, r)
	}
	return sheetOf(t, rows...)
}

// BenchmarkImportOfAStreet imports 20,000 homes into an empty registry, then
// the same list again, then one that changes every home. The office's limit is
// 5 s and 128 MiB more heap.
func BenchmarkImportOfAStreet(b *testing.B) {
	lists := [2][]byte{streetList(b, 20_000, "登记"), streetList(b, 20_000, "实测")}
	b.Run("sqlite", func(b *testing.B) { benchmarkImport(b, lists, dbtest.SQLite) })
	if os.Getenv("GONGDI_TEST_MYSQL") != "" {
		b.Run("mysql", func(b *testing.B) { benchmarkImport(b, lists, server) })
	}
}

// server opens a database of its own on the server that tests may use.
func server(t testing.TB) *store.DB {
	t.Helper()
	cfg, err := mysql.ParseDSN(os.Getenv("GONGDI_TEST_MYSQL"))
	if err != nil {
		t.Fatal("GONGDI_TEST_MYSQL cannot be read")
	}
	cfg.DBName = ""
	root, err := sql.Open("mysql", cfg.FormatDSN())
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("gongdi_test_%d_import", os.Getpid())
	for _, statement := range []string{"DROP DATABASE IF EXISTS " + name, "CREATE DATABASE " + name} {
		if _, err := root.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		_, err := root.Exec("DROP DATABASE IF EXISTS " + name)
		if err := errors.Join(err, root.Close()); err != nil {
			t.Error(err)
		}
	})
	cfg.DBName = name
	db, err := store.Open(t.Context(), "mysql:"+cfg.FormatDSN())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := store.Migrate(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	return db
}

func benchmarkImport(b *testing.B, lists [2][]byte, open func(testing.TB) *store.DB) {
	for b.Loop() {
		o := newOffice(b, open(b))
		first := measured(b, o, lists[0], "first")
		if first.Changes.Created != 20_000 {
			b.Fatalf("%+v", first.Changes)
		}
		if again := measured(b, o, lists[0], "again"); again.Changes.Unchanged != 20_000 {
			b.Fatalf("%+v", again.Changes)
		}
		if other := measured(b, o, lists[1], "changed"); other.Changes.Updated != 20_000 {
			b.Fatalf("%+v", other.Changes)
		}
	}
}

func measured(b *testing.B, o *office, list []byte, name string) registry.Report {
	b.Helper()
	heap, started := watchHeap(), time.Now()
	report, err := o.ImportRoster(o.ctx, street, bytes.NewReader(list), int64(len(list)), registry.ImportOptions{})
	took := time.Since(started)
	b.ReportMetric(float64(heap())/(1<<20), name+"-MiB")
	b.ReportMetric(took.Seconds(), name+"-s")
	if err != nil {
		b.Fatal(err)
	}
	return report
}

// watchHeap starts to look at the heap; what it returns stops, and gives how
// much it grew at most. What is garbage already counts too.
func watchHeap() (stop func() uint64) {
	runtime.GC()
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	before, most := sample[0].Value.Uint64(), uint64(0)
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			metrics.Read(sample)
			most = max(most, sample[0].Value.Uint64())
			select {
			case <-done:
				return
			case <-time.After(2 * time.Millisecond):
			}
		}
	}()
	return func() uint64 {
		close(done)
		<-ended
		return most - min(before, most)
	}
}
