package staff

import (
	"context"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/audit"
)

type lineBody struct {
	ID         string    `json:"id"`
	At         time.Time `json:"at"`
	ActorKind  string    `json:"actor_kind" doc:"staff, console for a command on the server, empty for somebody who is not logged in"`
	ActorID    string    `json:"actor_id"`
	Action     string    `json:"action"`
	ObjectType string    `json:"object_type"`
	ObjectID   string    `json:"object_id"`
	Area       string    `json:"area"`
	Outcome    string    `json:"outcome" enum:"done,refused"`
	Code       string    `json:"code" doc:"of a refusal"`
	Reason     string    `json:"reason"`
	RequestID  string    `json:"request_id"`
	Sound      bool      `json:"sound" doc:"false when the line is not as it was written"`
}

func (h *handlers) audit(a *api.API) {
	api.Handle(a, get("/audit", "审计", "the audit log of one's area, the newest first", model.ReadAudit), h.listAudit)
}

func (h *handlers) listAudit(ctx context.Context, in *struct {
	api.Page
	ActorID    string    `query:"actor_id" maxLength:"26"`
	Action     string    `query:"action" maxLength:"64" doc:"with all that begins with it"`
	ObjectType string    `query:"object_type" maxLength:"24"`
	ObjectID   string    `query:"object_id" maxLength:"64"`
	Outcome    string    `query:"outcome" enum:"done,refused"`
	From       time.Time `query:"from" doc:"inclusive"`
	Until      time.Time `query:"until" doc:"exclusive"`
}) (*api.Body[api.List[lineBody]], error) {
	lines, total, err := h.Audit.Lines(ctx, api.Caller(ctx), audit.Filter{
		ActorID: in.ActorID, Action: in.Action, ObjectType: in.ObjectType, ObjectID: in.ObjectID,
		Outcome: model.AuditOutcome(in.Outcome), From: in.From, Until: in.Until, Offset: in.Offset(), Limit: in.PageSize,
	})
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(lines, total, func(l audit.Line) lineBody {
		return lineBody{
			ID: l.ID, At: api.Time(l.At), ActorKind: l.ActorKind, ActorID: l.ActorID, Action: l.Action, ObjectType: l.ObjectType,
			ObjectID: l.ObjectID, Area: l.AreaCode, Outcome: string(l.Outcome), Code: l.Code, Reason: l.Reason, RequestID: l.RequestID,
			Sound: l.Sound,
		}
	})), nil
}
