package resident

import (
	"context"
	"io"
	"net/http"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/model/rule/vote"
	"gongdi/service/evidence"
	"gongdi/service/voting"
)

type motionBody struct {
	ID          string       `json:"id"`
	Title       string       `json:"title"`
	Text        string       `json:"text"`
	Kind        string       `json:"kind"`
	Subject     string       `json:"subject"`
	Scope       scopeBody    `json:"scope"`
	Convener    string       `json:"convener"`
	Status      string       `json:"status"`
	Rule        api.Rule     `json:"rule"`
	Items       []itemBody   `json:"items"`
	PublishedAt *time.Time   `json:"published_at"`
	OpensAt     time.Time    `json:"opens_at"`
	ClosesAt    time.Time    `json:"closes_at"`
	CountUntil  time.Time    `json:"count_until"`
	Roll        rollBody     `json:"roll"`
	MyBallots   []ballotBody `json:"my_ballots"`

	Survey *api.Questionnaire `json:"survey,omitempty" doc:"asked on the same form; of a motion by itself, not in lists"`
}

type scopeBody struct {
	Type  string `json:"type" enum:"estate,building,unit"`
	ID    string `json:"id"`
	Label string `json:"label"`
}

type itemBody struct {
	Code  string `json:"code"`
	Label string `json:"label"`
}

type rollBody struct {
	Heads  int64    `json:"heads"`
	Area   api.Area `json:"area_m2"`
	Digest string   `json:"sm3"`
}

type ballotBody struct {
	VoterID    string            `json:"voter_id"`
	Properties []propertyBody    `json:"properties"`
	Area       api.Area          `json:"area_m2"`
	Choice     string            `json:"choice,omitempty"`
	CastAt     *time.Time        `json:"cast_at,omitempty"`
	Receipt    *evidence.Receipt `json:"receipt,omitempty"`
	Answers    api.AnswersBody   `json:"answers,omitempty" doc:"to the questionnaire, if they are one's own"`
	// Conflict says that a paper differs from the ballot on the phone, which
	// stands until an owner casts again.
	Conflict bool `json:"conflict,omitempty"`
}

type propertyBody struct {
	ID    string `json:"id"`
	Label string `json:"label"`
}

type castBody struct {
	VoterID string           `json:"voter_id"`
	Choice  string           `json:"choice"`
	CastAt  time.Time        `json:"cast_at"`
	Receipt evidence.Receipt `json:"receipt"`
}

func (h *handlers) motions(a *api.API) {
	const tag = "表决"
	api.Handle(a, get("/motions", tag, "motions of one's own estates"), h.listMotions)
	show := get("/motions/{id}", tag, "a motion, with the ballots one may cast")
	show.Thing = h.seesMotion
	api.Handle(a, show, h.showMotion)
	cast := route(http.MethodPut, "/motions/{id}/ballots/{voter_id}", tag, "cast or change a ballot")
	cast.Thing = h.mayCast
	api.Handle(a, cast, h.cast)
	tally := get("/motions/{id}/tally", tag, "how a motion stands")
	tally.Thing = h.maySeeMotion
	api.Handle(a, tally, h.tally)
	request := route(http.MethodPost, "/motions/{id}/evidence", tag, "the evidence of a sealed result, for an owner on its roll")
	request.Thing = h.onRoll
	api.Handle(a, request, h.requestEvidence)
}

func (h *handlers) mayCast(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
	return h.Voting.MayCast(ctx, caller, param("id"), param("voter_id"))
}

func (h *handlers) onRoll(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
	return nil, h.Voting.OnRoll(ctx, caller, param("id"))
}

func (h *handlers) listMotions(ctx context.Context, in *struct {
	api.Page
	Status string `query:"status" enum:"scheduled,open,counting,closed,cancelled"`
}) (*api.Body[api.List[motionBody]], error) {
	motions, total, err := h.Voting.ForResident(ctx, api.Caller(ctx), voting.Page{
		Status: model.Status(in.Status), Offset: in.Offset(), Limit: in.PageSize,
	})
	if err != nil {
		return nil, err
	}
	mine, err := h.Voting.MineIn(ctx, api.Caller(ctx), motions)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(motions, total, func(m model.Motion) motionBody {
		return h.motion(&m, mine[m.ID])
	})), nil
}

func (h *handlers) showMotion(ctx context.Context, _ *struct {
	ID string `path:"id"`
}) (*api.Body[motionBody], error) {
	m := api.Found[*model.Motion](ctx)
	mine, err := h.Voting.MineIn(ctx, api.Caller(ctx), []model.Motion{*m})
	if err != nil {
		return nil, err
	}
	if err := h.Voting.Opened(ctx, m, mine[m.ID]); err != nil {
		return nil, err
	}
	body := h.motion(m, mine[m.ID])
	if err := h.questionnaire(ctx, m.ID, &body); err != nil {
		return nil, err
	}
	return api.Answer(body), nil
}

