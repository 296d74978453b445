package resident

import (
	"context"
	"io"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/schemes"
)

func (h *handlers) schemes(a *api.API) {
	const tag = "改造方案"
	list := get("/estates/{id}/schemes", tag, "the published schemes of one's estate, its buildings and stairwells")
	list.Thing = func(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
		return nil, h.Schemes.LivesIn(ctx, caller, param("id"))
	}
	api.Handle(a, list, h.listSchemes)
	seen := func(r api.Route) api.Route {
		r.Thing = api.Named(h.Schemes.Sees)
		return r
	}
	api.Handle(a, seen(get("/schemes/{id}", tag, "a published version of a scheme")), h.showScheme)
	api.Handle(a, seen(get("/schemes/{id}/versions", tag, "the published versions")), h.schemeVersions)
	api.Handle(a, seen(get("/schemes/{id}/versions/{n}/diff", tag, "what a published version says otherwise than an earlier one")), h.schemeDiff)
	api.Handle(a, seen(get("/schemes/{id}/scheme.pdf", tag, "a published version, A4")), h.printScheme)
	api.Handle(a, seen(get("/schemes/{id}/files/{file_id}", tag, "a drawing of a published version")), h.schemeFile)
	api.Handle(a, seen(get("/schemes/{id}/suggestions", tag, "suggestions that are answered, one's own, and where they went")), h.schemeSuggestions)
}

func (h *handlers) listSchemes(ctx context.Context, in *struct {
	api.Page
	ID string `path:"id"`
}) (*api.Body[api.List[api.SchemeListBody]], error) {
	rows, total, err := h.Schemes.ShownIn(ctx, in.ID, in.Offset(), in.PageSize)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(rows, total, api.SchemeListed)), nil
}

// SchemePath names a scheme.
type SchemePath struct {
	ID string `path:"id"`
}

type schemeVersionQuery struct {
	SchemePath
	Version int `query:"version" minimum:"0" maximum:"100000" doc:"an earlier one; the latest unless given"`
}

func (h *handlers) showScheme(ctx context.Context, in *schemeVersionQuery) (*api.Body[api.SchemeBody], error) {
	v, err := h.Schemes.Shown(ctx, api.Found[*model.Scheme](ctx), in.Version)
	if err != nil {
		return nil, err
	}
	return api.SchemeOf(ctx, h.Schemes, v, v.Scheme.Published)
}

func (h *handlers) schemeVersions(ctx context.Context, in *SchemePath) (*api.Body[api.List[api.SchemeVersionBody]], error) {
	rows, err := h.Schemes.Versions(ctx, in.ID, true)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.AllOf(rows, api.SchemeVersion)), nil
}

func (h *handlers) schemeDiff(ctx context.Context, in *struct {
	SchemePath
	api.SchemeVersions
}) (*api.Body[api.SchemeDiffBody], error) {
	return in.Compare(ctx, h.Schemes.Shown)
}

func (h *handlers) printScheme(ctx context.Context, in *schemeVersionQuery) (*api.File, error) {
	v, err := h.Schemes.Shown(ctx, api.Found[*model.Scheme](ctx), in.Version)
	if err != nil {
		return nil, err
	}
	return api.Save("application/pdf", "scheme.pdf", func(w io.Writer) error { return h.Schemes.Print(ctx, v, w) })
}

func (h *handlers) schemeFile(ctx context.Context, in *struct {
	SchemePath
	FileID string `path:"file_id"`
	api.Sized
}) (*api.File, error) {
	if err := h.Schemes.ShowsDrawing(ctx, in.ID, in.FileID); err != nil {
		return nil, err
	}
	f, content, err := in.Show(ctx, h.Files, schemes.About(in.ID), in.FileID)
	if err != nil {
		return nil, err
	}
	return api.Shown(f, content), nil
}

func (h *handlers) schemeSuggestions(ctx context.Context, in *SchemePath) (*api.Body[api.List[api.SchemeSuggestionBody]], error) {
	caller := api.Caller(ctx)
	rows, err := h.Schemes.Suggestions(ctx, in.ID, caller.ID)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.AllOf(rows, api.SchemeSuggestion(caller))), nil
}
