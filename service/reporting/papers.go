package reporting

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/vote"
	"gongdi/service/complaints"
	"gongdi/service/document"
	"gongdi/service/fault"
	"gongdi/service/funds"
	"gongdi/service/projects"
)

// Form is what a report is written as.
type Form string

// The forms.
const (
	AsPDF  Form = "pdf"
	AsBook Form = "xlsx"
)

// Month is a month of the calendar, "2026-11".
type Month string

// ReadMonth reads a month; the present one where none is given.
func (s *Service) ReadMonth(text string) (Month, error) {
	if text == "" {
		return Month(quantity.DateOf(s.now())[:7]), nil
	}
	if _, err := time.Parse("2006-01", text); err != nil || text < "1970-01" {
		return "", fault.ErrInvalid.At("query.month", "应为月份，如 2026-09")
	}
	return Month(text), nil
}

func (m Month) first() quantity.Date { return quantity.Date(m + "-01") }

func (m Month) last() quantity.Date {
	day, err := time.Parse(time.DateOnly, string(m.first()))
	if err != nil {
		return m.first()
	}
	return quantity.Date(day.AddDate(0, 1, -1).Format(time.DateOnly))
}

func (m Month) words() string { return string(m[:4]) + "年" + string(m[5:]) + "月" }

func heads(names ...string) []document.WorkHead {
	out := make([]document.WorkHead, 0, len(names))
	for i, name := range names {
		share := 8.0
		switch {
		case i == 0:
			share = 16
		case strings.Contains(name, "面积"), name == "规则":
			share = 12
		case strings.HasSuffix(name, "率"):
			share = 10
		}
		out = append(out, document.WorkHead{Name: name, Share: share})
	}
	return out
}

// write gives a report its day and author, notes that it left, and writes it.
func (s *Service) write(ctx context.Context, caller model.Caller, verb, area, about string, r document.Report, form Form, w io.Writer) error {
	var err error
	if r.From, err = s.maker(ctx, caller); err != nil {
		return err
	}
	if err := s.logged(ctx, caller, model.ExportReports, verb+"_"+string(form), area, about); err != nil {
		return err
	}
	if form == AsBook {
		return document.ReportBook(w, r)
	}
	return document.ReportPDF(w, r)
}

type stockRow struct {
	Name                                                 string
	Estates, Buildings, Households                       int64
	Area                                                 quantity.Area
	DoneEstates, DoneHouseholds, MonthEstates, MonthDone int64
}

const stockOf = `SELECT COALESCE(a.name, e.area_code) AS name, COUNT(*) AS estates, COALESCE(SUM(f.buildings), 0) AS buildings, COALESCE(SUM(f.households), 0) AS households,
COALESCE(SUM(f.area), 0) AS area, SUM(CASE WHEN f.renewed_on <> '' AND f.renewed_on <= @last THEN 1 ELSE 0 END) AS done_estates,
COALESCE(SUM(CASE WHEN f.renewed_on <> '' AND f.renewed_on <= @last THEN f.households ELSE 0 END), 0) AS done_households,
SUM(CASE WHEN f.renewed_on >= @first AND f.renewed_on <= @last THEN 1 ELSE 0 END) AS month_estates,
COALESCE(SUM(CASE WHEN f.renewed_on >= @first AND f.renewed_on <= @last THEN f.households ELSE 0 END), 0) AS month_done
FROM estates e JOIN estate_figures f ON f.estate_id = e.id LEFT JOIN areas a ON a.code = e.area_code
WHERE e.area_code LIKE @area AND f.due = 1 GROUP BY e.area_code, a.name ORDER BY e.area_code`

