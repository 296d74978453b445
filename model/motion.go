package model

import (
	"time"

	"gongdi/model/quantity"
	"gongdi/model/rule/vote"
)

// Motion is a matter put to a vote or a survey of wishes (表决事项).
type Motion struct {
	ID          string `gorm:"primaryKey"`
	AreaCode    string // of its estate
	EstateID    string
	ScopeType   ScopeType
	ScopeID     string
	ScopeLabel  string // "金园小区3栋1单元"
	Kind        MotionKind
	Subject     Subject
	Convener    string // 召集人
	Title       string
	Text        string `gorm:"column:body"`
	Items       []Item `gorm:"serializer:json"`
	IncludeUses []Use  `gorm:"serializer:json"`
	QuorumNum   int64
	QuorumDen   int64
	ApprovalNum int64
	ApprovalDen int64
	AgreeBase   vote.Base
	LiveTally   LiveTally
	PaperCheck  PaperCheck
	OpensAt     time.Time
	ClosesAt    time.Time
	CountUntil  time.Time
	Stage       Stage
	PublishedAt *time.Time
	SealedAt    *time.Time
	ClosedEarly bool // 提前截止: sealed before closes_at

	DemandProof Proof      // the least proof of identity for casting on a phone; empty for any
	CheckUntil  *time.Time // the end of the check week, while it is a draft (名册核对期)
	Silence     *Silence   `gorm:"serializer:json"` // the estate's own rule on silence (从多数)

	RollDigest     string
	RollHeads      int64
	RollArea       quantity.Area
	RollIncomplete int

	CreatedBy string
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Silence is the estate's own rule that silent owners follow the majority
// (从多数), shown beside the result and never deciding it. Its paper is attached
// to the motion.
//
// Law: 《业主大会和业主委员会指导规则》 art. 26 leaves it to the 管理规约 or 议事规则.
type Silence struct {
	Rule      string        `json:"rule"`   // which rule of the estate
	Clause    string        `json:"clause"` // its number
	Quote     string        `json:"quote"`
	AdoptedOn quantity.Date `json:"adopted_on"`
}

// ScopeType is how far a motion reaches.
type ScopeType string

// The scopes.
const (
	ScopeEstate   ScopeType = "estate"
	ScopeBuilding ScopeType = "building"
	ScopeUnit     ScopeType = "unit"
)

// MotionKind is the rule that decides a motion.
type MotionKind string

// The kinds: the two majorities of Civil Code art. 278 para. 2, and the
// policy's survey of wishes (意愿调查), which is no owners' vote.
const (
	Special     MotionKind = "special"
	Ordinary    MotionKind = "ordinary"
	Willingness MotionKind = "willingness"
)

// Subject is the item of Civil Code art. 278 para. 1 that a motion falls under.
type Subject string

// Subjects lists which kinds a subject can have: an item of the law has one
// majority only.
//
// Law: Civil Code art. 278 para. 1 (1)–(9). Choice: accepting a scheme is item
// (9), or (7) for who prefers caution; a motion without a named subject may be
// either.
var Subjects = map[Subject][]MotionKind{
	"lift":                  {Special},           // (7)
	"alteration":            {Special},           // (7)
	"common_parts_business": {Special},           // (8)
	"fund_raise":            {Special},           // (6)
	"fund_use":              {Ordinary},          // (5)
	"hire_manager":          {Ordinary},          // (4)
	"committee":             {Ordinary},          // (3)
	"rules":                 {Ordinary},          // (1), (2)
	"scheme":                {Ordinary, Special}, // (9), cautious: (7)
	"other":                 {Ordinary, Special},
}

// Item is one wished content to tick (改造内容).
type Item struct {
	Code  string
	Label string
}

// LiveTally is what anybody is shown before the seal.
type LiveTally string

// The displays: participation alone, so that nobody is swayed, or everything.
const (
	LiveParticipation LiveTally = "participation"
	LiveFull          LiveTally = "full"
)

// PaperCheck says whether entered paper counts at once or after a second
// person has confirmed it.
type PaperCheck string

// The checks.
const (
	PaperSingle PaperCheck = "single"
	PaperDouble PaperCheck = "double"
)

// Stage is what was done to a motion; its status also depends on the time.
type Stage string

// The stages.
const (
	StageDraft     Stage = "draft"
	StagePublished Stage = "published"
	StageSealed    Stage = "sealed"
	StageCancelled Stage = "cancelled"
)

// Status is what a motion is at an instant.
type Status string

// The statuses.
const (
	StatusDraft     Status = "draft"
	StatusScheduled Status = "scheduled"
	StatusOpen      Status = "open"
	StatusCounting  Status = "counting" // no more votes on the phone; received paper is entered
	StatusClosed    Status = "closed"
	StatusCancelled Status = "cancelled"
)

// StatusAt derives the status from the clock, so that no job that is late
// lets a vote in or keeps one out: open from opens_at inclusive to closes_at
// exclusive, counting until count_until exclusive.
func (m *Motion) StatusAt(now time.Time) Status {
	switch {
	case m.Stage == StageDraft:
		return StatusDraft
	case m.Stage == StageCancelled:
		return StatusCancelled
	case m.Stage == StageSealed || !now.Before(m.CountUntil):
		return StatusClosed
	case !now.Before(m.ClosesAt):
		return StatusCounting
	case !now.Before(m.OpensAt):
		return StatusOpen
	default:
		return StatusScheduled
	}
}

// Rule is the arithmetic that decides the motion.
func (m *Motion) Rule() vote.Rule {
	switch m.Kind {
	case Special:
		return vote.Special
	case Ordinary:
		return vote.Ordinary
	default:
		return vote.Willingness(
			vote.Fraction{Num: m.QuorumNum, Den: m.QuorumDen},
			vote.Fraction{Num: m.ApprovalNum, Den: m.ApprovalDen}, m.AgreeBase)
	}
}

// OwnersVote reports whether only owners may cast (Civil Code art. 278).
func (m *Motion) OwnersVote() bool { return m.Kind != Willingness }

// Takes reports whether a property of this use is on the roll.
func (m *Motion) Takes(use Use) bool {
	for _, u := range m.IncludeUses {
		if u == use {
			return true
		}
	}
	if m.Kind == Willingness {
		return use.Dwelling()
	}
	return !use.Accessory()
}

// MotionEvent is something the office did to a motion, with its reason; the
// result prints them.
type MotionEvent struct {
	ID       string `gorm:"primaryKey"`
	MotionID string
	Kind     MotionEventKind
	StaffID  string
	Reason   string
	Detail   string
	At       time.Time
}

// MotionEventKind names what was done.
type MotionEventKind string

// The events.
const (
	EventPublished MotionEventKind = "published"
	EventExtended  MotionEventKind = "extended"
	EventClosed    MotionEventKind = "closed"
	EventCancelled MotionEventKind = "cancelled"
	EventCorrected MotionEventKind = "corrected" // the published roll
)
