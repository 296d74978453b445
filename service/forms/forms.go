// Package forms makes one form of a motion and the questionnaire that goes
// with it (一户一表): a household's choice and its answers are one paper, sent at
// once and kept in one transaction, and the same ballot decides on both.
package forms

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/opinion"
	"gongdi/model/rule/vote"
	"gongdi/service/document"
	"gongdi/service/fault"
	"gongdi/service/store"
	"gongdi/service/surveys"
	"gongdi/service/voting"
)

// Service ties motions and questionnaires.
type Service struct {
	DB      *store.DB
	Voting  *voting.Service
	Surveys *surveys.Service
	// known holds, by published motion, the questionnaire that it carries, or
	// nil: what is frozen never changes, and every ballot asks for it.
	known sync.Map
}

// Tie has motions and questionnaires follow each other.
func Tie(db *store.DB, motions *voting.Service, questionnaires *surveys.Service) *Service {
	s := &Service{DB: db, Voting: motions, Surveys: questionnaires}
	motions.Follow, motions.Answered = s.follow, s.answered
	return s
}

// Of is the questionnaire that a motion carries; nil for none. Of a published
// motion its questions are frozen, while its status may have gone on.
func (s *Service) Of(ctx context.Context, motionID string) (*model.Survey, error) {
	return s.of(s.DB.Read(ctx), motionID)
}

const stageOfMotion = "SELECT stage FROM motions WHERE id = ?"

func (s *Service) of(db *gorm.DB, motionID string) (*model.Survey, error) {
	if v, known := s.known.Load(motionID); known {
		return v.(*model.Survey), nil
	}
	var stage model.Stage
	if err := db.Raw(stageOfMotion, motionID).Scan(&stage).Error; err != nil {
		return nil, fmt.Errorf("read the stage of motion %s: %w", motionID, err)
	}
	v, err := surveys.OfMotion(db, motionID)
	if err == nil && stage != "" && stage != model.StageDraft {
		s.known.Store(motionID, v)
	}
	return v, err
}

// Paper is what is filled in beside a choice: nil where the motion carries no
// questionnaire, and then nothing may be filled in. A paper that is not valid
// takes part in neither.
func (s *Service) Paper(ctx context.Context, motionID string, choice vote.Choice, f surveys.Filled) (voting.Form, error) {
	v, err := s.Of(ctx, motionID)
	if err != nil {
		return nil, err
	}
	if len(f.Answers)+len(f.Ticked) > 0 && (v == nil || choice == vote.Invalid) {
		return nil, fault.Unknown("body.answers", "这张表决票上没有问卷，或者无效票不录入问卷")
	}
	if v == nil || choice == vote.Invalid {
		return nil, nil
	}
	return func(tx *gorm.DB, row *model.RollVoter) (string, error) {
		home, err := voting.HomeOf(tx, row)
		if err != nil {
			return "", err
		}
		filled := f
		filled.PropertyID = home
		return s.Surveys.Lay(tx, v, filled)
	}, nil
}

// Print writes papers to be signed, with the questionnaires that the motions
// carry.
func (s *Service) Print(ctx context.Context, caller model.Caller, p voting.Printing, w io.Writer) error {
	p.Forms = map[string]*document.PaperForm{}
	for _, id := range p.MotionIDs {
		v, err := s.Of(ctx, id)
		if err != nil {
			return err
		}
		if v == nil {
			continue
		}
		questions, err := surveys.Questions(v)
		if err != nil {
			return err
		}
		p.Forms[id] = &document.PaperForm{Title: v.Title, Intro: v.Intro, Questions: questions}
	}
	return s.Voting.Print(ctx, caller, p, w)
}

// Own are the answers that a resident gave themselves with ballots of a
// motion, by home.
func (s *Service) Own(ctx context.Context, caller model.Caller, v *model.Survey) (map[string]opinion.Answers, error) {
	return s.Surveys.Own(s.DB.Read(ctx), v.ID, caller.ID)
}

// Write makes the draft of a questionnaire, to go with a motion if it names one.
func (s *Service) Write(ctx context.Context, caller model.Caller, d surveys.Draft) (*model.Survey, error) {
	if err := s.carried(ctx, caller, "", &d); err != nil {
		return nil, err
	}
	return s.Surveys.Write(ctx, caller, d)
}

