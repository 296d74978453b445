package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/audit"
	"gongdi/service/fault"
	"gongdi/service/files"
	"gongdi/service/jobs"
	"gongdi/service/store"
	"gongdi/service/store/dbtest"
	"gongdi/service/vault"
)

// office is one replica with a clock that can be turned on.
type office struct {
	*jobs.Service
	ahead time.Duration
}

func replica(t testing.TB, db *store.DB, folder string) *office {
	t.Helper()
	keys, err := vault.Open(filepath.Join(folder, "key"), true)
	must(t, err)
	place, err := files.OpenFolder("file:" + filepath.Join(folder, "files"))
	must(t, err)
	o := &office{}
	now := func() time.Time { return time.Now().Add(o.ahead) }
	o.Service = &jobs.Service{
		DB: db, Vault: keys, Audit: &audit.Log{DB: db, Vault: keys, Now: now}, Now: now, Lease: 300 * time.Millisecond,
		Files: &files.Service{DB: db, Vault: keys, Place: place, Now: now},
	}
	return o
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// clerk opens an account.
func clerk(t testing.TB, db *store.DB) model.Caller {
	t.Helper()
	row := model.Staff{ID: store.NewID(), Username: "u" + store.NewID(), Role: model.RoleStreet, AreaCode: "520523001", PasswordAt: time.Now(), CreatedAt: time.Now()}
	must(t, store.Tx(t.Context(), db, func(tx *gorm.DB) error { return tx.Create(&row).Error }))
	return model.Caller{Kind: model.StaffSession, ID: row.ID, Role: row.Role, AreaCode: row.AreaCode}
}

func says(text string) jobs.Kind {
	return jobs.Kind{Right: model.ReadMotions, Make: func(_ context.Context, j jobs.Job, progress func(done, total int64)) (*jobs.Result, error) {
		progress(1, 1)
		return &jobs.Result{Name: "a.txt", MediaType: "text/plain", Write: func(w io.Writer) error {
			_, err := io.WriteString(w, text+j.Params.ID)
			return err
		}}, nil
	}}
}

// waits is a kind that never ends by itself; begun is told when it began.
func waits(begun chan<- struct{}) jobs.Kind {
	return jobs.Kind{Right: model.ReadMotions, Make: func(ctx context.Context, _ jobs.Job, _ func(done, total int64)) (*jobs.Result, error) {
		begun <- struct{}{}
		<-ctx.Done()
		return nil, ctx.Err()
	}}
}

func (o *office) ask(t testing.TB, c model.Caller, kind, id string) string {
	t.Helper()
	row, err := o.Ask(t.Context(), c, kind, jobs.Params{ID: id})
	must(t, err)
	return row.ID
}

func (o *office) stage(t testing.TB, c model.Caller, id string) *model.Job {
	t.Helper()
	row, err := o.Of(t.Context(), c, id)
	must(t, err)
	return row
}

func (o *office) content(t testing.TB, c model.Caller, id string) string {
	t.Helper()
	_, content, err := o.File(t.Context(), c, o.stage(t, c, id))
	must(t, err)
	return string(content)
}

func TestAnExportIsMadeForWhoAskedAndGoesInTime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		o := replica(t, db, t.TempDir())
		o.Register("hello", says("你好"))
		me, other := clerk(t, db), clerk(t, db)
		id := o.ask(t, me, "hello", "！")
		_, err := o.Of(t.Context(), other, id)
		refuses(t, err, fault.ErrNotFound)
		_, _, err = o.File(t.Context(), me, o.stage(t, me, id))
		refuses(t, err, jobs.ErrNotDone)
		must(t, o.WorkOff(t.Context(), store.NewID()))
		if got := o.content(t, me, id); got != "你好！" {
			t.Errorf("%q", got)
		}
		var logged int
		must(t, db.Read(t.Context()).Raw("SELECT COUNT(*) FROM audit_log WHERE object_id = ?", id).Scan(&logged).Error)
		if logged != 2 {
			t.Errorf("%d lines in the log", logged)
		}
		o.ahead = 48*time.Hour + time.Second
		_, _, err = o.File(t.Context(), me, o.stage(t, me, id))
		refuses(t, err, jobs.ErrGone)
		must(t, o.Expire(t.Context()))
		must(t, o.Files.Sweep(t.Context()))
		var left int
		must(t, db.Read(t.Context()).Raw("SELECT COUNT(*) FROM files").Scan(&left).Error)
		if row := o.stage(t, me, id); row.Stage != model.JobExpired || left != 0 {
			t.Errorf("%s, %d files left", row.Stage, left)
		}
		refuses(t, o.Cancel(t.Context(), me, id), jobs.ErrOver)
		o.ahead += 30 * 24 * time.Hour
		must(t, o.Expire(t.Context()))
		_, err = o.Of(t.Context(), me, id)
		refuses(t, err, fault.ErrNotFound)
	})
}

func refuses(t testing.TB, err error, want *fault.Error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%v, want %v", err, want)
	}
}

