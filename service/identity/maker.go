package identity

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/document"
	"gongdi/service/vault"
)

const makerOf = "SELECT s.name, s.username, COALESCE(a.name, '') AS area FROM staff s LEFT JOIN areas a ON a.code = s.area_code WHERE s.id = ?"

// Maker is when and by whom a paper is made, as it is printed on it: an
// account's area, and the name of its person; 系统 where no account makes it.
func Maker(db *gorm.DB, v *vault.Vault, staffID string, at time.Time) (document.Provenance, error) {
	from := document.Provenance{At: at, By: "系统"}
	var rows []struct{ Name, Username, Area string }
	if err := db.Raw(makerOf, staffID).Scan(&rows).Error; err != nil {
		return from, fmt.Errorf("find who makes a paper: %w", err)
	}
	if len(rows) == 0 {
		return from, nil
	}
	name, err := v.Reveal(staffName, rows[0].Name)
	if err != nil {
		return from, fmt.Errorf("read who makes a paper: %w", err)
	}
	from.By = rows[0].Area + "　" + cmp.Or(name, rows[0].Username)
	return from, nil
}

// Maker is when and by whom a paper is made now.
func (s *Service) Maker(ctx context.Context, caller model.Caller) (document.Provenance, error) {
	return Maker(s.DB.Read(ctx), s.Vault, caller.ID, s.Now())
}
