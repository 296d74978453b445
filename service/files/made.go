package files

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"io"

	"github.com/emmansun/gmsm/sm3"
	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/fault"
	"gongdi/service/store"
)

// LargestMade bounds a file that the program makes.
const LargestMade = 128 << 20

// ErrMadeTooLarge asks for a smaller part.
var ErrMadeTooLarge = fault.New(fault.TooLarge, "export_too_large", "导出的文件太大，请缩小范围")

// Made is a file that the program makes for a member of staff.
type Made struct {
	OwnerID   string
	About     model.About
	MediaType string
	Write     func(io.Writer) error // its content, once
}

// shelf takes what is written, up to so many bytes.
type shelf struct {
	most    int
	content bytes.Buffer
	over    bool
}

// Write refuses what is too much, which ends the making.
func (s *shelf) Write(p []byte) (int, error) {
	if s.content.Len()+len(p) > s.most {
		s.over = true
		return 0, ErrMadeTooLarge
	}
	return s.content.Write(p)
}

// Keep has a file made and keeps it, sealed as uploads are. It belongs to its
// thing at once.
func (s *Service) Keep(ctx context.Context, m Made) (*model.File, error) {
	on := shelf{most: LargestMade}
	err := m.Write(&on)
	if on.over {
		return nil, ErrMadeTooLarge
	}
	if err != nil {
		return nil, fmt.Errorf("make a file of %s %s: %w", m.About.Type, m.About.ID, err)
	}
	kept := on.content.Bytes()
	sum := sm3.Sum(kept)
	f := &model.File{
		ID: store.NewID(), OwnerKind: model.StaffSession, OwnerID: m.OwnerID, MediaType: m.MediaType, Size: int64(len(kept)), Digest: hex.EncodeToString(sum[:]),
		AboutType: m.About.Type, AboutID: m.About.ID, CreatedAt: s.now(),
	}
	err = store.Tx(ctx, s.DB, func(tx *gorm.DB) error { return gorm.G[model.File](tx).Create(ctx, f) })
	if err != nil {
		return nil, fmt.Errorf("keep a file of %s %s: %w", m.About.Type, m.About.ID, err)
	}
	return f, s.Place.Put(ctx, f.ID, []byte(s.Vault.Seal(content, string(kept))))
}

// DiscardBut gives up a thing's file made just now unless it is the kept one,
// and with a kept one all others of the thing.
func DiscardBut(tx *gorm.DB, about model.About, kept, made string) error {
	err := tx.Exec("UPDATE files SET about_type = ? WHERE about_type = ? AND about_id = ? AND id <> ? AND (? <> '' OR id = ?)",
		discarded, about.Type, about.ID, kept, kept, made).Error
	if err != nil {
		return fmt.Errorf("give up the other files of %s %s: %w", about.Type, about.ID, err)
	}
	return nil
}
