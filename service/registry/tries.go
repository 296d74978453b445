package registry

import (
	"fmt"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/fault"
	"gongdi/service/store"
)

// ErrTooManyTries answers whoever has guessed wrong too often today.
var ErrTooManyTries = fault.New(fault.TooMany, "too_many_tries", "今天核对不符的次数太多，请明天再试，或者到社区办理")

// Ten wrong tries a day by one resident end trying until the next day begins in
// Shanghai; ten at one home pause matching there, so that nobody who lives
// there is shut out by others' guesses.
const wrongAtMost = 10

func triesOfResident(id string, day quantity.Date) string {
	return "bind:resident:" + id + ":" + string(day)
}

func triesAtHome(id string, day quantity.Date) string { return "bind:home:" + id + ":" + string(day) }

// spent reports whether the wrong tries of a day are used up.
func spent(db *gorm.DB, subject string) (bool, error) {
	var n int64
	if err := db.Raw("SELECT COUNT(*) FROM failures WHERE subject = ?", subject).Scan(&n).Error; err != nil {
		return false, fmt.Errorf("count wrong tries: %w", err)
	}
	return n >= wrongAtMost, nil
}

// refuseSpent is ErrTooManyTries when a resident may not try again today.
func (s *Service) refuseSpent(db *gorm.DB, residentID string) error {
	now := s.now()
	today := quantity.DateOf(now)
	over, err := spent(db, triesOfResident(residentID, today))
	if err != nil || !over {
		return err
	}
	return ErrTooManyTries.After(today.AddDays(1).Start().Sub(now))
}

// wrong counts a wrong try, with the resident and with the home.
func (s *Service) wrong(tx *gorm.DB, residentID, propertyID string) error {
	now := s.now()
	today := quantity.DateOf(now)
	rows := []model.Failure{
		{ID: store.NewID(), Subject: triesOfResident(residentID, today), At: now.Truncate(time.Millisecond)},
		{ID: store.NewID(), Subject: triesAtHome(propertyID, today), At: now.Truncate(time.Millisecond)},
	}
	if err := tx.Create(&rows).Error; err != nil {
		return fmt.Errorf("count a wrong try: %w", err)
	}
	return nil
}
