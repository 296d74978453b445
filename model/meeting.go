package model

import "time"

// Meeting is one of residents with the committee or the street, called by a
// notice, signed in to on the spot, and written up in minutes.
type Meeting struct {
	ID              string `gorm:"primaryKey"`
	AreaCode        string
	Kind            MeetingKind
	Title           string
	Place           string
	AudienceType    AudienceType
	AudienceID      string
	AudienceLabel   string
	StartsAt        time.Time
	EndsAt          time.Time
	Code            string // what is scanned or typed on the spot to sign in
	NoticeID        string // the notice that calls it
	MinutesID       string // the notice that its minutes are; empty until then
	CancelledAt     *time.Time
	CancelledReason string
	CreatedBy       string
	CreatedAt       time.Time
}

// MeetingKind is what sort of meeting it is.
type MeetingKind string

// The kinds.
const (
	Mobilisation MeetingKind = "mobilisation" // 动员会
	Council      MeetingKind = "council"      // 居民议事会
)

// MeetingStatus is what a meeting is at an instant.
type MeetingStatus string

// The statuses.
const (
	MeetingCalled    MeetingStatus = "called"
	MeetingUnderWay  MeetingStatus = "under_way"
	MeetingOver      MeetingStatus = "over"
	MeetingCancelled MeetingStatus = "cancelled"
)

// StatusAt derives the status from the clock.
func (m *Meeting) StatusAt(now time.Time) MeetingStatus {
	switch {
	case m.CancelledAt != nil:
		return MeetingCancelled
	case now.Before(m.StartsAt):
		return MeetingCalled
	case now.Before(m.EndsAt):
		return MeetingUnderWay
	}
	return MeetingOver
}

// signInBefore is how long before a meeting begins one may sign in.
const signInBefore = time.Hour

// SignInFrom is the first instant at which people may sign in; EndsAt is the
// first at which they no longer do on the phone.
func (m *Meeting) SignInFrom() time.Time { return m.StartsAt.Add(-signInBefore) }

// Attendee is somebody who came to a meeting.
type Attendee struct {
	ID         string `gorm:"primaryKey"`
	MeetingID  string
	Attendee   string // the resident, or the row's own id for one who signed on paper
	ResidentID string // empty for one who signed on paper
	PropertyID string // the home; empty where it is not known
	Name       string // sealed
	NotedBy    string // who typed the sheet of paper; empty for the phone
	At         time.Time
}

// TableName is where attendees lie.
func (Attendee) TableName() string { return "meeting_attendees" }
