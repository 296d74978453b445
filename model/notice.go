package model

import (
	"strings"
	"time"

	"gongdi/model/quantity"
)

// Notice is what the committee or the street tells an audience (公告、公示).
type Notice struct {
	ID              string `gorm:"primaryKey"`
	AreaCode        string
	Kind            NoticeKind
	Subject         string // of a publicity period: which least number of days it has
	Title           string
	Body            string // Markdown
	HTML            string `gorm:"column:html"` // of the body, sanitised
	AudienceType    AudienceType
	AudienceID      string
	AudienceLabel   string
	HearsID         string // a building or estate whose homes are heard, too, though the notice is not for them; empty for none
	PictureID       string // the file that is shown large; empty for none
	Files           FileList
	AboutType       string
	AboutID         string
	AboutVersion    int
	HappensFrom     *time.Time // of works, an outage, a meeting
	HappensUntil    *time.Time
	Pinned          bool
	Urgent          bool
	Stage           NoticeStage
	Version         int
	PublicityDays   int
	BeginsOn        quantity.Date
	EndsOn          quantity.Date // the last day of a publicity period
	EndsProvisional bool
	PublishedAt     *time.Time
	WithdrawnAt     *time.Time
	WithdrawnReason string
	CreatedBy       string
	ReviewedBy      string
	PublishedBy     string
	CreatedAt       time.Time
	UpdatedAt       time.Time
}

// NoticeKind is what sort of notice it is.
type NoticeKind string

// The kinds. Only a publicity period can be objected to.
const (
	Announcement NoticeKind = "announcement" // 公告
	Publicity    NoticeKind = "publicity"    // 公示
	PolicyNotice NoticeKind = "policy"       // 政策解读
	WorksNotice  NoticeKind = "works"        // 施工通知
	OutageNotice NoticeKind = "outage"       // 停水停电通知
	CallToMeet   NoticeKind = "meeting"      // 动员会通知
)

// NoticeKinds gives each kind by its code and by the office's word.
var NoticeKinds = map[string]NoticeKind{
	"announcement": Announcement, "publicity": Publicity, "policy": PolicyNotice, "works": WorksNotice, "outage": OutageNotice, "meeting": CallToMeet,
	"公告": Announcement, "公示": Publicity, "政策解读": PolicyNotice, "施工通知": WorksNotice, "停水停电通知": OutageNotice, "动员会通知": CallToMeet,
}

// AudienceType is how far a notice reaches.
type AudienceType string

// The audiences.
const (
	ToStreet    AudienceType = "street"
	ToCommunity AudienceType = "community"
	ToEstate    AudienceType = "estate"
	ToBuilding  AudienceType = "building"
	ToUnit      AudienceType = "unit"
)

// NoticeStage is what was done to a notice; its status also depends on the day.
type NoticeStage string

// The stages.
const (
	NoticeDraft     NoticeStage = "draft"
	NoticePublished NoticeStage = "published"
	NoticeWithdrawn NoticeStage = "withdrawn"
)

// NoticeStatus is what a notice is at an instant.
type NoticeStatus string

// The statuses.
const (
	NoticeIsDraft     NoticeStatus = "draft"
	NoticeIsScheduled NoticeStatus = "scheduled"
	NoticeIsPublished NoticeStatus = "published"
	NoticeHasEnded    NoticeStatus = "ended" // the publicity period is over
	NoticeIsWithdrawn NoticeStatus = "withdrawn"
)

// StatusAt derives the status from the clock: a publicity period runs until
// the end of its last day.
func (n *Notice) StatusAt(now time.Time) NoticeStatus {
	switch {
	case n.Stage == NoticeDraft:
		return NoticeIsDraft
	case n.Stage == NoticeWithdrawn:
		return NoticeIsWithdrawn
	case n.PublishedAt != nil && now.Before(*n.PublishedAt):
		return NoticeIsScheduled
	case n.EndsOn != "" && quantity.DateOf(now) > n.EndsOn:
		return NoticeHasEnded
	}
	return NoticeIsPublished
}

// FileList is some files' ids in order, apart by spaces.
type FileList string

// Files makes a list of ids.
func Files(ids ...string) FileList { return FileList(strings.Join(ids, " ")) }

// IDs are the files of a list.
func (l FileList) IDs() []string { return append([]string{}, strings.Fields(string(l))...) }

// Posting is a notice's sheet as it hung on a wall (张贴), with pictures that prove it.
type Posting struct {
	ID       string `gorm:"primaryKey"`
	NoticeID string
	Version  int
	Place    string
	PostedOn quantity.Date
	StaffID  string
	At       time.Time
}

