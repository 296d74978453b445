package evidence

import (
	"fmt"
	"strconv"
)

// A figure is one number of a result, with the name that people know it by.
type figure struct{ name, value string }

func (r Roll) figures() []figure {
	return []figure{
		{"名册指纹", r.Digest},
		{"名册", Count{Heads: r.Heads, Area: r.Area}.String()},
		{"名册上信息不全的", heads(r.Incomplete)},
	}
}

func (b Ballots) figures() []figure {
	return []figure{
		{"表决票版本数", strconv.FormatInt(b.Count, 10)},
		{"票链末环", b.ChainHead},
	}
}

func (t Tally) figures() []figure {
	all := []figure{
		{"名册合计", t.Roll.String()},
		{"参与", t.Participating.String()},
	}
	all = append(all, t.Choices.figures("")...)
	all = append(all,
		figure{"无效票中可能被主张参与的", t.Disputable.String()},
		figure{"未确认的冲突", heads(t.Conflicts)},
		figure{"未复核的纸质票", heads(t.Unconfirmed)})
	for _, r := range t.ByReason {
		all = append(all, figure{"无效（" + short(string(r.Reason)) + "）", r.String()})
	}
	for _, c := range t.ByChannel {
		all = append(all, c.figures("（"+short(string(c.Channel))+"）")...)
	}
	for _, i := range t.Items {
		all = append(all, figure{"勾选 " + short(i.Code), i.String()})
	}
	return all
}

func (c Choices) figures(of string) []figure {
	return []figure{
		{"同意" + of, c.Agree.String()},
		{"反对" + of, c.Oppose.String()},
		{"弃权" + of, c.Abstain.String()},
		{"无效" + of, c.Invalid.String()},
	}
}

func (r Result) figures() []figure {
	s := r.Shortfall
	return []figure{
		{"达到参与比例", yesNo(r.QuorumMet)},
		{"达到同意比例", yesNo(r.Approved)},
		{"通过", yesNo(r.Passed)},
		{"结论", string(r.Outcome)},
		{"参与尚缺", Count{s.QuorumHeads, s.QuorumArea}.String()},
		{"同意尚缺", Count{s.ApprovalHeads, s.ApprovalArea}.String()},
		{"通过尚缺", Count{s.ToPassHeads, s.ToPassArea}.String()},
		{"尚可通过", yesNo(s.Reachable)},
	}
}

func heads(n int64) string { return fmt.Sprintf("%d 人", n) }

func yesNo(b bool) string {
	if b {
		return "是"
	}
	return "否"
}
