package model

import (
	"time"

	"gongdi/model/quantity"
)

// RollCorrection brings homes of a published roll to what the registry has
// since been mended to (名册更正): proposed by one, applied by another, appended.
type RollCorrection struct {
	ID           string `gorm:"primaryKey"`
	MotionID     string
	Number       int // among those applied, from 1; 0 until then
	Status       CorrectionStatus
	Reason       string
	Changes      []HomeChange `gorm:"serializer:json"`
	LinesBefore  string       // of the roll, as they are proven
	LinesAfter   string
	DigestBefore string
	DigestAfter  string
	ProposedBy   string
	ProposedAt   time.Time
	DecidedBy    string
	DecidedAt    *time.Time
	Answer       string // why it was refused
}

// CorrectionStatus is where a correction stands.
type CorrectionStatus string

// The states of a correction.
const (
	CorrectionProposed CorrectionStatus = "proposed"
	CorrectionApplied  CorrectionStatus = "applied"
	CorrectionRefused  CorrectionStatus = "refused"
)

// HomeChange is what a correction does to one home.
type HomeChange struct {
	PropertyID string
	Label      string
	Kinds      []ChangeKind
	// Voter is with whom the home counts afterwards: a voter of the roll, or
	// a name for one to be made.
	Voter                   string
	AreaBefore, AreaAfter   *quantity.Area
	OwnersBefore            string // masked
	OwnersAfter             string
	OwnerIDs                string
	IncompleteAfter         string
	CountsWith, CountedWith []string `json:",omitempty"` // labels of the same voter's other homes, after and before
}

// ChangeKind says what changes for a home.
type ChangeKind string

// The kinds of change.
const (
	ChangeArea   ChangeKind = "area"
	ChangeOwners ChangeKind = "owners"
	ChangeAdd    ChangeKind = "add"
	ChangeRemove ChangeKind = "remove"
	ChangeMove   ChangeKind = "move" // to another voter's homes, or away from them
)

// StruckVoter is a voter whom a correction took off the roll; the ballot
// versions stay under the reference, and do not count.
type StruckVoter struct {
	MotionID     string `gorm:"primaryKey"`
	ID           string `gorm:"primaryKey"`
	Ref          string
	CorrectionID string
}
