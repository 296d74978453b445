package document

import (
	"bytes"
	"fmt"
	"io"
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
			Code: fmt.Sprintf("7K3M-Q9TX-2P%02d", i), Building: "1栋", Unit: fmt.Sprintf("%d单元", i/10+1), Homes: homesOf(fmt.Sprintf("1栋%d单元%d01", i/10+1, i%10+1)),
			Owners: []string{"欧阳𬬭", "张㛃"}, Area: quantity.Area(8652),
		}
		if i == 1 {
			v.Homes = homesOf("1栋1单元201", "1栋1单元202", "1栋1单元301", "1栋1单元302", "1栋1单元401", "1栋1单元402")
			v.Homes[5].Area = nil
			v.Owners = strings.Split("甲某某、乙某某、丙某某、丁某某、戊某某、己某某、庚某某、辛某䶮", "、")
		}
		p.Voters = append(p.Voters, v)
	}
	return p
}

func homesOf(labels ...string) (homes []PaperHome) {
	for i, l := range labels {
		area := quantity.Area(8652 + i)
		homes = append(homes, PaperHome{l, &area})
	}
	return homes
}

// TestEachPaperShowsItsCodeOnEachPage reads the squares off the pages, as the
// office's reader does, and the code in words at the foot of every page.
func TestEachPaperShowsItsCodeOnEachPage(t *testing.T) {
	p := papers(3)
	p.Motions[1].Text = strings.Repeat("是否同意改造方案？", 80) // onto a second page
	again := "（接上页）" + p.Motions[1].Title
	var file bytes.Buffer
	if err := BallotPapers(&file, p); err != nil {
		t.Fatal(err)
	}
	keep(t, "ballots-long.pdf", file.Bytes())
	pages, pictures := read(t, file.Bytes()), squares(t, file.Bytes())
	if len(pages) != 1+2*3 {
		t.Fatalf("%d pages", len(pages))
	}
	if got := strings.Count(body(pages), again); got != len(p.Voters) {
		t.Errorf("%d boxes on a second page stand with their question", got)
	}
	for i, v := range p.Voters {
		first, second := 1+2*i, 2+2*i
		if got := readCode(t, pictures[first]); got != v.Code {
			t.Errorf("page %d reads %q, want %q", first+1, got, v.Code)
		}
		for at, number := range map[int]string{first: "第1页/共2页", second: "第2页/共2页"} {
			if text := body(pages[at : at+1]); !strings.Contains(feet(pages[at]), v.Code) || !strings.Contains(feet(pages[at]), number) {
				t.Errorf("page %d does not say whose it is: %s", at+1, text)
			}
		}
	}
}

// TestNobodySignsUnderNothing has questions of every length; the places to sign
// stand with the words on how to sign.
func TestNobodySignsUnderNothing(t *testing.T) {
	for n := 2; n < 80; n += 3 {
		p := papers(1)
		p.Motions[1].Text = strings.Repeat("是否同意改造方案？", n)
		pages := pagesOf(t, func(w io.Writer) error { return BallotPapers(w, p) })
		if words, signing := pageWith(pages, "填写说明"), pageWith(pages, "监护人签名"); words != signing || words < 0 {
			t.Errorf("after %d sentences the words stand on page %d, the places to sign on page %d", n, words+1, signing+1)
		}
	}
}

func TestBallotPapers(t *testing.T) {
	var file bytes.Buffer
	if err := BallotPapers(&file, papers(12)); err != nil {
		t.Fatal(err)
	}
	keep(t, "ballots.pdf", file.Bytes())
	text := body(read(t, file.Bytes()))
	for _, want := range []string{"表决票", "7K3M-Q9TX-2P07", "合计", "面积不详", "领取、交回签名表", "只选一项", "授权委托书", "86.52", "希望改造的内容"} {
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
