package staff

import (
	"context"
	"io"
	"net/http"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/fault"
	"gongdi/service/notices"
)

func (h *handlers) publicity(a *api.API) {
	api.Handle(a, get("/publicity-terms", noticesTag, "the least length of a publicity period by its subject", model.ReadNotices), h.publicityTerms)
	hung := h.onNotice(post("/notices/{id}/postings", noticesTag, "its sheet hangs on a wall, with pictures as proof", model.ReadNotices))
	hung.Status = http.StatusCreated
	api.Handle(a, hung, h.postNotice)
	api.Handle(a, h.onNotice(get("/notices/{id}/statement.pdf", noticesTag, "what came of a publicity period, A4", model.WriteNotices)), h.publicityStatement)
}

type termBody struct {
	Subject  string `json:"subject"`
	Words    string `json:"words"`
	Days     int    `json:"least_days"`
	Citation string `json:"citation"`
}

func (h *handlers) publicityTerms(_ context.Context, _ *struct{}) (*api.Body[api.List[termBody]], error) {
	terms := h.Notices.Terms()
	return api.Answer(api.AllOf(terms, func(t notices.Term) termBody { return termBody(t) })), nil
}

type postingBody struct {
	ID       string    `json:"id"`
	Place    string    `json:"place"`
	PostedOn string    `json:"posted_on" format:"date"`
	Version  int       `json:"version"`
	Files    []string  `json:"file_ids"`
	At       time.Time `json:"at"`
}

func posting(p notices.Posted) postingBody {
	return postingBody{ID: p.ID, Place: p.Place, PostedOn: string(p.PostedOn), Version: p.Version, Files: append([]string{}, p.Pictures...), At: api.Time(p.At)}
}

func (h *handlers) postNotice(ctx context.Context, in *struct {
	NoticePath
	Body struct {
		Place    string   `json:"place" minLength:"1" maxLength:"100"`
		PostedOn string   `json:"posted_on" format:"date"`
		Files    []string `json:"file_ids" minItems:"1" maxItems:"9"`
	}
}) (*api.Body[postingBody], error) {
	on, err := quantity.ParseDate(in.Body.PostedOn)
	if err != nil {
		return nil, fault.Unknown("body.posted_on", "应为日期，如 2026-09-18")
	}
	p := notices.Posted{Posting: model.Posting{Place: in.Body.Place, PostedOn: on}, Pictures: in.Body.Files}
	p, err = h.Notices.Post(ctx, api.Caller(ctx), api.Found[*model.Notice](ctx), p)
	if err != nil {
		return nil, err
	}
	return api.Answer(posting(p)), nil
}

func (h *handlers) publicityStatement(ctx context.Context, in *NoticePath) (*api.File, error) {
	return api.Save("application/pdf", "publicity-"+in.ID+".pdf", func(w io.Writer) error {
		return h.Notices.Statement(ctx, api.Caller(ctx), api.Found[*model.Notice](ctx), w)
	})
}
