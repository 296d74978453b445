package staff

import (
	"context"
	"net/http"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/lifts"
)

func (h *handlers) lifts(a *api.API) {
	const tag = "加装电梯"
	api.Handle(a, post("/lift-plans/preview", tag, "what a variant comes to; nothing is kept", model.PlanLifts), h.previewLift)
	create := post("/lift-plans", tag, "lay a variant before a stairwell", model.PlanLifts)
	create.Status = http.StatusCreated
	api.Handle(a, create, h.createLift)
	api.Handle(a, get("/lift-plans", tag, "variants of one's area", model.ReadLifts), h.listLifts)
	api.Handle(a, h.onLift(get("/lift-plans/{id}", tag, "a variant with every home's share", model.ReadLifts)), h.showLift)
	api.Handle(a, h.onLift(route(http.MethodPut, "/lift-plans/{id}", tag, "replace a variant by a new version, which needs new signatures", model.PlanLifts)), h.reviseLift)
	api.Handle(a, h.onLift(post("/lift-plans/{id}/withdraw", tag, "take a variant back", model.PlanLifts)), h.withdrawLift)
	api.Handle(a, h.onLift(route(http.MethodPut, "/lift-plans/{id}/motion", tag, "name the owners' vote on this version", model.PlanLifts)), h.tieLift)
	api.Handle(a, h.onLift(get("/lift-plans/{id}/buy-in", tag, "what homes that join later pay, and the others get back", model.ReadLifts)), h.buyIn)
	hear := post("/lift-plans/{id}/hearings", tag, "note that an affected neighbour was heard", model.PlanLifts)
	hear.Status = http.StatusCreated
	api.Handle(a, h.onLift(hear), h.hearLift)
	api.Handle(a, h.onLift(get("/lift-plans/{id}/hearings", tag, "who was heard", model.ReadLifts)), h.listHearings)
	api.Handle(a, get("/lift-campaigns", tag, "stairwells that ask for a lift, the newest first", model.ReadLifts), h.listCampaigns)
	intents := get("/units/{unit_id}/lift-intents", tag, "what the homes of a stairwell say of a lift", model.ReadLifts)
	intents.Thing = func(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
		return h.Lifts.UnitOf(ctx, caller, param("unit_id"))
	}
	api.Handle(a, intents, h.listIntents)
	h.liftPapers(a)
	h.liftSteps(a)
	h.presets(a)
}

// onLift puts a route under a variant in the caller's area.
func (h *handlers) onLift(r api.Route) api.Route {
	r.Thing = api.Named(h.Lifts.PlanOf)
	return r
}

// LiftPath names a variant.
type LiftPath struct {
	ID string `path:"id"`
}

type liftPlanRequest struct {
	UnitID string `json:"unit_id" minLength:"1" maxLength:"64"`
	api.LiftTermsBody
}

func (b *liftPlanRequest) draft() (lifts.Draft, error) {
	terms, err := b.Terms()
	return lifts.Draft{UnitID: b.UnitID, Title: b.Title, Terms: terms}, err
}

func (h *handlers) previewLift(ctx context.Context, in *struct{ Body liftPlanRequest }) (*api.Body[api.LiftPlanBody], error) {
	d, err := in.Body.draft()
	if err != nil {
		return nil, err
	}
	return liftPlan(h.Lifts.Preview(ctx, api.Caller(ctx), d))
}

func (h *handlers) createLift(ctx context.Context, in *struct{ Body liftPlanRequest }) (*api.Body[api.LiftPlanBody], error) {
	d, err := in.Body.draft()
	if err != nil {
		return nil, err
	}
	return liftPlan(h.Lifts.Create(ctx, api.Caller(ctx), d))
}

func liftPlan(p *lifts.Plan, err error) (*api.Body[api.LiftPlanBody], error) {
	if err != nil {
		return nil, err
	}
	return api.Answer(api.LiftPlan(p)), nil
}

