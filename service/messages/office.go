package messages

import (
	"fmt"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/store"
)

// deskAccounts are the accounts that may log in and act for departments in an
// area, the street for what is its own; each with the resident whose WeChat it
// is linked to.
const deskAccounts = `SELECT a.id AS staff_id, COALESCE((SELECT MIN(w.resident_id) FROM staff_wechat l
JOIN wechat_accounts w ON w.app_id = l.app_id AND w.open_id = l.open_id WHERE l.staff_id = a.id AND l.unlinked_at IS NULL), '') AS resident_id
FROM staff a WHERE a.disabled_at IS NULL AND SUBSTR(@area, 1, LENGTH(a.area_code)) = a.area_code
AND (a.role = 'department' AND a.department IN @departments OR a.role = 'street' AND @street IN @departments) ORDER BY a.id`

// communityAccounts are those of one community.
const communityAccounts = `SELECT a.id AS staff_id, COALESCE((SELECT MIN(w.resident_id) FROM staff_wechat l
JOIN wechat_accounts w ON w.app_id = l.app_id AND w.open_id = l.open_id WHERE l.staff_id = a.id AND l.unlinked_at IS NULL), '') AS resident_id
FROM staff a WHERE a.disabled_at IS NULL AND a.role = 'community' AND a.area_code = @area ORDER BY a.id`

// TellDesks puts news into the inbox of every account of some departments that
// reaches an area, the street's by its own code, inside the transaction of the
// cause. Who linked WeChat and allows it is hinted at it on the phone; a hint
// names no resident, as everywhere.
func TellDesks(tx *gorm.DB, departments []string, area string, news News, at time.Time) error {
	if len(departments) == 0 {
		return nil
	}
	return tellAccounts(tx, deskAccounts, map[string]any{"area": area, "departments": departments, "street": model.StreetDepartment}, news, at)
}

// TellCommunity puts news into the inbox of every account of a community.
func TellCommunity(tx *gorm.DB, area string, news News, at time.Time) error {
	return tellAccounts(tx, communityAccounts, map[string]any{"area": area}, news, at)
}

func tellAccounts(tx *gorm.DB, query string, args map[string]any, news News, at time.Time) error {
	var whom []struct{ StaffID, ResidentID string }
	if err := tx.Raw(query, args).Scan(&whom).Error; err != nil {
		return fmt.Errorf("find whom to tell of %s %s: %w", news.AboutType, news.AboutID, err)
	}
	if len(whom) == 0 {
		return nil
	}
	tiding := news.tiding(at.UTC())
	tidings := make([]model.Tiding, 0, len(whom))
	for _, w := range whom {
		tiding.ID, tiding.StaffID, tiding.ResidentID = store.NewID(), w.StaffID, w.ResidentID
		tidings = append(tidings, tiding)
	}
	if err := tx.CreateInBatches(tidings, 500).Error; err != nil {
		return fmt.Errorf("tell the office of %s %s: %w", news.AboutType, news.AboutID, err)
	}
	return nil
}
