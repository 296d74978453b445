package model

import (
	"time"

	"gongdi/model/quantity"
)

// MotionFigures are what is kept ready of a motion: whom it reached, who took
// part, and, once it is sealed, how it ended. Before that nothing says what
// anybody chose.
type MotionFigures struct {
	MotionID     string `gorm:"primaryKey"`
	AreaCode     string
	EstateID     string
	Stage        Stage // and what else of the motion itself a page is chosen by
	OpensAt      time.Time
	ClosesAt     time.Time
	SealedAt     *time.Time
	RollHeads    int64
	RollArea     quantity.Area
	ReachedHeads int64
	ReachedArea  quantity.Area
	PartHeads    int64
	PartArea     quantity.Area
	AgreeHeads   *int64         // nil until the seal
	AgreeArea    *quantity.Area // nil until the seal
	Outcome      string         // empty until the seal
	QuorumHeads  int64          // that are missing for the quorum
	QuorumArea   quantity.Area
	PassHeads    *int64 // that are missing to pass, nil until the seal
	PassArea     *quantity.Area
	Missing      int64 // the larger need, in 0.01 % of the roll: of the quorum, and once sealed to pass
}

// MotionDay is how many of those who take part came on one day: the day of the
// version that counts.
type MotionDay struct {
	MotionID string        `gorm:"primaryKey"`
	Day      quantity.Date `gorm:"primaryKey"`
	AreaCode string
	Heads    int64
	Area     quantity.Area
}

// CaseFigures are the complaints' own statistics of one area, by department.
type CaseFigures struct {
	AreaCode       string `gorm:"primaryKey"`
	DepartmentCode string `gorm:"primaryKey"`
	Label          string
	Received       int64
	InTime         int64
	Late           int64
	Pending        int64
	Returned       int64
	Reopened       int64
	Rated          int64
	Satisfied      int64
}

// PurposeFigures are what is pledged to a purpose by pledges that stand, what
// came in for it and what went out, of one source.
type PurposeFigures struct {
	PurposeType PurposeType `gorm:"primaryKey"`
	PurposeID   string      `gorm:"primaryKey"`
	Source      Source      `gorm:"primaryKey"`
	AreaCode    string
	EstateID    string
	Pledged     quantity.Fen
	Received    quantity.Fen
	Spent       quantity.Fen // and refunded
}

// EstateFigures are what is counted of an estate's homes. Households are its
// dwellings; Area is of the homes whose area is known. Whether they should be
// renewed, and since when they were, is by rule/project.
type EstateFigures struct {
	EstateID   string `gorm:"primaryKey"`
	Buildings  int64
	Units      int64
	Homes      int64
	Households int64
	Area       quantity.Area
	Due        bool          // 应改造
	RenewedOn  quantity.Date // empty until then
	JudgedBy   string        // the settings
}

// OverviewDay is what the overview of an area said at the end of a day.
type OverviewDay struct {
	AreaCode string        `gorm:"primaryKey"`
	Day      quantity.Date `gorm:"primaryKey"`
	Figures  string        // JSON
	At       time.Time
}
