package api

import (
	"context"
	"time"

	"gongdi/model"
	"gongdi/service/identity"
)

// SessionDesk shows residents and staff alike where they are logged in, and
// logs them out.
type SessionDesk struct{ Identity *identity.Service }

// SessionBody is one log-in.
type SessionBody struct {
	ID        string    `json:"id"`
	Device    string    `json:"device"`
	Current   bool      `json:"current" doc:"the one that asks"`
	CreatedAt time.Time `json:"created_at"`
	SeenAt    time.Time `json:"seen_at" doc:"to the minute"`
	ExpiresAt time.Time `json:"expires_at"`
}

// Leave ends the log-in that asks.
func (d SessionDesk) Leave(ctx context.Context, _ *struct{}) (*Nothing, error) {
	return nil, d.Identity.Leave(ctx, Caller(ctx))
}

// List is where the caller is logged in.
func (d SessionDesk) List(ctx context.Context, _ *struct{}) (*Body[List[SessionBody]], error) {
	caller := Caller(ctx)
	sessions, err := d.Identity.Sessions(ctx, caller)
	if err != nil {
		return nil, err
	}
	return Answer(AllOf(sessions, func(s model.Session) SessionBody {
		return SessionBody{
			ID: s.ID, Device: s.Device, Current: s.ID == caller.SessionID,
			CreatedAt: Time(s.CreatedAt), SeenAt: Time(s.SeenAt), ExpiresAt: Time(s.ExpiresAt),
		}
	})), nil
}

// Revoke ends one of the caller's log-ins.
func (d SessionDesk) Revoke(ctx context.Context, in *struct {
	ID string `path:"id"`
}) (*Nothing, error) {
	return nil, d.Identity.Revoke(ctx, Caller(ctx), in.ID)
}

// RevokeAll ends all of them, the one that asks too.
func (d SessionDesk) RevokeAll(ctx context.Context, _ *struct{}) (*Nothing, error) {
	return nil, d.Identity.RevokeAll(ctx, Caller(ctx))
}
