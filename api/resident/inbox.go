package resident

import (
	"context"
	"net/http"
	"time"

	"gongdi/api"
	"gongdi/model"
)

type inboxBody struct {
	Items  []messageBody `json:"items"`
	Total  int64         `json:"total"`
	Unread int64         `json:"unread"`
}

type messageBody struct {
	ID     string     `json:"id"`
	Kind   string     `json:"kind"`
	About  aboutBody  `json:"about"`
	Text   string     `json:"text"`
	At     time.Time  `json:"at"`
	ReadAt *time.Time `json:"read_at"`
}

type aboutBody struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

func (h *handlers) inbox(a *api.API) {
	const tag = "消息"
	api.Handle(a, get("/inbox", tag, "one's messages, the newest first"), h.listInbox)
	read := route(http.MethodPost, "/inbox/{id}/read", tag, "a message was read")
	read.Status = http.StatusNoContent
	read.Thing = func(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
		return nil, h.Messages.Has(ctx, caller.ID, param("id"))
	}
	api.Handle(a, read, h.readMessage)
}

func (h *handlers) listInbox(ctx context.Context, in *struct{ api.Page }) (*api.Body[inboxBody], error) {
	inbox, err := h.Messages.InboxOf(ctx, api.Caller(ctx).ID, in.Offset(), in.PageSize)
	if err != nil {
		return nil, err
	}
	body := inboxBody{Items: []messageBody{}, Total: inbox.Total, Unread: inbox.Unread}
	for _, m := range inbox.Messages {
		body.Items = append(body.Items, messageBody{
			ID: m.ID, Kind: m.Kind, About: aboutBody{Type: m.AboutType, ID: m.AboutID}, Text: m.Text,
			At: api.Time(m.At), ReadAt: api.TimeOf(m.ReadAt),
		})
	}
	return api.Answer(body), nil
}

func (h *handlers) readMessage(ctx context.Context, in *struct {
	ID string `path:"id"`
}) (*api.Nothing, error) {
	return nil, h.Messages.Read(ctx, api.Caller(ctx).ID, in.ID)
}
