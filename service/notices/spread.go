package notices

import (
	"context"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/document"
	"gongdi/service/doorcode"
	"gongdi/service/messages"
)

// Word is what a stairwell is told of a notice. It refuses with
// ErrNotPublished for a draft and for one that was withdrawn.
func (s *Service) Word(n *model.Notice) (doorcode.Word, error) {
	w := doorcode.Word{Kind: "notice", ID: n.ID, Sort: KindWords[n.Kind], Title: n.Title, Where: n.AudienceLabel}
	if n.Stage != model.NoticePublished {
		return w, ErrNotPublished
	}
	if n.HappensFrom != nil {
		w.Lines = append(w.Lines, "时间："+messages.Instant(*n.HappensFrom)+untilWords(n))
	}
	if n.EndsOn != "" {
		if n.StatusAt(s.now()) == model.NoticeHasEnded {
			w.Lines = append(w.Lines, "公示期已于"+dayWords(n.EndsOn)+"届满。")
		} else {
			w.Lines = append(w.Lines, "公示期到"+dayWords(n.EndsOn)+"为止（含当日）。", "对内容有异议的，请在公示期内书面提出。")
		}
	}
	w.Lines = append(w.Lines, "请各户打开查看，看后点“已知晓”。")
	return w, nil
}

func dayWords(d quantity.Date) string { return d.Start().Format("2006年1月2日") }

func untilWords(n *model.Notice) string {
	if n.HappensUntil == nil {
		return ""
	}
	return "至" + messages.Instant(*n.HappensUntil)
}

// ToRemind lists the households that have neither read a running notice nor
// been told of it, in walking order, as far as the caller may see.
func (s *Service) ToRemind(ctx context.Context, caller model.Caller, n *model.Notice, q Readers) ([]document.Reminder, int64, error) {
	if n.StatusAt(s.now()) != model.NoticeIsPublished {
		return nil, 0, nil
	}
	q.Missing = true
	homes, total, err := s.ReadersOf(ctx, caller, n, q)
	if err != nil {
		return nil, 0, err
	}
	rows := make([]document.Reminder, 0, len(homes))
	for _, h := range homes {
		rows = append(rows, document.Reminder{Building: h.Building, Unit: h.Unit, Homes: h.Label})
	}
	return rows, total, nil
}
