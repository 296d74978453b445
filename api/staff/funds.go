package staff

import (
	"context"
	"net/http"

	"gongdi/api"
	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/fault"
	"gongdi/service/funds"
)

const fundsTag = "资金"

func (h *handlers) funds(a *api.API) {
	api.Handle(a, creating(post("/pledges", fundsTag, "enter a pledge that the office was handed", model.KeepFunds)), h.enterPledge)
	api.Handle(a, get("/pledges", fundsTag, "what is pledged to a purpose, with what came in", model.ReadFunds), h.listPledges)
	api.Handle(a, h.onPledge(get("/pledges/{id}", fundsTag, "a pledge", model.ReadFunds)), h.showPledge)
	api.Handle(a, h.onPledge(post("/pledges/{id}/confirm", fundsTag, "confirm a pledge with who made it", model.KeepFunds)), h.confirmPledge)
	api.Handle(a, h.onPledge(post("/pledges/{id}/withdraw", fundsTag, "take a pledge back for who made it", model.KeepFunds)), h.withdrawPledge)
	api.Handle(a, h.onPledge(route(http.MethodPut, "/pledges/{id}/ground", fundsTag, "say why the policy lets the treasury pay", model.KeepFunds)), h.groundPledge)
	api.Handle(a, h.onPledge(creating(post("/pledges/{id}/receipts", fundsTag, "enter money that came in; another person books it", model.KeepFunds))), h.enterReceipt)
	api.Handle(a, h.onPledge(creating(post("/pledges/{id}/refunds", fundsTag, "enter money that went back; another person books it", model.KeepFunds))), h.enterRefund)
	api.Handle(a, h.onPledge(get("/pledges/{id}/receipts", fundsTag, "the vouchers of a pledge", model.ReadFunds)), h.listVouchers)
	for _, path := range []string{"/properties/{id}/maintenance-fund"} {
		home := api.Named(h.Funds.HomeArea)
		show, put := get(path, fundsTag, "what the maintenance fund's account of a home holds", model.ReadFunds), route(http.MethodPut, path, fundsTag, "record what the maintenance fund's account of a home holds", model.KeepFunds)
		show.Thing, put.Thing = home, home
		api.Handle(a, show, h.showBalance)
		api.Handle(a, put, h.recordBalance)
	}
	h.raises(a)
	h.bankLists(a)
	h.vouchers(a)
	h.ledger(a)
	h.fundPapers(a)
}

func creating(r api.Route) api.Route {
	r.Status = http.StatusCreated
	return r
}

func (h *handlers) onPledge(r api.Route) api.Route {
	r.Thing = api.Named(h.Funds.PledgeOf)
	return r
}

type pledgeRequest struct {
	Purpose     api.PurposeBody     `json:"purpose"`
	Contributor api.ContributorBody `json:"contributor"`
	api.SourceBody
	DueOn  string `json:"due_on,omitempty" format:"date"`
	Ground string `json:"ground,omitempty" enum:"public_infrastructure,no_owner_unit,unable_to_pay,no_maintenance_fund" doc:"why the policy lets the treasury pay"`
}

func (b *pledgeRequest) draft() (funds.Draft, error) {
	d := funds.Draft{
		Purpose: b.Purpose.Purpose(), Contributor: model.Contributor(b.Contributor.Type), PropertyID: b.Contributor.PropertyID, Name: b.Contributor.Name,
		Parts: api.Parts([]api.SourceBody{b.SourceBody}), DueOn: quantity.Date(b.DueOn), Ground: model.FiscalGround(b.Ground),
	}
	switch household := d.Contributor == model.Household; {
	case household && d.PropertyID == "":
		return d, fault.Unknown("body.contributor.property_id", "请写明哪一户")
	case !household && d.PropertyID != "":
		return d, fault.Unknown("body.contributor.property_id", "只有住户有房屋")
	case !household && d.Name == "":
		d.Name = map[model.Contributor]string{model.OriginalUnit: "原产权单位", model.PipelineCompany: "管线单位", model.SocialCapital: "社会资本", model.Treasury: "财政"}[d.Contributor]
	case household:
		d.Name = "" // whose home it is, the register knows
	}
	return d, nil
}

