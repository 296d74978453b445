// Package files keeps what people upload: scans of papers, pictures of
// certificates and of what was posted. A file is judged by what it holds, kept
// sealed, and seen only with what it belongs to.
package files

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/emmansun/gmsm/sm3"
	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/store"
	"gongdi/service/vault"
)

// Service takes and gives files.
type Service struct {
	DB    *store.DB
	Vault *vault.Vault
	Place Place
	Now   func() time.Time
	// Drawing bounds how many pictures are drawn anew at once, and so the memory.
	Drawing chan struct{}
}

const content vault.Field = "file.content"

// Upload keeps a file that somebody sends; it belongs to nothing yet.
func (s *Service) Upload(ctx context.Context, caller model.Caller, from io.Reader) (*model.File, error) {
	sent, err := io.ReadAll(io.LimitReader(from, Largest+1))
	if err != nil {
		return nil, fmt.Errorf("read an upload: %w", err)
	}
	mediaType, kept, err := s.clean(ctx, sent)
	if err != nil {
		return nil, err
	}
	sum := sm3.Sum(kept)
	f := &model.File{
		ID: store.NewID(), OwnerKind: caller.Kind, OwnerID: caller.ID, MediaType: mediaType,
		Size: int64(len(kept)), Digest: hex.EncodeToString(sum[:]), CreatedAt: s.now(),
	}
	// The row first: bytes that no row names would never be found again, and a
	// row whose bytes did not come belongs to nothing and is swept. Nobody knows
	// its id until both are there.
	err = store.Tx(ctx, s.DB, func(tx *gorm.DB) error { return gorm.G[model.File](tx).Create(ctx, f) })
	if err != nil {
		return nil, fmt.Errorf("keep an upload: %w", err)
	}
	if err := s.Place.Put(ctx, f.ID, []byte(s.Vault.Seal(content, string(kept)))); err != nil {
		return nil, err
	}
	return f, nil
}

// turn waits until a picture may be drawn; done lets the next one.
func (s *Service) turn(ctx context.Context) (done func(), err error) {
	select {
	case s.Drawing <- struct{}{}:
		return func() { <-s.Drawing }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *Service) clean(ctx context.Context, sent []byte) (mediaType string, kept []byte, err error) {
	done, err := s.turn(ctx)
	if err != nil {
		return "", nil, err
	}
	defer done()
	return clean(sent)
}

const filesByID = "SELECT * FROM files WHERE id IN ?"

// Attach makes the caller's own uploads belong to a thing, in the transaction
// that makes the thing; those that belong to it already stay, whoever sent them.
// It refuses, at a location of the body, what is not there, not theirs, or
// belongs to another thing.
func Attach(tx *gorm.DB, caller model.Caller, about model.About, ids []string, location string) error {
	if len(ids) == 0 {
		return nil
	}
	var rows []model.File
	if err := tx.Raw(filesByID, ids).Scan(&rows).Error; err != nil {
		return fmt.Errorf("find uploads: %w", err)
	}
	for i, id := range ids {
		at := slices.IndexFunc(rows, func(f model.File) bool { return f.ID == id })
		if at < 0 || slices.Contains(ids[:i], id) || !attachable(rows[at], caller, about) {
			return fault.Unknown(fmt.Sprintf("%s[%d]", location, i), "没有找到上传的文件")
		}
	}
	err := tx.Exec("UPDATE files SET about_type = ?, about_id = ? WHERE id IN ?", about.Type, about.ID, ids).Error
	if err != nil {
		return fmt.Errorf("attach uploads to %s %s: %w", about.Type, about.ID, err)
	}
	return nil
}

func attachable(f model.File, caller model.Caller, about model.About) bool {
	if f.AboutType != "" {
		return f.AboutType == about.Type && f.AboutID == about.ID
	}
	return f.OwnerKind == caller.Kind && f.OwnerID == caller.ID
}

// IDs are the files of a thing, in the order in which they came.
func (s *Service) IDs(ctx context.Context, about model.About) ([]string, error) {
	of, err := Of(s.DB.Read(ctx), about)
	ids := make([]string, 0, len(of))
	for _, f := range of {
		ids = append(ids, f.ID)
	}
	return ids, err
}

const (
	filesOf = "SELECT * FROM files WHERE about_type = ? AND about_id = ? ORDER BY created_at, id"
	ownFile = "SELECT * FROM files WHERE id = ? AND owner_kind = ? AND owner_id = ?"
	fileOf  = "SELECT * FROM files WHERE id = ? AND about_type = ? AND about_id = ?"
)

// Of lists the files that belong to a thing.
func Of(db *gorm.DB, about model.About) ([]model.File, error) {
	var rows []model.File
	if err := db.Raw(filesOf, about.Type, about.ID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("list the files of %s %s: %w", about.Type, about.ID, err)
	}
	return rows, nil
}

// Content is a file that belongs to a thing, with what it holds. Whoever asks
// has shown that they may see the thing.
func (s *Service) Content(ctx context.Context, about model.About, id string) (*model.File, []byte, error) {
	f, err := s.of(ctx, about, id)
	if err != nil {
		return nil, nil, err
	}
	kept, err := s.read(ctx, id)
	return f, kept, err
}

// Own is a file that the caller sent themselves, with what it holds.
func (s *Service) Own(ctx context.Context, caller model.Caller, id string) (*model.File, []byte, error) {
	f, err := s.one(ctx, id, ownFile, id, caller.Kind, caller.ID)
	if err != nil {
		return nil, nil, err
	}
	kept, err := s.read(ctx, id)
	return f, kept, err
}

func (s *Service) of(ctx context.Context, about model.About, id string) (*model.File, error) {
	if about.Type == "" {
		return nil, fault.ErrNotFound
	}
	return s.one(ctx, id, fileOf, id, about.Type, about.ID)
}

func (s *Service) one(ctx context.Context, id, query string, args ...any) (*model.File, error) {
	var rows []model.File
	if err := s.DB.Read(ctx).Raw(query, args...).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("find file %s: %w", id, err)
	}
	if len(rows) == 0 || rows[0].AboutType == discarded {
		return nil, fault.ErrNotFound
	}
	return &rows[0], nil
}

