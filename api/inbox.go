package api

import (
	"context"
	"time"

	"gongdi/model"
	"gongdi/service/messages"
)

// InboxBody is a page of somebody's messages, for residents and for the office.
type InboxBody struct {
	Items  []MessageBody `json:"items"`
	Total  int64         `json:"total"`
	Unread int64         `json:"unread"`
}

// MessageBody is one message.
type MessageBody struct {
	ID     string       `json:"id"`
	Kind   string       `json:"kind"`
	About  MessageAbout `json:"about"`
	Text   string       `json:"text"`
	At     time.Time    `json:"at"`
	ReadAt *time.Time   `json:"read_at"`
}

// MessageAbout is what a message is about.
type MessageAbout struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

// Inbox answers everybody who reads messages.
type Inbox struct{ Messages *messages.Service }

// List shows the caller's messages, the newest first.
func (i Inbox) List(ctx context.Context, in *struct{ Page }) (*Body[InboxBody], error) {
	inbox, err := i.Messages.InboxOf(ctx, Caller(ctx), in.Offset(), in.PageSize)
	if err != nil {
		return nil, err
	}
	body := InboxBody{Items: []MessageBody{}, Total: inbox.Total, Unread: inbox.Unread}
	for _, m := range inbox.Messages {
		body.Items = append(body.Items, MessageBody{
			ID: m.ID, Kind: m.Kind, About: MessageAbout{Type: m.AboutType, ID: m.AboutID}, Text: m.Text, At: Time(m.At), ReadAt: TimeOf(m.ReadAt),
		})
	}
	return Answer(body), nil
}

// Own finds a message in the caller's inbox.
func (i Inbox) Own(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
	return nil, i.Messages.Has(ctx, caller, param("id"))
}

// Read notes that a message was read.
func (i Inbox) Read(ctx context.Context, in *struct {
	ID string `path:"id"`
}) (*Nothing, error) {
	return nil, i.Messages.Read(ctx, Caller(ctx), in.ID)
}

// ReadAll notes that all messages were read.
func (i Inbox) ReadAll(ctx context.Context, _ *struct{}) (*Nothing, error) {
	return nil, i.Messages.ReadAll(ctx, Caller(ctx))
}
