package document

import (
	"fmt"
	"io"
	"time"

	"gongdi/model/quantity"
)

// Assessment is a frozen table of a period (考核通报). Scores and points are in
// 0.01 point, shares in 0.01 per cent.
type Assessment struct {
	Period, Issuer, Reason string
	Author                 string
	From, Until, Day       quantity.Date
	AsOf                   time.Time
	Version, Ranked        int
	Units                  []AssessedUnit // in the order of their places
}

// AssessedUnit is one unit's line.
type AssessedUnit struct {
	Place     int // 0 for a unit without data
	Name      string
	Community bool
	Score     int64
	Measured  int64
	Marks     []AssessedMark
	Items     []AssessedItem
}

// AssessedMark is what one indicator gives, and what it was counted from.
type AssessedMark struct {
	Label, NumLabel, DenLabel                  string
	Weight, Num, Den /* 0: no data */, Percent int64
	Score                                      int64
}

// AssessedItem was entered by hand.
type AssessedItem struct {
	Points int64
	Reason string
}

func points(hundredths int64) string {
	sign := ""
	if hundredths < 0 {
		sign, hundredths = "-", -hundredths
	}
	return fmt.Sprintf("%s%d.%02d", sign, hundredths/100, hundredths%100)
}

// AssessmentBulletin writes a circular: A4, to be sealed and sent round.
//
// Law: 金府办〔2021〕140号 五(五), 「采取平时督导和定期考核相结合」、「考评通报」.
func AssessmentBulletin(w io.Writer, a Assessment) error {
	s, err := newSheet(a.Period + "老旧小区改造工作考核通报")
	if err != nil {
		return fmt.Errorf("write an assessment: %w", err)
	}
	s.title("老旧小区改造工作考核通报", "（"+a.Period+"）")
	s.facts(breadth,
		fact{"考核期", day(a.From) + "至" + day(a.Until)},
		fact{"参评单位", fmt.Sprintf("%d 个，其中 %d 个有数据并参加排名", len(a.Units), a.Ranked)},
		fact{"数据截至", instant(a.AsOf)},
		fact{"制表", a.Author},
		fact{"版次", edition(a)})
	s.heading("得分和名次")
	s.table(placesTable(a.Units))
	s.note("满分100分。名次按得分由高到低，得分相同的名次相同；没有任何数据的单位不参加排名。「有数据权重」是该单位本期有数据的指标的权重合计：没有数据的指标不计分，不视为满分。")
	for _, part := range []struct {
		name      string
		community bool
	}{{"社区各项指标", true}, {"部门、单位各项指标", false}} {
		t, labels := marksTable(a.Units, part.community)
		if len(t.rows) == 0 {
			continue
		}
		s.heading(part.name)
		s.table(t)
		for _, label := range labels {
			s.note(label)
		}
	}
	s.items(a.Units)
	s.endingSealed("各项得分＝权重×分子÷分母，四舍五入到0.01分；百分率向下取到0.01%。依据：金府办〔2021〕140号 五（五）。指标、权重和加减分由街道、县确定。", a.Issuer, day(a.Day))
	return s.finish(w)
}

func edition(a Assessment) string {
	if a.Version == 1 {
		return "第1版"
	}
	return fmt.Sprintf("第%d版，重新定稿的理由：%s", a.Version, a.Reason)
}

func placesTable(units []AssessedUnit) table {
	t := table{columns: []column{{"名次", 2, centred}, {"单位", 8, flushLeft}, {"类别", 3, centred}, {"得分", 3, centred}, {"有数据权重", 3, centred}}}
	for _, u := range units {
		place, kind, score := fmt.Sprint(u.Place), "部门", points(u.Score)
		if u.Place == 0 {
			place, score = "不排名", "无数据"
		}
		if u.Community {
			kind = "社区"
		}
		t.rows = append(t.rows, []string{place, u.Name, kind, score, fmt.Sprint(u.Measured)})
	}
	return t
}

// marksTable sets a kind's units against its indicators, numbered; the labels
// say what each number stands for. A unit without data is left out.
func marksTable(units []AssessedUnit, community bool) (t table, labels []string) {
	for _, u := range units {
		if u.Community != community || u.Place == 0 {
			continue
		}
		if t.columns == nil {
			t.columns = []column{{"单位", 4, flushLeft}}
			for i, m := range u.Marks {
				t.columns = append(t.columns, column{fmt.Sprintf("指标%d\n%d分", i+1, m.Weight), 3, centred})
				labels = append(labels, fmt.Sprintf("指标%d：%s＝%s ÷ %s", i+1, m.Label, m.NumLabel, m.DenLabel))
			}
		}
		row := []string{u.Name}
		for _, m := range u.Marks {
			if m.Den == 0 {
				row = append(row, "无数据")
				continue
			}
			row = append(row, fmt.Sprintf("%s分 %d/%d", points(m.Score), m.Num, m.Den))
		}
		t.rows = append(t.rows, row)
	}
	return t, labels
}

func (s *sheet) items(units []AssessedUnit) {
	t := table{columns: []column{{"单位", 4, flushLeft}, {"加减分", 2, centred}, {"理由", 9, flushLeft}}}
	for _, u := range units {
		for _, i := range u.Items {
			t.rows = append(t.rows, []string{u.Name, points(i.Points), i.Reason})
		}
	}
	if len(t.rows) > 0 {
		s.heading("加减分")
		s.table(t)
	}
}
