package staff

import (
	"context"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/vote"
	"gongdi/service/voting"
)

func (h *handlers) disputes(a *api.API) {
	const tag = "入户与纸质票"
	api.Handle(a, h.onMotion(get("/motions/{id}/disputes", tag, "co-owners who differ over a ballot", model.CheckPaper)), h.listDisputes)
	settle := post("/motions/{id}/disputes/{dispute_id}/settle", tag, "record how co-owners settled it, from their signed paper", model.CheckPaper)
	settle.Thing = func(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
		m, err := h.Voting.Of(ctx, caller, param("id"))
		if err != nil {
			return nil, err
		}
		return m, h.Voting.HasDispute(ctx, m.ID, param("dispute_id"))
	}
	api.Handle(a, settle, h.settleDispute)
}

type disputeBody struct {
	ID         string         `json:"id"`
	VoterID    string         `json:"voter_id"`
	Properties []propertyBody `json:"properties"`
	Reason     string         `json:"reason"`
	Status     string         `json:"status" enum:"open,withdrawn,settled"`
	SettledBy  string         `json:"settled_by,omitempty" enum:"agreement,shares"`
	OpenedAt   time.Time      `json:"opened_at"`
	EndedAt    *time.Time     `json:"ended_at,omitempty"`
}

func (h *handlers) listDisputes(ctx context.Context, in *MotionPath) (*api.Body[api.List[disputeBody]], error) {
	rows, err := h.Voting.DisputesOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.AllOf(rows, func(d voting.Disagreement) disputeBody {
		body := disputeBody{
			ID: d.ID, VoterID: d.VoterID, Properties: []propertyBody{}, Reason: d.Reason, Status: string(d.Status),
			SettledBy: string(d.SettledBy), OpenedAt: api.Time(d.OpenedAt), EndedAt: api.TimeOf(d.EndedAt),
		}
		for _, p := range d.Properties {
			body.Properties = append(body.Properties, propertyBody{ID: p.PropertyID, Label: p.Label})
		}
		return body
	})), nil
}

type settledBody struct {
	Standing string `json:"standing" enum:"counted,unconfirmed,invalid"`
}

func (h *handlers) settleDispute(ctx context.Context, in *struct {
	MotionPath
	DisputeID string `path:"dispute_id"`
	Body      struct {
		By       string   `json:"by" enum:"agreement,shares"`
		Choice   string   `json:"choice" enum:"agree,oppose,abstain"`
		Shares   []int64  `json:"shares,omitempty" minItems:"2" maxItems:"2" doc:"held by those who settled, as [numerator, denominator]"`
		SignedOn string   `json:"signed_on" format:"date"`
		Words    string   `json:"words,omitempty" maxLength:"500"`
		Files    []string `json:"file_ids,omitempty" maxItems:"20"`
	}
}) (*api.Body[settledBody], error) {
	a := voting.Agreement{
		MotionID: in.ID, DisputeID: in.DisputeID, By: model.Settlement(in.Body.By), Choice: vote.Choice(in.Body.Choice),
		SignedOn: quantity.Date(in.Body.SignedOn), Words: in.Body.Words, Scans: in.Body.Files,
	}
	copy(a.Shares[:], in.Body.Shares)
	stands, err := h.Voting.SettleDispute(ctx, api.Caller(ctx), a)
	if err != nil {
		return nil, err
	}
	return api.Answer(settledBody{Standing: string(stands)}), nil
}
