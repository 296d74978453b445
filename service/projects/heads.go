package projects

import (
	"slices"
	"strings"

	"gongdi/model/quantity"
	"gongdi/model/rule/project"
)

// head is where a column stands in a sheet (from 0), and the units that the
// names over it give.
type head struct {
	at int
	units
}

// units are what names of columns say of the numbers below.
type units struct{ tenThousand, single, percent bool }

// under are the units of a name below another; the nearer one counts.
func (u units) under(over units) units {
	if !u.tenThousand && !u.single {
		u.tenThousand, u.single = over.tenThousand, over.single
	}
	u.percent = u.percent || over.percent
	return u
}

// scale is what a number is multiplied by: 10,000 for 万元 and 万m².
func (u units) scale() int64 {
	if u.tenThousand {
		return 10_000
	}
	return 1
}

var (
	sameSigns = strings.NewReplacer("（", "(", "）", ")", "：", ":", "％", "%", "平方米", "m²", "㎡", "m²", "m2", "m²")
	unitSigns = strings.NewReplacer("(万元)", "", "(元)", "", "(%)", "", "(万m²)", "", "(m²)", "", "(户)", "", "(栋)", "", "(个)", "", "(", "", ")", "")
)

// named is how a head is compared, without blanks, brackets and units, and the
// units that it gives.
func named(head string) (string, units) {
	head = sameSigns.Replace(strings.Join(strings.Fields(head), ""))
	return unitSigns.Replace(head), units{
		tenThousand: strings.Contains(head, "万元") || strings.Contains(head, "万m²"), single: strings.Contains(head, "(元)"), percent: strings.Contains(head, "%"),
	}
}

// unitOver is the unit of money that a line above the names gives (单位：万元).
func unitOver(cells []string) units {
	line := strings.ReplaceAll(sameSigns.Replace(strings.Join(strings.Fields(strings.Join(cells, "")), "")), "人民币", "")
	return units{tenThousand: strings.Contains(line, "单位:万元"), single: strings.Contains(line, "单位:元")}
}

var numberColumn, estateColumn = columnNamed(numberHead), columnNamed(estateHead)

func columnNamed(head string) int {
	return slices.IndexFunc(columns, func(c column) bool { return c.head == head })
}

// called is the column that goes by a name; -1 for none.
func called(name string) int {
	return slices.IndexFunc(columns, func(c column) bool {
		own, _ := named(c.head)
		return own == name || slices.Contains(c.also, name)
	})
}

// columnOf is the column that a name stands for under the name of its group
// (开工 over 计划, 资金来源 over 中央); -1 for none.
func columnOf(group, name string) int {
	if name == "" {
		name, group = group, ""
	}
	if group == "" || group == name {
		return called(name)
	}
	bare := group
	for _, end := range []string{"时间", "日期", "资金"} {
		bare = strings.TrimSuffix(bare, end)
	}
	names := []string{group + name, bare + name, name + group, name + bare, name}
	switch {
	case slices.Contains([]string{"名称", "合计", "小计", "总计"}, name):
		names = append(names, group)
	case strings.Contains(group, "资金") || strings.Contains(group, "投资"):
		names = slices.Insert(names, 4, name+"资金") // 原产权单位 is a name elsewhere
	}
	for _, one := range names {
		if i := called(one); i >= 0 {
			if columns[i].money() && columns[i].read != nil && slices.ContainsFunc(spent, func(word string) bool { return strings.Contains(group, word) }) {
				return -1
			}
			return i
		}
	}
	return -1
}

// spent are words of groups whose amounts came in or went out: they are not
// what was planned.
var spent = []string{"到位", "支付", "完成", "下达"}

// ledgerReader goes through a workbook: above the names of each sheet, between
// two rows of names, and through the projects or works below.
type ledgerReader struct {
	out   *ledgerSheet
	found bool // a ledger, in any sheet

	sheet  string
	said   units    // above the names
	above  []string // the row before, or the names, with merged ranges spread
	row    int      // its number
	before int      // of out.odd, where this sheet's begin
	heads  map[int]head
	second bool // whether the names have a second row
	works  map[string]int
}

