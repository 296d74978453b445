package document

import (
	"fmt"
	"strings"
)

// remarks lists what may be asked about: ballots that did not count and homes
// whose data are incomplete.
func (a *announcement) remarks() {
	r := a.r
	if len(r.InvalidReasons)+len(r.Incomplete)+len(r.Conflicts)+len(r.Unconfirmed)+len(r.Contested)+len(r.Retracted)+len(r.Proofs)+len(r.Bases)+len(r.Silence) == 0 {
		return
	}
	a.heading("需要说明的情况")
	if len(r.InvalidReasons) > 0 {
		a.plain("无效的原因：")
		a.table(r.invalidReasons())
	}
	a.homes("名册中信息不完整的房屋", "，均计入名册", r.Incomplete)
	a.homes("纸质与线上意见不一致、未经本人确认的", "，以线上意见计票", r.Conflicts)
	a.homes("纸质意见截止时未经复核的", "，该份意见不计票", r.Unconfirmed)
	a.homes("共有人提出异议、截止时未解决的", "，按无效计", r.Contested)
	a.homes("曾误录他户纸质票、已撤回的", "，撤回的不计票", r.Retracted)
	if len(r.Proofs) > 0 {
		a.plain("参与者的身份核实方式：" + strings.Join(r.Proofs, "；") + "。")
	}
	if len(r.Bases) > 0 {
		a.plain("由他人依法行使表决权的（依据及材料经两人审核）：" + strings.Join(r.Bases, "；") + "。")
	}
	if r.Silence != "" {
		a.heading("从多数规则下的参考（不作为表决结果）")
		a.paragraph(r.Silence)
	}
}

// corrections tells how the roll was changed after it was published, and
// whether that made a difference.
func (a *announcement) corrections() {
	if len(a.r.Corrections) == 0 {
		return
	}
	a.heading("名册更正")
	t := table{columns: []column{{"序号", 1, centred}, {"时间", 3, centred}, {"更正内容", 6, flushLeft}, {"理由", 4, flushLeft}}}
	for i, c := range a.r.Corrections {
		t.rows = append(t.rows, []string{fmt.Sprint(i + 1), instant(c.At), strings.Join(c.Changes, "；"), c.Reason})
	}
	a.table(t)
	effect := "按发布时的名册计算，结论相同。"
	if a.r.Uncorrected != a.r.Outcome {
		effect = "按发布时的名册计算，结论为“" + a.r.Uncorrected.words() + "”，与本公告的结论不同。"
	}
	a.plain("更正的影响：" + effect + "每次更正由一人提出、另一人确认，更正前后的名册均在证据包中。")
}

// intake lists the papers as they came in.
func (a *announcement) intake() {
	if len(a.r.Intake) == 0 {
		return
	}
	a.heading("纸质票收票登记")
	t := table{columns: []column{{"收到时间", 3, centred}, {"方式", 2, centred}, {"地点", 4, flushLeft}, {"份数", 1, centred}, {"经手人", 4, flushLeft}}}
	total := 0
	for _, i := range a.r.Intake {
		place := i.Place
		if i.Struck == "" {
			total += i.Sheets
		} else {
			place += "（作废：" + i.Struck + "）"
		}
		t.rows = append(t.rows, []string{instant(i.At), i.Way, place, fmt.Sprint(i.Sheets), listed(i.Collectors)})
	}
	a.table(t)
	a.plain(fmt.Sprintf("合计收到 %d 份。", total))
}

func (a *announcement) homes(what, effect string, labels []string) {
	if len(labels) > 0 {
		a.plain(fmt.Sprintf("%s：共%d处%s。", what, len(labels), effect))
		a.listing(labels)
	}
}

func (a *announcement) checking() {
	r := a.r
	if r.RollDigest+r.ChainHead+r.CheckURL == "" {
		return
	}
	a.need(bodyLead * 9)
	a.heading("核验")
	a.beside(r.CheckURL, "扫码查看本次公告", func(width float64) {
		a.facts(width, fact{"名册指纹", r.RollDigest}, fact{"证据链末值", r.ChainHead})
		a.note("指纹以SM3算法计算，十六进制表示。")
	})
	a.paragraph("每位参与人可以用自己的回执，在证据包中找到本人的意见和计票面积。有权查阅的人可以向召集人申请证据包，自行重新计算并核对以上各项结果。")
}

// rights says what the result is in law.
//
// Law: Civil Code art. 280 para. 2; judicial interpretation on differentiated
// ownership (法释〔2009〕7号, as amended by 法释〔2020〕17号) art. 12,
// 「知道或者应当知道…之日起一年内」.
func (a *announcement) rights() {
	a.need(closingHeight)
	if a.r.survey() {
		a.heading("本次调查的性质")
		a.paragraph("本次调查用于了解居民的改造意愿，不是《中华人民共和国民法典》第二百七十八条规定的业主共同决定，不替代依法应当由业主共同决定事项的表决。")
		return
	}
	a.heading("权利告知")
	a.paragraph("业主认为本次表决作出的决定侵害其合法权益或者违反法律规定的程序的，可以依据《中华人民共和国民法典》第二百八十条第二款和《最高人民法院关于审理建筑物区分所有权纠纷案件适用法律若干问题的解释》第十二条，自知道或者应当知道决定作出之日起一年内，请求人民法院予以撤销。")
}

func (a *announcement) close() {
	a.skip(bodyLead)
	a.signatures(fact{"计票人", listed(a.r.Tellers)}, fact{"监票人", listed(a.r.Supervisors)}, fact{"召集人代表", ""})
	a.seal(a.r.Convener, day(a.r.Signed))
}
