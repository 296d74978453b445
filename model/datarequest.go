package model

import "time"

// DataRequest asks that what the office keeps about a resident's home be
// corrected.
//
// Law: PIPL art. 46.
type DataRequest struct {
	ID         string `gorm:"primaryKey"`
	ResidentID string
	PropertyID string
	AreaCode   string
	Words      string // sealed
	Status     DataRequestStatus
	Answer     string
	AnsweredBy string
	AnsweredAt *time.Time
	At         time.Time
}

// DataRequestStatus is what became of a request.
type DataRequestStatus string

// The states of a request.
const (
	RequestOpen    DataRequestStatus = "open"
	RequestDone    DataRequestStatus = "done"
	RequestRefused DataRequestStatus = "refused"
)
