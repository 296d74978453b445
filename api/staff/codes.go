package staff

import (
	"context"
	"io"

	"gongdi/api"
	"gongdi/model"
)

func (h *handlers) codes(a *api.API) {
	const tag = "入户码"
	under := func(r api.Route) api.Route {
		r.Thing = func(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
			return nil, h.Codes.Has(ctx, caller, param("type"), param("id"))
		}
		return r
	}
	api.Handle(a, under(get("/codes/{type}/{id}", tag, "the code of an estate, building, unit, motion, survey, meeting or notice, as a picture", model.PrintPapers)), h.doorCode)
	api.Handle(a, under(get("/codes/{type}/{id}/card.pdf", tag, "a card for the door with the code, A4", model.PrintPapers)), h.doorCard)
}

// CodePath names what a code leads to.
type CodePath struct {
	Type string `path:"type" doc:"estate, building, unit, motion, survey, meeting, notice"`
	ID   string `path:"id"`
}

func (h *handlers) doorCode(ctx context.Context, in *CodePath) (*api.File, error) {
	c, err := h.Codes.Of(ctx, api.Caller(ctx), in.Type, in.ID)
	if err != nil {
		return nil, err
	}
	name := "code-" + in.ID + map[string]string{"image/jpeg": ".jpg", "image/png": ".png"}[c.MediaType]
	return api.Save(c.MediaType, name, func(w io.Writer) error {
		_, err := w.Write(c.Picture)
		return err
	})
}

func (h *handlers) doorCard(ctx context.Context, in *CodePath) (*api.File, error) {
	return api.Save("application/pdf", "card-"+in.ID+".pdf", func(w io.Writer) error {
		return h.Codes.Card(ctx, api.Caller(ctx), in.Type, in.ID, w)
	})
}
