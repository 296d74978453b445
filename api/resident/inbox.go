package resident

import (
	"context"
	"net/http"

	"gongdi/api"
	"gongdi/service/messages"
)

func (h *handlers) inbox(a *api.API) {
	const tag = "消息"
	inbox := api.Inbox{Messages: h.Messages}
	api.Handle(a, get("/inbox", tag, "one's messages, the newest first"), inbox.List)
	read := route(http.MethodPost, "/inbox/{id}/read", tag, "a message was read")
	read.Status = http.StatusNoContent
	read.Thing = inbox.Own
	api.Handle(a, read, inbox.Read)
	api.Handle(a, get("/me/subscriptions", tag, "which messages may be pushed to one's phone, and how many more"), h.listConsents)
	api.Handle(a, route(http.MethodPost, "/me/subscriptions", tag, "what one answered when asked for subscribe messages"), h.allowMessages)
}

type consentBody struct {
	Kind       string `json:"kind" doc:"of news; * for all without a template of their own"`
	TemplateID string `json:"template_id" doc:"to ask with; kinds may share one"`
	Allowed    int    `json:"allowed" doc:"how many more may be sent"`
	LongTerm   bool   `json:"long_term" doc:"allowed once and for all"`
}

func (h *handlers) listConsents(ctx context.Context, _ *struct{}) (*api.Body[api.List[consentBody]], error) {
	rows, err := h.Messages.ConsentsOf(ctx, api.Caller(ctx).ID)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.AllOf(rows, func(c messages.Consent) consentBody { return consentBody(c) })), nil
}

func (h *handlers) allowMessages(ctx context.Context, in *struct {
	Body struct {
		Results map[string]string `json:"results" maxProperties:"20" doc:"by template id, or kind, what the platform answered: accept, reject, ban, filter"`
		Tap     string            `json:"tap,omitempty" maxLength:"40" doc:"the phone's own name of this tap: reported twice it counts once"`
	}
}) (*api.Body[api.List[consentBody]], error) {
	if err := h.Messages.Allow(ctx, api.Caller(ctx).ID, in.Body.Tap, in.Body.Results); err != nil {
		return nil, err
	}
	return h.listConsents(ctx, nil)
}
