package surveys

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/opinion"
	"gongdi/service/audience"
	"gongdi/service/fault"
	"gongdi/service/files"
	"gongdi/service/store"
)

// Reply is what is sent as an answer.
type Reply struct {
	PropertyID string // which of a resident's homes; may be left out where there is one
	Answers    opinion.Answers
	Ticked     []string       // sensitive questions whose answering was agreed to
	Relation   model.Relation // at the door: of whoever answered
	Visit      model.SurveyVisit
	Scans      []string // of the paper that it was entered from

	attach func(tx *gorm.DB, responseID string) error
}

// Receipt is what became of an answer; what was answered is not in it, for
// receipts of repeated requests are kept.
type Receipt struct {
	PropertyID string
	Anonymous  bool
	Visit      model.SurveyVisit
	Relation   model.Relation
	Channel    model.SurveyChannel
	Version    int
	At         *time.Time // none of an anonymous survey
}

// Respond takes a resident's answer. A household has one: a later one takes
// its place, but a tenant's never an owner's. Of an anonymous survey only that
// they took part is kept beside who they are.
func (s *Service) Respond(ctx context.Context, caller model.Caller, v *model.Survey, r Reply) (*Receipt, error) {
	return s.take(ctx, v, r, func(tx *gorm.DB) (*model.SurveyResponse, error) {
		h, err := homeOf(tx, v, caller, r.PropertyID)
		if err != nil {
			return nil, err
		}
		return &model.SurveyResponse{
			SurveyID: v.ID, PropertyID: h.PropertyID, PartyID: partyOf(v, h.PropertyID, caller.ID), ResidentID: caller.ID, Relation: h.Relation,
			EstateID: h.EstateID, BuildingID: h.BuildingID, UnitID: h.UnitID, FloorGroup: h.FloorGroup, Channel: model.SurveyByPhone,
		}, nil
	})
}

func homeOf(tx *gorm.DB, v *model.Survey, caller model.Caller, propertyID string) (*Home, error) {
	own, err := homes(tx, v.ID, caller.ID)
	if err != nil {
		return nil, err
	}
	if propertyID == "" && (len(own) == 1 || len(own) > 0 && v.Unit == model.PerPerson) {
		return &own[0], nil
	}
	i := slices.IndexFunc(own, func(h Home) bool { return h.PropertyID == propertyID })
	switch {
	case i >= 0:
		return &own[i], nil
	case propertyID == "":
		return nil, fault.Unknown("body.property_id", "您有多套房屋，请选择为哪一套作答")
	default:
		return nil, fault.Unknown("body.property_id", "您没有绑定这套房屋，或它不在问卷的范围内")
	}
}

const doorHome = `SELECT h.* FROM survey_homes h JOIN properties p ON p.id = h.property_id JOIN estates e ON e.id = p.estate_id
WHERE h.survey_id = ? AND h.property_id = ?` + audience.Own

// HasDoor refuses, with not found, a home that is not in the survey or that
// the caller does not look after.
func (s *Service) HasDoor(ctx context.Context, caller model.Caller, v *model.Survey, propertyID string) (*model.SurveyHome, error) {
	return store.One[model.SurveyHome](s.DB.Read(ctx), "a door of survey "+v.ID, doorHome, append([]any{v.ID, propertyID}, audience.OwnOf(caller)...)...)
}

const noteVisit = "UPDATE survey_homes SET visit = ?, visited_by = ?, visited_at = ? WHERE survey_id = ? AND property_id = ?"

// Enter takes what came of a visit at the door, and the answer if there is one.
func (s *Service) Enter(ctx context.Context, caller model.Caller, v *model.Survey, h *model.SurveyHome, r Reply) (*Receipt, error) {
	if r.Visit != model.VisitAnswered && len(r.Answers) > 0 {
		return nil, fault.Unknown("body.answers", "没有作答的入户不应有答案")
	}
	if len(r.Scans) > 0 && (r.Visit != model.VisitAnswered || v.Anonymous) {
		return nil, fault.Unknown("body.scan_file_ids", "没有作答的入户没有扫描件；匿名问卷不留存扫描件")
	}
	r.attach = func(tx *gorm.DB, responseID string) error {
		return files.Attach(tx, caller, Scans(responseID), r.Scans, "body.scan_file_ids")
	}
	note := func(tx *gorm.DB) error {
		if err := tx.Exec(noteVisit, r.Visit, caller.ID, s.now(), v.ID, h.PropertyID).Error; err != nil {
			return fmt.Errorf("note a visit of survey %s: %w", v.ID, err)
		}
		return s.record(ctx, tx, caller, v, model.EnterSurveys, string(r.Visit))
	}
	if r.Visit != model.VisitAnswered {
		return store.Do(ctx, s.DB, func(tx *gorm.DB) (*Receipt, error) {
			if err := s.holdOpen(tx, v); err != nil {
				return nil, err
			}
			return &Receipt{PropertyID: h.PropertyID, Anonymous: v.Anonymous, Visit: r.Visit}, note(tx)
		})
	}
	return s.take(ctx, v, r, func(tx *gorm.DB) (*model.SurveyResponse, error) {
		return &model.SurveyResponse{
			SurveyID: v.ID, PropertyID: h.PropertyID, PartyID: h.PropertyID, Relation: r.Relation,
			EstateID: h.EstateID, BuildingID: h.BuildingID, UnitID: h.UnitID, FloorGroup: h.FloorGroup, Channel: model.SurveyAtDoor, EnteredBy: caller.ID,
		}, note(tx)
	})
}

