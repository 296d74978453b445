package document

import (
	"io"

	"gongdi/model/quantity"
)

// CaseFigures are the statistics of one part of the cases (诉求件统计).
type CaseFigures struct {
	Label                                              string
	Received, InTime, Late, Open, Returned, Reopened   int64
	CalledBack, Settled                                int64
	Satisfied, Rated /* the base */, Median, Ninetieth int64
}

// CaseStatistics writes the statistics of cases as .xlsx, a part to a row and
// the whole last; shares are rounded down, each with its base.
func CaseStatistics(w io.Writer, part string, rows []CaseFigures, from Provenance) error {
	b := newBook(from)
	t := b.tab("诉求件统计", field{part, 26}, field{"受理", 10}, field{"按期办结", 10}, field{"逾期", 10}, field{"在办", 10}, field{"退回", 10}, field{"重办", 10},
		field{"满意", 10}, field{"评价数", 10}, field{"满意率", 12}, field{"中位天数", 12}, field{"九成天数", 12}, field{"已回访", 10}, field{"应回访", 10})
	for _, r := range rows {
		t.add(r.Label, r.Received, r.InTime, r.Late, r.Open, r.Returned, r.Reopened, r.Satisfied, r.Rated, proportion{r.Satisfied, r.Rated}, r.Median, r.Ninetieth, r.CalledBack, r.Settled)
	}
	t.end()
	about(b, "诉求件统计（按"+part+"）", from, "满意为四星以上，基数为评价数；满意率向下保留两位小数。")
	return b.finish(w)
}

// MediationAgreement is what neighbours agreed to (人民调解协议书).
type MediationAgreement struct {
	Number, Place string
	HeldOn, DueOn quantity.Date // DueOn may be empty
	Present       []string      // with the part that each took
	Facts, Terms  string
}

// Mediation writes the agreement to be signed: A4.
//
// Law: 人民调解法 art. 29: parties, facts, the dispute, the agreement, how and by
// when it is kept; art. 31: it binds; art. 33: 30 days for the court's confirmation.
func Mediation(w io.Writer, m MediationAgreement) error {
	s, err := newSheet("人民调解协议书")
	if err != nil {
		return err
	}
	s.title("人民调解协议书")
	s.facts(breadth, fact{"编号", m.Number}, fact{"调解时间", day(m.HeldOn)}, fact{"调解地点", m.Place}, fact{"参加人", listed(m.Present)})
	s.heading("纠纷的主要事实、争议事项")
	s.plain(m.Facts)
	s.heading("协议内容")
	s.plain(m.Terms)
	s.heading("履行")
	if m.DueOn != "" {
		s.plain("履行期限：" + day(m.DueOn) + "。")
	}
	s.plain("本协议自各方当事人签名、盖章或者按指印，人民调解员签名并加盖人民调解委员会印章之日起生效，对当事人具有法律约束力，当事人应当按照约定履行。")
	s.note("依据《中华人民共和国人民调解法》第二十九条、第三十一条。双方当事人认为有必要的，可以自协议生效之日起三十日内共同向人民法院申请司法确认（第三十三条）。")
	s.skip(bodyLead)
	s.signatures(fact{"当事人", ""}, fact{"当事人", ""}, fact{"人民调解员", ""})
	return s.finish(w)
}

// CaseLine is a case as it is handed to the 12345 centre and kept as a list.
type CaseLine struct {
	Ticket, Number, Kind, Words, Category, Estate, Place, Department, Status string
	FiledAt, DueAt, AnsweredAt                                               string
	Answer, Rating, Overdue                                                  string
}

// CaseList writes cases as .xlsx, in the order and the selection of the list on
// the screen; the heads are those that an import knows.
func CaseList(w io.Writer, rows []CaseLine, from Provenance) error {
	b := newBook(from)
	t := b.tab("诉求件", field{"工单编号", 20}, field{"诉求编号", 12}, field{"诉求类型", 10}, field{"诉求内容", 50}, field{"分类", 16}, field{"小区", 16}, field{"地址", 20},
		field{"主办部门", 20}, field{"状态", 12}, field{"受理时间", 18}, field{"办结期限", 18}, field{"答复时间", 18}, field{"办理结果", 50}, field{"评价", 16}, field{"是否逾期", 10})
	for _, r := range rows {
		t.add(r.Ticket, r.Number, r.Kind, r.Words, r.Category, r.Estate, r.Place, r.Department, r.Status, r.FiledAt, r.DueAt, r.AnsweredAt, r.Answer, r.Rating, r.Overdue)
	}
	t.end()
	return b.finish(w)
}
