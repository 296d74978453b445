package staff

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
	call := post("/meetings", tag, "call a meeting; the notice that calls it is drafted with it", model.WriteNotices)
	call.Status = http.StatusCreated
	api.Handle(a, call, h.callMeeting)
	api.Handle(a, get("/meetings", tag, "the meetings of one's area", model.WriteNotices), h.listMeetings)
	api.Handle(a, h.onMeeting(get("/meetings/{id}", tag, "a meeting, with the code to sign in by", model.WriteNotices)), h.showMeeting)
	api.Handle(a, h.onMeeting(post("/meetings/{id}/cancel", tag, "call a meeting off, for a reason", model.WriteNotices)), h.cancelMeeting)
	api.Handle(a, h.onMeeting(get("/meetings/{id}/attendance", tag, "who came", model.WriteNotices)), h.listAttendance)
	note := h.onMeeting(post("/meetings/{id}/attendance", tag, "who signed in on paper, with a scan of it", model.WriteNotices))
	note.Status = http.StatusNoContent
	api.Handle(a, note, h.noteAttendance)
	api.Handle(a, h.onMeeting(get("/meetings/{id}/files/{file_id}", tag, "a scan of a sheet on which people signed in", model.WriteNotices)), h.meetingFile)
	write := h.onMeeting(post("/meetings/{id}/minutes", tag, "the minutes, with pictures, for those whom the meeting was for", model.WriteNotices))
	write.Status = http.StatusCreated
	api.Handle(a, write, h.writeMinutes)
}

// onMeeting puts a route under a meeting of the caller's area.
func (h *handlers) onMeeting(r api.Route) api.Route {
	r.Thing = api.Named(h.Notices.MeetingOf)
	return r
}

// MeetingPath names a meeting.
type MeetingPath struct {
	ID string `path:"id"`
}

type officeMeeting struct {
	api.MeetingBody
	Code   string   `json:"code" doc:"what is scanned or typed in the room to sign in"`
	Came   int64    `json:"attended"`
	Sheets []string `json:"file_ids" doc:"scans of the sheets on which people signed in"`
}

func (h *handlers) officeMeeting(ctx context.Context, m *model.Meeting) (*api.Body[officeMeeting], error) {
	body := officeMeeting{MeetingBody: api.Meeting(m, h.Notices.Now()), Code: m.Code}
	var err error
	if body.Came, err = h.Notices.AttendanceCount(ctx, m.ID); err != nil {
		return nil, err
	}
	body.Sheets, err = h.Files.IDs(ctx, notices.AttendancePapers(m.ID))
	return api.Answer(body), err
}

func (h *handlers) callMeeting(ctx context.Context, in *struct {
	Body struct {
		Kind     string           `json:"kind" enum:"mobilisation,council" doc:"动员会, 居民议事会"`
		Title    string           `json:"title" minLength:"1" maxLength:"100"`
		Place    string           `json:"place" minLength:"1" maxLength:"100"`
		Agenda   string           `json:"agenda,omitempty" maxLength:"20000" doc:"Markdown"`
		Audience api.AudienceBody `json:"audience"`
		From     time.Time        `json:"from"`
		Until    time.Time        `json:"until"`
	}
}) (*api.Body[officeMeeting], error) {
	b := in.Body
	m, err := h.Notices.CallMeeting(ctx, api.Caller(ctx), notices.Call{
		Kind: model.MeetingKind(b.Kind), Title: b.Title, Place: b.Place, Agenda: b.Agenda,
		AudienceType: model.AudienceType(b.Audience.Type), AudienceID: b.Audience.ID, From: b.From, Until: b.Until,
	})
	if err != nil {
		return nil, err
	}
	return h.officeMeeting(ctx, m)
}

func (h *handlers) listMeetings(ctx context.Context, in *struct{ api.Page }) (*api.Body[api.List[api.MeetingBody]], error) {
	rows, total, err := h.Notices.Meetings(ctx, api.Caller(ctx), notices.Listing{Offset: in.Offset(), Limit: in.PageSize})
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(rows, total, func(m model.Meeting) api.MeetingBody { return api.Meeting(&m, h.Notices.Now()) })), nil
}

func (h *handlers) showMeeting(ctx context.Context, _ *MeetingPath) (*api.Body[officeMeeting], error) {
	return h.officeMeeting(ctx, api.Found[*model.Meeting](ctx))
}

func (h *handlers) cancelMeeting(ctx context.Context, in *reasonBody) (*api.Body[officeMeeting], error) {
	m, err := h.Notices.CancelMeeting(ctx, api.Caller(ctx), in.ID, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return h.officeMeeting(ctx, m)
}

type attendeeBody struct {
	Name       string    `json:"name"`
	PropertyID string    `json:"property_id,omitempty"`
	Label      string    `json:"label,omitempty" doc:"the home"`
	Channel    string    `json:"channel" enum:"phone,paper"`
	At         time.Time `json:"at" doc:"when it was noted"`
}

func (h *handlers) listAttendance(ctx context.Context, in *struct {
	MeetingPath
	api.Page
}) (*api.Body[api.List[attendeeBody]], error) {
	rows, total, err := h.Notices.AttendanceOf(ctx, in.ID, notices.Listing{Offset: in.Offset(), Limit: in.PageSize})
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(rows, total, func(a notices.Attended) attendeeBody {
		return attendeeBody{
			Name: a.Who, PropertyID: a.PropertyID, Label: a.Label, Channel: map[bool]string{true: "phone", false: "paper"}[a.NotedBy == ""], At: api.Time(a.At),
		}
	})), nil
}

func (h *handlers) noteAttendance(ctx context.Context, in *struct {
	MeetingPath
	Body struct {
		Attendees []struct {
			Name       string `json:"name" minLength:"1" maxLength:"50"`
			PropertyID string `json:"property_id,omitempty" maxLength:"26"`
		} `json:"attendees" minItems:"1" maxItems:"200"`
		Files []string `json:"file_ids,omitempty" maxItems:"9" doc:"scans of the sheet"`
	}
}) (*api.Nothing, error) {
	var signed []notices.Signature
	for _, line := range in.Body.Attendees {
		signed = append(signed, notices.Signature{Name: line.Name, PropertyID: line.PropertyID})
	}
	return nil, h.Notices.NoteAttendance(ctx, api.Caller(ctx), api.Found[*model.Meeting](ctx), signed, in.Body.Files)
}

func (h *handlers) meetingFile(ctx context.Context, in *struct {
	MeetingPath
	FileID string `path:"file_id"`
}) (*api.File, error) {
	f, content, err := h.Files.Content(ctx, notices.AttendancePapers(in.ID), in.FileID)
	if err != nil {
		return nil, err
	}
	return api.Shown(f, content), nil
}

func (h *handlers) writeMinutes(ctx context.Context, in *struct {
	MeetingPath
	Body struct {
		Text  string   `json:"text" minLength:"1" maxLength:"20000" doc:"Markdown"`
		Files []string `json:"file_ids,omitempty" maxItems:"20" doc:"pictures; those whom the meeting was for see them"`
	}
}) (*api.Body[api.NoticeBody], error) {
	return h.noticed(h.Notices.WriteMinutes(ctx, api.Caller(ctx), in.ID, notices.Minutes{Text: in.Body.Text, Files: in.Body.Files}))
}