func (s *Service) read(ctx context.Context, id string) ([]byte, error) {
	sealed, err := s.Place.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	kept, err := s.Vault.Reveal(content, string(sealed))
	if err != nil {
		return nil, fmt.Errorf("read file %s: %w", id, err)
	}
	return []byte(kept), nil
}

// Find is an upload that belongs to a thing, whichever it is. Whoever asks has
// shown that they may see the file.
func (s *Service) Find(ctx context.Context, id string) (*model.File, error) {
	var rows []model.File
	if err := s.DB.Read(ctx).Raw("SELECT * FROM files WHERE id = ? AND about_type NOT IN ('', ?)", id, discarded).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("find file %s: %w", id, err)
	}
	if len(rows) == 0 {
		return nil, fault.ErrNotFound
	}
	return &rows[0], nil
}

// discarded marks what is to be removed: nothing can be made to own it any more.
const discarded = "(discarded)"

// Discard gives up the files of a thing, in the transaction that removes it.
func Discard(tx *gorm.DB, about model.About) error {
	if err := tx.Exec("UPDATE files SET about_type = ? WHERE about_type = ? AND about_id = ?", discarded, about.Type, about.ID).Error; err != nil {
		return fmt.Errorf("give up the files of %s %s: %w", about.Type, about.ID, err)
	}
	return nil
}

// looseFor is how long an upload may belong to nothing.
const looseFor = 48 * time.Hour

const (
	giveUpLoose    = "UPDATE files SET about_type = ? WHERE about_type = '' AND created_at < ?"
	discardedFiles = "SELECT id FROM files WHERE about_type = ? ORDER BY created_at LIMIT 200"
)

// Sweep removes uploads that nobody used or that were given up: the bytes
// first, so that after a stop halfway the row still says what is to go.
func (s *Service) Sweep(ctx context.Context) error {
	before := s.now().Add(-looseFor)
	err := store.Tx(ctx, s.DB, func(tx *gorm.DB) error { return tx.Exec(giveUpLoose, discarded, before).Error })
	if err != nil {
		return fmt.Errorf("give up loose uploads: %w", err)
	}
	var ids []string
	if err := s.DB.Read(ctx).Raw(discardedFiles, discarded).Scan(&ids).Error; err != nil {
		return fmt.Errorf("find uploads to remove: %w", err)
	}
	for _, id := range ids {
		if err := errors.Join(s.Place.Remove(ctx, thumbID(id)), s.Place.Remove(ctx, id)); err != nil {
			return err
		}
		err := store.Tx(ctx, s.DB, func(tx *gorm.DB) error { return tx.Exec("DELETE FROM files WHERE id = ?", id).Error })
		if err != nil {
			return fmt.Errorf("forget upload %s: %w", id, err)
		}
	}
	return nil
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Millisecond) }