type liftListBody struct {
	ID        string    `json:"id"`
	UnitID    string    `json:"unit_id"`
	Unit      string    `json:"unit"`
	Title     string    `json:"title"`
	Version   int       `json:"version"`
	Status    string    `json:"status" enum:"open,withdrawn"`
	Cost      int64     `json:"cost_fen"`
	Subsidy   int64     `json:"subsidy_fen"`
	ToShare   int64     `json:"to_share_fen"`
	MotionID  string    `json:"motion_id,omitempty"`
	UpdatedAt time.Time `json:"updated_at"`
}

func (h *handlers) listLifts(ctx context.Context, in *struct {
	api.Page
	UnitID string `query:"unit_id" maxLength:"64"`
}) (*api.Body[api.List[liftListBody]], error) {
	rows, total, err := h.Lifts.PlansIn(ctx, api.Caller(ctx), in.UnitID, in.Offset(), in.PageSize)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(rows, total, func(l lifts.Listed) liftListBody {
		return liftListBody{
			ID: l.Plan.ID, UnitID: l.Plan.UnitID, Unit: l.Plan.UnitLabel, Title: l.As.Title, Version: l.Plan.Version, Status: string(l.Plan.Stage),
			Cost: int64(l.As.Terms.Bill.Cost), Subsidy: int64(l.As.Subsidy), ToShare: int64(l.As.ToShare), MotionID: l.As.MotionID, UpdatedAt: api.Time(l.Plan.UpdatedAt),
		}
	})), nil
}

func (h *handlers) showLift(ctx context.Context, in *struct {
	LiftPath
	Version int `query:"version" minimum:"0" maximum:"100000" doc:"an earlier one; the present one unless given"`
}) (*api.Body[api.LiftPlanBody], error) {
	return liftPlan(h.Lifts.Read(ctx, api.Found[*model.LiftPlan](ctx), in.Version))
}

func (h *handlers) reviseLift(ctx context.Context, in *struct {
	LiftPath
	Body struct {
		api.LiftTermsBody
		Reason string `json:"reason" minLength:"1" maxLength:"500"`
	}
}) (*api.Body[api.LiftPlanBody], error) {
	terms, err := in.Body.Terms()
	if err != nil {
		return nil, err
	}
	return liftPlan(h.Lifts.Revise(ctx, api.Caller(ctx), in.ID, lifts.Draft{Title: in.Body.Title, Terms: terms, Reason: in.Body.Reason}))
}

func (h *handlers) withdrawLift(ctx context.Context, in *struct {
	LiftPath
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500"`
	}
}) (*api.Nothing, error) {
	return nil, h.Lifts.Withdraw(ctx, api.Caller(ctx), in.ID, in.Body.Reason)
}

func (h *handlers) tieLift(ctx context.Context, in *struct {
	LiftPath
	Body struct {
		MotionID string `json:"motion_id" minLength:"1" maxLength:"64" doc:"a special motion, subject lift, of the unit, its building or its estate"`
	}
}) (*api.Nothing, error) {
	return nil, h.Lifts.Tie(ctx, api.Caller(ctx), in.ID, in.Body.MotionID)
}

type buyInBody struct {
	PropertyID string `json:"property_id"`
	Label      string `json:"label"`
	Pays       int64  `json:"pays_fen"`
	Back       int64  `json:"back_fen"`
}

func (h *handlers) buyIn(ctx context.Context, in *struct {
	LiftPath
	PropertyIDs []string `query:"property_ids" maxItems:"200" doc:"homes that do not join yet"`
}) (*api.Body[api.List[buyInBody]], error) {
	moves, err := h.Lifts.BuyIn(ctx, api.Found[*model.LiftPlan](ctx), in.PropertyIDs)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.AllOf(moves, func(j lifts.Joined) buyInBody {
		return buyInBody{PropertyID: j.Share.PropertyID, Label: j.Share.Label, Pays: int64(j.Pays), Back: int64(j.Back)}
	})), nil
}

