package document

import (
	"fmt"
	"strconv"

	"gongdi/model/quantity"
)

// A line of the figures: what was counted and of what its share is taken.
type counted struct {
	name   string
	figure Figure
	base   Figure
	of     string
}

// lines are the figures in the order in which they are announced.
func (r *Result) lines() []counted {
	return []counted{
		{"名册", r.Roll, Figure{}, "—"},
		{"参与", r.Participating, r.Roll, "名册"},
		{"同意", r.Agree, r.Participating, "参与"},
		{"反对", r.Oppose, r.Participating, "参与"},
		{"弃权", r.Abstain, r.Participating, "参与"},
		{"无效", r.Invalid, r.Roll, "名册"},
	}
}

// figures is the table of the whole: heads, areas, and shares with their base.
func (r *Result) figures() table {
	if r.survey() {
		return r.surveyFigures()
	}
	t := table{columns: []column{
		{"项目", 3, centred}, {"人数（人）", 3, centred}, {"人数占比", 3, centred},
		{"面积（㎡）", 4, centred}, {"面积占比", 3, centred}, {"占比的基数", 3, centred}}}
	for _, l := range r.lines() {
		t.rows = append(t.rows, []string{l.name,
			number(l.figure.Heads), percent(l.figure.Heads, l.base.Heads),
			l.figure.Area.String(), percent(int64(l.figure.Area), int64(l.base.Area)), l.of})
	}
	return t
}

func (r *Result) surveyFigures() table {
	t := table{columns: []column{
		{"项目", 3, centred}, {"户数（户）", 3, centred}, {"占参与户数", 3, centred}, {"占全体户数", 3, centred}}}
	for _, l := range r.lines() {
		ofParticipating := "—"
		if l.of == "参与" {
			ofParticipating = percent(l.figure.Heads, r.Participating.Heads)
		}
		t.rows = append(t.rows, []string{l.name, number(l.figure.Heads), ofParticipating, percent(l.figure.Heads, r.Roll.Heads)})
	}
	return t
}

// A comparison is one of the four (in a survey two) that the rule makes.
type comparison struct {
	name, needed, reached string
	met                   bool
}

func (r *Result) comparisons() []comparison {
	if r.survey() {
		base, of := r.Participating, "参与"
		if r.AgreeOfRoll {
			base, of = r.Roll, "全体"
		}
		return []comparison{
			heads("参与户数", "户", "全体", r.Quorum, [2]Figure{r.Roll, r.Participating}),
			heads("同意户数", "户", of, r.Approval, [2]Figure{base, r.Agree}),
		}
	}
	return []comparison{
		heads("参与人数", "人", "名册", r.Quorum, [2]Figure{r.Roll, r.Participating}),
		area("参与面积", "名册", r.Quorum, [2]Figure{r.Roll, r.Participating}),
		heads("同意人数", "人", "参与", r.Approval, [2]Figure{r.Participating, r.Agree}),
		area("同意面积", "参与", r.Approval, [2]Figure{r.Participating, r.Agree}),
	}
}

// heads compares numbers: pair is the base and what was reached.
func heads(name, unit, of string, q Requirement, pair [2]Figure) comparison {
	needed := "—"
	if base := pair[0].Heads; base > 0 {
		needed = fmt.Sprintf("%s%d%s的%s，即%d%s", of, base, unit, q.Ratio, q.Ratio.least(base), unit)
	}
	return comparison{name, needed, number(pair[1].Heads) + unit, q.HeadsMet}
}

// area compares areas, to 0.01 m².
func area(name, of string, q Requirement, pair [2]Figure) comparison {
	needed := "—"
	if base := pair[0].Area; base > 0 {
		needed = fmt.Sprintf("%s%s㎡的%s，即%s㎡", of, base, q.Ratio, quantity.Area(q.Ratio.least(int64(base))))
	}
	return comparison{name, needed, pair[1].Area.String() + "㎡", q.AreaMet}
}

func met(ok bool) string {
	if ok {
		return "达到"
	}
	return "未达到"
}

// requirements is the table 「应达到 … 实际 … 达到/未达到」.
func (r *Result) requirements() table {
	t := table{columns: []column{{"比较项目", 3, centred}, {"应达到", 8, centred}, {"实际", 4, centred}, {"结论", 2, centred}}}
	for _, c := range r.comparisons() {
		t.rows = append(t.rows, []string{c.name, c.needed, c.reached, met(c.met)})
	}
	return t
}

// breakdown is the table of buildings, units or channels; the columns of the
// roll are there if any part has one.
func (r *Result) breakdown(head string, parts []Part) table {
	rolled := false
	for _, p := range parts {
		rolled = rolled || p.Roll.Heads > 0
	}
	t := table{columns: []column{{head, 4, centred}}}
	if rolled {
		t.columns = append(t.columns, column{"名册", 4, centred}, column{"参与", 4, centred}, column{"参与率", 4, centred})
	} else {
		t.columns = append(t.columns, column{"参与", 4, centred})
	}
	t.columns = append(t.columns, column{"同意", 4, centred}, column{"反对", 4, centred}, column{"弃权", 4, centred}, column{"无效", 4, centred})
	for _, p := range parts {
		row := []string{p.Label}
		if p.Withheld {
			if rolled {
				row = append(row, r.cell(p.Roll), "不公布", "—")
			} else {
				row = append(row, "不公布")
			}
			t.rows = append(t.rows, append(row, "—", "—", "—", "—"))
			continue
		}
		if rolled {
			row = append(row, r.cell(p.Roll), r.cell(p.Participating), r.rate(p))
		} else {
			row = append(row, r.cell(p.Participating))
		}
		t.rows = append(t.rows, append(row, r.cell(p.Agree), r.cell(p.Oppose), r.cell(p.Abstain), r.cell(p.Invalid)))
	}
	return t
}

// cell prints heads and, in an owners' vote, the area under them.
func (r *Result) cell(f Figure) string {
	if r.survey() {
		return number(f.Heads)
	}
	return number(f.Heads) + "\n" + f.Area.String()
}

func (r *Result) rate(p Part) string {
	rate := percent(p.Participating.Heads, p.Roll.Heads)
	if r.survey() {
		return rate
	}
	return rate + "\n" + percent(int64(p.Participating.Area), int64(p.Roll.Area))
}

func (r *Result) invalidReasons() table {
	t := table{columns: []column{{"原因", 6, flushLeft}, {"人数（人）", 2, centred}, {"面积（㎡）", 3, centred}}}
	if r.survey() {
		t.columns = []column{{"原因", 6, flushLeft}, {"户数（户）", 2, centred}}
	}
	for _, reason := range r.InvalidReasons {
		t.rows = append(t.rows, []string{reason.Label, number(reason.Heads), reason.Area.String()})
	}
	return t
}

func number(n int64) string { return strconv.FormatInt(n, 10) }
