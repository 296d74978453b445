package staff

import (
	"context"
	"io"
	"net/http"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/schemes"
)

const schemesTag = "改造方案"

func (h *handlers) schemes(a *api.API) {
	create := post("/schemes", schemesTag, "begin the scheme of an estate, a building or a stairwell", model.WriteSchemes)
	create.Status = http.StatusCreated
	api.Handle(a, create, h.createScheme)
	api.Handle(a, post("/schemes/suggest", schemesTag, "contents for a scheme from the residents' wishes and cases, with their bases; nothing is kept", model.WriteSchemes), h.suggestScheme)
	api.Handle(a, get("/schemes", schemesTag, "the schemes of one's area", model.ReadSchemes), h.listSchemes)
	api.Handle(a, h.onScheme(get("/schemes/{id}", schemesTag, "a scheme in a version", model.ReadSchemes)), h.showScheme)
	api.Handle(a, h.onScheme(route(http.MethodPut, "/schemes/{id}", schemesTag, "change a draft, or make a new version of what is published", model.WriteSchemes)), h.reviseScheme)
	api.Handle(a, h.onScheme(post("/schemes/{id}/publish", schemesTag, "show the present version to the residents; it is never changed again", model.WriteSchemes)), h.publishScheme)
	api.Handle(a, h.onScheme(post("/schemes/{id}/withdraw", schemesTag, "take a scheme back that is not approved", model.WriteSchemes)), h.withdrawScheme)
	api.Handle(a, h.onScheme(get("/schemes/{id}/versions", schemesTag, "all versions", model.ReadSchemes)), h.schemeVersions)
	api.Handle(a, h.onScheme(get("/schemes/{id}/versions/{n}/diff", schemesTag, "what a version says otherwise than an earlier one", model.ReadSchemes)), h.schemeDiff)
	api.Handle(a, h.onScheme(get("/schemes/{id}/scheme.pdf", schemesTag, "a version, A4", model.ReadSchemes)), h.printScheme)
	api.Handle(a, h.onScheme(get("/schemes/{id}/files/{file_id}", schemesTag, "a drawing", model.ReadSchemes)), h.schemeFile)
	api.Handle(a, h.onScheme(get("/schemes/{id}/suggestions", schemesTag, "what residents suggested, and where it went", model.WriteNotices)), h.schemeSuggestions)
	notice := h.onScheme(post("/schemes/{id}/notice", schemesTag, "draft the notice that publicises the present version", model.WriteNotices))
	notice.Status = http.StatusCreated
	api.Handle(a, notice, h.announceScheme)
	motion := h.onScheme(post("/schemes/{id}/motion", schemesTag, "draft the owners' vote on the present version", model.DraftMotions))
	motion.Status = http.StatusCreated
	api.Handle(a, motion, h.putScheme)
	api.Handle(a, h.onScheme(route(http.MethodPut, "/schemes/{id}/motion", schemesTag, "name the owners' vote on the present version", model.WriteSchemes)), h.tieScheme)
	h.catalogue(a)
}

// onScheme puts a route under a scheme of the caller's area.
func (h *handlers) onScheme(r api.Route) api.Route {
	r.Thing = api.Named(h.Schemes.Of)
	return r
}

// SchemePath names a scheme.
type SchemePath struct {
	ID string `path:"id"`
}

type schemeVersionQuery struct {
	SchemePath
	Version int `query:"version" minimum:"0" maximum:"100000" doc:"an earlier one; the present one unless given"`
}

func (h *handlers) scheme(ctx context.Context, v *schemes.Version, err error) (*api.Body[api.SchemeBody], error) {
	if err != nil {
		return nil, err
	}
	return api.SchemeOf(ctx, h.Schemes, v, v.Scheme.Version)
}

func (h *handlers) createScheme(ctx context.Context, in *struct {
	Body struct {
		Scope api.SchemeScopeBody `json:"scope"`
		api.SchemeDraftBody
	}
}) (*api.Body[api.SchemeBody], error) {
	v, err := h.Schemes.Create(ctx, api.Caller(ctx), model.ScopeType(in.Body.Scope.Type), in.Body.Scope.ID, in.Body.Draft(""))
	return h.scheme(ctx, v, err)
}

func (h *handlers) listSchemes(ctx context.Context, in *struct {
	api.Page
	EstateID string `query:"estate_id" maxLength:"64"`
}) (*api.Body[api.List[api.SchemeListBody]], error) {
	rows, total, err := h.Schemes.In(ctx, api.Caller(ctx), in.EstateID, in.Offset(), in.PageSize)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(rows, total, api.SchemeListed)), nil
}

func (h *handlers) showScheme(ctx context.Context, in *schemeVersionQuery) (*api.Body[api.SchemeBody], error) {
	v, err := h.Schemes.Read(ctx, api.Found[*model.Scheme](ctx), in.Version)
	return h.scheme(ctx, v, err)
}

func (h *handlers) reviseScheme(ctx context.Context, in *struct {
	SchemePath
	Body struct {
		api.SchemeDraftBody
		Reason string `json:"reason,omitempty" maxLength:"500" doc:"needed when the present version is published"`
	}
}) (*api.Body[api.SchemeBody], error) {
	v, err := h.Schemes.Revise(ctx, api.Caller(ctx), in.ID, in.Body.Draft(in.Body.Reason))
	return h.scheme(ctx, v, err)
}

