package voting

import (
	"context"

	"gongdi/model"
	"gongdi/service/document"
	"gongdi/service/doorcode"
	"gongdi/service/messages"
)

// Word is what a stairwell is told of a motion: what, by when and how, never
// how the vote stands. It refuses with ErrMotionNotPublished for a draft, and
// ErrMotionClosed for one that was cancelled.
func (s *Service) Word(m *model.Motion) (doorcode.Word, error) {
	w := doorcode.Word{Kind: "motion", ID: m.ID, Sort: "业主表决", Title: m.Title, Where: m.ScopeLabel}
	if !m.OwnersVote() {
		w.Sort = "意愿调查"
	}
	closes := messages.Instant(m.ClosesAt)
	how := []string{"在手机上提交后，截止以前可以更改。", "不用手机的，请向社区领取纸质票，签名后交回。"}
	switch m.StatusAt(s.now()) {
	case model.StatusDraft:
		return w, ErrMotionNotPublished
	case model.StatusCancelled:
		return w, ErrMotionClosed
	case model.StatusScheduled:
		w.Lines = append([]string{messages.Instant(m.OpensAt) + "开始，" + closes + "截止。"}, how...)
	case model.StatusOpen:
		w.Lines = append([]string{"请在" + closes + "以前提交意见。"}, how...)
	case model.StatusCounting:
		w.Lines = []string{"已于" + closes + "截止，正在计票。"}
	case model.StatusClosed:
		w.Lines = []string{"已结束，结果已经公告，可以用回执核对。"}
	}
	return w, nil
}

// ToRemind lists the doors that have not answered a running motion, in walking
// order, as far as the caller may see; none once it has closed.
func (s *Service) ToRemind(ctx context.Context, caller model.Caller, m *model.Motion, d Doors) ([]document.Reminder, int64, error) {
	if status := m.StatusAt(s.now()); status != model.StatusScheduled && status != model.StatusOpen {
		return nil, 0, nil
	}
	d.MotionID, d.Participation = m.ID, toRemind
	doors, total, err := s.DoorsFor(ctx, caller, m, d)
	if err != nil {
		return nil, 0, err
	}
	rows := make([]document.Reminder, 0, len(doors))
	for _, door := range doors {
		r := document.Reminder{Building: door.Building, Unit: door.Unit, Who: door.OwnersMasked}
		for i, p := range door.Properties {
			if i > 0 {
				r.Homes += "、"
			}
			r.Homes += p.Label
		}
		rows = append(rows, r)
	}
	return rows, total, nil
}
