package notices

import (
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
)

// LastDay is the last day of the latest publicity period on one version of a
// thing that notices are about; none when it was never shown.
func LastDay(tx *gorm.DB, about model.Matter) (quantity.Date, error) {
	var days []quantity.Date
	err := tx.Raw(`SELECT ends_on FROM notices WHERE about_type = ? AND about_id = ? AND about_version = ? AND kind = 'publicity' AND stage = 'published' AND ends_on <> ''
ORDER BY ends_on DESC LIMIT 1`, about.Type, about.ID, about.Version).Scan(&days).Error
	if err != nil {
		return "", fmt.Errorf("find the publicity of %s %s: %w", about.Type, about.ID, err)
	}
	if len(days) == 0 {
		return "", nil
	}
	return days[0], nil
}

// Publicity is how far something was shown to an estate.
type Publicity struct {
	LastDay   quantity.Date // of the latest period; none when it was never shown
	Unsettled int           // written objections that stand
}

const (
	lastShown = `SELECT ends_on FROM notices WHERE kind = 'publicity' AND stage = 'published' AND subject = ? AND audience_type = 'estate' AND audience_id = ? AND ends_on <> ''
ORDER BY ends_on DESC LIMIT 1`
	objectedTo = `SELECT COUNT(*) FROM objections o JOIN notices n ON n.id = o.notice_id
WHERE n.kind = 'publicity' AND n.stage = 'published' AND n.subject = ? AND n.audience_type = 'estate' AND n.audience_id = ? AND o.status NOT IN ('settled', 'withdrawn')`
)

// Settled is how far a subject was shown to a whole estate, and how many
// written objections to it stand.
func Settled(tx *gorm.DB, estateID, subject string) (Publicity, error) {
	var days []quantity.Date
	if err := tx.Raw(lastShown, subject, estateID).Scan(&days).Error; err != nil {
		return Publicity{}, fmt.Errorf("find what was shown to estate %s: %w", estateID, err)
	}
	var p Publicity
	if len(days) > 0 {
		p.LastDay = days[0]
	}
	if err := tx.Raw(objectedTo, subject, estateID).Scan(&p.Unsettled).Error; err != nil {
		return Publicity{}, fmt.Errorf("count the objections of estate %s: %w", estateID, err)
	}
	return p, nil
}
