package document

import (
	"io"
	"strings"
	"time"

	"gongdi/model/quantity"
)

// Papers are ballots to be printed, one for each voter (表决票、征询意见表): the
// motions that stand on them, and the voters in walking order.
type Papers struct {
	Estate, Convener string
	Privacy          string // the line on what is kept, and why
	Motions          []PaperMotion
	Voters           []PaperVoter
}

// PaperMotion is one question on a paper.
type PaperMotion struct {
	Kind        Kind
	Title, Text string
	Items       []string
	Closes      time.Time
	Form        *PaperForm // nil for none
}

// PaperVoter is whom a paper is for.
type PaperVoter struct {
	Code           string // that a clerk types or scans
	Building, Unit string
	Homes          []PaperHome
	Owners         []string
	Area           quantity.Area
}

// PaperHome is one of the homes that a voter stands for; nil where its area is
// not known.
type PaperHome struct {
	Label string
	Area  *quantity.Area
}

func (v *PaperVoter) labels() []string {
	labels := make([]string, 0, len(v.Homes))
	for _, h := range v.Homes {
		labels = append(labels, h.Label)
	}
	return labels
}

// homes names the homes, each with its area where there are several.
func (v *PaperVoter) homes() string {
	if len(v.Homes) < 2 {
		return listed(v.labels())
	}
	phrases := make([]string, 0, len(v.Homes))
	for _, h := range v.Homes {
		area := "面积不详"
		if h.Area != nil {
			area = h.Area.String() + "㎡"
		}
		phrases = append(phrases, h.Label+"（"+area+"）")
	}
	if len(phrases) <= homesInLines {
		return strings.Join(phrases, "\n")
	}
	return listed(phrases)
}

// homesInLines is how many homes stand in a line each; more run on.
const homesInLines = 8

func (v *PaperVoter) area() string {
	text := v.Area.String() + " 平方米"
	if len(v.Homes) > 1 {
		return "合计 " + text
	}
	return text
}

// BallotPapers writes the papers, a list to sign before each stairwell's. It is
// A4, to be printed on one side.
func BallotPapers(w io.Writer, p Papers) error {
	name := p.Estate + p.kind()
	s, err := newSheet(name)
	if err != nil {
		return err
	}
	for i := range p.Voters {
		v := &p.Voters[i]
		if i == 0 || v.Building != p.Voters[i-1].Building || v.Unit != p.Voters[i-1].Unit {
			s.fresh()
			s.own(p.Estate + v.Building + v.Unit + p.kind() + "签名表")
			s.signatureList(p, v.Building, v.Unit)
		}
		s.fresh()
		s.own(p.Estate + p.kind() + "　" + v.Code)
		s.ballot(p, v)
	}
	return s.finish(w)
}

func (p Papers) survey() bool { return len(p.Motions) > 0 && p.Motions[0].Kind == Willingness }

func (p Papers) kind() string {
	if p.survey() {
		return "征询意见表"
	}
	return "表决票"
}

// fresh begins a page unless this one is empty.
func (s *sheet) fresh() {
	if s.y > top {
		s.newPage()
	}
	s.section, s.part = 0, 0
}

func (s *sheet) signatureList(p Papers, building, unit string) {
	s.title(p.Estate+building+unit, p.kind()+"领取、交回签名表")
	t := table{columns: []column{
		{"序号", 12, centred}, {"房屋", 30, flushLeft}, {"产权人", 30, flushLeft}, {"编号", 42, centred},
		{"领取签名、日期", 34, flushLeft}, {"交回签名、日期", 34, flushLeft},
	}}
	for _, v := range p.Voters {
		if v.Building == building && v.Unit == unit {
			t.rows = append(t.rows, []string{
				number(int64(len(t.rows) + 1)), listed(v.labels()), listed(v.Owners), v.Code, "\n", "",
			})
		}
	}
	s.table(t)
	s.note("本表随" + p.kind() + "一并保存，证明已经送达。经办人、见证人请在末页签名。")
	s.signatures(fact{"经办人", ""}, fact{"见证人", ""})
}

func (s *sheet) ballot(p Papers, v *PaperVoter) {
	s.title(p.Estate, p.kind())
	s.beside(v.Code, v.Code, func(width float64) {
		s.facts(width,
			fact{"房屋", v.homes()}, fact{"产权人", orUnknown(listed(v.Owners))},
			fact{"专有部分面积", v.area()}, fact{"交回截止", instant(p.earliest())}, fact{"召集人", p.Convener})
	})
	for _, m := range p.Motions {
		s.heading(m.Title)
		page := s.pages
		s.paragraph(m.Text)
		s.need(bodyLead * 4)
		if s.pages > page { // nobody ticks a box without its question
			s.plain("（接上页）" + m.Title)
		}
		s.skip(6)
		s.plain("☐ 同意　　　　☐ 反对　　　　☐ 弃权　　　（只选一项，打√）")
		if len(m.Items) > 0 {
			s.plain("希望改造的内容（可多选）：")
			var items strings.Builder
			for _, item := range m.Items {
				items.WriteString("☐ " + item + "　　")
			}
			s.plain(items.String())
		}
		if m.Form != nil {
			s.form(*m.Form)
		}
	}
	s.skip(bodyLead / 2)
	s.need(s.noteHeight(p.instructions()) + 4 + signingHeight) // nobody signs under nothing
	s.note(p.instructions())
	s.skip(4)
	s.whole(signingHeight)
	s.table(table{
		columns: []column{
			{"产权人签名", 30, flushLeft}, {"代理人签名（附授权委托书）", 44, flushLeft}, {"监护人签名（未成年人等）", 42, flushLeft}, {"签署日期", 29, centred},
		},
		rows: [][]string{{"\n", "", "", "\n年　　月　　日"}},
	})
	s.note("经办人：＿＿＿＿＿＿　　见证人：＿＿＿＿＿＿　　收到时间：＿＿＿＿＿＿＿＿")
	s.note(p.Privacy)
}

// signingHeight is what the places to sign take with the lines under them.
const signingHeight = 104.0

func (p Papers) earliest() time.Time {
	var at time.Time
	for _, m := range p.Motions {
		if at.IsZero() || m.Closes.Before(at) {
			at = m.Closes
		}
	}
	return at
}

func (p Papers) instructions() string {
	lines := []string{
		"须由产权人本人签名并写明日期；共有的房屋由一名共有人签名即可，一户（一名产权人）只计一票。",
		"未签名、多选或涂改不清、无授权代签、逾期交回的，按无效处理。已在手机上提交且与本表不一致的，以手机为准，直到本人确认。",
		"委托他人签名的，须附载明代理人姓名、代理事项、权限和期限并由委托人签名的授权委托书（《民法典》第一百六十五条）。",
	}
	if p.survey() {
		lines[0] = "每户填写一份；产权人、承租人或家庭成员均可填写，产权人的意见优先。须签名并写明日期。"
	}
	return "填写说明：" + strings.Join(lines, "")
}

func orUnknown(text string) string {
	if text == "" {
		return "（登记不详，请填写）"
	}
	return text
}
