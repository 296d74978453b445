// Package files keeps what people upload: scans of papers, pictures of
// certificates and of what was posted. A file is judged by what it holds, kept
// sealed, and seen only with what it belongs to.
package files

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
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
	DB     *store.DB
	Vault  *vault.Vault
	Folder *Folder
	Now    func() time.Time
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
	select {
	case s.Drawing <- struct{}{}:
		defer func() { <-s.Drawing }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	mediaType, kept, err := clean(sent)
	if err != nil {
		return nil, err
	}
	sum := sm3.Sum(kept)
	f := &model.File{
		ID: store.NewID(), OwnerKind: caller.Kind, OwnerID: caller.ID, MediaType: mediaType,
		Size: int64(len(kept)), Digest: hex.EncodeToString(sum[:]), CreatedAt: s.now(),
	}
	if err := s.Folder.put(f.ID, []byte(s.Vault.Seal(content, string(kept)))); err != nil {
		return nil, err
	}
	// The bytes first: a row without them would be a promise that nobody can keep.
	err = store.Tx(ctx, s.DB, func(tx *gorm.DB) error { return gorm.G[model.File](tx).Create(ctx, f) })
	if err != nil {
		return nil, fmt.Errorf("keep an upload: %w", err)
	}
	return f, nil
}

const filesByID = "SELECT * FROM files WHERE id IN ?"

// Attach makes the caller's own uploads belong to a thing, in the transaction
// that makes the thing. It refuses, at a location of the body, what is not
// there, not theirs, or belongs to another thing already.
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
		if at < 0 || rows[at].OwnerKind != caller.Kind || rows[at].OwnerID != caller.ID || slices.Contains(ids[:i], id) ||
			rows[at].AboutType != "" && (rows[at].AboutType != about.Type || rows[at].AboutID != about.ID) {
			return fault.Unknown(fmt.Sprintf("%s[%d]", location, i), "没有找到上传的文件")
		}
	}
	err := tx.Exec("UPDATE files SET about_type = ?, about_id = ? WHERE id IN ?", about.Type, about.ID, ids).Error
	if err != nil {
		return fmt.Errorf("attach uploads to %s %s: %w", about.Type, about.ID, err)
	}
	return nil
}

const (
	filesOf = "SELECT * FROM files WHERE about_type = ? AND about_id = ? ORDER BY created_at, id"
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
	var rows []model.File
	if err := s.DB.Read(ctx).Raw(fileOf, id, about.Type, about.ID).Scan(&rows).Error; err != nil {
		return nil, nil, fmt.Errorf("find file %s: %w", id, err)
	}
	if len(rows) == 0 {
		return nil, nil, fault.ErrNotFound
	}
	sealed, err := s.Folder.get(id)
	if err != nil {
		return nil, nil, err
	}
	kept, err := s.Vault.Reveal(content, string(sealed))
	if err != nil {
		return nil, nil, fmt.Errorf("read file %s: %w", id, err)
	}
	return &rows[0], []byte(kept), nil
}

// looseFor is how long an upload may belong to nothing.
const looseFor = 48 * time.Hour

const looseFiles = "SELECT id FROM files WHERE about_type = '' AND created_at < ? ORDER BY created_at LIMIT 200"

// Sweep removes uploads that nobody used.
func (s *Service) Sweep(ctx context.Context) error {
	var ids []string
	if err := s.DB.Read(ctx).Raw(looseFiles, s.now().Add(-looseFor)).Scan(&ids).Error; err != nil {
		return fmt.Errorf("find loose uploads: %w", err)
	}
	for _, id := range ids {
		gone := int64(0)
		err := store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
			done := tx.Exec("DELETE FROM files WHERE id = ? AND about_type = ''", id)
			gone = done.RowsAffected
			return done.Error
		})
		if err != nil {
			return fmt.Errorf("forget upload %s: %w", id, err)
		}
		if gone == 0 {
			continue // attached meanwhile
		}
		if err := s.Folder.remove(id); err != nil {
			slog.WarnContext(ctx, "an unused upload stays in the folder", "file", id, "error", err)
		}
	}
	return nil
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Millisecond) }
