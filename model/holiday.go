package model

import "gongdi/model/quantity"

// Holiday is a day that the State Council's notice of a year names (节假日安排):
// a holiday, or a weekend day that is worked (调休上班).
type Holiday struct {
	Day        quantity.Date `gorm:"primaryKey"`
	NoticeYear int
	Name       string
	Off        bool
}