func (h *handlers) publishScheme(ctx context.Context, in *SchemePath) (*api.Body[api.SchemeBody], error) {
	v, err := h.Schemes.Publish(ctx, api.Caller(ctx), in.ID)
	return h.scheme(ctx, v, err)
}

func (h *handlers) withdrawScheme(ctx context.Context, in *struct {
	SchemePath
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500"`
	}
}) (*api.Nothing, error) {
	return nil, h.Schemes.Withdraw(ctx, api.Caller(ctx), in.ID, in.Body.Reason)
}

func (h *handlers) schemeVersions(ctx context.Context, in *SchemePath) (*api.Body[api.List[api.SchemeVersionBody]], error) {
	rows, err := h.Schemes.Versions(ctx, in.ID, false)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.AllOf(rows, api.SchemeVersion)), nil
}

func (h *handlers) schemeDiff(ctx context.Context, in *struct {
	SchemePath
	api.SchemeVersions
}) (*api.Body[api.SchemeDiffBody], error) {
	return in.Compare(ctx, h.Schemes.Read)
}

func (h *handlers) printScheme(ctx context.Context, in *schemeVersionQuery) (*api.File, error) {
	v, err := h.Schemes.Read(ctx, api.Found[*model.Scheme](ctx), in.Version)
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
	f, content, err := in.Show(ctx, h.Files, schemes.About(in.ID), in.FileID)
	if err != nil {
		return nil, err
	}
	return api.Shown(f, content), nil
}

func (h *handlers) schemeSuggestions(ctx context.Context, in *SchemePath) (*api.Body[api.List[api.SchemeSuggestionBody]], error) {
	rows, err := h.Schemes.Suggestions(ctx, in.ID, "")
	if err != nil {
		return nil, err
	}
	return api.Answer(api.AllOf(rows, api.SchemeSuggestion(api.Caller(ctx)))), nil
}

func (h *handlers) announceScheme(ctx context.Context, in *struct {
	SchemePath
	Body struct {
		Days int `json:"publicity_days,omitempty" minimum:"0" maximum:"366" doc:"the least that the street has set when left out"`
	}
}) (*api.Body[api.NoticeBody], error) {
	return h.noticed(h.Schemes.Announce(ctx, api.Caller(ctx), api.Found[*model.Scheme](ctx), in.Body.Days))
}

func (h *handlers) putScheme(ctx context.Context, in *struct {
	SchemePath
	Body struct {
		Kind     string    `json:"kind" enum:"ordinary,special"`
		OpensAt  time.Time `json:"opens_at"`
		ClosesAt time.Time `json:"closes_at"`
	}
}) (*api.Body[MotionBody], error) {
	m, err := h.Schemes.Put(ctx, api.Caller(ctx), api.Found[*model.Scheme](ctx), schemes.Vote{
		Kind: model.MotionKind(in.Body.Kind), OpensAt: in.Body.OpensAt, ClosesAt: in.Body.ClosesAt,
	})
	return h.answer(m, err)
}

func (h *handlers) tieScheme(ctx context.Context, in *struct {
	SchemePath
	Body struct {
		MotionID string `json:"motion_id" minLength:"1" maxLength:"64" doc:"a special or ordinary motion, subject scheme, of the same owners, their building or their estate, that has not opened"`
	}
}) (*api.Nothing, error) {
	return nil, h.Schemes.Tie(ctx, api.Caller(ctx), in.ID, in.Body.MotionID)
}

type adviceBody struct {
	SurveyID   string               `json:"survey_id,omitempty" doc:"the latest survey of wishes there; none when left out"`
	Survey     string               `json:"survey,omitempty"`
	Base       int64                `json:"base" doc:"homes that were asked"`
	Responses  int64                `json:"responses"`
	Suppressed bool                 `json:"suppressed" doc:"too few answered an anonymous survey to be shown"`
	CasesSince string               `json:"cases_since" format:"date" doc:"cases are those of the whole estate"`
	Items      []api.SchemeWishBody `json:"items" doc:"the most wanted first, then what is complained of, then what the policy has looked at first"`
}

func (h *handlers) suggestScheme(ctx context.Context, in *struct {
	Body struct {
		Scope api.SchemeScopeBody `json:"scope"`
	}
}) (*api.Body[adviceBody], error) {
	advice, err := h.Schemes.Suggest(ctx, api.Caller(ctx), model.ScopeType(in.Body.Scope.Type), in.Body.Scope.ID)
	if err != nil {
		return nil, err
	}
	b := adviceBody{CasesSince: string(advice.Since), Suppressed: advice.Part.Hidden, Items: []api.SchemeWishBody{}}
	if advice.Survey != nil {
		b.SurveyID, b.Survey, b.Base = advice.Survey.ID, advice.Survey.Title, advice.Part.Base
	}
	if !advice.Part.Hidden {
		b.Responses = advice.Part.Responses
	}
	for _, p := range advice.Items {
		b.Items = append(b.Items, api.SchemeWish(p))
	}
	return api.Answer(b), nil
}
