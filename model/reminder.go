package model

import "time"

// MotionReminder is word of a motion that falls due by the clock, told in the
// background: Reached is the last resident who has it.
type MotionReminder struct {
	MotionID string       `gorm:"primaryKey"`
	Kind     ReminderKind `gorm:"primaryKey"`
	DueAt    time.Time    `gorm:"primaryKey"`
	Reached  string
	Told     int
	DoneAt   *time.Time
}

// ReminderKind is what residents are told of a motion, and when.
type ReminderKind string

// The reminders; those of the close go to who has not taken part.
const (
	RemindOpened    ReminderKind = "opened"
	RemindClosing48 ReminderKind = "closing_48h"
	RemindClosing4  ReminderKind = "closing_4h"
	RemindResult    ReminderKind = "result"
)