// TableName is where postings lie.
func (Posting) TableName() string { return "notice_postings" }

// NoticeRevision is a material edit that waits for somebody else's review.
type NoticeRevision struct {
	NoticeID   string `gorm:"primaryKey"`
	Title      string
	Body       string
	Files      FileList
	Reason     string
	ProposedBy string
	At         time.Time
}

// NoticeVersion is a notice as it read from one edit to the next.
type NoticeVersion struct {
	NoticeID    string `gorm:"primaryKey"`
	Version     int    `gorm:"primaryKey"`
	Title       string
	Body        string
	HTML        string `gorm:"column:html"`
	Files       FileList
	Reason      string
	BeginsOn    quantity.Date
	EndsOn      quantity.Date
	PublishedBy string
	PublishedAt time.Time
}

// Objection is what an owner or an affected neighbour has against what is
// publicised (书面异议).
type Objection struct {
	ID         string `gorm:"primaryKey"`
	NoticeID   string
	Version    int
	ResidentID string // empty for one on paper
	PropertyID string
	Name       string // of who wrote one on paper; sealed
	Words      string // sealed
	Status     ObjectionStatus
	At         time.Time     // when it came in
	DueOn      quantity.Date // the last working day to answer it

	DueDays        int  // in working days, from the day it came in
	DueProvisional bool // DueOn lies in a year without a notice of holidays
}

// ObjectionStatus is where an objection stands.
type ObjectionStatus string

// The states of an objection.
const (
	ObjectionSubmitted   ObjectionStatus = "submitted"
	ObjectionAccepted    ObjectionStatus = "accepted"
	ObjectionNegotiating ObjectionStatus = "negotiating"
	ObjectionMediating   ObjectionStatus = "mediating"
	ObjectionSettled     ObjectionStatus = "settled"
	ObjectionWithdrawn   ObjectionStatus = "withdrawn"
	ObjectionUnsettled   ObjectionStatus = "unsettled"
)

// Over reports whether an objection goes on no further.
func (s ObjectionStatus) Over() bool {
	return s == ObjectionSettled || s == ObjectionWithdrawn || s == ObjectionUnsettled
}

// ObjectionSteps says which states may follow which.
var ObjectionSteps = map[ObjectionStatus][]ObjectionStatus{
	ObjectionSubmitted:   {ObjectionAccepted, ObjectionWithdrawn},
	ObjectionAccepted:    {ObjectionNegotiating, ObjectionMediating, ObjectionSettled, ObjectionUnsettled, ObjectionWithdrawn},
	ObjectionNegotiating: {ObjectionMediating, ObjectionSettled, ObjectionUnsettled, ObjectionWithdrawn},
	ObjectionMediating:   {ObjectionNegotiating, ObjectionSettled, ObjectionUnsettled, ObjectionWithdrawn},
	ObjectionUnsettled:   {ObjectionSettled, ObjectionWithdrawn}, // people may still agree later
}

// ObjectionStep is one dated step of an objection.
type ObjectionStep struct {
	ID          string `gorm:"primaryKey"`
	ObjectionID string
	Number      int // from 1
	Status      ObjectionStatus
	Words       string // sealed
	StaffID     string
	At          time.Time
}

// Suggestion is a proposal on a draft, a drawing, a scheme (意见建议).
type Suggestion struct {
	ID         string `gorm:"primaryKey"`
	NoticeID   string
	Version    int
	ResidentID string
	Words      string // sealed
	Status     SuggestionStatus
	Answer     string
	AnsweredBy string
	AnsweredAt *time.Time
	At         time.Time
}

// SuggestionStatus is what became of a suggestion.
type SuggestionStatus string

// The states of a suggestion.
const (
	SuggestionOpen       SuggestionStatus = "open"
	SuggestionAdopted    SuggestionStatus = "adopted"
	SuggestionNotAdopted SuggestionStatus = "not_adopted"
)

// Broadcast is news for a notice's whole audience, told in the background:
// Reached is the last resident who has it.
type Broadcast struct {
	ID       string `gorm:"primaryKey"`
	NoticeID string
	Text     string
	Reached  string
	Told     int
	MadeAt   time.Time
	DoneAt   *time.Time
}

// NoticeRead is what one household knows of a notice.
type NoticeRead struct {
	NoticeID    string `gorm:"primaryKey"`
	PropertyID  string `gorm:"primaryKey"`
	Version     int
	ReadAt      *time.Time
	ConfirmedAt *time.Time
	ToldAt      *time.Time
	ToldBy      string
}

// Matter is what a notice is about: a thing of another capability, by its own
// words; Version 0 is any.
type Matter struct {
	Type, ID string
	Version  int
}
