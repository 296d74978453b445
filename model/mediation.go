package model

import (
	"time"

	"gongdi/model/quantity"
)

// Mediation is one session between neighbours (矛盾纠纷调解).
type Mediation struct {
	ID          string `gorm:"primaryKey"`
	ComplaintID string
	Number      int // from 1
	HeldOn      quantity.Date
	Place       string
	Outcome     MediationOutcome
	Present     string        // who came and as what; sealed
	Facts       string        // sealed
	Agreement   string        // sealed
	DueOn       quantity.Date // by when it is to be kept
	FollowUp    string        // sealed
	FollowedAt  *time.Time
	Kept        bool
	StaffID     string
	At          time.Time
}

// MediationOutcome is how a session ended.
type MediationOutcome string

// The outcomes.
const (
	MediationAgreed    MediationOutcome = "agreed"
	MediationAdjourned MediationOutcome = "adjourned"
	MediationFailed    MediationOutcome = "failed"
)
