package document

import (
	"bytes"
	"strings"
	"testing"
)

func TestAPublicityStatementTellsWhatCameOfIt(t *testing.T) {
	p := PublicityStatement{
		Title: "临江花园老旧小区改造方案", Audience: "临江花园", Days: 10, BeginsOn: "2026-09-16", EndsOn: "2026-09-28",
		Homes: 88, Read: 60, Confirmed: 40, InPerson: 12,
		Versions: []PublicVersion{{Number: 1, BeginsOn: "2026-09-10"}, {Number: 2, BeginsOn: "2026-09-16", Reason: "停车位移到北侧"}},
		Objections: []PublicObjection{
			{At: at(17, 9), Text: strings.Repeat("停车位挡住了一楼的采光，请重新设计。", 6), Status: "已解决", Outcome: "停车位移到北侧，业主同意"},
			{At: at(18, 9), Text: "施工不要占用绿化𬬭", Status: "未能解决", Outcome: "绿化迁移方案另行公示"},
		},
		Postings:    []PublicPosting{{On: "2026-09-16", Place: "1栋1单元门口公告栏", Version: 1, Pictures: 2}},
		Suggestions: []PublicSuggestion{{Text: "单元门口加一盏灯", Status: "已采纳", Answer: "已列入"}, {Text: "加装地暖", Status: "未采纳", Answer: "不在改造范围"}},
	}
	for name, c := range map[string]struct {
		p    PublicityStatement
		want []string
	}{
		"full":  {p, []string{"公示情况说明", "88", "重新计算", "采光", "未能解决", "已列入", "公告栏", "未采纳"}},
		"quiet": {PublicityStatement{Title: "方案", Audience: "临江花园", BeginsOn: "2026-09-16", EndsOn: "2026-09-28"}, []string{"没有收到书面异议", "没有收到意见建议"}},
	} {
		var file bytes.Buffer
		if err := Statement(&file, c.p); err != nil {
			t.Fatal(err)
		}
		keep(t, "statement-"+name+".pdf", file.Bytes())
		text := body(read(t, file.Bytes()))
		for _, want := range c.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is not in it", name, want)
			}
		}
		if strings.Contains(text, "〓") {
			t.Errorf("%s: a character is missing", name)
		}
	}
}
