// Package safety lets nothing be shown to others that the platform or a person
// has not passed (内容安全). Writing never waits for it: what somebody writes
// is kept at once, with a check beside it that is made in the background.
package safety

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"gongdi/model"
	"gongdi/service/audit"
	"gongdi/service/files"
	"gongdi/service/store"
	"gongdi/service/vault"
	"gongdi/service/wechat"
)

// Judge is the platform, as far as it judges what people write and show.
type Judge interface {
	CheckText(ctx context.Context, openID, text string) (wechat.Verdict, error)
	CheckPicture(ctx context.Context, openID, address string) (trace string, err error)
}

// Service checks what residents write.
type Service struct {
	DB    *store.DB
	Vault *vault.Vault
	Audit *audit.Log
	Files *files.Service
	Judge Judge
	// AppID is whose openids the judge knows.
	AppID string
	// Public is the office's address on the internet, from where the platform
	// fetches pictures. Without it a person looks at each.
	Public string
	Now    func() time.Time
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Millisecond) }

const checkedWords vault.Field = "safety_check.words"

// Item is what somebody wrote or attached that others will see: all of one
// thing. AreaCode is whose office looks at it when a person must.
type Item struct {
	About    model.About
	AreaCode string
	Words    string
	Files    []string
}

// Submit puts what somebody writes to the check, in the transaction that keeps
// it; the same thing again, changed, is checked anew. What a member of staff
// enters has been seen by a person, and passes by that.
func (s *Service) Submit(tx *gorm.DB, by model.Caller, item Item) error {
	if err := tx.Exec("DELETE FROM safety_checks WHERE about_type = ? AND about_id = ?", item.About.Type, item.About.ID).Error; err != nil {
		return fmt.Errorf("replace the checks of %s %s: %w", item.About.Type, item.About.ID, err)
	}
	return s.SubmitOnce(tx, by, item)
}

// SubmitOnce is Submit for a thing that nobody else changes: what of it is
// checked already, by another replica say, stays so.
func (s *Service) SubmitOnce(tx *gorm.DB, by model.Caller, item Item) error {
	var rows []model.SafetyCheck
	if item.Words != "" {
		row := s.begin(by, item, "words", model.SafetyText)
		row.Words = s.Vault.Seal(checkedWords, item.Words)
		rows = append(rows, row)
	}
	for _, file := range item.Files {
		rows = append(rows, s.begin(by, item, file, model.SafetyPicture))
	}
	if len(rows) == 0 {
		return nil
	}
	if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&rows).Error; err != nil {
		return fmt.Errorf("put %s %s to the check: %w", item.About.Type, item.About.ID, err)
	}
	return nil
}

func (s *Service) begin(by model.Caller, item Item, part string, kind model.SafetyKind) model.SafetyCheck {
	now := s.now()
	c := model.SafetyCheck{
		ID: store.NewID(), AboutType: item.About.Type, AboutID: item.About.ID, Part: part, Kind: kind,
		AreaCode: item.AreaCode, MadeAt: now, State: model.SafetyPending, NextAt: &now, AuthorID: by.ID,
	}
	if by.Kind == model.StaffSession {
		c.State, c.Cause, c.NextAt, c.DecidedAt, c.DecidedBy, c.AuthorID = model.SafetyPass, model.CauseOffice, nil, &now, by.ID, ""
	}
	return c
}

// Standing is where a whole thing stands.
type Standing string

// The standings. A thing that was never submitted has none, and is not shown.
const (
	Unknown Standing = ""
	Waiting Standing = "waiting"
	Passed  Standing = "passed"
	Refused Standing = "refused"
)

// Shown reports whether others may see it.
func (s Standing) Shown() bool { return s == Passed }

const standings = `SELECT about_id AS id, COUNT(*) AS parts, SUM(CASE WHEN state = 'pass' THEN 1 ELSE 0 END) AS passed,
SUM(CASE WHEN state = 'refused' THEN 1 ELSE 0 END) AS refused FROM safety_checks WHERE about_type = ? AND about_id IN ? GROUP BY about_id`

// Standings tells of things of one type whether each may be shown to others:
// when every part of it passed.
func Standings(db *gorm.DB, aboutType string, ids []string) (map[string]Standing, error) {
	out := map[string]Standing{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []struct {
		ID                     string
		Parts, Passed, Refused int
	}
	if err := db.Raw(standings, aboutType, ids).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the checks of %s: %w", aboutType, err)
	}
	for _, r := range rows {
		out[r.ID] = Waiting
		if r.Refused > 0 {
			out[r.ID] = Refused
		} else if r.Passed == r.Parts {
			out[r.ID] = Passed
		}
	}
	return out, nil
}
