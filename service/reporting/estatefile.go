package reporting

import (
	"archive/zip"
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/complaints"
	"gongdi/service/document"
	"gongdi/service/funds"
	"gongdi/service/jobs"
	"gongdi/service/notices"
	"gongdi/service/projects"
)

// Offer registers an estate's whole file as an export.
func (s *Service) Offer(to *jobs.Service) {
	to.Register("estate_file", jobs.Kind{Right: model.ExportDossier, Check: s.checkEstateFile, Make: s.estateFile})
}

func (s *Service) checkEstateFile(ctx context.Context, j jobs.Job) error {
	if err := j.Among(); err != nil {
		return err
	}
	_, err := s.Estate(ctx, j.Caller, j.Params.ID)
	return jobs.Unseen(err)
}

func (s *Service) estateFile(ctx context.Context, j jobs.Job, progress func(done, total int64)) (*jobs.Result, error) {
	at, err := s.Estate(ctx, j.Caller, j.Params.ID)
	if err != nil {
		return nil, err
	}
	return &jobs.Result{Name: "estate-" + at.ID + ".zip", MediaType: "application/zip", Write: func(w io.Writer) error {
		return s.EstateFile(ctx, j.Caller, at, w, progress)
	}}, nil
}

// paper is one of an estate's whole file, made when its turn comes.
type paper struct {
	name, says string
	write      func(io.Writer) error
}

// EstateFile writes an estate's whole file (一小区一档) as a zip, paper after
// paper, with an index at its end: what the homes are, where consent stands,
// every sealed result, notices, lifts, money, cases, works, schemes and what
// surveys came to. Names are masked or not in it. Progress is told after each paper; that it was written is logged.
func (s *Service) EstateFile(ctx context.Context, caller model.Caller, at *Place, w io.Writer, progress func(done, total int64)) error {
	papers, err := s.papersOf(ctx, caller, at)
	if err != nil {
		return err
	}
	if err := s.logged(ctx, caller, model.ExportDossier, "zip", at.AreaCode, at.ID); err != nil {
		return err
	}
	index := document.ReportPart{Title: "目录", Heads: heads("文件", "内容")}
	papers = append(papers, paper{"00-目录.xlsx", "目录", s.dated(ctx, caller, document.ReportBook, func() (document.Report, error) {
		return document.Report{Title: "一小区一档目录", Scope: at.Name, Parts: []document.ReportPart{index}}, nil
	})})
	file := zip.NewWriter(w)
	for i, p := range papers {
		progress(int64(i), int64(len(papers)))
		if err := ctx.Err(); err != nil {
			return err
		}
		entry, err := file.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate, Modified: s.now()})
		if err == nil {
			err = p.write(entry)
		}
		if err != nil {
			return fmt.Errorf("add %s to the file of estate %s: %w", p.says, at.ID, err)
		}
		index.Rows = append(index.Rows, []any{p.name, p.says})
	}
	progress(int64(len(papers)), int64(len(papers)))
	return file.Close()
}

// dated writes a report with the day of its data and its author.
func (s *Service) dated(ctx context.Context, caller model.Caller, write func(io.Writer, document.Report) error, report func() (document.Report, error)) func(io.Writer) error {
	return func(w io.Writer) error {
		r, err := report()
		if err != nil {
			return err
		}
		if r.From, err = s.maker(ctx, caller); err != nil {
			return err
		}
		return write(w, r)
	}
}

// list is a table of an estate, from a query of texts.
type list struct {
	file, title, query string
	columns            []listColumn
}

// listColumn is the head of a column, and what the texts of the query stand
// for; nil for themselves.
type listColumn struct {
	head string
	cell func(text string) any
}

func countOf(text string) any { return numberOf(text) }

func areaOf(text string) any { return quantity.Area(numberOf(text)) }

func numberOf(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0 // a count and a sum are whole numbers
	}
	return n
}

func wordOf(words map[string]string) func(string) any {
	return func(code string) any { return words[code] }
}

var stageWords = map[string]string{string(model.NoticePublished): "已发布", string(model.NoticeWithdrawn): "已撤回", string(model.LiftOpen): "进行中"}

