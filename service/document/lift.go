package document

import (
	"fmt"
	"io"
	"time"

	"gongdi/model/quantity"
)

// LiftPaper is one version of a variant of a lift, as it is printed. It names
// homes and no persons.
type LiftPaper struct {
	Unit, Title                        string
	Version                            int
	Digest                             string
	WrittenAt                          time.Time
	Withdrawn                          bool
	Items                              []LiftItem
	Cost, Compensation, Subsidy, Other quantity.Fen
	ToShare, Yearly                    quantity.Fen
	Sharing                            string
	Homes                              []LiftHome
}

// LiftItem is one line of the cost.
type LiftItem struct {
	Name string
	Fen  quantity.Fen
}

// LiftHome is one home of the stairwell.
type LiftHome struct {
	Label                     string
	Floor                     *int
	Area                      *quantity.Area
	Joins                     bool
	Weight                    string
	Fen, Yearly, Compensation quantity.Fen
	Occupied, Organisation    bool
	SignedOn                  quantity.Date // empty until it is signed
	OnPhone                   bool
}

// lapseWords are printed on every paper that somebody signs or pledges on.
const lapseWords = "认缴是意向，签署本版协议后生效；表决未通过、方案变更或条件未满足即自动失效。"

// LiftAgreement writes the agreement on who pays what (费用分摊协议).
//
// Law: what it contains follows 济南市既有住宅增设电梯规定 arts 10, 15–18; it binds
// by signature only, Civil Code art. 283 makes nobody a debtor of a lift.
func LiftAgreement(w io.Writer, p LiftPaper) error {
	s, err := p.sheet("加装电梯费用分摊协议")
	if err != nil {
		return err
	}
	s.heading("方案和概算")
	s.facts(breadth, fact{"单元", p.Unit}, fact{"方案", fmt.Sprintf("%s（第 %d 版，%s编制）", p.Title, p.Version, day(quantity.DateOf(p.WrittenAt)))})
	s.table(p.bill())
	s.heading("分摊办法和各户出资")
	s.paragraph(p.Sharing + "分摊。楼层为入口以上的自然楼层。各户出资如下：")
	s.table(p.shares())
	s.heading("约定")
	for i, words := range p.clauses() {
		s.paragraph(fmt.Sprintf("%d. %s", i+1, words))
	}
	s.heading("签署和生效")
	s.paragraph(lapseWords)
	s.paragraph("本协议只约束签署本版的住户；方案有修改的，须重新签署。单位产权的房屋由产权单位书面签署并盖章。各户签署见签字表。")
	s.note("本版摘要（SHA-256）：" + p.Digest)
	s.signatures(fact{"受委托的建设单位（实施主体）", ""}, fact{"见证（居民委员会）", ""})
	return s.finish(w)
}

// bill is how the amount that is shared comes about.
func (p LiftPaper) bill() table {
	t := table{columns: []column{{"项目", 5, flushLeft}, {"金额（元）", 3, flushRight}}}
	for _, item := range p.Items {
		t.rows = append(t.rows, []string{item.Name, item.Fen.String()})
	}
	t.rows = append(t.rows, []string{"造价合计", p.Cost.String()}, []string{"加：低层住户补偿", p.Compensation.String()},
		[]string{"减：财政补贴（使用登记后拨付，以主管部门核定为准）", p.Subsidy.String()}, []string{"减：其他资金", p.Other.String()}, []string{"由出资各户分摊", p.ToShare.String()})
	return t
}

func (p LiftPaper) sheet(name string) (*sheet, error) {
	s, err := newSheet(p.Unit + name)
	if err != nil {
		return nil, fmt.Errorf("write a lift's paper: %w", err)
	}
	s.title(p.Unit, name)
	if p.Withdrawn {
		s.verdict("本方案已经撤回，本协议不得签署")
	}
	return s, nil
}

