package document

import (
	"bytes"
	"strings"
	"testing"

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
