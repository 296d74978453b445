package document

import (
	"fmt"
	"strings"
	"time"

	"gongdi/model/quantity"
)

func at(day, hour int) time.Time {
	return time.Date(2026, 9, day, hour, 0, 0, 0, quantity.Shanghai)
}

func figure(heads int64) Figure { return Figure{heads, quantity.Area(heads * 8005)} }

func part(label string, roll, agree, oppose, abstain, invalid int64) Part {
	return Part{Label: label, Roll: figure(roll), Participating: figure(agree + oppose + abstain),
		Agree: figure(agree), Oppose: figure(oppose), Abstain: figure(abstain), Invalid: figure(invalid)}
}

// liftMotion is a special motion of one unit as the office would seal it.
func liftMotion() Result {
	whole := part("", 24, 18, 2, 1, 1)
	return Result{
		Kind: Special, Subject: "第一款第七项：改建、重建建筑物及其附属设施（加装电梯）",
		Title: "关于3栋2单元加装电梯方案", Estate: "春晖小区（新城社区）", Scope: "春晖小区3栋2单元",
		Convener: "金沙县鼓场街道新城社区居民委员会",
		Text: "为方便老年人出行，拟在3栋2单元北侧入口处加装电梯一部，候梯厅与楼梯休息平台相接，占地约6.5㎡，层站7层。\n" +
			"建设费用概算62.8万元，由受益业主按照另行签订的协议分担；一层业主不分担费用。\n" +
			"请各位业主就「是否同意按上述方案加装电梯」表示同意、反对或者弃权。",
		Citation: "《中华人民共和国民法典》第二百七十八条第二款（第一款第六项至第八项事项）",
		Period: Period{Published: at(1, 9), Opens: at(17, 8), Closes: at(27, 18), CountUntil: at(30, 18), Sealed: at(30, 18),
			Extensions: []Extension{{at(24, 18), at(27, 18), "连日降雨，部分业主外出务工，入户征询尚未完成。"}}},
		Outcome: Passed,
		Roll:    whole.Roll, Participating: whole.Participating, Agree: whole.Agree, Oppose: whole.Oppose, Abstain: whole.Abstain, Invalid: whole.Invalid,
		Quorum:         Requirement{Ratio{2, 3, false}, true, true},
		Approval:       Requirement{Ratio{3, 4, false}, true, true},
		Buildings:      []Part{part("3栋", 24, 18, 2, 1, 1)},
		Units:          []Part{part("3栋2单元", 24, 18, 2, 1, 1)},
		Channels:       []Part{part(Online.Words(), 0, 12, 1, 1, 0), part(OnPaper.Words(), 0, 5, 1, 0, 1), part(ByProxy.Words(), 0, 1, 0, 0, 0)},
		InvalidReasons: []InvalidReason{{"未签名", figure(1)}},
		Incomplete:     []string{"3栋2单元602"}, Conflicts: []string{"3栋2单元301"}, Unconfirmed: nil,
		Corrections: []Correction{
			{At: at(20, 10), Reason: "不动产登记查询结果与名册不符，业主提出核对意见", Changes: []string{"3栋2单元202：面积由 80.05 改为 88.05 平方米"}, Digest: strings.Repeat("66c7f0f462eeedd9", 4)},
			{At: at(22, 15), Reason: "漏登", Changes: []string{"3栋2单元701：补入名册", "3栋2单元702：改与 3栋2单元701 合计一人"}, Digest: strings.Repeat("77c7f0f462eeedd9", 4)},
		},
		Uncorrected: NotPassed,
		Intake: []Intake{
			{At: at(26, 19), Way: "票箱", Place: "3栋2单元门厅票箱", Sheets: 5, Collectors: []string{"王敏", "赵刚"}},
			{At: at(27, 17), Way: "入户", Place: "3栋2单元", Sheets: 3, Collectors: []string{"王敏", "李玉兰"}},
		},
		RollDigest: strings.Repeat("66c7f0f462eeedd9", 4), ChainHead: strings.Repeat("debe9ff92275b8a1", 4),
		CheckURL: "https://gongdi.example.cn/m/01J8ZQ4T9V7K2M3N5P6R8S0W1X",
		Tellers:  []string{"王敏", "赵刚"}, Supervisors: []string{"李玉兰"}, Signed: "2026-10-01",
	}
}