func (p LiftPaper) shares() table {
	t := table{columns: []column{{"房屋", 4, flushLeft}, {"楼层", 1.2, centred}, {"面积（m²）", 2, centred}, {"权重", 2.2, flushRight}, {"出资（元）", 2.6, flushRight}, {"年运行费（元）", 2.6, flushRight}}}
	sum, yearly := quantity.Fen(0), quantity.Fen(0)
	for _, h := range p.Homes {
		area, weight := "—", h.Weight
		if h.Area != nil {
			area = h.Area.String()
		}
		if !h.Joins {
			weight = "不参加"
		}
		t.rows = append(t.rows, []string{h.Label, storey(h.Floor), area, weight, h.Fen.String(), h.Yearly.String()})
		sum, yearly = sum+h.Fen, yearly+h.Yearly
	}
	t.rows = append(t.rows, []string{"合计", "", "", "", sum.String(), yearly.String()})
	return t
}

func storey(floor *int) string {
	if floor == nil {
		return "—"
	}
	return fmt.Sprint(*floor)
}

// clauses are what such an agreement must settle beside the money.
func (p LiftPaper) clauses() []string {
	var occupied []string
	for _, h := range p.Homes {
		if h.Occupied {
			occupied = append(occupied, h.Label)
		}
	}
	out := []string{
		"电梯由出资各户按出资比例共有；房屋转让的，份额随房屋一并转让，受让人承继本协议。",
		"出资各户委托实施主体办理设计、报建、施工、安装告知、监督检验、验收和使用登记，款项存入共管账户，收支向各户公开。",
		"运行、维护、电费、保险、年检和大修费用按本协议所列比例分担；使用管理人由出资各户另行委托，未委托的由各户共同承担使用单位责任。",
		"未参加的住户以后要求使用的，按自始参加计算出资，所缴款项退还先前出资各户，并分担此后的运行费用。",
		"低层住户的补偿见补偿清单，从所筹款项中支付。",
		"因本协议发生争议的，先协商，或者由居民委员会、街道调解；不成的，向人民法院起诉。",
	}
	if len(occupied) > 0 {
		out = append(out, "下列房屋的专有部分被占用，须经其产权人单独书面同意："+listed(occupied)+"。")
	}
	return out
}

// LiftShares writes what each home pays under a version (分摊表): A4.
func LiftShares(w io.Writer, p LiftPaper, from Provenance) error {
	s, err := p.sheet("加装电梯费用分摊表")
	if err != nil {
		return err
	}
	s.facts(breadth, fact{"方案", fmt.Sprintf("%s（第 %d 版，%s编制）", p.Title, p.Version, day(quantity.DateOf(p.WrittenAt)))}, fact{"分摊办法", p.Sharing})
	s.heading("概算")
	s.table(p.bill())
	s.heading("各户出资")
	s.table(p.shares())
	s.note("楼层为入口以上的自然楼层。各户出资合计等于由出资各户分摊的总额，尾差按最大余额法分到各户。")
	s.note(lapseWords)
	s.note("本版摘要（SHA-256）：" + p.Digest)
	s.note(from.words())
	s.signatures(fact{"制表", ""}, fact{"复核", ""})
	return s.finish(w)
}

// LiftSharesBook writes what each home pays under a version as .xlsx.
func LiftSharesBook(w io.Writer, p LiftPaper, from Provenance) error {
	b := newBook(from)
	t := b.tab("费用分摊表", field{"房屋", 24}, field{"楼层", 8}, field{"面积（㎡）", 12}, field{"参加", 8}, field{"权重", 14}, field{"出资（元）", 16}, field{"年运行费（元）", 16}, field{"补偿（元）", 16}, field{"签署协议", 14})
	sum := LiftHome{}
	for _, h := range p.Homes {
		area := any("—")
		if h.Area != nil {
			area = squareMetres(*h.Area)
		}
		signed := string(h.SignedOn)
		if signed == "" {
			signed = "未签署"
		}
		t.add(h.Label, storey(h.Floor), area, yesNo(h.Joins), h.Weight, yuan(h.Fen), yuan(h.Yearly), yuan(h.Compensation), signed)
		sum.Fen, sum.Yearly, sum.Compensation = sum.Fen+h.Fen, sum.Yearly+h.Yearly, sum.Compensation+h.Compensation
	}
	t.add("合计", "", "", "", "", yuan(sum.Fen), yuan(sum.Yearly), yuan(sum.Compensation), "")
	t.end()
	t = b.tab("概算", field{"项目", 50}, field{"金额（元）", 18})
	for _, item := range p.Items {
		t.add(item.Name, yuan(item.Fen))
	}
	t.add("造价合计", yuan(p.Cost))
	t.add("加：低层住户补偿", yuan(p.Compensation))
	t.add("减：财政补贴（使用登记后拨付，以主管部门核定为准）", yuan(p.Subsidy))
	t.add("减：其他资金", yuan(p.Other))
	t.add("由出资各户分摊", yuan(p.ToShare))
	t.end()
	about(b, fmt.Sprintf("%s加装电梯费用分摊表：%s（第 %d 版）", p.Unit, p.Title, p.Version), from, "分摊办法："+p.Sharing, lapseWords, "本版摘要（SHA-256）："+p.Digest)
	return b.finish(w)
}