func (r *ledgerReader) take(sheet string, row int, cells, spread []string) error {
	if sheet != r.sheet {
		*r = ledgerReader{out: r.out, found: r.found, sheet: sheet, before: len(r.out.odd)}
	}
	switch {
	case r.works != nil:
		r.out.work(sheet, row, r.works, cells)
	case r.heads == nil:
		r.look(row, cells, spread)
	case row == r.row+1 && !r.second && r.isSecond(cells):
		r.second = true
		r.read(row, r.above, cells, spread)
	default:
		return r.out.add(ledgerRow{sheet, row, map[int]string{}, r.heads}, cells, spread)
	}
	return nil
}

// look takes a row for names if it can be: under those of the row before,
// unless that is a title.
func (r *ledgerReader) look(row int, cells, spread []string) {
	if r.works = worksHead(cells); r.works != nil {
		return
	}
	var groups []string
	if r.row == row-1 && len(slices.Compact(slices.DeleteFunc(slices.Clone(r.above), func(text string) bool { return text == "" }))) > 1 {
		groups = r.above
	}
	if !r.read(row, groups, cells, spread) {
		r.said = unitOver(cells).under(r.said)
	}
	r.above, r.row = spread, row
}

// isSecond reports whether the row below the names goes on with them: it names
// no project, and at least one column.
func (r *ledgerReader) isSecond(cells []string) bool {
	for _, i := range []int{numberColumn, estateColumn} {
		if at := r.heads[i].at; at < len(cells) && strings.TrimSpace(cells[at]) != "" {
			return false
		}
	}
	for at, text := range cells {
		name, _ := named(text)
		group, _ := named(textAt(r.above, at))
		if name != "" && columnOf(group, name) >= 0 {
			return true
		}
	}
	return false
}

func textAt(cells []string, at int) string {
	if at < len(cells) {
		return cells[at]
	}
	return ""
}

// read finds the columns of a row of names under their groups; one without the
// number and the estate is none.
func (r *ledgerReader) read(row int, groups, cells, spread []string) bool {
	found, odd := map[int]head{}, []Finding(nil)
	for at := range max(len(groups), len(spread)) {
		over, text := textAt(groups, at), textAt(spread, at)
		if at > 0 && textAt(cells, at) == "" && text == textAt(spread, at-1) && over == textAt(groups, at-1) {
			continue // the same merged range
		}
		group, wider := named(over)
		name, own := named(text)
		label := strings.Trim(strings.Join(slices.Compact([]string{over, text}), "／"), "／")
		i := columnOf(group, name)
		if _, again := found[i]; i < 0 || again {
			if label != "" && label != "序号" {
				odd = append(odd, Finding{r.sheet, label, "column_unknown", "没有这一列，未录入", row})
			}
			continue
		}
		h := head{at, own}
		if columns[i].money() {
			if h.units = own.under(wider).under(r.said); columns[i].read != nil && !h.tenThousand && !h.single {
				odd = append(odd, Finding{r.sheet, label, "unit_assumed", "没有写明单位，按元读取", row})
			}
		}
		h.percent = h.percent || wider.percent
		found[i] = h
	}
	_, numbered := found[numberColumn]
	if _, named := found[estateColumn]; !numbered || !named {
		return false
	}
	r.heads, r.found = found, true
	r.out.odd = append(r.out.odd[:r.before], odd...)
	return true
}

// isSum reports whether a cell names a row of sums.
func isSum(text string) bool {
	return slices.Contains([]string{"合计", "总计", "小计"}, strings.Join(strings.Fields(text), ""))
}

// shows reports whether a cell says what the ledger shows there.
func shows(text string, value any) bool {
	hundredths := func(n int64) bool {
		read, err := project.Hundredths(text, 1)
		return err == nil && read == n
	}
	switch v := value.(type) {
	case quantity.Fen:
		return hundredths(int64(v))
	case int64:
		return hundredths(v * 100)
	case string:
		return text == v
	}
	return false
}
