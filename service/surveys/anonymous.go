package surveys

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/opinion"
	"gongdi/service/store"
	"gongdi/service/vault"
)

const sheetField vault.Field = "survey_answer.content"

// sheet is an answer to an anonymous survey before it is kept.
type sheet struct {
	answers  opinion.Answers
	findings []opinion.Finding
	visit    model.SurveyVisit
}

// content is what is kept of an anonymous answer: nothing of who gave it or
// where they live.
type content struct {
	Answers json.RawMessage `json:"a"`
}

// stirred is how many earlier answers are written anew with each that comes:
// so none is ever the only one that a moment, a transaction or a place in the
// file belongs to.
const stirred = 15

const (
	participated = "SELECT COUNT(*) FROM survey_participants WHERE survey_id = ? AND party_id = ?"
	someAnswers  = "SELECT * FROM survey_answers WHERE survey_id = ? AND id >= ? ORDER BY id LIMIT ?"
	numbersTaken = "SELECT id FROM survey_answers WHERE id IN ?"
)

// takeAnonymous keeps that a party took part, and apart from it what was
// answered. No idempotency key is kept beside it, for that would name whoever
// sent which body; a second answer is refused.
func (s *Service) takeAnonymous(ctx context.Context, v *model.Survey, a sheet, open func(*gorm.DB) (*model.SurveyResponse, error)) (receipt *Receipt, err error) {
	var from placed
	keep := func(tx *gorm.DB) error {
		if err := s.holdOpen(tx, v); err != nil {
			return err
		}
		row, err := open(tx)
		if err != nil {
			return err
		}
		var before int
		if err := tx.Raw(participated, v.ID, row.PartyID).Scan(&before).Error; err != nil {
			return fmt.Errorf("look who took part in survey %s: %w", v.ID, err)
		}
		if before > 0 {
			return ErrAnswered
		}
		if err := refused(a.findings); err != nil {
			return err
		}
		if err := tx.Create(&model.SurveyParticipant{SurveyID: v.ID, PartyID: row.PartyID}).Error; err != nil {
			return fmt.Errorf("note who took part in survey %s: %w", v.ID, err)
		}
		receipt = &Receipt{PropertyID: row.PropertyID, Anonymous: true, Visit: a.visit}
		from = placed{row.EstateID, row.BuildingID, false, a.answers}
		return s.slip(tx, v.ID, a.answers)
	}
	if err = store.Tx(ctx, s.DB, keep); errors.Is(err, gorm.ErrDuplicatedKey) { // a number drawn twice
		err = store.Tx(ctx, s.DB, keep)
	}
	if err == nil {
		s.pending.add(v.ID, from)
	}
	return receipt, err
}

// slip lays an answer among others: some of those that are there are taken up,
// and all are laid down again under new numbers.
func (s *Service) slip(tx *gorm.DB, surveyID string, answers opinion.Answers) error {
	text, err := opinion.Encode(answers)
	if err != nil {
		return err
	}
	plain, err := json.Marshal(content{json.RawMessage(text)})
	if err != nil {
		return fmt.Errorf("write down an answer: %w", err)
	}
	laid := []model.SurveyAnswer{{SurveyID: surveyID, Content: s.Vault.Seal(sheetField, padded(string(plain)))}}
	some, err := s.takeUp(tx, surveyID)
	if err != nil {
		return err
	}
	laid = append(laid, some...)
	numbers, err := draw(tx, len(laid))
	if err != nil {
		return err
	}
	rand.Shuffle(len(laid), func(i, j int) { laid[i], laid[j] = laid[j], laid[i] })
	for i := range laid {
		laid[i].ID = numbers[i]
	}
	if err := tx.Create(laid).Error; err != nil {
		return fmt.Errorf("lay answers of survey %s: %w", surveyID, err)
	}
	return nil
}

// takeUp removes some answers, from a place drawn by lot, to be laid again,
// under a seal that is new.
func (s *Service) takeUp(tx *gorm.DB, surveyID string) ([]model.SurveyAnswer, error) {
	var some []model.SurveyAnswer
	if err := tx.Raw(someAnswers, surveyID, lot(), stirred).Scan(&some).Error; err != nil {
		return nil, fmt.Errorf("take up answers of survey %s: %w", surveyID, err)
	}
	if short := stirred - len(some); short > 0 { // past the end one begins at the start
		var more []model.SurveyAnswer
		if err := tx.Raw(someAnswers, surveyID, 0, stirred).Scan(&more).Error; err != nil {
			return nil, fmt.Errorf("take up answers of survey %s: %w", surveyID, err)
		}
		for _, a := range more {
			if len(some) < stirred && !slices.ContainsFunc(some, func(b model.SurveyAnswer) bool { return a.ID == b.ID }) {
				some = append(some, a)
			}
		}
	}
	if len(some) == 0 {
		return nil, nil
	}
	ids := make([]int64, 0, len(some))
	for i, a := range some {
		plain, err := s.Vault.Reveal(sheetField, a.Content)
		if err != nil {
			return nil, fmt.Errorf("open an answer of survey %s: %w", surveyID, err)
		}
		ids, some[i].Content = append(ids, a.ID), s.Vault.Seal(sheetField, plain)
	}
	if err := tx.Exec("DELETE FROM survey_answers WHERE id IN ?", ids).Error; err != nil {
		return nil, fmt.Errorf("take up answers of survey %s: %w", surveyID, err)
	}
	return some, nil
}

// lot is a number that fits every engine's INTEGER.
func lot() int64 { return 1 + rand.Int64N(1<<31-2) }

// draw draws numbers that no answer has.
func draw(tx *gorm.DB, n int) ([]int64, error) {
	drawn := map[int64]bool{}
	for len(drawn) < n {
		more := make([]int64, 0, n)
		for len(drawn)+len(more) < n {
			if number := lot(); !drawn[number] && !slices.Contains(more, number) {
				more = append(more, number)
			}
		}
		var taken []int64
		if err := tx.Raw(numbersTaken, more).Scan(&taken).Error; err != nil {
			return nil, fmt.Errorf("draw numbers: %w", err)
		}
		for _, number := range more {
			if !slices.Contains(taken, number) {
				drawn[number] = true
			}
		}
	}
	numbers := make([]int64, 0, n)
	for number := range drawn {
		numbers = append(numbers, number)
	}
	return numbers, nil
}

// block is to what length answers are filled up, so that the length of a
// sealed one says little of it.
const block = 512

func padded(text string) string {
	return text + strings.Repeat(" ", (block-len(text)%block)%block)
}
