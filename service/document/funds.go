package document

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"gongdi/model/quantity"
)

// Provenance is from when the figures of a paper are, and who made it.
type Provenance struct {
	At time.Time
	By string
}

func (p Provenance) words() string {
	return "数据截至" + instant(p.At) + "；制表：" + p.By + "。"
}

// facts are the same, one to a line.
func (p Provenance) facts() []fact { return []fact{{"数据截至", instant(p.At)}, {"制表", p.By}} }

// PledgeLine is what a pledge takes from one source, as a list has it (认缴清单).
type PledgeLine struct {
	Number                int    // of the pledge; its parts stand together
	Contributor, Owners   string // owners masked; none of another contributor
	Source, Status, Notes string
	Pledged, Received     quantity.Fen // received less what went back
	Counts                bool         // the pledge stands, and adds to the sum
	On                    quantity.Date
}

// SourceTotal is what one source comes to.
type SourceTotal struct {
	Source           string
	Pledged, In, Out quantity.Fen // pledged by pledges that stand
}

// PledgeList are the pledges to one purpose.
type PledgeList struct {
	Purpose string
	Lift    bool // a lift's pledges hang on its agreement and its vote
	Lines   []PledgeLine
	Sources []SourceTotal
	From    Provenance
}

func totalled(of []SourceTotal) (t SourceTotal) {
	for _, s := range of {
		t.Pledged, t.In, t.Out = t.Pledged+s.Pledged, t.In+s.In, t.Out+s.Out
	}
	return t
}

// Pledges writes the list of pledges: A4.
func Pledges(w io.Writer, l PledgeList) error {
	s, err := newSheet(l.Purpose + "认缴清单")
	if err != nil {
		return err
	}
	s.title(l.Purpose, "认缴清单")
	s.heading("认缴和到账")
	s.table(sourceTable(l.Sources, true))
	s.heading("各笔认缴")
	if len(l.Lines) == 0 {
		s.plain("还没有认缴。")
	}
	t := table{columns: []column{{"序号", 1.1, centred}, {"出资人", 3.5, flushLeft}, {"来源", 2.3, centred}, {"认缴（元）", 3.1, flushRight}, {"净到账（元）", 3.1, flushRight}, {"状态", 1.9, centred}, {"说明", 3.4, flushLeft}}}
	for i, p := range l.Lines {
		number, who, notes := strconv.Itoa(p.Number), p.Contributor, p.Notes
		if p.Owners != "" {
			who += "\n" + p.Owners
		}
		if i > 0 && l.Lines[i-1].Number == p.Number { // another source of the same pledge
			number, who, notes = "", "", "同上"
		}
		t.rows = append(t.rows, []string{number, who, p.Source, p.Pledged.String(), p.Received.String(), p.Status, notes})
	}
	s.table(t)
	s.note(pledgeNote)
	s.note(pledgeWords(l.Lift))
	s.note(l.From.words())
	return s.finish(w)
}

const pledgeNote = "有效认缴不含已撤回、失效、退还的认缴；净到账为到账减退还。"

// PledgeBook writes the list of pledges as .xlsx.
func PledgeBook(w io.Writer, l PledgeList) error {
	b := newBook(l.From)
	t := b.tab("认缴清单", field{"序号", 8}, field{"出资人", 30}, field{"产权人", 16}, field{"资金来源", 14}, field{"认缴（元）", 16}, field{"净到账（元）", 16}, field{"计入有效认缴", 14},
		field{"状态", 12}, field{"认缴日期", 12}, field{"说明", 30})
	received := quantity.Fen(0)
	for _, p := range l.Lines {
		t.add(int64(p.Number), p.Contributor, p.Owners, p.Source, yuan(p.Pledged), yuan(p.Received), yesNo(p.Counts), p.Status, string(p.On), p.Notes)
		received += p.Received
	}
	t.add("", "有效认缴合计", "", "", yuan(totalled(l.Sources).Pledged), yuan(received), "", "", "", pledgeNote)
	t.end()
	bySource(b, l.Sources, true)
	about(b, l.Purpose+"认缴清单", l.From, pledgeWords(l.Lift))
	return b.finish(w)
}

// pledgeWords say what a pledge binds to.
func pledgeWords(lift bool) string {
	if lift {
		return lapseWords
	}
	return "认缴是意向，到账以前可以撤回。"
}

func yesNo(yes bool) string {
	if yes {
		return "是"
	}
	return "否"
}

// sourceTable sets what each source comes to, with the sum.
func sourceTable(of []SourceTotal, pledged bool) table {
	t := table{columns: []column{{"资金来源", 3, centred}, {"有效认缴（元）", 3, flushRight}, {"收入（元）", 3, flushRight}, {"支出（元）", 3, flushRight}, {"结余（元）", 3, flushRight}}}
	sum := totalled(of)
	sum.Source = "合计"
	for _, s := range append(of[:len(of):len(of)], sum) {
		t.rows = append(t.rows, []string{s.Source, s.Pledged.String(), s.In.String(), s.Out.String(), (s.In - s.Out).String()})
	}
	if !pledged {
		t.columns = append(t.columns[:1], t.columns[2:]...)
		for i, row := range t.rows {
			t.rows[i] = append(row[:1], row[2:]...)
		}
	}
	return t
}

