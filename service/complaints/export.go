package complaints

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/audit"
	"gongdi/service/document"
	"gongdi/service/fault"
	"gongdi/service/identity"
	"gongdi/service/store"
)

// ErrTooManyCases asks to narrow a list that is to be written to one file.
var ErrTooManyCases = fault.New(fault.TooLarge, "complaints_too_many", "一次最多导出 10000 件，请按日期或者状态缩小范围")

const mostExported = 10_000

const answersOf = `SELECT s.complaint_id, s.words FROM complaint_steps s WHERE s.step = 'answer' AND s.complaint_id IN ? ORDER BY s.complaint_id, s.number`

// KindWords are the kinds in the office's words.
var KindWords = map[model.CaseKind]string{model.Complaining: "投诉", model.HelpWanted: "求助", model.Consulting: "咨询", model.Suggesting: "建议"}

// Export writes the cases of a list as .xlsx, with the tickets of the 12345
// centre and the latest answer; numbers that the words mention are masked, and
// that it was written is logged. Progress is told case by case.
func (s *Service) Export(ctx context.Context, caller model.Caller, f Filter, w io.Writer, progress func(done, total int64)) error {
	f.Offset, f.Limit = 0, mostExported
	rows, total, err := s.List(ctx, caller, f)
	if err != nil {
		return err
	}
	if total > mostExported {
		return ErrTooManyCases
	}
	db := s.DB.Read(ctx)
	answers, err := s.answers(db, rows)
	if err != nil {
		return err
	}
	labels := map[string]string{}
	var categories []model.Category
	if err := db.Raw("SELECT * FROM complaint_categories ORDER BY valid_from").Scan(&categories).Error; err != nil {
		return fmt.Errorf("read the categories: %w", err)
	}
	for _, c := range categories {
		labels[c.Code] = c.Label
	}
	lines := make([]document.CaseLine, 0, len(rows))
	for i := range rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		line, err := s.line(&rows[i], answers[rows[i].ID])
		if err != nil {
			return fmt.Errorf("write case %s: %w", rows[i].ID, err)
		}
		line.Category = labels[rows[i].CategoryCode]
		lines = append(lines, line)
		progress(int64(i+1), total)
	}
	err = store.Tx(ctx, s.DB, func(tx *gorm.DB) error {
		return s.Audit.Record(ctx, tx, audit.Entry{Actor: caller, Right: model.ConductCases, Verb: "export", ObjectType: "complaint", AreaCode: caller.AreaCode})
	})
	if err != nil {
		return err
	}
	from, err := identity.Maker(db, s.Vault, caller.ID, s.now())
	if err != nil {
		return err
	}
	return document.CaseList(w, lines, from)
}

// answers are the latest ones, sealed, by case.
func (s *Service) answers(db *gorm.DB, rows []Listed) (map[string]string, error) {
	out := map[string]string{}
	const at = 500
	for from := 0; from < len(rows); from += at {
		ids := []string{}
		for _, r := range rows[from:min(from+at, len(rows))] {
			ids = append(ids, r.ID)
		}
		var found []struct{ ComplaintID, Words string }
		if err := db.Raw(answersOf, ids).Scan(&found).Error; err != nil {
			return nil, fmt.Errorf("read answers: %w", err)
		}
		for _, a := range found {
			out[a.ComplaintID] = a.Words
		}
	}
	return out, nil
}

func (s *Service) line(c *Listed, answer string) (document.CaseLine, error) {
	words, errWords := s.Vault.Reveal(caseWords, c.Words)
	place, errPlace := s.Vault.Reveal(casePlace, c.Place)
	said, errSaid := s.Vault.Reveal(stepWords, answer)
	line := document.CaseLine{
		Ticket: c.Ticket, Number: c.Number, Kind: KindWords[c.Kind], Words: mask(words), Estate: c.Estate, Place: mask(place),
		Department: c.DepartmentName, Status: StatusWords[c.Status], FiledAt: wallClock(c.FiledAt), DueAt: wallClock(c.DueAt), Answer: mask(said),
	}
	if c.AnsweredAt != nil {
		line.AnsweredAt = wallClock(*c.AnsweredAt)
	}
	if c.Stars > 0 {
		line.Rating = fmt.Sprintf("%d星，%s", c.Stars, map[bool]string{true: "已解决", false: "未解决"}[c.Resolved])
	}
	if c.Overdue(s.now()) {
		line.Overdue = "是"
	}
	return line, errors.Join(errWords, errPlace, errSaid)
}

func wallClock(t time.Time) string { return t.In(quantity.Shanghai).Format(time.DateTime) }
