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

// MotionBody is a motion as the office sees it. It is exported, as are the
// others that are embedded, because the description leaves out what is not.
type MotionBody struct {
	ID          string              `json:"id"`
	Status      string              `json:"status" enum:"draft,scheduled,open,counting,closed,cancelled"`
	Scope       scopeBody           `json:"scope"`
	Estate      string              `json:"estate_id"`
	Kind        string              `json:"kind"`
	Subject     string              `json:"subject"`
	Convener    string              `json:"convener"`
	Title       string              `json:"title"`
	Text        string              `json:"text"`
	Items       []itemBody          `json:"items"`
	IncludeUses []model.Use         `json:"include_uses"`
	Rule        api.Rule            `json:"rule"`
	LiveTally   string              `json:"live_tally"`
	PaperCheck  string              `json:"paper_check"`
	DemandProof string              `json:"demand_proof"`
	OpensAt     time.Time           `json:"opens_at"`
	ClosesAt    time.Time           `json:"closes_at"`
	CountUntil  time.Time           `json:"count_until"`
	PublishedAt *time.Time          `json:"published_at"`
	SealedAt    *time.Time          `json:"sealed_at"`
	ClosedEarly bool                `json:"closed_early"`
	Roll        api.Maybe[rollBody] `json:"roll"`
	CreatedAt   time.Time           `json:"created_at"`
	SurveyID    string              `json:"survey_id,omitempty" doc:"the questionnaire on the same form; of a motion by itself, not in lists"`
}

type scopeBody struct {
	Type  string `json:"type" enum:"estate,building,unit"`
	ID    string `json:"id" minLength:"1" maxLength:"64"`
	Label string `json:"label,omitempty" readOnly:"true"`
}

type itemBody struct {
	Code  string `json:"code" minLength:"1" maxLength:"40"`
	Label string `json:"label" minLength:"1" maxLength:"100"`
}

type rollBody struct {
	Heads      int64    `json:"heads"`
	Area       api.Area `json:"area_m2"`
	Incomplete int      `json:"incomplete"`
	Digest     string   `json:"sm3,omitempty"`
}

type draftBody struct {
	Scope       scopeBody   `json:"scope"`
	Kind        string      `json:"kind" enum:"special,ordinary,willingness"`
	Subject     string      `json:"subject,omitempty" enum:"lift,fund_use,fund_raise,common_parts_business,alteration,hire_manager,committee,rules,scheme,other"`
	Convener    string      `json:"convener,omitempty" maxLength:"100"`
	Title       string      `json:"title" minLength:"1" maxLength:"100"`
	Text        string      `json:"text" minLength:"1" maxLength:"5000"`
	OpensAt     time.Time   `json:"opens_at"`
	ClosesAt    time.Time   `json:"closes_at"`
	CountUntil  *time.Time  `json:"count_until,omitempty" doc:"three days after the close unless given"`
	LiveTally   string      `json:"live_tally,omitempty" enum:"participation,full"`
	PaperCheck  string      `json:"paper_check,omitempty" enum:"single,double"`
	DemandProof string      `json:"demand_proof,omitempty" enum:"roster_phone,document,in_person" doc:"the least proof of identity for casting on a phone"`
	Items       []itemBody  `json:"items,omitempty" maxItems:"50"`
	IncludeUses []model.Use `json:"include_uses,omitempty" maxItems:"10"`
	Quorum      []int64     `json:"quorum,omitempty" minItems:"2" maxItems:"2" doc:"[numerator, denominator]; willingness only"`
	Approval    []int64     `json:"approval,omitempty" minItems:"2" maxItems:"2" doc:"[numerator, denominator]; willingness only"`
	AgreeBase   string      `json:"agree_base,omitempty" enum:"participants,roll" doc:"willingness only"`
}

// MotionPath names a motion.
type MotionPath struct {
	ID string `path:"id"`
}