func bySource(b *book, of []SourceTotal, pledged bool) {
	fields := []field{{"资金来源", 16}, {"收入（元）", 18}, {"支出（元）", 18}, {"结余（元）", 18}}
	if pledged {
		fields = append(fields, field{"有效认缴（元）", 18})
	}
	t := b.tab("分来源合计", fields...)
	sum := totalled(of)
	sum.Source = "合计"
	for _, s := range append(of[:len(of):len(of)], sum) {
		row := []any{s.Source, yuan(s.In), yuan(s.Out), yuan(s.In - s.Out)}
		if pledged {
			row = append(row, yuan(s.Pledged))
		}
		t.add(row...)
	}
	t.end()
}

// about says on a sheet of its own what a workbook is, from when and by whom.
func about(b *book, name string, from Provenance, notes ...string) {
	t := b.tab("说明", field{"项目", 16}, field{"内容", 80})
	t.add("名称", name)
	t.facts(from)
	for _, n := range notes {
		t.add("注", n)
	}
	t.end()
}

// LedgerEntry is a voucher as the ledger lists it (收支台账).
type LedgerEntry struct {
	On                         quantity.Date
	Purpose                    string // where a ledger has several
	Kind, Source, Who, Note    string
	Reference                  string
	In, Out                    quantity.Fen
	Ground                     string // why the law allows it
	EnteredBy, CheckedBy, Mark string
}

// LedgerList is a ledger in the order in which it was booked.
type LedgerList struct {
	Purpose string
	Several bool // of several purposes
	Entries []LedgerEntry
	Sources []SourceTotal
	From    Provenance
}

// Ledger writes a ledger: A4.
func Ledger(w io.Writer, l LedgerList) error {
	s, err := newSheet(l.Purpose + "收支台账")
	if err != nil {
		return err
	}
	s.title(l.Purpose, "收支台账")
	s.heading("分来源合计")
	s.table(sourceTable(l.Sources, false))
	s.heading("收支明细")
	if len(l.Entries) == 0 {
		s.plain("还没有收支。")
	}
	t := table{columns: []column{{"序号", 1.3, centred}, {"日期", 2.6, centred}, {"摘要", 3.7, flushLeft}, {"凭证号", 2.3, flushLeft}, {"收入（元）", 3.2, flushRight}, {"支出（元）", 3.2, flushRight}, {"结余（元）", 3.2, flushRight}}}
	in, out := quantity.Fen(0), quantity.Fen(0)
	for i, e := range l.Entries {
		in, out = in+e.In, out+e.Out
		t.rows = append(t.rows, []string{strconv.Itoa(i + 1), string(e.On), e.summary(l.Several), e.Reference, blank(e.In), blank(e.Out), (in - out).String()})
	}
	if len(l.Entries) > 0 {
		t.rows = append(t.rows, []string{"", "", "合计", "", in.String(), out.String(), (in - out).String()})
	}
	s.table(t)
	s.note("按入账先后排列；冲销以相反方向另记一笔，原凭证注明“已冲销”，收支不抹去。")
	s.note(l.From.words())
	s.signatures(fact{"制表", ""}, fact{"复核", ""})
	return s.finish(w)
}

func blank(f quantity.Fen) string {
	if f == 0 {
		return ""
	}
	return f.String()
}

func (e *LedgerEntry) summary(several bool) string {
	text := e.Kind + "　" + e.Source
	if e.Mark != "" {
		text += "（" + e.Mark + "）"
	}
	for _, more := range []string{e.Who, e.Note, e.Ground} {
		if more != "" {
			text += "\n" + more
		}
	}
	if several {
		text += "\n" + e.Purpose
	}
	return text
}

// LedgerBook writes a ledger as .xlsx.
func LedgerBook(w io.Writer, l LedgerList) error {
	b := newBook(l.From)
	t := b.tab("收支台账", field{"序号", 8}, field{"日期", 12}, field{"项目", 30}, field{"类别", 10}, field{"资金来源", 14}, field{"出资人或收款人", 30}, field{"摘要", 30}, field{"凭证号", 20},
		field{"收入（元）", 16}, field{"支出（元）", 16}, field{"结余（元）", 16}, field{"依据", 20}, field{"备注", 12}, field{"经办", 12}, field{"复核", 12})
	in, out := quantity.Fen(0), quantity.Fen(0)
	for i, e := range l.Entries {
		in, out = in+e.In, out+e.Out
		t.add(int64(i+1), string(e.On), e.Purpose, e.Kind, e.Source, e.Who, e.Note, e.Reference, yuan(e.In), yuan(e.Out), yuan(in-out), e.Ground, e.Mark, e.EnteredBy, e.CheckedBy)
	}
	t.add("", "", "合计", "", "", "", "", "", yuan(in), yuan(out), yuan(in-out), "", "", "", "")
	t.end()
	bySource(b, l.Sources, false)
	about(b, l.Purpose+"收支台账", l.From, "按入账先后排列；冲销以相反方向另记一笔。")
	return b.finish(w)
}

