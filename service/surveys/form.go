package surveys

import (
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/opinion"
	"gongdi/service/fault"
	"gongdi/service/store"
)

const surveyByMotion = "SELECT * FROM surveys WHERE motion_id = ?"

// OfMotion is the questionnaire that a motion carries (一户一表); nil for none.
func OfMotion(tx *gorm.DB, motionID string) (*model.Survey, error) {
	return carried(tx, surveyByMotion, motionID)
}

// HoldOf is OfMotion, held alone until the end of the transaction.
func (s *Service) HoldOf(tx *gorm.DB, motionID string) (*model.Survey, error) {
	return carried(tx, s.DB.Locked(surveyByMotion), motionID)
}

func carried(tx *gorm.DB, query, motionID string) (*model.Survey, error) {
	v, err := survey(tx, query, motionID)
	if errors.Is(err, fault.ErrNotFound) {
		return nil, nil
	}
	return v, err
}

// Release makes a draft one of its own again, when the motion that was to
// carry it is gone.
func (s *Service) Release(tx *gorm.DB, v *model.Survey) error {
	if err := tx.Exec("UPDATE surveys SET motion_id = '', updated_at = ? WHERE id = ?", s.now(), v.ID).Error; err != nil {
		return fmt.Errorf("release survey %s: %w", v.ID, err)
	}
	return nil
}

// Carried is what a questionnaire takes over from the motion that it goes with.
type Carried struct {
	Scope, ScopeID, Label string
	OpensAt, ClosesAt     time.Time
	Over                  bool
	// Homes are those of the roll, TakingPart those of them whose ballot
	// counts: queries of their ids, each with one argument, the motion's id.
	Homes, TakingPart string
}

const (
	carriedHomes  = "p.id IN (%s) AND p.id NOT IN (SELECT h.property_id FROM survey_homes h WHERE h.survey_id = ?)"
	dropHomes     = "DELETE FROM survey_homes WHERE survey_id = ? AND property_id NOT IN (%s)"
	dropResponses = "DELETE FROM survey_responses WHERE survey_id = ? AND property_id NOT IN (%s)"
	// Figures that hold an answer which goes are reckoned anew.
	dropFigures = `DELETE FROM survey_tallies WHERE survey_id = ? AND EXISTS (SELECT 1 FROM survey_responses r
WHERE r.survey_id = survey_tallies.survey_id AND r.tallied IN (1, 2) AND r.property_id NOT IN (%s))`
	countHomes = "SELECT COUNT(*) FROM survey_homes WHERE survey_id = ?"
)

// Carry brings a questionnaire to where its motion stands: published with it,
// for the homes on its roll, open as long as it. Answers of homes that no
// longer take part go with their ballots.
func (s *Service) Carry(tx *gorm.DB, v *model.Survey, c Carried) error {
	now := s.now()
	v.AudienceType, v.AudienceID, v.AudienceLabel = model.AudienceType(c.Scope), c.ScopeID, c.Label
	v.OpensAt, v.ClosesAt, v.UpdatedAt = c.OpensAt, c.ClosesAt, now
	if v.Stage == model.SurveyDraft {
		v.Stage, v.PublishedAt = model.SurveyPublished, &now
	}
	if c.Over && v.ClosedAt == nil {
		v.ClosedAt = &now
	}
	err := errors.Join(
		tx.Exec(fmt.Sprintf(dropHomes, c.Homes), v.ID, v.MotionID).Error,
		tx.Exec(fmt.Sprintf(dropFigures, c.TakingPart), v.ID, v.MotionID).Error,
		tx.Exec(fmt.Sprintf(dropResponses, c.TakingPart), v.ID, v.MotionID).Error,
		tx.Exec(takeHomes+fmt.Sprintf(carriedHomes, c.Homes), v.ID, v.MotionID, v.ID).Error,
		tx.Raw(countHomes, v.ID).Scan(&v.Base).Error,
		tx.Select("*").Where("id = ?", v.ID).UpdateColumns(v).Error,
	)
	if err != nil {
		return fmt.Errorf("carry survey %s: %w", v.ID, err)
	}
	return nil
}

// Filled is what a household filled in beside its choice.
type Filled struct {
	PropertyID string
	Answers    opinion.Answers
	Ticked     []string // sensitive questions whose answering was agreed to
}

const formsOfHome = "SELECT * FROM survey_forms WHERE survey_id = ? AND property_id = ? ORDER BY laid_at DESC, id DESC"

