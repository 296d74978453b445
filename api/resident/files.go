package resident

import (
	"context"
	"net/http"

	"gongdi/api"
)

func (h *handlers) files(a *api.API) {
	upload := route(http.MethodPost, "/files", "文件", "upload a picture or a PDF, to be named in another call")
	upload.Status, upload.MaxBody = http.StatusCreated, api.LargestUpload
	api.Handle(a, upload, h.upload)
	api.Handle(a, get("/me/files/{file_id}", "我的信息", "a picture or PDF that one uploaded oneself"), h.ownFile)
}

func (h *handlers) ownFile(ctx context.Context, in *struct {
	FileID string `path:"file_id"`
}) (*api.File, error) {
	f, content, err := h.Files.Own(ctx, api.Caller(ctx), in.FileID)
	if err != nil {
		return nil, err
	}
	return api.Shown(f, content), nil
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
