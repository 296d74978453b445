package resident

import (
	"context"
	"net/http"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/registry"
)

type enteredBody struct {
	Token     string     `json:"token"`
	ExpiresAt time.Time  `json:"expires_at" doc:"moves on while the token is used"`
	Resident  personBody `json:"resident"`
}

type personBody struct {
	ID       string `json:"id"`
	Nickname string `json:"nickname"`
}

type meBody struct {
	ID          string    `json:"id"`
	Nickname    string    `json:"nickname"`
	PhoneMasked string    `json:"phone_masked" doc:"empty when no phone is known"`
	Bindings    []tieBody `json:"bindings"`
}

// tieBody is a binding as oneself sees it.
type tieBody struct {
	ID         string     `json:"id"`
	PropertyID string     `json:"property_id"`
	Label      string     `json:"label"`
	EstateID   string     `json:"estate_id"`
	Estate     string     `json:"estate"`
	Relation   string     `json:"relation" enum:"owner,tenant,family"`
	Status     string     `json:"status" enum:"pending,verified,rejected,ended"`
	Reason     string     `json:"reason,omitempty" doc:"of a rejection"`
	CreatedAt  time.Time  `json:"created_at"`
	DecidedAt  *time.Time `json:"decided_at" nullable:"true"`
}

func (h *handlers) sessions(a *api.API) {
	const tag = "登录"
	desk := api.SessionDesk{Identity: h.Identity}
	enter := route(http.MethodPost, "/auth/wechat", tag, "log in with the code of wx.login")
	enter.Who = api.Anyone
	api.Handle(a, enter, h.enter)
	api.Handle(a, gone("/auth/session", tag, "log out"), desk.Leave)
	api.Handle(a, get("/me", tag, "oneself"), h.me)
	api.Handle(a, get("/me/sessions", tag, "where one is logged in"), desk.List)
	api.Handle(a, gone("/me/sessions/{id}", tag, "log out elsewhere"), desk.Revoke)
	api.Handle(a, gone("/me/sessions", tag, "log out everywhere, here too"), desk.RevokeAll)
}

func gone(path, tag, name string) api.Route {
	r := route(http.MethodDelete, path, tag, name)
	r.Status = http.StatusNoContent
	return r
}

func (h *handlers) enter(ctx context.Context, in *struct {
	Device string `header:"User-Agent" hidden:"true"`
	Body   struct {
		Code string `json:"code" minLength:"1" maxLength:"200"`
	}
}) (*api.Body[enteredBody], error) {
	pass, resident, err := h.Identity.EnterWechat(ctx, in.Body.Code, in.Device)
	if err != nil {
		return nil, err
	}
	return api.Answer(enteredBody{Token: pass.Token, ExpiresAt: api.Time(pass.Session.ExpiresAt), Resident: person(resident)}), nil
}

func (h *handlers) me(ctx context.Context, _ *struct{}) (*api.Body[meBody], error) {
	id := api.Caller(ctx).ID
	resident, phone, err := h.Identity.Resident(ctx, id)
	if err != nil {
		return nil, err
	}
	ties, err := h.Registry.BindingsOf(ctx, id)
	if err != nil {
		return nil, err
	}
	body := meBody{ID: resident.ID, Nickname: resident.Nickname, PhoneMasked: phone, Bindings: make([]tieBody, 0, len(ties))}
	for _, t := range ties {
		body.Bindings = append(body.Bindings, tie(t))
	}
	return api.Answer(body), nil
}

func person(r model.Resident) personBody { return personBody{ID: r.ID, Nickname: r.Nickname} }

func tie(b registry.Bound) tieBody {
	return tieBody{
		ID: b.ID, PropertyID: b.PropertyID, Label: b.Label, EstateID: b.EstateID, Estate: b.Estate,
		Relation: string(b.Relation), Status: string(b.Status), Reason: b.Reason,
		CreatedAt: api.Time(b.CreatedAt), DecidedAt: api.TimeOf(b.DecidedAt),
	}
}
