package reporting

import (
	"archive/zip"
	"context"
	"fmt"
	"io"
	"strings"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/complaints"
	"gongdi/service/document"
	"gongdi/service/funds"
)

// paper is one of an estate's whole file.
type paper struct {
	name, says string
	write      func(io.Writer) error
}

// EstateFile writes an estate's whole file (一小区一档) as a zip, paper after
// paper, with an index at its end: what the homes are, where consent stands,
// every sealed result, notices, lifts, money and cases. Names are masked or
// not in it. Progress is told after each paper.
func (s *Service) EstateFile(caller model.Caller) func(ctx context.Context, w io.Writer, estateID string, progress func(done, total int)) error {
	return func(ctx context.Context, w io.Writer, estateID string, progress func(done, total int)) error {
		at, err := s.Estate(ctx, caller, estateID)
		if err != nil {
			return err
		}
		papers, err := s.papersOf(ctx, caller, at)
		if err != nil {
			return err
		}
		if err := s.logged(ctx, caller, model.ExportDossier, "zip", at.AreaCode, at.ID); err != nil {
			return err
		}
		index := document.ReportPart{Title: "目录", Heads: heads("文件", "内容")}
		file := zip.NewWriter(w)
		add := func(p paper) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			entry, err := file.Create(p.name)
			if err == nil {
				err = p.write(entry)
			}
			if err != nil {
				return fmt.Errorf("add %s to the file of estate %s: %w", p.says, at.ID, err)
			}
			index.Rows = append(index.Rows, []any{p.name, p.says})
			return nil
		}
		for i, p := range papers {
			if err := add(p); err != nil {
				return err
			}
			progress(i+1, len(papers)+1)
		}
		report, err := s.dated(ctx, caller, document.Report{Title: "一小区一档目录", Scope: at.Name, Parts: []document.ReportPart{index}})
		if err != nil {
			return err
		}
		if err := add(paper{"00-目录.xlsx", "目录", func(w io.Writer) error { return document.ReportBook(w, report) }}); err != nil {
			return err
		}
		progress(len(papers)+1, len(papers)+1)
		return file.Close()
	}
}

func (s *Service) dated(ctx context.Context, caller model.Caller, r document.Report) (document.Report, error) {
	author, err := s.author(ctx, caller)
	r.AsOf, r.Author = instant(s.now()), author
	return r, err
}

// list is a table of an estate, from a query of texts.
type list struct {
	file, title, query string
	heads              []string
}

var lists = []list{
	{"01-房屋概况", "房屋概况", `SELECT b.label, COUNT(*), COALESCE(SUM(p.area), 0), SUM(CASE WHEN p.incomplete <> '' THEN 1 ELSE 0 END)
FROM properties p JOIN buildings b ON b.id = p.building_id WHERE p.estate_id = ? GROUP BY b.label, b.sort_key ORDER BY b.sort_key`, []string{"楼栋", "套数", "面积（0.01㎡）", "待补全"}},
	{"04-公告公示", "公告公示", `SELECT n.title, n.kind, n.begins_on, n.ends_on, n.version FROM notices n
WHERE n.audience_type = 'estate' AND n.audience_id = ? AND n.stage <> 'draft' ORDER BY n.published_at, n.id`, []string{"标题", "种类", "公示开始", "公示结束", "版本"}},
	{"05-加装电梯", "加装电梯方案", "SELECT l.unit_label, l.version, l.stage FROM lift_plans l WHERE l.estate_id = ? ORDER BY l.created_at, l.id", []string{"单元", "版本", "状态"}},
}

