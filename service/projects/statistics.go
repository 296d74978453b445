package projects

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gongdi/model"
	"gongdi/model/quantity"
)

// Heading is one of the national releases' figures of works (住建月报).
type Heading struct {
	Label, Unit string
	words       []string // any of them in the item's name
	units       []string // the units in which it is counted
}

// Headings are the figures of works in the order of the releases. Pipes may be
// entered in metres; they are counted in kilometres.
var Headings = []Heading{
	{"改造管线", "公里", []string{"管线", "管网", "管道"}, []string{"公里", "千米", "km", metres}},
	{"加装电梯", "部", []string{"电梯"}, []string{"部", "台"}},
	{"新增停车位", "个", []string{"停车", "车位"}, []string{"个"}},
	{"新增充电桩", "个", []string{"充电"}, []string{"个", "台"}},
	{"新增服务设施", "处", []string{"服务", "养老", "托育", "托幼", "助餐", "卫生"}, []string{"处", "个"}},
	{"节能改造面积", "㎡", []string{"节能", "保温"}, []string{"㎡", "m²", "平方米"}},
}

const metres = "米"

// Statistics are what the ledger of an area says up to a day.
type Statistics struct {
	Started, StartedInMonth int64
	Done                    []int64 // by heading, in hundredths of its unit, as the ledger stands
}

const (
	startsIn = `SELECT COUNT(*) AS started, COALESCE(SUM(CASE WHEN d.actual >= @first THEN 1 ELSE 0 END), 0) AS started_in_month
FROM projects p JOIN project_dates d ON d.project_id = p.id
WHERE p.area_code LIKE @area AND d.milestone = @milestone AND d.actual <> '' AND d.actual <= @last`
	worksIn = `SELECT w.item, w.unit, SUM(w.done) AS done FROM project_works w JOIN projects p ON p.id = w.project_id
WHERE p.area_code LIKE @area AND w.done > 0 GROUP BY w.item, w.unit`
)

// StatisticsOf counts the starts of an area until a day, those since the first
// of its month apart, and adds up the works done under each heading.
func (s *Service) StatisticsOf(ctx context.Context, areaCode string, first, last quantity.Date) (Statistics, error) {
	out := Statistics{Done: make([]int64, len(Headings))}
	db, values := s.DB.Read(ctx), map[string]any{"area": areaCode + "%", "first": first, "last": last, "milestone": model.Started}
	var starts struct{ Started, StartedInMonth int64 }
	if err := db.Raw(startsIn, values).Scan(&starts).Error; err != nil {
		return out, fmt.Errorf("count the starts of area %s: %w", areaCode, err)
	}
	out.Started, out.StartedInMonth = starts.Started, starts.StartedInMonth
	var works []model.ProjectWork
	if err := db.Raw(worksIn, values).Scan(&works).Error; err != nil {
		return out, fmt.Errorf("add up the works of area %s: %w", areaCode, err)
	}
	short := make([]int64, len(Headings)) // metres, put together before they are rounded down
	for _, w := range works {
		i := headingOf(w.Item, w.Unit)
		switch {
		case i < 0:
		case w.Unit == metres:
			short[i] += w.Done
		default:
			out.Done[i] += w.Done
		}
	}
	for i, done := range short {
		out.Done[i] += done / 1000
	}
	return out, nil
}

// headingOf is the first heading that a line of works belongs under; -1 for none.
func headingOf(item, unit string) int {
	for i, h := range Headings {
		if slices.ContainsFunc(h.words, func(word string) bool { return strings.Contains(item, word) }) &&
			slices.ContainsFunc(h.units, func(u string) bool { return strings.EqualFold(u, unit) }) {
			return i
		}
	}
	return -1
}