func (h *handlers) motions(a *api.API) {
	const tag = "表决管理"
	created := post("/motions", tag, "draft a motion", model.DraftMotions)
	created.Status = http.StatusCreated
	api.Handle(a, created, h.writeMotion)
	api.Handle(a, get("/motions", tag, "motions of one's area", model.ReadMotions), h.listMotions)
	api.Handle(a, h.onMotion(route(http.MethodPut, "/motions/{id}/silence-rule", tag, "the estate's own rule that the silent follow the majority; shown beside the result, never deciding it", model.ConductMotions)), h.setSilence)
	api.Handle(a, h.onMotion(get("/motions/{id}", tag, "a motion", model.ReadMotions)), h.showMotion)
	api.Handle(a, h.onMotion(route(http.MethodPut, "/motions/{id}", tag, "change a draft as a whole", model.DraftMotions)), h.rewriteMotion)
	discard := h.onMotion(route(http.MethodDelete, "/motions/{id}", tag, "delete a draft", model.DraftMotions))
	discard.Status = http.StatusNoContent
	api.Handle(a, discard, h.discardMotion)
	copied := h.onMotion(post("/motions/{id}/copy", tag, "a new draft of any motion", model.DraftMotions))
	copied.Status = http.StatusCreated
	api.Handle(a, copied, h.copyMotion)
	api.Handle(a, h.onMotion(get("/motions/{id}/preflight", tag, "what publishing would meet", model.DraftMotions)), h.preflight)
	api.Handle(a, h.onMotion(post("/motions/{id}/publish", tag, "freeze the roll and publish", model.ConductMotions)), h.publish)
	api.Handle(a, h.onMotion(post("/motions/{id}/extend", tag, "move the close", model.ConductMotions)), h.extend)
	api.Handle(a, h.onMotion(post("/motions/{id}/close", tag, "seal the result", model.ConductMotions)), h.close)
	api.Handle(a, h.onMotion(post("/motions/{id}/cancel", tag, "end without a result", model.ConductMotions)), h.cancel)
}

func (h *handlers) writeMotion(ctx context.Context, in *struct{ Body draftBody }) (*api.Body[MotionBody], error) {
	return h.answer(h.Voting.Write(ctx, api.Caller(ctx), in.Body.draft()))
}

func (h *handlers) rewriteMotion(ctx context.Context, in *struct {
	MotionPath
	Body draftBody
}) (*api.Body[MotionBody], error) {
	return h.answer(h.Voting.Rewrite(ctx, api.Caller(ctx), in.ID, in.Body.draft()))
}

func (h *handlers) copyMotion(ctx context.Context, in *MotionPath) (*api.Body[MotionBody], error) {
	return h.answer(h.Voting.Copy(ctx, api.Caller(ctx), in.ID))
}

func (h *handlers) discardMotion(ctx context.Context, in *MotionPath) (*api.Nothing, error) {
	return nil, h.Voting.Discard(ctx, api.Caller(ctx), in.ID)
}

func (h *handlers) showMotion(ctx context.Context, _ *MotionPath) (*api.Body[MotionBody], error) {
	m := api.Found[*model.Motion](ctx)
	v, err := h.Forms.Of(ctx, m.ID)
	if err != nil {
		return nil, err
	}
	body := h.motion(m)
	if v != nil {
		body.SurveyID = v.ID
	}
	return api.Answer(body), nil
}

func (h *handlers) listMotions(ctx context.Context, in *struct {
	api.Page
	Status string `query:"status" enum:"draft,scheduled,open,counting,closed,cancelled"`
}) (*api.Body[api.List[MotionBody]], error) {
	motions, total, err := h.Voting.ForStaff(ctx, api.Caller(ctx), voting.Page{
		Status: model.Status(in.Status), Offset: in.Offset(), Limit: in.PageSize,
	})
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(motions, total, func(m model.Motion) MotionBody { return h.motion(&m) })), nil
}

type preflightBody struct {
	Roll     rollBody        `json:"roll"`
	Missing  []voting.Remark `json:"missing"`
	Warnings []voting.Remark `json:"warnings"`
}

func (h *handlers) preflight(ctx context.Context, _ *MotionPath) (*api.Body[preflightBody], error) {
	found, err := h.Voting.Check(ctx, api.Found[*model.Motion](ctx))
	if err != nil {
		return nil, err
	}
	return api.Answer(preflightBody{
		Roll:    rollBody{Heads: found.Heads, Area: api.Area(found.Area), Incomplete: found.Incomplete},
		Missing: remarks(found.Missing), Warnings: remarks(found.Warnings),
	}), nil
}

type publishedBody struct {
	MotionBody
	Warnings []voting.Remark `json:"warnings"`
}

