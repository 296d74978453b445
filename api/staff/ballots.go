package staff

import (
	"context"
	"net/http"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/vote"
	"gongdi/service/voting"
)

func (h *handlers) ballots(a *api.API) {
	const tag = "入户与纸质票"
	api.Handle(a, h.onMotion(get("/motions/{id}/voters", tag, "the doors to visit: who took part, never what was chosen", model.ReadVoters)), h.voters)
	api.Handle(a, h.onMotion(get("/motions/{id}/visits", tag, "doors left by building and unit", model.ReadVoters)), h.visits)
	api.Handle(a, h.onVoter(route(http.MethodPut, "/motions/{id}/ballots/{voter_id}", tag, "enter a signed paper", model.EnterPaper)), h.enterPaper)
	api.Handle(a, h.onVoter(post("/motions/{id}/ballots/{voter_id}/confirm", tag, "confirm another person's entry", model.CheckPaper)), h.confirmPaper)
}

type voterBody struct {
	VoterID       string         `json:"voter_id"`
	OwnersMasked  string         `json:"owners_masked"`
	Properties    []propertyBody `json:"properties"`
	Building      string         `json:"building"`
	Unit          string         `json:"unit"`
	Area          api.Area       `json:"area_m2"`
	Heads         int64          `json:"heads"`
	Incomplete    bool           `json:"incomplete"`
	Participation string         `json:"participation" enum:"none,online,paper,proxy"`
	Unconfirmed   bool           `json:"unconfirmed"`
	Conflict      bool           `json:"conflict"`
}

type propertyBody struct {
	ID    string `json:"id"`
	Label string `json:"label"`
}

func (h *handlers) voters(ctx context.Context, in *struct {
	MotionPath
	api.Page
	Status   string `query:"status" enum:"none,online,paper,proxy,unconfirmed,conflict"`
	Building string `query:"building" maxLength:"64"`
	Unit     string `query:"unit" maxLength:"64"`
}) (*api.Body[api.List[voterBody]], error) {
	doors, total, err := h.Voting.DoorsFor(ctx, api.Caller(ctx), api.Found[*model.Motion](ctx), voting.Doors{
		MotionID: in.ID, Participation: voting.Participation(in.Status), Building: in.Building, Unit: in.Unit,
		Offset: in.Offset(), Limit: in.PageSize,
	})
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(doors, total, voter)), nil
}

func voter(d voting.Door) voterBody {
	body := voterBody{
		VoterID: d.ID, OwnersMasked: d.OwnersMasked, Properties: []propertyBody{}, Building: d.Building, Unit: d.Unit,
		Area: api.Area(d.Area), Heads: 1, Incomplete: d.Incomplete, Participation: string(d.Participation),
		Unconfirmed: d.Unconfirmed > 0, Conflict: d.OpenConflict > 0,
	}
	for _, p := range d.Properties {
		body.Properties = append(body.Properties, propertyBody{ID: p.PropertyID, Label: p.Label})
	}
	return body
}

type visitBody struct {
	Building string `json:"building"`
	Unit     string `json:"unit"`
	Doors    int64  `json:"doors"`
	Left     int64  `json:"left"`
}

func (h *handlers) visits(ctx context.Context, _ *MotionPath) (*api.Body[api.List[visitBody]], error) {
	visits, err := h.Voting.VisitsFor(ctx, api.Caller(ctx), api.Found[*model.Motion](ctx))
	if err != nil {
		return nil, err
	}
	return api.Answer(api.AllOf(visits, func(v voting.Visit) visitBody { return visitBody(v) })), nil
}

type paperBody struct {
	Channel       string     `json:"channel" enum:"paper,proxy"`
	Choice        string     `json:"choice" enum:"agree,oppose,abstain,invalid"`
	Items         []string   `json:"items,omitempty" maxItems:"50"`
	InvalidReason string     `json:"invalid_reason,omitempty" enum:"spoiled,unsigned,not_owner,no_authority,late,forged"`
	SignedOn      string     `json:"signed_on" format:"date"`
	ReceivedAt    *time.Time `json:"received_at,omitempty"`
	Scans         []string   `json:"scan_file_ids,omitempty" maxItems:"20"`
	Proxy         *proxyBody `json:"proxy,omitempty"`
	Reason        string     `json:"reason,omitempty" maxLength:"500" doc:"why an earlier entry is changed"`

	RepresentationID string `json:"representation_id,omitempty" maxLength:"64" doc:"of who signed in the owner's place"`
	api.FilledIn
}

type proxyBody struct {
	Agent  string `json:"agent" minLength:"1" maxLength:"50"`
	Matter string `json:"matter" minLength:"1" maxLength:"200"`
	Scope  string `json:"scope" minLength:"1" maxLength:"200"`
	Until  string `json:"until" format:"date"`
}

type standingBody struct {
	VoterID  string `json:"voter_id"`
	Standing string `json:"standing" enum:"counted,unconfirmed,conflict,invalid"`
}

// VoterPath names a voter on a motion's roll.
type VoterPath struct {
	MotionPath
	VoterID string `path:"voter_id"`
}

func (h *handlers) enterPaper(ctx context.Context, in *struct {
	VoterPath
	Body paperBody
}) (*api.Body[standingBody], error) {
	p := in.Body.paper(in.ID, in.VoterID)
	var err error
	if p.Form, err = h.Forms.Paper(ctx, in.ID, p.Choice, in.Body.Filled()); err != nil {
		return nil, err
	}
	return standing(in.VoterID)(h.Voting.Enter(ctx, api.Caller(ctx), p))
}

func (h *handlers) confirmPaper(ctx context.Context, in *VoterPath) (*api.Body[standingBody], error) {
	return standing(in.VoterID)(h.Voting.Confirm(ctx, api.Caller(ctx), in.ID, in.VoterID))
}

func standing(voterID string) func(vote.Standing, error) (*api.Body[standingBody], error) {
	return func(s vote.Standing, err error) (*api.Body[standingBody], error) {
		if err != nil {
			return nil, err
		}
		return api.Answer(standingBody{VoterID: voterID, Standing: string(s)}), nil
	}
}

func (b *paperBody) paper(motionID, voterID string) voting.Paper {
	p := voting.Paper{
		MotionID: motionID, VoterID: voterID, Channel: vote.Channel(b.Channel), Choice: vote.Choice(b.Choice),
		Items: b.Items, InvalidReason: model.InvalidReason(b.InvalidReason), SignedOn: quantity.Date(b.SignedOn),
		ReceivedAt: b.ReceivedAt, Reason: b.Reason, Scans: b.Scans, RepresentationID: b.RepresentationID,
	}
	if b.Proxy != nil {
		p.Proxy = b.Proxy.proxy()
	}
	return p
}

func (b *proxyBody) proxy() *voting.Proxy {
	return &voting.Proxy{Agent: b.Agent, Matter: b.Matter, Scope: b.Scope, Until: quantity.Date(b.Until)}
}
