package resident

import (
	"context"
	"io"
	"net/http"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/lifts"
)

func (h *handlers) lifts(a *api.API) {
	const tag = "加装电梯"
	say := route(http.MethodPut, "/units/{unit_id}/lift-intents/{property_id}", tag, "say what one's household thinks of a lift; it binds nobody")
	say.Thing = h.tieToUnitHome
	api.Handle(a, say, h.sayIntent)
	api.Handle(a, h.inUnit(get("/units/{unit_id}/lift-intents", tag, "what the neighbours think, in counts, from five answers on")), h.intents)
	api.Handle(a, h.inUnit(route(http.MethodPost, "/units/{unit_id}/lift-campaigns", tag, "begin to ask one's stairwell for a lift")), h.startCampaign)
	api.Handle(a, h.inUnit(get("/units/{unit_id}/lift-plans", tag, "the variants before one's stairwell")), h.liftPlans)
	api.Handle(a, h.onLift(get("/lift-plans/{id}", tag, "a variant with every home's share")), h.showLift)
	api.Handle(a, h.onLift(get("/lift-plans/{id}/my-share", tag, "what one's home pays under each variant, and why")), h.myShare)
	api.Handle(a, h.onLift(get("/lift-plans/{id}/agreement.pdf", tag, "the agreement on this version, A4")), h.readAgreement)
	api.Handle(a, h.onLift(get("/lift-plans/{id}/steps", tag, "the official steps and how far they have come")), func(ctx context.Context, _ *LiftPath) (*api.Body[api.List[api.LiftStepBody]], error) {
		return api.LiftSteps(h.Lifts.Steps(ctx, api.Found[*model.LiftPlan](ctx)))
	})
	sign := route(http.MethodPut, "/lift-plans/{id}/agreement/{property_id}", tag, "sign the cost agreement on this version")
	sign.Thing = h.tieToPlanHome
	api.Handle(a, sign, func(ctx context.Context, in *signRequest) (*api.Body[api.LiftSignatureBody], error) {
		return h.signLift(ctx, model.LiftAgreement, in)
	})
	consent := route(http.MethodPut, "/lift-plans/{id}/consent/{property_id}", tag, "consent to one's own part being occupied")
	consent.Thing = h.tieToPlanHome
	api.Handle(a, consent, func(ctx context.Context, in *signRequest) (*api.Body[api.LiftSignatureBody], error) {
		return h.signLift(ctx, model.LiftConsent, in)
	})
}

func (h *handlers) inUnit(r api.Route) api.Route {
	r.Thing = func(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
		return h.Lifts.TiesTo(ctx, caller, param("unit_id"))
	}
	return r
}

func (h *handlers) onLift(r api.Route) api.Route {
	r.Thing = api.Named(h.Lifts.SeesPlan)
	return r
}

func (h *handlers) tieToUnitHome(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
	return h.Lifts.TieTo(ctx, caller, param("unit_id"), param("property_id"))
}

func (h *handlers) tieToPlanHome(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
	p, err := h.Lifts.SeesPlan(ctx, caller, param("id"))
	if err != nil {
		return nil, err
	}
	return h.Lifts.TieTo(ctx, caller, p.UnitID, param("property_id"))
}

type unitIntentsBody struct {
	UnitID string `json:"unit_id"`
	Homes  int    `json:"homes"`
	Least  int    `json:"shown_from" doc:"from how many answers on counts are shown"`
	Shown  bool   `json:"shown"`

	Answers  *int                          `json:"answers" nullable:"true" doc:"null until the counts are shown"`
	Counts   api.Maybe[api.LiftCountsBody] `json:"counts" doc:"null until the counts are shown"`
	Mine     []api.LiftIntentBody          `json:"mine" doc:"of one's own homes"`
	Campaign *time.Time                    `json:"campaign_started_at,omitempty"`
}

func (h *handlers) unitIntents(ctx context.Context, unitID string, ties []lifts.Tie) (*api.Body[unitIntentsBody], error) {
	in, err := h.Lifts.IntentsOf(ctx, unitID)
	if err != nil {
		return nil, err
	}
	body := unitIntentsBody{UnitID: unitID, Homes: in.Homes, Least: lifts.LeastAnswers, Shown: in.Shown(), Mine: []api.LiftIntentBody{}}
	if in.Shown() {
		body.Answers, body.Counts = &in.Answers, api.Some(api.LiftCounts(in))
	}
	for _, said := range in.Said {
		for _, t := range ties {
			if t.PropertyID == said.PropertyID {
				body.Mine = append(body.Mine, api.LiftIntent(said))
			}
		}
	}
	if in.Campaign != nil {
		body.Campaign = api.TimeOf(&in.Campaign.StartedAt)
	}
	return api.Answer(body), nil
}

