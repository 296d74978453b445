package model

import "time"

// SafetyCheck is one text or picture of a resident that others would see, and
// whether it may be shown (内容安全).
type SafetyCheck struct {
	ID        string `gorm:"primaryKey"`
	AboutType string // what it is part of
	AboutID   string
	Part      string // "words", or a file's id
	Kind      SafetyKind
	AreaCode  string
	AuthorID  string // the resident; empty for what the office entered
	Words     string // sealed; empty for a picture
	State     SafetyState
	Cause     SafetyCause // why a person has to look, or why it passed without the platform
	Label     int         // the platform's
	TraceID   string      // of a picture that is being judged
	Tries     int
	NextAt    *time.Time // when it is taken up again, while it is pending
	MadeAt    time.Time
	DecidedAt *time.Time
	DecidedBy string // the member of staff; empty when the platform decided
	Reason    string // of a refusal, for the author
}

// SafetyKind is what is checked.
type SafetyKind string

// The kinds.
const (
	SafetyText    SafetyKind = "text"
	SafetyPicture SafetyKind = "picture"
)

// SafetyState is where a check stands. Only what passed is shown to others.
type SafetyState string

// The states. Review and risky are the platform's words; a person decides both.
const (
	SafetyPending SafetyState = "pending"
	SafetyPass    SafetyState = "pass"
	SafetyReview  SafetyState = "review"
	SafetyRisky   SafetyState = "risky"
	SafetyRefused SafetyState = "refused"
)

// SafetyCause is why a check waits for a person, or was not asked for.
type SafetyCause string

// The causes.
const (
	CausePlatform  SafetyCause = "platform"   // it says so
	CauseDown      SafetyCause = "down"       // it gives no answer
	CauseNoVerdict SafetyCause = "no_verdict" // none came within half an hour
	CauseNotJudged SafetyCause = "not_judged" // it does not judge this
	CauseOffice    SafetyCause = "office"     // a member of staff entered it
)

// PlatformEvent is a push that was taken, so that it is not taken twice; of a
// verdict also what it said, until the picture it is about is known.
type PlatformEvent struct {
	EventKey string `gorm:"primaryKey"`
	TraceID  string
	Suggest  string
	Label    int
	At       time.Time
}