// Rewrite changes a draft as a whole, and which motion it is to go with.
func (s *Service) Rewrite(ctx context.Context, caller model.Caller, id string, d surveys.Draft) (*model.Survey, error) {
	if err := s.carried(ctx, caller, id, &d); err != nil {
		return nil, err
	}
	return s.Surveys.Rewrite(ctx, caller, id, d)
}

const carriedAlready = "SELECT COUNT(*) FROM surveys WHERE motion_id = ? AND id <> ?"

// carried checks what a questionnaire that is to go with a motion must be, and
// gives it the motion's period.
func (s *Service) carried(ctx context.Context, caller model.Caller, id string, d *surveys.Draft) error {
	if d.MotionID == "" {
		return nil
	}
	const location = "body.motion_id"
	m, err := s.Voting.Of(ctx, caller, d.MotionID)
	switch {
	case err != nil:
		return orUnknown(err, location)
	case m.OwnersVote():
		return fault.Unknown(location, "只有意愿征询可以附问卷，业主共同决定事项不能")
	case d.Unit != model.PerHousehold || d.Anonymous:
		return fault.Unknown("body.unit", "附在征询意见表上的问卷应按户作答、不匿名")
	case string(d.AudienceType) != string(m.ScopeType) || d.AudienceID != m.ScopeID:
		return fault.Unknown("body.audience", "应与征询事项的范围一致")
	}
	d.OpensAt, d.ClosesAt = m.OpensAt, m.ClosesAt
	d.Carrying = func(tx *gorm.DB) error {
		if _, err := s.Voting.Carrying(tx, d.MotionID); err != nil {
			return err
		}
		var others int
		if err := tx.Raw(carriedAlready, d.MotionID, id).Scan(&others).Error; err != nil {
			return fmt.Errorf("look what motion %s carries: %w", d.MotionID, err)
		}
		if others > 0 {
			return fault.Unknown(location, "这项征询已经附有一份问卷")
		}
		return nil
	}
	return nil
}

func orUnknown(err error, location string) error {
	if errors.Is(err, fault.ErrNotFound) {
		return fault.Unknown(location, "没有这个事项")
	}
	return err
}

// follow brings the questionnaire of a motion to where the motion stands.
func (s *Service) follow(tx *gorm.DB, m *model.Motion) error {
	v, err := s.Surveys.HoldOf(tx, m.ID)
	switch {
	case v == nil || err != nil:
		return err
	case m.Stage == model.StageDraft:
		return s.Surveys.Release(tx, v)
	case m.OwnersVote():
		return voting.ErrNotReady.Carrying("missing", []voting.Remark{{Code: "form_of_willingness_only", Message: "业主共同决定事项不能附问卷，请先取消关联"}})
	}
	return s.Surveys.Carry(tx, v, surveys.Carried{
		Scope: string(m.ScopeType), ScopeID: m.ScopeID, Label: m.ScopeLabel, OpensAt: m.OpensAt, ClosesAt: m.ClosesAt,
		Over: m.Stage != model.StagePublished, Homes: voting.HomesOnRoll, TakingPart: voting.HomesTakingPart,
	})
}

// answered makes a household's answers those of the ballot that counts.
func (s *Service) answered(tx *gorm.DB, row *model.RollVoter) error {
	v, err := s.of(tx, row.MotionID)
	if v == nil || err != nil {
		return err
	}
	home, err := voting.HomeOf(tx, row)
	if err != nil {
		return err
	}
	b, err := voting.Current(tx, row)
	if err != nil {
		return err
	}
	if b == nil {
		return s.Surveys.Fall(tx, v, home)
	}
	channel := model.SurveyAtDoor
	if b.Channel == vote.Online || b.GrantID != "" {
		channel = model.SurveyByPhone
	}
	return s.Surveys.Stand(tx, v, surveys.Standing{
		PropertyID: home, FormID: b.FormID, BallotID: b.ID, ResidentID: b.ResidentID, EnteredBy: b.StaffID,
		Relation: cmp.Or(b.Relation, model.RelationOwner), Channel: channel, At: b.CastAt,
	})
}
