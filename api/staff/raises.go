package staff

import (
	"context"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/funds"
)

func (h *handlers) raises(a *api.API) {
	const path = "/properties/{id}/maintenance-fund/raises"
	home := api.Named(h.Funds.HomeArea)
	enter, list := creating(post(path, fundsTag, "enter money raised for a home's maintenance fund after the special vote; another person adds it", model.KeepFunds)),
		get(path, fundsTag, "what was raised for a home's maintenance fund", model.ReadFunds)
	enter.Thing, list.Thing = home, home
	api.Handle(a, enter, h.enterRaise)
	api.Handle(a, list, h.listRaises)
	const one = "/fund-raises/{id}"
	api.Handle(a, h.onRaise(get(one, fundsTag, "money raised for a maintenance fund", model.ReadFunds)), func(ctx context.Context, _ *PledgePath) (*api.Body[raiseBody], error) {
		return raise(api.Found[*model.FundRaise](ctx), nil)
	})
	api.Handle(a, h.onRaise(post(one+"/check", fundsTag, "add what another entered to the home's account", model.CheckFunds)), func(ctx context.Context, in *PledgePath) (*api.Body[raiseBody], error) {
		return raise(h.Funds.CheckRaise(ctx, api.Caller(ctx), in.ID))
	})
	api.Handle(a, h.onRaise(post(one+"/reject", fundsTag, "send back what does not agree with its paper", model.CheckFunds)), func(ctx context.Context, in *reasonRequest) (*api.Body[raiseBody], error) {
		return raise(h.Funds.RejectRaise(ctx, api.Caller(ctx), in.ID, in.Body.Reason))
	})
	api.Handle(a, h.onRaise(post(one+"/reverse", fundsTag, "enter the correction of raised money; another person books it", model.CheckFunds)), func(ctx context.Context, in *reasonRequest) (*api.Body[raiseBody], error) {
		return raise(h.Funds.ReverseRaise(ctx, api.Caller(ctx), in.ID, in.Body.Reason))
	})
}

func (h *handlers) onRaise(r api.Route) api.Route {
	r.Thing = api.Named(h.Funds.RaiseOf)
	return r
}

type raiseBody struct {
	ID         string     `json:"id"`
	Status     string     `json:"status" enum:"entered,booked,rejected,reversed"`
	PropertyID string     `json:"property_id"`
	MotionID   string     `json:"motion_id" doc:"the passed special vote that allows it"`
	Amount     int64      `json:"amount_fen"`
	OnDate     string     `json:"received_on" format:"date"`
	Reference  string     `json:"reference"`
	Note       string     `json:"note,omitempty"`
	Reverses   string     `json:"reverses,omitempty"`
	EnteredBy  string     `json:"entered_by"`
	EnteredAt  time.Time  `json:"entered_at"`
	CheckedBy  string     `json:"checked_by,omitempty"`
	CheckedAt  *time.Time `json:"checked_at,omitempty"`
}

func raiseOf(r model.FundRaise) raiseBody {
	return raiseBody{
		ID: r.ID, Status: string(r.Stage), PropertyID: r.PropertyID, MotionID: r.MotionID, Amount: int64(r.Amount), OnDate: string(r.OnDate), Reference: r.Reference,
		Note: r.Note, Reverses: r.Reverses, EnteredBy: r.EnteredBy, EnteredAt: api.Time(r.EnteredAt), CheckedBy: r.CheckedBy, CheckedAt: api.TimeOf(r.CheckedAt),
	}
}

func raise(r *model.FundRaise, err error) (*api.Body[raiseBody], error) {
	if err != nil {
		return nil, err
	}
	return api.Answer(raiseOf(*r)), nil
}

func (h *handlers) enterRaise(ctx context.Context, in *struct {
	PledgePath
	Body struct {
		Amount    int64  `json:"amount_fen" minimum:"1" maximum:"1000000000000"`
		OnDate    string `json:"received_on" format:"date" doc:"on which money came in"`
		Reference string `json:"reference" minLength:"1" maxLength:"64" doc:"of the bank's slip; the same one is entered once for a home"`
		MotionID  string `json:"motion_id,omitempty" maxLength:"64" doc:"the special vote that allows it; the newest that passed unless given"`
		Note      string `json:"note,omitempty" maxLength:"200"`
	}
}) (*api.Body[raiseBody], error) {
	b := in.Body
	return raise(h.Funds.Raise(ctx, api.Caller(ctx), in.ID, funds.RaiseEntry{
		Entry:    funds.Entry{Amount: quantity.Fen(b.Amount), OnDate: quantity.Date(b.OnDate), Reference: b.Reference, Note: b.Note},
		MotionID: b.MotionID,
	}))
}

func (h *handlers) listRaises(ctx context.Context, in *struct {
	PledgePath
	api.Page
}) (*api.Body[api.List[raiseBody]], error) {
	rows, total, err := h.Funds.Raises(ctx, in.ID, in.Offset(), in.PageSize)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(rows, total, raiseOf)), nil
}
