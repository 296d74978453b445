package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io/fs"
	"log/slog"
	"strings"

	"golang.org/x/image/draw"

	"gongdi/model"
	"gongdi/service/fault"
)

// ErrNoThumbnail says that a file is no picture.
var ErrNoThumbnail = fault.New(fault.Invalid, "no_thumbnail", "只有图片有缩略图")

const (
	thumbSide    = 480 // pixels of the longer side
	thumbQuality = 80
)

func thumbID(id string) string { return "t-" + id }

// Thumbnail is Content for a list of pictures: a small JPEG. It is drawn when
// somebody first asks and kept beside the picture; one that cannot be read is
// drawn anew.
func (s *Service) Thumbnail(ctx context.Context, about model.About, id string) (*model.File, []byte, error) {
	f, err := s.of(ctx, about, id)
	if err != nil {
		return nil, nil, err
	}
	if !strings.HasPrefix(f.MediaType, "image/") {
		return nil, nil, ErrNoThumbnail
	}
	small := *f
	small.MediaType = typeJPEG
	if sealed, err := s.Place.Get(ctx, thumbID(id)); err == nil {
		if kept, err := s.Vault.Reveal(content, string(sealed)); err == nil {
			return &small, []byte(kept), nil
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, err
	}
	drawn, err := s.drawThumbnail(ctx, f)
	if err != nil {
		return nil, nil, err
	}
	if err := s.Place.Put(ctx, thumbID(id), []byte(s.Vault.Seal(content, string(drawn)))); err != nil {
		slog.WarnContext(ctx, "a thumbnail is not kept", "file", id, "error", err)
	}
	return &small, drawn, nil
}

func (s *Service) drawThumbnail(ctx context.Context, f *model.File) ([]byte, error) {
	whole, err := s.read(ctx, f.ID)
	if err != nil {
		return nil, err
	}
	done, err := s.turn(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	decoded, _, err := image.Decode(bytes.NewReader(whole))
	if err != nil {
		return nil, fmt.Errorf("read picture %s: %w", f.ID, err)
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, shrunk(decoded), &jpeg.Options{Quality: thumbQuality}); err != nil {
		return nil, fmt.Errorf("draw the thumbnail of %s: %w", f.ID, err)
	}
	return out.Bytes(), nil
}

// shrunk is a picture that fits the side, on white where it is transparent; a
// small one keeps its size.
func shrunk(i image.Image) image.Image {
	w, h := i.Bounds().Dx(), i.Bounds().Dy()
	if longer := max(w, h); longer > thumbSide {
		w, h = max(w*thumbSide/longer, 1), max(h*thumbSide/longer, 1)
	}
	small := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(small, small.Bounds(), image.White, image.Point{}, draw.Src)
	draw.ApproxBiLinear.Scale(small, small.Bounds(), i, i.Bounds(), draw.Over, nil)
	return small
}
