package staff

import (
	"context"
	"net/http"
	"time"

	"gongdi/api"
	"gongdi/model"
)

func (h *handlers) messages(a *api.API) {
	const tag = "消息推送"
	inbox := api.Inbox{Messages: h.Messages}
	api.Handle(a, get("/inbox", tag, "one's own messages, the newest first", model.ReadOwnAccount), inbox.List)
	read := post("/inbox/{id}/read", tag, "a message was read", model.ReadOwnAccount)
	read.Status, read.Thing = http.StatusNoContent, inbox.Own
	api.Handle(a, read, inbox.Read)
	all := post("/inbox/read", tag, "all messages were read", model.ReadOwnAccount)
	all.Status = http.StatusNoContent
	api.Handle(a, all, inbox.ReadAll)
	api.Handle(a, get("/messages/progress", tag, "how far the outbox has come, of the last week or of one thing", model.TendMessages), h.pushProgress)
	api.Handle(a, get("/messages/dead", tag, "messages that could not be pushed, or nobody knows", model.TendMessages), h.deadLetters)
	again := post("/messages/{id}/resend", tag, "push a dead letter again", model.TendMessages)
	again.Status = http.StatusNoContent
	api.Handle(a, again, h.resend)
	api.Handle(a, post("/messages/resend", tag, "push every dead letter again, except those of which nobody knows", model.TendMessages), h.resendAll)
}

type progressBody struct {
	Total   int64            `json:"total" doc:"messages in inboxes"`
	Drained int64            `json:"drained" doc:"of which the outbox is done with"`
	States  map[string]int64 `json:"states" doc:"waiting, sending, retry; done: sent, none (no consent or template), expired, refused, dead, unknown"`
}

func (h *handlers) pushProgress(ctx context.Context, in *struct {
	Type string `query:"about_type" maxLength:"32" doc:"motion, notice, …; with about_id"`
	ID   string `query:"about_id" maxLength:"64"`
}) (*api.Body[progressBody], error) {
	p, err := h.Messages.ProgressOf(ctx, model.About{Type: in.Type, ID: in.ID})
	if err != nil {
		return nil, err
	}
	return api.Answer(progressBody(p)), nil
}

type thingBody struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

type deadBody struct {
	ID    string    `json:"id"`
	Kind  string    `json:"kind"`
	About thingBody `json:"about"`
	State string    `json:"state" enum:"dead,unknown"`
	Code  int64     `json:"errcode" doc:"the platform's"`
	Tries int       `json:"tries"`
	At    time.Time `json:"at"`
}

func (h *handlers) deadLetters(ctx context.Context, in *struct{ api.Page }) (*api.Body[api.List[deadBody]], error) {
	rows, total, err := h.Messages.Dead(ctx, in.Offset(), in.PageSize)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(rows, total, func(t model.Tiding) deadBody {
		return deadBody{ID: t.ID, Kind: t.Kind, About: thingBody{Type: t.AboutType, ID: t.AboutID}, State: t.PushState, Code: t.PushCode, Tries: t.PushTries, At: api.Time(t.At)}
	})), nil
}

func (h *handlers) resend(ctx context.Context, in *struct {
	ID string `path:"id"`
}) (*api.Nothing, error) {
	return nil, h.Messages.Resend(ctx, in.ID)
}

type resentBody struct {
	Resent int64 `json:"resent"`
}

func (h *handlers) resendAll(ctx context.Context, _ *struct{}) (*api.Body[resentBody], error) {
	n, err := h.Messages.ResendAll(ctx)
	if err != nil {
		return nil, err
	}
	return api.Answer(resentBody{n}), nil
}
