package staff

import (
	"context"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/search"
)

func (h *handlers) search(a *api.API) {
	api.Handle(a, get("/search", "搜索", "estates, homes, people, motions, cases, schemes and projects of one's area by a few words", model.Search), h.find)
}

type hitBody struct {
	Kind     string `json:"kind" enum:"estate,home,person,motion,case,scheme,project"`
	ID       string `json:"id" doc:"of a person their home's"`
	Label    string `json:"label" doc:"people are masked"`
	Detail   string `json:"detail,omitempty"`
	EstateID string `json:"estate_id,omitempty"`
}

type hitsBody struct {
	Items []hitBody `json:"items"`
	Total int       `json:"total" doc:"of this page"`
	More  bool      `json:"more" doc:"there is another page, or of some kind more than the five that are shown"`
}

func (h *handlers) find(ctx context.Context, in *struct {
	api.Page
	Q    string `query:"q" required:"true" minLength:"1" maxLength:"60" doc:"two characters at least; people by the whole name, the whole or the last four of a phone, or the whole, the last six or the last four of a document's number"`
	Kind string `query:"kind" enum:"estate,home,person,motion,case,scheme,project" doc:"five of each unless given"`
}) (*api.Body[hitsBody], error) {
	hits, more, err := h.Search.Find(ctx, api.Caller(ctx), in.Q, in.Kind, in.Offset(), in.PageSize)
	if err != nil {
		return nil, err
	}
	list := api.AllOf(hits, func(f search.Hit) hitBody { return hitBody(f) })
	return api.Answer(hitsBody{Items: list.Items, Total: len(hits), More: more}), nil
}
