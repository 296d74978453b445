package document

import (
	"bytes"
	"strings"
	"testing"
)

func schemePaper() Scheme {
	published := at(3, 10)
	p := Scheme{
		Place: "供电局家属院", Title: "供电局家属院改造方案", Version: 2, WrittenAt: at(1, 9), PublishedAt: &published, Approved: true,
		Coverage: "全部六栋住宅楼、院内道路和公共区域，围墙外市政管网接口以内部分。", Focus: "先解决排水倒灌、屋面渗漏和消防通道，再完善停车、充电设施。",
		Measures: "分两期实施；施工前三日逐栋告知；材料进场由居民代表见证。", StartsOn: "2026-12-01", EndsOn: "2027-06-30", Reason: "采纳居民意见，增加停车位",
		Estimate: 2_143_050_00, Funds: 1_800_000_00, Digest: strings.Repeat("66c7f0f462eeedd9", 4),
		Warning: "提升类内容（助餐服务设施）已安排资金，而下列房屋安全、地下管线内容尚未落实：外墙修缮（暂缓）、消防设施（未摸底）。应当先地下后地上，先解决房屋安全、后考虑功能提升（金府办〔2021〕140号）。",
		Money:   []SchemeMoney{{"财政资金", "", "公共基础设施部分", 1_500_000_00}, {"管线单位", "弱电线路", "", 200_000_00}, {"直接出资", "屋面防水修缮", "每户500元", 100_000_00}},
	}
	for _, l := range []struct {
		class string
		SchemeLine
	}{
		{"基础类", SchemeLine{"排水管网", "纳入本次改造", "600 米", "雨污分流，含化粪池清掏", true, 900_000_00}},
		{"基础类", SchemeLine{"屋面防水修缮", "纳入本次改造", "1200.5 平方米", "", true, 843_050_00}},
		{"基础类", SchemeLine{"外墙修缮", "需要改造，暂缓", "300 平方米", "待房屋安全鉴定", false, 1_000_00}},
		{"完善类", SchemeLine{"停车位", "纳入本次改造", "20 个", "利用东侧空地", true, 300_000_00}},
		{"提升类", SchemeLine{"助餐服务设施", "纳入本次改造", "1 处", "", true, 100_000_00}},
	} {
		p.Put(l.class, l.SchemeLine)
	}
	for range 12 {
		p.Drawings = append(p.Drawings, "总平面图（室外给排水、弱电及道路）")
	}
	return p
}

func TestASchemeIsPrintedWithItsContentsMoneyAndWarning(t *testing.T) {
	var out bytes.Buffer
	if err := WriteScheme(&out, schemePaper()); err != nil {
		t.Fatal(err)
	}
	keep(t, "scheme.pdf", out.Bytes())
	text := ""
	for _, page := range read(t, out.Bytes()) {
		for _, p := range page {
			text += p.text
		}
	}
	for _, want := range []string{"业主表决已通过本版方案", "（一）基础类", "（三）提升类", "1200.5", "资金缺口", "343,050", "暂缓", "提示：", "图纸目录"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not on the paper", want)
		}
	}
	if strings.Contains(text, "1,000.00") {
		t.Error("what is put off is counted")
	}
}