// survey is a willingness survey of thirty buildings with items to tick.
func survey() Result {
	r := liftMotion()
	r.Kind, r.Subject = Willingness, ""
	r.Title, r.Scope = "春晖小区老旧小区改造", "春晖小区"
	r.Text = "春晖小区建成于1996年，拟申报2027年度城镇老旧小区改造。请各户就是否愿意改造表示意见，并勾选希望改造的内容。"
	r.Citation = "金府办〔2021〕140号《金沙县2021-2022年度城镇老旧小区改造工作方案》"
	r.Period.Extensions, r.Incomplete, r.Conflicts = nil, nil, nil
	r.Approval.Ratio = Ratio{2, 3, false}
	r.Buildings, r.Units = nil, nil
	r.Channels = []Part{part("线上", 0, 500, 30, 20, 9), part("纸质", 0, 211, 13, 10, 6)}
	total := Part{}
	for i := range int64(30) {
		p := part(fmt.Sprintf("%d栋", i+1), 36, 20+i%9, i%4, i%3, i%2)
		r.Buildings = append(r.Buildings, p)
		total = sum(total, p)
		for u := range int64(3) {
			r.Units = append(r.Units, part(fmt.Sprintf("%d栋%d单元", i+1, u+1), 12, 7+i%3, u%2, 1, 0))
		}
	}
	r.Roll, r.Participating, r.Agree, r.Oppose, r.Abstain, r.Invalid = total.Roll, total.Participating, total.Agree, total.Oppose, total.Abstain, total.Invalid
	for i, label := range []string{"供水、排水、供电、供气管网改造", "建筑物屋面、外墙、楼梯等公共部位维修", "道路、照明、消防、安防设施", "加装电梯", "停车场、电动自行车及汽车充电设施", "文化、休闲、体育健身设施", "养老、托育、助餐等社区服务设施"} {
		r.Items = append(r.Items, Item{label, 700 - int64(i)*83})
	}
	return r
}

func sum(a, b Part) Part {
	add := func(x, y Figure) Figure { return Figure{x.Heads + y.Heads, x.Area + y.Area} }
	return Part{"", add(a.Roll, b.Roll), add(a.Participating, b.Participating), add(a.Agree, b.Agree),
		add(a.Oppose, b.Oppose), add(a.Abstain, b.Abstain), add(a.Invalid, b.Invalid), false}
}

// extreme has everything that is too long or too rare.
func extreme() Result {
	r := liftMotion()
	r.Title = strings.Repeat("关于春晖小区全体住宅楼加装电梯并同步更新供水排水供电供气管网", 4)[:300]
	sentence := "本方案经街道、社区、设计单位会同业主代表多次现场踏勘后形成，涉及通行、采光、通风、噪声等影响的住户（含一层及二层）均已单独听取意见；费用分担按《协议书》（编号：JS-2026-0917）第3条执行，单价≥1,250.50元/㎡，½部分由补助资金承担①。"
	r.Text = strings.Repeat(sentence, 60)
	r.Text = string([]rune(r.Text)[:5000])
	r.Outcome = Undetermined
	r.UndeterminedReason = strings.Repeat("有2张污损的表决票，如果计入参与，同意的面积不足参与表决面积的四分之三；", 6)
	r.Period.EarlyReason = strings.Repeat("全部业主均已表示意见，经街道办事处同意提前截止。", 12)
	r.Period.Extensions = append(r.Period.Extensions, Extension{at(27, 18), at(28, 18), strings.Repeat("因停电延期。", 80)})
	r.Tellers = []string{"钅" + "𬬭生", "㛃敏", "龚䶮", "欧阳𰻞", "𠮷田"}
	r.Supervisors = nil
	r.Approval.AreaMet = false
	for i := range 260 {
		r.Incomplete = append(r.Incomplete, fmt.Sprintf("%d栋%d单元%d", i/12+1, i%3+1, i%7*100+101))
	}
	r.InvalidReasons = append(r.InvalidReasons, InvalidReason{strings.Repeat("两个选项均勾选或者涂改，不能辨认意见；", 130), figure(2)})
	r.Convener = "金沙县鼓场街道新城社区居民委员会（受鼓场街道办事处委托，会同春晖小区业主委员会筹备组）"
	return r
}
