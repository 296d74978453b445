// Package voting carries a motion from its draft to its sealed result: it
// freezes the roll, keeps every version of every ballot, and counts.
package voting

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/service/audit"
	"gongdi/service/evidence"
	"gongdi/service/fault"
	"gongdi/service/store"
	"gongdi/service/vault"
)

// Service holds what voting depends on.
type Service struct {
	DB    *store.DB
	Vault *vault.Vault
	Audit *audit.Log
	Key   *evidence.Key
	Now   func() time.Time
	Terms Terms
	// Objections counts the written objections that stand against a thing of
	// notices (异议); nil where there are no notices.
	Objections func(tx *gorm.DB, about model.Matter) (int, error)
	// Follow brings the questionnaire that a motion carries to where the motion
	// now stands, in the same transaction; nil where there are none.
	Follow func(tx *gorm.DB, m *model.Motion) error
	// Answered brings a household's answers to the ballot that now counts for
	// it, in the same transaction; nil where there are no questionnaires.
	Answered func(tx *gorm.DB, row *model.RollVoter) error

	tallies tallies
	seen    seen
	kinds   sync.Map // of published motions, by id
}

// Terms are the local rules of procedure.
type Terms struct {
	// NoticeDays between publishing and opening, below which a warning is due.
	//
	// Law: 物业管理条例 art. 14, 「应当于会议召开15日以前通知全体业主」.
	NoticeDays int
	// CountingDays between the close and the seal, when a motion sets none.
	CountingDays int
	// Principals is how many an agent may cast for at once, 3 unless set.
	Principals int
}

func (t Terms) principals() int { return cmp.Or(t.Principals, 3) }

// What voting refuses.
var (
	ErrMotionNotOpen      = fault.New(fault.Conflict, "motion_not_open", "表决尚未开始或已经截止")
	ErrMotionNotDraft     = fault.New(fault.Conflict, "motion_not_draft", "只有草稿可以修改或删除")
	ErrMotionNotPublished = fault.New(fault.Conflict, "motion_not_published", "这项表决还没有发布")
	ErrMotionClosed       = fault.New(fault.Conflict, "motion_closed", "这项表决已经结束")
	ErrMotionNotClosed    = fault.New(fault.Conflict, "motion_not_closed", "表决结束、结果封存后才能查看")
	ErrNotReady           = fault.New(fault.Conflict, "not_ready", "还不能发布，请先处理所列问题")
	ErrNotYourBallot      = fault.New(fault.Forbidden, "not_your_ballot", "这不是您的表决票")
	ErrOwnerHasAnswered   = fault.New(fault.Conflict, "owner_has_answered", "产权人已经作答，不能再由其他人更改")
	ErrEarlyCloseByStreet = fault.New(fault.Forbidden, "early_close_by_street", "提前截止须由街道办理")
)

const motionByID = "SELECT * FROM motions WHERE id = ?"

// motion reads a motion that exists.
func motion(tx *gorm.DB, query, id string, also ...any) (*model.Motion, error) {
	return store.One[model.Motion](tx, "motion "+id, query, append([]any{id}, also...)...)
}

// Of is a motion as a member of staff may see it: in their area, and for who
// only reads figures not before it is published.
func (s *Service) Of(ctx context.Context, caller model.Caller, id string) (*model.Motion, error) {
	m, err := motion(s.DB.Read(ctx), motionByID, id)
	if err != nil {
		return nil, err
	}
	if !caller.Covers(m.AreaCode) || m.Stage == model.StageDraft && !caller.Role.May(model.DraftMotions) {
		return nil, fault.ErrNotFound
	}
	if caller.Role == model.RoleGrid {
		if buildings, err := s.reach(ctx, caller, m); err != nil || len(buildings) == 0 {
			return nil, cmp.Or(err, error(fault.ErrNotFound))
		}
	}
	return m, nil
}

// alone runs fn on a motion that nobody else changes meanwhile; ballots under
// way are waited for, and later ones wait.
func (s *Service) alone(ctx context.Context, id string, fn func(tx *gorm.DB, m *model.Motion) error) (*model.Motion, error) {
	m, err := store.Do(ctx, s.DB, func(tx *gorm.DB) (*model.Motion, error) {
		m, err := motion(tx, s.DB.Locked(motionByID), id)
		if err != nil {
			return nil, err
		}
		return m, fn(tx, m)
	})
	if err == nil {
		s.tallies.forget(id)
	}
	return m, err
}

// note adds to what the office did to a motion, in its own history and in the log.
func (s *Service) note(ctx context.Context, tx *gorm.DB, caller model.Caller, m *model.Motion, e model.MotionEvent) error {
	e.ID, e.MotionID, e.StaffID, e.At = store.NewID(), m.ID, caller.ID, s.now()
	if err := gorm.G[model.MotionEvent](tx).Create(ctx, &e); err != nil {
		return fmt.Errorf("note the %s of motion %s: %w", e.Kind, m.ID, err)
	}
	return s.record(ctx, tx, caller, m, model.ConductMotions, string(e.Kind), e.Reason)
}

// follow has a motion's questionnaire follow it.
func (s *Service) follow(tx *gorm.DB, m *model.Motion) error {
	if s.Follow == nil {
		return nil
	}
	return s.Follow(tx, m)
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Millisecond) }
