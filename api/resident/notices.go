package resident

import (
	"context"
	"net/http"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/notices"
)

func (h *handlers) notices(a *api.API) {
	const tag = "公告公示"
	seen := func(r api.Route) api.Route {
		r.Thing = api.Named(h.Notices.Sees)
		return r
	}
	api.Handle(a, get("/notices", tag, "notices for one's own homes"), h.listNotices)
	api.Handle(a, seen(get("/notices/{id}", tag, "a notice, with what one said to it")), h.showNotice)
	api.Handle(a, seen(get("/notices/{id}/files/{file_id}", tag, "an attachment")), h.noticeFile)
	read := seen(route(http.MethodPost, "/notices/{id}/read", tag, "the household has read it"))
	read.Status = http.StatusNoContent
	api.Handle(a, read, h.readNotice)
	confirm := seen(route(http.MethodPost, "/notices/{id}/confirm", tag, "the household confirms that it knows of it"))
	confirm.Status = http.StatusNoContent
	api.Handle(a, confirm, h.confirmNotice)
	object := seen(route(http.MethodPost, "/notices/{id}/objections", tag, "object to what is publicised"))
	object.Status = http.StatusCreated
	api.Handle(a, object, h.object)
	suggest := seen(route(http.MethodPost, "/notices/{id}/suggestions", tag, "a suggestion on a draft, a drawing, a scheme"))
	suggest.Status = http.StatusCreated
	api.Handle(a, suggest, h.suggest)
	withdraw := gone("/objections/{id}", tag, "withdraw one's objection")
	withdraw.Thing = func(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
		return nil, h.Notices.HasObjection(ctx, "", caller.ID, param("id"))
	}
	api.Handle(a, withdraw, h.withdrawObjection)
}

func (h *handlers) listNotices(ctx context.Context, in *struct {
	api.Page
	Kind string `query:"kind" enum:"announcement,publicity,policy,works,outage,meeting"`
}) (*api.Body[api.List[api.NoticeBody]], error) {
	rows, total, err := h.Notices.ForResident(ctx, api.Caller(ctx), notices.Listing{Kind: model.NoticeKind(in.Kind), Offset: in.Offset(), Limit: in.PageSize})
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(rows, total, func(n model.Notice) api.NoticeBody { return api.Notice(&n, h.Notices.Now()) })), nil
}

type shownNotice struct {
	api.NoticeBody
	Versions    []api.VersionBody    `json:"versions"`
	Households  int64                `json:"households_read" doc:"how many have read it"`
	Objections  []api.ObjectionBody  `json:"my_objections"`
	Suggestions []api.SuggestionBody `json:"suggestions" doc:"those answered, and one's own"`
}

func (h *handlers) showNotice(ctx context.Context, in *struct {
	ID string `path:"id"`
}) (*api.Body[shownNotice], error) {
	n, caller := api.Found[*model.Notice](ctx), api.Caller(ctx)
	body := shownNotice{NoticeBody: api.Notice(n, h.Notices.Now()), Objections: []api.ObjectionBody{}, Suggestions: []api.SuggestionBody{}}
	versions, err := h.Notices.Versions(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	body.Versions = api.Versions(versions)
	if body.Households, err = h.Notices.ReadersCount(ctx, n); err != nil {
		return nil, err
	}
	objections, err := h.Notices.ObjectionsTo(ctx, in.ID, caller.ID)
	if err != nil {
		return nil, err
	}
	for _, o := range objections {
		body.Objections = append(body.Objections, api.Objection(o))
	}
	suggestions, err := h.Notices.SuggestionsOn(ctx, in.ID, caller.ID)
	if err != nil {
		return nil, err
	}
	for _, g := range suggestions {
		body.Suggestions = append(body.Suggestions, api.Suggestion(caller)(g))
	}
	return api.Answer(body), nil
}

func (h *handlers) noticeFile(ctx context.Context, in *struct {
	ID     string `path:"id"`
	FileID string `path:"file_id"`
	api.Sized
}) (*api.File, error) {
	f, content, err := in.Show(ctx, h.Files, notices.About(in.ID), in.FileID)
	if err != nil {
		return nil, err
	}
	return api.Shown(f, content), nil
}

func (h *handlers) readNotice(ctx context.Context, in *struct {
	ID string `path:"id"`
}) (*api.Nothing, error) {
	return nil, h.Notices.Read(ctx, api.Caller(ctx), in.ID, false)
}

func (h *handlers) confirmNotice(ctx context.Context, in *struct {
	ID string `path:"id"`
}) (*api.Nothing, error) {
	return nil, h.Notices.Read(ctx, api.Caller(ctx), in.ID, true)
}

type saidBody struct {
	ID     string `json:"id"`
	Status string `json:"status"`
	DueOn  string `json:"due_on,omitempty" doc:"the last working day for the answer"`
}

func (h *handlers) object(ctx context.Context, in *struct {
	ID   string `path:"id"`
	Body struct {
		Text  string   `json:"text" minLength:"1" maxLength:"2000"`
		Files []string `json:"file_ids,omitempty" maxItems:"9"`
	}
}) (*api.Body[saidBody], error) {
	o, err := h.Notices.Object(ctx, api.Caller(ctx), in.ID, in.Body.Text, in.Body.Files)
	if err != nil {
		return nil, err
	}
	return api.Answer(saidBody{ID: o.ID, Status: string(o.Status), DueOn: string(o.DueOn)}), nil
}

func (h *handlers) suggest(ctx context.Context, in *struct {
	ID   string `path:"id"`
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"2000"`
	}
}) (*api.Body[saidBody], error) {
	g, err := h.Notices.Suggest(ctx, api.Caller(ctx), in.ID, in.Body.Text)
	if err != nil {
		return nil, err
	}
	return api.Answer(saidBody{ID: g.ID, Status: string(g.Status)}), nil
}

func (h *handlers) withdrawObjection(ctx context.Context, in *struct {
	ID string `path:"id"`
}) (*api.Nothing, error) {
	return nil, h.Notices.WithdrawObjection(ctx, api.Caller(ctx), in.ID)
}
