package document

import (
	"fmt"
	"io"

	"gongdi/model/quantity"
)

// VoteNotice writes the notice by which a motion is announced before it is
// voted on (表决公告): A4, to be posted at the doors. Of the result it takes
// what is known when the roll is frozen.
//
// Law: 物业管理条例 art. 14; Civil Code art. 278.
func VoteNotice(w io.Writer, r Result) error {
	a, err := newSheetOf(&r, "表决公告", "意愿调查公告")
	if err != nil {
		return fmt.Errorf("announce a motion: %w", err)
	}
	a.invitation()
	a.motion()
	a.facts(breadth,
		fact{"名册总数", fmt.Sprintf("%d%s，专有部分面积合计%s平方米", r.Roll.Heads, a.voters(), r.Roll.Area)},
		fact{"开始时间", instant(r.Period.Opens)},
		fact{"截止时间", instant(r.Period.Closes)},
		fact{"计票截止", instant(r.Period.CountUntil)},
		fact{"名册指纹", r.RollDigest})
	a.choices()
	a.howToVote()
	a.homes("名册中信息不完整的房屋", "，均计入名册，请产权人尽快到社区补全", r.Incomplete)
	a.seal(r.Convener, day(quantity.DateOf(r.Period.Published)))
	return a.finish(w)
}

func (a *announcement) voters() string {
	if a.r.survey() {
		return "户"
	}
	return "人"
}

func (a *announcement) invitation() {
	r := a.r
	if r.survey() {
		a.plain(r.Scope + "全体居民：")
		a.paragraph(fmt.Sprintf("%s就下列事项在%s范围内按户征询改造意愿，请各户在规定的时间内表示意见。", r.Convener, r.Scope))
		return
	}
	a.plain(r.Scope + "全体业主：")
	a.paragraph(fmt.Sprintf("%s作为召集人，就下列事项组织%s范围内的业主表决，请各位业主在规定的时间内投票。", r.Convener, r.Scope))
}

func (a *announcement) choices() {
	if len(a.r.Items) == 0 {
		return
	}
	a.plain("可以选择的改造内容（可多选）：")
	labels := make([]string, 0, len(a.r.Items))
	for _, item := range a.r.Items {
		labels = append(labels, item.Label)
	}
	a.listing(labels)
}

func (a *announcement) howToVote() {
	a.heading("怎样投票")
	lines := []string{
		"一、手机：在微信小程序中绑定房屋后，打开本事项，选择同意、反对或弃权并提交。截止以前可以更改，以最后一次为准，每次提交都有回执。",
		"二、纸质：填写社区送达的表决票，由产权人签名并写明日期，于截止以前投入票箱或交给入户人员。截止以前收到的纸质票，可以在截止之后录入。",
		"三、委托：可以委托他人代为投票，须有载明代理人姓名、代理事项、权限和期限并由委托人签名的授权委托书（《民法典》第一百六十五条）。",
		"四、共有的房屋由一名共有人投票即可，其他共有人会收到提示；有异议的，请在截止以前提出。",
		"五、弃权计入参与；未投票的不计入参与，也不视为同意。手机与纸质意见不一致的，以手机为准，直到本人确认。",
	}
	if a.r.survey() {
		lines = []string{
			"一、手机：在微信小程序中绑定房屋后，打开本事项，选择意见并提交。截止以前可以更改，以最后一次为准。",
			"二、纸质：填写社区送达的征询意见表，签名并写明日期，于截止以前交回。",
			"三、每户一份；产权人、承租人或者家庭成员均可填写，产权人的意见优先。",
		}
	}
	for _, line := range lines {
		a.paragraph(line)
	}
	a.paragraph("对名册、面积或者产权人有异议的，请在截止以前向召集人提出，更正须经两人办理并在结果公告中写明。计票由监票人监督，结果封存后公告，每位参与人可以用回执核对。")
}

// AuthorisationForm writes a power of attorney to be filled in and signed: A4,
// one page, with all that the law demands.
//
// Law: Civil Code art. 165.
func AuthorisationForm(w io.Writer, r Result) error {
	s, err := newSheet("授权委托书")
	if err != nil {
		return fmt.Errorf("prepare a power of attorney: %w", err)
	}
	s.title("授权委托书")
	s.plain(r.Convener + "：")
	s.paragraph("委托人是下列房屋的产权人，现委托下列代理人，在“" + r.Title + "”的表决中代为投票。")
	s.table(table{
		columns: []column{{"", 2, centred}, {"姓名（名称）", 3, flushLeft}, {"证件号码", 5, flushLeft}, {"手机号", 3, flushLeft}},
		rows:    [][]string{{"委托人\n", "", "", ""}, {"代理人\n", "", "", ""}},
	})
	s.facts(breadth,
		fact{"房屋", r.Scope + "＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿"},
		fact{"代理事项", "“" + r.Title + "”的表决"},
		fact{"代理权限", "☐ 按代理人的判断投票　　☐ 只投：☐同意　☐反对　☐弃权"},
		fact{"代理期限", "自签署之日起至" + instant(r.Period.Closes) + "止，另定的：＿＿＿＿＿＿＿＿"})
	s.skip(bodyLead / 2)
	s.note("代理人须为完全民事行为能力人，不得转委托；社区、街道的工作人员和本小区物业服务企业的人员不得担任代理人；一名代理人至多代理的委托人数以召集人的规定为准。委托人自己的投票总是优先，委托在使用以前可以撤销。")
	s.note("请附委托人、代理人身份证件的复印件或者照片。所填信息仅用于本次表决的身份核实、计票与存档。")
	s.signatures(fact{"委托人（签名或盖章）", ""}, fact{"代理人（签名）", ""}, fact{"见证人（可不填）", ""})
	s.plain("签署日期：＿＿＿＿年＿＿月＿＿日")
	return s.finish(w)
}
