package store

import (
	"errors"
	"fmt"

	"gorm.io/gorm"

	"gongdi/service/fault"
)

// List is what can be counted whole and read a page at a time.
type List struct {
	Of      string // what it lists, as an error names it
	Columns string
	From    string // the tables with their condition: FROM … WHERE …
	Order   string
	Args    []any // of From
}

// Page counts a list and reads up to limit rows of it from an offset on; there
// is nothing to read beyond its end.
func Page[T any](db *gorm.DB, l List, offset, limit int) (rows []T, total int64, err error) {
	if err := db.Raw("SELECT COUNT(*) "+l.From, l.Args...).Scan(&total).Error; err != nil {
		return nil, 0, fmt.Errorf("count %s: %w", l.Of, err)
	}
	if total <= int64(offset) {
		return nil, total, nil
	}
	// The two numbers are part of the text: beside arguments that have names
	// there is no place for others.
	query := fmt.Sprintf("SELECT %s %s ORDER BY %s LIMIT %d OFFSET %d", l.Columns, l.From, l.Order, limit, offset)
	if err := db.Raw(query, l.Args...).Scan(&rows).Error; err != nil {
		return nil, 0, fmt.Errorf("list %s: %w", l.Of, err)
	}
	return rows, total, nil
}

// One reads the row that a query finds, or not found; of says what it is, as an
// error names it.
func One[T any](db *gorm.DB, of, query string, args ...any) (*T, error) {
	var row T
	err := db.Raw(query, args...).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, fault.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", of, err)
	}
	return &row, nil
}
