package surveys

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/audience"
	"gongdi/service/messages"
	"gongdi/service/store"
)

// takeHomes writes down the audience as it is: every home but parking spaces
// and storage rooms. A slice by floors is as lifts are felt.
const takeHomes = `INSERT INTO survey_homes (survey_id, property_id, estate_id, building_id, unit_id, floor_group, visit, visited_by, visited_at)
SELECT ?, p.id, p.estate_id, p.building_id, p.unit_id,
CASE WHEN COALESCE(p.floor_physical, p.floor) IS NULL THEN 'unknown' WHEN COALESCE(p.floor_physical, p.floor) <= 1 THEN '1'
WHEN COALESCE(p.floor_physical, p.floor) <= 3 THEN '2-3' WHEN COALESCE(p.floor_physical, p.floor) <= 5 THEN '4-5' ELSE '6+' END, '', '', NULL
FROM properties p JOIN estates e ON e.id = p.estate_id WHERE p.property_use NOT IN ('parking', 'storage') AND `

// Publish freezes a survey with the homes that it goes to, and has the
// audience told once it opens.
func (s *Service) Publish(ctx context.Context, caller model.Caller, id string) (*model.Survey, error) {
	return s.change(ctx, caller, id, "publish", func(tx *gorm.DB, v *model.Survey) error {
		now := s.now()
		switch {
		case v.Stage != model.SurveyDraft:
			return ErrNotDraft
		case v.MotionID != "":
			return ErrWithMotion.Carrying("motion_id", v.MotionID)
		case !now.Before(v.ClosesAt):
			return ErrOver
		}
		taken := tx.Exec(takeHomes+audience.HomesOf[v.AudienceType], v.ID, v.AudienceID)
		if taken.Error != nil {
			return fmt.Errorf("take the homes of survey %s: %w", v.ID, taken.Error)
		}
		v.Base, v.Stage, v.PublishedAt = taken.RowsAffected, model.SurveyPublished, &now
		return nil
	})
}

// Close ends a survey before its time.
func (s *Service) Close(ctx context.Context, caller model.Caller, id string) (*model.Survey, error) {
	return s.change(ctx, caller, id, "close", func(tx *gorm.DB, v *model.Survey) error {
		if v.Stage != model.SurveyPublished || v.ClosedAt != nil {
			return ErrNotPublished
		}
		if v.MotionID != "" {
			return ErrWithMotion.Carrying("motion_id", v.MotionID)
		}
		now := s.now()
		v.ClosedAt = &now
		if err := tx.Exec("DELETE FROM begun_responses WHERE survey_id = ?", v.ID).Error; err != nil {
			return fmt.Errorf("drop the drafts of survey %s: %w", v.ID, err)
		}
		return nil
	})
}

// OpenResults lets everybody read the figures of a survey that is over, or
// takes them back.
func (s *Service) OpenResults(ctx context.Context, caller model.Caller, id string, open bool) (*model.Survey, error) {
	return s.change(ctx, caller, id, map[bool]string{true: "open results", false: "withdraw results"}[open], func(_ *gorm.DB, v *model.Survey) error {
		if v.StatusAt(s.now()) != model.SurveyClosed {
			return ErrNotOver
		}
		v.Open = open
		return nil
	})
}

const (
	toTell = "SELECT id FROM surveys WHERE stage = 'published' AND told_at IS NULL AND closed_at IS NULL AND opens_at <= ? AND closes_at > ? ORDER BY opens_at LIMIT 20"
	// Those bound to a home of the audience, in the order of their ids.
	nextResidents = `SELECT DISTINCT b.resident_id FROM survey_homes h JOIN bindings b ON b.property_id = h.property_id
WHERE h.survey_id = ? AND b.status = 'verified' AND b.resident_id > ? ORDER BY b.resident_id LIMIT 500`
)

