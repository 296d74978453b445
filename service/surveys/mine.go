package surveys

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/opinion"
	"gongdi/service/fault"
	"gongdi/service/store"
)

// Home is a home of a survey's audience that a resident is bound to.
type Home struct {
	model.SurveyHome
	Label    string
	Relation model.Relation
}

const homesOfResident = `SELECT h.*, p.label, b.relation FROM survey_homes h JOIN bindings b ON b.property_id = h.property_id JOIN properties p ON p.id = h.property_id
WHERE h.survey_id = ? AND b.resident_id = ? AND b.status = 'verified' ORDER BY p.sort_key, p.id, CASE b.relation WHEN 'owner' THEN 0 ELSE 1 END`

// homes are a resident's, each once, as an owner where they are one.
func homes(tx *gorm.DB, surveyID, residentID string) ([]Home, error) {
	var rows, out []Home
	if err := tx.Raw(homesOfResident, surveyID, residentID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("find a resident's homes in survey %s: %w", surveyID, err)
	}
	for _, h := range rows {
		if len(out) == 0 || out[len(out)-1].PropertyID != h.PropertyID {
			out = append(out, h)
		}
	}
	return out, nil
}

// Mine is a survey that a resident may answer or has been asked: published, and
// for a home that they are bound to.
func (s *Service) Mine(ctx context.Context, caller model.Caller, id string) (*model.Survey, error) {
	db := s.DB.Read(ctx)
	v, err := survey(db, surveyByID, id)
	if err != nil {
		return nil, err
	}
	own, err := homes(db, id, caller.ID)
	if err == nil && (v.Stage == model.SurveyDraft || len(own) == 0) {
		err = fault.ErrNotFound
	}
	return v, err
}

var mineStatus = map[model.SurveyStatus]string{
	"":                    "",
	model.SurveyOpen:      " AND s.opens_at <= @now AND s.closes_at > @now AND s.closed_at IS NULL",
	model.SurveyScheduled: " AND s.opens_at > @now AND s.closed_at IS NULL",
	model.SurveyClosed:    " AND (s.closes_at <= @now OR s.closed_at IS NOT NULL)",
}

// ListMine is a page of the surveys that a resident is or was asked, those that
// close last first.
func (s *Service) ListMine(ctx context.Context, caller model.Caller, status model.SurveyStatus, offset, limit int) ([]model.Survey, int64, error) {
	from := `FROM surveys s WHERE s.stage = 'published' AND EXISTS (SELECT 1 FROM survey_homes h JOIN bindings b ON b.property_id = h.property_id
WHERE h.survey_id = s.id AND b.resident_id = @resident AND b.status = 'verified')` + mineStatus[status]
	return store.Page[model.Survey](s.DB.Read(ctx), store.List{
		Of: "a resident's surveys", Columns: "s.*", From: from, Order: "s.closes_at DESC, s.id DESC",
		Args: []any{map[string]any{"resident": caller.ID, "now": s.now()}},
	}, offset, limit)
}

// Given is what was answered for one of a resident's homes.
type Given struct {
	PropertyID, Label string
	Answered          bool
	Answers           opinion.Answers // the resident's own only; none of an anonymous survey
	At                *time.Time
}

// GivenBy says for each of a resident's homes whether it has answered, and
// what they themselves did.
func (s *Service) GivenBy(ctx context.Context, caller model.Caller, v *model.Survey) ([]Given, error) {
	db := s.DB.Read(ctx)
	own, err := homes(db, v.ID, caller.ID)
	if err != nil {
		return nil, err
	}
	parties := []string{caller.ID}
	for _, h := range own {
		parties = append(parties, h.PropertyID)
	}
	var rows []model.SurveyResponse
	var there []string
	err = errors.Join(
		db.Raw("SELECT * FROM survey_responses WHERE survey_id = ? AND party_id IN ?", v.ID, parties).Scan(&rows).Error,
		db.Raw("SELECT party_id FROM survey_participants WHERE survey_id = ? AND party_id IN ?", v.ID, parties).Scan(&there).Error,
	)
	if err != nil {
		return nil, fmt.Errorf("read what a resident answered: %w", err)
	}
	out := make([]Given, 0, len(own))
	for _, h := range own {
		g := Given{PropertyID: h.PropertyID, Label: h.Label}
		for _, party := range there {
			g.Answered = g.Answered || party == partyOf(v, h.PropertyID, caller.ID)
		}
		for i := range rows {
			if rows[i].PartyID != partyOf(v, h.PropertyID, caller.ID) {
				continue
			}
			g.Answered = true
			if rows[i].ResidentID == caller.ID {
				g.At = &rows[i].AnsweredAt
				if g.Answers, err = s.answersOf(&rows[i]); err != nil {
					return nil, err
				}
			}
		}
		out = append(out, g)
	}
	return out, nil
}

// partyOf is whose one answer it is.
func partyOf(v *model.Survey, propertyID, residentID string) string {
	if v.Unit == model.PerPerson && residentID != "" {
		return residentID
	}
	return propertyID
}
