package model

import (
	"time"

	"gongdi/model/quantity"
	"gongdi/model/rule/share"
)

// LiftIntent is what one household says of a lift in its stairwell, without
// binding itself (意愿摸底). The latest stands.
type LiftIntent struct {
	UnitID     string `gorm:"primaryKey"`
	PropertyID string `gorm:"primaryKey"`
	ResidentID string
	Relation   Relation
	Stance     Stance
	WillPay    WillPay
	MaxFen     *quantity.Fen // at most so much; nil when not said
	Concerns   []Concern     `gorm:"serializer:json"`
	At         time.Time
}

// Stance is whether a household wants a lift.
type Stance string

// The stances.
const (
	StanceWant    Stance = "want"
	StanceNeutral Stance = "neutral"
	StanceAgainst Stance = "against"
)

// WillPay is whether a household would pay.
type WillPay string

// The answers.
const (
	WouldPay    WillPay = "yes"
	WouldNotPay WillPay = "no"
	UnsureToPay WillPay = "unsure"
)

// Concern is what worries a household about a lift.
type Concern string

// The concerns.
const (
	ConcernDaylight Concern = "daylight" // 采光
	ConcernNoise    Concern = "noise"    // 噪声
	ConcernAccess   Concern = "access"   // 通行
	ConcernValue    Concern = "value"    // 房价
	ConcernCost     Concern = "cost"     // 费用
)

// Concerns are all of them, in the order in which they are asked for.
var Concerns = []Concern{ConcernDaylight, ConcernNoise, ConcernAccess, ConcernValue, ConcernCost}

// LiftCampaign is a stairwell that has begun to ask for a lift (发起).
type LiftCampaign struct {
	ID         string `gorm:"primaryKey"`
	UnitID     string
	EstateID   string
	AreaCode   string
	ResidentID string
	PropertyID string
	StartedAt  time.Time
}

// LiftPlan is one variant of a lift for a stairwell (方案). What it says is in
// its versions.
type LiftPlan struct {
	ID        string `gorm:"primaryKey"`
	EstateID  string
	UnitID    string
	AreaCode  string
	UnitLabel string // "金园小区3栋1单元"
	Version   int    // the present one, from 1
	Stage     LiftStage
	CreatedBy string
	CreatedAt time.Time
	UpdatedAt time.Time
}

// LiftStage is whether a variant is still before the stairwell.
type LiftStage string

// The stages.
const (
	LiftOpen      LiftStage = "open"
	LiftWithdrawn LiftStage = "withdrawn"
)

// LiftPlanVersion is a variant as it read from one change to the next. It is
// never changed, but for the motion that votes on it.
type LiftPlanVersion struct {
	PlanID    string `gorm:"primaryKey"`
	Version   int    `gorm:"primaryKey"`
	Title     string
	Terms     LiftTerms `gorm:"serializer:json"`
	Subsidy   quantity.Fen
	ToShare   quantity.Fen
	Digest    string // of terms and shares; what is signed
	MotionID  string // step A: the special motion on this version
	Reason    string // why it replaced the one before
	CreatedBy string
	CreatedAt time.Time
}

// LiftTerms is all that a variant says beside what follows from it.
type LiftTerms struct {
	Bill       share.Bill
	Items      []CostItem // of Bill.Cost
	Sharing    share.Sharing
	Households []LiftHousehold
	Running    LiftRunning
}

// CostItem is one line of the cost (概算).
type CostItem struct {
	Name string
	Fen  quantity.Fen
}

// LiftHousehold is what holds for one home in place of what holds for its floor.
type LiftHousehold struct {
	PropertyID   string
	Out          bool   // does not join
	Coefficient  *int64 // hundredths
	Fixed        quantity.Fen
	Compensation quantity.Fen // it is given of Bill.Compensation
	Occupied     bool         // its exclusive part is occupied: it consents for itself
}

// LiftRunning is what the lift costs each year, and how that is shared.
type LiftRunning struct {
	Yearly  quantity.Fen
	Sharing share.Sharing
}

// LiftShare is what one home has in one version of a variant: frozen with it.
type LiftShare struct {
	PlanID       string `gorm:"primaryKey"`
	Version      int    `gorm:"primaryKey"`
	PropertyID   string `gorm:"primaryKey"`
	Position     int    // building, unit, floor, room
	Label        string
	Floor        *int
	Area         *quantity.Area
	Tenure       Tenure
	Joins        bool
	Weight       int64
	Fen          quantity.Fen
	Yearly       quantity.Fen
	Compensation quantity.Fen
	Occupied     bool
}

// LiftSignature is one declaration of one home on one version: that it signs
// the cost agreement, or consents to its own part being occupied, or takes that
// back. Rows are only added; the latest that stands counts.
type LiftSignature struct {
	ID          string `gorm:"primaryKey"`
	PlanID      string
	Version     int
	PropertyID  string
	Kind        LiftPaper
	Accept      bool
	Channel     string // phone, paper
	ResidentID  string // on the phone
	Relation    Relation
	Proof       Proof
	Digest      string // of the version that was signed
	Receipt     string // the office's signature under the receipt
	SignedOn    quantity.Date
	EnteredBy   string // of a paper
	ConfirmedBy string // another
	ConfirmedAt *time.Time
	At          time.Time
}

// Stands reports whether a declaration counts: one on the phone at once, a
// paper when another person has compared it.
func (s *LiftSignature) Stands() bool { return s.Channel == LiftByPhone || s.ConfirmedBy != "" }

// The channels of a declaration.
const (
	LiftByPhone = "phone"
	LiftByPaper = "paper"
)

// LiftPaper is which paper a declaration is on.
type LiftPaper string

// The papers.
const (
	LiftAgreement LiftPaper = "agreement" // 费用分摊协议
	LiftConsent   LiftPaper = "consent"   // 占用专有部分同意书
)

// LiftHearing is a neighbour who is affected, or another owner of the building,
// who was heard and is not counted (征求意见).
type LiftHearing struct {
	ID         string `gorm:"primaryKey"`
	PlanID     string
	Version    int
	PropertyID string // empty for somebody without a home on the list
	Words      string // sealed
	HeardOn    quantity.Date
	StaffID    string
	At         time.Time
}

// LiftPreset is a table of coefficients or percentages that a street offers to
// begin from, with its source (系数参考表).
type LiftPreset struct {
	ID        string `gorm:"primaryKey"`
	AreaCode  string // empty for a shipped one
	Name      string
	Sharing   share.Sharing `gorm:"serializer:json"`
	Source    string
	UpdatedBy string
	UpdatedAt time.Time
}

// Of is what holds for one home; without anything of its own, it joins as its
// floor does.
func (t *LiftTerms) Of(propertyID string) LiftHousehold {
	for _, h := range t.Households {
		if h.PropertyID == propertyID {
			return h
		}
	}
	return LiftHousehold{PropertyID: propertyID}
}
