package voting

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/rule/vote"
	"gongdi/service/fault"
	"gongdi/service/store"
)

// Draft is what a motion is written from; a nil field was not given.
type Draft struct {
	ScopeType   model.ScopeType
	ScopeID     string
	Kind        model.MotionKind
	Subject     model.Subject
	Convener    string
	Title       string
	Text        string
	OpensAt     time.Time
	ClosesAt    time.Time
	CountUntil  *time.Time
	LiveTally   model.LiveTally
	PaperCheck  model.PaperCheck
	DemandProof model.Proof // the least for casting on a phone; empty for any
	Items       []model.Item
	IncludeUses []model.Use
	Quorum      *vote.Fraction
	Approval    *vote.Fraction
	AgreeBase   vote.Base
}

// Write makes a draft motion (起草).
func (s *Service) Write(ctx context.Context, caller model.Caller, d Draft) (*model.Motion, error) {
	now := s.now()
	m := &model.Motion{
		ID: store.NewID(), Stage: model.StageDraft, CreatedBy: caller.ID, CreatedAt: now, UpdatedAt: now,
	}
	if err := s.fill(ctx, caller, m, d); err != nil {
		return nil, err
	}
	return store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.Motion, error) {
		if err := gorm.G[model.Motion](tx).Create(ctx, m); err != nil {
			return nil, fmt.Errorf("write motion: %w", err)
		}
		return m, s.record(ctx, tx, caller, m, model.DraftMotions, "write", "")
	})
}

// Rewrite changes a draft as a whole.
func (s *Service) Rewrite(ctx context.Context, caller model.Caller, id string, d Draft) (*model.Motion, error) {
	filled := &model.Motion{}
	if err := s.fill(ctx, caller, filled, d); err != nil {
		return nil, err
	}
	return s.alone(ctx, id, func(tx *gorm.DB, m *model.Motion) error {
		if m.Stage != model.StageDraft {
			return ErrMotionNotDraft
		}
		filled.ID, filled.Stage, filled.CheckUntil, filled.Silence = m.ID, m.Stage, m.CheckUntil, m.Silence
		filled.CreatedBy, filled.CreatedAt, filled.UpdatedAt = m.CreatedBy, m.CreatedAt, s.now()
		*m = *filled
		if err := save(tx, m); err != nil {
			return err
		}
		return s.record(ctx, tx, caller, m, model.DraftMotions, "rewrite", "")
	})
}

// Copy makes a new draft of any motion.
func (s *Service) Copy(ctx context.Context, caller model.Caller, id string) (*model.Motion, error) {
	of, err := s.Of(ctx, caller, id)
	if err != nil {
		return nil, err
	}
	return s.Write(ctx, caller, DraftOf(of))
}

// Discard deletes a draft.
func (s *Service) Discard(ctx context.Context, caller model.Caller, id string) error {
	_, err := s.alone(ctx, id, func(tx *gorm.DB, m *model.Motion) error {
		if m.Stage != model.StageDraft {
			return ErrMotionNotDraft
		}
		if err := tx.Exec("DELETE FROM motions WHERE id = ?", id).Error; err != nil {
			return fmt.Errorf("discard motion %s: %w", id, err)
		}
		if err := s.follow(tx, m); err != nil {
			return err
		}
		return s.record(ctx, tx, caller, m, model.DraftMotions, "discard", "")
	})
	return err
}

// DraftOf gives what a motion could be written from again.
func DraftOf(m *model.Motion) Draft {
	until := m.CountUntil
	d := Draft{
		ScopeType: m.ScopeType, ScopeID: m.ScopeID, Kind: m.Kind, Subject: m.Subject, Convener: m.Convener,
		Title: m.Title, Text: m.Text, OpensAt: m.OpensAt, ClosesAt: m.ClosesAt, CountUntil: &until,
		LiveTally: m.LiveTally, PaperCheck: m.PaperCheck, DemandProof: m.DemandProof, Items: m.Items, IncludeUses: m.IncludeUses,
	}
	if m.Kind == model.Willingness {
		rule := m.Rule()
		d.Quorum, d.Approval, d.AgreeBase = &rule.Quorum, &rule.Approval, rule.Base
	}
	return d
}

// save writes every column of a motion, updated_at by our clock and not by gorm's.
func save(tx *gorm.DB, m *model.Motion) error {
	if err := tx.Select("*").Where("id = ?", m.ID).UpdateColumns(m).Error; err != nil {
		return fmt.Errorf("save motion %s: %w", m.ID, err)
	}
	return nil
}

