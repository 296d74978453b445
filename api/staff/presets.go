package staff

import (
	"context"
	"net/http"

	"gongdi/api"
	"gongdi/model"
)

// presets are tables of coefficients to begin from.
func (h *handlers) presets(a *api.API) {
	const tag = "加装电梯"
	api.Handle(a, get("/lift-presets", tag, "tables of coefficients to begin from, with their source", model.ReadLifts), h.listPresets)
	add := post("/lift-presets", tag, "add a table", model.EditPresets)
	add.Status = http.StatusCreated
	api.Handle(a, add, h.addPreset)
	api.Handle(a, h.onPreset(route(http.MethodPut, "/lift-presets/{id}", tag, "change a table", model.EditPresets)), h.changePreset)
	api.Handle(a, h.onPreset(route(http.MethodDelete, "/lift-presets/{id}", tag, "take a table away", model.EditPresets)), h.dropPreset)
}

func (h *handlers) onPreset(r api.Route) api.Route {
	r.Thing = api.Named(h.Lifts.PresetOf)
	return r
}

type presetRequest struct {
	Name    string              `json:"name" minLength:"1" maxLength:"100"`
	Sharing api.LiftSharingBody `json:"sharing"`
	Source  string              `json:"source" minLength:"1" maxLength:"500" doc:"where the table comes from"`
}

type presetBody struct {
	ID      string              `json:"id"`
	Name    string              `json:"name"`
	Sharing api.LiftSharingBody `json:"sharing"`
	Source  string              `json:"source"`
	Shipped bool                `json:"shipped" doc:"as it came; the street has not edited it"`
}

func preset(p model.LiftPreset) presetBody {
	return presetBody{ID: p.ID, Name: p.Name, Sharing: api.SharingOf(p.Sharing), Source: p.Source, Shipped: p.AreaCode == ""}
}

func (h *handlers) listPresets(ctx context.Context, _ *struct{}) (*api.Body[api.List[presetBody]], error) {
	rows, err := h.Lifts.Presets(ctx, api.Caller(ctx))
	if err != nil {
		return nil, err
	}
	return api.Answer(api.AllOf(rows, preset)), nil
}

func (h *handlers) addPreset(ctx context.Context, in *struct{ Body presetRequest }) (*api.Body[presetBody], error) {
	return h.setPreset(ctx, "", in.Body)
}

func (h *handlers) changePreset(ctx context.Context, in *struct {
	ID   string `path:"id"`
	Body presetRequest
}) (*api.Body[presetBody], error) {
	return h.setPreset(ctx, in.ID, in.Body)
}

func (h *handlers) setPreset(ctx context.Context, id string, in presetRequest) (*api.Body[presetBody], error) {
	by, err := in.Sharing.Sharing("body.sharing")
	if err != nil {
		return nil, err
	}
	p, err := h.Lifts.SetPreset(ctx, api.Caller(ctx), model.LiftPreset{ID: id, Name: in.Name, Sharing: by, Source: in.Source})
	if err != nil {
		return nil, err
	}
	return api.Answer(preset(*p)), nil
}

func (h *handlers) dropPreset(ctx context.Context, in *struct {
	ID string `path:"id"`
}) (*api.Nothing, error) {
	return nil, h.Lifts.DropPreset(ctx, api.Caller(ctx), in.ID)
}
