package staff

import (
	"context"
	"net/http"

	"gongdi/api"
	"gongdi/model"
)

func (h *handlers) files(a *api.API) {
	upload := post("/files", "文件", "upload a picture or a PDF, to be named in another call", model.UploadFiles)
	upload.Status, upload.MaxBody = http.StatusCreated, api.LargestUpload
	api.Handle(a, upload, h.upload)
}

func (h *handlers) upload(ctx context.Context, in *api.Upload) (*api.Body[api.Uploaded], error) {
	content, err := in.Reader()
	if err != nil {
		return nil, err
	}
	f, err := h.Files.Upload(ctx, api.Caller(ctx), content)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.UploadedOf(f)), nil
}