// Monthly writes the monthly statistics of an area under the headings of the
// national releases (住建月报). Works are as the project ledger stands: it keeps
// no months of them, and the reports of a day say how far a project has come as
// a whole (形象进度), in per cent, so that no month's kilometres follow from them.
func (s *Service) Monthly(ctx context.Context, caller model.Caller, area model.Area, month Month, form Form, w io.Writer) error {
	if err := s.CatchUp(ctx); err != nil {
		return err
	}
	var rows []stockRow
	err := s.DB.Read(ctx).Raw(stockOf, map[string]any{"area": area.Code + "%", "first": month.first(), "last": month.last()}).Scan(&rows).Error
	if err != nil {
		return fmt.Errorf("count the estates of area %s: %w", area.Code, err)
	}
	stock := document.ReportPart{Title: "小区与户数", Heads: heads("社区", "小区数", "楼栋数", "户数", "建筑面积（㎡）", "完工小区", "完工户数", "完成率")}
	all := stockRow{Name: "合计"}
	for _, r := range rows {
		all.Estates, all.Buildings, all.Households, all.Area = all.Estates+r.Estates, all.Buildings+r.Buildings, all.Households+r.Households, all.Area+r.Area
		all.DoneEstates, all.DoneHouseholds = all.DoneEstates+r.DoneEstates, all.DoneHouseholds+r.DoneHouseholds
		all.MonthEstates, all.MonthDone = all.MonthEstates+r.MonthEstates, all.MonthDone+r.MonthDone
		stock.Bars = append(stock.Bars, document.ReportBar{Label: r.Name, Share: document.Share{Part: r.DoneHouseholds, Base: r.Households}})
	}
	for _, r := range append(rows, all) {
		stock.Rows = append(stock.Rows, []any{r.Name, r.Estates, r.Buildings, r.Households, r.Area, r.DoneEstates, r.DoneHouseholds, document.Share{Part: r.DoneHouseholds, Base: r.Households}})
	}
	stock.Note = "完成率为应改造户数累计完成率：已完成工程验收和移交的应改造小区户数除以应改造户数，向下保留两位小数。应改造小区为按摸底排查不属于政策排除、也没有不符合条件的小区；尚未排查的按房屋档案的建成年份，年份未登记的计入。图为各社区完工户数及完成率。"
	money, spent, err := s.monthlyMoney(ctx, area, month)
	if err != nil {
		return err
	}
	index := document.ReportPart{Title: "统计指标", Heads: heads("指标", "单位", "本月", "累计")}
	index.Rows = [][]any{
		{"完工小区", "个", all.MonthEstates, all.DoneEstates}, {"完工户数", "户", all.MonthDone, all.DoneHouseholds},
		{"完成投资（已支出）", "元", spent[0], spent[1]},
	}
	ledger, err := s.Projects.StatisticsOf(ctx, area.Code, month.first(), month.last())
	if err != nil {
		return err
	}
	index.Rows = append(index.Rows, []any{"开工项目", "个", ledger.StartedInMonth, ledger.Started})
	for i, h := range projects.Headings {
		index.Rows = append(index.Rows, []any{h.Label, h.Unit, "—", quantity.Amount{Hundredths: ledger.Done[i], Unit: h.Unit}})
	}
	index.Note = "开工和工程量取自项目台账，工程量为截至数据日的累计完成量，台账不按月登记，本月以“—”表示。"
	return s.write(ctx, caller, "monthly", area.Code, area.Code, document.Report{Title: month.words() + "老旧小区改造统计月报", Scope: area.Name, Parts: []document.ReportPart{stock, index, money}}, form, w)
}

func (s *Service) monthlyMoney(ctx context.Context, area model.Area, month Month) (part document.ReportPart, spent [2]quantity.Fen, err error) {
	months, err := s.Funds.Totals(ctx, funds.Filter{Area: area.Code}, funds.ByMonth)
	if err != nil {
		return part, spent, err
	}
	for _, m := range months {
		if Month(m.Key) == month {
			spent[0] += m.Out
		}
		if Month(m.Key) <= month {
			spent[1] += m.Out
		}
	}
	sums, err := s.sums(ctx, area.Code, s.now())
	if err != nil {
		return part, spent, err
	}
	part = document.ReportPart{Title: "资金（分来源，截至数据日）", Heads: heads("来源", "认缴（元）", "到账（元）", "支出（元）")}
	for _, m := range sums.Money {
		name := sourceWords[m.Source]
		if m.Source == "" {
			name = "合计"
		} else {
			part.Bars = append(part.Bars, document.ReportBar{Label: name + "到账率", Share: document.Share{Part: int64(m.Received) / 100, Base: int64(m.Pledged) / 100}})
		}
		part.Rows = append(part.Rows, []any{name, m.Pledged, m.Received, m.Spent})
	}
	part.Note = "认缴为仍然有效的认缴，不是到账；图为各来源到账（元）占认缴的比例。"
	return part, spent, nil
}

var sourceWords = map[model.Source]string{
	"cash": "居民直接出资", "hpf": "住房公积金", "maintenance_fund": "住宅专项维修资金", "common_income": "公共收益", "donation": "捐资", "in_kind": "捐物、投工投劳",
	"original_unit": "原产权单位", "social_capital": "社会资本", "pipeline_company": "管线单位", "fiscal": "财政资金",
}

