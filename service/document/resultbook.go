package document

import (
	"fmt"
	"io"
	"strings"
)

// ResultWorkbook writes a sealed result as .xlsx: 结果, 分楼栋, 分单元, 渠道,
// 改造内容, 需说明的房屋, 收票登记, and 名册 with the voters given: who took part and how,
// never what anyone chose. Areas are numbers in square metres, shares are
// rounded down.
func ResultWorkbook(w io.Writer, r Result, voters []VoterRow, from Provenance) error {
	b := newBook(from)
	b.result(&r, from)
	b.parts("分楼栋", "楼栋", &r, r.Buildings)
	b.parts("分单元", "单元", &r, r.Units)
	b.parts("渠道", "渠道", &r, r.Channels)
	b.items(&r)
	b.homes(&r)
	b.intake(&r)
	b.voters(voters)
	return b.finish(w)
}

// result lists the figures, the comparisons and what describes the motion.
func (b *book) result(r *Result, from Provenance) {
	t := b.tab("结果", field{"项目", 22}, field{"人数（户数）", 44}, field{"占比", 14}, field{"面积（㎡）", 18}, field{"面积占比", 14}, field{"占比的基数", 14})
	for _, l := range r.lines() {
		t.add(l.name, l.figure.Heads, proportion{l.figure.Heads, l.base.Heads},
			squareMetres(l.figure.Area), proportion{int64(l.figure.Area), int64(l.base.Area)}, l.of)
	}
	if r.survey() {
		t.add("同意（占全体户数）", r.Agree.Heads, proportion{r.Agree.Heads, r.Roll.Heads},
			squareMetres(r.Agree.Area), proportion{int64(r.Agree.Area), int64(r.Roll.Area)}, "名册")
	}
	for _, reason := range r.InvalidReasons {
		t.add("无效："+reason.Label, reason.Heads, proportion{reason.Heads, r.Roll.Heads},
			squareMetres(reason.Area), proportion{int64(reason.Area), int64(r.Roll.Area)}, "名册")
	}
	for _, c := range r.comparisons() {
		t.add(c.name+"应达到", c.needed, "实际", c.reached, met(c.met))
	}
	for _, f := range r.particulars() {
		if f.value != "" {
			t.tall(tallness(f.value), f.name, f.value)
		}
	}
	t.facts(from)
	t.end()
}

// particulars describe the motion, one to a row.
func (r *Result) particulars() []fact {
	_, verdict, _ := strings.Cut(r.verdict(), "：")
	facts := []fact{
		{"结论", verdict}, {"待定的原因", r.UndeterminedReason},
		{"事项名称", r.Title}, {"小区", r.Estate}, {"范围", r.Scope}, {"召集人", r.Convener},
		{"事项类别", r.procedure()}, {"法定事项", r.Subject}, {"计票规则", r.rule()}, {"规则依据", r.Citation},
		{"公告发布", instant(r.Period.Published)}, {"开始时间", instant(r.Period.Opens)},
		{"截止时间", instant(r.Period.Closes)}, {"计票截止", instant(r.Period.CountUntil)},
		{"结果封存", instant(r.Period.Sealed)}, {"提前截止的理由", r.Period.EarlyReason},
	}
	for _, e := range r.Period.Extensions {
		facts = append(facts, fact{"截止延期", fmt.Sprintf("%s→%s：%s", instant(e.From), instant(e.To), e.Reason)})
	}
	return append(facts, fact{"计票人", listed(r.Tellers)}, fact{"监票人", listed(r.Supervisors)},
		fact{"名册指纹（SM3）", r.RollDigest}, fact{"证据链末值（SM3）", r.ChainHead},
		fact{"核验地址", r.CheckURL}, fact{"事项全文", r.Text})
}

// tallness is the height that a wrapped text of the second column needs, up
// to the most that Excel allows.
func tallness(text string) float64 {
	const perLine, lead, most = 20, 15, 409
	lines := 0
	for part := range strings.SplitSeq(text, "\n") {
		lines += 1 + len([]rune(part))/perLine
	}
	return min(float64(lines*lead+3), most)
}

// parts lists buildings, units or channels.
func (b *book) parts(name, head string, r *Result, parts []Part) {
	fields := []field{{head, 20}}
	for _, column := range []string{"名册", "参与", "参与率", "同意", "反对", "弃权", "无效"} {
		unit := [2]string{"人数", "面积（㎡）"}
		if r.survey() {
			unit[0] = "户数"
		}
		if column == "参与率" {
			unit = [2]string{"（按" + unit[0] + "）", "（按面积）"}
		}
		fields = append(fields, field{column + unit[0], 13}, field{column + unit[1], 15})
	}
	t := b.tab(name, fields...)
	for _, p := range parts {
		t.add(p.Label, p.Roll.Heads, squareMetres(p.Roll.Area), p.Participating.Heads, squareMetres(p.Participating.Area),
			proportion{p.Participating.Heads, p.Roll.Heads}, proportion{int64(p.Participating.Area), int64(p.Roll.Area)},
			p.Agree.Heads, squareMetres(p.Agree.Area), p.Oppose.Heads, squareMetres(p.Oppose.Area),
			p.Abstain.Heads, squareMetres(p.Abstain.Area), p.Invalid.Heads, squareMetres(p.Invalid.Area))
	}
	t.end()
}

func (b *book) items(r *Result) {
	t := b.tab("改造内容", field{"序号", 8}, field{"改造内容", 60}, field{"选择数", 14}, field{"占参与", 14})
	for i, item := range r.Items {
		t.add(int64(i+1), item.Label, item.Heads, proportion{item.Heads, r.Participating.Heads})
	}
	t.end()
}

// homes lists those that the announcement must mention.
func (b *book) homes(r *Result) {
	t := b.tab("需说明的房屋", field{"情况", 40}, field{"房屋", 40})
	for _, f := range []struct {
		what  string
		homes []string
	}{{"信息不完整", r.Incomplete}, {"纸质与线上意见不一致，未经本人确认", r.Conflicts}, {"纸质意见未经复核", r.Unconfirmed}, {"共有人异议未解决", r.Contested}, {"曾误录他户纸质票，已撤回", r.Retracted}} {
		for _, home := range f.homes {
			t.add(f.what, home)
		}
	}
	t.end()
}

// intake lists the papers as they came in; a line struck as a slip says why.
func (b *book) intake(r *Result) {
	t := b.tab("收票登记", field{"时间", 20}, field{"方式", 14}, field{"地点", 30}, field{"份数", 10}, field{"经手人", 30}, field{"作废原因", 30})
	for _, i := range r.Intake {
		t.add(instant(i.At), i.Way, i.Place, int64(i.Sheets), listed(i.Collectors), i.Struck)
	}
	t.end()
}

func (b *book) voters(voters []VoterRow) {
	t := b.tab("名册", field{"楼栋", 14}, field{"单元", 14}, field{"房屋", 40}, field{"业主", 24}, field{"面积（㎡）", 16}, field{"参与情况", 14})
	for _, v := range voters {
		t.add(v.Building, v.Unit, listed(v.Labels), v.OwnersMasked, squareMetres(v.Area), v.Participation.Words())
	}
	t.end()
}
