package staff

import (
	"context"
	"net/http"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/voting"
)

func (h *handlers) grants(a *api.API) {
	const tag = "委托"
	enter := post("/grants", tag, "a signed power of attorney, photographed; another person decides on it", model.CheckPaper)
	enter.Status = http.StatusCreated
	api.Handle(a, enter, h.enterGrant)
	api.Handle(a, get("/grants", tag, "powers of attorney on paper", model.CheckPaper), h.listGrants)
	api.Handle(a, h.onGrant(post("/grants/{id}/approve", tag, "let the agent cast", model.CheckPaper)), h.approveGrant)
	api.Handle(a, h.onGrant(post("/grants/{id}/reject", tag, "refuse, or revoke while it is unused, with a reason", model.CheckPaper)), h.rejectGrant)
	api.Handle(a, h.onGrant(get("/grants/{id}/files/{file_id}", tag, "a picture of a power of attorney", model.CheckPaper)), h.grantPicture)
}

func (h *handlers) onGrant(r api.Route) api.Route {
	r.Thing = func(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
		return nil, h.Voting.HasPaperGrant(ctx, caller, param("id"))
	}
	return r
}

type grantBody struct {
	ID         string         `json:"id"`
	Status     string         `json:"status" enum:"pending,active,revoked,refused"`
	Principal  string         `json:"principal,omitempty"`
	Agent      string         `json:"agent,omitempty"`
	Properties []propertyBody `json:"properties"`
	MotionID   string         `json:"motion_id,omitempty"`
	Scope      string         `json:"scope"`
	Until      time.Time      `json:"until"`
	Files      []string       `json:"file_ids"`
	Reason     string         `json:"reason,omitempty"`
}

func grantOf(g voting.PaperGranted) grantBody {
	body := grantBody{
		ID: g.ID, Status: string(g.Status), Principal: g.Principal, Agent: g.Agent, Properties: []propertyBody{}, MotionID: g.MotionID,
		Scope: g.Scope, Until: api.Time(g.UntilAt), Files: append([]string{}, g.Pictures...), Reason: g.Reason,
	}
	for _, p := range g.Homes {
		body.Properties = append(body.Properties, propertyBody{ID: p.PropertyID, Label: p.Label})
	}
	return body
}

func (h *handlers) enterGrant(ctx context.Context, in *struct {
	Body struct {
		VoterID    string    `json:"voter_id" minLength:"1" maxLength:"64"`
		MotionID   string    `json:"motion_id,omitempty" maxLength:"64" doc:"of every motion in the period when left out"`
		Principal  string    `json:"principal" minLength:"1" maxLength:"50" doc:"who signed"`
		Agent      string    `json:"agent" minLength:"1" maxLength:"50"`
		AgentPhone string    `json:"agent_phone" minLength:"1" maxLength:"20"`
		Scope      string    `json:"scope" minLength:"1" maxLength:"200"`
		Until      time.Time `json:"until"`
		Files      []string  `json:"file_ids" minItems:"1" maxItems:"9"`
	}
}) (*api.Body[grantBody], error) {
	b := in.Body
	g, err := h.Voting.EnterGrant(ctx, api.Caller(ctx), voting.PaperGrant{
		VoterID: b.VoterID, MotionID: b.MotionID, Principal: b.Principal, Agent: b.Agent, AgentPhone: b.AgentPhone, Scope: b.Scope,
		Until: b.Until, Pictures: b.Files,
	})
	if err != nil {
		return nil, err
	}
	return api.Answer(grantOf(voting.PaperGranted{Granted: g, Principal: b.Principal, Agent: b.Agent, Pictures: b.Files})), nil
}

func (h *handlers) listGrants(ctx context.Context, in *struct {
	api.Page
	Status string `query:"status" enum:"pending,active,revoked,refused"`
}) (*api.Body[api.List[grantBody]], error) {
	rows, total, err := h.Voting.PaperGrants(ctx, api.Caller(ctx), voting.GrantPage{Status: model.GrantStatus(in.Status), Offset: in.Offset(), Limit: in.PageSize})
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(rows, total, grantOf)), nil
}

func (h *handlers) approveGrant(ctx context.Context, in *struct {
	ID string `path:"id"`
}) (*api.Body[grantBody], error) {
	return decidedGrant(h.Voting.DecideGrant(ctx, api.Caller(ctx), in.ID, true, ""))
}

func (h *handlers) rejectGrant(ctx context.Context, in *reasonBody) (*api.Body[grantBody], error) {
	return decidedGrant(h.Voting.DecideGrant(ctx, api.Caller(ctx), in.ID, false, in.Body.Reason))
}

func decidedGrant(g voting.PaperGranted, err error) (*api.Body[grantBody], error) {
	if err != nil {
		return nil, err
	}
	return api.Answer(grantOf(g)), nil
}

func (h *handlers) grantPicture(ctx context.Context, in *struct {
	ID     string `path:"id"`
	FileID string `path:"file_id"`
	api.Sized
}) (*api.File, error) {
	f, content, err := in.Show(ctx, h.Files, h.Voting.PapersOfGrant(in.ID), in.FileID)
	if err != nil {
		return nil, err
	}
	return api.Shown(f, content), nil
}
