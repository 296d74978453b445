package keeping_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"gongdi/service/files"
	"gongdi/service/files/filestest"
	"gongdi/service/keeping"
	"gongdi/service/store"
	"gongdi/service/store/dbtest"
	"gongdi/service/vault"
)

const passphrase = "correct horse battery staple"

var at = time.Date(2026, 11, 24, 1, 2, 3, 0, time.UTC)

// office is a database with its folder and key, and what is done to it.
type office struct {
	t       *testing.T
	db      *store.DB
	folder  files.Place
	keys    *vault.Vault
	keyFile string
}

func newOffice(t *testing.T, db *store.DB) *office {
	t.Helper()
	keeping.WorkFactor = 10 // tests seal often
	o := &office{t: t, db: db, keyFile: filepath.Join(t.TempDir(), "data.key")}
	var err error
	o.keys, err = vault.Open(o.keyFile, true)
	o.check(err)
	o.folder, err = files.OpenFolder("file:" + t.TempDir())
	o.check(err)
	t.Cleanup(func() { o.check(o.folder.Close()) })
	return o
}

func (o *office) check(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) exec(statement string, args ...any) {
	o.t.Helper()
	o.check(store.Tx(context.Background(), o.db, func(tx *gorm.DB) error { return tx.Exec(statement, args...).Error }))
}

func (o *office) resident(id, phone string) {
	o.t.Helper()
	o.exec("INSERT INTO residents (id, nickname, phone, phone_index, created_at) VALUES (?, ?, ?, '', ?)", id, "居民𬬭", o.keys.Seal("resident.phone", phone), at)
}

func (o *office) upload(id, content string) {
	o.t.Helper()
	o.exec("INSERT INTO files (id, owner_kind, owner_id, media_type, size, digest, about_type, about_id, created_at) VALUES (?, 'staff', 's', 'image/png', 1, 'd', '', '', ?)", id, at)
	o.check(o.folder.Put(o.t.Context(), id, []byte(o.keys.Seal("file.content", content))))
}

func (o *office) source() keeping.Source {
	return keeping.Source{DB: o.db, Files: o.folder, KeyFile: o.keyFile, Now: func() time.Time { return at }}
}

func (o *office) target() keeping.Target {
	return keeping.Target{DB: o.db, Files: o.folder, KeyFile: o.keyFile}
}

func (o *office) backup() []byte {
	o.t.Helper()
	var file bytes.Buffer
	_, err := keeping.Backup(o.t.Context(), o.source(), passphrase, &file)
	o.check(err)
	return file.Bytes()
}

// empty is a place to restore into, with no key yet.
func empty(t *testing.T) *office {
	t.Helper()
	db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "new.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	o := newOffice(t, db)
	o.check(os.Remove(o.keyFile))
	return o
}

func (o *office) count(table string) (n int64) {
	o.t.Helper()
	if err := o.db.Read(o.t.Context()).Raw("SELECT COUNT(*) FROM " + table).Scan(&n).Error; err != nil {
		return 0 // there is not even a table
	}
	return n
}

// untouched fails if anything but loose files was put back.
func (o *office) untouched(name string) {
	o.t.Helper()
	if n := o.count("residents"); n != 0 {
		o.t.Errorf("%s: %d residents were restored", name, n)
	}
	if _, err := os.Stat(o.keyFile); !errors.Is(err, os.ErrNotExist) {
		o.t.Errorf("%s: a key was placed: %v", name, err)
	}
}

func TestWhatIsRestoredIsReadableWithItsOwnKey(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db)
		for i := range 450 { // more than one page
			o.resident(fmt.Sprintf("r%03d", i), "19900000001")
		}
		o.upload("file-a", strings.Repeat("图", 1000))
		there := empty(t)
		sum, err := keeping.Restore(t.Context(), bytes.NewReader(o.backup()), passphrase, there.target())
		o.check(err)
		if !sum.At.Equal(at) || sum.Tables["residents"].Rows != 450 || sum.Files != 1 {
			t.Errorf("%+v", sum)
		}
		keys, err := vault.Open(there.keyFile, false)
		o.check(err)
		if n, err := keeping.Readable(t.Context(), there.db, there.folder, keys); n != 451 || err != nil {
			t.Errorf("%d texts opened: %v", n, err)
		}
		if _, err := keeping.Readable(t.Context(), there.db, there.folder, empty(t).keys); err == nil {
			t.Error("another key opens it")
		}
	})
}

