package document

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"gongdi/model/quantity"
)

func papers(voters int) Papers {
	p := Papers{
		Estate: "临江花园", Convener: "城北社区居民委员会", Privacy: "所填信息仅用于本次表决的核实与存档，依法保存，不作他用。",
		Motions: []PaperMotion{
			{Kind: "special", Title: "1栋1单元加装电梯", Text: "是否同意在1栋1单元加装电梯，方案见公示第3号？费用分摊另行签署协议。", Closes: time.Date(2026, 9, 30, 10, 0, 0, 0, time.UTC)},
			{Kind: "ordinary", Title: "改造方案", Text: strings.Repeat("是否同意改造方案？", 20), Items: []string{"屋面防水", "雨污分流", "弱电入地", "消防通道", "电动车充电", "楼道照明", "无障碍坡道"}, Closes: time.Date(2026, 9, 30, 10, 0, 0, 0, time.UTC)},
		},
	}
	for i := range voters {
		v := PaperVoter{
			Code: "7K3M-Q9TX-2PFC", Building: "1栋", Unit: fmt.Sprintf("%d单元", i/10+1), Homes: []string{fmt.Sprintf("1栋%d单元%d01", i/10+1, i%10+1)},
			Owners: []string{"欧阳𬬭", "张㛃"}, Area: quantity.Area(8652),
		}
		if i == 1 {
			v.Homes = []string{"1栋1单元201", "1栋1单元202", "1栋1单元301", "1栋1单元302", "1栋1单元401", "1栋1单元402"}
			v.Owners = strings.Split("甲某某、乙某某、丙某某、丁某某、戊某某、己某某、庚某某、辛某䶮", "、")
		}
		p.Voters = append(p.Voters, v)
	}
	return p
}

func TestBallotPapers(t *testing.T) {
	var file bytes.Buffer
	if err := BallotPapers(&file, papers(12)); err != nil {
		t.Fatal(err)
	}
	if out := os.Getenv("GONGDI_TEST_PAPERS"); out != "" {
		if err := os.WriteFile(out, file.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text := body(read(t, file.Bytes()))
	for _, want := range []string{"表决票", "7K3M-Q9TX-2PFC", "领取、交回签名表", "只选一项", "授权委托书", "86.52", "希望改造的内容"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not on the papers", want)
		}
	}
	if strings.Contains(text, "〓") {
		t.Error("a character of a name is missing")
	}
}

func BenchmarkBallotPapersOfSixHundred(b *testing.B) {
	p := papers(600)
	for b.Loop() {
		if err := BallotPapers(&bytes.Buffer{}, p); err != nil {
			b.Fatal(err)
		}
	}
}
