package model

import "time"

// Survey is a questionnaire for the homes of an area (问卷): what residents
// want (意愿调查), or how satisfied they are (满意度调查).
type Survey struct {
	ID            string `gorm:"primaryKey"`
	AreaCode      string
	Title         string
	Intro         string
	AudienceType  AudienceType
	AudienceID    string
	AudienceLabel string
	Unit          SurveyUnit
	Anonymous     bool
	FairlyCounts  bool // 基本满意 counts as satisfied; stated with every figure
	OpensAt       time.Time
	ClosesAt      time.Time
	Questions     string // JSON of rule/opinion
	Stage         SurveyStage
	Version       int    // of its questionnaire; a change of a published one is a new survey
	FollowsID     string // the survey it is the new version, or the next round, of
	MotionID      string // the willingness motion that carries it: one paper, one submit; empty for none
	Open          bool   `gorm:"column:results_open"` // residents may read the figures
	Base          int64  // homes of the audience, counted when it was published
	ClosedAt      *time.Time
	PublishedAt   *time.Time
	CreatedBy     string
	CreatedAt     time.Time
	UpdatedAt     time.Time

	Reached string     // the last resident who was told of it
	Told    int        // how many were
	ToldAt  *time.Time // when all were
}

// SurveyUnit is who has one answer.
type SurveyUnit string

// The units.
const (
	PerHousehold SurveyUnit = "household" // 一户一表
	PerPerson    SurveyUnit = "person"
)

// SurveyStage is where a survey stands for the office; whether a published one
// is open, its period says.
type SurveyStage string

// The stages.
const (
	SurveyDraft     SurveyStage = "draft"
	SurveyPublished SurveyStage = "published"
)

// SurveyStatus is where a survey stands at an instant.
type SurveyStatus string

// The statuses.
const (
	SurveyUnpublished SurveyStatus = "draft"
	SurveyScheduled   SurveyStatus = "scheduled"
	SurveyOpen        SurveyStatus = "open"
	SurveyClosed      SurveyStatus = "closed"
)

// StatusAt derives where a survey stands: it is open from OpensAt, and until
// before ClosesAt or until it was closed.
func (s *Survey) StatusAt(now time.Time) SurveyStatus {
	switch {
	case s.Stage == SurveyDraft:
		return SurveyUnpublished
	case s.ClosedAt != nil || !now.Before(s.ClosesAt):
		return SurveyClosed
	case now.Before(s.OpensAt):
		return SurveyScheduled
	default:
		return SurveyOpen
	}
}

// SurveyHome is a home of a survey's audience as it was when the survey was
// published, and what came of visits there.
type SurveyHome struct {
	SurveyID   string `gorm:"primaryKey"`
	PropertyID string `gorm:"primaryKey"`
	EstateID   string
	BuildingID string
	UnitID     string
	FloorGroup string
	Visit      SurveyVisit
	VisitedBy  string
	VisitedAt  *time.Time
}

// SurveyVisit is what came of a visit (入户结果).
type SurveyVisit string

// The results of a visit.
const (
	NotVisited      SurveyVisit = ""
	VisitAnswered   SurveyVisit = "answered"
	VisitNobodyHome SurveyVisit = "nobody_home"
	VisitRefused    SurveyVisit = "refused"
)

// SurveyResponse is what a household or person answered in a survey that is
// not anonymous. A later answer takes its place.
type SurveyResponse struct {
	ID         string `gorm:"primaryKey"`
	SurveyID   string
	PartyID    string // whose one answer it is: of the home, or of the resident
	PropertyID string
	ResidentID string // empty when staff entered it
	EstateID   string
	BuildingID string
	UnitID     string
	FloorGroup string
	Relation   Relation // of whoever answered; empty when the staff did not say
	Channel    SurveyChannel
	Answers    string // coded answers; of words, only that there are some
	Sealed     string // words and sensitive answers; sealed
	Version    int    // from 1, one more with each answer that took its place
	EnteredBy  string
	AnsweredAt time.Time
	UpdatedAt  time.Time

	Tallied        SurveyTallied
	TalliedAnswers *string // as what stood before is in the figures; coded, with what it is sliced by
	TalliedSealed  *string // its words and sensitive answers; sealed
}

// SurveyTallied is whether a response is in the figures that are kept.
type SurveyTallied int

// How a response is in the figures.
const (
	NotTallied   SurveyTallied = 0
	Tallied      SurveyTallied = 1
	TalliedOlder SurveyTallied = 2 // as what stood before is
)

// SurveyTally are the figures of a survey, or of a slice of it, kept ready.
// Those of a survey that is not anonymous can be reckoned anew from its
// responses, and are when the rows are gone.
type SurveyTally struct {
	ID       string `gorm:"primaryKey"` // the survey's id and the part: all, or a slicing and its key
	SurveyID string
	State    string // of rule/opinion; sealed, for a slice may be one household's
}

// SurveyForm is what a household answered to the questionnaire that goes with a
// motion, together with its choice (一户一表). It is never changed: a later one is
// another, and the ballot that stands says which counts.
type SurveyForm struct {
	ID         string `gorm:"primaryKey"`
	SurveyID   string
	PropertyID string
	Answers    string // as in SurveyResponse
	Sealed     string
	LaidAt     time.Time
}

// BegunResponse is what a resident has filled in so far of a survey that is not
// anonymous; it is gone when they send it, or when the survey is over.
type BegunResponse struct {
	ID         string `gorm:"primaryKey"`
	SurveyID   string
	ResidentID string
	Content    string // the answers and which home they are for; sealed
	UpdatedAt  time.Time
}

// SurveyChannel is how an answer came.
type SurveyChannel string

// The channels.
const (
	SurveyByPhone SurveyChannel = "mini_program"
	SurveyAtDoor  SurveyChannel = "door"
)

// SurveyParticipant notes that a party has answered an anonymous survey, and
// nothing else: no answer, no instant.
type SurveyParticipant struct {
	SurveyID string `gorm:"primaryKey"`
	PartyID  string `gorm:"primaryKey"`
}

// SurveyAnswer is what somebody answered in an anonymous survey. Its number is
// drawn by lot, and drawn anew whenever others answer.
type SurveyAnswer struct {
	ID       int64 `gorm:"primaryKey;autoIncrement:false"`
	SurveyID string
	Content  string // the answers with estate and building, filled up to one length; sealed
	Released bool   // is in the figures
}
