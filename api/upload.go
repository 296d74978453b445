package api

import (
	"io"

	"github.com/danielgtaylor/huma/v2"

	"gongdi/service/fault"
)

// Upload is one file sent as a form, under the name "file".
type Upload struct {
	RawBody huma.MultipartFormFiles[UploadForm]
}

// UploadForm is the form of an upload.
type UploadForm struct {
	File huma.FormFile `form:"file" contentType:"application/octet-stream" doc:"the file; needed"`
}

// Content is the file that was sent: what it holds, how long it is, and the
// name that the sender gives it.
func (u *Upload) Content() (content io.ReaderAt, size int64, name string, err error) {
	file := u.RawBody.Data().File
	if !file.IsSet {
		return nil, 0, "", fault.Unknown("body.file", "请选择要上传的文件")
	}
	return file.File, file.Size, file.Filename, nil
}
