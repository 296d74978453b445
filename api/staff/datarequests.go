package staff

import (
	"context"
	"net/http"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/keeping"
)

func (h *handlers) dataRequests(a *api.API) {
	const tag = "信息更正"
	api.Handle(a, get("/data-requests", tag, "what residents ask to be corrected about their homes", model.EditRegistry), h.listRequests)
	answer := h.onRequest(post("/data-requests/{id}/answer", tag, "mended, or not, with the reason", model.EditRegistry))
	answer.Status = http.StatusNoContent
	api.Handle(a, answer, h.answerRequest)
	api.Handle(a, h.onRequest(get("/data-requests/{id}/files/{file_id}", tag, "a paper of a request", model.EditRegistry)), h.requestPaper)
}

func (h *handlers) onRequest(r api.Route) api.Route {
	r.Thing = func(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
		return nil, h.Keeping.HasRequest(ctx, caller, param("id"))
	}
	return r
}

type requestBody struct {
	ID         string     `json:"id"`
	PropertyID string     `json:"property_id"`
	Label      string     `json:"label"`
	Words      string     `json:"words"`
	Files      []string   `json:"file_ids"`
	Status     string     `json:"status" enum:"open,done,refused"`
	Answer     string     `json:"answer,omitempty"`
	At         time.Time  `json:"at"`
	AnsweredAt *time.Time `json:"answered_at,omitempty"`
}

func request(r keeping.Asked) requestBody {
	return requestBody{
		ID: r.ID, PropertyID: r.PropertyID, Label: r.Label, Words: r.Said, Files: r.Papers, Status: string(r.Status), Answer: r.Answer,
		At: api.Time(r.At), AnsweredAt: api.TimeOf(r.AnsweredAt),
	}
}

func (h *handlers) listRequests(ctx context.Context, in *struct {
	api.Page
	Status string `query:"status" enum:"open,done,refused"`
}) (*api.Body[api.List[requestBody]], error) {
	rows, total, err := h.Keeping.Requests(ctx, api.Caller(ctx), model.DataRequestStatus(in.Status), in.Offset(), in.PageSize)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(rows, total, request)), nil
}

func (h *handlers) answerRequest(ctx context.Context, in *struct {
	ID   string `path:"id"`
	Body struct {
		Outcome string `json:"outcome" enum:"done,refused"`
		Answer  string `json:"answer" minLength:"1" maxLength:"200"`
	}
}) (*api.Nothing, error) {
	return nil, h.Keeping.AnswerRequest(ctx, api.Caller(ctx), in.ID, model.DataRequestStatus(in.Body.Outcome), in.Body.Answer)
}

func (h *handlers) requestPaper(ctx context.Context, in *struct {
	ID     string `path:"id"`
	FileID string `path:"file_id"`
	api.Sized
}) (*api.File, error) {
	f, content, err := in.Show(ctx, h.Files, h.Keeping.PapersOf(in.ID), in.FileID)
	if err != nil {
		return nil, err
	}
	return api.Shown(f, content), nil
}
