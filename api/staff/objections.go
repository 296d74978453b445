package staff

import (
	"context"
	"net/http"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/notices"
)

func (h *handlers) objections(a *api.API) {
	api.Handle(a, get("/objections", noticesTag, "objections of one's area that are open, the most urgent first", model.WriteNotices), h.openObjections)
	api.Handle(a, h.onNotice(get("/notices/{id}/objections", noticesTag, "objections with their steps", model.WriteNotices)), h.listObjections)
	enter := h.onNotice(post("/notices/{id}/objections", noticesTag, "enter an objection on paper", model.WriteNotices))
	enter.Status = http.StatusCreated
	api.Handle(a, enter, h.enterObjection)
	step := h.onNotice(post("/notices/{id}/objections/{objection_id}/steps", noticesTag, "take the next step with an objection", model.WriteNotices))
	step.Thing = h.under(step.Thing, func(ctx context.Context, n *model.Notice, param func(string) string) error {
		return h.Notices.HasObjection(ctx, n.ID, "", param("objection_id"))
	})
	api.Handle(a, step, h.moveObjection)
}

type openObjectionBody struct {
	ID          string    `json:"id"`
	NoticeID    string    `json:"notice_id"`
	Title       string    `json:"title"`
	Label       string    `json:"label,omitempty" doc:"the home"`
	Status      string    `json:"status" enum:"submitted,accepted,negotiating,mediating"`
	DueOn       string    `json:"due_on" format:"date" doc:"the last working day for the answer"`
	Provisional bool      `json:"due_provisional,omitempty"`
	Overdue     bool      `json:"overdue"`
	At          time.Time `json:"at"`
}

func (h *handlers) openObjections(ctx context.Context, in *struct{ api.Page }) (*api.Body[api.List[openObjectionBody]], error) {
	rows, total, err := h.Notices.OpenObjections(ctx, api.Caller(ctx), in.Offset(), in.PageSize)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(rows, total, func(o notices.OpenObjection) openObjectionBody {
		return openObjectionBody{
			ID: o.ID, NoticeID: o.NoticeID, Title: o.Title, Label: o.Label, Status: string(o.Status), DueOn: string(o.DueOn),
			Provisional: o.DueProvisional, Overdue: o.Overdue, At: api.Time(o.At),
		}
	})), nil
}

func (h *handlers) listObjections(ctx context.Context, in *NoticePath) (*api.Body[api.List[api.ObjectionBody]], error) {
	rows, err := h.Notices.ObjectionsTo(ctx, in.ID, "")
	if err != nil {
		return nil, err
	}
	return api.Answer(api.AllOf(rows, api.Objection)), nil
}

func (h *handlers) enterObjection(ctx context.Context, in *struct {
	NoticePath
	Body struct {
		Name       string     `json:"name" minLength:"1" maxLength:"50" doc:"who wrote it"`
		PropertyID string     `json:"property_id,omitempty" maxLength:"26"`
		Text       string     `json:"text" minLength:"1" maxLength:"2000"`
		ReceivedAt *time.Time `json:"received_at,omitempty" doc:"the period is judged at it"`
		Files      []string   `json:"file_ids,omitempty" maxItems:"9"`
	}
}) (*api.Body[api.ObjectionBody], error) {
	b := in.Body
	o, err := h.Notices.EnterObjection(ctx, api.Caller(ctx), in.ID, notices.PaperObjection{
		Name: b.Name, PropertyID: b.PropertyID, Words: b.Text, ReceivedAt: b.ReceivedAt, Papers: b.Files,
	})
	if err != nil {
		return nil, err
	}
	return api.Answer(api.Objection(notices.Objected{Objection: *o, From: b.Name, Said: b.Text, Papers: append([]string{}, b.Files...)})), nil
}

func (h *handlers) moveObjection(ctx context.Context, in *struct {
	NoticePath
	ObjectionID string `path:"objection_id"`
	Body        struct {
		Status string `json:"status" enum:"accepted,negotiating,mediating,settled,unsettled,withdrawn"`
		Words  string `json:"words" minLength:"1" maxLength:"500"`
	}
}) (*api.Body[api.List[api.ObjectionBody]], error) {
	err := h.Notices.MoveObjection(ctx, api.Caller(ctx), api.Found[*model.Notice](ctx), in.ObjectionID, model.ObjectionStatus(in.Body.Status), in.Body.Words)
	if err != nil {
		return nil, err
	}
	return h.listObjections(ctx, &in.NoticePath)
}