// Deliver tells the audiences of surveys that have opened, some hundreds at a
// time, each once.
func (s *Service) Deliver(ctx context.Context) error {
	var ids []string
	now := s.now()
	if err := s.DB.Read(ctx).Raw(toTell, now, now).Scan(&ids).Error; err != nil {
		return fmt.Errorf("find which surveys to tell of: %w", err)
	}
	for _, id := range ids {
		for more := true; more && ctx.Err() == nil; {
			var err error
			if more, err = s.tellSome(ctx, id); err != nil {
				return err
			}
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return s.dropStale(ctx)
}

func (s *Service) tellSome(ctx context.Context, id string) (more bool, err error) {
	err = store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		v, err := survey(tx, s.DB.Locked(surveyByID), id)
		if err != nil || v.ToldAt != nil {
			more = false
			return err
		}
		var residents []string
		if err := tx.Raw(nextResidents, v.ID, v.Reached).Scan(&residents).Error; err != nil {
			return fmt.Errorf("find whom to tell of survey %s: %w", id, err)
		}
		now := s.now()
		if err := messages.Tell(tx, residents, news(v), now); err != nil {
			return err
		}
		if len(residents) > 0 {
			v.Reached, v.Told = residents[len(residents)-1], v.Told+len(residents)
		}
		if more = len(residents) == 500; !more {
			v.ToldAt = &now
		}
		return tx.Exec("UPDATE surveys SET reached = ?, told = ?, told_at = ? WHERE id = ?", v.Reached, v.Told, v.ToldAt, id).Error
	})
	return more, err
}

func news(v *model.Survey) messages.News {
	closes := v.ClosesAt.In(quantity.Shanghai).Format("1月2日15:04")
	if v.MotionID != "" {
		return messages.News{
			Kind: "survey", AboutType: "motion", AboutID: v.MotionID, Text: "请您填写征询意见表《" + v.Title + "》，" + closes + "截止。", Hint: v.Title,
			Fields: map[string]string{"title": v.Title, "estate": v.AudienceLabel, "closes": messages.Instant(v.ClosesAt)}, Until: v.ClosesAt,
		}
	}
	return messages.News{
		Kind: "survey", AboutType: "survey", AboutID: v.ID, Text: "请您填写问卷《" + v.Title + "》，" + closes + "截止。", Hint: v.Title,
		Fields: map[string]string{"title": v.Title, "estate": v.AudienceLabel, "closes": messages.Instant(v.ClosesAt)}, Until: v.ClosesAt,
	}
}

// Door is a home on the way from door to door.
type Door struct {
	PropertyID, Label, Building, Unit string
	Visit                             model.SurveyVisit
	Answered                          bool
}

const (
	doorsFrom = `FROM survey_homes h JOIN properties p ON p.id = h.property_id JOIN estates e ON e.id = p.estate_id
LEFT JOIN buildings b ON b.id = p.building_id LEFT JOIN units u ON u.id = p.unit_id
LEFT JOIN survey_responses r ON r.survey_id = h.survey_id AND r.party_id = h.property_id
LEFT JOIN survey_participants a ON a.survey_id = h.survey_id AND a.party_id = h.property_id WHERE h.survey_id = ?`
	doorsOpen   = " AND (? = '' OR (r.id IS NULL AND a.party_id IS NULL AND h.visit <> 'refused')) AND (? = '' OR b.label = ?) AND (? = '' OR u.label = ?)"
	doorColumns = `h.property_id, p.label, COALESCE(b.label, '') AS building, COALESCE(u.label, '') AS unit, h.visit,
(r.id IS NOT NULL OR a.party_id IS NOT NULL) AS answered`
)

// DoorsAsked narrows the homes of a survey: with Open to those that are still
// to be asked, and to a building or a unit by its label.
type DoorsAsked struct {
	Open           bool
	Building, Unit string
	Offset, Limit  int
}

// Doors lists the homes that a member of staff looks after in walking order:
// building, unit, from the top floor as rooms are numbered. With Open only those
// that are still to be asked.
func (s *Service) Doors(ctx context.Context, caller model.Caller, v *model.Survey, q DoorsAsked) ([]Door, int64, error) {
	only := map[bool]string{true: "open", false: ""}[q.Open]
	args := append(append([]any{v.ID}, audience.OwnOf(caller)...), only, q.Building, q.Building, q.Unit, q.Unit)
	return store.Page[Door](s.DB.Read(ctx), store.List{
		Of: "the doors of survey " + v.ID, Columns: doorColumns, From: doorsFrom + audience.Own + doorsOpen, Order: "e.name, p.sort_key, p.id", Args: args,
	}, q.Offset, q.Limit)
}