// questionnaire adds what a motion asks beside its choice, and what one
// answered.
func (h *handlers) questionnaire(ctx context.Context, motionID string, body *motionBody) error {
	v, err := h.Forms.Of(ctx, motionID)
	if v == nil || err != nil {
		return err
	}
	if body.Survey, err = api.QuestionnaireOf(v); err != nil {
		return err
	}
	own, err := h.Forms.Own(ctx, api.Caller(ctx), v)
	for i := range body.MyBallots {
		if b := &body.MyBallots[i]; len(b.Properties) > 0 {
			b.Answers = api.AnswersOf(own[b.Properties[0].ID])
		}
	}
	return err
}

func (h *handlers) cast(ctx context.Context, in *struct {
	ID      string `path:"id"`
	VoterID string `path:"voter_id"`
	Body    struct {
		Choice  string   `json:"choice" enum:"agree,oppose,abstain"`
		Items   []string `json:"items,omitempty" maxItems:"50"`
		Comment string   `json:"comment,omitempty" maxLength:"500"`
		api.FilledIn
	}
}) (*api.Body[castBody], error) {
	form, err := h.Forms.Paper(ctx, in.ID, vote.Choice(in.Body.Choice), in.Body.Filled())
	if err != nil {
		return nil, err
	}
	c, err := h.Voting.Cast(ctx, api.Caller(ctx), api.Found[voting.Entitlement](ctx), voting.Vote{
		MotionID: in.ID, VoterID: in.VoterID, Choice: vote.Choice(in.Body.Choice), Items: in.Body.Items, Comment: in.Body.Comment, Form: form,
	})
	if err != nil {
		return nil, err
	}
	return api.Answer(castBody{VoterID: c.VoterID, Choice: string(c.Choice), CastAt: api.Time(c.CastAt), Receipt: receipt(c.Receipt)}), nil
}

func (h *handlers) tally(ctx context.Context, in *struct {
	ID    string `path:"id"`
	Known string `header:"If-None-Match"`
}) (*api.TallyAnswer, error) {
	t, err := h.Voting.Tally(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return h.tallies.Answer(in.ID, t, in.Known)
}

func (h *handlers) requestEvidence(ctx context.Context, in *struct {
	ID   string `path:"id"`
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500"`
	}
}) (*api.File, error) {
	return api.Save("application/zip", "evidence-"+in.ID+".zip", func(w io.Writer) error {
		return h.Voting.Bundle(ctx, api.Caller(ctx), in.ID, in.Body.Reason, w)
	})
}

func (h *handlers) motion(m *model.Motion, mine []voting.Mine) motionBody {
	body := motionBody{
		ID: m.ID, Title: m.Title, Text: m.Text, Kind: string(m.Kind), Subject: string(m.Subject),
		Scope: scopeBody{Type: string(m.ScopeType), ID: m.ScopeID, Label: m.ScopeLabel}, Convener: m.Convener,
		Status: string(m.StatusAt(h.Voting.Now())), Rule: api.RuleOf(m.Rule()), Items: []itemBody{},
		PublishedAt: api.TimeOf(m.PublishedAt), OpensAt: api.Time(m.OpensAt), ClosesAt: api.Time(m.ClosesAt), CountUntil: api.Time(m.CountUntil),
		Roll: rollBody{Heads: m.RollHeads, Area: api.Area(m.RollArea), Digest: m.RollDigest}, MyBallots: []ballotBody{},
	}
	for _, i := range m.Items {
		body.Items = append(body.Items, itemBody(i))
	}
	for _, v := range mine {
		body.MyBallots = append(body.MyBallots, ballot(v))
	}
	return body
}

func ballot(v voting.Mine) ballotBody {
	body := ballotBody{VoterID: v.Voter.ID, Area: api.Area(v.Voter.Area), Properties: []propertyBody{}, Conflict: v.Voter.OpenConflict > 0}
	for _, p := range v.Properties {
		body.Properties = append(body.Properties, propertyBody{ID: p.PropertyID, Label: p.Label})
	}
	if v.Standing != nil {
		at := api.Time(v.Standing.CastAt)
		shown := receipt(v.Standing.Receipt)
		body.Choice, body.CastAt, body.Receipt = string(v.Standing.Choice), &at, &shown
	}
	return body
}

// receipt is sent in the office's zone; what is signed is the instant.
func receipt(r evidence.Receipt) evidence.Receipt {
	r.CastAt = api.Time(r.CastAt)
	return r
}
