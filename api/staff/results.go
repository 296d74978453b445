package staff

import (
	"context"
	"io"

	"gongdi/api"
	"gongdi/model"
)

func (h *handlers) results(a *api.API) {
	const tag = "结果与证据"
	api.Handle(a, h.onMotion(get("/motions/{id}/tally", tag, "how a motion stands", model.ReadTally)), h.tally)
	api.Handle(a, h.onMotion(get("/motions/{id}/result.pdf", tag, "the announcement of the result, A4", model.ExportResult)), h.announcement)
	api.Handle(a, h.onMotion(get("/motions/{id}/result.xlsx", tag, "the result as a workbook", model.ExportResult)), h.workbook)
	api.Handle(a, h.onMotion(get("/motions/{id}/evidence.zip", tag, "what the result is proven from", model.ExportEvidence)), h.evidence)
}

func (h *handlers) tally(ctx context.Context, in *struct {
	MotionPath
	Known string `header:"If-None-Match"`
}) (*api.TallyAnswer, error) {
	t, err := h.Voting.Tally(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return h.tallies.Answer(in.ID, t, in.Known)
}

func (h *handlers) announcement(ctx context.Context, in *MotionPath) (*api.File, error) {
	return api.Save("application/pdf", "result-"+in.ID+".pdf", func(w io.Writer) error {
		return h.Voting.Announce(ctx, api.Caller(ctx), in.ID, w)
	})
}

const workbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

func (h *handlers) workbook(ctx context.Context, in *MotionPath) (*api.File, error) {
	return api.Save(workbookType, "result-"+in.ID+".xlsx", func(w io.Writer) error {
		return h.Voting.Workbook(ctx, api.Caller(ctx), in.ID, w)
	})
}

func (h *handlers) evidence(ctx context.Context, in *MotionPath) (*api.File, error) {
	return api.Save("application/zip", "evidence-"+in.ID+".zip", func(w io.Writer) error {
		return h.Voting.Bundle(ctx, api.Caller(ctx), in.ID, "", w)
	})
}