// TestFilesOfABucketAreBackedUpAndRestored goes from a bucket into another one,
// and from a bucket into a folder.
func TestFilesOfABucketAreBackedUpAndRestored(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		inBucket := func(o *office) *filestest.Shelf {
			shelf := &filestest.Shelf{Objects: map[string][]byte{}}
			web := httptest.NewServer(shelf)
			t.Cleanup(web.Close)
			place, err := files.Open(t.Context(), "s3://uploads/street?region=cn&endpoint="+web.URL, files.Keys{Access: "access", Secret: "secret"})
			o.check(err)
			t.Cleanup(func() { o.check(place.Close()) })
			o.folder = place
			return shelf
		}
		o := newOffice(t, db)
		shelf := inBucket(o)
		for i := range 3 {
			o.upload(fmt.Sprint("file-", i), strings.Repeat("图", 1000))
		}
		backup := o.backup()
		bucket, folder := empty(t), empty(t)
		copied := inBucket(bucket)
		for _, there := range []*office{bucket, folder} {
			sum, err := keeping.Restore(t.Context(), bytes.NewReader(backup), passphrase, there.target())
			o.check(err)
			keys, err := vault.Open(there.keyFile, false)
			o.check(err)
			if n, err := keeping.Readable(t.Context(), there.db, there.folder, keys); n != 3 || sum.Files != 3 || len(sum.Missing) != 0 || err != nil {
				t.Errorf("%d files opened of %+v: %v", n, sum, err)
			}
		}
		if len(copied.Names()) != len(shelf.Names()) {
			t.Errorf("%v became %v", shelf.Names(), copied.Names())
		}
		shelf.Down = true
		if _, err := keeping.Backup(t.Context(), o.source(), passphrase, io.Discard); err == nil {
			t.Error("a backup without its files is none")
		}
		copied.Down = true
		if _, err := keeping.Restore(t.Context(), bytes.NewReader(backup), passphrase, keeping.Target{DB: empty(t).db, Files: bucket.folder, KeyFile: empty(t).keyFile}); err == nil {
			t.Error("it restores into a bucket that refuses")
		}
	})
}

// TestKeysThatChangeDuringABackupAreInIt changes and retires the key after the
// database was read and before the files are.
func TestKeysThatChangeDuringABackupAreInIt(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t))
	o.resident("r", "19900000001")
	o.upload("file-a", "before")
	from := o.source()
	from.Now = func() time.Time { // asked when the keys were read
		o.check(o.keys.Rotate())
		_, err := keeping.Reseal(t.Context(), o.db, o.folder, o.keys)
		o.check(errors.Join(err, o.keys.Retire()))
		o.resident("later", "19900000002")
		return at
	}
	var file bytes.Buffer
	_, err := keeping.Backup(t.Context(), from, passphrase, &file)
	o.check(err)
	there := empty(t)
	_, err = keeping.Restore(t.Context(), &file, passphrase, there.target())
	o.check(err)
	keys, err := vault.Open(there.keyFile, false)
	o.check(err)
	if n, err := keeping.Readable(t.Context(), there.db, there.folder, keys); n != 3 || err != nil {
		t.Errorf("%d texts opened: %v", n, err)
	}
}

// full is a disk that holds so many bytes.
type full struct{ left int }

var errFull = errors.New("no space left on device")

func (f *full) Write(b []byte) (int, error) {
	if f.left -= len(b); f.left < 0 {
		return 0, errFull
	}
	return len(b), nil
}

func TestAFullDiskIsNoBackup(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t))
	for i := range 300 {
		o.resident(fmt.Sprint("r", i), fmt.Sprint(19900000000+i))
	}
	whole := len(o.backup())
	for _, room := range []int{0, 100, whole / 2, whole - 1} {
		if _, err := keeping.Backup(t.Context(), o.source(), passphrase, &full{left: room}); !errors.Is(err, errFull) {
			t.Errorf("with room for %d of %d bytes: %v", room, whole, err)
		}
	}
}

// TestWhatIsCutAnywhereRestoresNothing cuts a backup at many places, and stops
// a restore in between.
func TestWhatIsCutAnywhereRestoresNothing(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t))
	for i := range 300 {
		o.resident(fmt.Sprint("r", i), fmt.Sprint(19900000000+i))
	}
	o.upload("file-a", strings.Repeat("x", 1000))
	whole := o.backup()
	for _, n := range []int{0, 10, 200, len(whole) / 3, len(whole) / 2, len(whole) - 1000, len(whole) - 1} {
		there := empty(t)
		if _, err := keeping.Restore(t.Context(), bytes.NewReader(whole[:n]), passphrase, there.target()); err == nil {
			t.Errorf("%d of %d bytes were taken for a backup", n, len(whole))
		}
		there.untouched(fmt.Sprint(n, " bytes"))
	}
	there := empty(t)
	ctx, stop := context.WithCancel(t.Context())
	_, err := keeping.Restore(ctx, io.MultiReader(bytes.NewReader(whole[:len(whole)/2]), stopping(stop), bytes.NewReader(whole[len(whole)/2:])), passphrase, there.target())
	if !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
	there.untouched("stopped")
	// The next try finds an empty schema and perhaps some files, and goes well.
	_, err = keeping.Restore(t.Context(), bytes.NewReader(whole), passphrase, there.target())
	o.check(err)
	if there.count("residents") != 300 {
		t.Error("the second try restored something else")
	}
}