var (
	homesList = list{"01-房屋概况", "房屋概况", `SELECT b.label, COUNT(*), COALESCE(SUM(p.area), 0), SUM(CASE WHEN p.incomplete <> '' THEN 1 ELSE 0 END)
FROM properties p JOIN buildings b ON b.id = p.building_id WHERE p.estate_id = @estate GROUP BY b.label, b.sort_key ORDER BY b.sort_key`,
		[]listColumn{{"楼栋", nil}, {"套数", countOf}, {"面积（㎡）", areaOf}, {"待补全", countOf}}}
	noticesList = list{"04-公告公示", "公告公示", `SELECT n.title, n.kind, n.audience_label, n.begins_on, n.ends_on, n.version, n.stage FROM notices n
WHERE n.stage <> 'draft' AND (n.audience_id = @estate AND n.audience_type = 'estate' OR n.audience_type = 'building' AND n.audience_id IN (SELECT b.id FROM buildings b WHERE b.estate_id = @estate)
OR n.audience_type = 'unit' AND n.audience_id IN (SELECT u.id FROM units u WHERE u.estate_id = @estate)) ORDER BY n.published_at, n.id`,
		[]listColumn{{"标题", nil}, {"种类", func(kind string) any { return notices.KindWords[model.NoticeKind(kind)] }}, {"范围", nil}, {"公示开始", nil}, {"公示结束", nil}, {"版本", countOf}, {"状态", wordOf(stageWords)}}}
	liftsList = list{"05-加装电梯", "加装电梯方案", `SELECT l.unit_label, v.title, l.version, l.stage FROM lift_plans l
JOIN lift_plan_versions v ON v.plan_id = l.id AND v.version = l.version WHERE l.estate_id = @estate ORDER BY l.created_at, l.id`,
		[]listColumn{{"单元", nil}, {"方案", nil}, {"版本", countOf}, {"状态", wordOf(stageWords)}}}
)

// papersOf are an estate's papers in the order of their numbers.
func (s *Service) papersOf(ctx context.Context, caller model.Caller, at *Place) ([]paper, error) {
	consent := sync.OnceValues(func() (document.Report, error) { return s.consent(ctx, at) }) // one for both forms
	results, err := s.resultsOf(ctx, caller, at)
	if err != nil {
		return nil, err
	}
	works, err := s.worksOf(ctx, caller, at)
	if err != nil {
		return nil, err
	}
	planned, err := s.schemesOf(ctx, caller, at)
	if err != nil {
		return nil, err
	}
	asked, err := s.surveysOf(ctx, caller, at)
	if err != nil {
		return nil, err
	}
	return slices.Concat(
		[]paper{
			s.listOf(ctx, caller, at, homesList),
			{"02-意愿与表决汇总.pdf", "意愿与表决汇总", s.dated(ctx, caller, document.ReportPDF, consent)},
			{"02-意愿与表决汇总.xlsx", "意愿与表决汇总", s.dated(ctx, caller, document.ReportBook, consent)},
		},
		results,
		[]paper{
			s.listOf(ctx, caller, at, noticesList),
			s.listOf(ctx, caller, at, liftsList),
			{"06-资金台账.xlsx", "资金汇总", s.dated(ctx, caller, document.ReportBook, func() (document.Report, error) { return s.moneyOf(ctx, at) })},
			{"07-诉求统计.xlsx", "诉求统计（按分类）", func(w io.Writer) error {
				return s.Complaints.FiguresSheet(ctx, caller, complaints.Filter{EstateID: at.ID}, complaints.ByCategory, w)
			}},
		},
		works, planned, asked,
	), nil
}

func (s *Service) listOf(ctx context.Context, caller model.Caller, at *Place, l list) paper {
	return paper{l.file + ".xlsx", l.title, s.dated(ctx, caller, document.ReportBook, func() (document.Report, error) {
		part, err := s.listed(ctx, l, at.ID)
		return document.Report{Title: l.title, Scope: at.Name, Parts: []document.ReportPart{part}}, err
	})}
}

// mostWorks is how many projects of an estate are in its file.
const mostWorks = 100

// worksOf are the projects of an estate as the ledger has them, and what was
// written of those that are accepted.
func (s *Service) worksOf(ctx context.Context, caller model.Caller, at *Place) ([]paper, error) {
	f := projects.Filter{EstateID: at.ID}
	views, _, err := s.Projects.List(ctx, caller, f, 0, mostWorks)
	if err != nil || len(views) == 0 {
		return nil, err
	}
	out := []paper{{"08-项目台账.xlsx", "项目台账", func(w io.Writer) error { return s.Projects.Export(ctx, caller, f, w) }}}
	for i := range views {
		v := &views[i]
		if !v.Accepted() {
			continue
		}
		name := fmt.Sprintf("08-工程验收/%02d-", i+1)
		out = append(out,
			paper{name + "验收情况报告.pdf", "验收情况报告：" + v.Name, func(w io.Writer) error { return s.Projects.PrintAcceptance(ctx, caller, v, w) }},
			paper{name + "移交接管记录.pdf", "移交接管记录：" + v.Name, func(w io.Writer) error { return s.Projects.PrintHandover(ctx, caller, v, w) }},
		)
	}
	return out, nil
}

