package model

import (
	"time"

	"gongdi/model/quantity"
	"gongdi/model/rule/assess"
)

// Assessed is who is assessed, or owns what was decided: a community by its area's
// code, or a department by its own.
type Assessed struct {
	UnitKind assess.Kind
	UnitCode string
}

// AssessmentWeight is how many points an indicator weighs, as a dated row: of
// the periods that begin within it.
type AssessmentWeight struct {
	UnitKind   assess.Kind   `gorm:"primaryKey"`
	Indicator  string        `gorm:"primaryKey"`
	ValidFrom  quantity.Date `gorm:"primaryKey"`
	ValidUntil quantity.Date // empty while it holds
	Weight     int64
}

// Assessment is the table of a period (考核通报), frozen: its figures stay as
// they were. A later version, with its reason, does not touch an earlier one.
type Assessment struct {
	ID       string `gorm:"primaryKey"`
	Period   string // "2026-11", "2026-Q4"
	AreaCode string // of the street or the county whose table it is
	Version  int    // from 1; 0 while it is not frozen
	Reason   string // why there is another version
	AsOf     time.Time
	FrozenBy string
}

// AssessmentStanding is one unit's line in a table.
type AssessmentStanding struct {
	AssessmentID string `gorm:"primaryKey"`
	Position     int    `gorm:"primaryKey"`
	Assessed     `gorm:"embedded"`
	UnitName     string // as it was called then
	Score        assess.Hundredths
	Place        int   // rank; 0 for a unit of which there is no data
	Measured     int64 // weight of the indicators of which there is data
}

// AssessmentMark is what one indicator gives a unit, with what was counted, or
// an item that was entered by hand.
type AssessmentMark struct {
	AssessmentID string `gorm:"primaryKey"`
	UnitPosition int    `gorm:"primaryKey"`
	Position     int    `gorm:"primaryKey"`
	Indicator    string // empty for an item by hand, whose reason is the label
	Label        string
	NumLabel     string
	DenLabel     string
	Weight       int64
	Num, Den     int64
	Score        assess.Hundredths
	Routes       string // calls that show what was counted, one a line
}

// AssessmentItem is what was given or taken by hand, with its reason. A struck
// one counts no longer and stays.
type AssessmentItem struct {
	ID           string `gorm:"primaryKey"`
	Period       string
	AreaCode     string
	Assessed     `gorm:"embedded"`
	Points       assess.Hundredths
	Reason       string
	StaffID      string
	At           time.Time
	StruckAt     *time.Time
	StruckBy     string
	StruckReason string
}

// AssessmentObjection is what a unit has against its line: once a period, and
// it is answered.
type AssessmentObjection struct {
	ID         string `gorm:"primaryKey"`
	Period     string
	AreaCode   string
	Assessed   `gorm:"embedded"`
	Words      string // sealed
	StaffID    string
	At         time.Time
	Answer     string // sealed
	Upheld     bool
	AnsweredBy string
	AnsweredAt *time.Time
}

// SupervisionVisit is a visit on the spot (督查), with what was found and by
// when it is to be mended.
type SupervisionVisit struct {
	ID        string `gorm:"primaryKey"`
	AreaCode  string
	Assessed  `gorm:"embedded"`
	HeldOn    quantity.Date
	Place     string
	Findings  string        // sealed
	DueOn     quantity.Date // empty when there is nothing to mend
	DoneOn    quantity.Date
	DoneWords string // sealed
	DoneBy    string
	StaffID   string
	At        time.Time
}

// JointMeeting is a meeting of the departments (部门联席会议).
type JointMeeting struct {
	ID       string `gorm:"primaryKey"`
	AreaCode string
	HeldOn   quantity.Date
	Title    string
	Place    string
	Present  string // sealed
	Minutes  string // sealed
	StaffID  string
	At       time.Time
}

// JointDecision is what a joint meeting decided: who does it, by when, and
// whether it is done.
type JointDecision struct {
	ID          string `gorm:"primaryKey"`
	MeetingID   string
	Number      int // from 1
	AreaCode    string
	Assessed    `gorm:"embedded"`
	Words       string // sealed
	ComplaintID string // the case it is about; empty for none
	DueOn       quantity.Date
	DoneOn      quantity.Date
	DoneWords   string // sealed
	DoneBy      string
	StaffID     string
	At          time.Time
}
