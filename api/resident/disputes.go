package resident

import (
	"context"
	"net/http"
	"time"

	"gongdi/api"
	"gongdi/service/voting"
)

func (h *handlers) disputes(a *api.API) {
	const tag, path = "表决", "/motions/{id}/ballots/{voter_id}/dispute"
	raise := route(http.MethodPost, path, tag, "object, as a co-owner, to the ballot that stands")
	raise.Thing, raise.Status = h.mayCast, http.StatusCreated
	api.Handle(a, raise, h.dispute)
	withdraw := gone(path, tag, "withdraw one's own objection")
	withdraw.Thing = h.mayCast
	api.Handle(a, withdraw, h.withdrawDispute)
}

type disputeBody struct {
	ID       string    `json:"id"`
	Status   string    `json:"status" enum:"open,withdrawn,settled"`
	OpenedAt time.Time `json:"opened_at"`
}

func (h *handlers) dispute(ctx context.Context, in *struct {
	ID      string `path:"id"`
	VoterID string `path:"voter_id"`
	Body    struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500"`
	}
}) (*api.Body[disputeBody], error) {
	d, err := h.Voting.Dispute(ctx, api.Caller(ctx), api.Found[voting.Entitlement](ctx), in.ID, in.VoterID, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return api.Answer(disputeBody{ID: d.ID, Status: string(d.Status), OpenedAt: api.Time(d.OpenedAt)}), nil
}

func (h *handlers) withdrawDispute(ctx context.Context, in *struct {
	ID      string `path:"id"`
	VoterID string `path:"voter_id"`
}) (*api.Nothing, error) {
	return nil, h.Voting.Withdraw(ctx, api.Caller(ctx), api.Found[voting.Entitlement](ctx), in.ID, in.VoterID)
}
