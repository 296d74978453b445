package document

import (
	"fmt"
	"io"
	"strings"
	"time"

	"gongdi/model/quantity"
)

// PublicityStatement is what is said about a publicity period that is over
// (公示情况说明). It names no objector.
type PublicityStatement struct {
	Title, Audience                  string
	Days                             int
	BeginsOn, EndsOn                 quantity.Date
	Versions                         []PublicVersion
	Postings                         []PublicPosting
	Homes, Read, Confirmed, InPerson int64
	Objections                       []PublicObjection
	Suggestions                      []PublicSuggestion
	From                             Provenance
}

// PublicVersion is a version of what was publicised.
type PublicVersion struct {
	Number   int
	BeginsOn quantity.Date
	Reason   string
}

// PublicPosting is where a sheet hung, and how many pictures show it.
type PublicPosting struct {
	On       quantity.Date
	Place    string
	Version  int
	Pictures int
}

// PublicObjection is an objection and what became of it.
type PublicObjection struct {
	At                    time.Time
	Text, Status, Outcome string
}

// PublicSuggestion is a suggestion and its answer.
type PublicSuggestion struct {
	Text, Status, Answer string
}

// Statement writes what came of a publicity period: A4, to be filed.
func Statement(w io.Writer, p PublicityStatement) error {
	p.Title = strings.TrimSuffix(p.Title, "公示")
	s, err := newSheet(p.Title + "公示情况说明")
	if err != nil {
		return fmt.Errorf("write a publicity statement: %w", err)
	}
	s.title(p.Title, "公示情况说明")
	s.heading("公示的时间和范围")
	s.facts(breadth,
		fact{"公示范围", p.Audience},
		fact{"公示期", fmt.Sprintf("%s至%s，公示 %d 日（首日不计，末日为法定休假日的顺延）", day(p.BeginsOn), day(p.EndsOn), p.Days)},
		fact{"知晓情况", fmt.Sprintf("共 %d 户，已读 %d 户，确认 %d 户，当面告知 %d 户", p.Homes, p.Read, p.Confirmed, p.InPerson)})
	if len(p.Versions) > 1 {
		s.heading("公示期间的重要修改")
		t := table{columns: []column{{"版本", 1, centred}, {"起算日", 2, centred}, {"修改理由", 5, flushLeft}}}
		for _, v := range p.Versions {
			t.rows = append(t.rows, []string{fmt.Sprint(v.Number), day(v.BeginsOn), v.Reason})
		}
		s.table(t)
		s.note("每次重要修改后，公示期重新计算。")
	}
	s.postings(p.Postings)
	s.heading("异议及处理")
	if len(p.Objections) == 0 {
		s.plain("公示期内没有收到书面异议。")
	} else {
		t := table{columns: []column{{"序号", 1, centred}, {"提出时间", 3, centred}, {"异议内容", 6, flushLeft}, {"结果", 2, centred}, {"处理说明", 5, flushLeft}}}
		for i, o := range p.Objections {
			t.rows = append(t.rows, []string{fmt.Sprint(i + 1), instant(o.At), o.Text, o.Status, o.Outcome})
		}
		s.table(t)
	}
	s.heading("意见建议及采纳情况")
	if len(p.Suggestions) == 0 {
		s.plain("公示期内没有收到意见建议。")
	} else {
		t := table{columns: []column{{"序号", 1, centred}, {"意见建议", 6, flushLeft}, {"结果", 2, centred}, {"答复", 6, flushLeft}}}
		for i, g := range p.Suggestions {
			t.rows = append(t.rows, []string{fmt.Sprint(i + 1), g.Text, g.Status, g.Answer})
		}
		s.table(t)
	}
	s.need(5 * bodyLead)
	s.note(p.From.words())
	s.skip(bodyLead / 2)
	s.signatures(fact{"经办人", ""}, fact{"负责人", ""})
	return s.finish(w)
}

func (s *sheet) postings(of []PublicPosting) {
	if len(of) == 0 {
		return
	}
	s.heading("现场张贴")
	t := table{columns: []column{{"序号", 1, centred}, {"张贴日期", 3, centred}, {"地点", 6, flushLeft}, {"版本", 1, centred}, {"照片", 2, centred}}}
	for i, g := range of {
		t.rows = append(t.rows, []string{fmt.Sprint(i + 1), day(g.On), g.Place, fmt.Sprint(g.Version), fmt.Sprintf("%d 张", g.Pictures)})
	}
	s.table(t)
	s.note("照片存于系统，与本说明一并归档。")
}
