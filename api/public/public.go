// Package public is what whoever scans the code on the door may read, without
// a log-in.
package public

import (
	"context"
	"net/http"
	"time"

	"gongdi/api"
	"gongdi/service/doorcode"
	"gongdi/service/identity"
	"gongdi/service/safety"
	"gongdi/service/surveys"
	"gongdi/service/voting"
	"gongdi/service/wechat"
)

// Services are what the public's calls are answered from.
type Services struct {
	Identity *identity.Service
	Voting   *voting.Service
	Surveys  *surveys.Service
	Safety   *safety.Service
	Codes    *doorcode.Service
	Desk     *wechat.Desk
	// Hear takes what the platform pushes.
	Hear func(ctx context.Context, e wechat.Event) error
}

type handlers struct{ Services }

// Register declares all public routes.
func Register(a *api.API, s Services) {
	h := &handlers{s}
	api.Handle(a, get("/privacy", "公开", "what is kept of residents, and why"), h.privacy)
	api.Handle(a, get("/motions/{id}", "公开", "what is put to the vote, and how to take part"), h.motion)
	api.Handle(a, get("/surveys/{id}/results", "公开", "the figures of a survey that the office has opened"), h.survey)
	api.Handle(a, get("/codes/{scene}", "公开", "what a scanned code leads to"), h.code)
	h.pushes(a)
}

func get(path, tag, name string) api.Route {
	return api.Route{Method: http.MethodGet, Path: "/api/v1/public" + path, Tag: tag, Name: name, Who: api.Anyone}
}

type motionBody struct {
	ID         string    `json:"id"`
	Title      string    `json:"title"`
	Text       string    `json:"text"`
	Kind       string    `json:"kind"`
	Subject    string    `json:"subject"`
	Scope      scopeBody `json:"scope"`
	Convener   string    `json:"convener"`
	Status     string    `json:"status"`
	OpensAt    time.Time `json:"opens_at"`
	ClosesAt   time.Time `json:"closes_at"`
	CountUntil time.Time `json:"count_until"`
	RollDigest string    `json:"roll_sm3"`
	HowToBind  string    `json:"how_to_bind"`
}

type codeBody struct {
	Type      string `json:"type" enum:"estate,building,unit,motion,survey,meeting,notice"`
	ID        string `json:"id"`
	Label     string `json:"label"`
	Community string `json:"community"`
	HowToBind string `json:"how_to_bind"`
}

func (h *handlers) code(ctx context.Context, in *struct {
	Scene string `path:"scene" maxLength:"32"`
}) (*api.Body[codeBody], error) {
	p, err := h.Codes.Resolve(ctx, in.Scene)
	if err != nil {
		return nil, err
	}
	return api.Answer(codeBody{Type: p.Type, ID: p.ID, Label: p.Label, Community: p.Community, HowToBind: howToBind}), nil
}

type scopeBody struct {
	Type  string `json:"type"`
	Label string `json:"label"`
}

const howToBind = "打开微信小程序登录，选择小区和房屋，填写产权人姓名和证件号码后六位（或用登记的手机号验证），即可参与。不方便用手机的，可到社区领取纸质表决票。"

func (h *handlers) motion(ctx context.Context, in *struct {
	ID string `path:"id"`
}) (*api.Body[motionBody], error) {
	m, err := h.Voting.Published(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return api.Answer(motionBody{
		ID: m.ID, Title: m.Title, Text: m.Text, Kind: string(m.Kind), Subject: string(m.Subject),
		Scope: scopeBody{Type: string(m.ScopeType), Label: m.ScopeLabel}, Convener: m.Convener,
		Status: string(m.StatusAt(h.Voting.Now())), OpensAt: api.Time(m.OpensAt), ClosesAt: api.Time(m.ClosesAt),
		CountUntil: api.Time(m.CountUntil), RollDigest: m.RollDigest, HowToBind: howToBind,
	}), nil
}