// LiftCompensation writes who is compensated by how much (补偿清单).
func LiftCompensation(w io.Writer, p LiftPaper) error {
	s, err := p.sheet("加装电梯补偿清单")
	if err != nil {
		return err
	}
	s.facts(breadth, fact{"方案", fmt.Sprintf("%s（第 %d 版）", p.Title, p.Version)}, fact{"补偿总额", p.Compensation.String() + " 元"})
	s.skip(6)
	t := table{columns: []column{{"房屋", 4, flushLeft}, {"楼层", 1, centred}, {"补偿（元）", 3, flushRight}, {"产权人签收", 4, centred}, {"日期", 2, centred}}}
	named := quantity.Fen(0)
	for _, h := range p.Homes {
		if h.Compensation > 0 {
			t.rows = append(t.rows, []string{h.Label, storey(h.Floor), h.Compensation.String(), "\n", ""})
			named += h.Compensation
		}
	}
	switch {
	case len(t.rows) > 0:
		t.rows = append(t.rows, []string{"合计", "", named.String(), "", ""})
		s.table(t)
	case p.Compensation > 0:
		s.plain("补偿总额尚未分到各户。")
	default:
		s.plain("本方案没有补偿。")
	}
	s.paragraph("补偿由各方协商确定，从所筹款项中支付，在施工前付清；领取补偿不影响以后按自始参加计算出资、加入使用。")
	s.paragraph(lapseWords)
	s.signatures(fact{"经办人", ""}, fact{"见证（居民委员会）", ""})
	return s.finish(w)
}

// LiftSignatures writes the sheet that homes sign on (签字表). Who has signed on
// the phone stands as such.
func LiftSignatures(w io.Writer, p LiftPaper) error {
	s, err := p.sheet("加装电梯费用分摊协议签字表")
	if err != nil {
		return err
	}
	s.facts(breadth, fact{"方案", fmt.Sprintf("%s（第 %d 版）", p.Title, p.Version)}, fact{"分摊总额", p.ToShare.String() + " 元"})
	s.paragraph("本户已阅读第 " + fmt.Sprint(p.Version) + " 版《加装电梯费用分摊协议》，同意按下列金额出资。" + lapseWords)
	t := table{columns: []column{{"房屋", 4, flushLeft}, {"出资（元）", 2.4, flushRight}, {"产权人签名（单位盖章）", 4.4, centred}, {"日期", 2.6, centred}}}
	for _, h := range p.Homes {
		sign, on := "\n", ""
		switch {
		case h.SignedOn != "" && h.OnPhone:
			sign, on = "已在手机上签署", day(h.SignedOn)
		case h.SignedOn != "":
			sign, on = "已书面签署", day(h.SignedOn)
		case h.Organisation:
			sign = "（单位产权，须盖章）\n"
		case !h.Joins:
			sign = "（不参加）"
		case h.Fen == 0:
			sign = "（不出资）\n"
		}
		t.rows = append(t.rows, []string{h.Label, h.Fen.String(), sign, on})
	}
	t.rows = append(t.rows, []string{"合计", p.ToShare.String(), "", ""})
	s.table(t)
	s.note("本版摘要（SHA-256）：" + p.Digest)
	s.signatures(fact{"收集人", ""}, fact{"见证人", ""})
	return s.finish(w)
}
