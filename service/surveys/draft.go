package surveys

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/opinion"
	"gongdi/service/audience"
	"gongdi/service/store"
)

// Draft is what a survey is written from.
type Draft struct {
	Title, Intro      string
	AudienceType      model.AudienceType
	AudienceID        string
	Unit              model.SurveyUnit
	Anonymous         bool
	FairlyCounts      bool
	OpensAt, ClosesAt time.Time
	Questions         []opinion.Question
	MotionID          string                  // the motion that it is to go with; empty for none
	Carrying          func(tx *gorm.DB) error // says, in the draft's transaction, whether that motion may carry it
}

func (d Draft) carried(tx *gorm.DB) error {
	if d.Carrying == nil {
		return nil
	}
	return d.Carrying(tx)
}

// Write makes a draft.
func (s *Service) Write(ctx context.Context, caller model.Caller, d Draft) (*model.Survey, error) {
	now := s.now()
	v := &model.Survey{ID: store.NewID(), Stage: model.SurveyDraft, Version: 1, CreatedBy: caller.ID, CreatedAt: now, UpdatedAt: now}
	if err := s.fill(ctx, caller, v, d); err != nil {
		return nil, err
	}
	return s.create(ctx, caller, v, "write", d.carried)
}

func (s *Service) create(ctx context.Context, caller model.Caller, v *model.Survey, verb string, may func(*gorm.DB) error) (*model.Survey, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.Survey, error) {
		if err := may(tx); err != nil {
			return nil, err
		}
		if err := gorm.G[model.Survey](tx).Create(ctx, v); err != nil {
			return nil, fmt.Errorf("write a survey: %w", err)
		}
		return v, s.record(ctx, tx, caller, v, model.WriteSurveys, verb)
	})
}

// Rewrite changes a draft as a whole.
func (s *Service) Rewrite(ctx context.Context, caller model.Caller, id string, d Draft) (*model.Survey, error) {
	return s.change(ctx, caller, id, "rewrite", func(tx *gorm.DB, v *model.Survey) error {
		if v.Stage != model.SurveyDraft {
			return ErrNotDraft
		}
		if err := d.carried(tx); err != nil {
			return err
		}
		return s.fill(ctx, caller, v, d)
	})
}

// Copy makes a draft of a survey's questions: the next version of its
// questionnaire, or the next round of the same. Answers stay with the survey
// that they were given to.
func (s *Service) Copy(ctx context.Context, caller model.Caller, from *model.Survey) (*model.Survey, error) {
	v := *from
	now := s.now()
	v.ID, v.FollowsID, v.Version, v.Stage, v.CreatedBy, v.CreatedAt, v.UpdatedAt = store.NewID(), from.ID, from.Version+1, model.SurveyDraft, caller.ID, now, now
	v.Base, v.Open, v.MotionID, v.ClosedAt, v.PublishedAt, v.Reached, v.Told, v.ToldAt = 0, false, "", nil, nil, "", 0, nil
	return s.create(ctx, caller, &v, "copy", Draft{}.carried)
}

// Discard deletes a draft.
func (s *Service) Discard(ctx context.Context, caller model.Caller, id string) error {
	return store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		v, err := survey(tx, s.DB.Locked(surveyByID), id)
		if err != nil {
			return err
		}
		if v.Stage != model.SurveyDraft {
			return ErrNotDraft
		}
		if err := tx.Exec("DELETE FROM surveys WHERE id = ?", id).Error; err != nil {
			return fmt.Errorf("delete survey %s: %w", id, err)
		}
		return s.record(ctx, tx, caller, v, model.WriteSurveys, "discard")
	})
}

func (s *Service) fill(ctx context.Context, caller model.Caller, v *model.Survey, d Draft) error {
	findings := opinion.Check(d.Questions, "body.questions")
	if v.Title = strings.TrimSpace(d.Title); v.Title == "" {
		findings = append(findings, opinion.Finding{Location: "body.title", Message: "请填写标题"})
	}
	if !d.OpensAt.Before(d.ClosesAt) {
		findings = append(findings, opinion.Finding{Location: "body.closes_at", Message: "截止应晚于开始"})
	}
	if err := refused(findings); err != nil {
		return err
	}
	place, err := audience.Find(ctx, s.DB, caller, d.AudienceType, d.AudienceID)
	if err != nil {
		return err
	}
	questions, err := json.Marshal(d.Questions)
	if err != nil {
		return fmt.Errorf("write down questions: %w", err)
	}
	v.Intro, v.Unit, v.Anonymous, v.FairlyCounts, v.Questions = strings.TrimSpace(d.Intro), d.Unit, d.Anonymous, d.FairlyCounts, string(questions)
	v.MotionID = d.MotionID
	v.AreaCode, v.AudienceType, v.AudienceID, v.AudienceLabel = place.AreaCode, d.AudienceType, place.ID, place.Label
	v.OpensAt, v.ClosesAt = d.OpensAt.UTC().Truncate(time.Millisecond), d.ClosesAt.UTC().Truncate(time.Millisecond)
	return nil
}
