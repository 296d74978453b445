package staff

import (
	"context"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/notices"
)

func (h *handlers) noticeStages(a *api.API) {
	api.Handle(a, h.onNotice(post("/notices/{id}/review", noticesTag, "review what somebody else wrote: a draft, or a material edit, which then becomes a version", model.WriteNotices)), h.reviewNotice)
	api.Handle(a, h.onNotice(post("/notices/{id}/publish", noticesTag, "publish, now or from an instant on", model.WriteNotices)), h.publishNotice)
	api.Handle(a, h.onNotice(post("/notices/{id}/revise", noticesTag, "a material edit: a new version, and the period begins anew; where the kind demands a review it waits for that", model.WriteNotices)), h.reviseNotice)
	api.Handle(a, h.onNotice(post("/notices/{id}/withdraw", noticesTag, "withdraw, for a reason", model.WriteNotices)), h.withdrawNotice)
}

func (h *handlers) reviewNotice(ctx context.Context, in *NoticePath) (*api.Body[api.NoticeBody], error) {
	return h.noticed(h.Notices.Review(ctx, api.Caller(ctx), in.ID))
}

func (h *handlers) publishNotice(ctx context.Context, in *struct {
	NoticePath
	Body *struct {
		At *time.Time `json:"publish_at,omitempty"`
	}
}) (*api.Body[api.NoticeBody], error) {
	var at *time.Time
	if in.Body != nil {
		at = in.Body.At
	}
	return h.noticed(h.Notices.Publish(ctx, api.Caller(ctx), in.ID, at))
}

func (h *handlers) reviseNotice(ctx context.Context, in *struct {
	NoticePath
	Body struct {
		Title  string   `json:"title" minLength:"1" maxLength:"100"`
		Body   string   `json:"body" minLength:"1" maxLength:"20000"`
		Reason string   `json:"reason" minLength:"1" maxLength:"500"`
		Files  []string `json:"file_ids,omitempty" maxItems:"20" doc:"all attachments of the new version; those of the present one when left out"`
	}
}) (*api.Body[api.NoticeBody], error) {
	b := in.Body
	return h.noticed(h.Notices.Revise(ctx, api.Caller(ctx), in.ID, notices.Revision{Title: b.Title, Body: b.Body, Reason: b.Reason, Files: b.Files}))
}

func (h *handlers) withdrawNotice(ctx context.Context, in *reasonBody) (*api.Body[api.NoticeBody], error) {
	return h.noticed(h.Notices.Withdraw(ctx, api.Caller(ctx), in.ID, in.Body.Reason))
}