type hearingBody struct {
	ID         string `json:"id"`
	Version    int    `json:"version"`
	PropertyID string `json:"property_id,omitempty"`
	Label      string `json:"label,omitempty"`
	Text       string `json:"text"`
	HeardOn    string `json:"heard_on" format:"date"`
}

func hearing(h lifts.Heard) hearingBody {
	return hearingBody{ID: h.ID, Version: h.Version, PropertyID: h.PropertyID, Label: h.Label, Text: h.Said, HeardOn: string(h.HeardOn)}
}

func (h *handlers) hearLift(ctx context.Context, in *struct {
	LiftPath
	Body struct {
		PropertyID string `json:"property_id,omitempty" maxLength:"64" doc:"a home of the estate"`
		Text       string `json:"text" minLength:"1" maxLength:"2000"`
		HeardOn    string `json:"heard_on" format:"date"`
	}
}) (*api.Body[hearingBody], error) {
	row, err := h.Lifts.Hear(ctx, api.Caller(ctx), in.ID, model.LiftHearing{PropertyID: in.Body.PropertyID, HeardOn: quantity.Date(in.Body.HeardOn)}, in.Body.Text)
	if err != nil {
		return nil, err
	}
	return api.Answer(hearing(lifts.Heard{LiftHearing: *row, Said: in.Body.Text})), nil
}

func (h *handlers) listHearings(ctx context.Context, in *LiftPath) (*api.Body[api.List[hearingBody]], error) {
	rows, err := h.Lifts.HearingsOn(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.AllOf(rows, hearing)), nil
}

type campaignListBody struct {
	ID        string    `json:"id"`
	UnitID    string    `json:"unit_id"`
	Unit      string    `json:"unit"`
	StartedAt time.Time `json:"started_at"`
	Homes     int64     `json:"homes"`
	Answers   int64     `json:"answers"`
	Want      int64     `json:"want"`
	Plans     int64     `json:"plans"`
}

func (h *handlers) listCampaigns(ctx context.Context, in *struct{ api.Page }) (*api.Body[api.List[campaignListBody]], error) {
	rows, total, err := h.Lifts.Campaigns(ctx, api.Caller(ctx), in.Offset(), in.PageSize)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(rows, total, func(c lifts.Campaign) campaignListBody {
		return campaignListBody{
			ID: c.ID, UnitID: c.UnitID, Unit: c.UnitLabel, StartedAt: api.Time(c.StartedAt), Homes: c.Homes, Answers: c.Answers, Want: c.Want, Plans: c.Plans,
		}
	})), nil
}

type officeIntentsBody struct {
	UnitID   string               `json:"unit_id"`
	Unit     string               `json:"unit"`
	Homes    int                  `json:"homes"`
	Answers  int                  `json:"answers"`
	Counts   api.LiftCountsBody   `json:"counts"`
	Items    []api.LiftIntentBody `json:"items"`
	Campaign *time.Time           `json:"campaign_started_at,omitempty"`
}

func (h *handlers) listIntents(ctx context.Context, _ *struct {
	UnitID string `path:"unit_id"`
}) (*api.Body[officeIntentsBody], error) {
	u := api.Found[*lifts.Unit](ctx)
	in, err := h.Lifts.IntentsOf(ctx, u.ID)
	if err != nil {
		return nil, err
	}
	body := officeIntentsBody{UnitID: u.ID, Unit: u.Label, Homes: in.Homes, Answers: in.Answers, Counts: api.LiftCounts(in), Items: []api.LiftIntentBody{}}
	for _, said := range in.Said {
		body.Items = append(body.Items, api.LiftIntent(said))
	}
	if in.Campaign != nil {
		body.Campaign = api.TimeOf(&in.Campaign.StartedAt)
	}
	return api.Answer(body), nil
}