func (h *handlers) enterPledge(ctx context.Context, in *struct{ Body pledgeRequest }) (*api.Body[api.PledgeBody], error) {
	d, err := in.Body.draft()
	if err != nil {
		return nil, err
	}
	p, err := h.Funds.PurposeOf(ctx, api.Caller(ctx), d.Purpose, "body.purpose.id")
	if err != nil {
		return nil, err
	}
	return api.PledgeOr(h.Funds.Enter(ctx, api.Caller(ctx), p, d))
}

// PurposeQuery names a purpose in a query.
type PurposeQuery struct {
	Type string `query:"purpose_type" required:"true" enum:"lift,estate"`
	ID   string `query:"purpose_id" required:"true" minLength:"1" maxLength:"64"`
}

func (h *handlers) purpose(ctx context.Context, q PurposeQuery) (*funds.Purpose, error) {
	return h.Funds.PurposeOf(ctx, api.Caller(ctx), model.Purpose{Type: model.PurposeType(q.Type), ID: q.ID}, "query.purpose_id")
}

func (h *handlers) listPledges(ctx context.Context, in *struct {
	api.Page
	PurposeQuery
}) (*api.Body[api.List[api.PledgeBody]], error) {
	p, err := h.purpose(ctx, in.PurposeQuery)
	if err != nil {
		return nil, err
	}
	return api.Pledges(h.Funds.PledgesTo(ctx, p.Purpose, in.Offset(), in.PageSize))
}

// PledgePath names a pledge.
type PledgePath struct {
	ID string `path:"id"`
}

func (h *handlers) showPledge(ctx context.Context, _ *PledgePath) (*api.Body[api.PledgeBody], error) {
	return api.PledgeOr(h.Funds.Stand(ctx, api.Found[*model.Pledge](ctx)))
}

func (h *handlers) confirmPledge(ctx context.Context, in *struct {
	PledgePath
	Body struct {
		DueOn string `json:"due_on,omitempty" format:"date" doc:"by when the money is to come in"`
	} `required:"false"`
}) (*api.Body[api.PledgeBody], error) {
	return api.PledgeOr(h.Funds.Confirm(ctx, api.Caller(ctx), api.Found[*model.Pledge](ctx), quantity.Date(in.Body.DueOn)))
}

func (h *handlers) withdrawPledge(ctx context.Context, _ *PledgePath) (*api.Body[api.PledgeBody], error) {
	return api.PledgeOr(h.Funds.Withdraw(ctx, api.Caller(ctx), api.Found[*model.Pledge](ctx)))
}

func (h *handlers) groundPledge(ctx context.Context, in *struct {
	PledgePath
	Body struct {
		Ground string `json:"ground" enum:"public_infrastructure,no_owner_unit,unable_to_pay,no_maintenance_fund"`
	}
}) (*api.Body[api.PledgeBody], error) {
	return api.PledgeOr(h.Funds.Ground(ctx, api.Caller(ctx), api.Found[*model.Pledge](ctx), model.FiscalGround(in.Body.Ground)))
}

type balanceBody struct {
	Balance *int64 `json:"balance_fen" nullable:"true" doc:"null when nothing is recorded; what is drawn here is taken off"`
	AsOf    string `json:"as_of,omitempty" format:"date"`
}

func (h *handlers) showBalance(ctx context.Context, in *PledgePath) (*api.Body[balanceBody], error) {
	b, err := h.Funds.BalanceOf(ctx, in.ID)
	if err != nil || b == nil {
		return api.Answer(balanceBody{}), err
	}
	balance := int64(b.Balance)
	return api.Answer(balanceBody{Balance: &balance, AsOf: string(b.AsOf)}), nil
}

func (h *handlers) recordBalance(ctx context.Context, in *struct {
	PledgePath
	Body struct {
		Balance int64  `json:"balance_fen" minimum:"0" maximum:"1000000000000"`
		AsOf    string `json:"as_of" format:"date"`
	}
}) (*api.Body[balanceBody], error) {
	b := model.MaintenanceBalance{Balance: quantity.Fen(in.Body.Balance), AsOf: quantity.Date(in.Body.AsOf)}
	if err := h.Funds.RecordBalance(ctx, api.Caller(ctx), in.ID, api.Found[string](ctx), b); err != nil {
		return nil, err
	}
	return h.showBalance(ctx, &in.PledgePath)
}