// UnitPath names a stairwell.
type UnitPath struct {
	UnitID string `path:"unit_id"`
}

func (h *handlers) intents(ctx context.Context, in *UnitPath) (*api.Body[unitIntentsBody], error) {
	return h.unitIntents(ctx, in.UnitID, api.Found[[]lifts.Tie](ctx))
}

func (h *handlers) startCampaign(ctx context.Context, in *UnitPath) (*api.Body[unitIntentsBody], error) {
	if _, err := h.Lifts.Start(ctx, api.Caller(ctx), in.UnitID); err != nil {
		return nil, err
	}
	return h.unitIntents(ctx, in.UnitID, api.Found[[]lifts.Tie](ctx))
}

func (h *handlers) sayIntent(ctx context.Context, in *struct {
	UnitPath
	PropertyID string `path:"property_id"`
	Body       struct {
		Stance   string   `json:"stance" enum:"want,neutral,against"`
		WillPay  string   `json:"will_pay" enum:"yes,no,unsure"`
		MaxFen   *int64   `json:"max_fen,omitempty" minimum:"0" maximum:"1000000000000" doc:"at most so much"`
		Concerns []string `json:"concerns,omitempty" maxItems:"5" enum:"daylight,noise,access,value,cost"`
	}
}) (*api.Body[unitIntentsBody], error) {
	tie := api.Found[*lifts.Tie](ctx)
	said := model.LiftIntent{Stance: model.Stance(in.Body.Stance), WillPay: model.WillPay(in.Body.WillPay), MaxFen: (*quantity.Fen)(in.Body.MaxFen)}
	for _, c := range in.Body.Concerns {
		said.Concerns = append(said.Concerns, model.Concern(c))
	}
	if err := h.Lifts.Say(ctx, api.Caller(ctx), tie, said); err != nil {
		return nil, err
	}
	return h.unitIntents(ctx, in.UnitID, []lifts.Tie{*tie})
}

func (h *handlers) liftPlans(ctx context.Context, in *UnitPath) (*api.Body[api.List[api.LiftPlanBody]], error) {
	plans, err := h.Lifts.PlansFor(ctx, in.UnitID)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.AllOf(plans, func(p lifts.Plan) api.LiftPlanBody { return api.LiftPlan(&p) })), nil
}

// LiftPath names a variant.
type LiftPath struct {
	ID string `path:"id"`
}

func (h *handlers) showLift(ctx context.Context, _ *LiftPath) (*api.Body[api.LiftPlanBody], error) {
	p, err := h.Lifts.Read(ctx, api.Found[*model.LiftPlan](ctx), 0)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.LiftPlan(p)), nil
}

func (h *handlers) readAgreement(ctx context.Context, _ *LiftPath) (*api.File, error) {
	state, err := h.Lifts.StateOf(ctx, api.Found[*model.LiftPlan](ctx), 0)
	if err != nil {
		return nil, err
	}
	return api.Save("application/pdf", "agreement.pdf", func(w io.Writer) error { return h.Lifts.PrintAgreement(state, w) })
}

// VariantBody is what a home has under one variant.
type VariantBody struct {
	PlanID      string         `json:"plan_id"`
	Title       string         `json:"title"`
	Version     int            `json:"version"`
	Status      string         `json:"status" enum:"open,withdrawn"`
	ToShare     int64          `json:"to_share_fen"`
	Share       int64          `json:"share_fen"`
	Floor       *int           `json:"floor" nullable:"true"`
	Area        *api.Area      `json:"area_m2" nullable:"true"`
	Weight      int64          `json:"weight"`
	WeightTotal int64          `json:"weight_total"`
	Joins       bool           `json:"joins"`
	Reason      string         `json:"reason" doc:"why, in a sentence"`
	Yearly      int64          `json:"yearly_fen"`
	Back        int64          `json:"compensation_fen" doc:"what the home is given"`
	Maintenance *int64         `json:"maintenance_fund_at_most_fen" nullable:"true" doc:"what the home's account of the maintenance fund could cover, owners only; null when nothing is recorded"`
	HousingFund int64          `json:"housing_fund_at_most_fen" doc:"what the housing fund may be drawn for: the own share, owners only"`
	IfMore      []moreJoinBody `json:"if_more_join" doc:"the share when so many more homes join, at the most"`
}

