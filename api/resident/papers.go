package resident

import (
	"context"
	"net/http"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/voting"
)

// papers are what residents say about signed papers: an owner about the own
// that differs from the phone, a scrutineer about those that wait for a check.
func (h *handlers) papers(a *api.API) {
	const tag = "表决"
	settle := route(http.MethodPost, "/motions/{id}/ballots/{voter_id}/conflict", tag, "say whether one's paper or one's ballot on the phone stands")
	settle.Thing = h.mayCast
	api.Handle(a, settle, h.settleConflict)
	list := get("/motions/{id}/papers", tag, "the papers that wait for their check, for a scrutineer")
	list.Thing = h.scrutinises
	api.Handle(a, list, h.papersToCheck)
	scan := get("/motions/{id}/papers/{voter_id}/scans/{file_id}", tag, "a scan of a paper, for a scrutineer")
	scan.Thing = h.scrutinises
	api.Handle(a, scan, h.scan)
	check := route(http.MethodPost, "/motions/{id}/confirmations", tag, "confirm entries as a scrutineer")
	check.Thing = h.scrutinises
	api.Handle(a, check, h.checkPapers)
}

func (h *handlers) scrutinises(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
	return nil, h.Voting.Scrutinises(ctx, caller, param("id"))
}

func (h *handlers) settleConflict(ctx context.Context, in *struct {
	ID      string `path:"id"`
	VoterID string `path:"voter_id"`
	Body    struct {
		Stands string `json:"stands" enum:"paper,phone"`
	}
}) (*api.Body[standingBody], error) {
	standing, err := h.Voting.SettleOwn(ctx, api.Caller(ctx), api.Found[voting.Entitlement](ctx), in.ID, in.VoterID, voting.Which(in.Body.Stands))
	if err != nil {
		return nil, err
	}
	return api.Answer(standingBody{VoterID: in.VoterID, Standing: string(standing)}), nil
}

type standingBody struct {
	VoterID  string `json:"voter_id"`
	Standing string `json:"standing" enum:"counted,unconfirmed,conflict,invalid"`
}

func (h *handlers) papersToCheck(ctx context.Context, in *struct {
	ID string `path:"id"`
	api.Page
}) (*api.Body[api.List[api.WaitingPaper]], error) {
	papers, total, err := h.Voting.ToCheck(ctx, in.ID, in.Offset(), in.PageSize)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(papers, total, api.WaitingPaperOf)), nil
}

func (h *handlers) scan(ctx context.Context, in *struct {
	ID      string `path:"id"`
	VoterID string `path:"voter_id"`
	FileID  string `path:"file_id"`
	api.Sized
}) (*api.File, error) {
	about, err := h.Voting.Scan(ctx, in.ID, in.VoterID, in.FileID)
	if err != nil {
		return nil, err
	}
	f, content, err := in.Show(ctx, h.Files, about, in.FileID)
	if err != nil {
		return nil, err
	}
	return api.Shown(f, content), nil
}

func (h *handlers) checkPapers(ctx context.Context, in *struct {
	ID   string `path:"id"`
	Body api.Confirmations
}) (*api.Body[api.List[api.Checked]], error) {
	checked, err := h.Voting.ConfirmAll(ctx, api.Caller(ctx), in.ID, in.Body.VoterIDs)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.CheckedOf(checked)), nil
}
