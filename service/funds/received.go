package funds

import (
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
)

const received = `SELECT l.purpose_id AS estate_id, l.source, SUM(l.credit - l.debit) AS fen FROM ledger_lines l
WHERE l.account = 'funds' AND l.purpose_type = 'estate' AND l.area_code LIKE ? AND (? = '' OR l.purpose_id = ?) GROUP BY l.purpose_id, l.source`

// Received is what has come in for the works of the estates of an area, less
// what went back, by estate and source; of one estate when it is named.
func Received(tx *gorm.DB, area, estateID string) (map[string]map[model.Source]quantity.Fen, error) {
	var rows []struct {
		EstateID string
		Source   model.Source
		Fen      quantity.Fen
	}
	if err := tx.Raw(received, area+"%", estateID, estateID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("add up what has come in: %w", err)
	}
	out := map[string]map[model.Source]quantity.Fen{}
	for _, r := range rows {
		if out[r.EstateID] == nil {
			out[r.EstateID] = map[model.Source]quantity.Fen{}
		}
		out[r.EstateID][r.Source] = r.Fen
	}
	return out, nil
}
