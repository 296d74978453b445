package complaints

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
)

// tries bounds how often a number is drawn anew.
const tries = 50

// keep writes a new case under a number that nobody has.
func (s *Service) keep(ctx context.Context, tx *gorm.DB, c *model.Complaint) error {
	for range tries {
		number, err := draw(c.FiledAt)
		if err != nil {
			return err
		}
		var taken int64
		if err := tx.Raw("SELECT COUNT(*) FROM complaints WHERE number = ?", number).Scan(&taken).Error; err != nil {
			return fmt.Errorf("look for a number: %w", err)
		}
		if taken > 0 {
			continue
		}
		c.Number = number
		err = gorm.G[model.Complaint](tx).Create(ctx, c)
		if errors.Is(err, gorm.ErrDuplicatedKey) {
			continue // drawn by somebody else at this moment
		}
		if err != nil {
			return fmt.Errorf("keep a case: %w", err)
		}
		return nil
	}
	return errors.New("no number is free for a case")
}

// draw makes a number to be said on the phone: the year, six digits of chance
// and one that shows a slip (Luhn).
func draw(at time.Time) (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", fmt.Errorf("draw a number: %w", err)
	}
	digits := fmt.Sprintf("%02d%06d", at.In(quantity.Shanghai).Year()%100, n)
	return digits + string('0'+luhn(digits)), nil
}

func luhn(digits string) rune {
	sum := 0
	for i := len(digits) - 1; i >= 0; i-- {
		d := int(digits[i] - '0')
		if (len(digits)-i)%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return rune((10 - sum%10) % 10)
}
