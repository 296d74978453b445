package model

import "time"

// Sheet is a printed paper for one voter (表决票、征询意见表): its code names the
// voter and the motions that stand on it.
type Sheet struct {
	ID        string `gorm:"primaryKey"`
	Code      string
	EstateID  string
	AreaCode  string
	PrintedBy string
	PrintedAt time.Time
}

// SheetBallot is one motion on a sheet.
type SheetBallot struct {
	SheetID  string `gorm:"primaryKey"`
	MotionID string `gorm:"primaryKey"`
	VoterID  string
}

// PaperReceipt notes that papers came in (收票登记): which way, where, how many,
// who took them and when.
type PaperReceipt struct {
	ID         string `gorm:"primaryKey"`
	MotionID   string
	Way        string // box 票箱, visit 入户, counter 窗口, post 邮寄
	Place      string
	Sheets     int
	Collectors string // names; sealed
	ReceivedAt time.Time
	StaffID    string
	At         time.Time
	// A slip stays in the log; struck, it no longer counts.
	StruckAt     *time.Time
	StruckBy     string
	StruckReason string
}

// Scrutineer is an owner named to check the entry of papers (监票人).
type Scrutineer struct {
	MotionID   string `gorm:"primaryKey"`
	ResidentID string `gorm:"primaryKey"`
	Name       string // sealed
	NamedBy    string
	NamedAt    time.Time
	// DismissedAt is when their part ended; what they checked stays checked.
	DismissedAt *time.Time
}

// Dispute is a co-owner's objection to the ballot that stands for their home
// (共有人异议).
type Dispute struct {
	ID         string `gorm:"primaryKey"`
	MotionID   string
	VoterID    string
	Version    int // of the ballot, that says so in the ledger
	ResidentID string
	Reason     string // sealed
	Status     DisputeStatus
	SettledBy  Settlement
	SharesNum  int64 // held by those who settled
	SharesDen  int64
	Words      string // sealed
	OpenedAt   time.Time
	EndedAt    *time.Time
}

// DisputeStatus is where a dispute stands; one still open at the seal makes the
// ballot a spoiled one of an entitled owner.
type DisputeStatus string

// The states of a dispute.
const (
	DisputeOpen      DisputeStatus = "open"
	DisputeWithdrawn DisputeStatus = "withdrawn"
	DisputeSettled   DisputeStatus = "settled"
)

// Settlement is how co-owners came to one ballot.
type Settlement string

// The settlements: all agree, or holders of at least two thirds of the shares.
//
// Law: Civil Code art. 301.
const (
	ByAgreement Settlement = "agreement"
	ByShares    Settlement = "shares"
)

// RollReport is what a bound owner reports as wrong about the own home during
// the check week (名册核对).
type RollReport struct {
	ID         string `gorm:"primaryKey"`
	MotionID   string
	PropertyID string
	ResidentID string
	Words      string // sealed
	Status     ReportStatus
	Answer     string
	AnsweredBy string
	AnsweredAt *time.Time
	At         time.Time
}

// ReportStatus is what became of a report.
type ReportStatus string

// The states of a report: the registry was mended, or kept with an explanation.
const (
	ReportOpen   ReportStatus = "open"
	ReportMended ReportStatus = "mended"
	ReportKept   ReportStatus = "kept"
)