// stopping reads nothing and stops whoever reads.
type stopping func()

func (s stopping) Read([]byte) (int, error) {
	s()
	return 0, io.EOF
}

func TestARestoreTouchesNothingThatIsThere(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t))
	o.upload("file-a", "what was then")
	backup := o.backup()

	other := newOffice(t, empty(t).db) // an office with another key
	if _, err := keeping.Restore(t.Context(), bytes.NewReader(backup), passphrase, other.target()); !errors.Is(err, vault.ErrOther) {
		t.Errorf("over another key: %v", err)
	}
	// The same folder, where the file is sealed with a later key by now.
	o.check(o.keys.Rotate())
	n, err := keeping.Reseal(t.Context(), o.db, o.folder, o.keys)
	if n != 1 || err != nil {
		t.Fatalf("%d: %v", n, err)
	}
	target := empty(t).target()
	target.Files = o.folder
	if _, err := keeping.Restore(t.Context(), bytes.NewReader(backup), passphrase, target); !errors.Is(err, keeping.ErrOtherFiles) {
		t.Errorf("over a living folder: %v", err)
	}
	if n, err := keeping.Readable(t.Context(), o.db, o.folder, o.keys); n != 1 || err != nil {
		t.Errorf("the living office lost something: %d, %v", n, err)
	}
	// The key file may hold more than the backup's.
	target = empty(t).target()
	target.KeyFile = o.keyFile
	_, err = keeping.Restore(t.Context(), bytes.NewReader(backup), passphrase, target)
	o.check(err)
}

// TestARotationThatWasCutShortGoesOn stops after some pages and begins again.
func TestARotationThatWasCutShortGoesOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db)
		for i := range 500 {
			o.resident(fmt.Sprintf("r%03d", i), "19900000001")
			o.exec("INSERT INTO scrutineers (motion_id, resident_id, name, named_by, named_at) VALUES (?, ?, ?, 's', ?)", fmt.Sprint("m", i%3), fmt.Sprintf("r%03d", i), o.keys.Seal("scrutineer.name", "某人"), at)
		}
		o.upload("file-a", "a")
		o.check(o.keys.Rotate())
		// What nobody can read stops it after the residents and some pages.
		o.exec("INSERT INTO scrutineers (motion_id, resident_id, name, named_by, named_at) VALUES ('m1', 'r250x', '1:k9:AAAA', 's', ?)", at)
		done, err := keeping.Reseal(t.Context(), o.db, o.folder, o.keys)
		if !errors.Is(err, vault.ErrForeign) || done < 500 || done >= 1000 {
			t.Fatalf("%d sealed anew, then %v", done, err)
		}
		o.exec("DELETE FROM scrutineers WHERE resident_id = 'r250x'")
		if n, err := keeping.Readable(t.Context(), o.db, o.folder, o.keys); n != 1001 || err != nil {
			t.Fatalf("half way %d are readable: %v", n, err)
		}
		n, err := keeping.Reseal(t.Context(), o.db, o.folder, o.keys)
		o.check(err)
		if n == 0 || n > 501 {
			t.Errorf("%d and then %d of 1001 were sealed anew", done, n)
		}
		if n, err := keeping.Reseal(t.Context(), o.db, o.folder, o.keys); n != 0 || err != nil {
			t.Errorf("%d are left: %v", n, err)
		}
		o.check(o.keys.Retire())
		if n, err := keeping.Readable(t.Context(), o.db, o.folder, o.keys); n != 1001 || err != nil {
			t.Errorf("%d of 1001 are readable: %v", n, err)
		}
	})
}

func TestABackupOfANewerProgramIsRefused(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t))
	o.exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999999, 1)")
	there := empty(t)
	if _, err := keeping.Restore(t.Context(), bytes.NewReader(o.backup()), passphrase, there.target()); !errors.Is(err, keeping.ErrNewer) {
		t.Errorf("%v", err)
	}
	there.untouched("newer")
}
