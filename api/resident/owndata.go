package resident

import (
	"context"
	"net/http"
	"time"

	"gongdi/api"
)

func (h *handlers) ownData(a *api.API) {
	const tag = "我的信息"
	api.Handle(a, get("/me/data", tag, "a copy of everything that is kept about oneself"), h.copyOfMine)
	ask := route(http.MethodPost, "/me/corrections", tag, "ask the office to correct what it keeps about one's home")
	ask.Status = http.StatusCreated
	api.Handle(a, ask, h.askCorrection)
	api.Handle(a, gone("/me", tag, "leave: nothing is known of one any more, but the votes that one cast stand"), h.leaveForGood)
}

type copyBody struct {
	At   time.Time                   `json:"at"`
	Kept map[string][]map[string]any `json:"kept" doc:"by kind; what each row says"`
}

func (h *handlers) copyOfMine(ctx context.Context, _ *struct{}) (*api.Body[copyBody], error) {
	c, err := h.Keeping.CopyOf(ctx, api.Caller(ctx).ID)
	if err != nil {
		return nil, err
	}
	return api.Answer(copyBody{At: api.Time(c.At), Kept: c.Kept}), nil
}

type askedBody struct {
	ID string `json:"id"`
}

func (h *handlers) askCorrection(ctx context.Context, in *struct {
	Body struct {
		PropertyID string   `json:"property_id" minLength:"1" maxLength:"64"`
		Words      string   `json:"words" minLength:"1" maxLength:"500"`
		Files      []string `json:"file_ids,omitempty" maxItems:"9"`
	}
}) (*api.Body[askedBody], error) {
	id, err := h.Keeping.Ask(ctx, api.Caller(ctx), in.Body.PropertyID, in.Body.Words, in.Body.Files)
	if err != nil {
		return nil, err
	}
	return api.Answer(askedBody{ID: id}), nil
}

func (h *handlers) leaveForGood(ctx context.Context, _ *struct{}) (*api.Nothing, error) {
	caller := api.Caller(ctx)
	if err := h.Keeping.Leave(ctx, caller.ID); err != nil {
		return nil, err
	}
	return nil, h.Identity.RevokeAll(ctx, caller)
}