func (s *Service) holdOpen(tx *gorm.DB, v *model.Survey) error {
	query := s.DB.Shared(surveyByID)
	if v.Anonymous {
		query = s.DB.Locked(surveyByID)
	}
	held, err := survey(tx, query, v.ID)
	if err == nil && held.StatusAt(s.now()) != model.SurveyOpen {
		err = ErrNotOpen
	}
	return err
}

// take checks an answer and keeps it whole or not at all.
func (s *Service) take(ctx context.Context, v *model.Survey, r Reply, from func(*gorm.DB) (*model.SurveyResponse, error)) (*Receipt, error) {
	if v.MotionID != "" {
		return nil, ErrWithMotion.Carrying("motion_id", v.MotionID)
	}
	questions, err := Questions(v)
	if err != nil {
		return nil, err
	}
	answers, findings := opinion.CheckAnswers(questions, r.Answers, r.Ticked)
	if v.Anonymous {
		return s.takeAnonymous(ctx, v, sheet{answers, findings, r.Visit}, from)
	}
	keep := func(tx *gorm.DB) (*Receipt, error) {
		if err := s.holdOpen(tx, v); err != nil {
			return nil, err
		}
		row, err := from(tx)
		if err != nil {
			return nil, err
		}
		if err := refused(findings); err != nil {
			return nil, err
		}
		if err := s.fillAnswers(row, questions, answers); err != nil {
			return nil, err
		}
		if err := s.keep(tx, row); err != nil {
			return nil, err
		}
		if err := sent(tx, v.ID, row.ResidentID); err != nil {
			return nil, err
		}
		if r.attach != nil {
			if err := r.attach(tx, row.ID); err != nil {
				return nil, err
			}
		}
		return &Receipt{PropertyID: row.PropertyID, Visit: r.Visit, Relation: row.Relation, Channel: row.Channel, Version: row.Version, At: &row.AnsweredAt}, nil
	}
	receipt, err := store.Do(ctx, s.DB, keep)
	if errors.Is(err, gorm.ErrDuplicatedKey) { // one person, two homes, at once
		receipt, err = store.Do(ctx, s.DB, keep)
	}
	return receipt, err
}

const (
	holdHome  = "SELECT property_id FROM survey_homes WHERE survey_id = ? AND property_id = ?"
	responded = "SELECT * FROM survey_responses WHERE survey_id = ? AND party_id = ?"
)

// keep writes the one answer of a party. The home's row is held, so that two
// phones of one household come one after the other.
func (s *Service) keep(tx *gorm.DB, row *model.SurveyResponse) error {
	var held string
	if err := tx.Raw(s.DB.Locked(holdHome), row.SurveyID, row.PropertyID).Scan(&held).Error; err != nil {
		return fmt.Errorf("hold a home of survey %s: %w", row.SurveyID, err)
	}
	var earlier model.SurveyResponse
	err := tx.Raw(responded, row.SurveyID, row.PartyID).Take(&earlier).Error
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		row.ID, row.Version = store.NewID(), 1
		if err := tx.Create(row).Error; err != nil {
			return fmt.Errorf("keep an answer of survey %s: %w", row.SurveyID, err)
		}
		return nil
	case err != nil:
		return fmt.Errorf("read an answer of survey %s: %w", row.SurveyID, err)
	case earlier.Relation == model.RelationOwner && row.Relation != model.RelationOwner && row.PartyID == row.PropertyID:
		return ErrOwnerAnswered
	}
	row.ID, row.Version = earlier.ID, earlier.Version+1
	if err := remember(row, &earlier); err != nil {
		return err
	}
	if err := tx.Select("*").Where("id = ?", row.ID).UpdateColumns(row).Error; err != nil {
		return fmt.Errorf("keep a later answer of survey %s: %w", row.SurveyID, err)
	}
	return nil
}

// fillAnswers puts coded answers in the clear, to be counted, and words and
// sensitive ones under seal.
func (s *Service) fillAnswers(row *model.SurveyResponse, questions []opinion.Question, answers opinion.Answers) (err error) {
	row.AnsweredAt, row.UpdatedAt = s.now(), s.now()
	coded, apart := opinion.Answers{}, opinion.Answers{}
	for _, q := range questions {
		v, given := answers[q.Code]
		switch {
		case !given:
		case q.Sensitive:
			apart[q.Code] = v
		case q.Type == opinion.Text:
			apart[q.Code], coded[q.Code] = v, opinion.Value{Kind: opinion.Word}
		default:
			coded[q.Code] = v
		}
	}
	if row.Answers, err = opinion.Encode(coded); err != nil || len(apart) == 0 {
		return err
	}
	words, err := opinion.Encode(apart)
	row.Sealed = s.Vault.Seal(wordsField, words)
	return err
}

// answersOf reads an answer whole.
func (s *Service) answersOf(row *model.SurveyResponse) (opinion.Answers, error) {
	answers, err := opinion.Decode(row.Answers)
	if err != nil || row.Sealed == "" {
		return answers, err
	}
	words, err := s.Vault.Reveal(wordsField, row.Sealed)
	if err != nil {
		return nil, fmt.Errorf("open response %s: %w", row.ID, err)
	}
	apart, err := opinion.Decode(words)
	for code, v := range apart {
		answers[code] = v
	}
	return answers, err
}