type moreJoinBody struct {
	Homes int   `json:"homes"`
	Fen   int64 `json:"share_fen"`
}

type myShareBody struct {
	PropertyID string `json:"property_id"`
	Label      string `json:"label"`
	VariantBody
	Agreement *api.LiftSignatureBody `json:"agreement,omitempty" doc:"what the home has declared on this version"`
	Variants  []VariantBody          `json:"variants" doc:"all that lie before the stairwell, this one too"`
}

func variant(m lifts.Mine) VariantBody {
	b := VariantBody{
		PlanID: m.Plan.ID, Title: m.As.Title, Version: m.As.Version, Status: string(m.Plan.Stage), ToShare: int64(m.As.ToShare), Share: int64(m.Share.Fen),
		Floor: m.Share.Floor, Area: api.AreaOf(m.Share.Area), Weight: m.Share.Weight, WeightTotal: m.Weight, Joins: m.Share.Joins, Reason: m.Reason,
		Yearly: int64(m.Share.Yearly), Back: int64(m.Share.Compensation), HousingFund: int64(m.HousingFund), IfMore: []moreJoinBody{},
	}
	for _, more := range m.IfMoreJoin {
		b.IfMore = append(b.IfMore, moreJoinBody{Homes: more.Homes, Fen: int64(more.Fen)})
	}
	return b
}

func (h *handlers) myShare(ctx context.Context, in *struct {
	LiftPath
	PropertyID string `query:"property_id" maxLength:"64" doc:"one's first home in the stairwell unless given"`
}) (*api.Body[myShareBody], error) {
	p, tie, err := h.homeUnder(ctx, in.PropertyID)
	if err != nil {
		return nil, err
	}
	of, variants, err := h.Lifts.MyShare(ctx, p, tie)
	if err != nil {
		return nil, err
	}
	state, err := h.Lifts.StateOf(ctx, p, 0)
	if err != nil {
		return nil, err
	}
	body := myShareBody{PropertyID: tie.PropertyID, Label: tie.Label, VariantBody: variant(*of), Variants: []VariantBody{}}
	for _, m := range variants {
		body.Variants = append(body.Variants, variant(m))
	}
	if err := h.couldCover(ctx, tie, &body); err != nil {
		return nil, err
	}
	if own := state.Home(tie.PropertyID); own != nil && own.Agreement != nil {
		signature := api.LiftSignature(own.Agreement)
		body.Agreement = &signature
	}
	return api.Answer(body), nil
}

// couldCover says what the home's account of the maintenance fund could cover.
func (h *handlers) couldCover(ctx context.Context, tie *lifts.Tie, body *myShareBody) error {
	if tie.Relation != model.RelationOwner {
		return nil
	}
	held, err := h.Funds.BalanceOf(ctx, tie.PropertyID)
	if err != nil || held == nil {
		return err
	}
	cover := func(b *VariantBody) {
		most := min(int64(held.Balance), b.Share)
		b.Maintenance = &most
	}
	cover(&body.VariantBody)
	for i := range body.Variants {
		cover(&body.Variants[i])
	}
	return nil
}

// homeUnder is the caller's home that a question about a variant means.
func (h *handlers) homeUnder(ctx context.Context, propertyID string) (*model.LiftPlan, *lifts.Tie, error) {
	p, caller := api.Found[*model.LiftPlan](ctx), api.Caller(ctx)
	if propertyID != "" {
		tie, err := h.Lifts.TieTo(ctx, caller, p.UnitID, propertyID)
		return p, tie, err
	}
	ties, err := h.Lifts.TiesTo(ctx, caller, p.UnitID)
	if err != nil {
		return nil, nil, err
	}
	return p, &ties[0], nil
}

type signRequest struct {
	LiftPath
	PropertyID string `path:"property_id"`
	Body       struct {
		Version int  `json:"agreement_version" minimum:"1" maximum:"100000" doc:"the version that was read"`
		Accept  bool `json:"accept" doc:"false takes it back, until all who pay have signed"`
	}
}

func (h *handlers) signLift(ctx context.Context, kind model.LiftPaper, in *signRequest) (*api.Body[api.LiftSignatureBody], error) {
	tie := api.Found[*lifts.Tie](ctx)
	row, err := h.Lifts.Sign(ctx, api.Caller(ctx), in.ID, tie, lifts.Declaration{
		PropertyID: in.PropertyID, Version: in.Body.Version, Kind: kind, Accept: in.Body.Accept,
	})
	if err != nil {
		return nil, err
	}
	return api.Answer(api.LiftSignature(row)), nil
}
