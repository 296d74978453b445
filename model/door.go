package model

import "time"

// DoorVisit is what came of a visit at a voter's door (入户走访), apart from any vote.
type DoorVisit struct {
	ID       string `gorm:"primaryKey"`
	MotionID string
	VoterID  string
	Result   VisitResult
	Note     string // sealed
	StaffID  string
	At       time.Time
}

// VisitResult is what came of a visit.
type VisitResult string

// The results of a visit.
const (
	NobodyHome VisitResult = "nobody_home"
	LeftForm   VisitResult = "left_form"
	Refused    VisitResult = "refused"
	MovedAway  VisitResult = "moved"
	MetOwner   VisitResult = "met"
)

// Delivery notes that a voter was given the ballot (送达): what a rule of
// silence, and every answer to «nobody told me», rests on.
type Delivery struct {
	ID       string `gorm:"primaryKey"`
	MotionID string
	VoterID  string
	Way      DeliveryWay
	Proven   bool // by a signature or a picture, or because the phone itself told
	StaffID  string
	At       time.Time
}

// DeliveryWay is how a ballot reached a voter.
type DeliveryWay string

// The ways of delivery.
const (
	Opened  DeliveryWay = "opened"  // on the phone
	Message DeliveryWay = "message" // sent to the phone
	Handed  DeliveryWay = "handed"  // with a signature
	Posted  DeliveryWay = "posted"  // at the door, with a picture
)

// StaffBuilding is a building that a member of the grid looks after (网格).
type StaffBuilding struct {
	StaffID    string `gorm:"primaryKey"`
	BuildingID string `gorm:"primaryKey"`
}
