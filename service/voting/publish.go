package voting

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/store"
)

// Remark is something to mend or to know before publishing.
type Remark struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Preflight is what publishing a draft now would meet (发布前检查).
type Preflight struct {
	Missing    []Remark // what forbids it
	Warnings   []Remark // what may be objected to later
	Heads      int64
	Area       quantity.Area
	Incomplete int
}

// Check tells what publishing would meet, and changes nothing.
func (s *Service) Check(ctx context.Context, m *model.Motion) (Preflight, error) {
	r, err := drawRoll(s.DB.Read(ctx), m)
	if err != nil {
		return Preflight{}, err
	}
	return s.preflight(s.DB.Read(ctx), m, r, s.now())
}

// Publication is a published motion with what may be objected to later.
type Publication struct {
	Motion   *model.Motion
	Warnings []Remark
}

// Publish freezes the roll and announces the motion (发布): from now on it is
// scheduled, or open when its opening is past.
func (s *Service) Publish(ctx context.Context, caller model.Caller, id string) (Publication, error) {
	p, err := store.Do(ctx, s.DB, func(tx *gorm.DB) (Publication, error) {
		m, err := motion(tx, s.DB.Locked(motionByID), id)
		if err != nil {
			return Publication{}, err
		}
		if m.Stage != model.StageDraft {
			return Publication{}, ErrMotionNotDraft
		}
		r, err := drawRoll(tx, m)
		if err != nil {
			return Publication{}, err
		}
		found, err := s.preflight(tx, m, r, s.now())
		if err != nil {
			return Publication{}, err
		}
		if len(found.Missing) > 0 {
			return Publication{}, ErrNotReady.Carrying("missing", found.Missing)
		}
		return Publication{Motion: m, Warnings: found.Warnings}, s.publish(ctx, tx, caller, m, r)
	})
	if err == nil {
		s.tallies.forget(id)
	}
	return p, err
}

func (s *Service) publish(ctx context.Context, tx *gorm.DB, caller model.Caller, m *model.Motion, r *roll) error {
	now := s.now()
	if m.OpensAt.Before(now) {
		m.OpensAt = now
	}
	m.Stage, m.PublishedAt, m.UpdatedAt = model.StagePublished, &now, now
	m.RollDigest, m.RollHeads, m.RollArea, m.RollIncomplete = r.digest, int64(len(r.voters)), r.area, len(r.incomplete)
	if err := r.freeze(tx); err != nil {
		return err
	}
	if err := errors.Join(save(tx, m), s.follow(tx, m)); err != nil {
		return firstFault(err)
	}
	return s.note(ctx, tx, caller, m, model.MotionEvent{Kind: model.EventPublished, Detail: m.RollDigest})
}

const reportsOpen = "SELECT COUNT(*) FROM roll_reports WHERE motion_id = ? AND status = 'open'"

func (s *Service) preflight(tx *gorm.DB, m *model.Motion, r *roll, now time.Time) (Preflight, error) {
	f := Preflight{Heads: int64(len(r.voters)), Area: r.area, Incomplete: len(r.incomplete)}
	if len(r.voters) == 0 {
		f.Missing = append(f.Missing, Remark{"roll_empty", "名册是空的，请先导入该范围内的房屋"})
	}
	if !m.ClosesAt.After(now) {
		f.Missing = append(f.Missing, Remark{"closes_at_past", "截止时间已经过去"})
	}
	if n := without(r, func(p model.RollProperty) bool { return p.Area == nil }); m.OwnersVote() && n > 0 {
		f.Missing = append(f.Missing, Remark{"area_unknown", fmt.Sprintf("名册中有 %d 套房屋面积不明，业主表决须先补全", n)})
	}
	f.Warnings = s.warnings(m, r, now)
	var open int
	if err := tx.Raw(reportsOpen, m.ID).Scan(&open).Error; err != nil {
		return f, fmt.Errorf("count the reports on motion %s: %w", m.ID, err)
	}
	if open > 0 {
		f.Warnings = append(f.Warnings, Remark{"roll_reports_open", fmt.Sprintf("业主对名册提出的 %d 条意见还没有答复", open)})
	}
	if s.Objections == nil {
		return f, nil
	}
	objections, err := s.Objections(tx, model.Matter{Type: "motion", ID: m.ID})
	if objections > 0 {
		f.Warnings = append(f.Warnings, Remark{"objections_open", fmt.Sprintf("对公示的方案还有 %d 条书面异议没有解决", objections)})
	}
	return f, err
}

func (s *Service) warnings(m *model.Motion, r *roll, now time.Time) []Remark {
	var out []Remark
	if m.OwnersVote() && m.OpensAt.Before(now.AddDate(0, 0, s.Terms.NoticeDays)) {
		out = append(out, Remark{"notice_short", fmt.Sprintf("发布至开始不足 %d 日（《物业管理条例》第十四条），结果可能被质疑", s.Terms.NoticeDays)})
	}
	if len(r.incomplete) > 0 {
		out = append(out, Remark{"roll_incomplete", fmt.Sprintf("名册中有 %d 套房屋信息不全，仍计入总数", len(r.incomplete))})
	}
	if !m.OwnersVote() {
		return out
	}
	unlawful := func(p model.RollProperty) bool {
		return p.AreaSource == model.AreaUnknown || p.AreaSource == model.AreaDeclared
	}
	if n := without(r, unlawful); n > 0 {
		out = append(out, Remark{"area_source_missing", fmt.Sprintf("%d 套房屋的面积没有注明登记、实测或合同来源", n)})
	}
	unknown := func(p model.RollProperty) bool { return p.OwnerIDs == "" }
	if n := without(r, unknown); n > 0 {
		out = append(out, Remark{"owner_unknown", fmt.Sprintf("%d 套房屋产权人不明，各按一人计算", n)})
	}
	return out
}

func without(r *roll, lacks func(model.RollProperty) bool) int {
	n := 0
	for _, p := range r.properties {
		if lacks(p) {
			n++
		}
	}
	return n
}
