package model

import (
	"time"

	"gongdi/model/quantity"
)

// BankList is a list of a bank's statements that somebody uploaded (银行流水).
type BankList struct {
	ID        string `gorm:"primaryKey"`
	AreaCode  string
	Findings  string // places and codes, no contents
	CreatedBy string
	CreatedAt time.Time
}

// BankMovement is money that a bank says has moved, once however many lists
// name it.
type BankMovement struct {
	ID         string `gorm:"primaryKey"`
	Slot       string // keyed digest of the bank's reference, or of the row's facts
	Direction  Direction
	OnDate     quantity.Date
	Amount     quantity.Fen
	Reference  string // the bank's own (流水号); empty when the list has none
	Payer      string // sealed
	PayerIndex string
	Words      string // 摘要、附言、用途, sealed
	VoucherID  string // that was entered of it last
	CreatedAt  time.Time
}

// Direction is whether money came in or went out.
type Direction string

// The directions.
const (
	MoneyIn  Direction = "in"
	MoneyOut Direction = "out"
)

// BankRow is where a list names a movement.
type BankRow struct {
	ListID     string `gorm:"primaryKey"`
	Position   int    `gorm:"primaryKey"`
	Sheet      string
	Line       int // the spreadsheet's own number
	MovementID string
	Known      bool // an earlier list named it
}