func TestWhatFailsIsTriedAgainAndThenSaysSo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		o := replica(t, db, t.TempDir())
		tries := 0
		o.Register("broken", jobs.Kind{Right: model.ReadMotions, Make: func(context.Context, jobs.Job, func(int64, int64)) (*jobs.Result, error) {
			tries++
			if tries == 1 {
				panic("out of order")
			}
			return &jobs.Result{Name: "a.txt", MediaType: "text/plain", Write: func(io.Writer) error { panic("out of paper") }}, nil
		}})
		o.Register("refused", jobs.Kind{Right: model.ReadMotions, Make: func(context.Context, jobs.Job, func(int64, int64)) (*jobs.Result, error) {
			return &jobs.Result{Name: "a.txt", MediaType: "text/plain", Write: func(w io.Writer) error { return fmt.Errorf("write: %w", files.ErrMadeTooLarge) }}, nil
		}})
		o.Register("hello", says(""))
		me := clerk(t, db)
		broken, refused, moved := o.ask(t, me, "broken", ""), o.ask(t, me, "refused", ""), o.ask(t, clerk(t, db), "hello", "")
		must(t, store.Tx(t.Context(), db, func(tx *gorm.DB) error {
			return tx.Exec("UPDATE staff SET area_code = '520523001002' WHERE id <> ?", me.ID).Error
		}))
		for range 4 {
			must(t, o.WorkOff(t.Context(), store.NewID()))
		}
		if row := o.stage(t, me, broken); row.Stage != model.JobFailed || row.Code != "export_failed" || tries != 3 {
			t.Errorf("%s %s after %d tries", row.Stage, row.Code, tries)
		}
		if row := o.stage(t, me, refused); row.Stage != model.JobFailed || row.Code != "export_too_large" || row.Tries != 1 {
			t.Errorf("%s %s", row.Stage, row.Code)
		}
		var row model.Job
		must(t, db.Read(t.Context()).Raw("SELECT * FROM jobs WHERE id = ?", moved).Take(&row).Error)
		if row.Stage != model.JobFailed || row.Code != "export_not_allowed" {
			t.Errorf("an account that was moved is given %s %s", row.Stage, row.Code)
		}
		for range 5 {
			o.ask(t, me, "hello", "")
		}
		_, err := o.Ask(t.Context(), me, "hello", jobs.Params{})
		refuses(t, err, jobs.ErrMany)
		_, err = o.Ask(t.Context(), me, "nothing", jobs.Params{})
		refuses(t, err, jobs.ErrKind)
	})
}

func TestACancelledExportEndsAndAStopGivesItBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		folder := t.TempDir()
		o, next := replica(t, db, folder), replica(t, db, folder)
		begun := make(chan struct{}, 1)
		o.Register("slow", waits(begun))
		next.Register("slow", says("done"))
		me := clerk(t, db)
		work := func(ctx context.Context) chan struct{} {
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				o.Work(ctx)
			}()
			return ended
		}
		ctx, stop := context.WithCancel(t.Context())
		id := o.ask(t, me, "slow", "")
		ended := work(ctx)
		<-begun
		must(t, o.Cancel(t.Context(), me, id))
		second := o.ask(t, me, "slow", "")
		<-begun // the worker let the first one go
		if row := o.stage(t, me, id); row.Stage != model.JobCancelled {
			t.Error(row.Stage)
		}
		must(t, next.WorkOff(t.Context(), store.NewID()))
		if row := o.stage(t, me, second); row.Stage != model.JobRunning {
			t.Errorf("one that is being made is taken away: %s", row.Stage)
		}
		stop()
		<-ended
		if row := o.stage(t, me, second); row.Stage != model.JobWaiting || row.Tries != 0 {
			t.Errorf("%s, %d tries", row.Stage, row.Tries)
		}
		must(t, next.WorkOff(t.Context(), store.NewID()))
		if got := next.content(t, me, second); got != "done" {
			t.Errorf("%q", got)
		}
	})
}

// TestAKilledProcessLeavesItsExportToAnother kills a process of its own in the
// middle of an export.
func TestAKilledProcessLeavesItsExportToAnother(t *testing.T) {
	if address := os.Getenv("GONGDI_TEST_JOBS_VICTIM"); address != "" {
		beKilled(t, address, os.Getenv("GONGDI_TEST_JOBS_FOLDER"))
		return
	}
	if os.Getenv("GONGDI_TEST_LONG") == "" {
		t.Skip("long: set GONGDI_TEST_LONG")
	}
	dbtest.EachAddress(t, func(t *testing.T, address string) {
		folder := t.TempDir()
		db, err := store.Open(t.Context(), address)
		must(t, err)
		defer db.Close()
		o := replica(t, db, folder)
		o.Register("slow", says("done"))
		me := clerk(t, db)
		id := o.ask(t, me, "slow", "")
		victim := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^"+t.Name()[:strings.IndexByte(t.Name(), '/')]+"$")
		victim.Env = append(os.Environ(), "GONGDI_TEST_JOBS_VICTIM="+address, "GONGDI_TEST_JOBS_FOLDER="+folder)
		must(t, victim.Start())
		for o.stage(t, me, id).Stage != model.JobRunning {
			time.Sleep(20 * time.Millisecond)
		}
		must(t, victim.Process.Kill())
		_ = victim.Wait() // it was killed
		for o.stage(t, me, id).Stage != model.JobDone {
			must(t, o.WorkOff(t.Context(), store.NewID()))
			time.Sleep(20 * time.Millisecond)
		}
		if row := o.stage(t, me, id); row.Tries != 2 || o.content(t, me, id) != "done" {
			t.Errorf("%d tries", row.Tries)
		}
	})
}

func beKilled(t *testing.T, address, folder string) {
	db, err := store.Open(t.Context(), address)
	must(t, err)
	o := replica(t, db, folder)
	o.Register("slow", waits(make(chan struct{}, 1)))
	o.Work(t.Context())
}
