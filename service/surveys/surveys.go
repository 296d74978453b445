// Package surveys asks the homes of an area what they want and how satisfied
// they are, keeps their answers, and reckons figures from them.
package surveys

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/opinion"
	"gongdi/service/audience"
	"gongdi/service/audit"
	"gongdi/service/fault"
	"gongdi/service/store"
	"gongdi/service/vault"
)

// Service keeps surveys.
type Service struct {
	DB    *store.DB
	Vault *vault.Vault
	Audit *audit.Log
	Now   func() time.Time
	// pending holds, of anonymous answers, which estate and building they are
	// from, until there are enough of them.
	pending pending
}

// What is refused of surveys.
var (
	ErrNotDraft      = fault.New(fault.Conflict, "survey_not_draft", "问卷已经发布，不能修改；可以复制为新的版本")
	ErrNotPublished  = fault.New(fault.Conflict, "survey_not_published", "问卷还没有发布，或已经结束")
	ErrNotOpen       = fault.New(fault.Conflict, "survey_not_open", "问卷尚未开始或已经截止")
	ErrOver          = fault.New(fault.Conflict, "survey_over", "截止时间已经过去，请修改后再发布")
	ErrNotOver       = fault.New(fault.Conflict, "survey_still_open", "问卷截止后才能公开结果")
	ErrOwnerAnswered = fault.New(fault.Conflict, "owner_has_answered", "业主已经作答，本户以业主的回答为准")
	ErrWithMotion    = fault.New(fault.Conflict, "survey_with_motion", "这份问卷印在征询意见表上，随表决一起发布、作答和截止，请使用表决的表单")
	ErrAnswered      = fault.New(fault.Conflict, "survey_answered", "您已经参加过这次匿名问卷，答案不能更改")
)

const wordsField vault.Field = "survey_response.sealed"

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Millisecond) }

const surveyByID = "SELECT * FROM surveys WHERE id = ?"

func survey(tx *gorm.DB, query, id string) (*model.Survey, error) {
	return store.One[model.Survey](tx, "survey "+id, query, id)
}

// Of is a survey as a member of staff may tend it: in their area.
func (s *Service) Of(ctx context.Context, caller model.Caller, id string) (*model.Survey, error) {
	v, err := survey(s.DB.Read(ctx), surveyByID, id)
	if err == nil {
		err = audience.Tends(caller, v.AreaCode)
	}
	return v, err
}

// Shown is a survey as a member of staff may read it and take it to the doors:
// in their area, or published to an area that theirs is part of.
func (s *Service) Shown(ctx context.Context, caller model.Caller, id string) (*model.Survey, error) {
	v, err := survey(s.DB.Read(ctx), surveyByID, id)
	if err == nil {
		err = audience.Reads(caller, v.AreaCode, v.Stage != model.SurveyDraft)
	}
	return v, err
}

// Questions are what a survey asks.
func Questions(v *model.Survey) ([]opinion.Question, error) {
	var questions []opinion.Question
	if err := json.Unmarshal([]byte(v.Questions), &questions); err != nil {
		return nil, fmt.Errorf("read the questions of survey %s: %w", v.ID, err)
	}
	return questions, nil
}

func (s *Service) change(ctx context.Context, caller model.Caller, id, verb string, fn func(*gorm.DB, *model.Survey) error) (*model.Survey, error) {
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.Survey, error) {
		v, err := survey(tx, s.DB.Locked(surveyByID), id)
		if err != nil {
			return nil, err
		}
		if err := fn(tx, v); err != nil {
			return nil, err
		}
		v.UpdatedAt = s.now()
		if err := tx.Select("*").Where("id = ?", id).UpdateColumns(v).Error; err != nil {
			return nil, fmt.Errorf("save survey %s: %w", id, err)
		}
		return v, s.record(ctx, tx, caller, v, model.WriteSurveys, verb)
	})
}

func (s *Service) record(ctx context.Context, tx *gorm.DB, caller model.Caller, v *model.Survey, right model.Right, verb string) error {
	return s.Audit.Record(ctx, tx, audit.Entry{
		Actor: caller, Right: right, Verb: verb, ObjectType: "survey", ObjectID: v.ID, AreaCode: v.AreaCode,
	})
}

// mostFindings is how many wrong places one refusal names.
const mostFindings = 200

// refused makes findings a refusal that names the wrong places.
func refused(findings []opinion.Finding) error {
	if len(findings) == 0 {
		return nil
	}
	refusal := fault.ErrInvalid
	for _, f := range findings[:min(len(findings), mostFindings)] {
		refusal = refusal.At(f.Location, f.Message)
	}
	return refusal
}

// List is a page of the surveys of a member of staff's area and of those that
// reach it, the newest first.
func (s *Service) List(ctx context.Context, caller model.Caller, offset, limit int) ([]model.Survey, int64, error) {
	return store.Page[model.Survey](s.DB.Read(ctx), store.List{
		Of: "surveys", Columns: "*", From: "FROM surveys WHERE area_code LIKE ? OR area_code = ? AND stage <> 'draft'", Order: "created_at DESC, id DESC",
		Args: []any{caller.AreaCode + "%", model.StreetOf(caller.AreaCode)},
	}, offset, limit)
}
