package staff

import (
	"context"
	"net/http"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/registry"
)

type estateBody struct {
	ID         string    `json:"id"`
	Name       string    `json:"name"`
	AreaCode   string    `json:"area"`
	Community  string    `json:"community" doc:"empty when it is not known"`
	BuiltYear  *int      `json:"built_year" nullable:"true"`
	AcceptedOn string    `json:"accepted_on" doc:"the day of completion; empty until then"`
	Properties int64     `json:"properties"`
	Incomplete int64     `json:"incomplete"`
	Area       api.Area  `json:"area_m2" doc:"of the homes whose area is known"`
	CreatedAt  time.Time `json:"created_at"`
}

type buildingBody struct {
	ID       string `json:"id"`
	Building string `json:"building"`
	Units    int64  `json:"units"`
	Homes    int64  `json:"homes"`
}

type unitBody struct {
	ID         string `json:"id"`
	BuildingID string `json:"building_id"`
	Building   string `json:"building"`
	Unit       string `json:"unit"`
	Floors     int64  `json:"floors" doc:"the highest floor; 0 when none is known"`
	Homes      int64  `json:"homes"`
}

type estatePath struct {
	api.Page
	ID string `path:"id"`
}

func (h *handlers) estates(a *api.API) {
	const tag = "房屋档案"
	api.Handle(a, get("/estates", tag, "estates of one's area", model.ReadRegistry), h.listEstates)
	api.Handle(a, h.onEstate(route(http.MethodPatch, "/estates/{id}", tag, "set when an estate was built, and when its renovation was accepted", model.EditRegistry)), h.dateEstate)
	api.Handle(a, h.onEstate(get("/estates/{id}/buildings", tag, "the buildings of an estate", model.ReadRegistry)), h.listBuildings)
	api.Handle(a, h.onEstate(get("/estates/{id}/units", tag, "the stairwells of an estate", model.ReadRegistry)), h.listUnits)
}

// onEstate puts a route under an estate of the caller's area.
func (h *handlers) onEstate(r api.Route) api.Route {
	r.Thing = func(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
		return nil, h.Registry.HasEstate(ctx, caller, param("id"))
	}
	return r
}

func (h *handlers) dateEstate(ctx context.Context, in *struct {
	ID   string `path:"id"`
	Body struct {
		BuiltYear  *int    `json:"built_year,omitempty"`
		AcceptedOn *string `json:"accepted_on,omitempty" maxLength:"10" doc:"a day, or empty to take it back"`
		Reason     string  `json:"reason" minLength:"1" maxLength:"500"`
	}
}) (*api.Body[estateDatesBody], error) {
	d := registry.Dates{BuiltYear: in.Body.BuiltYear, Reason: in.Body.Reason}
	if in.Body.AcceptedOn != nil {
		day := quantity.Date(*in.Body.AcceptedOn)
		d.AcceptedOn = &day
	}
	e, err := h.Registry.DateEstate(ctx, api.Caller(ctx), in.ID, d)
	if err != nil {
		return nil, err
	}
	return api.Answer(estateDatesBody{ID: e.ID, BuiltYear: e.BuiltYear, AcceptedOn: string(e.AcceptedOn)}), nil
}

type estateDatesBody struct {
	ID         string `json:"id"`
	BuiltYear  *int   `json:"built_year" nullable:"true"`
	AcceptedOn string `json:"accepted_on"`
}

func page(p api.Page) registry.Page { return registry.Page{Offset: p.Offset(), Limit: p.PageSize} }

func (h *handlers) listEstates(ctx context.Context, in *struct {
	api.Page
	Q string `query:"q" maxLength:"60" doc:"a part of the name"`
}) (*api.Body[api.List[estateBody]], error) {
	estates, total, err := h.Registry.EstatesOf(ctx, api.Caller(ctx), in.Q, page(in.Page))
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(estates, total, func(e registry.Estate) estateBody {
		return estateBody{
			ID: e.ID, Name: e.Name, AreaCode: e.AreaCode, Community: e.Community, BuiltYear: e.BuiltYear, AcceptedOn: string(e.AcceptedOn),
			Properties: e.Homes, Incomplete: e.Incomplete, Area: api.Area(e.Area), CreatedAt: api.Time(e.CreatedAt),
		}
	})), nil
}

func (h *handlers) listBuildings(ctx context.Context, in *estatePath) (*api.Body[api.List[buildingBody]], error) {
	buildings, total, err := h.Registry.Buildings(ctx, in.ID, page(in.Page))
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(buildings, total, func(b registry.Building) buildingBody { return buildingBody(b) })), nil
}

func (h *handlers) listUnits(ctx context.Context, in *estatePath) (*api.Body[api.List[unitBody]], error) {
	units, total, err := h.Registry.Units(ctx, in.ID, page(in.Page))
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(units, total, func(u registry.Unit) unitBody { return unitBody(u) })), nil
}
