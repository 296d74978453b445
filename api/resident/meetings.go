package resident

import (
	"context"
	"net/http"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/service/notices"
)

func (h *handlers) meetings(a *api.API) {
	const tag = "会议"
	api.Handle(a, get("/meetings", tag, "meetings for one's own homes"), h.listMeetings)
	show := get("/meetings/{id}", tag, "a meeting, and whether one came")
	show.Thing = api.Named(h.Notices.SeesMeeting)
	api.Handle(a, show, h.showMeeting)
	api.Handle(a, route(http.MethodPost, "/meetings/sign-in", tag, "sign in by the code that hangs in the room"), h.signIn)
}

func (h *handlers) listMeetings(ctx context.Context, in *struct{ api.Page }) (*api.Body[api.List[api.MeetingBody]], error) {
	rows, total, err := h.Notices.MeetingsForResident(ctx, api.Caller(ctx), notices.Listing{Offset: in.Offset(), Limit: in.PageSize})
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(rows, total, func(m model.Meeting) api.MeetingBody { return api.Meeting(&m, h.Notices.Now()) })), nil
}

type shownMeeting struct {
	api.MeetingBody
	Came     int64      `json:"attended" doc:"how many came"`
	SignedIn *time.Time `json:"signed_in_at,omitempty" doc:"oneself"`
}

func (h *handlers) shownMeeting(ctx context.Context, m *model.Meeting) (*api.Body[shownMeeting], error) {
	body := shownMeeting{MeetingBody: api.Meeting(m, h.Notices.Now())}
	var err error
	if body.Came, err = h.Notices.AttendanceCount(ctx, m.ID); err != nil {
		return nil, err
	}
	at, err := h.Notices.CameTo(ctx, api.Caller(ctx).ID, m.ID)
	body.SignedIn = api.TimeOf(at)
	return api.Answer(body), err
}

func (h *handlers) showMeeting(ctx context.Context, _ *struct {
	ID string `path:"id"`
}) (*api.Body[shownMeeting], error) {
	return h.shownMeeting(ctx, api.Found[*model.Meeting](ctx))
}

func (h *handlers) signIn(ctx context.Context, in *struct {
	Body struct {
		Code string `json:"code" minLength:"1" maxLength:"32" doc:"as scanned, or as typed, with or without spaces"`
	}
}) (*api.Body[shownMeeting], error) {
	m, err := h.Notices.SignIn(ctx, api.Caller(ctx), in.Body.Code)
	if err != nil {
		return nil, err
	}
	return h.shownMeeting(ctx, m)
}
