package api

import (
	"time"

	"gongdi/model"
)

// MeetingBody is a meeting as residents and staff read it.
type MeetingBody struct {
	ID       string       `json:"id"`
	Kind     string       `json:"kind" enum:"mobilisation,council"`
	Title    string       `json:"title"`
	Place    string       `json:"place"`
	Audience AudienceBody `json:"audience"`
	From     time.Time    `json:"from"`
	Until    time.Time    `json:"until"`
	SignIn   time.Time    `json:"sign_in_from" doc:"until the end one may sign in on the phone"`
	Status   string       `json:"status" enum:"called,under_way,over,cancelled"`
	Notice   string       `json:"notice_id" doc:"the notice that calls it"`
	Minutes  string       `json:"minutes_id,omitempty" doc:"the notice that its minutes are"`
	Reason   string       `json:"cancelled_reason,omitempty"`
}

// Meeting shows a meeting at an instant.
func Meeting(m *model.Meeting, now time.Time) MeetingBody {
	return MeetingBody{
		ID: m.ID, Kind: string(m.Kind), Title: m.Title, Place: m.Place,
		Audience: AudienceBody{Type: string(m.AudienceType), ID: m.AudienceID, Label: m.AudienceLabel},
		From:     Time(m.StartsAt), Until: Time(m.EndsAt), SignIn: Time(m.SignInFrom()), Status: string(m.StatusAt(now)),
		Notice: m.NoticeID, Minutes: m.MinutesID, Reason: m.CancelledReason,
	}
}
