package staff

import (
	"context"
	"net/http"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/safety"
)

func (h *handlers) safety(a *api.API) {
	const tag = "内容安全"
	under := func(r api.Route) api.Route {
		r.Thing = api.Named(h.Safety.Of)
		return r
	}
	api.Handle(a, get("/content-checks", tag, "what residents wrote for others to see and a person has to look at", model.CheckContent), h.listChecks)
	api.Handle(a, under(get("/content-checks/{id}/picture", tag, "the picture of a check", model.CheckContent)), h.checkedPicture)
	pass := under(post("/content-checks/{id}/pass", tag, "let it be shown", model.CheckContent))
	pass.Status = http.StatusNoContent
	api.Handle(a, pass, h.passContent)
	refuse := under(post("/content-checks/{id}/refuse", tag, "let it not be shown, for a reason that the author reads", model.CheckContent))
	refuse.Status = http.StatusNoContent
	api.Handle(a, refuse, h.refuseContent)
}

type checkBody struct {
	ID        string        `json:"id"`
	Kind      string        `json:"kind" enum:"text,picture"`
	About     api.AboutBody `json:"about"`
	Text      string        `json:"text,omitempty"`
	State     string        `json:"state" enum:"pending,pass,review,risky,refused"`
	Cause     string        `json:"cause,omitempty" enum:"platform,down,no_verdict,not_judged,office" doc:"why a person has to look"`
	Label     int           `json:"label,omitempty" doc:"the platform's"`
	At        time.Time     `json:"at"`
	DecidedAt *time.Time    `json:"decided_at,omitempty"`
	Reason    string        `json:"reason,omitempty"`
}

func (h *handlers) listChecks(ctx context.Context, in *struct {
	api.Page
	State string `query:"state" enum:"pending,pass,review,risky,refused" doc:"left out: what waits for a person"`
}) (*api.Body[api.List[checkBody]], error) {
	rows, total, err := h.Safety.Checks(ctx, api.Caller(ctx), safety.Listing{State: model.SafetyState(in.State), Offset: in.Offset(), Limit: in.PageSize})
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(rows, total, func(c safety.Checked) checkBody {
		return checkBody{
			ID: c.ID, Kind: string(c.Kind), About: api.AboutBody{Type: c.AboutType, ID: c.AboutID}, Text: c.Said, State: string(c.State),
			Cause: string(c.Cause), Label: c.Label, At: api.Time(c.MadeAt), DecidedAt: api.TimeOf(c.DecidedAt), Reason: c.Reason,
		}
	})), nil
}

// CheckPath names a check.
type CheckPath struct {
	ID string `path:"id"`
}

func (h *handlers) checkedPicture(ctx context.Context, _ *CheckPath) (*api.File, error) {
	f, content, err := h.Safety.PictureOf(ctx, api.Found[*model.SafetyCheck](ctx))
	if err != nil {
		return nil, err
	}
	return api.Shown(f, content), nil
}

func (h *handlers) passContent(ctx context.Context, in *CheckPath) (*api.Nothing, error) {
	return nil, h.Safety.Pass(ctx, api.Caller(ctx), in.ID)
}

func (h *handlers) refuseContent(ctx context.Context, in *reasonBody) (*api.Nothing, error) {
	return nil, h.Safety.Refuse(ctx, api.Caller(ctx), in.ID, in.Body.Reason)
}
