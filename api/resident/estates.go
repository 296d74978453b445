package resident

import (
	"context"

	"gongdi/api"
	"gongdi/service/registry"
)

type estateBody struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Community string `json:"community"`
}

// doorBody is a home with nothing about whose it is.
type doorBody struct {
	ID       string `json:"id"`
	Label    string `json:"label"`
	Building string `json:"building"`
	Unit     string `json:"unit"`
	Floor    *int   `json:"floor" nullable:"true"`
	Room     string `json:"room"`
	Use      string `json:"use" doc:"empty when it is not known"`
}

func (h *handlers) estates(a *api.API) {
	const tag = "小区与房屋"
	api.Handle(a, get("/estates", tag, "estates, to find one's home"), h.listEstates)
	api.Handle(a, get("/estates/{id}/properties", tag, "the homes of an estate in walking order"), h.listProperties)
}

func (h *handlers) listEstates(ctx context.Context, in *struct {
	api.Page
	Q string `query:"q" maxLength:"60" doc:"a part of the name"`
}) (*api.Body[api.List[estateBody]], error) {
	estates, total, err := h.Registry.Estates(ctx, in.Q, registry.Page{Offset: in.Offset(), Limit: in.PageSize})
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(estates, total, func(e registry.EstateName) estateBody { return estateBody(e) })), nil
}

func (h *handlers) listProperties(ctx context.Context, in *struct {
	api.Page
	ID       string `path:"id"`
	Building string `query:"building" maxLength:"64" doc:"in any spelling: 1栋, 1号楼"`
	Unit     string `query:"unit" maxLength:"64" doc:"in any spelling: 1单元, 一单元"`
}) (*api.Body[api.List[doorBody]], error) {
	doors, total, err := h.Registry.Doors(ctx, registry.Homes{
		EstateID: in.ID, Building: in.Building, Unit: in.Unit, Page: registry.Page{Offset: in.Offset(), Limit: in.PageSize},
	})
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(doors, total, door)), nil
}

func door(p registry.Property) doorBody {
	return doorBody{ID: p.ID, Label: p.Label, Building: p.Building, Unit: p.Unit, Floor: p.Floor, Room: p.Room, Use: string(p.Use)}
}