// Bulletin writes how each department handled the cases filed in a month, by
// the complaints' own statistics (部门通报).
func (s *Service) Bulletin(ctx context.Context, caller model.Caller, area model.Area, month Month, form Form, w io.Writer) error {
	everywhere := caller
	everywhere.AreaCode = area.Code
	rows, err := s.Complaints.Figures(ctx, everywhere, complaints.Filter{From: month.first(), Until: month.last()}, complaints.ByDepartment)
	if err != nil {
		return err
	}
	part := document.ReportPart{Title: "诉求办理", Heads: heads("主办部门", "受理", "按期办结", "逾期", "在办", "退单", "重办", "满意", "评价数", "满意率")}
	for _, r := range rows {
		part.Rows = append(part.Rows, []any{r.Label, r.Received, r.InTime, r.Late, r.Open, r.Returned, r.Reopened, r.Satisfied, r.Rated, document.Share{Part: r.Satisfied, Base: r.Rated}})
		part.Bars = append(part.Bars, document.ReportBar{Label: r.Label + "按期办结", Share: document.Share{Part: r.InTime, Base: r.Received}})
	}
	part.Note = "按受理日期在当月的诉求统计，与“诉求统计”口径一致；满意为四星以上，基数为评价数；图为按期办结件数占受理件数的比例。"
	return s.write(ctx, caller, "departments", area.Code, area.Code, document.Report{Title: month.words() + "诉求办理情况通报", Scope: area.Name, Parts: []document.ReportPart{part}}, form, w)
}

const motionsOfEstate = funnelOf + "WHERE f.estate_id = @estate ORDER BY f.opens_at, f.motion_id"

// Consent writes where consent stands in an estate, motion by motion
// (意愿与表决汇总). Who agreed is in it after the seal alone.
func (s *Service) Consent(ctx context.Context, caller model.Caller, at *Place, form Form, w io.Writer) error {
	report, err := s.consent(ctx, at)
	if err != nil {
		return err
	}
	return s.write(ctx, caller, "consent", at.AreaCode, at.ID, report, form, w)
}

var (
	kindWords    = map[model.MotionKind]string{model.Special: "业主表决（四分之三）", model.Ordinary: "业主表决（过半数）", model.Willingness: "意愿调查"}
	statusWords  = map[model.Status]string{model.StatusScheduled: "未开始", model.StatusOpen: "进行中", model.StatusCounting: "计票中", model.StatusClosed: "已结束"}
	outcomeWords = map[string]string{string(vote.Passed): "通过", string(vote.NotPassed): "未通过", string(vote.Undetermined): "待定"}
)

func (s *Service) consent(ctx context.Context, at *Place) (document.Report, error) {
	report := document.Report{Title: "意愿与表决汇总", Scope: at.Name}
	if err := s.CatchUp(ctx); err != nil {
		return report, err
	}
	var rows []funnelRow
	if err := s.DB.Read(ctx).Raw(motionsOfEstate, map[string]any{"estate": at.ID}).Scan(&rows).Error; err != nil {
		return report, fmt.Errorf("list the motions of estate %s: %w", at.ID, err)
	}
	people := document.ReportPart{Title: "参与与同意（户数、人数）", Heads: heads("事项", "规则", "状态", "名册", "送达", "参与", "参与率", "同意", "同意率", "结果")}
	areas := document.ReportPart{Title: "参与与同意（面积，㎡）", Heads: heads("事项", "名册", "送达", "参与", "参与率", "同意", "同意率")}
	for i := range rows {
		f := rows[i].funnel(s.now())
		agreed, agreedRate, agreedArea, areaRate := any("—"), any("—"), any("—"), any("—")
		if f.Agree != nil {
			agreed, agreedRate = f.Agree.Heads, document.Share{Part: f.Agree.Heads, Base: f.Part.Heads}
			agreedArea, areaRate = f.Agree.Area, document.Share{Part: int64(f.Agree.Area), Base: int64(f.Part.Area)}
		}
		result := outcomeWords[f.Outcome]
		if result == "" {
			result = "—"
		}
		people.Rows = append(people.Rows, []any{f.Title, kindWords[f.Kind], statusWords[f.Status], f.Roll.Heads, f.Reached.Heads, f.Part.Heads, document.Share{Part: f.Part.Heads, Base: f.Roll.Heads}, agreed, agreedRate, result})
		areas.Rows = append(areas.Rows, []any{f.Title, f.Roll.Area, f.Reached.Area, f.Part.Area, document.Share{Part: int64(f.Part.Area), Base: int64(f.Roll.Area)}, agreedArea, areaRate})
		people.Bars = append(people.Bars, document.ReportBar{Label: f.Title, Share: document.Share{Part: f.Part.Heads, Base: f.Roll.Heads}})
	}
	people.Note = "同意率以参与者为基数；结果封存以前不列同意数。图为参与人数占名册的比例。"
	report.Parts = []document.ReportPart{people, areas}
	return report, nil
}