// Lay keeps what a household filled in, whole or not at all, and names it. The
// same again is the same form. The caller holds the household's ballot.
func (s *Service) Lay(tx *gorm.DB, v *model.Survey, f Filled) (string, error) {
	questions, err := Questions(v)
	if err != nil {
		return "", err
	}
	answers, findings := opinion.CheckAnswers(questions, f.Answers, f.Ticked)
	if err := refused(findings); err != nil {
		return "", err
	}
	said, err := opinion.Encode(answers)
	if err != nil {
		return "", err
	}
	forms, err := formsOf(tx, v.ID, f.PropertyID)
	if err != nil {
		return "", err
	}
	for i := range forms {
		earlier, err := s.answersOf(&model.SurveyResponse{ID: forms[i].ID, Answers: forms[i].Answers, Sealed: forms[i].Sealed})
		if err != nil {
			return "", err
		}
		if was, err := opinion.Encode(earlier); err != nil || was == said {
			return forms[i].ID, err
		}
	}
	var row model.SurveyResponse
	if err := s.fillAnswers(&row, questions, answers); err != nil {
		return "", err
	}
	form := &model.SurveyForm{ID: store.NewID(), SurveyID: v.ID, PropertyID: f.PropertyID, Answers: row.Answers, Sealed: row.Sealed, LaidAt: s.now()}
	if err := tx.Create(form).Error; err != nil {
		return "", fmt.Errorf("lay a form of survey %s: %w", v.ID, err)
	}
	return form.ID, nil
}

func formsOf(tx *gorm.DB, surveyID, propertyID string) ([]model.SurveyForm, error) {
	var forms []model.SurveyForm
	if err := tx.Raw(formsOfHome, surveyID, propertyID).Scan(&forms).Error; err != nil {
		return nil, fmt.Errorf("read the forms of a home in survey %s: %w", surveyID, err)
	}
	return forms, nil
}

// Standing is the ballot that counts for a household, and the form that came
// with it.
type Standing struct {
	PropertyID, FormID, BallotID string
	ResidentID, EnteredBy        string
	Relation                     model.Relation
	Channel                      model.SurveyChannel
	At                           time.Time
}

// Stand makes what came with the ballot that counts the household's answer. A
// ballot that came without a form, as when co-owners settle a dispute, leaves
// the household's latest answers.
func (s *Service) Stand(tx *gorm.DB, v *model.Survey, g Standing) error {
	var earlier model.SurveyResponse
	err := tx.Raw(responded, v.ID, g.PropertyID).Take(&earlier).Error
	if err != nil && !errors.Is(err, gorm.ErrRecordNotFound) {
		return fmt.Errorf("read an answer of survey %s: %w", v.ID, err)
	}
	if earlier.ID == g.BallotID {
		return nil
	}
	forms, err := formsOf(tx, v.ID, g.PropertyID)
	if err != nil {
		return err
	}
	var h model.SurveyHome
	if err := tx.Raw("SELECT * FROM survey_homes WHERE survey_id = ? AND property_id = ?", v.ID, g.PropertyID).Take(&h).Error; err != nil {
		return fmt.Errorf("find a home of survey %s: %w", v.ID, err)
	}
	row := &model.SurveyResponse{
		ID: g.BallotID, SurveyID: v.ID, PropertyID: g.PropertyID, PartyID: g.PropertyID, ResidentID: g.ResidentID, Relation: g.Relation,
		EstateID: h.EstateID, BuildingID: h.BuildingID, UnitID: h.UnitID, FloorGroup: h.FloorGroup, Channel: g.Channel, EnteredBy: g.EnteredBy,
		Version: earlier.Version + 1, Answers: "{}", AnsweredAt: g.At, UpdatedAt: s.now(),
	}
	for i := range forms {
		if forms[i].ID == g.FormID || g.FormID == "" && i == 0 {
			row.Answers, row.Sealed = forms[i].Answers, forms[i].Sealed
		}
	}
	if earlier.ID != "" {
		if err := errors.Join(remember(row, &earlier), tx.Exec(fallen, v.ID, g.PropertyID).Error); err != nil {
			return fmt.Errorf("replace an answer of survey %s: %w", v.ID, err)
		}
	}
	if err := errors.Join(tx.Create(row).Error, sent(tx, v.ID, g.ResidentID)); err != nil {
		return fmt.Errorf("keep an answer of survey %s: %w", v.ID, err)
	}
	return nil
}

const (
	fallen        = "DELETE FROM survey_responses WHERE survey_id = ? AND party_id = ?"
	fallenFigures = `DELETE FROM survey_tallies WHERE survey_id = ? AND EXISTS (SELECT 1 FROM survey_responses r
WHERE r.survey_id = survey_tallies.survey_id AND r.party_id = ? AND r.tallied IN (1, 2))`
)

// Fall takes back a household's answer when no ballot of theirs counts.
func (s *Service) Fall(tx *gorm.DB, v *model.Survey, propertyID string) error {
	if err := errors.Join(tx.Exec(fallenFigures, v.ID, propertyID).Error, tx.Exec(fallen, v.ID, propertyID).Error); err != nil {
		return fmt.Errorf("take back an answer of survey %s: %w", v.ID, err)
	}
	return nil
}

// Own are the answers that a resident gave themselves, by home.
func (s *Service) Own(db *gorm.DB, surveyID, residentID string) (map[string]opinion.Answers, error) {
	var rows []model.SurveyResponse
	if err := db.Raw("SELECT * FROM survey_responses WHERE resident_id = ? AND survey_id = ?", residentID, surveyID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read a resident's answers to survey %s: %w", surveyID, err)
	}
	out := map[string]opinion.Answers{}
	for i := range rows {
		answers, err := s.answersOf(&rows[i])
		if err != nil {
			return nil, err
		}
		out[rows[i].PropertyID] = answers
	}
	return out, nil
}
