package document

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"gongdi/model/quantity"
)

// TestAnAcceptanceSaysWhatMoneyIsShared prints a project alone and beside
// another of its estate.
func TestAnAcceptanceSaysWhatMoneyIsShared(t *testing.T) {
	for _, c := range []struct {
		shared []string
		want   bool
	}{{nil, false}, {[]string{"2021-0003", "2022-0001"}, true}} {
		p := ProjectPaper{
			Number: "2021-0001", Name: "临江花园2021年老旧小区改造项目", Estate: "临江花园", Office: "鼓场街道办事处", County: "金沙县", Accepted: "2022-06-01", Qualified: true, WrittenOn: "2022-06-10",
			Money: []ProjectMoney{{"财政", quantity.Fen(100_00), quantity.Fen(70_00)}}, SharedWith: c.shared,
		}
		var out bytes.Buffer
		if err := AcceptanceReport(&out, p); err != nil {
			t.Fatal(err)
		}
		text := squeeze(body(read(t, out.Bytes())))
		if got := strings.Contains(text, "本小区还有项目2021-0003、2022-0001，到位金额为全小区合计"); got != c.want {
			t.Errorf("shared with %v: %s", c.shared, text)
		}
	}
}

// TestWorksAreCountedOrMeasured prints lifts and pipes, in a paper and in the
// ledger's sheet.
func TestWorksAreCountedOrMeasured(t *testing.T) {
	lifts, pipes := quantity.Amount{Hundredths: 45_00, Unit: "部"}, quantity.Amount{Hundredths: 1200_50, Unit: "米"}
	p := ProjectPaper{Name: "临江花园改造项目", Accepted: "2022-06-01", Works: []ProjectWork{
		{Class: "完善类", Item: "加装电梯", Planned: lifts, Done: lifts}, {Class: "基础类", Item: "排水管网", Planned: pipes, Done: pipes},
	}}
	var paper, book bytes.Buffer
	if err := AcceptanceReport(&paper, p); err != nil {
		t.Fatal(err)
	}
	if text := squeeze(body(read(t, paper.Bytes()))); !strings.Contains(text, "部4545") || !strings.Contains(text, "米1200.501200.50") {
		t.Error(text)
	}
	if err := Grids(&book, taken, Grid{Name: "改造内容", Heads: []GridHead{{Name: "数量", Width: 10}}, Rows: [][]any{{lifts}, {pipes}}}); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&book)
	if err != nil {
		t.Fatal(err)
	}
	for cell, want := range map[string]string{"A2": "45", "A3": "1200.50"} {
		if got, err := f.GetCellValue("改造内容", cell); err != nil || got != want {
			t.Errorf("%s shows %q, want %q (%v)", cell, got, want, err)
		}
	}
}
