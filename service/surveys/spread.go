package surveys

import (
	"context"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/document"
	"gongdi/service/doorcode"
)

// Word is what a stairwell is told of a survey. It refuses with
// ErrNotPublished for a draft and for one that is over.
func (s *Service) Word(v *model.Survey) (doorcode.Word, error) {
	w := doorcode.Word{Kind: "survey", ID: v.ID, Sort: "问卷", Title: v.Title, Where: v.AudienceLabel}
	if status := v.StatusAt(s.now()); status != model.SurveyOpen && status != model.SurveyScheduled {
		return w, ErrNotPublished
	}
	const instant = "2006年1月2日15:04"
	w.Lines = append(w.Lines, "填写时间："+v.OpensAt.In(quantity.Shanghai).Format(instant)+"至"+v.ClosesAt.In(quantity.Shanghai).Format(instant))
	switch {
	case v.Anonymous:
		w.Lines = append(w.Lines, "匿名填写：填了什么与谁填的分开保存，提交以后不能更改。")
	case v.Unit == model.PerHousehold:
		w.Lines = append(w.Lines, "一户一表，截止以前可以更改，以业主的回答为准。")
	default:
		w.Lines = append(w.Lines, "每人一份，截止以前可以更改。")
	}
	w.Lines = append(w.Lines, "不用手机的，工作人员会入户登记，也可以联系社区填写。")
	return w, nil
}

// ToRemind lists the homes that are still to be asked while a survey is open,
// in walking order, as far as the caller may see.
func (s *Service) ToRemind(ctx context.Context, caller model.Caller, v *model.Survey, q DoorsAsked) ([]document.Reminder, int64, error) {
	if v.StatusAt(s.now()) != model.SurveyOpen {
		return nil, 0, nil
	}
	q.Open = true
	doors, total, err := s.Doors(ctx, caller, v, q)
	rows := make([]document.Reminder, 0, len(doors))
	for _, d := range doors {
		rows = append(rows, document.Reminder{Building: d.Building, Unit: d.Unit, Homes: d.Label})
	}
	return rows, total, err
}