func (s *Service) papersOf(ctx context.Context, caller model.Caller, at *Place) ([]paper, error) {
	var out []paper
	for _, l := range lists {
		part, err := s.listed(ctx, l, at.ID)
		if err != nil {
			return nil, err
		}
		report, err := s.dated(ctx, caller, document.Report{Title: l.title, Scope: at.Name, Parts: []document.ReportPart{part}})
		if err != nil {
			return nil, err
		}
		out = append(out, paper{l.file + ".xlsx", l.title, func(w io.Writer) error { return document.ReportBook(w, report) }})
	}
	consent, err := s.consent(ctx, at)
	if err != nil {
		return nil, err
	}
	if consent, err = s.dated(ctx, caller, consent); err != nil {
		return nil, err
	}
	money, err := s.moneyOf(ctx, caller, at)
	if err != nil {
		return nil, err
	}
	byCategory := complaints.Filter{EstateID: at.ID}
	out = append(out,
		paper{"02-意愿与表决汇总.pdf", "意愿与表决汇总", func(w io.Writer) error { return document.ReportPDF(w, consent) }},
		paper{"02-意愿与表决汇总.xlsx", "意愿与表决汇总", func(w io.Writer) error { return document.ReportBook(w, consent) }},
		paper{"06-资金台账.xlsx", "资金汇总", func(w io.Writer) error { return document.ReportBook(w, money) }},
		paper{"07-诉求统计.xlsx", "诉求统计（按分类）", func(w io.Writer) error {
			return s.Complaints.FiguresSheet(ctx, caller, byCategory, complaints.ByCategory, w)
		}},
	)
	results, err := s.resultsOf(ctx, caller, at)
	return append(out, results...), err
}

func (s *Service) resultsOf(ctx context.Context, caller model.Caller, at *Place) ([]paper, error) {
	var sealed []model.Motion
	err := s.DB.Read(ctx).Raw("SELECT id, title FROM motions WHERE estate_id = ? AND stage = 'sealed' ORDER BY sealed_at, id", at.ID).Scan(&sealed).Error
	if err != nil {
		return nil, fmt.Errorf("list the results of estate %s: %w", at.ID, err)
	}
	out := make([]paper, 0, len(sealed))
	for i, m := range sealed {
		name := fmt.Sprintf("03-表决结果/%02d-%s.pdf", i+1, fileName(m.Title))
		out = append(out, paper{name, "表决结果：" + m.Title, func(w io.Writer) error { return s.Voting.Announce(ctx, caller, m.ID, w) }})
	}
	return out, nil
}

// fileName leaves out what a name of a file cannot have.
func fileName(title string) string {
	clean := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) || r < ' ' {
			return '_'
		}
		return r
	}, title)
	if runes := []rune(clean); len(runes) > 40 {
		clean = string(runes[:40])
	}
	return clean
}

func (s *Service) listed(ctx context.Context, l list, estate string) (part document.ReportPart, err error) {
	part = document.ReportPart{Title: l.title, Heads: heads(l.heads...)}
	rows, err := s.DB.Read(ctx).Raw(l.query, estate).Rows()
	if err != nil {
		return part, fmt.Errorf("list %s: %w", l.file, err)
	}
	defer func() {
		if closed := rows.Close(); err == nil {
			err = closed
		}
	}()
	for rows.Next() {
		texts := make([]string, len(l.heads))
		into, cells := make([]any, len(texts)), make([]any, len(texts))
		for i := range texts {
			into[i] = &texts[i]
		}
		if err := rows.Scan(into...); err != nil {
			return part, fmt.Errorf("list %s: %w", l.file, err)
		}
		for i, text := range texts {
			cells[i] = text
		}
		part.Rows = append(part.Rows, cells)
	}
	return part, rows.Err()
}

func (s *Service) moneyOf(ctx context.Context, caller model.Caller, at *Place) (document.Report, error) {
	totals, err := s.Funds.Totals(ctx, funds.Filter{Area: at.AreaCode, Purpose: model.Purpose{Type: model.ForEstate, ID: at.ID}}, funds.BySource)
	if err != nil {
		return document.Report{}, err
	}
	part := document.ReportPart{Title: "资金", Heads: heads("来源", "到账（元）", "支出（元）", "结余（元）")}
	whole := [3]quantity.Fen{}
	for _, t := range totals {
		part.Rows = append(part.Rows, []any{sourceWords[model.Source(t.Key)], t.In, t.Out, t.Balance()})
		whole[0], whole[1], whole[2] = whole[0]+t.In, whole[1]+t.Out, whole[2]+t.Balance()
	}
	part.Rows = append(part.Rows, []any{"合计", whole[0], whole[1], whole[2]})
	return s.dated(ctx, caller, document.Report{Title: "资金汇总", Scope: at.Name, Parts: []document.ReportPart{part}})
}