// Certificate says what one contributor has pledged and paid (出资证明).
type Certificate struct {
	Number          string
	Owners          []string // or the name of another contributor
	Home            string   // empty for one without a home
	Purpose, Scheme string
	Lift            bool          // a lift's pledges hang on its agreement and its vote
	Share           *quantity.Fen // of the home after subsidy; nil where there is none
	Parts           []CertifiedPart
	Vouchers        []CertifiedVoucher
	RefundDue       quantity.Fen // of pledges that are withdrawn or have lapsed
	Issuer          string       // 社区居民委员会, 街道办事处
	On              quantity.Date
	From            Provenance
}

// CertifiedPart is what was pledged and paid from one source.
type CertifiedPart struct {
	Source            string
	Pledged, In, Back quantity.Fen
	HousingFund       bool
}

// CertifiedVoucher is money that came in or went back.
type CertifiedVoucher struct {
	On                      quantity.Date
	Kind, Source, Reference string
	Fen                     quantity.Fen
}

// Certificates writes certificates of contribution, each on pages of its own: A4.
//
// Law: 住房公积金管理条例 art. 24 (withdrawal by owners); 金府办〔2021〕140号 二(四).
func Certificates(w io.Writer, all []Certificate) error {
	name := "出资证明"
	s, err := newSheet(name)
	if err != nil {
		return err
	}
	for i := range all {
		s.fresh()
		s.own(name + "　" + all[i].Number)
		s.certificate(&all[i])
	}
	return s.finish(w)
}

func (s *sheet) certificate(c *Certificate) {
	s.title("出资证明")
	share := ""
	if c.Share != nil {
		share = c.Share.String() + " 元（扣除补贴和其他资金后）"
	}
	s.facts(breadth, fact{"编号", c.Number}, fact{"出资人", listed(c.Owners)}, fact{"房屋", c.Home}, fact{"项目", c.Purpose}, fact{"方案", c.Scheme}, fact{"本户分摊额", share})
	s.skip(6)
	sum, fund := CertifiedPart{}, false
	t := table{columns: []column{{"资金来源", 3, centred}, {"认缴（元）", 3, flushRight}, {"到账（元）", 3, flushRight}, {"退还（元）", 3, flushRight}, {"净到账（元）", 3, flushRight}}}
	for _, p := range c.Parts {
		t.rows = append(t.rows, []string{p.Source, p.Pledged.String(), p.In.String(), p.Back.String(), (p.In - p.Back).String()})
		sum.Pledged, sum.In, sum.Back = sum.Pledged+p.Pledged, sum.In+p.In, sum.Back+p.Back
		fund = fund || p.HousingFund
	}
	t.rows = append(t.rows, []string{"合计", sum.Pledged.String(), sum.In.String(), sum.Back.String(), (sum.In - sum.Back).String()})
	s.table(t)
	if len(c.Vouchers) == 0 {
		s.plain("截至出具之日没有到账登记。")
	} else {
		s.plain("到账和退还的凭证：")
		t = table{columns: []column{{"日期", 2.4, centred}, {"类别", 1.6, centred}, {"资金来源", 2.6, centred}, {"金额（元）", 3, flushRight}, {"凭证号", 5, flushLeft}}}
		for _, v := range c.Vouchers {
			t.rows = append(t.rows, []string{string(v.On), v.Kind, v.Source, v.Fen.String(), v.Reference})
		}
		s.table(t)
	}
	s.paragraph(fmt.Sprintf("兹证明上述出资人为“%s”认缴 %s 元，已到账 %s 元（已扣除退还）。", c.Purpose, sum.Pledged, sum.In-sum.Back))
	if c.RefundDue > 0 {
		s.paragraph("其中 " + c.RefundDue.String() + " 元的认缴已撤回或失效，应予退还。")
	}
	if c.Share != nil {
		words := "住房公积金的提取额以本户扣除补贴后的分摊额 " + c.Share.String() + " 元为限，限产权人，由住房公积金管理中心审定。"
		if !fund {
			words = "如提取住房公积金，" + words
		}
		s.paragraph(words)
	}
	s.note(pledgeWords(c.Lift) + "本证明不作收款凭据，涂改、未盖章无效。")
	s.note(c.From.words())
	s.signedAndSealed(c.Issuer, day(c.On), "经办人", "复核人")
}
