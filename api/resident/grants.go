package resident

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
	grant := route(http.MethodPost, "/me/grants", tag, "let another verified person cast for a voter of one's own")
	grant.Status = http.StatusCreated
	api.Handle(a, grant, h.grant)
	api.Handle(a, get("/me/grants", tag, "what one has granted and was granted"), h.listGrants)
	revoke := gone("/me/grants/{id}", tag, "end a grant that was not used")
	revoke.Thing = h.isMyGrant
	api.Handle(a, revoke, h.revokeGrant)
	api.Handle(a, route(http.MethodPost, "/grants/{token}/accept", tag, "take up a grant"), h.acceptGrant)
}

func (h *handlers) isMyGrant(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
	return nil, h.Voting.HasGrant(ctx, caller, param("id"))
}

type grantBody struct {
	ID         string         `json:"id"`
	As         string         `json:"as" enum:"principal,agent" doc:"which of the two one is"`
	Status     string         `json:"status" enum:"offered,pending,active,revoked,refused,expired"`
	Properties []propertyBody `json:"properties"`
	MotionID   string         `json:"motion_id,omitempty" doc:"of every motion in the period when left out"`
	Scope      string         `json:"scope"`
	From       time.Time      `json:"from"`
	Until      time.Time      `json:"until"`
	Used       bool           `json:"used"`
	Token      string         `json:"token,omitempty" doc:"what the agent accepts with, for the principal, while it is offered"`
}

func (h *handlers) shownGrant(caller model.Caller, g voting.Granted) grantBody {
	body := grantBody{
		ID: g.ID, As: "agent", Status: string(g.Status), Properties: []propertyBody{}, MotionID: g.MotionID, Scope: g.Scope,
		From: api.Time(g.FromAt), Until: api.Time(g.UntilAt), Used: g.Used, Token: g.Token,
	}
	if g.PrincipalID == caller.ID {
		body.As = "principal"
	}
	running := g.Status == model.GrantOffered || g.Status == model.GrantPending || g.Status == model.GrantActive
	if running && !h.Voting.Now().Before(g.UntilAt) {
		body.Status = "expired"
	}
	for _, p := range g.Homes {
		body.Properties = append(body.Properties, propertyBody{ID: p.PropertyID, Label: p.Label})
	}
	return body
}

func (h *handlers) grant(ctx context.Context, in *struct {
	Body struct {
		VoterID    string    `json:"voter_id" minLength:"1" maxLength:"64"`
		MotionID   string    `json:"motion_id,omitempty" maxLength:"64"`
		AgentPhone string    `json:"agent_phone,omitempty" maxLength:"20" doc:"only who has verified this number may accept"`
		Until      time.Time `json:"until"`
	}
}) (*api.Body[grantBody], error) {
	g, err := h.Voting.Grant(ctx, api.Caller(ctx), voting.Offer{
		VoterID: in.Body.VoterID, MotionID: in.Body.MotionID, AgentPhone: in.Body.AgentPhone, Until: in.Body.Until,
	})
	if err != nil {
		return nil, err
	}
	return api.Answer(h.shownGrant(api.Caller(ctx), g)), nil
}

func (h *handlers) listGrants(ctx context.Context, _ *struct{}) (*api.Body[api.List[grantBody]], error) {
	grants, err := h.Voting.GrantsOf(ctx, api.Caller(ctx))
	if err != nil {
		return nil, err
	}
	return api.Answer(api.AllOf(grants, func(g voting.Granted) grantBody { return h.shownGrant(api.Caller(ctx), g) })), nil
}

func (h *handlers) revokeGrant(ctx context.Context, in *struct {
	ID string `path:"id"`
}) (*api.Nothing, error) {
	return nil, h.Voting.Revoke(ctx, api.Caller(ctx), in.ID)
}

func (h *handlers) acceptGrant(ctx context.Context, in *struct {
	Token string `path:"token"`
}) (*api.Body[grantBody], error) {
	g, err := h.Voting.Accept(ctx, api.Caller(ctx), in.Token)
	if err != nil {
		return nil, err
	}
	return api.Answer(h.shownGrant(api.Caller(ctx), g)), nil
}
