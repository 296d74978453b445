package surveys

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/opinion"
	"gongdi/service/fault"
	"gongdi/service/store"
	"gongdi/service/vault"
)

// ErrDraftOnPhone says that an unfinished answer to an anonymous survey is kept
// by the phone alone: here it would stand beside who gives it.
var ErrDraftOnPhone = fault.New(fault.Conflict, "draft_stays_on_phone", "匿名问卷未完成的回答只保存在您的手机上")

const draftField vault.Field = "survey_draft.content"

// Begun is what a resident has filled in so far.
type Begun struct {
	PropertyID string // which of their homes it is for; may be empty
	Answers    opinion.Answers
	At         time.Time
}

type begunContent struct {
	Home    string          `json:"home,omitempty"`
	Answers json.RawMessage `json:"answers"`
}

const (
	dropDraft = "DELETE FROM begun_responses WHERE survey_id = ? AND resident_id = ?"
	ownDraft  = "SELECT * FROM begun_responses WHERE survey_id = ? AND resident_id = ?"
	staleMark = "FROM begun_responses WHERE survey_id IN (SELECT id FROM surveys WHERE closes_at <= ? OR closed_at IS NOT NULL)"
)

// Begin keeps what a resident has filled in so far, under seal, until they
// send it or the survey is over. What is there must be right, not whole; with
// nothing in it the draft is gone.
func (s *Service) Begin(ctx context.Context, caller model.Caller, v *model.Survey, r Reply) (*Begun, error) {
	if v.Anonymous {
		return nil, ErrDraftOnPhone
	}
	questions, err := Questions(v)
	if err != nil {
		return nil, err
	}
	answers, findings := opinion.CheckBegun(questions, r.Answers, r.Ticked)
	if err := refused(findings); err != nil {
		return nil, err
	}
	text, err := opinion.Encode(answers)
	if err != nil {
		return nil, err
	}
	content, err := json.Marshal(begunContent{r.PropertyID, json.RawMessage(text)})
	if err != nil {
		return nil, fmt.Errorf("write down a draft: %w", err)
	}
	b := &Begun{PropertyID: r.PropertyID, Answers: answers, At: s.now()}
	keep := func(tx *gorm.DB) error {
		if err := s.holdOpen(tx, v); err != nil {
			return err
		}
		if r.PropertyID != "" {
			if _, err := homeOf(tx, v, caller, r.PropertyID); err != nil {
				return err
			}
		}
		if err := tx.Exec(dropDraft, v.ID, caller.ID).Error; err != nil || len(answers) == 0 {
			return err
		}
		return tx.Create(&model.BegunResponse{
			ID: store.NewID(), SurveyID: v.ID, ResidentID: caller.ID, Content: s.Vault.Seal(draftField, string(content)), UpdatedAt: b.At,
		}).Error
	}
	err = store.Tx(ctx, s.DB, keep)
	if errors.Is(err, gorm.ErrDuplicatedKey) { // two phones at once
		err = store.Tx(ctx, s.DB, keep)
	}
	return b, err
}

// Resume is what a resident has filled in so far; not found where there is
// nothing, or the survey is over.
func (s *Service) Resume(ctx context.Context, caller model.Caller, v *model.Survey) (*Begun, error) {
	switch {
	case v.Anonymous:
		return nil, ErrDraftOnPhone
	case v.StatusAt(s.now()) != model.SurveyOpen:
		return nil, fault.ErrNotFound
	}
	var rows []model.BegunResponse
	if err := s.DB.Read(ctx).Raw(ownDraft, v.ID, caller.ID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read a draft of survey %s: %w", v.ID, err)
	}
	if len(rows) == 0 {
		return nil, fault.ErrNotFound
	}
	plain, err := s.Vault.Reveal(draftField, rows[0].Content)
	if err != nil {
		return nil, fmt.Errorf("open draft %s: %w", rows[0].ID, err)
	}
	var content begunContent
	if err := json.Unmarshal([]byte(plain), &content); err != nil {
		return nil, fmt.Errorf("read draft %s: %w", rows[0].ID, err)
	}
	answers, err := opinion.Decode(string(content.Answers))
	return &Begun{PropertyID: content.Home, Answers: answers, At: rows[0].UpdatedAt}, err
}

// sent drops a draft that has become an answer.
func sent(tx *gorm.DB, surveyID, residentID string) error {
	if residentID == "" {
		return nil
	}
	if err := tx.Exec(dropDraft, surveyID, residentID).Error; err != nil {
		return fmt.Errorf("drop a draft of survey %s: %w", surveyID, err)
	}
	return nil
}

// dropStale removes drafts of surveys that are over.
func (s *Service) dropStale(ctx context.Context) error {
	now, stale := s.now(), 0
	if err := s.DB.Read(ctx).Raw("SELECT COUNT(*) "+staleMark, now).Scan(&stale).Error; err != nil {
		return fmt.Errorf("look for stale drafts: %w", err)
	}
	if stale == 0 {
		return nil
	}
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		if err := tx.Exec("DELETE "+staleMark, now).Error; err != nil {
			return fmt.Errorf("drop stale drafts: %w", err)
		}
		return nil
	})
}