// mostSchemes is how many schemes of an estate are in its file.
const mostSchemes = 500

// schemesOf are the schemes of an estate, of its buildings and of its
// stairwells: each in its present version and, where that is another, in the
// one that the owners' vote passed.
func (s *Service) schemesOf(ctx context.Context, caller model.Caller, at *Place) ([]paper, error) {
	rows, _, err := s.Schemes.In(ctx, caller, at.ID, 0, mostSchemes)
	if err != nil {
		return nil, err
	}
	var out []paper
	for i := range rows {
		row := &rows[i].Scheme
		add := func(version int, words string) {
			name := fmt.Sprintf("09-改造方案/%02d-%s-第%d版.pdf", i+1, fileName(row.ScopeLabel), version)
			out = append(out, paper{name, fmt.Sprintf("改造方案：%s（第 %d 版，%s）", row.ScopeLabel, version, words), func(w io.Writer) error {
				v, err := s.Schemes.Read(ctx, row, version)
				if err != nil {
					return err
				}
				return s.Schemes.Print(ctx, v, w)
			}})
		}
		approved, err := s.Schemes.ApprovedVersion(ctx, row)
		if err != nil {
			return nil, err
		}
		words := "现行版本"
		switch {
		case row.Stage == model.SchemeWithdrawn:
			words = "已撤回"
		case approved == row.Version:
			words += "，业主表决通过"
		}
		add(row.Version, words)
		if approved > 0 && approved != row.Version {
			add(approved, "业主表决通过")
		}
	}
	return out, nil
}

// surveysOf are the reports on an estate's surveys that are over; of an
// anonymous one to which few came it has no figures.
func (s *Service) surveysOf(ctx context.Context, caller model.Caller, at *Place) ([]paper, error) {
	over, err := s.Surveys.EndedWithin(ctx, at.ID)
	if err != nil {
		return nil, err
	}
	out := make([]paper, 0, len(over))
	for i := range over {
		v := &over[i]
		name := fmt.Sprintf("10-问卷调查/%02d-%s.pdf", i+1, fileName(v.Title))
		out = append(out, paper{name, "问卷调查报告：" + v.Title + "（" + v.AudienceLabel + "）", func(w io.Writer) error {
			return s.Surveys.Report(ctx, caller, v, "", w)
		}})
	}
	return out, nil
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
	names := make([]string, 0, len(l.columns))
	for _, c := range l.columns {
		names = append(names, c.head)
	}
	part = document.ReportPart{Title: l.title, Heads: heads(names...)}
	rows, err := s.DB.Read(ctx).Raw(l.query, map[string]any{"estate": estate}).Rows()
	if err != nil {
		return part, fmt.Errorf("list %s: %w", l.file, err)
	}
	defer func() {
		if closed := rows.Close(); err == nil {
			err = closed
		}
	}()
	for rows.Next() {
		texts := make([]string, len(l.columns))
		into, cells := make([]any, len(texts)), make([]any, len(texts))
		for i := range texts {
			into[i] = &texts[i]
		}
		if err := rows.Scan(into...); err != nil {
			return part, fmt.Errorf("list %s: %w", l.file, err)
		}
		for i, text := range texts {
			if cells[i] = text; l.columns[i].cell != nil {
				cells[i] = l.columns[i].cell(text)
			}
		}
		part.Rows = append(part.Rows, cells)
	}
	return part, rows.Err()
}

func (s *Service) moneyOf(ctx context.Context, at *Place) (document.Report, error) {
	totals, err := s.Funds.Totals(ctx, funds.Filter{Area: at.AreaCode, EstateID: at.ID}, funds.BySource)
	if err != nil {
		return document.Report{}, err
	}
	part := document.ReportPart{Title: "资金", Heads: heads("来源", "到账（元）", "支出（元）", "结余（元）"), Note: "小区改造和加装电梯的收支合计。"}
	whole := [3]quantity.Fen{}
	for _, t := range totals {
		part.Rows = append(part.Rows, []any{sourceWords[model.Source(t.Key)], t.In, t.Out, t.Balance()})
		whole[0], whole[1], whole[2] = whole[0]+t.In, whole[1]+t.Out, whole[2]+t.Balance()
	}
	part.Rows = append(part.Rows, []any{"合计", whole[0], whole[1], whole[2]})
	return document.Report{Title: "资金汇总", Scope: at.Name, Parts: []document.ReportPart{part}}, nil
}