func (h *handlers) publish(ctx context.Context, in *MotionPath) (*api.Body[publishedBody], error) {
	p, err := h.Voting.Publish(ctx, api.Caller(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return api.Answer(publishedBody{MotionBody: h.motion(p.Motion), Warnings: remarks(p.Warnings)}), nil
}

func (h *handlers) extend(ctx context.Context, in *struct {
	MotionPath
	Body struct {
		ClosesAt time.Time `json:"closes_at"`
		Reason   string    `json:"reason" minLength:"1" maxLength:"500"`
	}
}) (*api.Body[MotionBody], error) {
	return h.answer(h.Voting.Extend(ctx, api.Caller(ctx), in.ID, in.Body.ClosesAt, in.Body.Reason))
}

func (h *handlers) close(ctx context.Context, in *struct {
	MotionPath
	Body struct {
		Reason string `json:"reason,omitempty" maxLength:"500" doc:"needed before closes_at"`
	}
}) (*api.Body[MotionBody], error) {
	return h.answer(h.Voting.Close(ctx, api.Caller(ctx), in.ID, in.Body.Reason))
}

func (h *handlers) cancel(ctx context.Context, in *struct {
	MotionPath
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500"`
	}
}) (*api.Body[MotionBody], error) {
	return h.answer(h.Voting.Cancel(ctx, api.Caller(ctx), in.ID, in.Body.Reason))
}

func (h *handlers) answer(m *model.Motion, err error) (*api.Body[MotionBody], error) {
	if err != nil {
		return nil, err
	}
	return api.Answer(h.motion(m)), nil
}

func (b *draftBody) draft() voting.Draft {
	d := voting.Draft{
		ScopeType: model.ScopeType(b.Scope.Type), ScopeID: b.Scope.ID, Kind: model.MotionKind(b.Kind),
		Subject: model.Subject(b.Subject), Convener: b.Convener, Title: b.Title, Text: b.Text,
		OpensAt: b.OpensAt, ClosesAt: b.ClosesAt, CountUntil: b.CountUntil,
		LiveTally: model.LiveTally(b.LiveTally), PaperCheck: model.PaperCheck(b.PaperCheck), DemandProof: model.Proof(b.DemandProof),
		IncludeUses: b.IncludeUses, Quorum: fraction(b.Quorum), Approval: fraction(b.Approval), AgreeBase: vote.Base(b.AgreeBase),
	}
	for _, i := range b.Items {
		d.Items = append(d.Items, model.Item(i))
	}
	return d
}

func fraction(pair []int64) *vote.Fraction {
	if len(pair) != 2 {
		return nil
	}
	return &vote.Fraction{Num: pair[0], Den: pair[1]}
}

func (h *handlers) motion(m *model.Motion) MotionBody {
	body := MotionBody{
		ID: m.ID, Status: string(m.StatusAt(h.Voting.Now())), Estate: m.EstateID,
		Scope: scopeBody{Type: string(m.ScopeType), ID: m.ScopeID, Label: m.ScopeLabel},
		Kind:  string(m.Kind), Subject: string(m.Subject), Convener: m.Convener, Title: m.Title, Text: m.Text,
		Items: []itemBody{}, IncludeUses: append([]model.Use{}, m.IncludeUses...), Rule: api.RuleOf(m.Rule()),
		LiveTally: string(m.LiveTally), PaperCheck: string(m.PaperCheck), DemandProof: string(m.DemandProof),
		OpensAt: api.Time(m.OpensAt), ClosesAt: api.Time(m.ClosesAt), CountUntil: api.Time(m.CountUntil),
		PublishedAt: api.TimeOf(m.PublishedAt), SealedAt: api.TimeOf(m.SealedAt), ClosedEarly: m.ClosedEarly, CreatedAt: api.Time(m.CreatedAt),
	}
	for _, i := range m.Items {
		body.Items = append(body.Items, itemBody(i))
	}
	if m.PublishedAt != nil {
		body.Roll = api.Some(rollBody{Heads: m.RollHeads, Area: api.Area(m.RollArea), Incomplete: m.RollIncomplete, Digest: m.RollDigest})
	}
	return body
}

func remarks(found []voting.Remark) []voting.Remark { return append([]voting.Remark{}, found...) }

func (h *handlers) setSilence(ctx context.Context, in *struct {
	MotionPath
	Body struct {
		Rule      string   `json:"rule" minLength:"1" maxLength:"100" doc:"管理规约 or 业主大会议事规则"`
		Clause    string   `json:"clause" minLength:"1" maxLength:"50"`
		Quote     string   `json:"quote" minLength:"1" maxLength:"500"`
		AdoptedOn string   `json:"adopted_on" format:"date"`
		Files     []string `json:"file_ids" minItems:"1" maxItems:"10"`
	}
}) (*api.Body[MotionBody], error) {
	m, err := h.Voting.SetSilence(ctx, api.Caller(ctx), in.ID, model.Silence{
		Rule: in.Body.Rule, Clause: in.Body.Clause, Quote: in.Body.Quote, AdoptedOn: quantity.Date(in.Body.AdoptedOn),
	}, in.Body.Files)
	if err != nil {
		return nil, err
	}
	return api.Answer(h.motion(m)), nil
}
