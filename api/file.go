package api

import (
	"context"
	"io"
	"strings"

	"gongdi/model"
	"gongdi/service/files"
)

// Uploaded is a file that was taken.
type Uploaded struct {
	ID        string `json:"id"`
	MediaType string `json:"media_type" enum:"image/jpeg,image/png,application/pdf,audio/mpeg,audio/aac,audio/mp4,audio/amr,audio/wav"`
	Size      int64  `json:"size" doc:"bytes that were kept"`
}

// UploadedOf shapes an upload.
func UploadedOf(f *model.File) Uploaded {
	return Uploaded{ID: f.ID, MediaType: f.MediaType, Size: f.Size}
}

// LargestUpload bounds the body of an upload: the file and the form around it.
const LargestUpload = 20<<20 + 64<<10

// Reader is the file that was sent, to be read once.
func (u *Upload) Reader() (io.Reader, error) {
	content, size, _, err := u.Content()
	if err != nil {
		return nil, err
	}
	return io.NewSectionReader(content, 0, size), nil
}

// Sized lets a picture be asked for as a small one.
type Sized struct {
	Size string `query:"size" enum:"thumb" doc:"a picture as a small JPEG"`
}

// Show reads a file of a thing in the size that was asked for.
func (z Sized) Show(ctx context.Context, f *files.Service, about model.About, id string) (*model.File, []byte, error) {
	if z.Size != "" {
		return f.Thumbnail(ctx, about, id)
	}
	return f.Content(ctx, about, id)
}

// Shown is a stored file to look at.
func Shown(f *model.File, content []byte) *File {
	ending := strings.TrimPrefix(f.MediaType[strings.IndexByte(f.MediaType, '/'):], "/")
	return &File{ContentType: f.MediaType, ContentDisposition: `inline; filename="` + f.ID + "." + ending + `"`, Body: content}
}
