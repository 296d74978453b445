package identity

import (
	"cmp"
	"fmt"

	"gorm.io/gorm"

	"gongdi/service/vault"
)

const makerOf = "SELECT s.name, s.username, COALESCE(a.name, '') AS area FROM staff s LEFT JOIN areas a ON a.code = s.area_code WHERE s.id = ?"

// Maker is who makes a paper, as it is printed on it: an account's area, and
// the name of its person; 系统 where no account makes it.
func Maker(db *gorm.DB, v *vault.Vault, staffID string) (string, error) {
	var rows []struct{ Name, Username, Area string }
	if err := db.Raw(makerOf, staffID).Scan(&rows).Error; err != nil {
		return "", fmt.Errorf("find who makes a paper: %w", err)
	}
	if len(rows) == 0 {
		return "系统", nil
	}
	name, err := v.Reveal(staffName, rows[0].Name)
	if err != nil {
		return "", fmt.Errorf("read who makes a paper: %w", err)
	}
	return rows[0].Area + "　" + cmp.Or(name, rows[0].Username), nil
}