// fill checks a draft and sets the motion's fields from it.
func (s *Service) fill(ctx context.Context, caller model.Caller, m *model.Motion, d Draft) error {
	scope, err := s.scope(ctx, caller, d.ScopeType, d.ScopeID)
	if err != nil {
		return err
	}
	if err := errors.Join(checkTimes(d), checkSubject(d), checkItems(d), checkUses(d)); err != nil {
		return firstFault(err)
	}
	m.AreaCode, m.EstateID, m.ScopeLabel = scope.AreaCode, scope.EstateID, clip(scope.Label, 200)
	m.ScopeType, m.ScopeID, m.Kind, m.Title, m.Text = d.ScopeType, d.ScopeID, d.Kind, d.Title, d.Text
	m.Subject = orElse(d.Subject, "other")
	m.Convener = orElse(d.Convener, scope.Convener)
	m.LiveTally = orElse(d.LiveTally, model.LiveParticipation)
	m.DemandProof = d.DemandProof
	m.PaperCheck = orElse(d.PaperCheck, defaultCheck(d.Kind))
	// Empty, never nil: a nil list would be kept as NULL.
	m.Items, m.IncludeUses = append([]model.Item{}, d.Items...), append([]model.Use{}, d.IncludeUses...)
	m.OpensAt, m.ClosesAt = instant(d.OpensAt), instant(d.ClosesAt)
	m.CountUntil = m.ClosesAt.AddDate(0, 0, s.Terms.CountingDays)
	if d.CountUntil != nil {
		m.CountUntil = instant(*d.CountUntil)
	}
	return fillRule(m, d)
}

// defaultCheck has the papers of an owners' vote looked at by two people.
func defaultCheck(kind model.MotionKind) model.PaperCheck {
	if kind == model.Willingness {
		return model.PaperSingle
	}
	return model.PaperDouble
}

func fillRule(m *model.Motion, d Draft) error {
	rule := vote.DefaultWillingness
	switch d.Kind {
	case model.Special:
		rule = vote.Special
	case model.Ordinary:
		rule = vote.Ordinary
	case model.Willingness:
	}
	if d.Kind != model.Willingness && (d.Quorum != nil || d.Approval != nil || d.AgreeBase != "") {
		return fault.Unknown("body.quorum", "业主共同决定事项的比例由法律规定，不能另设")
	}
	if d.Quorum != nil {
		rule.Quorum = *d.Quorum
	}
	if d.Approval != nil {
		rule.Approval = *d.Approval
	}
	rule.Base = orElse(d.AgreeBase, rule.Base)
	if !rule.Valid() {
		return fault.Unknown("body.approval", "比例应为不大于 1 的分数，如 [2,3]")
	}
	m.QuorumNum, m.QuorumDen = rule.Quorum.Num, rule.Quorum.Den
	m.ApprovalNum, m.ApprovalDen = rule.Approval.Num, rule.Approval.Den
	m.AgreeBase = rule.Base
	return nil
}

// Instants outside these years are slips of the keyboard.
var earliest, latest = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)

func checkTimes(d Draft) error {
	for location, t := range map[string]*time.Time{"body.opens_at": &d.OpensAt, "body.closes_at": &d.ClosesAt, "body.count_until": d.CountUntil} {
		if t != nil && (t.Before(earliest) || !t.Before(latest)) {
			return fault.Unknown(location, "年份不对")
		}
	}
	switch {
	case !d.OpensAt.Before(d.ClosesAt):
		return fault.Unknown("body.closes_at", "截止时间应晚于开始时间")
	case d.CountUntil != nil && d.CountUntil.Before(d.ClosesAt):
		return fault.Unknown("body.count_until", "计票截止不能早于表决截止")
	}
	return nil
}

func checkSubject(d Draft) error {
	kinds, known := model.Subjects[orElse(d.Subject, "other")]
	switch {
	case !known:
		return fault.Unknown("body.subject", "没有这类事项")
	case d.Kind != model.Willingness && !slices.Contains(kinds, d.Kind):
		return fault.Unknown("body.subject", "这类事项依照民法典第二百七十八条不适用所选的表决规则")
	}
	return nil
}

func checkItems(d Draft) error {
	seen := map[string]bool{}
	for i, item := range d.Items {
		if seen[item.Code] {
			return fault.Unknown(fmt.Sprintf("body.items[%d].code", i), "编号重复")
		}
		seen[item.Code] = true
	}
	return nil
}

var includable = []model.Use{model.UseResidential, model.UseMixed, model.UseCommercial, model.UseOffice, model.UseParking, model.UseStorage, model.UseOther}

func checkUses(d Draft) error {
	for i, use := range d.IncludeUses {
		if !slices.Contains(includable, use) {
			return fault.Unknown(fmt.Sprintf("body.include_uses[%d]", i), "没有这种用途")
		}
		if slices.Contains(d.IncludeUses[:i], use) {
			return fault.Unknown(fmt.Sprintf("body.include_uses[%d]", i), "重复选择")
		}
	}
	return nil
}

func firstFault(err error) error {
	var f *fault.Error
	if errors.As(err, &f) {
		return f
	}
	return err
}

func instant(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

func orElse[T ~string](value, otherwise T) T {
	if value == "" {
		return otherwise
	}
	return value
}
