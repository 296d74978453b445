package staff

import (
	"context"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/registry"
)

// TieBody is a binding as the community decides it.
type TieBody struct {
	ID         string     `json:"id"`
	PropertyID string     `json:"property_id"`
	Label      string     `json:"label"`
	EstateID   string     `json:"estate_id"`
	Estate     string     `json:"estate"`
	Relation   string     `json:"relation" enum:"owner,tenant,family"`
	Status     string     `json:"status" enum:"pending,verified,rejected,ended"`
	Proof      string     `json:"proof" doc:"document, roster_phone, in_person; empty until verified"`
	Reason     string     `json:"reason" doc:"of a rejection"`
	CreatedAt  time.Time  `json:"created_at"`
	DecidedAt  *time.Time `json:"decided_at" nullable:"true"`
}

type caseBody struct {
	TieBody
	Name        string         `json:"name" doc:"as the resident wrote it, to compare with the document shown"`
	PhoneMasked string         `json:"phone_masked"`
	Owners      []likenessBody `json:"owners" doc:"the home's owners in the roster, and what of the request matches them"`
}

type likenessBody struct {
	NameMasked   string `json:"name_masked"`
	NameMatches  bool   `json:"name_matches"`
	PhoneMatches bool   `json:"phone_matches"`
}

func (h *handlers) bindings(a *api.API) {
	const tag = "绑定审核"
	api.Handle(a, get("/bindings", tag, "residents' ties to homes of one's area, the oldest first", model.DecideBindings), h.listBindings)
	api.Handle(a, h.onCase(post("/bindings/{id}/verify", tag, "accept who has shown in person who they are", model.DecideBindings)), h.verify)
	api.Handle(a, h.onCase(post("/bindings/{id}/reject", tag, "refuse, with the reason that the resident is told", model.DecideBindings)), h.reject)
}

// onCase puts a route under a binding to a home of the caller's area.
func (h *handlers) onCase(r api.Route) api.Route {
	r.Thing = func(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
		return nil, h.Registry.HasCase(ctx, caller, param("id"))
	}
	return r
}

func (h *handlers) listBindings(ctx context.Context, in *struct {
	api.Page
	Status   string `query:"status" enum:"pending,verified,rejected,ended"`
	EstateID string `query:"estate_id" maxLength:"64"`
}) (*api.Body[api.List[caseBody]], error) {
	cases, total, err := h.Registry.CasesOf(ctx, api.Caller(ctx), registry.Cases{
		Status: model.BindingStatus(in.Status), EstateID: in.EstateID, Page: page(in.Page),
	})
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(cases, total, caseOf)), nil
}

func (h *handlers) verify(ctx context.Context, in *struct {
	ID string `path:"id"`
}) (*api.Body[TieBody], error) {
	return decided(h.Registry.Verify(ctx, api.Caller(ctx), in.ID))
}

func (h *handlers) reject(ctx context.Context, in *reasonBody) (*api.Body[TieBody], error) {
	return decided(h.Registry.Reject(ctx, api.Caller(ctx), in.ID, in.Body.Reason))
}

func decided(b registry.Bound, err error) (*api.Body[TieBody], error) {
	if err != nil {
		return nil, err
	}
	return api.Answer(tie(b)), nil
}

func tie(b registry.Bound) TieBody {
	return TieBody{
		ID: b.ID, PropertyID: b.PropertyID, Label: b.Label, EstateID: b.EstateID, Estate: b.Estate, Relation: string(b.Relation),
		Status: string(b.Status), Proof: string(b.Proof), Reason: b.Reason, CreatedAt: api.Time(b.CreatedAt), DecidedAt: api.TimeOf(b.DecidedAt),
	}
}

func caseOf(c registry.Case) caseBody {
	body := caseBody{TieBody: tie(c.Bound), Name: c.Name, PhoneMasked: c.PhoneMasked, Owners: make([]likenessBody, 0, len(c.Owners))}
	for _, o := range c.Owners {
		body.Owners = append(body.Owners, likenessBody{NameMasked: o.NameMasked, NameMatches: o.Name, PhoneMatches: o.Phone})
	}
	return body
}
