package files

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/jpeg"
	"io/fs"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/files/filestest"
	"gongdi/service/store"
	"gongdi/service/store/dbtest"
	"gongdi/service/vault"
)

func openShelf(t *testing.T) (*filestest.Shelf, Place) {
	t.Helper()
	s := &filestest.Shelf{Objects: map[string][]byte{}}
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	p, err := Open(t.Context(), "s3://uploads/street?region=cn&endpoint="+web.URL, Keys{"access", "secret"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return s, p
}

// places are both kinds.
func places(t *testing.T) map[string]Place {
	t.Helper()
	folder, err := Open(t.Context(), "file:"+t.TempDir(), Keys{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = folder.Close() })
	_, bucket := openShelf(t)
	return map[string]Place{"folder": folder, "bucket": bucket}
}

func TestAPlaceKeepsWhatItIsGiven(t *testing.T) {
	for name, p := range places(t) {
		t.Run(name, func(t *testing.T) {
			ctx, large := t.Context(), bytes.Repeat([]byte("公"), 200_000)
			for _, content := range [][]byte{large, []byte("second"), {}} {
				if err := p.Put(ctx, "06h15zw", content); err != nil {
					t.Fatal(err)
				}
				if got, err := p.Get(ctx, "06h15zw"); err != nil || !bytes.Equal(got, content) {
					t.Errorf("%d bytes came back of %d: %v", len(got), len(content), err)
				}
			}
			for range 2 {
				if err := p.Remove(ctx, "06h15zw"); err != nil {
					t.Error(err)
				}
			}
			if _, err := p.Get(ctx, "06h15zw"); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("what was removed: %v", err)
			}
		})
	}
}

func TestABucketThatIsNotThereStopsTheStart(t *testing.T) {
	s := &filestest.Shelf{Objects: map[string][]byte{}}
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	for name, c := range map[string]struct {
		address string
		keys    Keys
	}{
		"no endpoint":  {"s3://uploads/x", Keys{"access", "secret"}},
		"no bucket":    {"s3://?endpoint=" + web.URL, Keys{"access", "secret"}},
		"another kind": {"ftp://uploads", Keys{}},
		"nothing":      {"", Keys{}},
		"not there":    {"s3://other?endpoint=" + web.URL, Keys{"access", "secret"}},
		"wrong key":    {"s3://uploads?endpoint=" + web.URL, Keys{"wrong", "secret"}},
	} {
		if p, err := Open(t.Context(), c.address, c.keys); err == nil {
			t.Errorf("%s opens: %v", name, p.Close())
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("%s tells the key: %v", name, err)
		}
	}
}

func service(t *testing.T, db *store.DB, p Place, now *time.Time) *Service {
	t.Helper()
	keys, err := vault.Open(filepath.Join(t.TempDir(), "data.key"), true)
	if err != nil {
		t.Fatal(err)
	}
	return &Service{DB: db, Vault: keys, Place: p, Now: func() time.Time { return *now }, Drawing: make(chan struct{}, 2)}
}

// TestUploadsInABucketAreSealedSmallAndSwept goes through the life of uploads.
func TestUploadsInABucketAreSealedSmallAndSwept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, now := t.Context(), time.Now().UTC()
		shelf, place := openShelf(t)
		s := service(t, db, place, &now)
		caller := model.Caller{Kind: model.ResidentSession, ID: store.NewID()}
		upload := func(content []byte) *model.File {
			t.Helper()
			f, err := s.Upload(ctx, caller, bytes.NewReader(content))
			if err != nil {
				t.Fatal(err)
			}
			return f
		}
		photo, scan := upload(asJPEG(t, halves(1200, 600))), upload([]byte(pdf))
		about := model.About{Type: "thing", ID: "1"}
		attach := func(ids ...string) error {
			return store.Tx(ctx, db, func(tx *gorm.DB) error { return Attach(tx, caller, about, ids, "body") })
		}
		if err := attach(photo.ID, scan.ID); err != nil {
			t.Fatal(err)
		}
		for name, content := range shelf.Objects {
			if !strings.HasPrefix(name, "street/") || bytes.Contains(content, []byte("%PDF")) || vault.Sealed(string(content)) == "" {
				t.Errorf("%s is not sealed, or elsewhere", name)
			}
		}
		for range 2 { // drawn, and as it was kept
			f, small, err := s.Thumbnail(ctx, about, photo.ID)
			if err != nil {
				t.Fatal(err)
			}
			drawn, err := jpeg.Decode(bytes.NewReader(small))
			if err != nil || drawn.Bounds().Size() != image.Pt(480, 240) || f.MediaType != typeJPEG {
				t.Errorf("%v %s %v", drawn.Bounds(), f.MediaType, err)
			}
		}
		if err := place.Put(ctx, thumbID(photo.ID), []byte("torn")); err != nil {
			t.Fatal(err)
		}
		if _, small, err := s.Thumbnail(ctx, about, photo.ID); err != nil || len(small) < 100 {
			t.Errorf("a torn thumbnail is drawn anew: %v", err)
		}
		if _, _, err := s.Thumbnail(ctx, about, scan.ID); !errors.Is(err, ErrNoThumbnail) {
			t.Errorf("of a PDF: %v", err)
		}
		shelf.Down = true
		if _, _, err := s.Content(ctx, about, photo.ID); !errors.Is(err, ErrUnavailable) {
			t.Errorf("the bucket is down: %v", err)
		}
		if _, err := s.Upload(ctx, caller, bytes.NewReader([]byte(pdf))); !errors.Is(err, ErrUnavailable) {
			t.Errorf("the bucket is down: %v", err)
		}
		if _, _, err := s.Thumbnail(ctx, about, photo.ID); !errors.Is(err, ErrUnavailable) {
			t.Errorf("the bucket is down: %v", err)
		}
		shelf.Down = false

		loose := upload([]byte(pdf))
		if err := s.Sweep(ctx); err != nil || len(shelf.Names()) != 4 {
			t.Errorf("%v is kept, %v", shelf.Names(), err)
		}
		now = now.Add(49 * time.Hour)
		shelf.Down = true
		if err := s.Sweep(ctx); !errors.Is(err, ErrUnavailable) {
			t.Errorf("swept from a bucket that is down: %v", err)
		}
		shelf.Down = false
		if err := attach(loose.ID); err == nil {
			t.Error("what is about to go can still be attached")
		}
		sweep := func() {
			t.Helper()
			if err := s.Sweep(context.WithoutCancel(ctx)); err != nil {
				t.Fatal(err)
			}
		}
		sweep()
		if n := rows(t, db); len(shelf.Names()) != 3 || n != 2 {
			t.Errorf("%v and %d rows are kept", shelf.Names(), n)
		}
		if err := store.Tx(ctx, db, func(tx *gorm.DB) error { return Discard(tx, about) }); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Find(ctx, photo.ID); err == nil {
			t.Error("what was given up is still seen")
		}
		sweep()
		if n := rows(t, db); len(shelf.Names()) != 0 || n != 0 {
			t.Errorf("%v and %d rows are left", shelf.Names(), n)
		}
	})
}

func rows(t *testing.T, db *store.DB) (n int) {
	t.Helper()
	if err := db.Read(t.Context()).Raw("SELECT COUNT(*) FROM files").Row().Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
