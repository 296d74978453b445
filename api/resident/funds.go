package resident

import (
	"context"
	"io"
	"net/http"

	"gongdi/api"
	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/document"
	"gongdi/service/fault"
	"gongdi/service/funds"
	"gongdi/service/lifts"
)

func (h *handlers) funds(a *api.API) {
	const tag = "资金"
	onLift := route(http.MethodPut, "/lift-plans/{id}/pledges/{property_id}", tag, "pledge for one's home on this version of a variant")
	onLift.Thing = h.tieToPlanHome
	api.Handle(a, onLift, h.pledgeLift)
	made := route(http.MethodPost, "/pledges", tag, "pledge towards one's estate's works")
	made.Status = http.StatusCreated
	api.Handle(a, made, h.pledgeEstate)
	api.Handle(a, get("/pledges", tag, "one's own pledges, with what came in"), h.myPledges)
	withdraw := route(http.MethodPost, "/pledges/{id}/withdraw", tag, "take a pledge back, free until the agreement is signed")
	withdraw.Thing = api.Named(h.Funds.OwnPledge)
	api.Handle(a, withdraw, h.withdrawPledge)
	certificate := get("/pledges/{id}/certificate.pdf", tag, "what one's home has pledged and paid for a purpose, A4")
	certificate.Thing = withdraw.Thing
	api.Handle(a, certificate, h.ownCertificate)
	for _, of := range []struct {
		path string
		kind model.PurposeType
	}{{"/lift-plans/{id}/funds", model.ForLift}, {"/estates/{id}/funds", model.ForEstate}} {
		r := get(of.path, tag, "what is pledged and what came in and went out, in totals")
		r.Thing = func(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
			return h.Funds.Sees(ctx, caller, model.Purpose{Type: of.kind, ID: param("id")})
		}
		api.Handle(a, r, h.fundsOverview)
	}
}

func (h *handlers) pledgeLift(ctx context.Context, in *struct {
	LiftPath
	PropertyID string `path:"property_id"`
	Body       struct {
		Version int              `json:"plan_version" minimum:"1" maximum:"100000" doc:"the version that was read"`
		Sources []api.SourceBody `json:"sources" minItems:"1" maxItems:"10"`
		OnlyIf  *api.OnlyIfBody  `json:"only_if,omitempty"`
	}
}) (*api.Body[api.PledgeBody], error) {
	d := funds.Draft{
		Purpose: model.Purpose{Type: model.ForLift, ID: in.ID}, Version: in.Body.Version, Contributor: model.Household, PropertyID: in.PropertyID, Parts: api.Parts(in.Body.Sources),
	}
	if only := in.Body.OnlyIf; only != nil {
		d.Most, d.LeastHomes = (*quantity.Fen)(only.Most), only.Homes
	}
	return api.PledgeOr(h.Funds.PledgeLift(ctx, api.Caller(ctx), api.Found[*lifts.Tie](ctx).Relation, d))
}

func (h *handlers) pledgeEstate(ctx context.Context, in *struct {
	Body struct {
		EstateID   string           `json:"estate_id" minLength:"1" maxLength:"64"`
		PropertyID string           `json:"property_id" minLength:"1" maxLength:"64"`
		Sources    []api.SourceBody `json:"sources" minItems:"1" maxItems:"10"`
	}
}) (*api.Body[api.PledgeBody], error) {
	caller := api.Caller(ctx)
	tie, err := h.Funds.TieTo(ctx, caller, in.Body.PropertyID)
	if err != nil {
		return nil, err
	}
	if tie.EstateID != in.Body.EstateID {
		return nil, fault.Unknown("body.estate_id", "这套房屋不在这个小区")
	}
	return api.PledgeOr(h.Funds.PledgeEstate(ctx, caller, tie, funds.Draft{
		Purpose: model.Purpose{Type: model.ForEstate, ID: in.Body.EstateID}, Contributor: model.Household, PropertyID: tie.PropertyID, Parts: api.Parts(in.Body.Sources),
	}))
}

func (h *handlers) myPledges(ctx context.Context, in *struct{ api.Page }) (*api.Body[api.List[api.PledgeBody]], error) {
	return api.Pledges(h.Funds.PledgesOfResident(ctx, api.Caller(ctx), in.Offset(), in.PageSize))
}

func (h *handlers) withdrawPledge(ctx context.Context, _ *LiftPath) (*api.Body[api.PledgeBody], error) {
	return api.PledgeOr(h.Funds.Withdraw(ctx, api.Caller(ctx), api.Found[*model.Pledge](ctx)))
}

func (h *handlers) ownCertificate(ctx context.Context, in *LiftPath) (*api.File, error) {
	all, err := h.Funds.OwnCertificate(ctx, api.Caller(ctx), api.Found[*model.Pledge](ctx))
	if err != nil {
		return nil, err
	}
	return api.Save("application/pdf", "certificate-"+in.ID+".pdf", func(w io.Writer) error { return document.Certificates(w, all) })
}

func (h *handlers) fundsOverview(ctx context.Context, _ *LiftPath) (*api.Body[api.OverviewBody], error) {
	o, err := h.Funds.OverviewOf(ctx, api.Found[*funds.Purpose](ctx).Purpose)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.Overview(o)), nil
}
